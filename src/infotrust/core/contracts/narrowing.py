"""The narrow door: of a partner's file only the agreed columns pass, and nothing else is ever held.

`narrow` reads the header at once and refuses what cannot be read before any row passes. What it yields is CSV of a
form of its own: a header, then in each record the line number in the partner's file, a reason code where the
row itself could not be read (its cells are then left out: in a ragged row nobody can tell an agreed cell from an
unagreed one), and the agreed columns in the contract's order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from operator import itemgetter
from typing import BinaryIO

from infotrust.core.contracts.findings import FileRefused, Place, shown
from infotrust.core.contracts.model import Column, Contract, fold
from infotrust.core.contracts.reading import Records
from infotrust.core.contracts.unpacking import Limits, check_name, unpack

WIDEST_HEADER = 2_000
PIECE = 1 << 18
# Fixed by this module for what it yields, whatever the partner's file uses.
LINE, TROUBLE = "line", "trouble"
DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}


@dataclass
class Narrowed:
    """The agreed part of a file, as an iterable of CSV bytes that can be read once.

    `dropped`: names of columns that were not agreed; `absent`: optional agreed columns the file does not have; `rows`,
    `ragged` and `notes` are complete once it has been read to its end.
    """

    file: str
    contract: Contract
    dropped: tuple[str, ...]
    absent: tuple[str, ...]
    respelled: bool
    _records: Records = field(repr=False)
    _rows: Iterator[tuple[int, list[str]]] = field(repr=False)
    _first: tuple[int, list[str]] = field(repr=False)
    _places: tuple[int, ...] = field(repr=False)
    rows: int = 0
    ragged: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        facts = {
            "note.bom": self._records.bom,
            "note.respelled": self.respelled,
            "note.blank_lines": self._records.blank > 0,
        }
        return tuple(code for code, holds in facts.items() if holds)

    def __iter__(self) -> Iterator[bytes]:
        piece = io.StringIO()
        # Both line end signs, so that the writer puts cells holding either into quotation marks.
        writer = csv.writer(piece, lineterminator="\r\n")
        writer.writerow([LINE, TROUBLE, *(column.name for column in self.contract.columns)])
        for row in self._passed():
            writer.writerow(row)
            if piece.tell() >= PIECE:
                yield _taken(piece)
        yield _taken(piece)

    def _passed(self) -> Iterator[list[object]]:
        """Yield each record's agreed cells. Cells of absent columns come from an empty cell added at the end."""
        width = len(self._records.names)
        pick = itemgetter(*self._places) if len(self._places) > 1 else _one(self._places[0])
        nothing = ("",) * len(self._places)
        for line, cells in self._all_rows():
            self.rows += 1
            if len(cells) != width:
                self.ragged += 1
                yield [line, "row.ragged", *nothing]
                continue
            cells.append("")
            yield [line, "", *pick(cells)]

    def _all_rows(self) -> Iterator[tuple[int, list[str]]]:
        yield self._first
        yield from self._rows


def narrow(stream: BinaryIO, name: str, contract: Contract, limits: Limits | None = None) -> Narrowed:
    """Return the agreed part of the file `stream` called `name`.

    Raises `FileRefused` (file, line, column and what to do; never a value) for what cannot be read. A zip file
    needs a stream that can seek; anything else is read forward only.
    """
    file = check_name(name)
    records = Records(unpack(stream, file, limits or Limits()), file, contract.delimiter)
    rows = iter(records)
    found = next(rows, None)
    if found is None:
        raise FileRefused("file.empty", Place(file))
    line, header = found
    places, respelled = _match(header, contract, Place(file, line))
    records.names = [shown(each) or str(index) for index, each in enumerate(header, start=1)]
    first = next(rows, None)
    if first is None:
        raise FileRefused("file.no_rows", Place(file))
    used = {place for place in places if place < len(header)}
    return Narrowed(
        file=file,
        contract=contract,
        dropped=tuple(each for index, each in enumerate(records.names) if index not in used),
        absent=tuple(
            column.name for column, place in zip(contract.columns, places, strict=True) if place == len(header)
        ),
        respelled=respelled,
        _records=records,
        _rows=rows,
        _first=first,
        _places=places,
    )


def _match(header: list[str], contract: Contract, place: Place) -> tuple[tuple[int, ...], bool]:
    """Return where in the file each agreed column stands (`len(header)` where absent) and whether names were respelled.

    A file without a header has a person's values in its first line: names that the contract does not know are
    shown only once all required columns have been found.
    """
    if len(header) > WIDEST_HEADER:
        raise FileRefused("header.too_wide", place, limit=WIDEST_HEADER)
    folded = [fold(each) for each in header]
    wanted = {fold(column.name): column for column in contract.columns}
    known = wanted.keys() & set(folded)
    _refuse_wrong_delimiter(header, len(known), wanted.keys(), contract, place)
    if not known:
        raise FileRefused("header.absent", place)
    for index, each in enumerate(folded):
        if each in known and each in folded[:index]:
            raise FileRefused("header.repeated", Place(place.file, place.line, wanted[each].name))
    missing = [column.name for name, column in wanted.items() if column.needed and name not in known]
    if missing:
        unknown = len([each for each in folded if each not in known])
        columns = ", ".join(missing)
        raise FileRefused("header.missing", place, count=len(missing), columns=columns, unknown=unknown)
    # Only now is it certain that this line is a header: a repeated unagreed name may be shown, too.
    for index, each in enumerate(folded):
        if each and each in folded[:index]:
            raise FileRefused("header.repeated", Place(place.file, place.line, shown(header[index])))
    places = tuple(folded.index(name) if name in known else len(header) for name in wanted)
    return places, any(header[at] != column.name for at, column in _pairs(places, contract, len(header)))


def _pairs(places: tuple[int, ...], contract: Contract, width: int) -> list[tuple[int, Column]]:
    return [(at, column) for at, column in zip(places, contract.columns, strict=True) if at < width]


def _refuse_wrong_delimiter(header: list[str], known: int, wanted: Set[str], contract: Contract, place: Place) -> None:
    """Where another separator finds more agreed columns than the contract's, say so."""
    joined = contract.delimiter.join(header)
    for sign, words in DELIMITERS.items():
        if sign == contract.delimiter or sign not in joined:
            continue
        if len({fold(each.strip('"')) for each in joined.split(sign)} & wanted) > known:
            expected = DELIMITERS.get(contract.delimiter, repr(contract.delimiter))
            raise FileRefused("delimiter.wrong", place, found=words, expected=expected)


def _one(place: int) -> Callable[[list[str]], tuple[str, ...]]:
    return lambda cells: (cells[place],)


def _taken(piece: io.StringIO) -> bytes:
    text = piece.getvalue()
    piece.seek(0)
    piece.truncate()
    return text.encode("utf-8")

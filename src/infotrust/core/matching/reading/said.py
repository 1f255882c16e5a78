"""What a person says about a file's columns, which counts more than what is recognized; together they make a Source.

Said by options (`from_options`) or in a file (`columns_file`). A column named by hand must be there: a slip of the pen
is told, not passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import ELEMENTS, SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.reading.recognize import Recognition, choose_columns, recognize_columns
from infotrust.core.matching.reading.sources import ADDRESS_PARTS, Source

Wanted = str | tuple[str, ...] | None  # a column, an address in its parts, or: there is none
LINKING = tuple(kind for kind in SemanticType if ELEMENTS[kind].links)


@dataclass(frozen=True)
class Said:
    """Of one file: which column holds which element (None: no column does), which are left out, and its own ids.

    unique: it holds each person once. day_first: its dates begin with the day; None: seen in them.
    """

    columns: Mapping[SemanticType, Wanted] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    record_id: str | None = None
    unique: bool | None = None
    day_first: bool | None = None

    def over(self, other: Said) -> Said:
        """Both, this one where they differ."""
        return Said(
            {**other.columns, **self.columns},
            tuple(dict.fromkeys((*other.ignore, *self.ignore))),
            self.record_id if self.record_id is not None else other.record_id,
            self.unique if self.unique is not None else other.unique,
            self.day_first if self.day_first is not None else other.day_first,
        )

    def named(self) -> tuple[str, ...]:
        """Every column it names."""
        columns = [column for wanted in self.columns.values() for column in flat(wanted) if column]
        return (*columns, *self.ignore, *([self.record_id] if self.record_id else []))


def flat(columns: Wanted) -> tuple[str, ...]:
    return () if columns is None else (columns,) if isinstance(columns, str) else tuple(columns)


def from_options(
    names: Sequence[str],
    *,
    maps: Sequence[str] = (),
    ignore: Sequence[str] = (),
    record_id: str | None = None,
    unique: Sequence[str] = (),
) -> dict[str, Said]:
    """["given_name=FNAME", "wic.csv:birth_date=DOB"] and the other options -> file -> Said. Raises UserFacingError."""
    for said in unique:
        if not any(is_called(name, said) for name in names):
            raise UserFacingError(
                f"--unique {said}: no file has that name.", next_step=f"The files are: {', '.join(names)}."
            )
    once = {name for name in names if any(is_called(name, said) for said in unique)}
    chosen: dict[str, dict[SemanticType, Wanted]] = {name: {} for name in names}
    for one in sorted(maps, key=lambda text: ":" in text.partition("=")[0]):  # what is said of one file counts more
        left, _, column = one.partition("=")
        of_file, _, element = left.rpartition(":")
        wanted = [name for name in names if not of_file or is_called(name, of_file)]
        if not column or not wanted:
            raise UserFacingError(
                f"--map {one} is not understood.", next_step="Write ELEMENT=COLUMN or FILE:ELEMENT=COLUMN."
            )
        if element not in [kind.value for kind in LINKING]:
            known = ", ".join(kind.value for kind in LINKING)
            raise UserFacingError(f"--map {one}: {element!r} is not an element.", next_step=f"Elements: {known}.")
        for name in wanted:
            chosen[name][SemanticType(element)] = _mapped(SemanticType(element), column, one)
    return {
        name: Said(columns, tuple(ignore), record_id, True if name in once else None)
        for name, columns in chosen.items()
    }


def is_called(name: str, said: str) -> bool:
    """Whether a file is meant by what is said: its name, with or without folder and ending."""
    return said in (name, Path(name).name, Path(name).stem)


def _mapped(kind: SemanticType, column: str, said: str) -> str | tuple[str, ...]:
    parts = tuple(column.split("+"))
    if len(parts) == 1:
        return column
    if kind != SemanticType.STREET_ADDRESS or len(parts) > len(ADDRESS_PARTS):
        raise UserFacingError(
            f"--map {said}: only an address is put together from columns.",
            next_step=f"street_address takes up to four: {', '.join(ADDRESS_PARTS)}.",
        )
    return parts


def check_columns_exist(tables: Mapping[str, pa.Table], said: Mapping[str, Said]) -> None:
    """A column said of every file must be in one of them at least, its own record number in each."""
    for name, one in said.items():
        if one.record_id and one.record_id not in tables[name].column_names:
            raise UserFacingError(
                f"{name} has no column {one.record_id!r} for its record numbers.",
                next_step=f"It has: {', '.join(tables[name].column_names)}.",
            )
    known = list(dict.fromkeys(column for table in tables.values() for column in table.column_names))
    for one in said.values():
        for column in one.named():
            if column not in known:
                raise UserFacingError(f"No file has a column {column!r}.", next_step=f"There are: {', '.join(known)}.")


@dataclass(frozen=True)
class Numbered:
    """Whether a column of record numbers names each record: rows whose number another row has too, and rows without."""

    doubled: int
    missing: int


def numbered(table: pa.Table, column: str) -> Numbered:
    values = table[column]
    filled = pc.drop_null(values.cast(pa.string()))
    filled = filled.filter(pc.not_equal(filled, ""))
    counts = pc.value_counts(filled).field("counts")
    again = pc.sum(pc.if_else(pc.greater(counts, 1), counts, 0)).as_py() or 0
    return Numbered(again, len(values) - len(filled))


def source_of(name: str, table: pa.Table, said: Said) -> tuple[Source, dict[str, Recognition]]:
    """The file as a source: what is said of it, and of the other columns what is recognized; and why, column by
    column. Its own record numbers are left to the caller: answers name the records of a file by row."""
    recognized = recognize_columns(table)
    for column in said.ignore:
        if column in recognized:
            recognized[column] = Recognition(column, None, "by hand", "ignored as you said")
    by_hand = {
        kind: wanted
        for kind, wanted in said.columns.items()
        if wanted is None or any(column in recognized for column in flat(wanted))
    }
    used = {column for wanted in by_hand.values() for column in flat(wanted)}
    if said.record_id and said.record_id not in used:
        recognized[said.record_id] = Recognition(said.record_id, None, "by hand", "your record number")
    for column in used & recognized.keys():  # a column has one meaning: the one that was said
        recognized[column] = replace(recognized[column], type=None)
    columns = choose_columns(recognized)
    for kind, wanted in by_hand.items():
        if wanted is None:
            columns.pop(kind, None)
        else:
            columns[kind] = wanted
        for part, column in enumerate(flat(wanted)):
            if column in recognized:
                place = part if len(flat(wanted)) > 1 else 1
                recognized[column] = Recognition(column, kind, "by hand", "as you said", place, 1.0)
    for column, found in recognized.items():
        if found.type is not None and by_hand.get(found.type, "") is None:
            recognized[column] = Recognition(column, None, "by hand", "you said there is none")
    return Source(name, table, columns, day_first=said.day_first, unique=bool(said.unique)), recognized

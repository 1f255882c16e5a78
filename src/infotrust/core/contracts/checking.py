"""Tells accepted rows from rejected ones, in one pass and constant memory.

A rejected row keeps every reason it was rejected for, as (line, column, code). The report counts reasons and names
lines and columns; it never holds a cell.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.contracts.findings import FileRefused, Place, row_rule
from infotrust.core.contracts.keys import Halves, KeyIndex, hash_keys
from infotrust.core.contracts.model import Contract
from infotrust.core.contracts.narrowing import LINE, TROUBLE, narrow
from infotrust.core.contracts.unpacking import Limits
from infotrust.core.contracts.values import read_column
from infotrust.core.elements import DataType

BATCH_ROWS = 50_000
BATCH_CHARACTERS = 32 << 20
LINES_SHOWN = 10


@dataclass(frozen=True)
class Reason:
    """How often one thing was wrong in one column, and the first lines where it was."""

    column: str
    code: str
    count: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """`filled`: for each column, in how many accepted rows it has a value."""

    rows: int
    accepted: int
    rejected: int
    reasons: tuple[Reason, ...]
    filled: dict[str, int] = field(hash=False)


@dataclass(frozen=True)
class Batch:
    """`accepted`: typed columns of the contract. `text`: the same rows as trimmed text (empty: no value).

    `rejected`: rows as text, with `line` and `reasons` ("column:code" joined by spaces). `keys`: hashes of the accepted
    rows' keys under the check's secret, None where the contract has no key.
    """

    accepted: pa.Table
    text: pa.Table
    rejected: pa.Table
    keys: Halves | None


class Check:
    """The pass over a narrowed file. Iterate to the end, then read `report` or call `finish`."""

    def __init__(self, chunks: Iterable[bytes], contract: Contract, file: str, batch_rows: int = BATCH_ROWS) -> None:
        self._chunks, self._contract, self._file, self._batch_rows = chunks, contract, file, batch_rows
        self.secret = secrets.token_bytes(32)
        self._seen = KeyIndex()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lines: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._filled: Counter[str] = Counter({column.name: 0 for column in contract.columns})
        self._rows = self._rejected = 0

    @property
    def report(self) -> Report:
        reasons = [
            Reason(column, code, count, tuple(self._lines[column, code]))
            for (column, code), count in sorted(self._counts.items(), key=lambda each: (-each[1], each[0]))
        ]
        accepted = self._rows - self._rejected
        return Report(self._rows, accepted, self._rejected, tuple(reasons), dict(self._filled))

    def finish(self) -> Report:
        """Return the report; raise `FileRefused` where more rows were rejected than the contract allows."""
        report = self.report
        if not report.rows:
            raise FileRefused("file.no_rows", Place(self._file))
        if report.rejected > self._contract.most_rejected * report.rows or not report.accepted:
            most = report.reasons[0]
            raise FileRefused(
                "rows.too_many_rejected",
                Place(self._file),
                rejected=report.rejected,
                rows=report.rows,
                limit=round(self._contract.most_rejected * 100),
                most=row_rule(most.code).what.rstrip(".") + (f", in column {most.column}" if most.column else ""),
            )
        return report

    def __iter__(self) -> Iterator[Batch]:
        rows = csv.reader(_lines(self._chunks), strict=True)
        header = next(rows, [LINE, TROUBLE])
        held: list[list[str]] = []
        size = 0
        for row in rows:
            held.append(row)
            size += sum(map(len, row))
            if len(held) >= self._batch_rows or size >= BATCH_CHARACTERS:
                yield self._batch(header, held)
                held, size = [], 0
        if held:
            yield self._batch(header, held)

    def _batch(self, header: list[str], rows: list[list[str]]) -> Batch:
        raw = dict(zip(header, (pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)), strict=True))
        nothing = pa.array([""] * len(rows), pa.string())
        lines = np.array([int(row[0]) for row in rows], dtype=np.int64)
        ragged = np.array([bool(row[1]) for row in rows])
        reasons: dict[int, list[str]] = {}
        self._note(reasons, ragged, "", "row.ragged", lines)
        typed, text = {}, {}
        for column in self._contract.columns:
            typed[column.name], text[column.name], problems = read_column(raw.get(column.name, nothing), column)
            if column.type is DataType.DATE:
                text[column.name] = pc.fill_null(pc.cast(typed[column.name], pa.string()), "")
            for code, mask in problems:
                self._note(reasons, _array(mask) & ~ragged, column.name, code, lines)
        keys = self._keys(text, reasons, ragged, lines)
        good = np.ones(len(rows), dtype=np.bool_)
        good[list(reasons)] = False
        accepted = pa.table(typed).filter(pa.array(good))
        self._count(accepted, len(rows))
        kept = {name: raw.get(name, nothing) for name in typed}
        return Batch(
            accepted=accepted,
            text=pa.table(text).filter(pa.array(good)),
            rejected=_rejected(kept, lines, reasons),
            keys=None if keys is None else keys[good],
        )

    def _keys(
        self, text: dict[str, pa.Array], reasons: dict[int, list[str]], ragged: np.ndarray, lines: np.ndarray
    ) -> Halves | None:
        """Hash the keys and reject each that an earlier row had, whether that row was accepted or not."""
        columns = self._contract.keys
        if not columns:
            return None
        keys = hash_keys([text[column.name].to_pylist() for column in columns], self.secret)
        whole = ~ragged
        for column in columns:
            whole &= ~_array(pc.equal(text[column.name], ""))
        repeated = np.zeros(len(lines), dtype=np.bool_)
        repeated[whole] = self._seen.add(keys[whole])
        self._note(reasons, repeated, columns[0].name, "key.repeated", lines)
        return keys

    def _note(self, reasons: dict[int, list[str]], mask: np.ndarray, column: str, code: str, lines: np.ndarray) -> None:
        places = np.flatnonzero(mask)
        if not len(places):
            return
        self._counts[column, code] += len(places)
        shown = self._lines[column, code]
        shown += lines[places[: LINES_SHOWN - len(shown)]].tolist()
        for place in places.tolist():
            reasons.setdefault(place, []).append(f"{column}:{code}")

    def _count(self, accepted: pa.Table, rows: int) -> None:
        self._rows += rows
        self._rejected += rows - accepted.num_rows
        for name in accepted.column_names:
            self._filled[name] += accepted.num_rows - accepted[name].null_count


def check_narrowed(chunks: Iterable[bytes], contract: Contract, *, name: str, batch_rows: int = BATCH_ROWS) -> Check:
    """Check what `narrow` yielded. `contract` may have fewer columns than the one it was narrowed by."""
    return Check(chunks, contract, name, batch_rows)


def check(
    stream: BinaryIO, contract: Contract, *, name: str, batch_rows: int = BATCH_ROWS, limits: Limits | None = None
) -> Check:
    """Check the partner's file `stream` called `name`: narrow it, then tell accepted from rejected rows."""
    return Check(narrow(stream, name, contract, limits), contract, name, batch_rows)


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of what `narrow` made: always UTF-8, with CRLF ends."""
    rest = b""
    for chunk in chunks:
        block = rest + chunk
        end = block.rfind(b"\n") + 1
        yield from io.StringIO(block[:end].decode("utf-8"), newline="")
        rest = block[end:]
    if rest:
        yield rest.decode("utf-8")


def _rejected(raw: dict[str, pa.Array], lines: np.ndarray, reasons: dict[int, list[str]]) -> pa.Table:
    places = sorted(reasons)
    rows = pa.table(raw).take(pa.array(places, pa.int64()))
    words = pa.array([" ".join(reasons[place]) for place in places], pa.string())
    return rows.add_column(0, "reasons", words).add_column(0, LINE, pa.array(lines[places], pa.int64()))


def _array(mask: pa.BooleanArray) -> np.ndarray:
    return np.asarray(mask.to_numpy(zero_copy_only=False), dtype=np.bool_)

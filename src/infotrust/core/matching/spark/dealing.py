"""Numbers travel between parts as bytes: one row for each part that they are dealt to, all its numbers end to end.

Spark carries the rows; a row of eight bytes costs it as much as one of eight thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from infotrust.core.matching.compiled import IntArray, LongArray, threads

Numbers = npt.NDArray[Any]


def on_group(work: Callable[..., pa.Table], **given: Any) -> Callable[[pa.Table], pa.Table]:
    """`work` with what it is given beside the rows of a group, in the form that Spark reads from its annotations."""

    def on_table(table: pa.Table) -> pa.Table:
        with threads(1):  # Spark runs as many tasks as there are cores
            return work(table, **given)

    return on_table


def on_two(work: Callable[..., pa.Table], **given: Any) -> Callable[[pa.Table, pa.Table], pa.Table]:
    """The same for the rows of two frames that belong to one group."""

    def on_tables(one: pa.Table, other: pa.Table) -> pa.Table:
        with threads(1):
            return work(one, other, **given)

    return on_tables


def chunks(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """The batches of one part, put together to tables of about so many rows, so that no part is too large to hold."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= rows:
            yield pa.Table.from_batches(waiting)
            waiting, count = [], 0
    if count:
        yield pa.Table.from_batches(waiting)


def deal(part: Numbers, columns: Mapping[str, Numbers], **same: int) -> pa.RecordBatch:
    """One row for each part: its number, `same` as they are, then its share of each column as bytes, order kept.

    part: whole numbers [n], below 65,536 parts sorted by counting; columns: [n] each.
    """
    order = np.argsort(part.astype(np.uint16) if len(part) and part.max() < 2**16 else part, kind="stable")
    parts, start = np.unique(part[order], return_index=True)
    edges = np.append(start, len(part))
    return row_for_each(parts, {name: (column[order], edges) for name, column in columns.items()}, same)


def row_for_each(
    parts: Numbers, ragged: Mapping[str, tuple[Numbers, LongArray]], same: Mapping[str, int]
) -> pa.RecordBatch:
    """Rows of bytes. ragged: numbers end to end, and where each row's begin [rows + 1]."""
    rows = len(parts)
    arrays: dict[str, pa.Array] = {"part": pa.array(parts.astype(np.int32))}
    arrays |= {name: pa.array(np.full(rows, value, np.int32)) for name, value in same.items()}
    for name, (numbers, edges) in ragged.items():
        numbers = np.ascontiguousarray(numbers)
        offsets = (edges * numbers.itemsize).astype(np.int32)  # batches stay far below two gigabytes
        arrays[name] = pa.Array.from_buffers(pa.binary(), rows, [None, pa.py_buffer(offsets), pa.py_buffer(numbers)])
    return pa.record_batch(arrays)


def gathered(column: pa.ChunkedArray | pa.Array, kind: npt.DTypeLike) -> Numbers:
    """All numbers of a column of bytes, row after row."""
    pieces = [np.empty(0, kind)]
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
        if len(chunk):
            _, offsets, data = chunk.buffers()
            edges = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
            if data is not None:
                pieces.append(np.frombuffer(data, np.uint8)[edges[0] : edges[-1]].view(kind))
    return np.concatenate(pieces)


def ranges(start: LongArray, width: LongArray | IntArray) -> LongArray:
    """start[0], start[0] + 1 ... for `width[0]` numbers, then from start[1]: where ragged rows lie, end to end."""
    ends = np.cumsum(width, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    places: LongArray = np.arange(total, dtype=np.int64) + np.repeat(start - (ends - width), width)
    return places

"""Makes wards, one after another or side by side, and leaves their tables in files for the one who joins them.

Nothing of a ward goes through memory from one process to another: a worker writes its parts into a scratch folder and
says where they are. Workers end when whoever started them does.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa

from infotrust.core.errors import UserFacingError
from infotrust.core.practice import columns, truth
from infotrust.core.practice.agencies import systems
from infotrust.core.practice.county import County
from infotrust.core.practice.tables import Table
from infotrust.core.practice.ward import Ward


@dataclass(frozen=True)
class Work:
    """What every worker must know."""

    county: County
    agencies: tuple[str, ...]
    form: str  # csv or parquet
    scratch: Path


@dataclass(frozen=True)
class Part:
    """The rows of one table from one ward, in `file`, in the order of `key`; `kinds` are its columns'."""

    path: str
    key: str
    file: Path
    rows: int
    kinds: dict[str, str]


def make_ward_parts(work: Work, number: int) -> list[Part]:
    """Write all tables of a ward, and the truth about them, into the scratch folder."""
    ward = work.county.ward(number)
    return list(_parts(work, ward))


def _parts(work: Work, ward: Ward) -> Iterator[Part]:
    count = 0
    for table in _tables(work, ward):
        arrow = columns.to_arrow(table)
        order = columns.by_key(arrow, table.layout.key)
        whole = [(table.layout.path, arrow)]
        if table.layout.identity:
            about = truth.records(ward, table)
            whole.append((about.layout.path, columns.to_arrow(about)))
        for path, rows in whole:
            count += 1
            file = work.scratch / f"{ward.number}-{count}"
            columns.write_part(rows.take(order), file, work.form)
            yield Part(path, table.layout.key, file, rows.num_rows, columns.kinds_of(rows.schema))


def _tables(work: Work, ward: Ward) -> Iterator[Table]:
    for system in systems(work.agencies).values():
        yield from system.tables(ward)
    yield from truth.tables(ward)


# --- side by side ---


def parts_of_wards(work: Work, workers: int) -> Iterator[list[Part]]:
    """The parts of each ward, in the order of the wards.

    Raises `UserFacingError` where a worker dies: most often the machine had no memory left for it.
    """
    wards = work.county.wards
    if min(workers, wards) == 1:
        yield from (make_ward_parts(work, number) for number in range(wards))
        return
    context = get_context("spawn")
    stop, release = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(min(workers, wards), context, _begin, (work, stop))
    try:
        yield from _in_order(pool, wards, ahead=workers + 1)
    except BrokenProcessPool as problem:
        raise UserFacingError(
            "A process that made a part of the county was stopped, perhaps for want of memory.",
            next_step="Nothing was left behind. Close other programs, or ask for --workers 1.",
        ) from problem
    finally:
        release.close()
        pool.shutdown(wait=True, cancel_futures=True)
        stop.close()


def _in_order(pool: ProcessPoolExecutor, wards: int, ahead: int) -> Iterator[list[Part]]:
    """Results in order; no more than `ahead` wards are begun beyond the one that is waited for."""
    waiting: deque[Future[list[Part]]] = deque()
    for number in range(wards):
        waiting.append(pool.submit(_make, number))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


_work: Work | None = None


def _begin(work: Work, stop: Any) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)
    threading.Thread(target=_end_with_parent, args=(stop,), daemon=True).start()


def _end_with_parent(stop: Any) -> None:
    """The other end of `stop` closes when the parent is done or dead."""
    try:
        stop.poll(None)
    finally:
        os._exit(1)


def _make(number: int) -> list[Part]:
    if _work is None:
        raise RuntimeError("a worker was given a ward before its work")
    return make_ward_parts(_work, number)

"""How the hot loops of this package are compiled: numba, without the interpreter lock, kept on disk between runs.

`in_parallel` runs one compiled function over slices of the work. Slices do not depend on each other, so that the
result is the same on any number of cores.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])
Result = TypeVar("Result")

IntArray = npt.NDArray[np.int32]
LongArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
SmallFloatArray = npt.NDArray[np.float32]
HashArray = npt.NDArray[np.uint64]
ByteArray = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]
Whole = int | np.signedinteger[Any]  # compiled code tells 64-bit numbers from bytes that would overflow


def compiled(function: F) -> F:
    """Compile on first use, once for all later runs where the folder (or a user cache) can be written."""
    try:
        return cast(F, numba.njit(function, nogil=True, cache=True))
    except RuntimeError:  # numba found no folder it may write its cache to
        return cast(F, numba.njit(function, nogil=True))


def compiled_without_counting(function: F) -> F:
    """The same for what makes no arrays: numba then leaves out counting who holds those it is given.

    With some thirty arrays, as the loops over pairs have, the counting costs more than the work itself, and two threads
    wait for each other at every count.
    """
    options: dict[str, Any] = {"nogil": True, "_nrt": False}
    try:
        return cast(F, numba.njit(cache=True, **options)(function))
    except RuntimeError:
        return cast(F, numba.njit(**options)(function))


_most_threads = ContextVar("most threads", default=8)


@contextmanager
def threads(most: int) -> Iterator[None]:
    """Inside, `in_parallel` takes no more threads: where others share the cores, as the tasks of a cluster do."""
    before = _most_threads.set(most)
    try:
        yield
    finally:
        _most_threads.reset(before)


def in_parallel(
    work: Callable[[int, int], Result], size: int, *, least: int = 20_000, load: LongArray | None = None
) -> list[Result]:
    """Call `work(start, end)` on consecutive slices of range(size); return the results in order.

    load: int64 [size + 1], the work that is done before each place, and all: slices then have equal shares of it.
    """
    slices = max(1, min(os.cpu_count() or 1, _most_threads.get(), size // least))
    edges = [size * part // slices for part in range(slices + 1)]
    if load is not None:
        shares = [int(load[-1]) * part // slices for part in range(1, slices)]
        edges = [0, *np.searchsorted(load, shares).tolist(), size]
    if slices == 1:
        return [work(0, size)]
    work(0, 0)  # compile once, before the threads start
    with ThreadPoolExecutor(slices) as pool:
        return list(pool.map(work, edges[:-1], edges[1:]))

"""A budget of memory that is kept: worked out before a run begins, from measurements, and measured while it runs.

Where the usual search does not fit, a narrower one is taken and told; where none fits the run is refused, before
anything is written. What takes more than was worked out is stopped with a message and linked again more narrowly, if
that can help. Nothing swells until the machine's other programs are ended.
"""

from __future__ import annotations

import _thread
import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import TypeVar

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.pipeline import FAST, Options

Result = TypeVar("Result")

INTERVAL = 0.05  # seconds between two looks at the memory in use
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
# Bytes of the program itself with its compiled loops, and of each record beside its own values, at the peak. Measured
# with the files of benchmarks/generated.py, a million records: 1.4 to 1.6 GB in all with the usual search, 1.1 with the
# narrowest; the middle one lies between them.
PROGRAM = 400_000_000


@dataclass(frozen=True)
class Search:
    """How widely candidates are sought: see `Options`. a_record: bytes at the peak for each record."""

    per_record: int
    widest_key: int | None
    a_record: int


SEARCHES = (Search(20, None, 1_100), Search(10, 30, 900), Search(5, 10, 750))


def parse(text: str) -> int:
    """Bytes of "2G", "1500M" or "2.5 GB". Raises UserFacingError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:B|iB)?\s*", text, re.IGNORECASE)
    if not found:
        raise UserFacingError(f"--memory {text} is not understood.", next_step="Write an amount such as 2G or 1500M.")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def needed(records: int, tables: int, search: Search) -> int:
    """Bytes that linking so many records takes at its peak. tables: bytes of the files as they lie in memory."""
    return PROGRAM + tables + records * search.a_record


def options_within(size: int, options: Options, *, records: int, tables: int, told: Callable[[str], None]) -> Options:
    """The options with the widest search that fits into `size` bytes; `told` hears where it is not the usual one.

    Raises UserFacingError where none does. With rules the number of pairs is theirs, and nothing is narrowed.
    """
    for search in SEARCHES[:1] if options.rules else SEARCHES:
        if needed(records, tables, search) <= size:
            if search is SEARCHES[0]:
                return options
            told(
                f"To fit into {size / 1e9:g} GB each record is compared with at most {search.per_record} others, found "
                f"by what at most {search.widest_key} records share. Some matches may be missed."
            )
            return replace(options, per_record=search.per_record, widest_key=search.widest_key)
    least = needed(records, tables, SEARCHES[-1])
    raise UserFacingError(
        f"{records:,} records cannot be linked within {size / 1e9:g} GB of memory: "
        f"it takes {least / 1e9:.1f} GB at least.",
        next_step=f"Allow {needed(records, tables, SEARCHES[0]) / 1e9:.1f} GB, or link on several machines with Spark.",
    )


class OverBudget(UserFacingError):
    """A run took more memory than it was allowed and was stopped."""


def in_use() -> int:
    """Bytes of memory that this process holds now; its peak, where the system does not tell that."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource  # not there on Windows, as /proc is not

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


@dataclass
class Watched:
    """peak: bytes, the most that was seen; over: whether the budget was passed."""

    peak: int = 0
    over: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def watch(self, size: int) -> None:
        while not self.over and not self.done.wait(INTERVAL):
            self.peak = max(self.peak, in_use())
            if self.peak > size:
                self.over = True
                _thread.interrupt_main()  # as Ctrl-C does: what is half done is left as a killed run leaves it


@contextmanager
def kept_within(size: int | None) -> Iterator[Watched]:
    """Inside, the process is stopped when it holds more than `size` bytes; None: never. In the main thread only.

    A compiled loop is not broken off: its memory is taken before it begins. Raises OverBudget.
    """
    watched = Watched()
    if size is None:
        yield watched
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(number: int, frame: FrameType | None) -> None:
        # A process in the background may be told to ignore Ctrl-C; the watcher must be heard all the same.
        if watched.over:
            raise KeyboardInterrupt
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGINT, stop)
    watcher = threading.Thread(target=watched.watch, args=(size,), daemon=True)
    watcher.start()
    try:
        yield watched
        watched.done.set()
        watcher.join()
    except KeyboardInterrupt:
        if not watched.over:
            raise
        raise OverBudget(
            f"Linking took {watched.peak / 1e9:.2f} GB of memory, more than the {size / 1e9:g} GB it was allowed, and "
            "was stopped. Nothing was written.",
            next_step="Allow more with --memory, or link on several machines with Spark.",
        ) from None
    finally:
        watched.done.set()
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


def narrower(options: Options) -> Options | None:
    """The options with the next narrower search; None where there is none, or the pairs are chosen by rules."""
    if options.rules or options.effort == FAST:
        return None
    for search in SEARCHES[1:]:
        if search.per_record < options.per_record:
            return replace(options, per_record=search.per_record, widest_key=search.widest_key)
    return None


def linked_within(
    size: int | None, options: Options, link: Callable[[Options], Result], *, told: Callable[[str], None]
) -> Result:
    """What `link` makes of the options within `size` bytes (None: any), or of narrower ones. Raises OverBudget."""
    while True:
        try:
            with kept_within(size):
                return link(options)
        except OverBudget as stopped:
            less = narrower(options)
            if less is None:
                raise
            gc.collect()
            told(f"{stopped.what} Linking again: each record is compared with at most {less.per_record} others.")
            options = less

"""A budget of memory that is kept: what a run will take is worked out before it begins, from measurements.

Where the usual search does not fit, a narrower one is taken and told; where none fits the run is refused, before
anything is written. Nothing swells until the machine's other programs are ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.pipeline import Options

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

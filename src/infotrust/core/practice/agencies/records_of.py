"""Which record of a system each mention of a person goes to, and how events are numbered.

Clerks look people up before they enter them, but not always, and not always well: somebody mentioned again is entered
anew from time to time. Each mention then goes to the latest record of the person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, Texts
from infotrust.core.practice.days import years_of
from infotrust.core.practice.records.numbers import permuted
from infotrust.core.practice.records.relatives import other_twins
from infotrust.core.practice.records.rows import merge_twins
from infotrust.core.practice.ward import Ward

EVENTS_IN_A_YEAR = 100_000  # of one kind in one ward, at most
DIGITS = 8


@dataclass(frozen=True)
class Mentions:
    """The records of a system: `who`, `on` (day of the latest mention), `copy`, and whether a record stands for two
    twins; `record`: place in these of each mention."""

    record: Ints
    who: Ints
    on: Ints
    copy: Ints
    merged: Bools


def mentions(ward: Ward, system: str, person: Ints, day: Ints, entered_anew: float, copies: int) -> Mentions:
    """Sorts mentions (in any order) into records; nobody has more than `copies` of them."""
    order = np.lexsort((day, person))
    who, on = person[order], day[order]
    again = np.zeros(len(who), dtype=np.bool_)
    again[1:] = who[1:] == who[:-1]
    later = np.zeros(len(who), dtype=np.bool_)
    later[1:] = again[1:] & (on[1:] != on[:-1])
    anew = later & (ward.chance(f"{system} entered anew", who, on) < entered_anew)
    total = np.cumsum(anew)
    first = np.maximum.accumulate(np.where(again, 0, np.arange(len(who))))
    copy = np.minimum(total - total[first], copies - 1) if len(who) else total
    begins = ~again
    begins[1:] |= copy[1:] != copy[:-1]
    number = np.cumsum(begins) - 1
    record = np.empty(len(who), dtype=np.int64)
    record[order] = number
    ends = np.append(np.flatnonzero(begins)[1:] - 1, len(who) - 1) if len(who) else np.empty(0, dtype=np.int64)
    return _with_twins_merged(ward, system, record, who[ends], on[ends], copy[ends])


def _with_twins_merged(ward: Ward, system: str, record: Ints, who: Ints, on: Ints, copy: Ints) -> Mentions:
    """Mentions of a twin whom the system took for the other one go to the other's first record."""
    kept, merged = merge_twins(ward, system, who)
    if len(kept) == len(who):
        return Mentions(record, who, on, copy, merged)
    stays = np.zeros(len(who), dtype=np.bool_)
    stays[kept] = True
    others = np.searchsorted(who, ward.of(other_twins)[who])
    goes_to = np.where(stays, np.arange(len(who)), np.minimum(others, len(who) - 1))
    goes_to = goes_to[goes_to]  # of triplets, the second goes by way of the third to the first
    latest = on.copy()
    np.maximum.at(latest, goes_to, on)
    place = np.cumsum(stays) - 1
    return Mentions(place[goes_to][record], who[kept], latest[kept], copy[kept], merged)


def numbered(ward: Ward, what: str, day: Ints, pattern: str) -> Texts:
    """A number for each event, such as B2021-00012345 for the pattern `B{}-{:08d}`: distinct in the county.

    It depends on the year and the place of the event among those of the year, so that a longer county has the same.
    """
    year = years_of(day)
    order = np.lexsort((np.arange(len(day)), day))
    first = np.searchsorted(year[order], year[order], side="left")
    rank = np.empty(len(day), dtype=np.int64)
    rank[order] = np.arange(len(day)) - first
    if len(rank) and int(rank.max()) >= EVENTS_IN_A_YEAR:
        raise ValueError(f"More than {EVENTS_IN_A_YEAR} events of a year in one ward; make the wards smaller.")
    half = 10 ** (DIGITS // 2)
    number = permuted(ward.number * EVENTS_IN_A_YEAR + rank, half, half, f"{what} numbers", ward.seed)
    texts = [pattern.format(*one) for one in zip(year.tolist(), number.tolist(), strict=True)]
    return np.array(texts, dtype=object)

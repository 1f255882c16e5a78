"""Records that come and say the same as many that are there: in a register, too, `persons.copies` stand for them.

Of records that say the same in everything, in the same source, the first MOST_ALIKE places take part. They all lie in
one component, so that whoever touches one of them finds all.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.matching.compiled import BoolArray, HashArray, LongArray
from infotrust.core.matching.reading.sources import MOST_ALIKE
from infotrust.core.matching.registering.held import Held


def places_alike(held: Held, fingerprint: HashArray, end: int) -> list[LongArray]:
    """For each of these distinct fingerprints the places below `end` whose records have it and are there."""
    base = min(held.header.fitted_at, end)  # laid down in the order of the fingerprints; what came since is behind
    begin = np.searchsorted(held.fingerprint[:base], fingerprint)
    stop = np.searchsorted(held.fingerprint[:base], fingerprint, side="right")
    later = held.fingerprint[base:end]
    order = np.argsort(later, kind="stable")
    later_begin = np.searchsorted(later[order], fingerprint)
    later_stop = np.searchsorted(later[order], fingerprint, side="right")
    found = []
    for at in range(len(fingerprint)):
        places = np.append(np.arange(begin[at], stop[at]), base + order[later_begin[at] : later_stop[at]])
        found.append(places[held.there[places]])
    return found


def spares_arriving(held: Held, fingerprint: HashArray, first: int) -> tuple[BoolArray, LongArray]:
    """Which of the records that arrive at place `first` and behind are set aside, bool [n] (empty where none is), and
    the places of those there before that say the same as these. fingerprint: of what arrives, sorted."""
    wanted, start, many = np.unique(fingerprint, return_index=True, return_counts=True)
    could = _runs_of(held, wanted, first) + many > MOST_ALIKE
    spare, before = np.zeros(len(fingerprint), bool), [np.empty(0, np.int64)]
    for at, places in zip(np.flatnonzero(could), places_alike(held, wanted[could], first), strict=True):
        spare[start[at] + max(MOST_ALIKE - len(places), 0) : start[at] + many[at]] = True
        before.append(places)
    return spare if spare.any() else spare[:0], np.concatenate(before)


def stand_for_others(held: Held, places: LongArray) -> bool:
    """Whether any of these records says the same as so many others that some of those were set aside."""
    wanted = np.unique(held.fingerprint[places])
    wanted = wanted[_runs_of(held, wanted, held.places) > MOST_ALIKE]
    return any(len(alike) > MOST_ALIKE for alike in places_alike(held, wanted, held.places))


def _runs_of(held: Held, fingerprint: HashArray, end: int) -> LongArray:
    """How many places below `end` have each, whether or not a record is still there."""
    base = min(held.header.fitted_at, end)
    later = np.sort(held.fingerprint[base:end])
    counts: LongArray = sum(
        (np.searchsorted(sorted_ones, fingerprint, side="right") - np.searchsorted(sorted_ones, fingerprint))
        for sorted_ones in (held.fingerprint[:base], later)
    )  # type: ignore[assignment]
    return counts

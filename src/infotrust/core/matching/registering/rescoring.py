"""Score pairs anew that share a value whose class of rarity has changed: so every pair's odds are those of the counts
as they are now, whenever and in however many batches its records came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from infotrust.core.matching.comparing.agree import BAND
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import Plan
from infotrust.core.matching.compiled import BoolArray, ByteArray, HashArray, IntArray, LongArray, compiled
from infotrust.core.matching.learning import score
from infotrust.core.matching.persons.cluster import SURE
from infotrust.core.matching.pipeline import Fitted
from infotrust.core.matching.registering.held import Held, ScoredPairs


@dataclass(frozen=True)
class Changed:
    """pairs: with the new odds; places: int64, of both ends of each pair whose odds are others now."""

    pairs: ScoredPairs
    places: LongArray


def bands(words: HashArray, slots: LongArray) -> ByteArray:
    """The classes of rarity of the values at these slots."""
    classes: ByteArray = words.view(np.uint8)[slots, BAND]
    return classes


def score_changed(held: Held, plan: Plan, fitted: Fitted, slots: LongArray) -> Changed:
    """slots: the values whose class changed. Only pairs that both have one of them can have other odds."""
    pairs, none = held.pairs, np.empty(0, np.int64)
    fields = len(plan.columns.kind) - any(one.field == "source" for one in fitted.comparisons)
    of = np.searchsorted(held.values.first_slot, slots, side="right") - 1
    slots = slots[of < fields]  # of the fields that are compared
    if len(slots) == 0:
        return Changed(pairs, none)
    marked = np.zeros(len(held.values.words), bool)
    marked[slots] = True
    named = np.unique(of[of < fields])
    holds = holders(held.codes, held.values.first_slot, marked, named, held.places)
    at = pairs_sharing(pairs.start, pairs.second, held.codes, held.values.first_slot, marked, named, holds)
    added = np.flatnonzero(holds[pairs.added_first] & holds[pairs.added_second])
    base_first = np.searchsorted(pairs.start, at, side="right").astype(np.int64) - 1
    first = np.concatenate([base_first, pairs.added_first[added].astype(np.int64)])
    second = np.concatenate([pairs.second[at], pairs.added_second[added]]).astype(np.int64)
    turned = held.fingerprint[first] > held.fingerprint[second]  # the canonically first record first, as ever
    canonical = Pairs(
        np.where(turned, second, first).astype(np.int32), np.where(turned, first, second).astype(np.int32)
    )
    odds = score.odds_of_pairs(fitted.model, plan, canonical, weakest=-SURE).astype(np.float32)
    before = np.concatenate([pairs.odds[at], pairs.added_odds[added]])
    other = odds != before
    pairs.odds[at] = odds[: len(at)]
    pairs.added_odds[added] = odds[len(at) :]
    rescored = np.union1d(pairs.rescored, at[other[: len(at)]])
    return Changed(replace(pairs, rescored=rescored), np.concatenate([first[other], second[other]]))


@compiled
def holders(codes: IntArray, first_slot: LongArray, marked: BoolArray, fields: LongArray, places: int) -> BoolArray:
    """Whether each place's record has a marked value in one of the fields."""
    holds = np.zeros(places, np.bool_)
    for place in range(places):
        for field in fields:
            code = codes[place, field]
            if code >= 0 and marked[first_slot[field] + code]:
                holds[place] = True
                break
    return holds


@compiled
def pairs_sharing(
    start: LongArray, second: IntArray, codes: IntArray, first_slot: LongArray, marked: BoolArray, fields: LongArray,
    holds: BoolArray,
) -> LongArray:  # fmt: skip
    """The pairs (by their place among all) both of whose records have the same marked value."""
    found = np.empty(1024, np.int64)
    count = 0
    for i in range(len(start) - 1):
        if not holds[i]:
            continue
        for pair in range(start[i], start[i + 1]):
            j = second[pair]
            if not holds[j]:
                continue
            shared = False
            for field in fields:
                code = codes[i, field]
                if code >= 0 and code == codes[j, field] and marked[first_slot[field] + code]:
                    shared = True
                    break
            if shared:
                if count == len(found):
                    more = np.empty(2 * count, np.int64)
                    more[:count] = found
                    found = more
                found[count] = pair
                count += 1
    return found[:count].copy()

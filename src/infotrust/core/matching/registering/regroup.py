"""Group again what new or changed records touch: the components of pairs that may start a merge, and no others.

A component does not depend on another one, so that what comes out for it is what linking all records again would give
for it, by the same steps in the same canonical order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import Plan, agreement
from infotrust.core.matching.compiled import (
    BoolArray,
    ByteArray,
    FloatArray,
    HashArray,
    IntArray,
    LongArray,
    SmallFloatArray,
    compiled,
)
from infotrust.core.matching.learning import score
from infotrust.core.matching.learning.correction import Correction, Lesson, correct_by
from infotrust.core.matching.persons import cluster, merging
from infotrust.core.matching.persons.cluster import LOOSE_CUT, SURE, Scored
from infotrust.core.matching.persons.constraints import Constraints
from infotrust.core.matching.persons.copies import ties, unfold, weights_of_spares
from infotrust.core.matching.persons.settled import Asked, Settled, settle
from infotrust.core.matching.pipeline import Fitted
from infotrust.core.matching.registering.held import ScoredPairs


@dataclass(frozen=True)
class Regrouped:
    """places: int64 [m], the records looked at, in canonical order; group, component: int64 and int32 [m], labels;
    weight: float64 [m], log2 odds of the strongest link inside the person, nan where it is alone; settled: which of
    the answers about these records are gone by."""

    places: LongArray
    group: LongArray
    component: IntArray
    weight: FloatArray
    settled: Settled | None


def touched(
    component: IntArray, there: BoolArray, first_new: int, labels: LongArray, fingerprint: HashArray
) -> LongArray:
    """The records to look at, in canonical order: those from place `first_new` on, and all of the components."""
    n = len(there)
    wanted = np.zeros(n + 1, bool)
    wanted[labels] = True
    places = np.flatnonzero(wanted[component[:first_new]] & there[:first_new])
    places = np.concatenate([places, np.arange(first_new, n)])
    return places[np.lexsort((places, fingerprint[places]))]


def regroup(
    places: LongArray, pairs: ScoredPairs, n: int, plan: Plan, fitted: Fitted, constraints: Constraints,
    spare: BoolArray,
) -> Regrouped:  # fmt: skip
    """Group these records of n places, by the candidate pairs among them. constraints, spare (those that others stand
    for, `copies`): by the order of `places`."""
    local = np.full(n, -1, np.int32)
    local[places] = np.arange(len(places), dtype=np.int32)
    scored = among(places, local, pairs)
    strong = scored.odds >= min(LOOSE_CUT, fitted.weakest)
    alike, said = ties(spare), said_to_match(constraints)
    component = merging.hang_together(
        len(places),
        np.concatenate([scored.pairs.first[strong], said.first, alike.first]),
        np.concatenate([scored.pairs.second[strong], said.second, alike.second]),
    )
    scored = _with_unseen(places, plan, fitted, scored, constraints)
    settled = settle(constraints.asked) if constraints.asked is not None else None
    if constraints.asked is not None and fitted.lesson:
        corrected = _corrected(places, plan, fitted, fitted.lesson, scored, constraints, constraints.asked)
        settled, scored = corrected.settled, Scored(scored.pairs, corrected.odds)
        constraints = constraints.by(settled)
    group = cluster.groups_at(len(places), scored, fitted.cut, fitted.weakest, constraints)
    group = unfold(group, spare, constraints)
    weight = weights_of_spares(strongest(scored, group), group, spare)
    return Regrouped(places, group, places[component].astype(np.int32), weight, settled)


def said_to_match(constraints: Constraints) -> Pairs:
    """The pairs that anybody said are one person, whether or not it stands: their records are looked at together."""
    asked = constraints.asked
    if asked is None:
        return constraints.together
    some = asked.yes > 0
    return Pairs(asked.pairs.first[some], asked.pairs.second[some])


def _corrected(
    places: LongArray, plan: Plan, fitted: Fitted, lesson: Lesson, scored: Scored, constraints: Constraints,
    asked: Asked,
) -> Correction:  # fmt: skip
    """What answers taught, as the pipeline applies it."""
    free = cluster.groups_at(len(places), scored, lesson.cut, fitted.weakest, constraints.without_answers())

    def levels_of(pairs: Pairs) -> ByteArray:
        return agreement(plan, Pairs(places[pairs.first].astype(np.int32), places[pairs.second].astype(np.int32)))

    return correct_by(lesson, levels_of, fitted.model, scored, free, asked, weakest=fitted.weakest)


def _with_unseen(places: LongArray, plan: Plan, fitted: Fitted, scored: Scored, constraints: Constraints) -> Scored:
    """As the pipeline does it, with the values at the records' places."""
    fresh = cluster.unseen_pairs(len(places), scored, constraints.without_answers())
    if len(fresh) == 0:
        return scored
    there = Pairs(places[fresh.first].astype(np.int32), places[fresh.second].astype(np.int32))
    odds = score.odds_of_pairs(fitted.model, plan, there, weakest=-SURE)
    both = Pairs(np.concatenate([scored.pairs.first, fresh.first]), np.concatenate([scored.pairs.second, fresh.second]))
    return Scored(both, np.concatenate([scored.odds, odds]))


def among(places: LongArray, local: IntArray, pairs: ScoredPairs) -> Scored:
    """The candidate pairs with both ends among these records, in canonical order and places."""
    held = places[places < len(pairs.start) - 1]
    begin = np.searchsorted(pairs.added_first, places).astype(np.int64)
    end = np.searchsorted(pairs.added_first, places, side="right").astype(np.int64)
    parts = [
        pairs_inside(held, pairs.start[held], pairs.start[held + 1], pairs.second, pairs.odds, local),
        pairs_inside(places, begin, end, pairs.added_second, pairs.added_odds, local),
    ]
    one, other, odds = (np.concatenate([part[side] for part in parts]) for side in range(3))
    first, second = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((second, first))
    return Scored(Pairs(first[order], second[order]), odds[order])


@compiled
def pairs_inside(
    places: LongArray, begin: LongArray, end: LongArray, second: IntArray, odds: SmallFloatArray, local: IntArray
) -> tuple[IntArray, IntArray, SmallFloatArray]:
    """Of the pairs [begin, end) of each place, those whose second record is among the records too."""
    most = 0
    for at in range(len(places)):
        most += end[at] - begin[at]
    one = np.empty(most, np.int32)
    other = np.empty(most, np.int32)
    kept = np.empty(most, np.float32)
    found = 0
    for at in range(len(places)):
        for pair in range(begin[at], end[at]):
            there = local[second[pair]]
            if there >= 0:
                one[found], other[found], kept[found] = local[places[at]], there, odds[pair]
                found += 1
    return one[:found].copy(), other[:found].copy(), kept[:found].copy()


def strongest(scored: Scored, group: LongArray) -> FloatArray:
    """Log2 odds of each record's strongest link inside its group, nan where it is alone: float64 [m]."""
    first, second = scored.pairs.first, scored.pairs.second
    together = group[first] == group[second]
    best = np.full(len(group), -np.inf)
    bits = scored.odds[together] * score.BITS
    np.maximum.at(best, first[together], bits)
    np.maximum.at(best, second[together], bits)
    return np.where(np.isinf(best), np.nan, best)

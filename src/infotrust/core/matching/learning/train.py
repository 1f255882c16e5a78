"""Fit the model of a linkage: stages of more and more classes, which of them are one person, and an alarm.

A single start is not safe, and the likelihood does not tell a bad one. What tells is the pairs nobody would doubt: when
many of them get less than even odds, the next way of starting is tried and the one that loses fewest is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from infotrust.core.matching.comparing.candidates import COMPARE_ALL_UP_TO, Pairs
from infotrust.core.matching.comparing.compare import Comparison, Plan, agreement
from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, LongArray
from infotrust.core.matching.learning import estimate, score
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.meanings import MEANINGS, PERSON, PERSON_MOVED
from infotrust.core.matching.learning.patterns import Patterns, distinct_patterns
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.reading.sources import Records

CHANCE_PAIRS = 200_000
STAGES = (
    (MEANINGS,),
    (3, 5),
    (4,),
)  # numbers of classes, one fit after the other; the first way is nearly always right
STAGES_FOR_FEW = ((4,),)  # one person, one home, twins, and chance
STRENGTH, STRENGTH_FOR_FEW = 2.0, 20.0  # pairs that the expectation before any data counts for
_MATCH_CLASS_AGREEMENT = 0.9  # of the first class's agreement on personal fields: the rule that finds movers
_BACKED_CLASS_AGREEMENT = 0.7  # enough where common neighbors back the class, too; a household's stays far below
_MATCH_CLASS_SUPPORT = 0.25  # of the first class's share of common neighbors
_MOST_LOST = 0.05  # more unmistakable pairs than this below even odds: the estimate settled somewhere else
_MOST_STRANGERS = 0.1  # of the pairs alike in all that is personal, as chance would have it
_MOST_OF_CHANCE = 0.1  # of a person's own pairs; more, and the fit is done again within what chance leaves
_FEWEST_SURE = 10  # pairs; fewer are no share
_SAME = frozenset({"same", "same, common", "same, rare", "same, very rare"})


@dataclass(frozen=True)
class Drawn:
    """What a model is fitted on. chosen: int64, places among the sorted pairs; chance: pairs of records at random."""

    chosen: LongArray
    chance: Pairs


def draw(n: int, pairs: int, *, fit_pairs: int, seed: int) -> Drawn:
    """Choose at most `fit_pairs` of so many pairs of n records, and 200,000 pairs at random. The seed decides."""
    random = np.random.default_rng(seed)
    chosen = np.sort(random.choice(pairs, min(fit_pairs, pairs), replace=False)).astype(np.int64)
    one, other = random.integers(0, n, (2, CHANCE_PAIRS), dtype=np.int32)
    apart = one != other
    return Drawn(chosen, Pairs(one[apart], other[apart]))


def train(records: Records, plan: Plan, pairs: Pairs, *, fit_pairs: int, seed: int) -> Model:
    """Fit on at most `fit_pairs` of the pairs of these records."""
    drawn = draw(len(records), len(pairs), fit_pairs=fit_pairs, seed=seed)
    chosen = Pairs(pairs.first[drawn.chosen], pairs.second[drawn.chosen])
    return fit_on(records, records.compared, plan, chosen, drawn.chance, len(pairs))


def fit_on(records: Records, n: int, plan: Plan, pairs: Pairs, random: Pairs, of: int) -> Model:
    """Fit on these pairs of the records, drawn from `of`; `random` pairs tell how strangers agree by chance. n: how
    many records there are in all, without those that others stand for."""
    if len(records.spare):
        counted = ~(records.spare[random.first] | records.spare[random.second])
        random = Pairs(random.first[counted], random.second[counted])
    few = n <= COMPARE_ALL_UP_TO
    levels, comparisons = agreement(plan, pairs), plan.comparisons
    strangers = levels if few else agreement(plan, random)
    chance = estimate.level_shares(strangers, comparisons)
    start = estimate.seeds(levels, chance, comparisons, n)
    patterns = distinct_patterns(levels)
    start = np.bincount(patterns.of, weights=start) / patterns.counts
    sampled = len(pairs) / max(of, 1)
    anything = np.ones(len(start))
    most = anything if few else estimate.left_by_chance(patterns, strangers, n * (n - 1) / 2 * sampled)
    coinciding = coincidences(comparisons, n) * sampled
    strength = STRENGTH_FOR_FEW if few else STRENGTH
    fitted: list[tuple[float, Model]] = []
    for stages in STAGES_FOR_FEW if few else STAGES:
        for limit in (anything, most):
            model = _staged(
                stages, patterns, start, comparisons, chance, strength, pairs, levels, len(records), coinciding, limit
            )
            if claimed_of_chance(patterns, model, most) <= _MOST_OF_CHANCE:
                break
        fitted.append((unmistakable_lost(patterns, comparisons, chance, n, model), model))
        if fitted[-1][0] <= _MOST_LOST:
            break
    return min(fitted, key=lambda fit: round(fit[0], 2))[1]


def claimed_of_chance(patterns: Patterns, model: Model, most: FloatArray) -> float:
    """Of the pairs that the model takes for one person's, the share that is beyond what chance leaves of each pattern.

    Below .03 in files that overlap, .7 to 1 in files that hold each person once and in crowds of one surname and
    address: there the class of one person drifted to what chance brings.
    """
    ours = score.membership(model, patterns.levels)[:, model.same_person].sum(1)
    beyond = (np.maximum(ours - most, 0) * patterns.counts).sum()
    return float(beyond / max((ours * patterns.counts).sum(), 1e-9))


def coincidences(comparisons: Sequence[Comparison], n: int) -> float:
    """How many pairs of strangers among n records have one given name and one birth date by chance."""
    both = {one.field: one.coincidence for one in comparisons if one.field in ("given", "birth_date")}
    return n * (n - 1) / 2 * both["given"] * both["birth_date"] if len(both) == 2 else 0.0


def _staged(
    stages: tuple[int, ...], patterns: Patterns, start: FloatArray, comparisons: Sequence[Comparison],
    chance: Sequence[FloatArray], strength: float, pairs: Pairs, levels: ByteArray, n: int, coinciding: float,
    most: FloatArray,
) -> Model:  # fmt: skip
    """Fit with few classes, then let what they found start a fit with more."""
    for classes in stages:
        model, membership = estimate.fit(
            patterns, start, comparisons, classes=classes, strength=strength, chance=chance, coincidences=coinciding,
            most=most,
        )  # fmt: skip
        same = _same_person_classes(model, comparisons, pairs, levels, n)
        model, start = replace(model, same_person=same), membership[:, same].sum(1)
    return model


def unmistakable_lost(
    patterns: Patterns, comparisons: Sequence[Comparison], chance: Sequence[FloatArray], n: int, model: Model
) -> float:
    """Share of the unmistakable pairs that get less than even odds; 0 where there are hardly any.

    Unmistakable: two or more personal fields are known, all the same, and strangers alike in that are few beside the
    pairs there are: in a file without duplicates two children called Ana who are born on one day are no alarm. More
    than a few lost mean a bad optimum: the likelihood does not show it (one start of several may settle there).
    """
    personal = [place for place, comparison in enumerate(comparisons) if comparison.personal]
    levels = patterns.levels[:, personal]
    known = levels > 0
    same = np.ones(known.shape, bool)
    strangers = np.full(len(levels), n * (n - 1) / 2)
    for at, place in enumerate(personal):
        names = comparisons[place].levels
        same[:, at] = np.isin(levels[:, at], [level for level, name in enumerate(names) if name in _SAME])
        strangers *= np.where(known[:, at], chance[place][levels[:, at]], 1.0)
    alike = np.flatnonzero((known.sum(1) >= 2) & (same | ~known).all(1))
    _, kind = np.unique(levels[alike], axis=0, return_inverse=True)
    there = np.bincount(kind.ravel(), patterns.counts[alike])[kind.ravel()] if len(alike) else np.empty(0)
    sure = alike[strangers[alike] <= _MOST_STRANGERS * there]
    weights = patterns.counts[sure]
    if weights.sum() < _FEWEST_SURE:
        return 0.0
    odds = score.log_odds(model, patterns.levels[sure])
    return float(weights[odds < 0].sum() / weights.sum())


def _same_person_classes(
    model: Model, comparisons: Sequence[Comparison], pairs: Pairs, levels: ByteArray, n: int
) -> BoolArray:
    """The first class, and each that agrees like it on personal fields or is as well backed by common neighbors.

    People who moved and badly typed records form classes of their own. A household is not one: its members differ in
    given name and birth date.
    """
    same: BoolArray = np.arange(len(model.share)) == 0
    if len(same) == MEANINGS:
        same[[PERSON, PERSON_MOVED]] = True
        return same
    personal = [
        table[list(comparison.agree)].sum(0) / np.maximum(table[1:].sum(0), 1e-9)
        for table, comparison in zip(model.levels, comparisons, strict=True)
        if comparison.personal
    ]
    if personal:
        agreed = np.array(personal)
        same |= (agreed >= _MATCH_CLASS_AGREEMENT * agreed[:, :1]).all(0)
    if len(same) > 2 and personal:
        belongs = score.membership(model, levels)
        backed = cluster.common_neighbors(n, pairs, belongs[:, 0] > 0.95)
        told = ~np.isnan(backed)
        support = (belongs[told] * backed[told, None]).sum(0) / np.maximum(belongs[told].sum(0), 1e-9)
        near = (agreed >= _BACKED_CLASS_AGREEMENT * agreed[:, :1]).all(0)
        same |= near & (support > _MATCH_CLASS_SUPPORT * max(support[0], 1e-9))
    if same.all():
        same[1:] = False
    return same

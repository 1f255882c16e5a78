"""How many of one person's pairs a linkage did not put together: an estimate with limits, without labels.

Two parts. Compared and left apart: the model says how likely each such pair is one person's, made milder as pairs with
truth show that it must be. Never compared: capture and recapture. The kinds of evidence (names, birth date, number,
address, contact, guardian) are the occasions; from the pairs put together that one kind alone tells strongly, and those
that two do, follow those that none does (Chao 1987, Biometrics 43, with the correction for few occasions), told apart
by how many kinds both records know. Of these some are put together all the same, and some compared.

The limits are calibrated on linkages with truth, as Belin and Rubin (1995, JASA 90) do: how far the estimate was off
there (docs/explanation/missed-pairs.md has the figures). People who look at pairs measure better.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from infotrust.core.matching.comparing.candidates import COMPARE_ALL_UP_TO, Pairs
from infotrust.core.matching.comparing.compare import Comparison, Plan, agreement
from infotrust.core.matching.compiled import BoolArray, FloatArray, IntArray, LongArray
from infotrust.core.matching.learning import score
from infotrust.core.matching.persons.cluster import CUTS, SURE
from infotrust.core.matching.pipeline import Evidence
from infotrust.core.matching.reviewing.intervals import Interval

KINDS = (
    ("given", "family", "middle", "suffix"), ("birth_date",), ("ssn",), ("street", "house", "unit", "zip", "city"),
    ("phone", "email"), ("guardian",),
)  # fmt: skip
# Nats that agreement tells, by the class of rarity (`compare.RARITY` parts them): the middle of each class.
TELLS = {
    "same, very common": 1.5, "same, common": 4.5, "same, rare": 7.0, "same, very rare": 9.0, "same": 9.0,
    "same, shared": 3.0, "last four the same": 7.0,
}  # fmt: skip
STRONG = 6.0  # nats by which one kind tells a pair strongly; eight are enough to be compared
# Pairs left apart, on 49 linkages with truth: odds are too sure of themselves by a third (fields err together), and
# more than even odds mean no more than a quarter, since grouping knew what spoke against it.
MILDER, MOST = 0.75, -1.2
NOT_COMPARED = 0.5  # of the pairs that no kind tells strongly and that were not put together, on the same linkages
# Spread of the logarithm of truth / estimate on the same linkages, and how many times the chance of independent pairs
# they vary (a person's pairs are missed together).
SPREAD, TOGETHER = 0.8, 2.0
CONFIDENCE, TIMES = 0.9, 1.645  # two-sided, of a normal distribution
DEEPEST = 40.0  # log odds to which a sample of the pairs given up early is weighed anew
MOST_SAMPLED = 50_000
FEW = 10.0  # an estimate below it may be none


@dataclass(frozen=True)
class MissedBetween:
    """The same between two sources, or within one: pairs put together, and missed."""

    sources: tuple[str, str]
    together: int
    missed: Interval


@dataclass(frozen=True)
class Missed:
    """compared: left apart though compared; never: never compared (None: rules chose the pairs, so nobody can say);
    missed: both, with limits of 90 %; recall: of one person's pairs, the share put together."""

    together: int
    compared: float
    never: float | None
    missed: Interval
    recall: Interval
    between: tuple[MissedBetween, ...]

    def told(self) -> dict[str, Any]:
        """As JSON can hold it, rounded."""
        told: dict[str, Any] = _rounded(asdict(self))
        return told


def missed_pairs(evidence: Evidence, *, cut: float, seed: int = 1) -> Missed:
    """Estimate them. cut: mean log2 odds that joined two groups, as in the report; seed: of the samples."""
    names = evidence.records.source_names
    source, pairs = evidence.records.source, evidence.scored.pairs
    inside = evidence.group[pairs.first] == evidence.group[pairs.second]
    between = _between(source, pairs, len(names))
    together = np.bincount(between[inside], minlength=len(names) ** 2)
    most = MOST if cut / score.BITS <= max(CUTS) else math.inf  # a cut that people set leaves likely pairs apart
    left = _left_apart(evidence, ~inside & _free(evidence), between, len(names) ** 2, most, seed)
    unseen = np.zeros(len(names) ** 2)
    if not evidence.by_rules and len(evidence.group) > COMPARE_ALL_UP_TO:
        unseen = _never_compared(evidence, np.flatnonzero(inside), between, len(names) ** 2, seed)
    total = left + unseen
    missed, count = limits(float(total.sum())), int(together.sum())
    return Missed(
        count, float(left.sum()), None if evidence.by_rules else float(unseen.sum()), missed,
        Interval(*(count / max(count + many, 1) for many in (missed.value, missed.high, missed.low))),
        tuple(
            MissedBetween((names[at // len(names)], names[at % len(names)]), int(together[at]), limits(total[at]))
            for at in np.flatnonzero((together > 0) | (total >= 0.5)).tolist()
        ),
    )  # fmt: skip


def limits(estimate: float) -> Interval:
    """How far the truth may be from an estimate, by CONFIDENCE. See the module's opening."""
    spread = math.sqrt(SPREAD**2 + TOGETHER / max(estimate, 1.0))
    low = estimate * math.exp(-TIMES * spread) if estimate >= FEW else 0.0
    return Interval(estimate, low, max(estimate, 1.0) * math.exp(TIMES * spread))


def chao(one: float, two: float, occasions: int) -> float:
    """At least so many are seen on none of the occasions, where `one` are on one and `two` on two (Chao 1987).

    No more than `two`: where hardly any are seen twice, the occasions tell too little to go by.
    """
    return min((occasions - 1) / occasions * one * max(one - 1, 0) / (2 * (two + 1)), two)


def likely_missed(odds: FloatArray, most: float = MOST) -> FloatArray:
    """How likely a pair left apart is one person's, by its natural log odds: float64 [pairs]."""
    likely: FloatArray = 1 / (1 + np.exp(-MILDER * np.minimum(odds.astype(np.float64), most)))
    return likely


def _between(source: IntArray, pairs: Pairs, sources: int) -> IntArray:
    """The two sources of each pair as one number, the lower place first."""
    one, other = source[pairs.first], source[pairs.second]
    both = np.minimum(one, other)
    both *= sources  # in place and in 32 bits: of five million records there are forty million pairs
    both += np.maximum(one, other)
    return both


def _free(evidence: Evidence) -> BoolArray:
    """Which scored pairs might have been put together: people or a unique source did not part them."""
    pairs, told = evidence.scored.pairs, evidence.constraints
    free = np.ones(len(pairs), bool)
    if len(told.unique_source):
        unique = told.unique_source
        free &= (unique[pairs.first] < 0) | (unique[pairs.first] != unique[pairs.second])
    if len(told.apart):
        n = len(evidence.group)
        said = told.apart.first.astype(np.int64) * n + told.apart.second
        free &= ~np.isin(pairs.first.astype(np.int64) * n + pairs.second, said)
    return free


def _left_apart(
    evidence: Evidence, apart: BoolArray, between: IntArray, width: int, most: float, seed: int
) -> FloatArray:
    """Expected pairs of one person among those compared and left apart, by their two sources: float64 [width].

    Those given up early were not weighed to the end: a sample of them is.
    """
    odds, pairs = evidence.scored.odds, evidence.scored.pairs
    told = np.flatnonzero(apart & (odds > -SURE))
    expected: FloatArray = np.bincount(between[told], likely_missed(odds[told], most), width).astype(np.float64)
    given_up = np.flatnonzero(apart & (odds <= -SURE))
    drawn = _drawn(given_up, seed)
    if len(drawn) == 0:
        return expected
    chosen = Pairs(pairs.first[drawn], pairs.second[drawn])
    deep = np.minimum(score.odds_of_pairs(evidence.model, evidence.plan, chosen, weakest=-DEEPEST), -SURE)
    return expected + np.bincount(between[drawn], likely_missed(deep, most), width) * (len(given_up) / len(drawn))


def _never_compared(evidence: Evidence, inside: LongArray, between: IntArray, width: int, seed: int) -> FloatArray:
    """Expected pairs of one person that were never compared: in all by `chao`, between two sources as those that one
    kind of evidence alone tells."""
    drawn = _drawn(inside, seed)
    if len(drawn) == 0:
        return np.zeros(width)
    chosen = Pairs(evidence.scored.pairs.first[drawn], evidence.scored.pairs.second[drawn])
    told, known = kinds_telling(evidence.plan, chosen)
    times = len(inside) / len(drawn)
    found = sum(
        chao(times * int((told[known == kinds] == 1).sum()), times * int((told[known == kinds] == 2).sum()), kinds)
        for kinds in range(2, len(KINDS) + 1)
    )
    alone = np.bincount(between[drawn[told == 1]], minlength=width) + 1e-9 * np.bincount(
        between[drawn], minlength=width
    )
    found = NOT_COMPARED * max(found - times * int((told == 0).sum()), 0.0)
    whole: FloatArray = found * alone / max(alone.sum(), 1e-12)
    return whole


def kinds_telling(plan: Plan, pairs: Pairs) -> tuple[LongArray, LongArray]:
    """How many kinds of evidence tell each pair strongly, and how many both its records know: int64 [pairs] each."""
    levels = agreement(plan, pairs)
    told, known = np.zeros(len(pairs), np.int64), np.zeros(len(pairs), np.int64)
    for kind in KINDS:
        places = [at for at, comparison in enumerate(plan.comparisons) if comparison.field in kind]
        if places:
            nats = sum(_nats(plan.comparisons[at])[levels[:, at]] for at in places)
            told += nats >= STRONG
            known += (levels[:, places] > 0).any(1)
    return told, known


def _nats(comparison: Comparison) -> FloatArray:
    return np.array([TELLS.get(level, 0.0) for level in comparison.levels])


def _drawn(places: LongArray, seed: int) -> LongArray:
    if len(places) <= MOST_SAMPLED:
        return places
    return np.sort(np.random.default_rng(seed).choice(places, MOST_SAMPLED, replace=False))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value

"""Which source's fields disagree with what other sources say of the same person: error rates, without labels.

Counted over pairs that were put together, so errors that kept a pair apart are not among them: the rates are too low
rather than too high. Two records disagree when one of them errs, or both: from the rates of all pairs of sources follow
those of each (least squares, none below zero), where three sources or pairs within one tell them apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import Comparison, agreement
from infotrust.core.matching.compiled import ByteArray, FloatArray, LongArray
from infotrust.core.matching.pipeline import Evidence

MOST_SAMPLED = 200_000  # pairs; a rate of 1 % among the pairs of one source in twenty is then known to 0.1 %
ROUNDS = 500
NO_MISTAKE = ("same", "short form")  # beginnings of the levels at which both may be right
NOT_THE_SAME = "same year"


def error_rates(evidence: Evidence, *, seed: int = 1) -> list[dict[str, Any]]:
    """For each field, by source: known, pairs of one person with another record that both fill it; slips, those nearly
    the same (a keystroke, swapped parts); different; own, the share of the source's records that err (None: the
    sources cannot be told apart). [{field, by: [{source, known, slips, different, own}]}]"""
    pairs = _put_together(evidence, seed)
    if len(pairs) == 0:
        return []
    names, source = evidence.records.source_names, evidence.records.source
    one, other = source[pairs.first].astype(np.int64), source[pairs.second].astype(np.int64)
    levels = agreement(evidence.plan, pairs)
    return [
        {"field": comparison.field, "by": _by_source(comparison, levels[:, at], one, other, names)}
        for at, comparison in enumerate(evidence.plan.comparisons)
        if comparison.field != "source"
    ]


def _put_together(evidence: Evidence, seed: int) -> Pairs:
    first, second = evidence.scored.pairs.first, evidence.scored.pairs.second
    inside = np.flatnonzero(evidence.group[first] == evidence.group[second])
    if len(inside) > MOST_SAMPLED:
        inside = np.random.default_rng(seed).choice(inside, MOST_SAMPLED, replace=False)
    return Pairs(first[inside], second[inside])


def _by_source(
    comparison: Comparison, levels: ByteArray, one: LongArray, other: LongArray, names: tuple[str, ...]
) -> list[dict[str, Any]]:
    right = np.array([level.startswith(NO_MISTAKE) and level != NOT_THE_SAME for level in comparison.levels])
    alike = np.isin(np.arange(len(comparison.levels)), comparison.agree)
    known = levels > 0
    one, other, slip, apart = (
        part[known] for part in (one, other, alike[levels] & ~right[levels], ~alike[levels] & ~right[levels])
    )
    own = own_rates(*rates_between(one, other, slip | apart, len(names)))
    counts = []
    for at, name in enumerate(names):
        here = (one == at) | (other == at)
        counts.append(
            {
                "source": name,
                "known": int(here.sum()),
                "slips": int((slip & here).sum()),
                "different": int((apart & here).sum()),
                "own": None if own is None or not here.any() else round(float(own[at]), 4),
            }
        )
    return counts


def rates_between(one: LongArray, other: LongArray, wrong: Any, sources: int) -> tuple[FloatArray, FloatArray]:
    """Of pairs of records of these sources, how many there are and the share that disagrees: float64 [sources,
    sources], the lower place first."""
    place = np.minimum(one, other) * sources + np.maximum(one, other)
    many = np.bincount(place, minlength=sources**2).astype(np.float64)
    rate = np.bincount(place, wrong, sources**2) / np.maximum(many, 1)
    return many.reshape(sources, sources), rate.reshape(sources, sources)


def own_rates(many: FloatArray, rate: FloatArray) -> FloatArray | None:
    """How often each source errs, float64 [sources], if the rate of two is the sum of theirs; None if that is not told.

    Least squares weighted by the pairs, none below zero, by turns (Franc, Hlavac and Navara 2005).
    """
    places = np.argwhere(many > 0)
    present = np.unique(places)
    design = np.zeros((len(places), len(many)))
    for row, (x, y) in enumerate(places):
        design[row, x] += 1
        design[row, y] += 1
    if len(places) == 0 or np.linalg.matrix_rank(design[:, present]) < len(present):
        return None
    weight, told = many[many > 0], rate[many > 0]
    square, right = design.T @ (design * weight[:, None]), design.T @ (weight * told)
    own = np.zeros(len(many))
    for _ in range(ROUNDS):
        for at in present:
            own[at] = max(own[at] + (right[at] - square[at] @ own) / square[at, at], 0.0)
    return own

"""What people's answers teach about the pairs nobody was asked about.

The model weighs each pair by its own agreement and without labels; people see more, and know what the files mean. Their
answers correct its log odds by what a pair agrees on and what surrounds it (`surroundings`), carefully: as far as
answers that were left out are foretold better (`ridge`). Measured (benchmarks/answers.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import Plan, agreement
from infotrust.core.matching.compiled import BoolArray, FloatArray, LongArray
from infotrust.core.matching.learning import ridge
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.ridge import FOLDS, Fit
from infotrust.core.matching.learning.surroundings import surroundings
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.persons.cluster import Scored
from infotrust.core.matching.persons.settled import GIVEN_UP, SLIPS, Asked, Settled, settle

FEWEST_ANSWERS = 30  # with fewer nothing is learned; they still join or part the records they are about
FEWEST_OF_A_KIND = 8  # matches, and no matches
_WIDEST = 3.0  # standard deviations, to which a column is cut: what few pairs have shall not move them far
_LEAST_SPREAD = 1e-5  # a column without any says nothing


@dataclass(frozen=True)
class Correction:
    """before: the pairs as the model weighs them; odds: their natural log odds, corrected; settled: which answers are
    gone by; used: answers learned from; slips: share of answers that seem to be wrong; loss, loss_before: mean log loss
    on answers that were left out, with the correction and without (nan when there were too few to learn from)."""

    before: Scored
    odds: FloatArray
    settled: Settled
    used: int
    slips: float
    loss: float
    loss_before: float

    @property
    def learned(self) -> bool:
        return self.loss < self.loss_before


def correct(plan: Plan, model: Model, scored: Scored, group: LongArray, asked: Asked) -> Correction:
    """Correct the odds of all pairs that were weighed to the end, and settle which answers stand.

    group: int64 [n], a grouping that no answer had a part in.
    """
    n = len(group)
    at, known = _places(n, scored.pairs, asked.pairs)
    known &= scored.odds[at] > -cluster.SURE
    yes, no = asked.yes * known, asked.no * known
    odds = scored.odds.astype(np.float64)
    if yes.sum() + no.sum() < FEWEST_ANSWERS or min(yes.sum(), no.sum()) < FEWEST_OF_A_KIND:
        return Correction(scored, odds, settle(asked), 0, SLIPS, np.nan, np.nan)
    places = np.concatenate([np.repeat(at, yes), np.repeat(at, no)])
    said = np.arange(len(places)) < yes.sum()
    order = np.argsort(places, kind="stable")
    change, fitted = _learn(plan, model, scored, group, places[order], said[order])
    odds += change
    settled = settle(asked, np.where(known, odds[at], GIVEN_UP), fitted.slips)
    odds[at[known]] += settled.said[known]
    return Correction(scored, odds, settled, len(places), fitted.slips, fitted.loss, fitted.before)


def _learn(
    plan: Plan, model: Model, scored: Scored, group: LongArray, places: LongArray, yes: BoolArray
) -> tuple[FloatArray, Fit]:
    """The change of each scored pair's log odds. places, yes: the answers, by place among the scored pairs."""
    weighed = np.flatnonzero(scored.odds > -cluster.SURE)
    pairs = Pairs(scored.pairs.first[weighed], scored.pairs.second[weighed])
    odds = scored.odds[weighed].astype(np.float64)
    levels = agreement(plan, pairs)
    at = np.searchsorted(weighed, places)

    def columns() -> Iterator[FloatArray]:
        """An intercept, and the columns in like units."""
        yield np.ones(len(odds))
        for column in surroundings(model, levels, pairs, odds, group):
            spread = float(column.std(dtype=np.float64))
            if spread > _LEAST_SPREAD:
                middle = float(column.mean(dtype=np.float64))
                yield np.clip((column - middle) / spread, -_WIDEST, _WIDEST).astype(np.float64)

    fitted = ridge.fit(np.stack([column[at] for column in columns()], 1), odds[at], yes, np.arange(len(at)) % FOLDS)
    change = np.zeros(len(scored.odds))
    if fitted.weights.any():
        for weight, column in zip(fitted.weights, columns(), strict=True):
            change[weighed] += weight * column
    return change, fitted


def _places(n: int, pairs: Pairs, wanted: Pairs) -> tuple[LongArray, BoolArray]:
    """Where each wanted pair is among the pairs, and whether it is there."""
    packed = pairs.first.astype(np.int64) * n + pairs.second
    order = np.argsort(packed, kind="stable")
    keys = wanted.first.astype(np.int64) * n + wanted.second
    if len(packed) == 0:
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    at = order[np.minimum(np.searchsorted(packed, keys, sorter=order), len(packed) - 1)]
    return at, packed[at] == keys

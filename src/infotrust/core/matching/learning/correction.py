"""What people's answers teach about the pairs nobody was asked about.

The model weighs each pair by its own agreement and without labels; people see more, and know what the files mean. Their
answers correct its log odds by what a pair agrees on and what surrounds it (`surroundings`), carefully: as far as
answers that were left out are foretold better (`ridge`). Measured (benchmarks/answers.py).

In a register only pairs inside a component are corrected, whose records hang together by pairs that may start a merge:
a component then depends on nothing outside it, and what was taught once (`Lesson`) gives records that come later what
linking all by the same model would give them. Where all is linked at once, pairs across components are lifted, too:
B-cubed .9986 instead of .9982 after 500 answers, one in twenty wrong (Marigold County of 8,000, seed 12).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, LongArray, SmallFloatArray
from infotrust.core.matching.learning import ridge
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.ridge import FOLDS
from infotrust.core.matching.learning.surroundings import surroundings
from infotrust.core.matching.persons import cluster, merging
from infotrust.core.matching.persons.cluster import LOOSE_CUT, Scored
from infotrust.core.matching.persons.settled import GIVEN_UP, SLIPS, Asked, Settled, settle

FEWEST_ANSWERS = 30  # with fewer nothing is learned; they still join or part the records they are about
FEWEST_OF_A_KIND = 8  # matches, and no matches
_WIDEST = 3.0  # standard deviations, to which a column is cut: what few pairs have shall not move them far
_LEAST_SPREAD = 1e-5  # a column without any says nothing
_DIGITS = 4  # of a correction: the last bits of a sum depend on what else is summed, and shall decide nothing

LevelsOf = Callable[[Pairs], ByteArray]  # uint8 [pairs, comparisons]: how two records agree


@dataclass(frozen=True)
class Lesson:
    """What answers taught, for pairs that come later too.

    told: bool [columns of `surroundings`], those that say something; middle, spread: float64, of these, over the pairs
    it was learned on; weights: an intercept, and one each; used: answers learned from; slips: share of them that seems
    to be wrong; loss, loss_before: mean log loss on answers that were left out, with the correction and without; cut:
    mean log odds that joins two groups by which the surroundings are told (no answer has a part in it).
    """

    told: BoolArray
    middle: FloatArray
    spread: FloatArray
    weights: FloatArray
    used: int
    slips: float
    loss: float
    loss_before: float
    cut: float

    def change(self, columns: Iterator[SmallFloatArray], count: int) -> FloatArray:
        """What is added to the natural log odds of so many pairs: float64 [count]."""
        if not self.weights.any():
            return np.zeros(count)
        total, rest = np.full(count, self.weights[0]), zip(self.middle, self.spread, self.weights[1:], strict=True)
        for told, column in zip(self.told, columns, strict=True):
            if told:
                middle, spread, weight = next(rest)
                total += weight * _in_like_units(column, middle, spread)
        return _rounded(total)

    def said(self) -> dict[str, Any]:
        """As JSON can hold it, exactly."""
        arrays = {name: getattr(self, name).tolist() for name in ("told", "middle", "spread", "weights")}
        return arrays | {name: getattr(self, name) for name in ("used", "slips", "loss", "loss_before", "cut")}

    @staticmethod
    def read(said: Mapping[str, Any]) -> Lesson:
        middle, spread, weights = (np.array(said[name], np.float64) for name in ("middle", "spread", "weights"))
        slips, loss, loss_before, cut = (float(said[name]) for name in ("slips", "loss", "loss_before", "cut"))
        return Lesson(
            np.array(said["told"], bool), middle, spread, weights, int(said["used"]), slips, loss, loss_before, cut
        )


def _in_like_units(column: SmallFloatArray, middle: float, spread: float) -> FloatArray:
    cut: FloatArray = np.clip((column - middle) / spread, -_WIDEST, _WIDEST).astype(np.float64)
    return cut


def _rounded(change: FloatArray) -> FloatArray:
    rounded: FloatArray = np.round(change, _DIGITS)
    return rounded


@dataclass(frozen=True)
class Correction:
    """before: the pairs as the model weighs them; odds: their natural log odds, corrected; settled: which answers are
    gone by; lesson: what was learned, None where there were too few answers to learn from."""

    before: Scored
    odds: FloatArray
    settled: Settled
    lesson: Lesson | None = None

    @property
    def used(self) -> int:
        """Answers learned from."""
        return self.lesson.used if self.lesson else 0

    @property
    def slips(self) -> float:
        """Share of answers that seem to be wrong."""
        return self.lesson.slips if self.lesson else SLIPS

    @property
    def learned(self) -> bool:
        return self.lesson is not None and self.lesson.loss < self.lesson.loss_before


def correct(
    levels_of: LevelsOf, model: Model, scored: Scored, group: LongArray, asked: Asked, *, cut: float,
    weakest: float | None = None,
) -> Correction:  # fmt: skip
    """Learn from the answers, correct the odds of all pairs that were weighed to the end, settle which answers stand.

    group: int64 [n], the grouping at `cut`, in which no answer had a part; weakest: log odds that start a merge, where
    only pairs inside components are to be corrected.
    """
    weighed = _Weighed.of(levels_of, model, scored, group, weakest)
    at, known = _places(len(group), weighed.pairs, asked.pairs)
    yes, no = asked.yes * known, asked.no * known
    if yes.sum() + no.sum() < FEWEST_ANSWERS or min(yes.sum(), no.sum()) < FEWEST_OF_A_KIND:
        return Correction(scored, scored.odds.astype(np.float64), settle(asked))
    places = np.concatenate([np.repeat(at, yes), np.repeat(at, no)])
    said = np.arange(len(places)) < yes.sum()
    order = np.argsort(places, kind="stable")
    return _corrected(weighed, scored, asked, _learn(weighed, places[order], said[order], cut))


def correct_by(
    lesson: Lesson, levels_of: LevelsOf, model: Model, scored: Scored, group: LongArray, asked: Asked, *, weakest: float
) -> Correction:
    """The same by what was learned before, inside components. group: the grouping at `lesson.cut`."""
    return _corrected(_Weighed.of(levels_of, model, scored, group, weakest), scored, asked, lesson)


@dataclass(frozen=True)
class _Weighed:
    """The pairs to correct. at: their places among the scored pairs; n: records."""

    n: int
    at: LongArray
    pairs: Pairs
    odds: FloatArray
    columns: Callable[[], Iterator[SmallFloatArray]]

    @staticmethod
    def of(levels_of: LevelsOf, model: Model, scored: Scored, group: LongArray, weakest: float | None) -> _Weighed:
        chosen = scored.odds > -cluster.SURE
        if weakest is not None:
            strong = scored.odds >= min(LOOSE_CUT, weakest)
            component = merging.hang_together(len(group), scored.pairs.first[strong], scored.pairs.second[strong])
            chosen &= component[scored.pairs.first] == component[scored.pairs.second]
        at = np.flatnonzero(chosen)
        pairs, odds = Pairs(scored.pairs.first[at], scored.pairs.second[at]), scored.odds[at].astype(np.float64)
        levels = levels_of(pairs)
        return _Weighed(len(group), at, pairs, odds, lambda: surroundings(model, levels, pairs, odds, group))


def _learn(weighed: _Weighed, places: LongArray, yes: BoolArray, cut: float) -> Lesson:
    """places, yes: the answers, by place among the pairs weighed."""
    told, middles, spreads, answered = [], [], [], [np.ones(len(places))]
    for column in weighed.columns():
        spread = float(column.std(dtype=np.float64))
        told.append(spread > _LEAST_SPREAD)
        if told[-1]:
            middles.append(float(column.mean(dtype=np.float64)))
            spreads.append(spread)
            answered.append(_in_like_units(column[places], middles[-1], spread))
    fold = np.arange(len(places)) % FOLDS
    fitted = ridge.fit(np.stack(answered, 1), weighed.odds[places], yes, fold)
    return Lesson(
        np.array(told), np.array(middles), np.array(spreads), fitted.weights, len(places), fitted.slips, fitted.loss,
        fitted.before, cut,
    )  # fmt: skip


def _corrected(weighed: _Weighed, scored: Scored, asked: Asked, lesson: Lesson) -> Correction:
    odds = scored.odds.astype(np.float64)
    odds[weighed.at] += lesson.change(weighed.columns(), len(weighed.at))
    at, known = _places(weighed.n, scored.pairs, asked.pairs)
    known &= scored.odds[at] > -cluster.SURE
    settled = settle(asked, np.where(known, odds[at], GIVEN_UP), lesson.slips)
    odds[at[known]] += settled.said[known]
    return Correction(scored, odds, settled, lesson)


def _places(n: int, pairs: Pairs, wanted: Pairs) -> tuple[LongArray, BoolArray]:
    """Where each wanted pair is among the pairs, and whether it is there."""
    packed = pairs.first.astype(np.int64) * n + pairs.second
    order = np.argsort(packed, kind="stable")
    keys = wanted.first.astype(np.int64) * n + wanted.second
    if len(packed) == 0:
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    at = order[np.minimum(np.searchsorted(packed, keys, sorter=order), len(packed) - 1)]
    return at, packed[at] == keys

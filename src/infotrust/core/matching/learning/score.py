"""The evidence that two records are one person: log odds, natural inside, log2 at the edges of the package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.agree import DUELS, Columns, log_odds_of, odds_of
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import Plan
from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, LongArray, compiled, in_parallel
from infotrust.core.matching.learning.estimate import Model

BITS = float(np.log2(np.e))  # nats to bits: weights are shown as log2 odds, as the linkage literature does


def log_odds(model: Model, levels: ByteArray) -> FloatArray:
    """Natural log odds that a pair is one person's: float64 [pairs]."""
    tables, log_share = model.tables(), np.log(model.share)
    parts = in_parallel(
        lambda start, end: pair_odds(levels[start:end], tables, log_share, model.same_person), len(levels)
    )
    return np.concatenate(parts)


@dataclass(frozen=True)
class Scales:
    """What a model weighs a plan's pairs with; worked out once for many pairs. See `agree.odds_of`."""

    columns: Columns
    tables: FloatArray
    log_share: FloatArray
    same: BoolArray
    order: LongArray
    ahead: FloatArray
    gain: FloatArray
    open_gain: FloatArray

    @staticmethod
    def of(model: Model, plan: Plan) -> Scales:
        tables = model.tables()
        log_share, same = np.log(model.share), model.same_person
        gain, open_gain = _gains(tables, plan, same)
        order = _informative_first(plan, open_gain)
        ahead = (log_share[same][:, None] - log_share[~same][None, :]).ravel()
        return Scales(
            plan.columns, tables, log_share, same, order, _padded(ahead), _padded(gain), _padded(open_gain),
        )  # fmt: skip

    def odds(self, pairs: Pairs, *, weakest: float) -> FloatArray:
        """Natural log odds that each pair is one person's: float32 [pairs], never below `weakest`.

        A pair that cannot reach more than `weakest` is given up before its costly comparisons.
        """
        if len(pairs) == 0:
            return np.empty(0, np.float32)
        parts = in_parallel(
            lambda start, end: odds_of(
                self.columns, pairs.first[start:end], pairs.second[start:end], self.tables, self.log_share, self.same,
                self.order, self.ahead, self.gain, self.open_gain, weakest,
            ),
            len(pairs),
        )  # fmt: skip
        return np.concatenate(parts)


def odds_of_pairs(model: Model, plan: Plan, pairs: Pairs, *, weakest: float) -> FloatArray:
    """As `log_odds`, from the records, without keeping patterns. See `Scales.odds`."""
    return Scales.of(model, plan).odds(pairs, weakest=weakest)


def _gains(tables: FloatArray, plan: Plan, same: BoolArray) -> tuple[FloatArray, FloatArray]:
    """What each level, and any level of two different values at most, adds to each of one person's classes against
    each of the others: [fields, levels, duels] and [fields, duels]."""
    ours, others = np.flatnonzero(same), np.flatnonzero(~same)
    gain = (tables[:, :, ours, None] - tables[:, :, None, others]).reshape(*tables.shape[:2], -1)
    open_gain = np.zeros((len(plan), gain.shape[2]))
    for field, comparison in enumerate(plan.comparisons):
        open_gain[field] = gain[field, list(comparison.open)].max(0) if comparison.open else 0.0
    return gain, open_gain


def _padded(duels: FloatArray) -> FloatArray:
    whole = np.zeros((*duels.shape[:-1], DUELS))
    whole[..., : duels.shape[-1]] = duels
    return whole


def _informative_first(plan: Plan, open_gain: FloatArray) -> LongArray:
    """The order in which fields that differ are looked at: what tells persons apart first."""
    personal = [not comparison.personal for comparison in plan.comparisons]
    return np.lexsort((-open_gain.mean(1), personal)).astype(np.int64)


def membership(model: Model, levels: ByteArray) -> FloatArray:
    """P(class | pattern) of each pair: float64 [pairs, classes]."""
    tables = model.tables()
    scores = np.tile(np.log(model.share), (len(levels), 1))
    for place, column in enumerate(levels.T):
        scores += tables[place][column]
    scores = np.exp(scores - scores.max(1, keepdims=True))
    whole: FloatArray = scores / scores.sum(1, keepdims=True)
    return whole


@compiled
def pair_odds(levels: ByteArray, tables: FloatArray, log_share: FloatArray, same_person: BoolArray) -> FloatArray:
    """Log of (sum over the same-person classes / sum over the others)."""
    odds = np.empty(len(levels))
    scores = np.empty(len(log_share))
    for row in range(len(levels)):
        odds[row] = log_odds_of(levels[row], tables, log_share, same_person, scores)
    return odds

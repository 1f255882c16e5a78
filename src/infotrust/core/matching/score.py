"""The evidence that two records are one person: log odds, natural inside, log2 at the edges of the package."""

from __future__ import annotations

import numpy as np

from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, compiled, in_parallel
from infotrust.core.matching.estimate import Model

BITS = float(np.log2(np.e))  # nats to bits: weights are shown as log2 odds, as the linkage literature does


def log_odds(model: Model, levels: ByteArray) -> FloatArray:
    """Natural log odds that a pair is one person's: float64 [pairs]."""
    tables, log_share = model.tables(), np.log(model.share)
    parts = in_parallel(
        lambda start, end: pair_odds(levels[start:end], tables, log_share, model.same_person), len(levels)
    )
    return np.concatenate(parts)


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
    classes = len(log_share)
    for row in range(len(levels)):
        top = -1e300
        yes = 0.0
        no = 0.0
        for again in range(2):
            for k in range(classes):
                score = log_share[k]
                for c in range(levels.shape[1]):
                    score += tables[c, levels[row, c], k]
                if again == 0:
                    top = max(top, score)
                elif same_person[k]:
                    yes += np.exp(score - top)
                else:
                    no += np.exp(score - top)
        odds[row] = np.log(yes + 1e-300) - np.log(no + 1e-300)
    return odds

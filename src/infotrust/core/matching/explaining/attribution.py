"""What each field adds to a pair's weight, so that prior and fields sum to it exactly.

With latent classes the weight is the log of a sum over classes over another such sum, so that a field is worth more or
less by what the others say: one shared home makes a shared telephone cheap. Each field therefore gets its Shapley value
(Shapley 1953; Lundberg and Lee 2017 for models): what it adds to the weight, averaged over all orders in which the
fields could have been told. Exact, over all subsets of the fields that are known. See docs/decisions/0016.
"""

from __future__ import annotations

from math import factorial

import numpy as np

from infotrust.core.matching.compiled import BoolArray, FloatArray

BITS = float(np.log2(np.e))
MOST_KNOWN = 20  # a million subsets; no plan compares more than seventeen fields


def attribute(scores: FloatArray, log_share: FloatArray, same: BoolArray) -> tuple[float, FloatArray]:
    """The prior and each field's contribution in log2 odds; together they are the weight of the pair.

    scores: float64 [fields, classes], log P(the field's level | class), all 0 where nothing is known; log_share:
    [classes]; same: which classes are one person's. Raises ValueError for more than MOST_KNOWN known fields.
    """
    known = np.flatnonzero((scores != 0).any(1))
    if len(known) > MOST_KNOWN:
        raise ValueError(f"{len(known)} fields at once cannot be told apart, {MOST_KNOWN} can")
    worth = _of_every_subset(scores[known], log_share, same)
    contributions = np.zeros(len(scores))
    contributions[known] = _shapley(worth, len(known))
    return float(worth[0]) * BITS, contributions * BITS


def _of_every_subset(scores: FloatArray, log_share: FloatArray, same: BoolArray) -> FloatArray:
    """The log odds when only some fields are told: float64 [2 ** fields], field f in the subsets with bit f."""
    sums = log_share[None, :]
    for field in scores:
        sums = np.concatenate([sums, sums + field])
    return _log_sum(sums[:, same]) - _log_sum(sums[:, ~same])


def _log_sum(scores: FloatArray) -> FloatArray:
    top = scores.max(1)
    whole: FloatArray = top + np.log(np.exp(scores - top[:, None]).sum(1))
    return whole


def _shapley(worth: FloatArray, fields: int) -> FloatArray:
    told = np.zeros(1, np.int64)  # how many fields each subset tells
    for _ in range(fields):
        told = np.concatenate([told, told + 1])
    orders = [factorial(size) * factorial(fields - size - 1) / factorial(fields) for size in range(fields)]
    weights = np.array([*orders, 0.0])[told]
    values = np.empty(fields)
    for field in range(fields):
        split = worth.reshape(-1, 2, 1 << field)
        values[field] = ((split[:, 1] - split[:, 0]) * weights.reshape(split.shape)[:, 0]).sum()
    return values

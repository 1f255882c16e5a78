"""What speaks for a pair beside its own agreement: the two groups it lies between, and what else they are near to.

Each column is a plain number per pair, worked out for all pairs at once and handed over one at a time, so that millions
of pairs need no wide table. They are what `correction` learns from people's answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, LongArray, SmallFloatArray
from infotrust.core.matching.learning import score
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.persons import cluster

FAR = -4.0  # log odds that a pair between two groups counts as when it was never compared or given up
MOST = 6.0  # log odds to which a field's weight is cut: one field alone says no more


@dataclass(frozen=True)
class Seams:
    """The pairs by the two groups they lie between (or the one they lie inside). of: int64 [pairs], each pair's seam;
    order, start: the pairs sorted by seam, and where each begins; one, other: the two groups; across: all pairs of
    records there are between (inside) them."""

    of: LongArray
    order: LongArray
    start: LongArray
    one: LongArray
    other: LongArray
    across: LongArray

    @staticmethod
    def of_pairs(pairs: Pairs, group: LongArray) -> Seams:
        n = len(group)
        sizes = np.bincount(group, minlength=n).astype(np.int64)
        x, y = group[pairs.first], group[pairs.second]
        keys, of = np.unique(np.minimum(x, y) * n + np.maximum(x, y), return_inverse=True)
        order = np.argsort(of, kind="stable")
        start = np.searchsorted(of[order], np.arange(len(keys)))
        one, other = np.divmod(keys, n)
        across = np.where(one == other, sizes[one] * (sizes[one] - 1) // 2, sizes[one] * sizes[other])
        return Seams(of.astype(np.int64), order, start.astype(np.int64), one, other, across)

    def most(self, values: FloatArray) -> FloatArray:
        return np.maximum.reduceat(values[self.order], self.start)

    def total(self, values: FloatArray) -> FloatArray:
        total: FloatArray = np.bincount(self.of, values, len(self.start)).astype(np.float64)
        return total


def surroundings(
    model: Model, levels: ByteArray, pairs: Pairs, odds: FloatArray, group: LongArray
) -> Iterator[SmallFloatArray]:
    """One column after the other, float32 [pairs].

    levels: uint8 [pairs, comparisons]; odds: natural log odds; group: int64 [n], a grouping that was made without any
    answer (one with answers would tell them to who is to learn from them).
    """
    near = np.clip(odds, -cluster.SURE, cluster.SURE)
    together = group[pairs.first] == group[pairs.second]
    seams = Seams.of_pairs(pairs, group)
    columns = (
        iter((near, together)),
        _classes(model, levels),
        _fields(model, levels, seams),
        _seams(seams, near),
        _ends(pairs, near, group, seams, together),
    )
    for part in columns:
        for column in part:
            yield np.asarray(column, np.float32)


def _classes(model: Model, levels: ByteArray) -> Iterator[FloatArray]:
    """How likely each class of the model is, but for the last, which the others tell."""
    belongs = score.membership(model, levels)
    yield from belongs.T[:-1]


def _fields(model: Model, levels: ByteArray, seams: Seams) -> Iterator[FloatArray]:
    """For each field: what its level says, whether it is known, and both over all pairs of the seam (mean and best):
    the best of each field is the agreement of the two groups' profiles."""
    for place, weights in enumerate(level_weights(model)):
        known = (levels[:, place] > 0).astype(np.float64)
        said = weights[levels[:, place]]
        yield said
        yield known
        yield (seams.total(said) / np.maximum(seams.total(known), 1))[seams.of]
        best = seams.most(np.where(known > 0, said, -MOST - 1))
        yield np.where(best < -MOST, 0.0, best)[seams.of]


def level_weights(model: Model) -> list[FloatArray]:
    """What each level of each field adds to the log odds by itself: [levels] each, 0 where it is not known."""
    same, weights = model.same_person, []
    for table in model.levels:
        ours = table[:, same] @ model.share[same] / model.share[same].sum()
        others = table[:, ~same] @ model.share[~same] / model.share[~same].sum()
        weight = np.log(np.maximum(ours, 1e-9) / np.maximum(others, 1e-9))
        weight[0] = 0.0
        weights.append(np.clip(weight, -MOST, MOST))
    return weights


def _mean(total: FloatArray, seen: FloatArray | LongArray, across: FloatArray | LongArray) -> FloatArray:
    mean: FloatArray = (total + FAR * (across - seen)) / np.maximum(across, 1)
    return mean


def _seams(seams: Seams, odds: FloatArray) -> Iterator[FloatArray]:
    """Between the two groups: mean, best and worst log odds, and how many of the pairs there were compared."""
    seen = np.bincount(seams.of, minlength=len(seams.start))
    for column in (
        _mean(seams.total(odds), seen, seams.across),
        seams.most(odds),
        -seams.most(-odds),
        seen / np.maximum(seams.across, 1),
    ):
        yield column[seams.of]


def _ends(pairs: Pairs, odds: FloatArray, group: LongArray, seams: Seams, together: BoolArray) -> Iterator[FloatArray]:
    """The two ends, the lesser before the greater: size of the group; how near the record is to the other's group, and
    to its own; how near the group is to its nearest neighbor; and the neighbors that both have."""
    n = len(group)
    sizes = np.bincount(group, minlength=n).astype(np.int64)
    x, y = group[pairs.first], group[pairs.second]
    yield from _ordered(sizes[x].astype(np.float64), sizes[y].astype(np.float64))
    keys = np.concatenate([pairs.first.astype(np.int64) * n + y, pairs.second.astype(np.int64) * n + x])
    _, of = np.unique(keys, return_inverse=True)
    total, seen = np.bincount(of, np.tile(odds, 2)).astype(np.float64), np.bincount(of)
    others = np.concatenate([sizes[y], sizes[x]]) - np.tile(together, 2)
    nearness = _mean(total[of], seen[of], others)
    yield from _ordered(nearness[: len(pairs)], nearness[len(pairs) :])
    inside = np.bincount(pairs.first[together], odds[together], n)
    inside += np.bincount(pairs.second[together], odds[together], n)
    own = np.where(sizes[group] > 1, inside / np.maximum(sizes[group] - 1, 1), 0.0)
    yield from _ordered(own[pairs.first], own[pairs.second])
    mean = _mean(seams.total(odds), np.bincount(seams.of, minlength=len(seams.start)), seams.across)
    nearest, apart = np.full(n, -cluster.SURE), seams.one != seams.other
    for side in (seams.one, seams.other):
        np.maximum.at(nearest, side[apart], mean[apart])
    yield from _ordered(nearest[x], nearest[y])
    yield np.nan_to_num(cluster.common_neighbors(n, pairs, odds > 0), nan=-0.2)


def _ordered(one: FloatArray, other: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.minimum(one, other), np.maximum(one, other)

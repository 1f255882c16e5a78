"""Pairs become persons: groups of records whose evidence holds on average, not chains of single links.

The strongest pair first; two groups join when the mean log odds over all pairs between them reaches the cut. A pair
that was never a candidate counts as weak evidence against. Connected components would let one wrong link join two
families.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.candidates import Pairs
from infotrust.core.matching.compiled import BoolArray, FloatArray, IntArray, LongArray, compiled

CUTS = (0.5, 0.0, -0.5, -1.0, -1.5)  # mean log odds among which the data choose
UNSEEN = -3.0  # log odds of a pair that shares too little to have been a candidate
SURE = 6.0  # evidence beyond this (400 to 1) counts no more: one strong pair must not outvote many weak ones
LOOSE_CUT = LOOSE_UNSEEN = -1.0  # for the first, generous grouping within which unseen pairs are scored
LARGEST_LOOSE = 60  # records


@dataclass(frozen=True)
class Scored:
    """Pairs with their natural log odds: float64 [pairs]."""

    pairs: Pairs
    odds: FloatArray


def average_linkage(
    n: int, scored: Scored, *, cut: float, unseen: float = UNSEEN, weakest: float = 0.0, largest: int = 2**31
) -> LongArray:
    """Group records 0..n-1: int64 [n], each record's group named by one of its members.

    weakest: log odds below which a pair never starts a merge; largest: records a group may grow to.
    """
    first, second = scored.pairs.first, scored.pairs.second
    capped = np.clip(scored.odds, -SURE, SURE)
    one, other = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.argsort(one, kind="stable")
    start = np.searchsorted(one[order], np.arange(n + 1)).astype(np.int64)
    strong = np.flatnonzero(scored.odds >= weakest)
    strong = strong[np.argsort(-scored.odds[strong], kind="stable")]
    weights = np.concatenate([capped, capped])[order]
    return join(n, first[strong], second[strong], start, other[order], weights, unseen, cut, largest)


def unseen_pairs(n: int, scored: Scored) -> Pairs:
    """The pairs inside generous groups that were not candidates: they are scored before the final grouping."""
    loose = average_linkage(n, scored, cut=LOOSE_CUT, unseen=LOOSE_UNSEEN, weakest=LOOSE_CUT, largest=LARGEST_LOOSE)
    order = np.argsort(loose, kind="stable").astype(np.int32)
    sizes = np.unique(loose, return_counts=True)[1]
    inside = pairs_within(order, np.append(0, np.cumsum(sizes)).astype(np.int64))
    fresh = np.setdiff1d(inside, scored.pairs.first.astype(np.int64) * n + scored.pairs.second)
    return Pairs((fresh // n).astype(np.int32), (fresh % n).astype(np.int32))


def choose_cut(n: int, scored: Scored) -> tuple[float, LongArray]:
    """The grouping with the best B-cubed F1 that the model itself expects, and its cut. No truth is looked at."""
    groupings = [(cut, average_linkage(n, scored, cut=cut)) for cut in CUTS]
    return max(groupings, key=lambda grouping: expected_b_cubed(n, scored, grouping[1]))


def expected_b_cubed(n: int, scored: Scored, groups: LongArray) -> float:
    """B-cubed F1 if every pair were one person's with its own probability. Good to choose by, poor as an estimate."""
    first, second = scored.pairs.first, scored.pairs.second
    likely = 1 / (1 + np.exp(-np.clip(scored.odds, -30, 30)))
    together = groups[first] == groups[second]
    all_own = 1 + np.bincount(first, likely, n) + np.bincount(second, likely, n)
    found = 1 + np.bincount(first[together], likely[together], n) + np.bincount(second[together], likely[together], n)
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    precision = float(np.minimum(found / sizes[place], 1).mean())
    recall = float((found / all_own).mean())
    return 2 * precision * recall / (precision + recall)


def common_neighbors(n: int, pairs: Pairs, kept: BoolArray) -> FloatArray:
    """Share of the smaller neighborhood, over the kept pairs, that both ends have: [pairs], nan without neighbors."""
    one = np.concatenate([pairs.first[kept], pairs.second[kept]])
    other = np.concatenate([pairs.second[kept], pairs.first[kept]])
    order = np.lexsort((other, one))
    start = np.searchsorted(one[order], np.arange(n + 1)).astype(np.int64)
    return shared_neighbors(pairs.first, pairs.second, start, other[order])


@compiled
def join(
    n: int, first: IntArray, second: IntArray, start: LongArray, neighbor: IntArray, weight: FloatArray,
    unseen: float, cut: float, largest: int,
) -> LongArray:  # fmt: skip
    """Greedy average linkage. first, second: pairs, strongest first; start, neighbor, weight: all pairs by record."""
    group = np.arange(n)
    head = np.arange(n)
    tail = np.arange(n)
    following = np.full(n, -1)
    size = np.ones(n, np.int64)
    for pair in range(len(first)):
        small, big = group[first[pair]], group[second[pair]]
        if small == big:
            continue
        if size[small] > size[big]:
            small, big = big, small
        if size[small] + size[big] > largest:
            continue
        total = 0.0
        seen = 0
        member = head[small]
        while member >= 0:
            for place in range(start[member], start[member + 1]):
                if group[neighbor[place]] == big:
                    total += weight[place]
                    seen += 1
            member = following[member]
        across = size[small] * size[big]
        if (total + unseen * (across - seen)) / across < cut:
            continue
        member = head[small]
        while member >= 0:
            group[member] = big
            member = following[member]
        following[tail[big]] = head[small]
        tail[big] = tail[small]
        size[big] += size[small]
    return group


@compiled
def pairs_within(order: IntArray, start: LongArray) -> LongArray:
    """All pairs inside each group, packed as first * n + second with first < second. order: records by group."""
    n = len(order)
    count = 0
    for group in range(len(start) - 1):
        size = start[group + 1] - start[group]
        count += size * (size - 1) // 2
    packed = np.empty(count, np.int64)
    place = 0
    for group in range(len(start) - 1):
        for x in range(start[group], start[group + 1]):
            for y in range(x + 1, start[group + 1]):
                one, other = np.int64(order[x]), np.int64(order[y])
                packed[place] = min(one, other) * n + max(one, other)
                place += 1
    return packed


@compiled
def shared_neighbors(first: IntArray, second: IntArray, start: LongArray, neighbor: IntArray) -> FloatArray:
    share = np.empty(len(first))
    for pair in range(len(first)):
        x, x_end = start[first[pair]], start[first[pair] + 1]
        y, y_end = start[second[pair]], start[second[pair] + 1]
        least = min(x_end - x, y_end - y)
        common = 0
        while x < x_end and y < y_end:
            if neighbor[x] == neighbor[y]:
                common += 1
                x += 1
                y += 1
            elif neighbor[x] < neighbor[y]:
                x += 1
            else:
                y += 1
        share[pair] = common / least if least > 0 else np.nan
    return share

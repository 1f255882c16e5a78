"""Pairs become persons: groups of records whose evidence holds on average, not chains of single links.

The strongest pair first; two groups join when the mean log odds over all pairs between them reaches the cut. A pair
that was never a candidate counts as weak evidence against. Connected components would let one wrong link join two
families.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import BoolArray, FloatArray, IntArray, LongArray, SmallFloatArray, compiled

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


@dataclass(frozen=True)
class Graph:
    """Scored pairs by record and by strength, made once for several groupings. weight: log odds, capped."""

    n: int
    first: IntArray  # of the pairs that may start a merge, strongest first
    second: IntArray
    odds: FloatArray
    start: LongArray  # [n + 1], into neighbor and weight: all pairs of each record
    neighbor: IntArray
    weight: SmallFloatArray

    @staticmethod
    def of(n: int, scored: Scored, weakest: float = LOOSE_CUT) -> Graph:
        strong = np.flatnonzero(scored.odds >= weakest)
        strong = strong[np.argsort(-scored.odds[strong], kind="stable")]
        first, second = scored.pairs.first, scored.pairs.second
        capped = np.clip(scored.odds, -SURE, SURE).astype(np.float32)
        return Graph(n, first[strong], second[strong], scored.odds[strong], *by_record(n, first, second, capped))


def average_linkage(
    graph: Graph, *, cut: float, unseen: float = UNSEEN, weakest: float = 0.0, largest: int = 2**31
) -> LongArray:
    """Group records 0..n-1: int64 [n], each record's group named by one of its members.

    weakest: log odds below which a pair never starts a merge (not below the graph's own); largest: records a group may
    grow to.
    """
    strong = int(np.searchsorted(-graph.odds, -weakest, side="right"))
    return join(
        graph.n, graph.first[:strong], graph.second[:strong], graph.start, graph.neighbor, graph.weight, unseen, cut,
        largest,
    )  # fmt: skip


def unseen_pairs(n: int, scored: Scored) -> Pairs:
    """The pairs inside generous groups that were not candidates: they are scored before the final grouping."""
    graph = Graph.of(n, scored)
    loose = average_linkage(graph, cut=LOOSE_CUT, unseen=LOOSE_UNSEEN, weakest=LOOSE_CUT, largest=LARGEST_LOOSE)
    order = np.argsort(loose, kind="stable").astype(np.int32)
    sizes = np.bincount(loose, minlength=n)
    start = np.append(0, np.cumsum(sizes[sizes > 0])).astype(np.int64)
    first, second = pairs_within(order, start, graph.start, graph.neighbor)
    return Pairs(first, second)


def choose_cut(n: int, scored: Scored) -> tuple[float, LongArray]:
    """The grouping with the best B-cubed F1 that the model itself expects, and its cut. No truth is looked at."""
    graph = Graph.of(n, scored)
    groupings = [(cut, average_linkage(graph, cut=cut)) for cut in CUTS]
    return max(groupings, key=lambda grouping: expected_b_cubed(n, scored, grouping[1]))


def expected_b_cubed(n: int, scored: Scored, groups: LongArray) -> float:
    """B-cubed F1 if every pair were one person's with its own probability. Good to choose by, poor as an estimate."""
    # At the bottom a pair was given up: how much less likely it is than that was not worked out.
    told = scored.odds > -SURE
    first, second = scored.pairs.first[told], scored.pairs.second[told]
    likely = 1 / (1 + np.exp(-np.clip(scored.odds[told].astype(np.float64), -30, 30)))
    together = groups[first] == groups[second]
    all_own = 1 + np.bincount(first, likely, n) + np.bincount(second, likely, n)
    found = 1 + np.bincount(first[together], likely[together], n) + np.bincount(second[together], likely[together], n)
    precision = float(np.minimum(found / np.bincount(groups, minlength=n)[groups], 1).mean())
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
    n: int, first: IntArray, second: IntArray, start: LongArray, neighbor: IntArray, weight: SmallFloatArray,
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
def by_record(
    n: int, first: IntArray, second: IntArray, weight: SmallFloatArray
) -> tuple[LongArray, IntArray, SmallFloatArray]:
    """Pairs as each record's neighbors, in order: where they begin, who they are, and the weights."""
    start = np.zeros(n + 1, np.int64)
    for pair in range(len(first)):
        start[first[pair] + 1] += 1
        start[second[pair] + 1] += 1
    for place in range(n):
        start[place + 1] += start[place]
    following = start[:-1].copy()
    neighbor = np.empty(2 * len(first), np.int32)
    kept = np.empty(2 * len(first), np.float32)
    for pair in range(len(first)):
        for record, other in ((first[pair], second[pair]), (second[pair], first[pair])):
            neighbor[following[record]] = other
            kept[following[record]] = weight[pair]
            following[record] += 1
    return start, neighbor, kept


@compiled
def pairs_within(
    order: IntArray, group_start: LongArray, start: LongArray, neighbor: IntArray
) -> tuple[IntArray, IntArray]:
    """All pairs inside each group that are not neighbors, the lower place first. order: records by group."""
    found = 0
    count = 0
    for group in range(len(group_start) - 1):
        size = group_start[group + 1] - group_start[group]
        count += size * (size - 1) // 2
    first = np.empty(count, np.int32)
    second = np.empty(count, np.int32)
    for group in range(len(group_start) - 1):
        for x in range(group_start[group], group_start[group + 1]):
            for y in range(x + 1, group_start[group + 1]):
                one, other = min(order[x], order[y]), max(order[x], order[y])
                known = False
                for place in range(start[one], start[one + 1]):
                    if neighbor[place] == other:
                        known = True
                        break
                if not known:
                    first[found] = one
                    second[found] = other
                    found += 1
    return first[:found].copy(), second[:found].copy()


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

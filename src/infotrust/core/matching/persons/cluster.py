"""Pairs become persons: groups of records whose evidence holds on average, not chains of single links.

The two closest groups join first, as long as the mean log odds over all pairs between them reaches the cut. A pair that
was never a candidate counts as weak evidence against. Connected components would let one wrong link join two families.
One pass serves every cut: see `Merges`. What may not or must be one person: `constraints`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import (
    BoolArray,
    FloatArray,
    IntArray,
    LongArray,
    SmallFloatArray,
    compiled,
    in_parallel,
)
from infotrust.core.matching.persons import merging
from infotrust.core.matching.persons.constraints import FREE, Constraints

CUTS = (0.5, 0.0, -0.5, -1.0, -1.5)  # mean log odds among which the data choose
# Log odds that at least one pair between two groups has. Below even odds, so that a badly typed record that all its
# group's records speak for a little finds it: FEBRL 3 .9985 -> .9997, practice counties +.0003 on average.
STARTS = -0.5
# Figures so near are the same, and then the lower cut is better: the model is oftener too sure that two records are not
# one person's. Mean of 27 sets +.0001, FEBRL 3 .9985 -> .9997; at .0002 nothing is gained.
AS_GOOD = 5e-5
UNSEEN = -3.0  # log odds of a pair that shares too little to have been a candidate
SURE = 6.0  # evidence beyond this (400 to 1) counts no more: one strong pair must not outvote many weak ones
LOOSE_CUT = LOOSE_UNSEEN = -1.0  # for the first, generous grouping within which unseen pairs are scored
LARGEST_LOOSE = 60  # records
UNITS = 2.0**24  # of 1: sums of up to 500 million shares in whole units are exact


@dataclass(frozen=True)
class Scored:
    """Pairs with their natural log odds: float64 [pairs]."""

    pairs: Pairs
    odds: FloatArray


@dataclass(frozen=True)
class Graph:
    """The pairs of each component of the pairs that may start a merge. Made once for several groupings.

    member_start, member: the records of each component of two or more; pair_start, first, second: the pairs inside;
    odds: log odds as they were scored; weight: what they count for, capped, infinite where a constraint decides.
    """

    n: int
    member_start: LongArray
    member: IntArray
    pair_start: LongArray
    first: IntArray
    second: IntArray
    odds: FloatArray
    weight: SmallFloatArray
    constraints: Constraints = FREE

    @staticmethod
    def of(n: int, scored: Scored, weakest: float = LOOSE_CUT, constraints: Constraints = FREE) -> Graph:
        pairs, odds, weight = constraints.applied(n, scored.pairs, scored.odds, SURE)
        strong = (odds >= weakest) & (weight > -np.inf)
        component = merging.hang_together(n, pairs.first[strong], pairs.second[strong])
        member_start, member, of = merging.members_of(component)
        pair_start, inside = merging.pairs_by_component(of, len(member_start) - 1, pairs.first, pairs.second)
        return Graph(
            n, member_start, member, pair_start, pairs.first[inside], pairs.second[inside], odds[inside],
            weight[inside], constraints,
        )  # fmt: skip


@dataclass(frozen=True)
class Merges:
    """How groups joined: one, other: int32, a record of each of two groups; height: float64, the mean log odds between
    them, never above that of a merge it builds on (inf: people said so). Every cut of it is a grouping."""

    n: int
    one: IntArray
    other: IntArray
    height: FloatArray

    def groups(self, cut: float) -> LongArray:
        """Each record's group, named by its smallest member: int64 [n]."""
        return merging.grouped(self.n, self.one, self.other, self.height, cut)


def merge(graph: Graph, *, lowest: float, unseen: float = UNSEEN, weakest: float = 0.0, largest: int = 2**31) -> Merges:
    """Join the closest groups first, down to a mean of `lowest`.

    weakest: log odds that at least one pair between two groups has (not below the graph's own); largest: records a
    group may grow to. Constrained average linkage (UPGMA, Sokal and Michener 1958; with pairs that cannot join:
    Davidson and Ravi 2005). Components do not depend on each other and are worked on in parallel.
    """
    strong = (graph.odds >= weakest) & (graph.weight > -np.inf)
    mask = graph.constraints.masks(graph.n)
    parts = in_parallel(
        lambda begin, end: merging.merges_of(
            graph.member_start, graph.member, graph.pair_start, graph.first, graph.second, graph.weight, strong, mask,
            unseen, lowest, largest, begin, end,
        ),
        len(graph.member_start) - 1,
    )  # fmt: skip
    one, other, height = (np.concatenate([part[place] for part in parts]) for place in range(3))
    return Merges(graph.n, one, other, height)


def average_linkage(
    graph: Graph, *, cut: float, unseen: float = UNSEEN, weakest: float = 0.0, largest: int = 2**31
) -> LongArray:
    """The groups at one cut: int64 [n], each named by its smallest member. See `merge`."""
    return merge(graph, lowest=cut, unseen=unseen, weakest=weakest, largest=largest).groups(cut)


def groups_at(n: int, scored: Scored, cut: float, weakest: float, constraints: Constraints = FREE) -> LongArray:
    """The groups of n records at one cut: int64 [n]; weakest: log odds that a pair between two groups must have."""
    return average_linkage(Graph.of(n, scored, weakest, constraints), cut=cut, weakest=weakest)


def unseen_pairs(n: int, scored: Scored, constraints: Constraints = FREE) -> Pairs:
    """The pairs inside generous groups that were not candidates: they are scored before the final grouping."""
    graph = Graph.of(n, scored, constraints=constraints)
    loose = average_linkage(graph, cut=LOOSE_CUT, unseen=LOOSE_UNSEEN, weakest=LOOSE_CUT, largest=LARGEST_LOOSE)
    start, member, of = merging.members_of(loose.astype(np.int32))
    pair_start, inside = merging.pairs_by_component(of, len(start) - 1, graph.first, graph.second)
    return Pairs(*merging.pairs_missing(start, member, pair_start, graph.first[inside], graph.second[inside]))


def choose_cut(n: int, scored: Scored, constraints: Constraints = FREE) -> tuple[float, LongArray]:
    """The grouping with the best B-cubed F1 that the model itself expects, and its cut. No truth is looked at."""
    groupings = groups_at_each(n, scored, CUTS, STARTS, constraints)
    best = best_of(expected_b_cubed(n, scored, groupings))
    return CUTS[best], groupings[best]


def groups_at_each(
    n: int, scored: Scored, cuts: Sequence[float], weakest: float, constraints: Constraints = FREE
) -> list[LongArray]:
    """The grouping of `groups_at` for each cut, in one pass."""
    merges = merge(Graph.of(n, scored, weakest, constraints), lowest=min(cuts), weakest=weakest)
    return [merges.groups(cut) for cut in cuts]


def best_of(expected: Sequence[float]) -> int:
    """The place of the highest figure; of those as good as it, the last: the lowest of the cuts."""
    return max(place for place in range(len(expected)) if expected[place] >= max(expected) - AS_GOOD)


def strongest_links(
    n: int, first: IntArray | LongArray, second: IntArray | LongArray, odds: FloatArray, groups: LongArray
) -> FloatArray:
    """The highest of the odds between each record and another of its group: float64 [n], nan where there is none."""
    together = groups[first] == groups[second]
    strongest = np.full(n, -np.inf)
    np.maximum.at(strongest, first[together], odds[together])
    np.maximum.at(strongest, second[together], odds[together])
    return np.where(np.isinf(strongest), np.nan, strongest)


def expected_b_cubed(n: int, scored: Scored, groupings: list[LongArray]) -> list[float]:
    """B-cubed F1 of each grouping if every pair were one person's with its own probability. Good to choose by, poor as
    an estimate. The last grouping holds all the others' groups."""
    first, second, likely = told_pairs(scored)
    all_own = own_records(n, first, second, likely)
    inside = groupings[-1][first] == groupings[-1][second]
    first, second, likely = first[inside], second[inside], likely[inside]
    figures = []
    for groups in groupings:
        together = groups[first] == groups[second]
        found = own_records(n, first[together], second[together], likely[together])
        precision, recall = expected_shares(found, np.bincount(groups, minlength=n)[groups], all_own)
        figures.append(f1_of(float(precision.sum()), float(recall.sum()), n))
    return figures


def told_pairs(scored: Scored) -> tuple[IntArray, IntArray, FloatArray]:
    """The pairs that were scored to the end, and how likely each is one person's, in whole units.

    At the bottom a pair was given up: how much less likely it is than that was not worked out.
    """
    told = scored.odds > -SURE
    odds = np.clip(scored.odds[told].astype(np.float64), -30, 30)
    return scored.pairs.first[told], scored.pairs.second[told], in_units(1 / (1 + np.exp(-odds)))


def own_records(n: int, first: IntArray, second: IntArray, likely: FloatArray) -> FloatArray:
    """How many records, itself among them, are expected to be of each record's person: float64 [n]."""
    ones = np.ones(n)
    return ones + np.bincount(first, likely, n) + np.bincount(second, likely, n)


def expected_shares(found: FloatArray, size: LongArray, all_own: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of each record's group the share that is its person's, and of its person's records those in the group.

    found: own records inside the group; size: records of the group; all_own: own records in all.
    """
    return in_units(np.minimum(found / size, 1)), in_units(found / all_own)


def f1_of(precision: float, recall: float, n: int) -> float:
    """From the sums over n records."""
    precision, recall = precision / n, recall / n
    return 2 * precision * recall / (precision + recall)


def in_units(shares: FloatArray) -> FloatArray:
    """Rounded to whole UNITS: then neither the order in which they are added nor parts of them change a digit."""
    rounded: FloatArray = np.rint(shares * UNITS) / UNITS
    return rounded


def common_neighbors(n: int, pairs: Pairs, kept: BoolArray) -> FloatArray:
    """Share of the smaller neighborhood, over the kept pairs, that both ends have: [pairs], nan without neighbors."""
    one = np.concatenate([pairs.first[kept], pairs.second[kept]])
    other = np.concatenate([pairs.second[kept], pairs.first[kept]])
    order = np.lexsort((other, one))
    start = np.searchsorted(one[order], np.arange(n + 1)).astype(np.int64)
    return shared_neighbors(pairs.first, pairs.second, start, other[order])


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

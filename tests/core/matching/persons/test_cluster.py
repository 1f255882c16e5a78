"""Average linkage under constraints, held against a version that recomputes every mean from the pairs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.persons.cluster import (
    CUTS,
    SURE,
    Graph,
    Scored,
    average_linkage,
    best_of,
    choose_cut,
    expected_b_cubed,
    expected_shares,
    f1_of,
    merge,
    own_records,
    told_pairs,
    unseen_pairs,
)
from infotrust.core.matching.persons.constraints import FREE, Constraints

N = 9
Edges = dict[tuple[int, int], float]
PAIR = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] < pair[1])
# Small odd steps that differ from pair to pair, so that no two means are the same.
EDGES = st.dictionaries(PAIR, st.integers(-8_000, 8_000), max_size=24).map(
    lambda edges: {pair: step / 1_000 + (pair[0] * N + pair[1]) ** 0.5 / 7e4 for pair, step in edges.items()}
)
# None beyond what counts: two that are clipped are equal, and of equals the lower place comes first.
UNCLIPPED = EDGES.map(lambda edges: {pair: odds for pair, odds in edges.items() if odds < SURE})
SOURCES = st.lists(st.integers(-1, 2), min_size=N, max_size=N)


def pairs(some: list[tuple[int, int]]) -> Pairs:
    return Pairs(*(np.array([pair[side] for pair in some], np.int32) for side in (0, 1)))


def scored(edges: Edges) -> Scored:
    return Scored(pairs(sorted(edges)), np.array([edges[pair] for pair in sorted(edges)], float))


def groups_of(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def naive(
    edges: Edges, cut: float, unseen: float, together=(), apart=(), source=(-1,) * N, largest: int = N
) -> set[frozenset[int]]:
    def between(one: frozenset[int], other: frozenset[int]) -> list[tuple[int, int]]:
        return [(min(x, y), max(x, y)) for x in one for y in other]

    def mean(one: frozenset[int], other: frozenset[int]) -> float:
        across = between(one, other)
        crowded = len(one) + len(other) > largest
        sources = [{source[record] for record in group} - {-1} for group in (one, other)]
        if crowded or sources[0] & sources[1] or set(across) & set(apart):
            return -np.inf
        if not any(edges.get(pair, -9) >= 0 for pair in across):
            return -np.inf
        return float(np.mean([np.float32(np.clip(edges.get(pair, unseen), -SURE, SURE)) for pair in across]))

    groups = {frozenset({record}) for record in range(N)}
    for one, other in together:
        joined = frozenset().union(*(group for group in groups if group & {one, other}))
        groups = {group for group in groups if not group & joined} | {joined}
    while len(groups) > 1:
        one, other = max(combinations(sorted(groups, key=sorted), 2), key=lambda two: mean(*two))
        if mean(one, other) < cut:
            break
        groups = groups - {one, other} | {one | other}
    return groups


def consistent(together: list[tuple[int, int]], apart: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of `apart` that `together` does not contradict."""
    joined = naive({}, 0.0, 0.0, together)
    return [(x, y) for x, y in apart if not any({x, y} <= group for group in joined)]


@given(EDGES, st.sampled_from(CUTS), st.sampled_from([-3.0, -1.0]))
@settings(deadline=None, max_examples=200)
def test_the_closest_groups_join_while_their_mean_evidence_reaches_the_cut(edges, cut: float, unseen: float) -> None:
    found = average_linkage(Graph.of(N, scored(edges)), cut=cut, unseen=unseen)
    assert groups_of(found) == naive(edges, cut, unseen)


@given(EDGES, st.lists(PAIR, max_size=4), st.lists(PAIR, max_size=4), SOURCES, st.integers(3, N))
@settings(deadline=None, max_examples=300)
def test_constraints_hold_and_the_rest_is_grouped_as_a_naive_version_does(edges, together, apart, source, largest):
    apart = consistent(together, apart)
    if any(len({*one} | {*other}) < 4 for one, other in combinations(set(together), 2)):
        largest = N  # what people put together may be larger than any limit
    constraints = Constraints(pairs(sorted(set(together))), pairs(sorted(set(apart))), np.array(source, np.int32))
    found = average_linkage(Graph.of(N, scored(edges), constraints=constraints), cut=-0.5, largest=largest)
    assert groups_of(found) == naive(edges, -0.5, -3.0, together, apart, source, largest)
    assert all(found[one] == found[other] for one, other in together)
    assert all(found[one] != found[other] for one, other in apart)


@given(EDGES, SOURCES)
@settings(deadline=None, max_examples=200)
def test_one_pass_gives_the_grouping_of_every_cut(edges, source) -> None:
    graph = Graph.of(N, scored(edges), constraints=Constraints(unique_source=np.array(source, np.int32)))
    merges = merge(graph, lowest=min(CUTS))
    for cut in CUTS:
        assert groups_of(merges.groups(cut)) == groups_of(average_linkage(graph, cut=cut))


@given(UNCLIPPED, SOURCES, st.lists(PAIR, max_size=3), st.permutations(range(N)))
@settings(deadline=None, max_examples=200)
def test_the_order_of_records_changes_nothing(edges, source, apart, order) -> None:
    def renamed(pair: tuple[int, int]) -> tuple[int, int]:
        return min(order[pair[0]], order[pair[1]]), max(order[pair[0]], order[pair[1]])

    def found(edges: Edges, apart: list[tuple[int, int]], source: list[int]) -> set[frozenset[int]]:
        constraints = Constraints(apart=pairs(sorted(set(apart))), unique_source=np.array(source, np.int32))
        return groups_of(average_linkage(Graph.of(N, scored(edges), constraints=constraints), cut=-1.0))

    moved = [source[order.index(place)] for place in range(N)]
    other = found({renamed(pair): odds for pair, odds in edges.items()}, [renamed(pair) for pair in apart], moved)
    assert {frozenset(order[record] for record in group) for group in found(edges, apart, source)} == other


def test_one_wrong_link_does_not_join_two_families() -> None:
    def family(members: range) -> Edges:
        return {(a, b): 5.0 for a in members for b in members if a < b}

    found = average_linkage(Graph.of(N, scored({**family(range(4)), **family(range(4, 9)), (3, 4): 6.0})), cut=0.0)
    assert len(set(found.tolist())) == 2


def test_many_pairs_between_two_groups_that_may_not_join_leave_both_whole() -> None:
    edges = {(a, b): 6.0 for a in range(8) for b in range(a + 1, 8)}
    constraints = Constraints(apart=pairs([(0, 7)]))
    found = average_linkage(Graph.of(N, scored(edges), constraints=constraints), cut=0.0)
    assert found[0] != found[7]
    assert len(set(found[:8].tolist())) == 2


@given(EDGES)
@settings(deadline=None, max_examples=50)
def test_pairs_inside_a_loose_group_that_were_no_candidates_are_named(edges) -> None:
    fresh = unseen_pairs(N, scored(edges))
    loose = average_linkage(Graph.of(N, scored(edges)), cut=-1.0, unseen=-1.0, weakest=-1.0)
    wanted = {pair for pair in combinations(range(N), 2) if loose[pair[0]] == loose[pair[1]] and pair not in edges}
    assert set(zip(fresh.first.tolist(), fresh.second.tolist(), strict=True)) == wanted


def test_the_cut_is_chosen_without_truth_and_leaves_sure_pairs_together() -> None:
    _, groups = choose_cut(N, scored({(0, 1): 9.0, (2, 3): -9.0}))
    assert groups[0] == groups[1]
    assert groups[2] != groups[3]


@given(EDGES)
@settings(deadline=None, max_examples=50)
def test_expected_b_cubed_is_that_of_the_probabilities(edges) -> None:
    merges = merge(Graph.of(N, scored(edges), 0.0, FREE), lowest=min(CUTS))
    groupings = [merges.groups(cut) for cut in CUTS]
    chance = {pair: 1 / (1 + np.exp(-odds)) for pair, odds in edges.items() if odds > -SURE}
    for groups, figure in zip(groupings, expected_b_cubed(N, scored(edges), groupings), strict=True):
        right = [
            1 + sum(p for pair, p in chance.items() if record in pair and groups[pair[0]] == groups[pair[1]])
            for record in range(N)
        ]
        whole = [1 + sum(p for pair, p in chance.items() if record in pair) for record in range(N)]
        precision = np.mean([min(x / (groups == groups[record]).sum(), 1) for record, x in enumerate(right)])
        recall = np.mean([x / y for x, y in zip(right, whole, strict=True)])
        assert np.isclose(figure, 2 * precision * recall / (precision + recall))


@given(EDGES, st.integers(1, N - 1))
@settings(deadline=None, max_examples=50)
def test_parts_of_the_records_add_up_to_the_same_figure_to_the_last_digit(edges, cut: int) -> None:
    groups = merge(Graph.of(N, scored(edges), 0.0, FREE), lowest=0.0).groups(0.0)
    first, second, likely = told_pairs(scored(edges))
    backward = own_records(N, first[::-1], second[::-1], likely[::-1])
    together = (groups[first] == groups[second])[::-1]
    found = own_records(N, first[::-1][together], second[::-1][together], likely[::-1][together])
    precision, recall = expected_shares(found, np.bincount(groups, minlength=N)[groups], backward)
    parts = [sum(share[part].sum() for part in (slice(cut, N), slice(cut))) for share in (precision, recall)]
    assert f1_of(*parts, N) == expected_b_cubed(N, scored(edges), [groups])[0]


def test_of_cuts_that_are_as_good_the_lowest_is_taken() -> None:
    assert best_of([0.99827, 0.99827, 0.99826, 0.99826, 0.9981]) == 3
    assert best_of([0.9, 0.95, 0.93]) == 1

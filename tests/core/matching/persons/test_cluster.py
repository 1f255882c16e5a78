"""Average linkage, held against a version that recomputes every mean from the pairs."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.persons.cluster import SURE, Graph, Scored, average_linkage, choose_cut, unseen_pairs

N = 9
EDGES = st.dictionaries(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-8, 8).map(lambda x: round(x, 3)),
    max_size=20,
)


def scored(edges: dict[tuple[int, int], float]) -> Scored:
    pairs = sorted(edges)
    first, second = (np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))
    return Scored(Pairs(first, second), np.array([edges[pair] for pair in pairs], float))


def naive(edges: dict[tuple[int, int], float], cut: float, unseen: float) -> set[frozenset[int]]:
    groups = {record: frozenset({record}) for record in range(N)}
    for one, other in sorted(edges, key=lambda pair: (-edges[pair], pair)):
        a, b = groups[one], groups[other]
        if a == b or edges[one, other] < 0:
            continue
        weights = [np.clip(edges.get((min(x, y), max(x, y)), unseen), -SURE, SURE) for x in a for y in b]
        if np.mean(weights) >= cut:
            groups.update(dict.fromkeys(a | b, a | b))
    return set(groups.values())


@given(EDGES, st.sampled_from([-1.003, 0.0017, 1.0031]))
@settings(deadline=None, max_examples=300)
def test_groups_join_when_their_mean_evidence_reaches_the_cut(edges, cut: float) -> None:
    found = average_linkage(Graph.of(N, scored(edges)), cut=cut, unseen=-3.0)
    assert {frozenset(np.flatnonzero(found == label)) for label in set(found)} == naive(edges, cut, -3.0)


def test_one_wrong_link_does_not_join_two_families() -> None:
    def family(members: range) -> dict:
        return {(a, b): 5.0 for a in members for b in members if a < b}

    found = average_linkage(Graph.of(N, scored({**family(range(4)), **family(range(4, 9)), (3, 4): 6.0})), cut=0.0)
    assert len(set(found)) == 2


def test_pairs_inside_a_loose_group_that_were_no_candidates_are_named() -> None:
    fresh = unseen_pairs(N, scored({(0, 1): 5.0, (1, 2): 5.0}))
    assert list(zip(fresh.first.tolist(), fresh.second.tolist(), strict=True)) == [(0, 2)]


def test_the_cut_is_chosen_without_truth_and_leaves_sure_pairs_together() -> None:
    _, groups = choose_cut(N, scored({(0, 1): 9.0, (2, 3): -9.0}))
    assert groups[0] == groups[1]
    assert groups[2] != groups[3]

"""What surrounds a pair, against a plain reading of the definitions."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.learning.surroundings import FAR, Seams, _ends, _seams

N = 7
EVERY = list(itertools.combinations(range(N), 2))
graphs = st.tuples(
    st.lists(st.integers(0, 3), min_size=N, max_size=N),
    st.dictionaries(st.sampled_from(EVERY), st.integers(-5, 6), min_size=1),
)


@settings(deadline=None)
@given(graphs)
def test_seams_and_ends_are_what_they_say(graph: tuple[list[int], dict[tuple[int, int], int]]) -> None:
    labels, known = graph
    group = np.array([labels.index(label) for label in labels], np.int64)
    both = np.array(sorted(known), np.int32)
    pairs = Pairs(both[:, 0].copy(), both[:, 1].copy())
    odds = np.array([known[pair] for pair in sorted(known)], np.float64)
    seams = Seams.of_pairs(pairs, group)
    mean, most, least, seen = _seams(seams, odds)
    small, large, far, near, *_ = _ends(pairs, odds, group, seams, group[pairs.first] == group[pairs.second])

    def members(of: int) -> set[int]:
        return {record for record in range(N) if group[record] == of}

    def log_odds(one: int, other: int) -> float:
        return float(known.get((min(one, other), max(one, other)), FAR))

    for at, (one, other) in enumerate(sorted(known)):
        ours, theirs = members(int(group[one])), members(int(group[other]))
        between = {(min(x, y), max(x, y)) for x in ours for y in theirs if x != y}
        compared = [known[pair] for pair in between if pair in known]
        assert np.isclose(mean[at], np.mean([log_odds(*pair) for pair in between]))
        assert (most[at], least[at]) == (max(compared), min(compared))
        assert np.isclose(seen[at], len(compared) / len(between))
        assert (small[at], large[at]) == tuple(sorted((len(ours), len(theirs))))
        ends = sorted(
            np.mean([log_odds(record, third) for third in to - {record}])
            for record, to in ((one, theirs), (other, ours))
        )
        assert np.allclose((far[at], near[at]), ends)

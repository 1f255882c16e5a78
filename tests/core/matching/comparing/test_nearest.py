"""Each record keeps those with which it shares most: what a plain double loop finds."""

from collections import Counter, defaultdict
from math import log

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.comparing.index import build_index
from infotrust.core.matching.comparing.nearest import chosen, limits, load_before, met_after, nearest_pairs

KEYS = st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=3, max_size=12)


def by_brute_force(keys: list[list[int]], widest: int, least: float) -> dict[int, dict[int, float]]:
    holders = defaultdict(set)
    for record, own in enumerate(keys):
        for key in own:
            if key:
                holders[key].add(record)
    shared: dict[int, dict[int, float]] = defaultdict(Counter)
    for members in holders.values():
        if 2 <= len(members) <= widest:
            for one in members:
                for other in members - {one}:
                    shared[one][other] += round(log(len(keys) / len(members)) * 256) / 256
    return {one: {o: s for o, s in others.items() if s >= least - 1e-9} for one, others in shared.items()}


@given(KEYS, st.integers(2, 5), st.sampled_from([0.3, 0.9, 1.7]), st.integers(1, 4))
@settings(deadline=None, max_examples=200)
def test_each_record_keeps_those_with_which_it_shares_most(
    keys: list[list[int]], widest: int, least: float, parts: int
) -> None:
    n = len(keys)
    spread = np.array(keys, np.uint64).T * np.uint64(0x9E3779B97F4A7C15)  # hashes use all their bits
    index = build_index([spread], n, widest)
    first, second, enough = nearest_pairs(index, 2, least, 0.0)
    expected = by_brute_force(keys, widest, least)
    wanted = set()
    for record in range(n):
        # A key that every record holds carries no information: it is no reason to be a candidate.
        others = {other: shared for other, shared in expected.get(record, {}).items() if shared > 0}
        best = sorted(others, key=lambda other: (-others[other], other))[:2]  # ties go to the lowest place
        wanted |= {(min(record, other), max(record, other)) for other in best}
        crowded = len(others) > 2  # then one still to come must share as much as the second
        assert enough[record] == (others[best[1]] if crowded else np.float32(least))
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == sorted(wanted)
    in_parts = _in_parts(index, parts, least)
    assert in_parts[0].tolist() == first.tolist()
    assert in_parts[1].tolist() == second.tolist()


def _in_parts(index, parts: int, least: float):
    n = len(index)
    edges = [n * part // parts for part in range(parts + 1)]
    found = [
        met_after(
            index.start, index.following, index.left, index.width, index.holders, index.worth, index.own,
            np.float32(least), np.float32(0), *edges[part : part + 2],
        )
        for part in range(parts)
    ]  # fmt: skip
    many, met, shared = (np.concatenate([one[at] for one in found]) for at in range(3))
    return chosen(many, met, shared, *limits(many, met, shared, 2, np.float32(least)))


def test_a_pair_shares_its_part_of_what_the_poorer_of_the_two_says() -> None:
    """Two who hold one key of three and of one: a third of the richer, all of the poorer."""
    column = np.array([[1, 1, 0, 0, 0, 0], [2, 0, 2, 0, 0, 0], [3, 0, 3, 0, 0, 0]], np.uint64)
    index = build_index([column * np.uint64(0x9E3779B97F4A7C15)], 6, 5)
    first, second, _ = nearest_pairs(index, 5, 0.1, 0.9)
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 1), (0, 2)]
    richer = np.array([[1, 1, 0, 0, 0, 0], [2, 0, 2, 0, 0, 0], [0, 3, 0, 3, 0, 0]], np.uint64)
    first, second, _ = nearest_pairs(build_index([richer * np.uint64(0x9E3779B97F4A7C15)], 6, 5), 5, 0.1, 0.9)
    assert (0, 1) not in list(zip(first.tolist(), second.tolist(), strict=True))


def test_work_is_parted_by_how_many_records_meet() -> None:
    column = np.array([[1, 1, 1, 1, 0, 0, 2, 2]], np.uint64)
    index = build_index([column * np.uint64(0x9E3779B97F4A7C15)], 8, 5)
    assert load_before(index.start, index.left).tolist() == [0, 4, 7, 9, 10, 11, 12, 14, 15]

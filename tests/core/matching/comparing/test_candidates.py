"""The index finds what a plain double loop finds."""

from collections import Counter, defaultdict
from itertools import pairwise
from math import log

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.comparing.candidates import (
    affordable,
    build_index,
    each_once,
    find_candidates,
    information_of,
    strongest_neighbors,
)
from infotrust.core.matching.reading.sources import read_records

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


@given(KEYS, st.integers(2, 5), st.sampled_from([0.3, 0.9, 1.7]))
@settings(deadline=None, max_examples=200)
def test_each_record_keeps_those_with_which_it_shares_most(keys: list[list[int]], widest: int, least: float) -> None:
    spread = np.array(keys, np.uint64).T * np.uint64(0x9E3779B97F4A7C15)  # hashes use all their bits
    index = build_index([spread], len(keys), widest)
    arrays = (index.key_start, index.keys, index.record_start, index.records, index.information)
    own = information_of(index.key_start, index.keys, index.information)
    one, other, enough = strongest_neighbors(*arrays, own, 2, least, 0.0, 0, len(keys))
    expected = by_brute_force(keys, widest, least)
    found = defaultdict(list)
    for i, j in zip(one.tolist(), other.tolist(), strict=True):
        found[i].append(j)
    for record in range(len(keys)):
        # A key that every record holds carries no information: it is no reason to be a candidate.
        others = {other: shared for other, shared in expected.get(record, {}).items() if shared > 0}
        best = sorted(others, key=lambda other: (-others[other], other))[:2]  # ties go to the lowest place
        assert sorted(found[record]) == sorted(best)
        crowded = len(others) > 2  # then one still to come must share as much as the second
        assert enough[record] == (others[best[1]] if crowded else np.float32(least))


def test_the_more_records_share_keys_the_narrower_the_keys_that_are_gone_through() -> None:
    few = np.bincount([2, 30, 200], [100, 100, 100]).astype(np.int64)
    assert affordable(few, 1_000) == 200
    many = np.bincount([2, 30, 200], [1_000_000, 200_000, 10_000]).astype(np.int64)  # 4, 180 and 400 million steps
    assert affordable(many, 1_000_000) == 199
    assert affordable(many, 500_000) == 29
    assert affordable(many * 1_000, 1_000_000) == 10


def test_few_records_are_compared_whole(make_town) -> None:
    records = read_records(make_town(20))
    pairs = find_candidates(records, per_record=20, widest_key=200, least_information=8)
    assert len(pairs) == len(records) * (len(records) - 1) // 2


def test_a_larger_set_loses_hardly_a_true_pair_within_its_budget(make_town) -> None:
    sources = make_town(500)
    records = read_records(sources)
    person = [sources[s].table["person"][int(r)].as_py() for s, r in zip(records.source, records.row, strict=True)]
    pairs = find_candidates(records, per_record=10, widest_key=200, least_information=8)
    sizes = Counter(person)
    true = sum(size * (size - 1) // 2 for size in sizes.values())
    found = sum(person[a] == person[b] for a, b in zip(pairs.first, pairs.second, strict=True))
    assert len(pairs) <= 10 * len(records)
    assert found / true > 0.98


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=6), min_size=2, max_size=31), st.integers(1, 4))
def test_pairs_chosen_from_both_sides_are_there_once_and_sorted(chosen: list[list[int]], parts: int) -> None:
    n = len(chosen)
    nearest = [
        [other for other in dict.fromkeys(others) if other < n and other != i] for i, others in enumerate(chosen)
    ]
    edges = [n * part // parts for part in range(parts + 1)]
    found = []
    for begin, end in pairwise(edges):
        one = [i for i in range(begin, end) for _ in nearest[i]]
        other = [j for i in range(begin, end) for j in nearest[i]]
        found.append((np.array(one, np.int32), np.array(other, np.int32), np.empty(0, np.float32)))
    pairs = each_once(found, n)
    expected = sorted({(min(i, j), max(i, j)) for i in range(n) for j in nearest[i]})
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == expected

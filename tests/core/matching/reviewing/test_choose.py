"""The questions asked are those whose answer puts most right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.persons.cluster import SURE, UNSEEN, Scored
from infotrust.core.matching.reviewing.choose import WEAKEST, Questions, most_telling
from infotrust.core.matching.reviewing.frame import packed

NONE = np.empty(0, np.int64)


def scored(*pairs: tuple[int, int, float]) -> Scored:
    first, second, odds = zip(*pairs, strict=True)
    return Scored(Pairs(np.array(first, np.int32), np.array(second, np.int32)), np.array(odds, np.float64))


def ask(evidence: Scored, group: list[int], count: int = 10, answered=NONE, apart=NONE) -> Questions:
    return most_telling(evidence, np.array(group), cut=0.0, count=count, answered=answered, apart=apart)


def test_two_groups_are_asked_about_through_their_medoids_and_not_their_strongest_pair():
    evidence = scored((0, 1, 6), (0, 2, 6), (1, 2, 2), (3, 4, 6), (3, 5, 6), (4, 5, 2), (2, 5, 5))
    found = ask(evidence, [0, 0, 0, 3, 3, 3])
    merges = [(x, y) for x, y in zip(found.first, found.second, strict=True) if (x < 3) != (y < 3)]
    assert merges == [(0, 3)]


def test_a_large_undecided_join_comes_before_a_small_one():
    evidence = scored((0, 1, 6), (2, 3, 6), *((x, y, 0.0) for x in (0, 1) for y in (2, 3)), (4, 5, 0.0))
    found = ask(evidence, [0, 0, 2, 2, 4, 5])
    assert (found.first[0], found.second[0]) == (0, 2)
    assert found.worth[0] == pytest.approx(2 * 2 * 2 / 4 * 0.5)


def test_what_is_certain_is_not_worth_asking():
    found = ask(scored((0, 1, 6.0), (2, 3, 0.1)), [0, 0, 2, 2])
    assert (found.first[0], found.second[0]) == (3, 2)
    assert found.worth[1] < 0.01


def test_an_answered_pair_is_not_asked_again_nor_are_groups_that_were_told_apart():
    evidence = scored((0, 1, 6), (2, 3, 6), (1, 3, 1), (0, 3, 1))
    group = [0, 0, 2, 2]
    apart = packed(np.array([1]), np.array([3]), 4)
    asked = {
        frozenset((int(x), int(y)))
        for x, y in zip(*_pairs(ask(evidence, group, answered=apart, apart=apart)), strict=True)
    }
    assert asked == {frozenset((0, 1)), frozenset((2, 3))}


def test_no_group_is_asked_about_more_than_twice():
    evidence = scored(*((0, other, 0.0) for other in range(1, 9)))
    assert len(ask(evidence, list(range(9)))) == 2


def _pairs(found: Questions):
    return found.first.tolist(), found.second.tolist()


@given(some.lists(some.integers(0, 3), min_size=3, max_size=9), some.integers(0, 2**20))
def test_worth_is_what_a_plain_count_gives(labels, seed):
    chance = np.random.default_rng(seed)
    group = [labels.index(label) for label in labels]
    n = len(group)
    odds = {(x, y): float(chance.normal(0, 3)) for x in range(n) for y in range(x + 1, n) if chance.random() < 0.7}
    if not odds:
        return
    found = ask(scored(*((x, y, o) for (x, y), o in odds.items())), group, count=1_000)

    def mean(ones, others):
        clipped = [np.clip(odds.get((min(x, y), max(x, y)), UNSEEN), -SURE, SURE) for x in ones for y in others]
        return sum(clipped) / len(clipped)

    for x, y, worth in zip(found.first, found.second, found.worth, strict=True):
        one = [r for r in range(n) if group[r] == group[x]]
        other = [r for r in range(n) if group[r] == group[y]]
        if group[x] == group[y]:
            one, other = [x], [r for r in one if r != x]
        else:
            assert any(odds.get((min(a, b), max(a, b)), UNSEEN - 9) > WEAKEST for a in one for b in other)
        likely = 1 / (1 + np.exp(-mean(one, other)))
        moved = 2 * len(one) * len(other) / (len(one) + len(other))
        assert worth == pytest.approx(moved * min(likely, 1 - likely))

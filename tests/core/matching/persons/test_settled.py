"""Answers that cannot all be true, and answers against overwhelming evidence, give way and are told."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.persons.settled import Asked, settle

Said = dict[tuple[int, int], tuple[int, int]]  # pair -> how many said match, and no match


def asked(said: Said, waiting: frozenset[tuple[int, int]] = frozenset()) -> Asked:
    both = np.array(sorted(said), np.int32).reshape(-1, 2)
    counts = np.array([said[one, other] for one, other in both.tolist()], np.int32).reshape(-1, 2)
    waits = np.array([pair in waiting for pair in sorted(said)], bool)
    return Asked(Pairs(both[:, 0].copy(), both[:, 1].copy()), counts[:, 0].copy(), counts[:, 1].copy(), waits)


def pairs(some: Pairs) -> list[tuple[int, int]]:
    return list(zip(some.first.tolist(), some.second.tolist(), strict=True))


def test_of_three_answers_that_cannot_all_be_true_the_least_certain_gives_way() -> None:
    said = {(0, 1): (1, 0), (0, 2): (0, 1), (1, 2): (1, 0)}
    settled = settle(asked(said), np.array([8.0, -5.0, 0.5]), slips=0.02)
    assert (pairs(settled.together), pairs(settled.apart)) == ([(0, 1)], [(0, 2)])
    assert settled.contradicted.tolist() == [False, False, True]
    assert settled.said[2] > 0, "it still counts as what it is worth"


def test_a_single_answer_against_overwhelming_evidence_is_doubted_and_counts_as_evidence() -> None:
    settled = settle(asked({(0, 1): (1, 0)}), np.array([-9.0]), slips=0.05)
    assert settled.doubted.tolist() == [True]
    assert not pairs(settled.together)
    assert settled.said[0] == np.log(0.95 / 0.05)


def test_what_a_second_person_confirms_stands_against_any_evidence() -> None:
    settled = settle(asked({(0, 1): (2, 0)}), np.array([-30.0]), slips=0.05)
    assert pairs(settled.together) == [(0, 1)]
    assert not settled.doubted.any()


def test_what_two_people_agree_on_stands_though_a_third_differs() -> None:
    settled = settle(asked({(0, 1): (1, 2), (2, 3): (2, 1)}), np.array([30.0, -30.0]), slips=0.05)
    assert (pairs(settled.together), pairs(settled.apart)) == ([(2, 3)], [(0, 1)])


def test_one_answer_on_a_hard_pair_decides_nothing_until_a_second_person_looked() -> None:
    hard = frozenset({(0, 1), (2, 3)})
    settled = settle(asked({(0, 1): (1, 0), (2, 3): (2, 0), (4, 5): (1, 0)}, hard))
    assert pairs(settled.together) == [(2, 3), (4, 5)]
    assert settled.doubted.tolist() == [True, False, False]
    assert settled.said[0] > 0, "it counts as what it is worth"


def test_without_evidence_every_answer_stands_but_two_that_differ_decide_nothing() -> None:
    settled = settle(asked({(0, 1): (1, 0), (2, 3): (1, 1), (4, 5): (0, 1)}))
    assert (pairs(settled.together), pairs(settled.apart)) == ([(0, 1)], [(4, 5)])
    assert settled.doubted.tolist() == [False, True, False]


@settings(deadline=None)
@given(st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
    st.tuples(st.integers(0, 2), st.integers(0, 2)).filter(any), max_size=20,
))  # fmt: skip
def test_what_stands_can_all_be_true_and_nothing_gave_way_without_need(said: Said) -> None:
    settled = settle(asked(said))
    together, apart = pairs(settled.together), pairs(settled.apart)
    assert possible(together, apart)
    for at in np.flatnonzero(settled.contradicted):
        one, other = sorted(said)[at]
        more = [*together, (one, other)] if said[one, other][0] > said[one, other][1] else together
        assert not possible(more, apart if more is not together else [*apart, (one, other)])


def possible(together: list[tuple[int, int]], apart: list[tuple[int, int]]) -> bool:
    """Whether some grouping of eight records has all of it."""
    group = list(range(8))
    for one, other in together:
        group = [group[one] if of == group[other] else of for of in group]
    return all(group[one] != group[other] for one, other in apart)


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_answers_of_someone_who_never_errs_all_stand(person: list[int]) -> None:
    said: Said = {
        (one, other): (1, 0) if person[one] == person[other] else (0, 1)
        for one, other in itertools.combinations(range(6), 2)
    }
    settled = settle(asked(said))
    assert not settled.contradicted.any() | settled.doubted.any()

"""Precision and recall from answers: weighted as drawn, honest about what was not answered or cannot be seen."""

from __future__ import annotations

import pytest

from infotrust.core.matching.reviewing.accuracy import Cell, answers_needed, by_community, measure

GOOD = Cell(True, 2, "a", pairs=9_000, asked=50, matches=50)
DOUBTFUL = Cell(True, 0, "a", pairs=1_000, asked=40, matches=30)
NEAR = Cell(False, 2, "a", pairs=2_000, asked=40, matches=4)
FAR = Cell(False, 1, "a", pairs=50_000, asked=30, matches=0)
GIVEN_UP = Cell(False, 0, "a", pairs=1_000_000, asked=30, matches=0, given_up=True)
ALL = [GOOD, DOUBTFUL, NEAR, FAR, GIVEN_UP]


def test_precision_weighs_each_stratum_by_its_pairs():
    found = measure(ALL)
    assert found.precision.value == pytest.approx((9_000 + 750) / 10_000)
    assert (found.answers, found.accepted_pairs, found.pairs) == (190, 10_000, 1_062_000)


def test_recall_counts_matches_among_pairs_that_were_not_put_together():
    found = measure(ALL)
    assert found.missed.value == pytest.approx(200)
    assert found.recall.value == pytest.approx(9_750 / 9_950)


def test_pairs_given_up_early_widen_the_recall_of_all_that_was_compared():
    found = measure(ALL)
    assert found.recall_of_compared.value == pytest.approx(found.recall.value)
    assert found.recall_of_compared.low < found.recall.low


def test_matches_that_were_never_compared_lower_recall_where_they_were_estimated():
    assert measure(ALL, unseen=500).recall.value == pytest.approx(9_750 / 10_450)
    assert measure(ALL).unseen is None


def test_without_enough_answers_nothing_is_claimed():
    found = measure([Cell(True, 0, "a", 500, 3, 3), Cell(False, 1, "a", 500, 0, 0)])
    assert (found.precision, found.recall, found.missed) == (None, None, None)


def test_a_set_asked_whole_needs_no_ten_answers():
    found = measure([Cell(True, 0, "a", 3, 3, 2), Cell(False, 1, "a", 2, 2, 1)])
    assert found.precision.value == found.precision.low == pytest.approx(2 / 3)
    assert found.recall.value == found.recall.high == pytest.approx(2 / 3)


def test_a_stratum_without_answers_is_taken_to_be_like_its_neighbor_and_that_is_told():
    found = measure([GOOD, DOUBTFUL, Cell(True, 0, "b", 500, 0, 0, cannot_tell=2), NEAR, FAR])
    assert found.merged == 1
    assert found.precision.value == pytest.approx((9_000 + 1_500 * 0.75) / 10_500)


def test_what_nobody_can_tell_is_left_out_and_how_far_it_could_matter_is_told():
    unclear = Cell(True, 0, "a", pairs=1_000, asked=30, matches=30, cannot_tell=10)
    found = measure([GOOD, unclear, NEAR])
    assert found.precision.value == 1
    assert found.if_cannot_tell == pytest.approx((0.975, 1.0))
    assert found.cannot_tell == 10


def test_each_community_is_measured_by_its_own_answers():
    other = [Cell(True, 2, "b", 800, 20, 10), Cell(False, 1, "b", 100, 20, 0)]
    found = by_community([*ALL, *other])
    assert found["b"].precision.value == 0.5
    assert found["a"] == measure(ALL)


def test_nothing_put_together_has_no_precision():
    assert measure([FAR]).precision is None
    assert measure([]).precision is None


def test_so_many_more_answers_make_the_interval_as_narrow_as_asked():
    for what in ("precision", "recall"):
        now = getattr(measure(ALL), what)
        wanted = (now.high - now.low) / 2
        more = answers_needed(ALL, wanted, what)
        assert 190 < more < 190 * 6, "half the width takes about four times the answers"
        assert answers_needed(ALL, now.high - now.low, what) == 0
        assert answers_needed(ALL, wanted / 2, what) > more


def test_no_number_is_told_where_there_is_none():
    assert answers_needed([Cell(True, 0, "a", 500, 3, 3)], 0.1) is None
    assert answers_needed([], 0.1, "recall") is None


def test_no_more_answers_are_asked_for_than_there_are_pairs():
    small = [Cell(True, 0, "a", 40, 12, 11), Cell(False, 1, "a", 50, 12, 1)]
    assert answers_needed(small, 0.0001) <= 28

"""What several people's answers make of a pair, and how far they agree."""

from __future__ import annotations

import math

import pytest

from infotrust.core.matching.answers import Verdict
from infotrust.core.matching.reviewing.agreement import agreement, settle

YES, NO, UNSURE = Verdict.MATCH, Verdict.NO_MATCH, Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("said", "needed", "settled"),
    [
        ([], 1, None),
        ([YES], 1, YES),
        ([UNSURE], 1, None),  # somebody else may be able to tell
        ([UNSURE, NO], 1, None),
        ([UNSURE, UNSURE], 1, UNSURE),
        ([YES], 2, None),
        ([YES, YES], 2, YES),
        ([YES, NO], 2, None),
        ([YES, NO, NO], 2, NO),
        ([YES, NO, UNSURE], 2, UNSURE),
    ],
)
def test_one_answer_settles_an_easy_pair_two_a_hard_one_and_a_third_decides(said, needed, settled):
    assert settle(said, needed=needed) is settled


def test_kappa_and_ac1_are_those_of_a_table_worked_out_by_hand():
    pairs = [(YES, YES)] * 20 + [(YES, NO)] * 5 + [(NO, YES)] * 10 + [(NO, NO)] * 15
    found = agreement(pairs)
    assert found.agreed.value == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)  # (.70 - .50) / (1 - .50)
    # Gwet: shares .55 and .45 of three possible answers, chance (.55 * .45 * 2) / 2
    assert found.ac1 == pytest.approx((0.7 - 0.2475) / (1 - 0.2475))


def test_where_nearly_all_pairs_match_kappa_falls_and_ac1_does_not():
    pairs = [(YES, YES)] * 96 + [(YES, NO)] * 2 + [(NO, YES)] * 2
    found = agreement(pairs)
    assert found.agreed.value == 0.96
    assert found.kappa < 0
    assert found.ac1 > 0.95


def test_perfect_agreement_on_one_answer_leaves_kappa_undefined():
    found = agreement([(YES, YES)] * 3)
    assert math.isnan(found.kappa)
    assert (found.ac1, found.slips) == (1, 0)


def test_slips_are_what_two_equally_careful_people_would_need_to_disagree_so_often():
    pairs = [(YES, YES)] * 82 + [(YES, NO)] * 18
    assert agreement(pairs).slips == pytest.approx(0.1)  # 2 * .1 * .9 = .18


def test_nobody_looked_twice():
    assert agreement([]) is None

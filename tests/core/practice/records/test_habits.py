"""Habits are rates for each system, spread over careless and careful records without changing the rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.practice.names import COMMUNITIES
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.records.habits import BY_COMMUNITY, HABITUAL, LEVELS, Habits, by_level
from infotrust.core.practice.records.mechanisms import MECHANISMS

SYSTEMS = (
    "vital-records", "early-intervention", "preschool-special-education", "home-visiting", "wic", "referrals",
    "schools", "homeless-services", "snap", "medicaid", "child-welfare", "police", "jail", "crisis-center",
)  # fmt: skip
FOLLOW_FROM_LIFE = {"ssn_none", "stale_address", "stale_phone", "shared_address"}


@given(st.floats(0.001, 0.6), st.floats(0, 0.8))
def test_carelessness_keeps_the_rate(rate, correlation):
    spread = by_level(rate, correlation)
    assert spread.mean() == pytest.approx(rate, rel=0.02)
    assert (np.diff(spread) >= -1e-12).all()
    assert (spread <= 1).all()


def test_every_mechanism_has_a_rate_for_each_system():
    habits = load_parameters().habits
    for mechanism in set(MECHANISMS) - FOLLOW_FROM_LIFE:
        if mechanism == "entered_twice":
            continue
        assert tuple(habits[mechanism]) == SYSTEMS, mechanism


def test_every_community_has_its_factor():
    assert tuple(load_parameters().habits.slips_by_community) == COMMUNITIES


def test_mechanisms_that_are_named_exist():
    assert set(MECHANISMS) | {"capitals"} >= BY_COMMUNITY | HABITUAL


def test_careless_record_is_more_likely_to_be_wrong():
    habits = Habits(load_parameters().habits, "police")
    careful, careless = habits.likelihood("keying", np.array([0, LEVELS - 1]), np.array([0, 0]))
    assert careless > 10 * careful

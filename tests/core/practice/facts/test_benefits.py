"""Food assistance and WIC: certifications that follow the rules, and the regularities planted in them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.days import last_days, months_of
from infotrust.core.practice.facts.benefits import (
    ADULTS,
    ELDERS,
    FAMILIES,
    MISSED,
    MOVED_AWAY,
    OVER_INCOME,
    RECERTIFICATION,
    RENEWED,
    REOPENED,
    Certifications,
    monthly_benefit,
    snap_certifications,
    snap_receives,
    usual_benefit,
)
from infotrust.core.practice.facts.households import home_languages
from infotrust.core.practice.facts.prenatal_wic import prenatal_wic, wic_eligible
from infotrust.core.practice.facts.wic import CHILD, INFANT, PREGNANT, WicCertifications, nursing, wic_certifications
from infotrust.core.practice.ward import NEVER, Ward


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(10_000, 8, Span(2016, 8)).ward(0)


@pytest.fixture(scope="module")
def snap(ward: Ward) -> Certifications:
    return ward.of(snap_certifications)


@pytest.fixture(scope="module")
def wic(ward: Ward) -> WicCertifications:
    return ward.of(wic_certifications)


def june_ends(ward: Ward) -> list[int]:
    return [period.last for period in ward.span.periods[1:]]


# --- food assistance ---


def test_certifications_of_a_household_follow_one_another(snap: Certifications) -> None:
    again = snap.household[1:] == snap.household[:-1]
    assert again.sum() > 1_000
    assert (snap.ended[:-1][again] < snap.first[1:][again]).all()
    renewed = np.flatnonzero(again & (snap.end[:-1] == RENEWED))
    assert np.array_equal(snap.first[renewed + 1], snap.last[renewed] + 1)
    assert (snap.step[renewed + 1] == RECERTIFICATION).all()


def test_certifications_last_as_long_as_the_rules_say(ward: Ward, snap: Certifications) -> None:
    length = months_of(snap.last) - months_of(snap.first) + 1
    months = ward.parameters.snap.certified_months
    for kind, name in ((FAMILIES, "families"), (ADULTS, "adults"), (ELDERS, "elders")):
        assert (length[snap.kind == kind] == months[name]).all()
    assert np.array_equal(snap.last, last_days(months_of(snap.last)))


def test_benefits_end_with_the_certification_or_before(snap: Certifications) -> None:
    ended = snap.ended < NEVER
    assert (snap.ended[ended] <= snap.last[ended]).all()
    assert (snap.ended[np.isin(snap.end, (RENEWED, MISSED))] == snap.last[np.isin(snap.end, (RENEWED, MISSED))]).all()
    assert {OVER_INCOME, MOVED_AWAY} <= set(snap.end.tolist())


def test_about_an_eighth_of_people_have_food_assistance(ward: Ward) -> None:
    shares = [snap_receives(ward, here, day).mean() for day in june_ends(ward) for here in [ward.residents(day)]]
    assert 0.07 < np.mean(shares) < 0.17


def test_children_of_poor_homes_have_it_far_more_often_than_the_old(ward: Ward) -> None:
    young, old = [], []
    for day in june_ends(ward):
        here = ward.residents(day)
        here = here[ward.income(here, day) < 1.2]
        age, fed = ward.age(here, day), snap_receives(ward, here, day)
        young.append(fed[age < 18].mean())
        old.append(fed[age > 65].mean())
    assert np.mean(young) > 0.65
    assert np.mean(old) < 0.8 * np.mean(young)


def test_homes_with_another_language_take_part_less(ward: Ward, snap: Certifications) -> None:
    other = ward.of(home_languages).other
    taken, poor = np.zeros(2), np.zeros(2)
    for period in ward.span.periods[1:]:
        here = np.unique(ward.household(ward.residents(period.last), period.last))
        here = here[ward.household_income(here, period.last) < 1.2]
        fed = snap.in_force(here, period.last) >= 0
        for place in (0, 1):
            poor[place] += (other[here] == place).sum()
            taken[place] += fed[other[here] == place].sum()
    assert poor[1] > 100
    assert taken[1] / poor[1] < 0.95 * taken[0] / poor[0]


def test_a_letter_that_came_back_makes_a_missed_date_likelier(snap: Certifications) -> None:
    due = np.isin(snap.end, (RENEWED, MISSED, OVER_INCOME)) & (snap.ended == snap.last)
    missed = snap.end == MISSED
    assert snap.mail_returned[due].sum() > 60
    assert missed[due & snap.mail_returned].mean() > 1.8 * missed[due & ~snap.mail_returned].mean()


def test_most_families_who_missed_the_date_are_back_within_three_months(ward: Ward, snap: Certifications) -> None:
    row = np.flatnonzero((snap.end == MISSED) & (snap.kind == FAMILIES) & (snap.last < ward.span.last - 92))
    row = row[row + 1 < len(snap.household)]
    follows = snap.household[row + 1] == snap.household[row]
    soon = follows & (snap.first[row + 1] - snap.last[row] <= 92)
    assert 0.45 < soon.mean() < 0.8
    # Three months of the calendar can end a day or two before ninety-two days.
    assert (snap.step[row + 1][soon] == REOPENED).mean() > 0.97


def test_every_household_got_the_largest_benefit_in_the_emergency(ward: Ward) -> None:
    days = np.array([date(2019, 6, 30).toordinal(), date(2020, 6, 30).toordinal(), date(2022, 6, 30).toordinal()])
    size, net = np.array([3, 3, 3]), np.array([600.0, 600.0, 0.0])
    assert monthly_benefit(ward, days, size, net).tolist() == [505 - 180, 509, 658 + 95]
    assert usual_benefit(ward, days, size, net).tolist() == [505 - 180, 509 - 180, 658]


def test_small_households_get_at_least_the_least_benefit(ward: Ward) -> None:
    days = np.full(2, date(2019, 6, 30).toordinal())
    assert usual_benefit(ward, days, np.array([1, 4]), np.array([3000.0, 3000.0])).tolist() == [15, 0]


# --- WIC ---


def test_wic_serves_women_infants_and_children_under_five(ward: Ward, wic: WicCertifications) -> None:
    age = ward.age(wic.who, wic.first)
    assert age[wic.category == INFANT].max() < 1
    assert age[wic.category == CHILD].min() >= 1 - 2 / 365
    assert ward.age(wic.who, wic.last)[wic.category == CHILD].max() < 5.01
    women = wic.category < INFANT
    assert not ward.people.male[wic.who[women]].any()
    assert age[women].min() > 12


def test_nobody_is_certified_before_coming_to_the_county(ward: Ward, wic: WicCertifications) -> None:
    now = wic.first >= ward.span.first
    assert ward.present(wic.who[now], wic.first[now]).all()
    assert (wic.ended[wic.ended < NEVER] >= wic.first[wic.ended < NEVER]).all()


def test_fewer_eligible_children_take_part_the_older_they_are(ward: Ward, wic: WicCertifications) -> None:
    shares = np.zeros((2, 5))
    for day in june_ends(ward):
        here = ward.residents(day)
        here = here[ward.age(here, day) < 5]
        here = here[wic_eligible(ward, here, day)[0]]
        age = ward.age(here, day).astype(int)
        shares[0] += np.bincount(age[wic.covers(here, day)], minlength=5)
        shares[1] += np.bincount(age, minlength=5)
    by_age = shares[0] / shares[1]
    assert 0.6 < by_age[0] < 0.9
    assert 0.3 < shares[0][1:].sum() / shares[1][1:].sum() < 0.6
    assert by_age[4] < 0.8 * by_age[1]


def test_infants_of_mothers_who_came_in_pregnancy_are_enrolled_more_often(ward: Ward, wic: WicCertifications) -> None:
    people = ward.people
    child = np.flatnonzero((people.mother >= 0) & (people.birth > ward.span.first + 300))
    child = child[people.birth[child] < ward.span.last - 100]
    child = child[
        ward.present(child, people.birth[child] + 70) & wic_eligible(ward, child, people.birth[child] + 30)[0]
    ]
    early = ward.of(prenatal_wic).received(people.mother[child], people.birth[child])
    enrolled = np.isin(child, wic.who[wic.category == INFANT])
    assert enrolled[early].mean() > 0.9
    assert enrolled[~early].mean() < 0.85
    assert len(child) > 200


def test_pregnant_women_are_certified_before_the_birth(wic: WicCertifications) -> None:
    days = (wic.last - wic.first)[wic.category == PREGNANT]
    assert len(days) > 50
    assert days.min() > 42
    assert days.max() < 280


def test_exclusive_breastfeeding_is_no_longer_than_breastfeeding(ward: Ward) -> None:
    held = ward.of(nursing)
    assert (held.exclusive <= held.weeks).all()
    assert 0.1 < (held.weeks == 0).mean() < 0.4


# --- a longer county ---


def test_a_longer_county_has_the_same_certifications_before() -> None:
    """But for WIC in pregnancies that end after the shorter county does."""
    short, long = (County(2_000, 3, Span(2016, years)).ward(0) for years in (2, 3))
    one, other = short.of(snap_certifications), long.of(snap_certifications)
    before, after = one.first <= short.span.last, other.first <= short.span.last
    for name in ("household", "applied", "first", "last", "step", "kind", "size", "gross", "net"):
        assert np.array_equal(getattr(one, name)[before], getattr(other, name)[after]), name
    first, second = short.of(wic_certifications), long.of(wic_certifications)
    until = short.span.last - 300
    for name in ("who", "category", "first", "last", "adjunct"):
        assert np.array_equal(getattr(first, name)[first.first <= until], getattr(second, name)[second.first <= until])

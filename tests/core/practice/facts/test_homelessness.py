"""Losing a home: who, from when to when, where they sleep, and what raises the chance."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Ints
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.homelessness import (
    ADULT,
    HOME,
    KINDS,
    SAFE_HOUSE,
    SHELTER,
    TRANSITIONAL,
    UNSHELTERED,
    homelessness,
    nights_homeless,
    slept,
)
from infotrust.core.practice.facts.shelter_services import (
    ENTRY_EXIT,
    NIGHT_BY_NIGHT,
    RAPID,
    TRANSITIONAL_HOUSING,
    shelter_services,
)
from infotrust.core.practice.ward import Ward

PEOPLE = 8_000
COLUMNS = ("household", "head", "family", "fleeing", "kind", "first", "last", "before", "after", "shelter", "outside")


@pytest.fixture(scope="module")
def county() -> County:
    return County(PEOPLE, seed=3, span=Span(years=6))


@pytest.fixture(scope="module")
def ward(county: County) -> Ward:
    return county.ward(0)


def test_a_longer_county_has_the_same_stays_in_its_first_years(ward: Ward) -> None:
    longer = County(PEOPLE, seed=3, span=Span(years=7)).ward(0)
    ours, theirs = ward.of(homelessness).stays, longer.of(homelessness).stays
    count, ended = len(ours.kind), ours.last <= ward.span.last
    for name in COLUMNS:
        assert (getattr(ours, name) == getattr(theirs, name)[:count])[ended].all(), name
    assert (theirs.last[:count][~ended] > ward.span.last).all()
    assert (theirs.first[count:] > ward.span.last).all()


def test_stays_of_one_time_without_a_home_follow_each_other(ward: Ward) -> None:
    stays = ward.of(homelessness).stays
    order = np.lexsort((stays.step, stays.chain))
    one, next_one = order[:-1], order[1:]
    same = stays.chain[one] == stays.chain[next_one]
    assert same.sum() > 50
    one, next_one = one[same], next_one[same]
    assert (stays.first[next_one] == stays.last[one] + 1).all()
    assert (stays.before[next_one] == stays.kind[one]).all()
    assert (stays.after[one] == stays.kind[next_one]).all()


def test_nobody_sleeps_in_two_places_in_one_night(ward: Ward) -> None:
    found = ward.of(homelessness)
    order = np.lexsort((found.stays.first[found.stay], found.person))
    person, first, last = (
        found.person[order], found.stays.first[found.stay[order]], found.stays.last[found.stay[order]],
    )  # fmt: skip
    again = (person[1:] == person[:-1]) & (first[1:] <= last[:-1])
    # A child who moved from one household to another may have lost a home with both.
    assert again.mean() < 0.01


def test_families_stay_together(ward: Ward) -> None:
    found = ward.of(homelessness)
    day = np.maximum(found.stays.first[found.stay], ward.span.first)
    child = ward.age(found.person, day) < ADULT
    with_child = np.bincount(found.stay, weights=child, minlength=len(found.stays.kind)) > 0
    family = found.stays.family & (found.stays.step == 0)
    assert with_child[family].mean() > 0.9
    together = ward.household(found.person, day) == found.stays.household[found.stay]
    assert together.mean() > 0.95


def test_poor_households_lose_their_home_far_more_often(ward: Ward) -> None:
    stays = ward.of(homelessness).stays
    day = ward.span.periods[2].first
    person = ward.residents(day)
    household = np.unique(ward.household(person, day))
    poor = ward.household_income(household, day) < 1.0
    lost = np.isin(household, stays.household[(stays.first > day) & (stays.first < day + 3 * 365)])
    assert lost[poor].mean() > 3 * lost[~poor].mean()


def test_the_year_says_a_shelter_before_all_else(ward: Ward) -> None:
    period = ward.span.periods[3]
    found = ward.of(homelessness)
    during = (found.stays.first[found.stay] <= period.last) & (found.stays.last[found.stay] >= period.first)
    sheltered = np.unique(found.person[during & (found.stays.kind[found.stay] == SHELTER)])
    where = slept(ward, period)
    assert (where[sheltered] == SHELTER).all()
    assert set(np.unique(where)) <= {HOME, *range(len(KINDS))}
    assert ((where != HOME) == (nights_homeless(ward, period.first, period.last) > 0)).all()


def outside_on(ward: Ward, day: int) -> Ints:
    """Who sleeps outside in the night that begins on the day."""
    found = ward.of(homelessness)
    tonight = (found.stays.first <= day) & (found.stays.last >= day) & (found.stays.kind == UNSHELTERED)
    return found.person[tonight[found.stay]]


def test_sizes_are_near_published_figures(ward: Ward) -> None:
    used, outside = [], []
    for period in ward.span.periods[1:]:
        who = ward.residents(period.first + 200)
        used.append(np.isin(slept(ward, period)[who], (SHELTER, TRANSITIONAL)).mean())
        outside.append(np.isin(who, outside_on(ward, period.first + 210)).mean())
    # HUD: about 40 of 10,000 people use a shelter or transitional housing in a year, about 8 are outside on a night.
    assert 0.002 < np.mean(used) < 0.007
    assert 0.0002 < np.mean(outside) < 0.002


# --- services ---


def test_nobody_in_a_shelter_outside_the_system_has_an_entry_there(ward: Ward) -> None:
    stays, services = ward.of(homelessness).stays, ward.of(shelter_services).services
    beds = np.isin(services.project, (ENTRY_EXIT, NIGHT_BY_NIGHT))
    assert beds.sum() > 20
    assert not stays.outside[services.stay[beds]].any()
    assert ward.place.shelters.in_hmis[services.shelter[beds]].all()
    assert (ward.place.shelters.kind[services.shelter[beds]] != SAFE_HOUSE).all()


def test_most_stays_in_participating_shelters_are_entered(ward: Ward) -> None:
    stays, services = ward.of(homelessness).stays, ward.of(shelter_services).services
    could = np.flatnonzero(
        (stays.kind == SHELTER) & ~stays.outside & (stays.shelter >= 0) & (stays.first <= ward.span.last)
    )
    entered = np.isin(could, services.stay[np.isin(services.project, (ENTRY_EXIT, NIGHT_BY_NIGHT))])
    assert 0.9 < entered.mean() < 1.0


def test_rapid_rehousing_moves_people_as_they_leave_the_shelter(ward: Ward) -> None:
    stays, services = ward.of(homelessness).stays, ward.of(shelter_services).services
    rapid = services.project == RAPID
    assert rapid.any()
    assert (services.move_in[rapid] == stays.last[services.stay[rapid]] + 1).all()
    assert (services.first[rapid] <= stays.last[services.stay[rapid]]).all()


def test_the_entered_are_members_of_the_party(ward: Ward) -> None:
    found, entered = ward.of(homelessness), ward.of(shelter_services)
    stay = entered.services.stay[entered.members.service]
    pairs = set(zip(found.stay.tolist(), found.person.tolist(), strict=True))
    assert set(zip(stay.tolist(), entered.members.person.tolist(), strict=True)) <= pairs
    assert (entered.services.project == TRANSITIONAL_HOUSING).any()

"""Medicaid: spells of membership, who may have one, and what care costs."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Floats
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.claims import DE, IP, LT, NB, NI, RX, claims
from infotrust.core.practice.facts.conditions import conditions
from infotrust.core.practice.facts.health import (
    AGED,
    CHILD,
    CHIP,
    DIED,
    FOSTER,
    MOVED,
    OTHER_CATEGORY,
    PAPERWORK,
    PREGNANT,
    Members,
    medicaid_members,
)
from infotrust.core.practice.facts.households import months, pregnancies, stays
from infotrust.core.practice.ward import NEVER, YEAR, Ward

PEOPLE, YEARS = 8_000, 8  # to June 30, 2024: before, during and after the years in which nobody was put out


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(PEOPLE, 5, Span(2016, YEARS)).ward(0)


@pytest.fixture(scope="module")
def members(ward: Ward) -> Members:
    return ward.of(medicaid_members)


def day_in(year: int, month: int = 7) -> int:
    from datetime import date

    return date(year, month, 1).toordinal()


# --- who lives where ---


def test_the_months_agree_with_the_home_spells(ward: Ward) -> None:
    known = ward.of(months)
    for number in (0, 17, len(known) - 1):
        last = int(known.last[number])
        here = ward.residents(last)
        assert np.array_equal(np.flatnonzero(known.household[number] >= 0), here)
        assert np.array_equal(known.household[number][here], ward.household(here, last))


def test_nobody_lives_in_two_homes_at_once(ward: Ward) -> None:
    held = ward.of(stays)
    order = np.lexsort((held.first, held.person))
    same = held.person[order][1:] == held.person[order][:-1]
    assert (held.until[order][:-1][same] <= held.first[order][1:][same]).all()


# --- spells ---


def test_spells_of_a_person_do_not_overlap(members: Members) -> None:
    again = members.owner[1:] == members.owner[:-1]
    assert again.sum() > 500
    assert (members.last[:-1][again] < members.first[1:][again]).all()


def test_spells_end_with_death_or_departure(ward: Ward, members: Members) -> None:
    people = ward.people
    gone = np.minimum(people.death, people.departure)[members.owner]
    known = gone <= ward.span.last
    assert (members.last[known] <= gone[known]).all()
    died, left = members.reason == DIED, members.reason == MOVED
    assert np.array_equal(members.last[died], people.death[members.owner[died]])
    assert np.array_equal(members.last[left], people.departure[members.owner[left]] - 1)


def test_a_change_of_category_leaves_no_gap(members: Members) -> None:
    row = np.flatnonzero(members.reason == OTHER_CATEGORY)
    assert len(row) > 100
    assert np.array_equal(members.owner[row + 1], members.owner[row])
    assert np.array_equal(members.first[row + 1], members.last[row] + 1)
    assert np.array_equal(members.began[row + 1], members.began[row])


def test_children_are_under_nineteen_and_the_aged_sixty_five(ward: Ward, members: Members) -> None:
    age = ward.age(members.owner, members.first)
    assert age[np.isin(members.category, (CHILD, CHIP))].max() < 19
    assert age[members.category == AGED].min() > 65 - 32 / YEAR  # the month of the birthday counts
    assert not ward.people.male[members.owner[members.category == PREGNANT]].any()


def test_children_in_foster_care_are_members(ward: Ward, members: Members) -> None:
    held = ward.placements
    long = (held.first >= ward.span.first) & (np.minimum(held.last, ward.span.last) - held.first > 120)
    child, on = held.child[long], held.first[long] + 100
    child, on = child[ward.present(child, on)], on[ward.present(child, on)]
    assert len(child) > 5
    assert members.covers(child, on).mean() > 0.9
    assert (members.category[members.at(child, on)] == FOSTER).mean() > 0.8


def test_newborns_of_members_are_members_to_the_first_birthday(ward: Ward, members: Members) -> None:
    people = ward.people
    child = np.flatnonzero((people.mother >= 0) & (people.birth >= ward.span.first + 31))
    child = child[people.birth[child] <= ward.span.last - 365]
    child = child[members.covers(people.mother[child], people.birth[child])]
    stays_on = ward.present(child, people.birth[child] + 300)
    assert len(child) > 150
    assert members.covers(child, people.birth[child]).mean() > 0.93
    assert members.covers(child[stays_on], people.birth[child][stays_on] + 300).mean() > 0.93


# --- the years ---


def share(ward: Ward, members: Members, on: int, youngest: float = 0, oldest: float = 120) -> float:
    here = ward.residents(on)
    age = ward.age(here, on)
    here = here[(age >= youngest) & (age < oldest)]
    return float(members.covers(here, on).mean())


def test_about_a_fifth_of_people_and_two_fifths_of_children_are_members(ward: Ward, members: Members) -> None:
    before = [day_in(year) for year in (2017, 2018, 2019)]
    assert 0.14 < np.mean([share(ward, members, day) for day in before]) < 0.26
    assert 0.30 < np.mean([share(ward, members, day, 0, 18) for day in before]) < 0.50


def test_membership_grows_while_nobody_is_put_out_and_shrinks_after(ward: Ward, members: Members) -> None:
    before, at_most, after = (share(ward, members, day) for day in (day_in(2019), day_in(2023, 4), day_in(2024, 6)))
    assert at_most > 1.15 * before
    assert after < 0.9 * at_most


def test_no_papers_are_lost_while_coverage_is_continuous(members: Members) -> None:
    lost = members.last[members.reason == PAPERWORK]
    assert not ((lost >= day_in(2020, 3)) & (lost < day_in(2023, 4))).any()
    assert (lost < day_in(2020, 3)).sum() > 30
    assert (lost >= day_in(2023, 4)).sum() > 30


def test_many_who_lose_papers_are_back_within_a_year(members: Members) -> None:
    row = np.flatnonzero((members.reason == PAPERWORK) & (members.last < day_in(2023)))
    row = row[row + 1 < len(members.owner)]
    back = (members.owner[row + 1] == members.owner[row]) & (members.first[row + 1] - members.last[row] < 366)
    assert 0.4 < back.mean() < 0.9


# --- illness ---


def test_illness_comes_with_age_and_need(ward: Ward) -> None:
    here, on = ward.residents(ward.span.last), ward.span.last
    age, need, known = ward.age(here, on), ward.people.need[here], ward.of(conditions)
    diabetes, illness = known.has("diabetes", here, on), known.has("serious_mental_illness", here, on)
    assert diabetes[age > 65].mean() > 4 * diabetes[(age > 20) & (age < 45)].mean()
    grown = age > 18
    assert illness[grown & (need > 1)].mean() > 2 * illness[grown & (need < 0)].mean()
    assert known.has("disability", here, on)[(age > 18) & (age < 65)].mean() < 0.12


# --- claims ---


def test_every_claim_is_of_a_member_on_the_day(ward: Ward, members: Members) -> None:
    found = ward.of(claims)
    # Offices close at weekends: a visit is moved to the Friday before, at most two days out of a spell.
    day = found.first.astype(np.int64)
    covered = members.covers(found.who.astype(np.int64), day) | members.covers(found.who.astype(np.int64), day + 2)
    assert covered.all()
    assert (found.last >= found.first).all()
    assert found.first.min() >= ward.span.first
    assert found.first.max() <= ward.span.last


def years_of_membership(ward: Ward, members: Members) -> Floats:
    """Of each person, within the county's years."""
    days = np.minimum(members.last, ward.span.last) - np.maximum(members.first, ward.span.first) + 1
    return np.bincount(members.owner, weights=np.maximum(days, 0), minlength=len(ward)) / YEAR


def test_claims_are_about_six_a_member_and_year(ward: Ward, members: Members) -> None:
    assert 4.5 < len(ward.of(claims)) / years_of_membership(ward, members).sum() < 7


def test_offices_and_pharmacies_are_closed_at_weekends(ward: Ward) -> None:
    found = ward.of(claims)
    weekday = (found.first - 1) % 7
    assert weekday[found.type == RX].max() == 4
    assert weekday[found.type == IP].max() == 6


def test_births_that_medicaid_pays_have_a_delivery_and_a_newborn_stay(ward: Ward, members: Members) -> None:
    held, found = ward.of(pregnancies), ward.of(claims)
    paid = members.covers(held.mother, held.born)
    delivered = found.who[found.price == DE]
    assert np.array_equal(np.sort(delivered), np.sort(held.mother[paid]))
    newborns = found.who[np.isin(found.price, (NB, NI))]
    assert (ward.people.birth[newborns] == found.first[np.isin(found.price, (NB, NI))]).all()
    assert 0.02 < (found.price == NI).sum() / len(newborns) < 0.2


def test_need_makes_care_costlier(ward: Ward, members: Members) -> None:
    found, need, years = ward.of(claims), ward.people.need, years_of_membership(ward, members)
    yearly = np.bincount(found.who, weights=found.paid, minlength=len(ward)) / np.maximum(years, 1)
    member = years > 0.8
    assert np.mean(yearly[member & (need > 1)]) > 1.4 * np.mean(yearly[member & (need < -0.5)])


def test_months_of_care_follow_one_another(ward: Ward) -> None:
    found = ward.of(claims)
    care = np.flatnonzero(found.type == LT)
    order = care[np.lexsort((found.first[care], found.who[care]))]
    again = found.who[order][1:] == found.who[order][:-1]
    assert (found.last[order][:-1][again] < found.first[order][1:][again]).all()
    assert (found.last[order] - found.first[order]).max() < 32


# --- a longer county ---


def test_a_longer_county_has_the_same_members_and_claims_before() -> None:
    """Only women whose birth lies beyond the shorter county's last day are known sooner in the longer one: members
    of its last year, over which the days of their claims are spread."""
    short, long = (County(1_500, 3, Span(2016, years)).ward(0) for years in (2, 3))
    until = short.span.periods[-1].first - 1
    one, other = short.of(medicaid_members), long.of(medicaid_members)
    for name in ("owner", "first", "category", "began"):
        assert np.array_equal(getattr(one, name)[one.first <= until], getattr(other, name)[other.first <= until]), name
    first, second = short.of(claims), long.of(claims)
    for name in ("who", "type", "first", "last", "diagnosis", "billed", "paid"):
        before = getattr(second, name)[second.first <= until]
        assert np.array_equal(getattr(first, name)[first.first <= until], before), name


def test_open_spells_have_no_last_day(ward: Ward, members: Members) -> None:
    assert ((members.last == NEVER) == (members.reason == 0)).all()
    assert ward.present(members.owner[members.last == NEVER], ward.span.last).all()

"""Jail, crisis center and police: their rates, and that a few people make up much of all of it."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Ints
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.crisis import DISPOSITIONS, PHONE, contacts
from infotrust.core.practice.facts.dispatch import SUBJECT, TYPE, calls, named
from infotrust.core.practice.facts.justice import RELEASES, bookings, in_jail
from infotrust.core.practice.facts.propensity import homeless_in, rough, shelter_address
from infotrust.core.practice.facts.substance import substance_use
from infotrust.core.practice.ward import Ward

PEOPLE = 8_000


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(PEOPLE, 5, Span(years=5)).ward(0)


def resident_years(ward: Ward) -> int:
    return sum(len(ward.residents((period.first + period.last) // 2)) for period in ward.span.periods)


def share_of_busiest(person: Ints, share: float) -> float:
    """What share of events the busiest people have; `share` of those who have any."""
    counts = np.sort(np.bincount(person)[np.unique(person)])[::-1]
    return float(counts[: int(np.ceil(share * len(counts)))].sum() / counts.sum())


def test_jail_books_about_22_of_1000_people_a_year(ward: Ward) -> None:
    assert 17 < 1000 * len(ward.of(bookings).day) / resident_years(ward) < 27


def test_stays_are_short_for_most_and_long_for_few(ward: Ward) -> None:
    stay = ward.of(bookings).last - ward.of(bookings).day
    assert stay.min() >= 0
    assert 1 <= np.median(stay) <= 5
    assert 18 < stay.mean() < 36


def test_nobody_is_booked_while_in_jail_or_away_or_a_child(ward: Ward) -> None:
    every = ward.of(bookings)
    same = every.person[1:] == every.person[:-1]
    assert same.sum() > 100
    assert (every.day[1:] > every.last[:-1])[same].all()
    assert ward.present(every.person, every.day).all()
    assert (ward.age(every.person, every.day) >= 18).all()


def test_who_dies_in_jail_leaves_on_that_day(ward: Ward) -> None:
    every = ward.of(bookings)
    assert (every.last <= ward.people.death[every.person]).all()
    died = every.release == RELEASES.index("died")
    assert np.array_equal(died, every.last == ward.people.death[every.person])


def test_substance_use_and_need_go_together(ward: Ward) -> None:
    using = ward.of(substance_use).onset <= ward.span.last
    assert ward.people.need[using].mean() > 0.6
    adult = (ward.age(np.arange(len(ward)), ward.span.last) >= 30) & ward.present(np.arange(len(ward)), ward.span.last)
    assert 0.05 < using[adult].mean() < 0.11


@pytest.mark.parametrize("fact", [bookings, contacts])
def test_events_gather_in_people_of_high_need(ward: Ward, fact: object) -> None:
    person = ward.of(fact).person  # type: ignore[arg-type, attr-defined]
    adults = ward.residents(ward.span.first + 900)
    assert ward.people.need[person].mean() > ward.people.need[adults].mean() + 0.7
    assert share_of_busiest(person, 0.1) > 0.3


def test_crisis_contacts_are_as_often_as_planned(ward: Ward) -> None:
    every = ward.of(contacts)
    assert 36 < 1000 * len(every.day) / resident_years(ward) < 49
    assert 0.45 < (every.mode == PHONE).mean() < 0.6
    assert every.named[every.mode != PHONE].all()
    assert np.array_equal(every.nights > 0, every.disposition == DISPOSITIONS.index("crisis_bed"))
    assert not in_jail(ward, every.person, every.day).any()


def test_people_come_to_the_crisis_center_after_jail(ward: Ward) -> None:
    every, jailed = ward.of(contacts), ward.of(bookings)
    soon = late = 0
    for person, day in zip(jailed.person.tolist(), jailed.last.tolist(), strict=True):
        mine = every.day[np.searchsorted(every.person, person) : np.searchsorted(every.person, person, side="right")]
        soon += int(((mine > day) & (mine <= day + 30)).sum())
        late += int(((mine > day + 30) & (mine <= day + 90)).sum())
    assert soon / 30 > 1.15 * late / 60


def test_homeless_people_are_met_more_often(ward: Ward) -> None:
    period = ward.span.periods[2]
    without = homeless_in(ward, period)
    every, who = ward.of(calls), ward.of(named)
    this_year = (every.day[who.call] >= period.first) & (every.day[who.call] <= period.last) & (who.role == SUBJECT)
    counts = np.bincount(who.person[this_year], minlength=len(ward))
    here = np.zeros(len(ward), dtype=bool)
    here[ward.residents((period.first + period.last) // 2)] = True
    assert counts[here & without].mean() > 3 * counts[here & ~without].mean()


def test_who_sleeps_in_a_shelter_has_its_address(ward: Ward) -> None:
    nights = ward.of(rough)
    found = shelter_address(ward, nights.owner, nights.first)
    assert np.array_equal(found >= 0, nights.address >= 0)
    assert set(found[found >= 0].tolist()) <= set(ward.place.shelters.address.tolist())


def test_crimes_and_crashes_follow_the_place(ward: Ward) -> None:
    every, place = ward.of(calls), ward.place
    for kind, rate in (("violent_crime", place.violent_crime), ("crash", place.crashes)):
        alone = (every.type == TYPE[kind]) & ~every.arrest
        found = np.bincount(every.tract[alone], minlength=place.tracts)
        expected = np.zeros(place.tracts)
        for period in ward.span.periods:
            on = (period.first + period.last) // 2
            residents = np.bincount(ward.tract(ward.residents(on), on), minlength=place.tracts)
            expected += rate[:, period.number] / 1000 * residents
        assert (np.abs(found - expected) < 5 * np.sqrt(expected) + 5).all(), kind


def test_few_people_are_named_in_many_calls(ward: Ward) -> None:
    who = ward.of(named)
    assert share_of_busiest(who.person[who.role == SUBJECT], 0.1) > 0.3
    every = ward.of(calls)
    assert ward.present(who.person, every.day[who.call]).all()


def test_an_arrest_is_followed_by_a_booking_on_that_day(ward: Ward) -> None:
    every, jailed = ward.of(calls), ward.of(bookings)
    booked = set(zip(jailed.person.tolist(), jailed.day.tolist(), strict=True))
    arrests = set(zip(every.subject[every.arrest].tolist(), every.day[every.arrest].tolist(), strict=True))
    assert arrests <= booked
    assert 0.5 < len(arrests) / len(booked) < 0.75


def test_a_longer_county_has_the_same_first_years(ward: Ward) -> None:
    longer = County(PEOPLE, 5, Span(years=6)).ward(0)
    for fact in (bookings, contacts, calls):
        one, other = ward.of(fact), longer.of(fact)
        early, too = one.day < ward.span.last - 60, other.day < ward.span.last - 60  # type: ignore[attr-defined]
        assert np.array_equal(one.day[early], other.day[too]), fact  # type: ignore[attr-defined]
        assert np.array_equal(one.minute[early], other.minute[too]), fact  # type: ignore[attr-defined]

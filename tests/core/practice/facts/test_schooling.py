"""Pupils: who is enrolled where, how grades follow ages, and what multiplies absence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.enrollment import (
    DROPPED_OUT,
    GRADES,
    GRADUATED,
    KG,
    LAST_GRADE,
    MOVED,
    PK,
    TRANSFERRED,
    schooling,
)
from infotrust.core.practice.facts.prek import prek_access
from infotrust.core.practice.facts.school_calendar import PERIODS, report_card_releases, school_years
from infotrust.core.practice.facts.schooling import (
    SERVED_FOR,
    absence_share,
    attendance,
    discipline,
    marks,
    school_services,
    tract_factor,
)
from infotrust.core.practice.ward import Ward

PEOPLE = 8_000


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(PEOPLE, seed=3, span=Span(years=6)).ward(0)


def test_a_longer_county_has_the_same_school_years() -> None:
    ours = County(3_000, seed=3, span=Span(years=4)).ward(0)
    theirs = County(3_000, seed=3, span=Span(years=5)).ward(0)
    short, long = ours.of(schooling), theirs.of(schooling)
    # Who dies or leaves within the last year is known only when the year is over.
    rows, spells = len(short.years.pupil), len(short.enrollments.pupil)
    for name in ("pupil", "year", "grade", "first", "last", "tract", "homeless"):
        assert (getattr(short.years, name) == getattr(long.years, name)[:rows]).all(), name
    for name in ("pupil", "school", "grade", "entry", "exit", "reason"):
        assert (getattr(short.enrollments, name) == getattr(long.enrollments, name)[:spells]).all(), name
    days = len(ours.of(attendance).absent)
    assert (ours.of(attendance).absent == theirs.of(attendance).absent[:days]).all()


# --- the calendar ---


def test_school_opens_on_a_monday_and_periods_end_on_fridays(ward: Ward) -> None:
    for year in ward.of(school_years):
        assert date.fromordinal(year.opening).weekday() == 0
        assert [date.fromordinal(end).weekday() for end in year.ends] == [4] * PERIODS
        assert year.period.first < year.opening < year.closing < year.period.last


def test_report_cards_go_home_after_the_period_and_some_on_a_friday(ward: Ward) -> None:
    found = ward.of(report_card_releases)
    schools = len(ward.place.schools.code)
    ends = np.array([year.ends for year in ward.of(school_years)])
    assert (
        (found.day - ends[found.year, found.period] >= 10) & (found.day - ends[found.year, found.period] <= 14)
    ).all()
    weekday = np.array([date.fromordinal(int(day)).weekday() for day in found.day])
    assert (found.friday == (weekday == 4)).all()
    assert (weekday < 5).all()
    place = (found.year * PERIODS + found.period) * schools + found.school
    assert (place == np.arange(len(place))).all()
    assert 0.2 < found.friday.mean() < 0.6


# --- who is enrolled ---


def test_a_pupil_is_in_one_school_at_a_time(ward: Ward) -> None:
    spells = ward.of(schooling).enrollments
    order = np.lexsort((spells.entry, spells.pupil))
    same = spells.pupil[order][1:] == spells.pupil[order][:-1]
    assert (spells.entry[order][1:][same] > spells.exit[order][:-1][same]).all()
    assert (spells.exit >= spells.entry).all()


def test_pupils_are_there_on_their_days(ward: Ward) -> None:
    years = ward.of(schooling).years
    assert ward.present(years.pupil, years.first).all()
    assert ward.present(years.pupil, years.last).all()


def test_most_children_of_school_age_attend_in_the_grade_of_their_age(ward: Ward) -> None:
    years = ward.of(schooling).years
    for year in ward.of(school_years):
        age = np.floor(ward.age(np.arange(len(ward)), year.birthday))
        children = np.flatnonzero((age >= 6) & (age <= 15) & ward.present(np.arange(len(ward)), year.birthday))
        pupils = years.pupil[years.year == year.period.number]
        assert 0.82 < np.isin(children, pupils).mean() < 0.95
    age = np.floor(
        (np.array([y.birthday for y in ward.of(school_years)])[years.year] - ward.people.birth[years.pupil]) / 365.25
    )
    usual = age - 4 == years.grade
    assert usual[years.grade >= KG].mean() > 0.75
    assert (years.grade <= LAST_GRADE).all()


def test_schools_are_of_the_level_of_the_grade(ward: Ward) -> None:
    spells = ward.of(schooling).enrollments
    level = ward.place.schools.level[np.maximum(spells.school, 0)]
    grade = spells.grade
    assert ((spells.site >= 0) == (grade == PK)).all()
    assert (level[(grade >= KG) & (grade <= GRADES.index("05"))] == "E").all()
    assert (level[(grade >= GRADES.index("06")) & (grade <= GRADES.index("08"))] == "M").all()
    assert (level[grade >= GRADES.index("09")] == "H").all()


def test_a_transfer_comes_with_a_move_to_another_attendance_area(ward: Ward) -> None:
    spells, years = ward.of(schooling).enrollments, ward.of(schooling).years
    left = np.flatnonzero(spells.reason == TRANSFERRED)
    assert len(left) > 10
    assert (spells.pupil[left + 1] == spells.pupil[left]).all()
    assert (spells.school[left + 1] != spells.school[left]).all()
    moved = set(zip(years.pupil[years.moved].tolist(), years.year[years.moved].tolist(), strict=True))
    assert set(zip(spells.pupil[left].tolist(), spells.year[left].tolist(), strict=True)) <= moved


def test_nobody_comes_back_after_the_diploma_or_leaves_twice(ward: Ward) -> None:
    spells = ward.of(schooling).enrollments
    for reason in (GRADUATED, DROPPED_OUT):
        rows = np.flatnonzero(spells.reason == reason)
        assert len(rows) > 5
        later = {pupil: spells.entry[spells.pupil == pupil].max() for pupil in spells.pupil[rows].tolist()}
        assert all(later[pupil] <= day for pupil, day in zip(spells.pupil[rows], spells.exit[rows], strict=True))
    moved = spells.reason == MOVED
    assert (ward.people.departure[spells.pupil[moved]] == spells.exit[moved] + 1).all()


def test_pre_k_is_nearer_where_a_site_is_and_likelier_near(ward: Ward) -> None:
    access, sites = ward.of(prek_access), ward.place.prek_sites
    opened = sites.opened <= ward.span.first_year
    here = np.isin(np.arange(ward.place.tracts), sites.tract[opened])
    assert (access.miles[here, 0] == 0).all()
    assert (access.miles[~here, 0] > 0).all()
    assert access.supply[here, 0].max() > access.supply[~here, 0].max()
    assert ((access.supply >= 0) & (access.supply <= 1)).all()


# --- absence ---


def test_days_missed_never_exceed_days_enrolled(ward: Ward) -> None:
    found, full = ward.of(attendance), ward.parameters.schools.calendar.days_in_a_period
    assert (found.excused <= found.absent).all()
    assert (found.absent <= found.days).all()
    assert found.days.max() == full
    assert (found.days == full).mean() > 0.9


def test_causes_multiply_the_share_of_days_missed(ward: Ward) -> None:
    years, share = ward.of(schooling).years, ward.of(absence_share)
    log = np.log(share / tract_factor(ward)[years.tract, years.year])
    grade = (years.grade > KG) & (years.grade < GRADES.index("09"))
    plain = grade & ~years.homeless & ~years.moved & (ward.people.disability[years.pupil] == 0)
    wanted = ward.parameters.schools.absence
    for year in (1, 2):
        rows = plain & (years.year == year)
        poor, rich = rows & (years.income < 1), rows & (years.income > 1.85)
        assert np.isclose(np.exp(log[poor].mean() - log[rich].mean()), wanted.poor, rtol=0.25)


def test_a_measure_of_the_tract_multiplies_by_its_factor(ward: Ward) -> None:
    wanted, before = ward.parameters.schools.absence, tract_factor(ward)
    for name, amount in (("vacancy", 0.10), ("violent_crime", 5.0), ("crashes", 10.0), ("drug_sales", 1.0)):
        values = getattr(ward.place, name).copy()
        values[2, 1] += amount
        after = tract_factor(replace(ward, place=replace(ward.place, **{name: values})))
        assert after[2, 1] == pytest.approx(before[2, 1] * wanted[name]), name
        assert np.delete(after, 1, axis=1) == pytest.approx(np.delete(before, 1, axis=1))


# --- marks, services, discipline ---


def test_report_cards_are_those_of_the_school_on_its_release_day(ward: Ward) -> None:
    found, days, years = ward.of(marks), ward.of(attendance), ward.of(schooling).years
    releases = ward.of(report_card_releases)
    row = days.row[found.row]
    place = (years.year[row] * PERIODS + days.period[found.row]) * len(ward.place.schools.code) + found.school
    assert (releases.day[place] == found.release).all()
    assert (years.grade[row] >= KG).all()
    assert ((found.mark >= 0) & (found.mark <= 4)).all()


def test_services_follow_disability_and_income(ward: Ward) -> None:
    years, found = ward.of(schooling).years, ward.of(school_services)
    served = found.special_education > 0
    disabled = ward.people.disability[years.pupil] > 0
    assert served[disabled].mean() > 0.5 > 0.2 > served[~disabled].mean()
    assert 0.08 < served.mean() < 0.24
    assert (years.income[found.lunch == 2] < 1.3).all()
    assert (years.income[found.lunch == 1] >= 1.3).all()
    assert len(SERVED_FOR) > found.special_education.max()


def test_incidents_fall_on_days_of_school(ward: Ward) -> None:
    years, found = ward.of(schooling).years, ward.of(discipline)
    assert len(found.row) > 100
    assert ((found.day >= years.first[found.row]) & (found.day <= years.last[found.row])).all()
    weekday = np.array([date.fromordinal(int(day)).weekday() for day in found.day])
    assert (weekday < 5).mean() > 0.99
    boys = ward.people.male[years.pupil[found.row]]
    assert boys.mean() > 0.55

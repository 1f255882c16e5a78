"""What the school district has on file: one record for each pupil, or two, and everything under one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from infotrust.core.practice.agencies import schools
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.columns import to_arrow
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.enrollment import schooling
from infotrust.core.practice.facts.homelessness import DOUBLED_UP, SHELTER, slept
from infotrust.core.practice.records.mechanisms import BIT
from infotrust.core.practice.tables import Table
from infotrust.core.practice.ward import Ward


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(8_000, seed=4, span=Span(years=6)).ward(0)


@pytest.fixture(scope="module")
def tables(ward: Ward) -> Mapping[str, Table]:
    return {table.layout.name: table for table in schools.tables(ward)}


def test_tables_are_those_of_the_layouts(tables: Mapping[str, Table]) -> None:
    assert [table.layout for table in tables.values()] == list(schools.LAYOUTS)
    for table in tables.values():
        assert to_arrow(table).num_rows == len(table) > 0


def test_every_row_stands_under_a_pupil_on_file(tables: Mapping[str, Table]) -> None:
    known = set(tables["pupils"].columns["pupil_id"])
    assert len(known) == len(tables["pupils"])
    for name in ("enrollments", "pupil_years", "attendance", "report_cards", "discipline", "graduates"):
        assert set(tables[name].columns["pupil_id"]) <= known, name


def test_the_rows_of_a_year_stand_under_the_pupil_whose_they_are(ward: Ward, tables: Mapping[str, Table]) -> None:
    pupils = tables["pupils"]
    person = dict(zip(pupils.columns["pupil_id"], pupils.who.tolist(), strict=True))
    years = ward.of(schooling).years
    assert [person[one] for one in tables["pupil_years"].columns["pupil_id"]] == years.pupil.tolist()


def test_some_pupils_have_two_numbers_and_each_has_rows(tables: Mapping[str, Table]) -> None:
    pupils = tables["pupils"]
    twice = np.flatnonzero(np.bincount(pupils.who) == 2)
    assert 0 < len(twice) < 0.03 * len(pupils)
    older = pupils.columns["pupil_id"][(pupils.mistakes & BIT["entered_twice"]) > 0]
    assert np.isin(older, tables["enrollments"].columns["pupil_id"]).mean() > 0.9


def test_the_state_number_is_there_for_most_and_is_nobody_elses(tables: Mapping[str, Table]) -> None:
    pupils = tables["pupils"]
    numbers = pupils.columns["state_student_id"]
    assert 0.75 < (numbers != "").mean() < 0.9
    owners = set(zip(numbers[numbers != ""], pupils.who[numbers != ""].tolist(), strict=True))
    assert len(owners) == len({number for number, _ in owners})
    assert all(re.fullmatch(r"\d{10}", number) for number in numbers if number)


def test_brothers_and_sisters_mostly_share_a_family_number(ward: Ward, tables: Mapping[str, Table]) -> None:
    pupils = tables["pupils"]
    mother = ward.people.mother[pupils.who]
    family = pupils.columns["family_id"]
    order = np.argsort(mother, kind="stable")
    same_mother = (mother[order][1:] == mother[order][:-1]) & (mother[order][1:] >= 0)
    shared = (family[order][1:] == family[order][:-1])[same_mother]
    assert 0.5 < shared.mean() < 0.99


def test_the_school_knows_most_shelters_and_fewer_doubled_up_families(ward: Ward) -> None:
    said, years = schools.nighttime_residence(ward), ward.of(schooling).years
    truth = np.full(len(said), -1)
    for period in ward.span.periods:
        rows = years.year == period.number
        truth[rows] = slept(ward, period)[years.pupil[rows]]
    assert (said[truth == SHELTER] == "shelter").mean() > 0.75
    assert 0.4 < (said[truth == DOUBLED_UP] == "doubled_up").mean() < 0.85
    assert (said[truth < 0] == "housed").mean() > 0.999


def test_only_the_first_ward_tells_the_releases() -> None:
    second = replace(County(2_000, seed=4, span=Span(years=1)).ward(0), number=1)
    tables = {table.layout.name: table for table in schools.tables(second)}
    assert len(tables["report_card_releases"]) == 0
    assert len(tables["pupils"]) > 0


def test_files_of_an_earlier_day_hold_what_was_known_then(ward: Ward) -> None:
    day = ward.span.periods[2].last
    then, now = schools.pupils_on_file(ward, day), schools.pupil_file(ward)
    years = ward.of(schooling).years
    assert set(then.sheet.who.tolist()) == set(years.pupil[years.first <= day].tolist())
    assert (then.sheet.on <= day).all()
    newer, later = then.sheet.copy == 0, now.record[then.sheet.who]
    assert (then.pupil_id[newer] == now.pupil_id[later[newer]]).all()

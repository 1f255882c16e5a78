"""Vital records, early intervention, preschool special education, home visiting, referrals: what is on file fits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from infotrust.core.practice.agencies import systems
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.columns import to_arrow
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.births import births
from infotrust.core.practice.facts.visiting import enrollments
from infotrust.core.practice.records.mechanisms import BIT
from infotrust.core.practice.tables import Table
from infotrust.core.practice.ward import Ward

CODES = ("vital-records", "early-intervention", "preschool-special-education", "home-visiting", "referrals")
# Table and column, and the table whose key it names.
REFERS = (
    ("vital-records/parents", "certificate", "vital-records/births"),
    ("early-intervention/referrals", "child_id", "early-intervention/children"),
    ("early-intervention/enrollments", "child_id", "early-intervention/children"),
    ("early-intervention/enrollments", "referral_id", "early-intervention/referrals"),
    ("early-intervention/services", "enrollment_id", "early-intervention/enrollments"),
    ("early-intervention/outcome_ratings", "enrollment_id", "early-intervention/enrollments"),
    ("preschool-special-education/programs", "student_id", "preschool-special-education/children"),
    ("preschool-special-education/outcome_ratings", "enrollment_id", "preschool-special-education/programs"),
    ("home-visiting/enrollments", "child_id", "home-visiting/children"),
    ("home-visiting/enrollments", "caregiver_id", "home-visiting/caregivers"),
    ("home-visiting/visits", "enrollment_id", "home-visiting/enrollments"),
    ("home-visiting/screenings", "enrollment_id", "home-visiting/enrollments"),
    ("referrals/referrals", "client_id", "referrals/clients"),
)


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(10_000, seed=4, span=Span(years=6)).ward(0)


@pytest.fixture(scope="module")
def tables(ward: Ward) -> Mapping[str, Table]:
    return {table.layout.path: table for system in systems(CODES).values() for table in system.tables(ward)}


def test_tables_are_those_of_the_layouts_and_none_is_empty(tables: Mapping[str, Table]) -> None:
    assert list(tables) == [layout.path for system in systems(CODES).values() for layout in system.LAYOUTS]
    for table in tables.values():
        assert to_arrow(table).num_rows == len(table) > 10, table.layout.path


def test_keys_tell_rows_apart(tables: Mapping[str, Table]) -> None:
    for table in tables.values():
        keys = table.columns[table.layout.key]
        assert len(set(keys)) == len(keys), table.layout.path


def test_tables_that_hold_identifiers_say_whose_they_are(ward: Ward, tables: Mapping[str, Table]) -> None:
    for table in tables.values():
        assert (table.who is not None) == table.layout.identity, table.layout.path
        if table.who is not None:
            assert table.mistakes is not None
            assert len(table.who) == len(table.mistakes) == len(table)
            assert (table.mistakes > 0).any()
            assert table.who.min() >= 0
            assert table.who.max() < len(ward)


@pytest.mark.parametrize(("path", "column", "other"), REFERS)
def test_rows_refer_to_rows_on_file(tables: Mapping[str, Table], path: str, column: str, other: str) -> None:
    table = tables[other]
    known = set(table.columns[table.layout.key])
    assert set(tables[path].columns[column]) <= known


def test_some_newborns_have_no_name_yet(tables: Mapping[str, Table]) -> None:
    table = tables["vital-records/births"]
    assert table.mistakes is not None
    unnamed = (table.mistakes & BIT["unnamed_newborn"]) > 0
    assert 0.005 < unnamed.mean() < 0.2
    assert {"BABY BOY", "BABY GIRL"} & set(table.columns["given_name"][unnamed])
    assert "BABY BOY" not in table.columns["given_name"][~unnamed]


def test_every_certificate_has_a_mother_and_a_father_where_it_names_one(
    ward: Ward, tables: Mapping[str, Table]
) -> None:
    parents, born = tables["vital-records/parents"], ward.of(births)
    role = parents.columns["role"]
    assert (role == "mother").sum() == len(born)
    assert (role == "father").sum() == born.father_named.sum()
    named = np.array([name != "" for name in tables["vital-records/births"].columns["father_name"]])
    assert (named == born.father_named).all()
    assert not ward.people.male[parents.who[role == "mother"]].any()


def test_parents_are_not_called_duplicates_for_having_two_children(tables: Mapping[str, Table]) -> None:
    for name in ("vital-records/births", "vital-records/parents", "vital-records/deaths"):
        mistakes = tables[name].mistakes
        assert mistakes is not None
        assert not (mistakes & (BIT["entered_twice"] | BIT["shared_address"])).any()


def test_a_mothers_slips_differ_between_certificates(tables: Mapping[str, Table]) -> None:
    parents = tables["vital-records/parents"]
    assert parents.who is not None
    assert parents.mistakes is not None
    order = np.argsort(parents.who, kind="stable")
    same = parents.who[order][1:] == parents.who[order][:-1]
    slips = parents.mistakes[order]
    assert same.sum() > 200
    assert (slips[1:][same] != slips[:-1][same]).any()


def test_some_people_were_entered_twice_and_both_numbers_are_used(tables: Mapping[str, Table]) -> None:
    table = tables["early-intervention/children"]
    assert table.mistakes is not None
    again = (table.mistakes & BIT["entered_twice"]) > 0
    assert 0 < again.sum() < 0.1 * len(table)


def test_exit_ratings_say_whether_there_was_progress_and_entry_ratings_do_not(tables: Mapping[str, Table]) -> None:
    for path in ("early-intervention/outcome_ratings", "preschool-special-education/outcome_ratings"):
        columns = tables[path].columns
        at_exit = columns["point"] == "exit"
        assert set(columns["social_progress"][at_exit]) <= {"Y", "N"}
        assert set(columns["social_progress"][~at_exit]) == {""}
        assert columns["needs"].min() >= 1
        assert columns["needs"].max() <= 7


def test_children_of_one_visited_mother_have_one_caregiver(ward: Ward, tables: Mapping[str, Table]) -> None:
    found, table = ward.of(enrollments), tables["home-visiting/caregivers"]
    assert table.who is not None
    person = dict(zip(table.columns["caregiver_id"], table.who.tolist(), strict=True))
    rows = tables["home-visiting/enrollments"].columns["caregiver_id"]
    assert [person[one] for one in rows] == found.mother.tolist()


def test_every_column_is_explained(tables: Mapping[str, Table]) -> None:
    for table in tables.values():
        assert all(len(text) > 2 for text in table.layout.about.values()), table.layout.path

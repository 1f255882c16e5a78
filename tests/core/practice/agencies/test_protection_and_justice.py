"""Tables of child welfare, police, jail and crisis center: keys that fit, dates in order, records of people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from infotrust.core.practice.agencies import child_welfare, crisis_center, jail, police
from infotrust.core.practice.agencies.records_of import mentions, numbered
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.dispatch import SUBJECT, calls, named
from infotrust.core.practice.facts.justice import bookings
from infotrust.core.practice.records import rows
from infotrust.core.practice.records.mechanisms import BIT
from infotrust.core.practice.records.relatives import other_twins
from infotrust.core.practice.streets import UNIT_WORDS
from infotrust.core.practice.tables import Table
from infotrust.core.practice.ward import Ward

SYSTEMS = (child_welfare, police, jail, crisis_center)


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(4_000, 2, Span(years=4)).ward(0)


@pytest.fixture(scope="module")
def tables(ward: Ward) -> dict[str, Table]:
    return {table.layout.path: table for system in SYSTEMS for table in system.tables(ward)}


def column(tables: dict[str, Table], path: str, name: str) -> Any:
    return tables[path].columns[name]


@pytest.mark.parametrize(
    ("path", "name", "refers_to"),
    [
        ("child-welfare/report_persons", "report_id", "child-welfare/reports"),
        ("child-welfare/report_persons", "client_id", "child-welfare/clients"),
        ("child-welfare/placements", "client_id", "child-welfare/clients"),
        ("child-welfare/placements", "report_id", "child-welfare/reports"),
        ("police/call_persons", "call_number", "police/calls"),
        ("police/call_persons", "person_number", "police/persons"),
        ("jail/bookings", "inmate_number", "jail/inmates"),
        ("jail/aliases", "inmate_number", "jail/inmates"),
        ("crisis-center/contacts", "client_id", "crisis-center/clients"),
    ],
)
def test_rows_refer_to_rows_there_are(tables: dict[str, Table], path: str, name: str, refers_to: str) -> None:
    keys = column(tables, refers_to, tables[refers_to].layout.key)
    assert len(set(keys.tolist())) == len(keys)
    given = {one for one in column(tables, path, name).tolist() if one}
    assert given
    assert given <= set(keys.tolist())


def test_who_is_in_a_booking_is_who_was_booked(ward: Ward, tables: dict[str, Table]) -> None:
    whose = dict(zip(column(tables, "jail/inmates", "inmate_number").tolist(), tables["jail/inmates"].who, strict=True))
    found = [whose[one] for one in column(tables, "jail/bookings", "inmate_number").tolist()]
    assert np.array_equal(found, ward.of(bookings).person)


def test_an_alias_is_the_inmates_own_and_differs_from_the_name_on_file(tables: dict[str, Table]) -> None:
    inmates, aliases = tables["jail/inmates"], tables["jail/aliases"]
    assert inmates.who is not None
    assert aliases.who is not None
    row = {key: place for place, key in enumerate(inmates.columns["inmate_number"].tolist())}
    places = [row[one] for one in aliases.columns["inmate_number"].tolist()]
    assert np.array_equal(inmates.who[places], aliases.who)
    names = ("given_name", "family_name", "birth_date")
    same = np.all([aliases.columns[name] == inmates.columns[name][places] for name in names], axis=0)
    assert same.mean() < 0.25


def test_people_stand_in_the_police_index_several_times(ward: Ward, tables: dict[str, Table]) -> None:
    persons = tables["police/persons"]
    assert persons.who is not None
    assert persons.mistakes is not None
    counts = np.unique(persons.who, return_counts=True)[1]
    assert counts.max() > 2
    entered_twice = (persons.mistakes & BIT["entered_twice"]) > 0
    assert entered_twice.sum() == len(persons) - len(counts)
    subjects = ward.of(named).role == SUBJECT
    assert set(ward.of(named).person[subjects].tolist()) <= set(persons.who.tolist())


def test_police_know_a_birth_date_or_guess_an_age(ward: Ward, tables: dict[str, Table]) -> None:
    persons = tables["police/persons"]
    dated, age = persons.columns["birth_date"] != "", persons.columns["age"]
    assert 0.5 < dated.mean() < 0.85
    assert np.array_equal(np.ma.getmaskarray(age), dated)
    assert persons.who is not None
    true = ward.age(persons.who, ward.span.last)[~dated]
    assert (true - age.compressed() > -5).all()


def test_dispatch_gives_blocks_and_no_house_numbers(ward: Ward, tables: dict[str, Table]) -> None:
    blocks = column(tables, "police/calls", "block").tolist()
    numbers = [int(block.split(" ")[0]) for block in blocks if " block " in block]
    assert len(numbers) > 0.9 * len(blocks)
    assert all(number % 100 == 0 for number in numbers)
    assert not any(block.rpartition(" ")[0].endswith(UNIT_WORDS) for block in blocks)
    assert set(column(tables, "police/calls", "tract").tolist()) <= set(ward.place.code.tolist())
    arrests = column(tables, "police/calls", "disposition") == "arrest"
    assert np.array_equal(arrests, ward.of(calls).arrest)


def test_dates_are_in_order_and_none_lies_after_the_countys_last_day(ward: Ward, tables: dict[str, Table]) -> None:
    last = (np.array([ward.span.last]) - 719_163).astype("datetime64[D]")[0]
    for path, first, then in (
        ("jail/bookings", "booked_date", "release_date"),
        ("child-welfare/placements", "removal_date", "end_date"),
        ("child-welfare/reports", "received_date", "disposition_date"),
    ):
        begins, ends = column(tables, path, first), column(tables, path, then)
        known = ~np.isnat(ends)
        assert known.any()
        assert (begins[known] <= ends[known]).all()
        assert (ends[known] <= last).all()
        assert (begins <= last).all()


def test_screened_out_reports_have_no_finding(tables: dict[str, Table]) -> None:
    reports = tables["child-welfare/reports"].columns
    out = reports["screened_in"] == "N"
    assert set(reports["disposition"][out].tolist()) == {""}
    assert set(reports["disposition"][~out].tolist()) <= {"substantiated", "unsubstantiated", "pending"}
    assert np.isnat(reports["disposition_date"][out]).all()


def test_open_placements_have_no_outcome(tables: dict[str, Table]) -> None:
    placements = tables["child-welfare/placements"].columns
    assert np.array_equal(placements["outcome"] == "", np.isnat(placements["end_date"]))


def test_some_callers_of_the_crisis_center_give_no_name(tables: dict[str, Table]) -> None:
    contacts = tables["crisis-center/contacts"].columns
    nameless = contacts["client_id"] == ""
    assert 0.15 < nameless.mean() < 0.32
    assert set(contacts["mode"][nameless].tolist()) == {"phone"}


def test_unit_costs_are_written_once_for_the_county() -> None:
    county = County(1_000, 2, Span(years=1), people_in_a_ward=500)
    rows = [
        len(table) for ward in county.each_ward() for table in jail.tables(ward) if table.layout.name == "unit_costs"
    ]
    assert rows == [2, 0]


# --- records and numbers ---


def test_mentions_go_to_the_latest_record_of_the_person(ward: Ward) -> None:
    person = np.array([5, 3, 5, 5, 3, 9])
    day = np.array([100, 50, 200, 300, 60, 10])
    known = mentions(ward, "police", person, day, 0.0, 4)
    assert known.who.tolist() == [3, 5, 9]
    assert known.on.tolist() == [60, 300, 10]
    assert known.record.tolist() == [1, 0, 1, 1, 0, 2]
    anew = mentions(ward, "police", person, day, 1.0, 2)
    assert anew.who.tolist() == [3, 3, 5, 5, 9]
    assert anew.copy.tolist() == [0, 1, 0, 1, 0]
    assert anew.on.tolist() == [50, 60, 100, 300, 10]
    assert anew.record.tolist() == [2, 0, 3, 3, 1, 4]


def test_nobody_mentioned_makes_no_record(ward: Ward) -> None:
    nobody = np.empty(0, dtype=np.int64)
    known = mentions(ward, "police", nobody, nobody, 0.5, 4)
    assert [len(one) for one in (known.record, known.who, known.on, known.copy)] == [0, 0, 0, 0]


def test_numbers_are_distinct_and_do_not_depend_on_later_years(ward: Ward) -> None:
    day = ward.span.first + np.array([5, 3, 400, 700, 3])
    every = numbered(ward, "test", day, "T{}-{:08d}")
    assert len(set(every.tolist())) == 5
    earlier = numbered(ward, "test", day[[0, 1, 4]], "T{}-{:08d}")
    assert earlier.tolist() == every[[0, 1, 4]].tolist()


def test_some_twins_have_one_record_together(monkeypatch: pytest.MonkeyPatch, ward: Ward) -> None:
    people = ward.people
    first = np.flatnonzero((people.plurality == 2) & (people.birth_order == 1) & (people.delivery >= 0))
    second = ward.of(other_twins)[first]
    first, second = first[second >= 0], second[second >= 0]
    person = np.concatenate([first, second])
    assert len(person) > 20
    day = np.full(len(person), ward.span.last)
    apart = mentions(ward, "jail", person, day, 0.0, 4)
    assert len(apart.who) == len(person)
    assert not apart.merged.any()
    monkeypatch.setattr(rows.Habits, "rate", lambda self, mechanism: 1.0 if mechanism == "twins_merged" else 0.0)
    together = mentions(ward, "jail", person, day, 0.0, 4)
    assert together.who.tolist() == sorted(first.tolist())
    assert together.merged.all()
    assert together.record[: len(first)].tolist() == together.record[len(first) :].tolist()

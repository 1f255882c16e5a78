"""What food assistance, WIC and Medicaid write down: records that fit together and to the facts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from infotrust.core.practice.agencies import medicaid, snap, wic
from infotrust.core.practice.agencies.register import Register
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.columns import to_arrow
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.claims import claims
from infotrust.core.practice.facts.health import medicaid_members
from infotrust.core.practice.tables import Table
from infotrust.core.practice.ward import Ward

AGENCIES = (snap, wic, medicaid)


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(6_000, 4, Span(2016, 5)).ward(0)


@pytest.fixture(scope="module")
def tables(ward: Ward) -> dict[str, Table]:
    return {table.layout.path: table for agency in AGENCIES for table in agency.tables(ward)}


def column(tables: dict[str, Table], path: str, name: str) -> Any:
    return tables[path].columns[name]


def test_each_table_has_the_columns_its_layout_tells_of(tables: dict[str, Table]) -> None:
    assert list(tables) == [layout.path for agency in AGENCIES for layout in agency.LAYOUTS]
    for table in tables.values():
        assert to_arrow(table).num_rows == len(table) > 0


def test_keys_tell_rows_apart(tables: dict[str, Table]) -> None:
    for path, table in tables.items():
        key = table.columns[table.layout.key]
        assert len(set(key.tolist())) == len(key), path


@pytest.mark.parametrize(
    ("path", "name", "of"),
    [
        ("snap/certification_members", "client_number", "snap/clients"),
        ("snap/certification_members", "certification_number", "snap/certifications"),
        ("snap/certifications", "case_number", "snap/cases"),
        ("snap/clients", "case_number", "snap/cases"),
        ("snap/issuances", "case_number", "snap/cases"),
        ("wic/certifications", "participant_id", "wic/participants"),
        ("wic/measurements", "certification_number", "wic/certifications"),
        ("wic/breastfeeding", "participant_id", "wic/participants"),
        ("medicaid/eligibility", "medicaid_id", "medicaid/members"),
        ("medicaid/claims", "medicaid_id", "medicaid/members"),
        ("medicaid/claims", "provider", "medicaid/providers"),
    ],
)
def test_tables_refer_to_records_that_are_there(tables: dict[str, Table], path: str, name: str, of: str) -> None:
    there = set(column(tables, of, tables[of].layout.key).tolist())
    assert set(column(tables, path, name).tolist()) <= there


@pytest.mark.parametrize("path", ["snap/clients", "medicaid/members"])
def test_some_people_have_two_records(tables: dict[str, Table], path: str) -> None:
    who = tables[path].who
    assert who is not None
    again = len(who) - len(np.unique(who))
    assert 0 < again < 0.1 * len(who)
    assert np.bincount(who).max() == 2


def test_a_second_record_is_used_until_some_months_after_its_making(ward: Ward) -> None:
    held = ward.of(medicaid_members)
    who, on = np.unique(held.owner), np.full(len(np.unique(held.owner)), ward.span.last)
    register = Register(ward, "medicaid", who, on, "M{:09d}")
    twice = np.flatnonzero(register.sheet.copy == 1)
    person, made = register.sheet.who[twice], register.sheet.on[twice]
    in_use = int(ward.parameters.habits.second_record_in_use)
    assert np.array_equal(register.record(person, made + in_use), twice)
    assert (register.sheet.copy[register.record(person, made + in_use + 1)] == 0).all()


def test_a_claim_is_of_the_person_who_was_cared_for(ward: Ward, tables: dict[str, Table]) -> None:
    who = tables["medicaid/members"].who
    assert who is not None
    person = dict(zip(column(tables, "medicaid/members", "medicaid_id").tolist(), who.tolist(), strict=True))
    found = [person[one] for one in column(tables, "medicaid/claims", "medicaid_id").tolist()]
    truth = ward.of(claims).who
    other = np.flatnonzero(np.array(found) != truth)
    assert (ward.people.plurality[truth[other]] > 1).all()  # twins with one record


def test_denied_claims_are_paid_nothing(tables: dict[str, Table]) -> None:
    status, paid = column(tables, "medicaid/claims", "status"), column(tables, "medicaid/claims", "paid")
    assert (paid[status == "D"] == 0).all()
    assert (paid[status == "P"] > 0).all()
    assert (column(tables, "medicaid/claims", "billed") >= paid).all()
    assert 0.03 < (status == "D").mean() < 0.09


def test_names_of_food_assistance_are_in_capitals_without_accents(tables: dict[str, Table]) -> None:
    for name in ("first_name", "last_name"):
        texts = column(tables, "snap/clients", name).tolist()
        assert all(text == text.upper() and text.isascii() for text in texts)


def test_each_certification_has_one_head(tables: dict[str, Table]) -> None:
    number = column(tables, "snap/certification_members", "certification_number")
    role = column(tables, "snap/certification_members", "role")
    heads = number[role == "H"].tolist()
    assert len(heads) == len(set(heads)) == len(set(number.tolist()))


def test_a_quarter_with_three_months_pays_three_monthly_benefits(tables: dict[str, Table]) -> None:
    """Before the emergency, and where the whole quarter lies in one certification of the case."""
    one = {name: column(tables, "snap/certifications", name) for name in tables["snap/certifications"].columns}
    paid = {
        (case, quarter): (months, amount)
        for case, quarter, months, amount in zip(
            *(column(tables, "snap/issuances", name) for name in ("case_number", "quarter", "months", "amount")),
            strict=True,
        )
    }
    quarter = np.datetime64("2018-01-01")
    inside = (one["certified_from"] <= quarter) & (one["certified_to"] >= np.datetime64("2018-03-31"))
    inside &= np.isnat(one["ended_on"]) | (one["ended_on"] >= np.datetime64("2018-03-31"))
    inside &= one["certified_from"] >= np.datetime64("2017-10-01")  # the same largest benefit
    assert inside.sum() > 20
    for case, benefit in zip(one["case_number"][inside], one["monthly_benefit"][inside], strict=True):
        assert paid[case, quarter] == (3, 3 * benefit)


def test_mothers_and_their_infants_share_a_family_number(ward: Ward, tables: dict[str, Table]) -> None:
    who, family = tables["wic/participants"].who, column(tables, "wic/participants", "family_id")
    assert who is not None
    of_person = dict(zip(who.tolist(), family.tolist(), strict=True))
    mother = ward.people.mother[who]
    pairs = [
        (of_person[child], of_person[int(one)])
        for child, one in zip(who.tolist(), mother, strict=True)
        if one in of_person
    ]
    same = [child == parent for child, parent in pairs if child]
    assert len(same) > 50
    assert np.mean(same) > 0.85  # others live with somebody else


def test_children_grow_and_infants_are_not_pricked(tables: dict[str, Table]) -> None:
    category = dict(
        zip(
            column(tables, "wic/certifications", "certification_number").tolist(),
            column(tables, "wic/certifications", "category").tolist(),
            strict=True,
        )
    )
    kind = np.array([category[one] for one in column(tables, "wic/measurements", "certification_number").tolist()])
    height, weight = (column(tables, "wic/measurements", name) for name in ("height_cm", "weight_kg"))
    assert 45 < height[kind == "I"].mean() < 62
    assert 75 < height[kind == "C"].mean() < 100
    assert 9 < weight[kind == "C"].mean() < 17
    assert 60 < weight[kind == "P"].mean() < 95
    blood = column(tables, "wic/measurements", "hemoglobin")
    assert np.isnan(blood[kind == "I"]).mean() > 0.9
    assert not np.isnan(blood[kind == "C"]).any()


def test_two_wards_never_share_a_number() -> None:
    county = County(2_000, 9, Span(2016, 2), people_in_a_ward=1_000)
    for agency in AGENCIES:
        first, second = ({t.layout.path: t for t in agency.tables(county.ward(number))} for number in (0, 1))
        for path in second:
            key = first[path].layout.key
            assert not set(first[path].columns[key].tolist()) & set(second[path].columns[key].tolist()), path

"""The HMIS export: files refer to each other, codes are of the lists, shelters that take no part are not in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from infotrust.core.practice.agencies import hmis_clients, homeless_services
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.columns import to_arrow
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.homelessness import homelessness
from infotrust.core.practice.tables import Table
from infotrust.core.practice.ward import Ward

# HUD's lists, as far as the county uses them.
MISSING = {8, 9, 99}
CODES: dict[tuple[str, str], set[int]] = {
    ("Client", "NameDataQuality"): {1, 2} | MISSING,
    ("Client", "SSNDataQuality"): {1, 2} | MISSING,
    ("Client", "DOBDataQuality"): {1, 2} | MISSING,
    ("Client", "Sex"): {0, 1} | MISSING,
    ("Client", "VeteranStatus"): {0, 1} | MISSING,
    ("Enrollment", "RelationshipToHoH"): {1, 2, 3, 4, 5},
    ("Enrollment", "LivingSituation"): {101, 116, 302, 314, 335, 336, 410, 411, 435} | MISSING,
    ("Enrollment", "LengthOfStay"): {2, 3, 4, 5, 10, 11} | MISSING,
    ("Enrollment", "TimesHomelessPastThreeYears"): {1, 2, 3, 4} | MISSING,
    ("Enrollment", "MonthsHomelessPastThreeYears"): set(range(101, 114)) | MISSING,
    ("Enrollment", "DisablingCondition"): {0, 1} | MISSING,
    ("Exit", "Destination"): {17, 24, 30, 101, 116, 302, 312, 313, 314, 410, 411, 421, 422, 423, 435},
    ("Project", "ProjectType"): {0, 1, 2, 3, 4, 12, 13},
    ("HMISParticipation", "HMISParticipationType"): {0, 1, 2},
    ("Disabilities", "DisabilityType"): {5, 6, 7, 9, 10},
    ("Disabilities", "DisabilityResponse"): {0, 1, 2, 3},
    ("HealthAndDV", "DomesticViolenceSurvivor"): {0, 1} | MISSING,
    ("Services", "RecordType"): {200},
}


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(10_000, seed=4, span=Span(years=6)).ward(0)


@pytest.fixture(scope="module")
def tables(ward: Ward) -> Mapping[str, Table]:
    return {table.layout.name: table for table in homeless_services.tables(ward)}


def known(values: Any) -> Any:
    """The values that are there."""
    return values.compressed() if isinstance(values, np.ma.MaskedArray) else np.asarray(values)


def test_files_are_those_of_the_layouts(tables: Mapping[str, Table]) -> None:
    assert [table.layout for table in tables.values()] == list(homeless_services.LAYOUTS)
    for table in tables.values():
        assert to_arrow(table).num_rows == len(table) > 0


def test_the_client_file_has_the_columns_of_the_format_in_their_order() -> None:
    client = next(layout for layout in homeless_services.LAYOUTS if layout.name == "Client")
    assert list(client.about)[:11] == [
        "PersonalID",
        "FirstName",
        "MiddleName",
        "LastName",
        "NameSuffix",
        "NameDataQuality",
        "SSN",
        "SSNDataQuality",
        "DOB",
        "DOBDataQuality",
        "Sex",
    ]
    assert list(client.about)[-5:] == ["DateCreated", "DateUpdated", "UserID", "DateDeleted", "ExportID"]


def test_codes_are_of_their_lists(tables: Mapping[str, Table]) -> None:
    for (name, column), codes in CODES.items():
        assert set(known(tables[name].columns[column]).tolist()) <= codes, (name, column)


def test_files_refer_to_each_other(tables: Mapping[str, Table]) -> None:
    clients, enrollments = set(tables["Client"].columns["PersonalID"]), tables["Enrollment"].columns["EnrollmentID"]
    assert len(set(enrollments)) == len(enrollments)
    owner = dict(zip(enrollments, tables["Enrollment"].columns["PersonalID"], strict=True))
    assert set(owner.values()) <= clients
    assert clients == set(owner.values())
    for name in ("Exit", "Services", "HealthAndDV", "Disabilities", "IncomeBenefits"):
        table = tables[name]
        pairs = zip(table.columns["EnrollmentID"], table.columns["PersonalID"], strict=True)
        assert all(owner[enrollment] == person for enrollment, person in pairs), name
        assert len(set(table.columns[table.layout.key])) == len(table), name
    assert set(tables["Enrollment"].columns["ProjectID"]) <= set(tables["Project"].columns["ProjectID"])
    organizations = set(tables["Organization"].columns["OrganizationID"])
    assert set(tables["Project"].columns["OrganizationID"]) <= organizations


def test_each_household_has_one_head(tables: Mapping[str, Table]) -> None:
    columns = tables["Enrollment"].columns
    households, which = np.unique(columns["HouseholdID"].astype(str), return_inverse=True)
    heads = np.bincount(which, weights=columns["RelationshipToHoH"] == 1, minlength=len(households))
    assert (heads <= 1).all()
    assert (heads == 1).mean() > 0.97  # some heads leave the county before a later service of their party


def test_nobody_exits_before_entry_or_after_the_last_day(ward: Ward, tables: Mapping[str, Table]) -> None:
    entry = dict(
        zip(tables["Enrollment"].columns["EnrollmentID"], tables["Enrollment"].columns["EntryDate"], strict=True)
    )
    exits = tables["Exit"].columns
    days = np.array([entry[one] for one in exits["EnrollmentID"]], dtype="datetime64[D]")
    assert (exits["ExitDate"] >= days).all()
    last = np.datetime64("1970-01-01") + (ward.span.last - 719_163)
    assert (exits["ExitDate"] <= last).all()
    assert 0 < len(tables["Exit"]) < len(tables["Enrollment"])


def test_projects_that_do_not_take_part_have_no_enrollments(tables: Mapping[str, Table]) -> None:
    part = tables["HMISParticipation"].columns
    outside = part["ProjectID"][part["HMISParticipationType"] != 1]
    assert len(outside) > 0
    assert not np.isin(tables["Enrollment"].columns["ProjectID"], outside).any()


def test_whoever_stayed_only_outside_the_system_is_no_client(ward: Ward, tables: Mapping[str, Table]) -> None:
    found = ward.of(homelessness)
    outside = found.stays.outside[found.stay]
    only = np.setdiff1d(found.person[outside], found.person[~outside])
    assert len(only) > 0
    assert not np.isin(only, tables["Client"].who).any()


def test_numbers_are_missing_as_homeless_services_have_them(tables: Mapping[str, Table]) -> None:
    client = tables["Client"].columns
    quality, length = client["SSNDataQuality"], np.array([len(text) for text in client["SSN"]])
    assert ((quality == 1) == (length == 9)).all()
    assert 0.08 < (length == 0).mean() < 0.5
    assert np.isnat(client["DOB"][client["DOBDataQuality"] == 99]).all()


def test_an_enrollment_keeps_its_number_in_a_longer_county() -> None:
    ours, theirs = (County(6_000, seed=4, span=Span(years=years)).ward(0) for years in (3, 4))
    short, long = (
        {table.layout.name: table for table in homeless_services.tables(one)}["Enrollment"].columns
        for one in (ours, theirs)
    )
    assert len(short["EnrollmentID"]) > 20
    days = dict(zip(long["EnrollmentID"], long["EntryDate"], strict=True))
    same = [days.get(one) == day for one, day in zip(short["EnrollmentID"], short["EntryDate"], strict=True)]
    assert np.mean(same) == 1


def test_files_of_an_earlier_day_hold_what_was_entered_then(ward: Ward) -> None:
    day = ward.span.periods[2].last
    then, now = hmis_clients.clients_on_file(ward, day), hmis_clients.client_file(ward)
    assert (then.entries.first <= day).all()
    assert 0 < len(then.entries) < len(now.entries)
    assert set(then.personal_id) <= set(now.personal_id)

"""The deliveries: columns, dates and codes as described, keys that stay, mistakes that stay, rows that are spoiled."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.practice import County, Span, load_parameters, make_deliveries, truth
from infotrust.core.practice.agencies import systems
from infotrust.core.practice.deliveries import DATASETS, Delivery
from infotrust.core.practice.records.mechanisms import named
from tests.core.practice.deliveries.conftest import SPAN

FIRST_NAMES = {
    "school-enrollment": "first_name",
    "early-intervention": "child_first_name",
    "home-visiting": "child_first",
    "snap": "first_name",
    "homeless-clients": "first_name",
}
# Where each dataset's identifiers come from: agency, table, its key and its given name.
SYSTEMS = {
    "school-enrollment": ("schools", "pupils", "pupil_id", "first_name"),
    "early-intervention": ("early-intervention", "children", "child_id", "given_name"),
    "snap": ("snap", "clients", "client_number", "first_name"),
    "homeless-clients": ("homeless-services", "Client", "PersonalID", "FirstName"),
}


@pytest.mark.parametrize("dataset", DATASETS)
def test_columns_are_those_the_inventory_describes(deliveries, described, dataset):
    assert list(deliveries[dataset].columns) == [field["name"] for field in described[dataset]["fields"]]
    assert [field["name"] for field in described[dataset]["fields"] if field.get("key")] == [deliveries[dataset].key]


@pytest.mark.parametrize("dataset", DATASETS)
def test_values_are_as_described_except_in_the_rows_meant_to_be_rejected(deliveries, described, dataset):
    delivery = deliveries[dataset]
    good = delivery.rejected == ""
    for field in described[dataset]["fields"]:
        values = delivery.columns[field["name"]][good]
        present = [value for value in values if value]
        if field.get("required", True):
            assert len(present) == len(values), field["name"]
        assert max(len(value) for value in present) <= 200
        if field.get("type") == "code":
            assert set(present) <= set(field["codes"]), field["name"]
        if field.get("type") == "date":
            assert all(datetime.strptime(value, field["date_format"]) for value in set(present))
        if field.get("type") in ("integer", "decimal"):
            assert all(float(value) >= 0 for value in present), field["name"]


@pytest.mark.parametrize("dataset", DATASETS)
def test_keys_are_unique_and_a_few_rows_break_the_contract(deliveries, dataset):
    delivery = deliveries[dataset]
    keys = [key for key in delivery.columns[delivery.key] if key]
    assert len(set(keys)) == len(keys)
    assert (delivery.rejected != "").sum() == max(1, round(0.001 * len(delivery)))
    assert (delivery.rejected == "no key")[delivery.columns[delivery.key] == ""].all()


@pytest.mark.parametrize("dataset", SYSTEMS)
def test_records_are_those_of_the_agencys_own_system(county, deliveries, dataset):
    agency, table, key, name = SYSTEMS[dataset]
    delivery = deliveries[dataset]
    ward = County(county.people, county.seed, Span(SPAN.first_year, SPAN.years - 1), county.parameters).ward(0)
    held = next(one for one in systems([agency])[agency].tables(ward) if one.layout.name == table)
    names = dict(zip(held.columns[key], held.columns[name], strict=True))
    persons = dict(zip(held.columns[key], truth.opaque(ward.number_of(held.who), ward.seed).tolist(), strict=True))
    told = delivery.columns[delivery.key]
    for row in np.flatnonzero(told != "").tolist():
        assert delivery.columns[FIRST_NAMES[dataset]][row] == names[told[row]]
        assert delivery.person[row] == persons[told[row]]


def rows_by_key(delivery: Delivery) -> dict[str, int]:
    return {key: row for row, key in enumerate(delivery.columns[delivery.key]) if key}


@pytest.mark.parametrize("dataset", DATASETS)
def test_what_is_delivered_again_has_the_same_person_and_number_and_mostly_the_same_name(deliveries, later, dataset):
    before, after = deliveries[dataset], later[dataset]
    old, new = rows_by_key(before), rows_by_key(after)
    stay = old.keys() & new.keys()
    assert len(stay) > 0.4 * len(old)
    assert new.keys() - old.keys()
    assert all(before.person[old[key]] == after.person[new[key]] for key in stay)
    name = FIRST_NAMES[dataset]
    same = sum(before.columns[name][old[key]] == after.columns[name][new[key]] for key in stay)
    assert same > 0.9 * len(stay)


def test_pupils_who_stay_keep_the_slips_in_their_names(deliveries, later):
    before, after = deliveries["school-enrollment"], later["school-enrollment"]
    new = rows_by_key(after)
    for key, row in rows_by_key(before).items():
        if key in new and "keying" in named(int(before.mistakes[row])):
            assert "keying" in named(int(after.mistakes[new[key]]))


def test_files_reach_back_as_far_as_they_say(deliveries):
    last = date(2026, 6, 30)
    referred = deliveries["early-intervention"].columns["referral_date"]
    assert referred.min() >= "2018-07-01"
    assert referred.max() <= last.isoformat()
    stays = deliveries["homeless-clients"].columns
    assert all(left >= "2023-07-01" for left in stays["exit_date"] if left)
    food = deliveries["snap"].columns
    assert food["certified_from"].max() <= "20260630" <= food["certified_to"].min()
    entered = {
        datetime.strptime(day, "%m/%d/%Y").date() for day in deliveries["school-enrollment"].columns["entry_date"]
    }
    assert date(2025, 7, 1) <= min(entered) <= max(entered) <= last


def test_later_years_of_the_county_change_no_delivery(county, deliveries):
    shorter = make_deliveries(County(county.people, county.seed, Span(SPAN.first_year, 5), county.parameters))
    for dataset, delivery in deliveries.items():
        assert delivery.person.tolist() == shorter[dataset].person.tolist()
        for name, column in delivery.columns.items():
            assert column.tolist() == shorter[dataset].columns[name].tolist(), name


def test_wards_are_delivered_in_one_file():
    county = County(2_000, 3, Span(2016, 2), people_in_a_ward=1_000)
    school = make_deliveries(county, "2017-18")["school-enrollment"]
    everybody = [truth.opaque(ward.number_of(np.arange(len(ward))), ward.seed) for ward in county.each_ward()]
    shares = [np.isin(school.person, ward).mean() for ward in everybody]
    assert min(shares) > 0.3
    assert sum(shares) == pytest.approx(1)
    keys = school.columns["pupil_id"].astype(str)
    assert (keys[:-1] <= keys[1:]).all()


def test_without_spoiled_rows_nothing_is_rejected(tmp_path):
    (tmp_path / "mine.yaml").write_text("deliveries: {spoiled_rows: 0}\n")
    county = County(1_500, 2, Span(2016, 2), load_parameters(tmp_path / "mine.yaml"))
    assert all((one.rejected == "").all() for one in make_deliveries(county, "2017-18").values())


def test_unknown_period_is_refused(county):
    for period in ("1999-00", "2025-27", "2030-31", "soon"):
        with pytest.raises(UserFacingError, match="no school year"):
            make_deliveries(county, period)

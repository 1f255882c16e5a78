"""The truth beside the files: everybody once, families and households that fit, and whose each record is."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice import truth
from infotrust.core.practice.agencies import systems
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.records.sheet import MECHANISMS
from infotrust.core.practice.tables import Table
from infotrust.core.practice.ward import Ward

COUNTY = County(3000, 1, Span(years=3), people_in_a_ward=1500)


@pytest.fixture(scope="module")
def ward() -> Ward:
    return COUNTY.ward(1)


@pytest.fixture(scope="module")
def tables(ward: Ward) -> dict[str, Table]:
    return {table.layout.name: table for table in truth.tables(ward)}


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_no_two_numbers_become_one(seed: int) -> None:
    numbers = np.concatenate([np.arange(200_000), np.arange(199_000_000, 199_200_000)])
    opaque = truth.opaque(numbers, seed)
    assert len(np.unique(opaque)) == len(numbers)
    assert opaque.min() >= 0
    assert opaque.max() < 2**truth.ROOM_BITS


def test_a_persons_number_says_nothing_about_ward_or_order() -> None:
    numbers = np.arange(100_000)
    opaque = truth.opaque(numbers, 1)
    assert abs(np.corrcoef(numbers, opaque)[0, 1]) < 0.02
    assert abs(np.corrcoef(opaque[:-1], opaque[1:])[0, 1]) < 0.02
    assert not np.array_equal(opaque, truth.opaque(numbers, 2))


def test_everybody_is_there_once(ward: Ward, tables: dict[str, Table]) -> None:
    ids = tables["persons"].columns["person_id"]
    assert len(np.unique(ids)) == len(ward)
    elsewhere = next(iter(truth.tables(COUNTY.ward(0)))).columns["person_id"]
    assert not np.isin(ids, elsewhere).any()


def test_parents_are_persons_older_than_their_children(tables: dict[str, Table]) -> None:
    persons, parents = tables["persons"].columns, tables["parents"].columns
    order = np.argsort(persons["person_id"])
    sorted_ids = persons["person_id"][order]

    def birth(ids: np.ndarray) -> np.ndarray:
        rows = order[np.searchsorted(sorted_ids, ids)]
        assert (persons["person_id"][rows] == ids).all()
        return persons["birth"][rows]

    age = (birth(parents["person_id"]) - birth(parents["parent_id"])).astype(int) / 365.25
    assert len(age) > 500
    assert age.min() > 10
    mothers = parents["parent"] == "mother"
    assert (~persons["mother_id"].mask).sum() == mothers.sum()
    assert age[mothers].max() < 56


def test_nobody_lives_in_two_households_at_once(tables: dict[str, Table]) -> None:
    columns = tables["households"].columns
    same = columns["person_id"][1:] == columns["person_id"][:-1]
    assert same.any()
    assert (columns["last"][:-1][same] == columns["first"][1:][same] - np.timedelta64(1, "D")).all()
    assert np.isnat(columns["last"][:-1][~same]).all()


def test_twins_share_a_delivery_and_a_birthday(ward: Ward, tables: dict[str, Table]) -> None:
    persons = tables["persons"].columns
    known = ~persons["delivery"].mask
    delivery, birth = persons["delivery"].data[known], persons["birth"][known]
    numbers, place, count = np.unique(delivery, return_inverse=True, return_counts=True)
    assert count.max() in (2, 3)
    assert len(numbers) < known.sum()
    days = np.full(len(numbers), birth.max())
    np.minimum.at(days, place, birth)
    assert ((birth - days[place]).astype(int) <= 1).all()


def test_the_truth_names_the_person_and_the_mistakes_of_each_record(ward: Ward) -> None:
    for code in ("schools", "child-welfare"):
        for table in systems([code])[code].tables(ward):
            if not table.layout.identity:
                continue
            told = truth.records(ward, table)
            assert len(told) == len(table)
            assert told.columns[table.layout.key] is table.columns[table.layout.key]
            words = {word for text in told.columns["mistakes"] for word in text.split()}
            assert words
            assert words <= set(MECHANISMS)
            real = table.who >= 0
            assert (truth.opaque(ward.number_of(table.who[real]), 1) == told.columns["person_id"][real]).all()


def test_a_record_of_nobody_has_no_person(ward: Ward) -> None:
    table = next(one for one in systems(["schools"])["schools"].tables(ward) if one.layout.identity)
    table.who[:3] = -1
    told = truth.records(ward, table).columns["person_id"]
    assert np.ma.getmaskarray(told)[:3].all()
    assert not np.ma.getmaskarray(told)[3:].any()


def test_each_mistake_is_written_as_its_name() -> None:
    bits = np.array([0, 1, 1 << (len(MECHANISMS) - 1) | 2])
    assert truth.mistakes_in_words(bits).tolist() == ["", MECHANISMS[0], f"{MECHANISMS[1]} {MECHANISMS[-1]}"]


def test_an_identity_table_that_does_not_say_whose_is_a_defect(ward: Ward) -> None:
    table = next(one for one in systems(["schools"])["schools"].tables(ward) if one.layout.identity)
    with pytest.raises(ValueError, match="does not say whose"):
        truth.records(ward, Table(table.layout, table.columns))

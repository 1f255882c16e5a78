"""What holds for every agency's tables, whichever they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.practice import columns, public_facts
from infotrust.core.practice.agencies import CODES, systems
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.tables import Layout, Table

COUNTY = County(1800, 1, Span(years=3), people_in_a_ward=900)
LAYOUTS = [layout for system in systems().values() for layout in system.LAYOUTS]


@pytest.fixture(scope="module")
def wards() -> list[list[Table]]:
    """The tables of all agencies for each of two wards."""
    return [[table for system in systems().values() for table in system.tables(ward)] for ward in COUNTY.each_ward()]


def identity(tables: list[Table]) -> Iterator[Table]:
    return (table for table in tables if table.layout.identity)


def test_there_are_fourteen_systems() -> None:
    assert len(CODES) == 14
    assert list(systems()) == list(CODES)


def test_systems_can_be_chosen_and_unknown_ones_are_named() -> None:
    assert list(systems(["snap", "wic"])) == ["wic", "snap"]
    with pytest.raises(UserFacingError, match=r"no agency 'library'\. Choose from vital-records, "):
        systems(["library"])
    with pytest.raises(UserFacingError, match=r"Did you mean homeless-services\?"):
        systems(["homeless_services"])


@pytest.mark.parametrize("layout", [*LAYOUTS, *public_facts.LAYOUTS], ids=lambda one: one.path)
def test_a_layout_says_what_each_column_means(layout: Layout) -> None:
    assert layout.agency in (*CODES, "place")
    assert layout.key in layout.about
    assert layout.title
    for name, meaning in layout.about.items():
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name), name
        assert meaning, name
    assert "person_id" not in layout.about


def test_no_two_tables_have_one_name() -> None:
    paths = [layout.path for layout in LAYOUTS]
    assert len(set(paths)) == len(paths)


def test_every_table_is_as_its_layout_says(wards: list[list[Table]]) -> None:
    for tables in wards:
        assert {table.layout.path for table in tables} <= {layout.path for layout in LAYOUTS}
        for table in tables:
            columns.to_arrow(table)


def test_a_column_is_of_one_kind_in_all_wards(wards: list[list[Table]]) -> None:
    kinds: dict[str, dict[str, str]] = {}
    for table in (table for tables in wards for table in tables):
        found = columns.kinds_of(columns.to_arrow(table).schema)
        assert kinds.setdefault(table.layout.path, found) == found


def test_keys_of_identity_tables_tell_records_apart_in_the_whole_county(wards: list[list[Table]]) -> None:
    keys: dict[str, list[str]] = {}
    for table in (table for tables in wards for table in identity(tables)):
        keys.setdefault(table.layout.path, []).extend(table.columns[table.layout.key].tolist())
    for path, found in keys.items():
        assert len(set(found)) == len(found), path
        assert "" not in found


def test_keys_do_not_follow_the_order_of_persons(wards: list[list[Table]]) -> None:
    """Sorted by number, brothers and sisters do not stand beside each other. A certificate's number tells its year,
    and who is born later comes later; within the year it tells nothing."""
    for table in identity(wards[0]):
        if len(table) < 200:
            continue
        without_year = [re.sub(r"^\D?20\d\d-", "", key) for key in table.columns[table.layout.key].tolist()]
        who = table.who[np.argsort(without_year)]
        # Of this many in no order at all, one in 10,000 would be so far from 0.
        assert abs(np.corrcoef(np.arange(len(who)), who)[0, 1]) < 4 / np.sqrt(len(who)), table.layout.path


def test_every_identity_record_says_whose_it_is(wards: list[list[Table]]) -> None:
    people = [len(ward) for ward in COUNTY.each_ward()]
    for tables, count in zip(wards, people, strict=True):
        for table in identity(tables):
            assert table.who is not None, table.layout.path
            assert table.mistakes is not None
            assert len(table.who) == len(table.mistakes) == len(table)
            assert ((table.who >= -1) & (table.who < count)).all()


def test_a_longer_county_begins_with_the_shorter_one(wards: list[list[Table]]) -> None:
    """Who lives in the county in its first years does not depend on how many years follow."""
    longer = County(1800, 1, Span(years=4), people_in_a_ward=900).ward(0)
    shorter = COUNTY.ward(0)
    for period in shorter.span.periods:
        day = period.last
        assert np.array_equal(longer.residents(day), shorter.residents(day))
        here = shorter.residents(day)
        assert (longer.tract(here, day) == shorter.tract(here, day)).all()
        assert (longer.surname(here, day)[0] == shorter.surname(here, day)[0]).all()
        assert longer.income(here, day) == pytest.approx(shorter.income(here, day))

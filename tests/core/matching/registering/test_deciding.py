"""What is decided for a whole source, or for all records, is set aside in a register as `infotrust link` does it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.elements import SemanticType
from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.registering.deciding import Decided, kept_aside, with_set_aside
from infotrust.core.matching.registering.linking import Refit, link_to_register
from infotrust.core.matching.registering.lookup import Desk
from infotrust.core.matching.registering.register import Register

SHELTER = "77 Harbor Way"


@pytest.fixture
def town(make_town) -> list[Source]:
    """A town whose clinic writes 1990-01-01 where it knows no birth date; fifty families stay in a shelter."""
    clinic, school = make_town(300, seed=9)
    rows = clinic.table.to_pylist()
    homes = sorted({row["home"] for row in rows})[:50]
    for number, row in enumerate(rows):
        row["born"] = "1990-01-01" if number % 6 == 0 else row["born"]
    pupils = school.table.to_pylist()
    for row in [*rows, *pupils]:
        if row["home"] in homes:
            row["street"], row["zip"] = SHELTER, "34801"
    return [replace(clinic, table=pa.Table.from_pylist(rows)), replace(school, table=pa.Table.from_pylist(pupils))]


def by_person(folder: Path) -> set[frozenset[tuple[str, str]]]:
    found = defaultdict(set)
    for row in Register.open(folder).table().to_pylist():
        found[row["person"]].add((row["source"], row["record_id"]))
    return {frozenset(records) for records in found.values()}


def test_a_register_sets_aside_what_link_sets_aside_and_can_take_it_back(town, tmp_path) -> None:
    linkage = link_tables(town)
    at_once = defaultdict(set)
    for source, record, person in zip(linkage.source_index, linkage.record_id, linkage.person.tolist(), strict=True):
        at_once[person].add((town[source].name, record))
    begun = [replace(source, table=source.table.slice(0, 300)) for source in town]
    rest = [replace(source, table=source.table.slice(300)) for source in town]
    link_to_register(tmp_path / "r", begun)
    decided = Register.open(tmp_path / "r").held.decided
    assert decided.dates == {"clinic": frozenset({"19900101"})}
    assert len(decided.shared.keys["address"]) == 1
    added = link_to_register(tmp_path / "r", rest, refit=Refit.NEVER)
    assert added.whole == ""
    held = Register.open(tmp_path / "r").held
    house, born = held.header.fields.index("house"), held.header.fields.index("birth_date")
    everyone = [row for source in town for row in source.table.to_pylist()]
    assert (held.codes[: held.places, house] <= -2).sum() == sum(row["street"] == SHELTER for row in everyone)
    assert (held.codes[: held.places, born] <= -2).sum() == sum(row["born"] == "1990-01-01" for row in everyone)
    again = link_to_register(tmp_path / "r", town, refit=Refit.NEVER)
    assert (again.unchanged, again.corrected) == (len(everyone), 0)
    link_to_register(tmp_path / "r", [], refit=Refit.ALWAYS)
    assert by_person(tmp_path / "r") == {frozenset(records) for records in at_once.values()}


def test_a_shared_address_says_nothing_about_whom_is_looked_up(town, tmp_path) -> None:
    link_to_register(tmp_path / "r", town)
    desk = Desk(Register.open(tmp_path / "r").held)
    row = next(row for row in town[1].table.to_pylist() if row["street"] == SHELTER)
    found = desk.lookup(
        {SemanticType.GIVEN_NAME: row["given"], SemanticType.FAMILY_NAME: row["family"],
         SemanticType.BIRTH_DATE: row["born"], SemanticType.STREET_ADDRESS: row["street"],
         SemanticType.ZIP_CODE: row["zip"]}
    )  # fmt: skip
    assert found.candidates
    assert "house" not in found.candidates[0].agreement


@given(st.lists(st.tuples(st.integers(-1, 9), st.booleans()), min_size=1))
def test_a_column_keeps_what_is_set_aside_beside_what_is_compared(entries) -> None:
    codes = np.array([code for code, _ in entries], np.int32)
    compared = np.where([aside for _, aside in entries], np.int32(-1), codes)
    column = kept_aside(codes, compared)
    assert (with_set_aside(column) == codes).all()
    assert (np.maximum(column, -1) == compared).all()


def test_what_was_decided_is_read_as_it_was_written(town, tmp_path) -> None:
    link_to_register(tmp_path / "r", town)
    decided = Register.open(tmp_path / "r").held.decided
    assert Decided.read(decided.said()).said() == decided.said()

"""The same records in one, ten or a hundred batches, in any order, are the same persons."""

from __future__ import annotations

import io
import shutil
from collections import defaultdict
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.matching.registering import laying
from infotrust.core.matching.registering.linking import Refit, link_to_register
from infotrust.core.matching.registering.register import Register
from infotrust.core.practice import command as practice

Persons = set[frozenset[tuple[str, str]]]
TABLES = {
    "vital-records/births": "certificate", "schools/pupils": "pupil_id", "medicaid/members": "medicaid_id"
}  # fmt: skip


def by_person(folder: Path) -> Persons:
    found = defaultdict(set)
    for row in Register.open(folder).table().to_pylist():
        found[row["person"]].add((row["source"], row["record_id"]))
    return {frozenset(records) for records in found.values()}


def parted(sources: list[Source], of: list[np.ndarray], parts: int) -> list[list[Source]]:
    return [
        [replace(source, table=source.table.filter(pa.array(place == part)))
         for source, place in zip(sources, of, strict=True)]
        for part in range(parts)
    ]  # fmt: skip


def halved(sources: list[Source], seed: int) -> tuple[list[Source], list[Source]]:
    chance = np.random.default_rng(seed)
    of = [chance.integers(0, 2, source.table.num_rows) for source in sources]
    one, other = parted(sources, of, 2)
    return one, other


@pytest.fixture(scope="module")
def town(make_town, tmp_path_factory) -> tuple[Path, list[Source], Persons]:
    """A register of half a town, the other half, and the persons when all is linked at once by that half's model."""
    folder = tmp_path_factory.mktemp("registers")
    begun, rest = halved(make_town(150, seed=6), 1)
    with pytest.MonkeyPatch.context() as patch:  # a register without room is linked as a whole by the model it has
        patch.setattr(laying, "room_for", lambda records: records + 1)
        link_to_register(folder / "full", begun)
    link_to_register(folder / "r", begun)
    linked = link_to_register(folder / "full", rest, refit=Refit.NEVER)
    assert linked.whole == "it had no room left"
    return folder / "r", rest, by_person(folder / "full")


@given(st.integers(1, 7), st.integers(0, 2**32), st.booleans())
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_adding_in_any_batches_and_order_gives_what_linking_all_by_the_same_model_gives(
    town, tmp_path, batches, seed, turned
) -> None:
    begun, rest, expected = town
    chance = np.random.default_rng(seed)
    folder = tmp_path / "r"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(begun, folder)
    rest = [replace(s, table=s.table.take(pa.array(chance.permutation(s.table.num_rows)))) for s in rest]
    for batch in parted(rest, [chance.integers(0, batches, source.table.num_rows) for source in rest], batches):
        linked = link_to_register(folder, batch[::-1] if turned else batch, refit=Refit.NEVER)
        assert linked.whole == ""
    assert by_person(folder) == expected


def with_copies(sources: list[Source], at: int, times: int, named: str = "copy") -> list[Source]:
    """The sources, of the first with so many more records that say what its record `at` says, each with its own id."""
    source = sources[0]
    rows = source.table.to_pylist()
    rows += [{**rows[at], source.record_id: f"{named} {number}"} for number in range(times)]
    return [replace(source, table=pa.Table.from_pylist(rows)), *sources[1:]]


@pytest.mark.parametrize("already", [0, 10, 70], ids=["none there", "a few there", "many there"])
def test_copies_that_come_in_batches_are_one_person_as_when_all_is_linked_at_once(make_town, tmp_path, already) -> None:
    begun, rest = halved(make_town(260, seed=9), 1)
    begun = with_copies(with_copies(begun, 7, 30, "of another"), 3, already)  # the model knows that there are copies
    coming = with_copies([begun[0], *rest[1:]], 3, 90, "later copy")
    coming[0] = replace(coming[0], table=coming[0].table.slice(begun[0].table.num_rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(laying, "room_for", lambda records: records + 1)
        link_to_register(tmp_path / "full", begun)
    link_to_register(tmp_path / "full", coming, refit=Refit.NEVER)
    link_to_register(tmp_path / "r", begun)
    for place in (0, 1):
        part = [replace(one, table=one.table.take(list(range(place, one.table.num_rows, 2)))) for one in coming]
        assert link_to_register(tmp_path / "r", part, refit=Refit.NEVER).whole == ""
    persons = by_person(tmp_path / "r")
    assert persons == by_person(tmp_path / "full")
    crowd = next(person for person in persons if (begun[0].name, "later copy 0") in person)
    assert len(crowd) >= 91 + already


def test_when_records_leave_that_others_stood_for_all_is_linked_anew(make_town, tmp_path) -> None:
    begun, _ = halved(make_town(260, seed=9), 1)
    link_to_register(tmp_path / "r", with_copies(begun, 3, 60))
    many = [(begun[0].name, f"copy {number}") for number in range(50)]
    linked = link_to_register(tmp_path / "r", [], remove=many, refit=Refit.NEVER)
    assert linked.whole == "records that stand for others left"
    crowd = next(person for person in by_person(tmp_path / "r") if (begun[0].name, "copy 55") in person)
    assert len(crowd) >= 11


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> list[Source]:
    """Three agencies' tables of a small practice county."""
    folder = tmp_path_factory.mktemp("county") / "county"
    agencies = ",".join(dict.fromkeys(table.partition("/")[0] for table in TABLES))
    with redirect_stdout(io.StringIO()):
        practice.make(
            folder, people=1_500, years=2, seed=1, form="parquet", agencies=agencies, parameters=None, workers=1,
            deliveries=None,
        )  # fmt: skip
    sources = []
    for table, record_id in TABLES.items():
        read = pyarrow.parquet.read_table(folder / f"{table}.parquet")
        recognized = recognize_columns(read)
        recognized.pop(record_id)
        sources.append(Source(table, read, choose_columns(recognized), record_id=record_id))
    return sources


def test_a_practice_county_in_one_ten_and_a_hundred_batches(county, tmp_path) -> None:
    begun, rest = halved(county, 2)
    link_to_register(tmp_path / "begun", begun)
    found: dict[int, Persons] = {}
    for batches in (1, 10, 100):
        folder = tmp_path / str(batches)
        shutil.copytree(tmp_path / "begun", folder)
        chance = np.random.default_rng(batches)
        for batch in parted(rest, [chance.integers(0, batches, s.table.num_rows) for s in rest], batches):
            link_to_register(folder, batch, refit=Refit.NEVER)
        found[batches] = by_person(folder)
    for batches in (10, 100):
        assert len(found[batches] & found[1]) / len(found[1]) > 0.995
    link_to_register(tmp_path / "100", [], refit=Refit.ALWAYS)
    linkage = link_tables(county)
    at_once = defaultdict(set)
    for source, record, person in zip(linkage.source_index, linkage.record_id, linkage.person.tolist(), strict=True):
        at_once[person].add((county[source].name, record))
    assert by_person(tmp_path / "100") == {frozenset(records) for records in at_once.values()}

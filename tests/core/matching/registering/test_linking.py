"""A register made, added to, corrected and made again: who is one person, and whose identifier stays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.persons.identify import Change
from infotrust.core.matching.registering.linking import Linked, Refit, link_to_register
from infotrust.core.matching.registering.register import Register


def by_person(register: Register) -> set[frozenset[tuple[str, str]]]:
    found = defaultdict(set)
    for row in register.table().to_pylist():
        found[row["person"]].add((row["source"], row["record_id"]))
    return {frozenset(records) for records in found.values()}


def as_linked(sources: list[Source]) -> set[frozenset[tuple[str, str]]]:
    linkage = link_tables(sources)
    found = defaultdict(set)
    for source, record, person in zip(linkage.source_index, linkage.record_id, linkage.person.tolist(), strict=True):
        found[person].add((sources[source].name, record))
    return {frozenset(records) for records in found.values()}


def in_parts(sources: list[Source], parts: int, seed: int = 1) -> list[list[Source]]:
    """The records of the sources in so many batches, drawn at random."""
    chance = np.random.default_rng(seed)
    of = [chance.integers(0, parts, source.table.num_rows) for source in sources]
    return [
        [replace(source, table=source.table.filter(place == part)) for source, place in zip(sources, of, strict=True)]
        for part in range(parts)
    ]


def ids_of(linked: Linked) -> list[str]:
    return linked.person_id.to_pylist()


def test_a_new_register_groups_as_link_does(make_town, tmp_path) -> None:
    sources = make_town(250)
    linked = link_to_register(tmp_path / "r", sources)
    register = Register.open(tmp_path / "r")
    assert by_person(register) == as_linked(sources)
    assert linked.whole == "the register is new"
    assert linked.persons == register.persons == len(set(ids_of(linked))) == linked.events(Change.CREATED)
    assert linked.records == linked.new == sum(source.table.num_rows for source in sources)


def test_the_same_records_again_change_nothing(make_town, tmp_path) -> None:
    sources = make_town(100)
    first = link_to_register(tmp_path / "r", sources)
    again = link_to_register(tmp_path / "r", make_town(100, shuffled=5)[::-1], refit=Refit.NEVER)
    assert (again.unchanged, again.new, again.corrected) == (first.records, 0, 0)
    assert again.generation == first.generation
    assert set(ids_of(again)) == set(ids_of(first))


def test_added_records_join_the_persons_that_linking_all_finds(make_town, tmp_path) -> None:
    sources = make_town(400)
    (most, few) = (in_parts(sources, 10)[part] for part in (slice(0, 1), slice(0, 1)))
    parts = in_parts(sources, 10)
    few, rest = parts[0], parts[1:]
    most = [replace(source, table=join([part[at] for part in rest])) for at, source in enumerate(sources)]
    before = link_to_register(tmp_path / "r", most)
    added = link_to_register(tmp_path / "r", few, refit=Refit.NEVER)
    assert added.whole == ""
    assert added.new == sum(source.table.num_rows for source in few)
    register = Register.open(tmp_path / "r")
    found, expected = by_person(register), as_linked(sources)
    assert len(found & expected) / len(expected) > 0.99
    whole = link_to_register(tmp_path / "r", [], refit=Refit.ALWAYS)
    assert by_person(Register.open(tmp_path / "r")) == expected
    kept = set(ids_of(before)) & set(Register.open(tmp_path / "r").table()["person"].to_pylist())
    assert len(kept) / before.persons > 0.97
    assert whole.records == register.records


def join(sources: list[Source]):
    import pyarrow as pa

    return pa.concat_tables([source.table for source in sources])


@pytest.mark.parametrize("parts", [1, 10])
def test_batches_and_a_last_fit_give_exactly_the_persons_of_one_linkage(make_town, tmp_path, parts) -> None:
    sources = make_town(120, seed=4)
    for batch in in_parts(sources, parts, seed=parts):
        link_to_register(tmp_path / "r", batch, refit=Refit.NEVER)
    link_to_register(tmp_path / "r", [], refit=Refit.ALWAYS)
    assert by_person(Register.open(tmp_path / "r")) == as_linked(sources)

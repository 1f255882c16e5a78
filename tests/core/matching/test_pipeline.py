"""Linking a made-up town: right, the same each time, whatever the order, and honest about children of one home."""

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Options, Source, keep_identifiers, link_tables
from infotrust.core.matching.command import link_files
from infotrust.core.matching.evaluate import b_cubed, pairwise
from infotrust.core.matching.pipeline import STEPS


def groups(linkage) -> set[frozenset[str]]:
    found = defaultdict(set)
    for record, person in zip(linkage.record_id, linkage.person.tolist(), strict=True):
        found[person].add(record)
    return {frozenset(records) for records in found.values()}


def test_two_files_are_linked_well_without_settings(make_town, truth) -> None:
    sources = make_town(400)
    linkage = link_tables(sources)
    assert b_cubed(linkage.person, truth(sources)).f1 > 0.97
    assert pairwise(linkage.person, truth(sources)).precision > 0.95


def test_children_of_one_home_stay_apart(make_town, truth) -> None:
    sources = make_town(400, seed=3)
    linkage = link_tables(sources)
    people = defaultdict(set)
    for person, true in zip(linkage.person.tolist(), truth(sources), strict=True):
        people[person].add(true)
    mixed = sum(len(true) > 1 for true in people.values())
    assert mixed / len(people) < 0.02


def test_a_few_dozen_records_are_linked_sensibly(make_town, truth) -> None:
    sources = make_town(15, seed=2)
    linkage = link_tables(sources)
    assert len(linkage.person) < 60
    assert b_cubed(linkage.person, truth(sources)).f1 > 0.9


def test_order_of_rows_and_files_changes_nothing(make_town) -> None:
    assert groups(link_tables(make_town(250))) == groups(link_tables(make_town(250, shuffled=7)))


def test_linking_the_same_data_again_keeps_every_identifier(make_town) -> None:
    first = link_tables(make_town(60))
    persons = keep_identifiers(dict(zip(first.record_id, first.person.tolist(), strict=True)), {}).person_id
    again = link_tables(make_town(60, shuffled=3))
    kept = keep_identifiers(dict(zip(again.record_id, again.person.tolist(), strict=True)), persons)
    assert kept.person_id == persons
    assert kept.events == ()


def test_linking_with_more_data_keeps_the_identifiers_of_those_already_there(make_town) -> None:
    clinic, school = make_town(250)
    before = link_tables([clinic])
    persons = keep_identifiers(dict(zip(before.record_id, before.person.tolist(), strict=True)), {}).person_id
    more = link_tables([clinic, school])
    kept = keep_identifiers(dict(zip(more.record_id, more.person.tolist(), strict=True)), persons).person_id
    same = sum(kept[record] == person for record, person in persons.items())
    assert same / len(persons) > 0.98


def test_weights_and_links_fit_the_persons(make_town) -> None:
    linkage = link_tables(make_town(100))
    sizes = np.bincount(linkage.person)
    alone = sizes[linkage.person] == 1
    assert np.isnan(linkage.weight[alone]).all()
    assert not np.isnan(linkage.weight[~alone]).any()
    links = linkage.links.to_pydict()
    for one, other, accepted in zip(links["first"], links["second"], links["accepted"], strict=True):
        assert one < other
        assert accepted == (linkage.person[one] == linkage.person[other])


def test_a_threshold_set_high_joins_less(make_town) -> None:
    sources = make_town(100)
    assert link_tables(sources, options=Options(threshold=8.0)).persons > link_tables(sources).persons


def test_the_manifest_names_each_step_with_counts_and_times(make_town) -> None:
    told = []
    linkage = link_tables(make_town(30), progress=lambda step, done, steps: told.append((step, done, steps)))
    assert tuple(step.name for step in linkage.report.steps) == STEPS == tuple(step for step, _, _ in told)
    assert all(step.counts and step.seconds >= 0 for step in linkage.report.steps)


def test_no_records_are_no_persons() -> None:
    linkage = link_tables(
        [Source("empty", pa.table({"first": pa.array([], pa.string())}), {SemanticType.GIVEN_NAME: "first"})]
    )
    assert linkage.persons == 0


def test_two_records_that_agree_on_name_birth_date_and_number_are_one_person() -> None:
    both = pa.table(
        {"first": ["Ana", "ANA"], "last": ["Cruz", "Cruz"], "born": ["2019-01-02"] * 2, "ssn": ["536-22-8726"] * 2}
    )
    columns = {
        SemanticType.GIVEN_NAME: "first",
        SemanticType.FAMILY_NAME: "last",
        SemanticType.BIRTH_DATE: "born",
        SemanticType.SSN: "ssn",
    }
    assert link_tables([Source("two", both, columns)]).person.tolist() == [0, 0]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UserFacingError, match="no column 'frist'"):
        link_tables([Source("a.csv", pa.table({"first": ["Ana"]}), {SemanticType.GIVEN_NAME: "frist"})])


def test_records_that_tell_nothing_are_refused_with_a_next_step() -> None:
    nothing = pa.table({"first": ["UNKNOWN", "BABY BOY", None]})
    with pytest.raises(UserFacingError) as problem:
        link_tables([Source("a.csv", nothing, {SemanticType.GIVEN_NAME: "first"})])
    assert "--map" in problem.value.next_step


def test_a_thousand_records_that_share_one_birthday_and_address_do_not_become_one_person(make_town) -> None:
    sources = make_town(300)
    same_day = pa.array(["2001-01-01"] * max(source.table.num_rows for source in sources))
    crowded = []
    for source in sources:
        place = source.table.column_names.index("born")
        table = source.table.set_column(place, "born", same_day[: source.table.num_rows])
        crowded.append(Source(source.name, table, source.columns))
    linkage = link_tables(crowded)
    assert np.bincount(linkage.person).max() < 10
    assert not any(math.isinf(weight) for weight in linkage.weight if weight == weight)


def test_tables_are_let_go_of_once_they_are_standardized_and_the_ids_kept(make_town) -> None:
    whole, handed = make_town(200), list(make_town(200))
    kept = link_tables(whole)
    released = link_tables(handed, release=True)
    assert released.person.tolist() == kept.person.tolist()
    assert released.record_id == kept.record_id
    assert [source.table.column_names for source in handed] == [[source.record_id] for source in whole]
    assert [source.table.num_rows for source in handed] == [source.table.num_rows for source in whole]
    assert all(len(source.table.column_names) > 1 for source in whole)


def test_a_second_try_after_a_budget_was_passed_reads_the_files_again(
    make_town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / f"{at}.parquet" for at in range(2)]
    for path, source in zip(paths, make_town(200), strict=True):
        pq.write_table(source.table, path)
    tries = []

    def once_more(size, options, link, *, told):
        tries.append(link(options))
        return link(options)

    monkeypatch.setattr("infotrust.core.matching.command.linked_within", once_more)
    out = tmp_path / "linked.parquet"
    assert link_files(paths, out=out, ignore=["person", "home"], console=Console(quiet=True)) == 0
    assert pq.read_table(out)["person"].to_pylist() == (tries[0].person + 1).tolist()

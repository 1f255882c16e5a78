"""Crowds: people who share what usually tells people apart do not become one person, and cost no more than others."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from infotrust.core.matching import Options, Source, evaluate, link, link_tables
from infotrust.core.matching.answers import Answer, Verdict
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.pipeline import link_again

SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


def given_names(many: int, random: np.random.Generator) -> np.ndarray:
    """Names of two or three syllables, a few of them very common."""
    pool = np.array(
        [(one + two + three).title() for one in SYLLABLES[:12] for two in SYLLABLES[::7] for three in SYLLABLES[::7]]
    )
    often = 1 / np.arange(1, len(pool) + 1)
    return random.permutation(pool)[random.choice(len(pool), many, p=often / often.sum())]


def one_address(people: int, twice: float, seed: int = 1) -> tuple[pa.Table, np.ndarray]:
    """So many people of one surname at one address, a share of them twice, a tenth of these with a letter left out."""
    random = np.random.default_rng(seed)
    who = np.append(np.arange(people), random.choice(people, int(people * twice), replace=False))
    given = given_names(people, random)[who].astype(object)
    for place in range(people, len(who), 10):
        given[place] = given[place][:2] + given[place][3:]
    born = (np.datetime64("1945-01-01") + random.integers(0, 27_000, people)).astype(str)[who]
    same = {"last_name": "Smith", "address": "1 Elm St", "zip": "34801"}
    table = {
        "first_name": given.tolist(),
        "dob": born.tolist(),
        **{name: [value] * len(who) for name, value in same.items()},
    }
    return pa.table(table), who


@pytest.mark.parametrize(("people", "twice"), [(8_000, 0.0), (8_000, 0.1), (8_000, 0.5)])
def test_people_of_one_surname_at_one_address_stay_persons(people: int, twice: float) -> None:
    """Nothing but given name and birth date tells them apart: as many pairs alike in part as chance brings are no
    evidence. Without that 8,000 people who are there once were half as many."""
    table, who = one_address(people, twice)
    began = time.process_time()
    result = link(table)
    assert time.process_time() - began < 15
    found = evaluate.standing(result.linkage.person, who).b_cubed()
    assert 0.98 * people < result.persons < 1.02 * people
    assert found.precision > 0.99
    assert found.recall > 0.98


def town_with_copies(make_town, times: int, seed: int = 4) -> tuple[list[Source], np.ndarray]:
    """A town in which one person's clinic record is there `times` more times, and another's in both files."""
    clinic, school = make_town(260, seed=seed)
    patients, pupils = clinic.table.to_pylist(), school.table.to_pylist()
    common = sorted({row["person"] for row in patients} & {row["person"] for row in pupils})
    patients += [dict(row) for row in patients if row["person"] in (common[0], common[-1]) for _ in range(times)]
    pupils += [dict(row) for row in pupils if row["person"] == common[-1] for _ in range(times)]
    for number, row in enumerate(patients + pupils):
        row["record"] = str(number)
    sources = [
        replace(source, table=pa.Table.from_pylist(rows))
        for source, rows in ((clinic, patients), (school, pupils))
    ]  # fmt: skip
    return sources, np.array([int(row["person"]) for row in patients + pupils])


EFFORTS = [Options(), Options(effort="fast"), Options(rules=(parse_rule("given and zip"), parse_rule("birth_date")))]


@pytest.mark.parametrize("options", EFFORTS, ids=["default", "fast", "rules"])
def test_hundreds_of_records_that_say_the_same_in_everything_are_one_person(make_town, options: Options) -> None:
    sources, people = town_with_copies(make_town, 700)
    linkage = link_tables(sources, options=options)
    for crowd in np.flatnonzero(np.bincount(people) > 700):
        assert len(np.unique(linkage.person[people == crowd])) == 1
        assert not np.isnan(linkage.weight[people == crowd]).any()
    assert evaluate.standing(linkage.person, people).pairwise().precision > 0.999


def test_neither_the_order_of_rows_nor_that_of_files_changes_the_persons(make_town) -> None:
    sources, _ = town_with_copies(make_town, 50)
    linkage = link_tables(sources)
    order = [np.random.default_rng(8).permutation(source.table.num_rows) for source in sources]
    shuffled = [
        replace(source, table=source.table.take(pa.array(rows))) for source, rows in zip(sources, order, strict=True)
    ]
    turned = link_tables(shuffled[::-1])
    back = np.concatenate([order[1] + sources[0].table.num_rows, order[0]])
    same_persons = np.unique(np.stack([linkage.person[back], turned.person]), axis=1)
    assert same_persons.shape[1] == linkage.persons == turned.persons


def test_copies_in_a_file_that_holds_each_person_once_are_as_many_persons(make_town) -> None:
    sources, people = town_with_copies(make_town, 60)
    linkage = link_tables([replace(sources[0], unique=True), sources[1]])
    first = len(sources[0].table)
    crowd = np.flatnonzero(np.bincount(people[:first]) > 60)
    for person in crowd:
        of_clinic = linkage.person[:first][people[:first] == person]
        assert len(np.unique(of_clinic)) == len(of_clinic)


def test_what_people_say_of_a_copy_stands(make_town) -> None:
    """The last of the copies is nobody's candidate; told apart it is alone, put together it brings the other along."""
    sources, people = town_with_copies(make_town, 60)
    crowd = int(np.flatnonzero(np.bincount(people) > 60)[0])
    before = link_tables(sources)
    assert before.evidence is not None
    spare = np.zeros(len(people), bool)
    spare[before.evidence.records.spare[before.evidence.original]] = True
    copies = np.flatnonzero((people == crowd) & before.evidence.records.spare[before.evidence.original])
    kept = np.flatnonzero((people == crowd) & ~before.evidence.records.spare[before.evidence.original])
    stranger = int(np.flatnonzero(np.bincount(before.person)[before.person] == 1)[0])

    def key(record: int) -> tuple[str, str]:
        return sources[before.source_index[record]].name, str(record)

    apart = link_again(before, sources, [Answer(key(copies[5]), key(kept[0]), Verdict.NO_MATCH)])
    assert (apart.person == apart.person[copies[5]]).sum() == 1
    assert len(np.unique(apart.person[[*kept, *np.delete(copies, 5)]])) == 1
    together = link_again(before, sources, [Answer(key(copies[5]), key(stranger), Verdict.MATCH)])
    assert len(np.unique(together.person[[*kept, *copies, stranger]])) == 1

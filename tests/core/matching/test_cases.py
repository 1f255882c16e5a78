"""Twins, a renamed mother, swapped names, a newborn, namesakes, the guests of a shelter: each in a made-up town whose
other people are recorded as usual. How often each goes wrong in a whole county, and what a father and son of one name
come to (too often one person), is measured by benchmarks/hard_cases.py."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from infotrust.core.matching import Source, link_tables
from tests.core.matching.conftest import COLUMNS

Row = dict[str, str]


def row(person: str, given: str, family: str, born: str, street: str = "77 Quarry Way", zip_code: str = "34811") -> Row:
    return {"person": person, "home": "x", "given": given, "family": family, "born": born, "street": street,
            "zip": zip_code, "record": person}  # fmt: skip


def persons(make_town: Callable[..., list[Source]], *cases: tuple[list[Row], list[Row]]) -> list[dict[str, set[int]]]:
    """Each case's records (of the clinic, of the school) among a town's: person -> the found persons of its records."""
    clinic, school = make_town(300, seed=6)
    more = [[row for case in cases for row in case[place]] for place in (0, 1)]
    tables = [pa.Table.from_pylist(rows).select(clinic.table.column_names) for rows in more]
    sources = [
        Source(source.name, pa.concat_tables([source.table, table]), COLUMNS)
        for source, table in zip((clinic, school), tables, strict=True)
    ]
    linkage = link_tables(sources)
    found = dict(zip(zip(linkage.source_index.tolist(), linkage.record_index.tolist(), strict=True),
                     linkage.person.tolist(), strict=True))  # fmt: skip
    at = [clinic.table.num_rows, school.table.num_rows]
    told = []
    for case in cases:
        of: dict[str, set[int]] = {}
        for place in (0, 1):
            for one in case[place]:
                of.setdefault(one["person"], set()).add(found[place, at[place]])
                at[place] += 1
        told.append(of)
    return told


def are_apart(found: dict[str, set[int]]) -> bool:
    """Whether each person's records are one found person, and no two persons share one."""
    return all(len(groups) == 1 for groups in found.values()) and len(set.union(*found.values())) == len(found)


def test_people_who_look_like_one_are_kept_apart(make_town: Callable[..., list[Source]]) -> None:
    twins = [row("t1", "Amir", "Okafor", "2015-04-04"), row("t2", "Leila", "Okafor", "2015-04-04")]
    namesakes = [
        row("n1", "Grace", "Kelly", "2012-06-15", "8 Elm St", "34802"),
        row("n2", "Grace", "Kelly", "2016-01-20", "940 Hill Road", "34833"),
    ]
    found = persons(make_town, (twins, twins), (namesakes, namesakes))
    assert [are_apart(one) for one in found] == [True, True]


def test_a_person_who_is_written_in_two_ways_is_one(make_town: Callable[..., list[Source]]) -> None:
    renamed = ([row("r", "Priya", "Patel", "1989-03-03")], [row("r", "Priya", "Jensen", "1989-03-03")])
    swapped = (
        [row("w", "Kenji", "Tanaka", "2013-08-19", "31 Mill Lane")],
        [row("w", "Tanaka", "Kenji", "2013-08-19", "31 Mill Lane")],
    )
    newborn = (
        [row("b", "BABY GIRL", "Dubois", "2018-12-24", "3 Lake Drive")],
        [row("b", "Chloe", "Dubois", "2018-12-24", "3 Lake Drive")],
    )
    maternal = (
        [row("m", "Mateo", "García López", "2011-10-10", "66 Oak Avenue")],
        [row("m", "Mateo", "Garcia", "2011-10-10", "66 Oak Avenue")],
    )
    found = persons(make_town, renamed, swapped, newborn, maternal)
    assert [are_apart(one) for one in found] == [True, True, True, True]


def test_people_of_a_shelter_are_not_one_family(make_town: Callable[..., list[Source]]) -> None:
    names = ("Weber", "Ivanov", "Cohen", "Levi", "Khan", "Osei", "Diallo", "Novak", "Rossi", "Silva", "Costa", "Murphy")
    called = enumerate(zip(("Ana", "Luis", "Emma", "Noah") * 3, names, strict=True))
    guests = [
        row(f"g{n}", given, family, f"20{10 + n % 8}-0{1 + n % 9}-1{n % 9}", "100 Mission St", "34801")
        for n, (given, family) in called
    ]
    [found] = persons(make_town, (guests, guests))
    assert are_apart(found)

"""Households and parents: who is told, when, and why; and who is not."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from infotrust.cli import main
from infotrust.core.matching import link
from infotrust.core.matching.relations.households import APART, MOST, households
from infotrust.core.matching.relations.parents import may_be, parents
from infotrust.core.matching.relations.people import Guardian, Person, Stay, guardian_keys, name_keys

NEVER = 0
DAY = date(2020, 1, 1).toordinal()


def person(
    given: str, *family: str, born: int = 0, sex: str = "", home: int = 1, stay: tuple[int, int] = (0, 0),
    mother: str = "", guardian: str = "", phones: tuple[int, ...] = (),
) -> Person:  # fmt: skip
    told = {
        (role, name): Guardian(role, guardian_keys(name), 1)
        for role, name in (("mother", mother), ("guardian", guardian))
        if name
    }
    made = Person(name_keys(given, family), set(family), sex=sex, guardians=told)
    made.born = date(born, 6, 1).toordinal() if born else 0
    made.homes[home] = Stay(1, *stay)
    made.phones.update(phones)
    return made


def groups(people: dict[int, Person]) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for member in households(people):
        found.setdefault(member.household, set()).add(member.person)
    return {frozenset(group) for group in found.values()}


def test_a_family_at_one_address_is_a_household_with_its_ties() -> None:
    people = {
        0: person("ana", "cruz", stay=(DAY, DAY + 400)),
        1: person("luis", "cruz", stay=(DAY + 100, DAY + 900)),
        2: person("mei", "chen", guardian="ana cruz"),
        3: person("omar", "haddad", home=2),
    }
    members = households(people)
    assert {member.person for member in members} == {0, 1, 2}
    assert members[0].ties == ("guardian", "surname", "time")
    assert (members[1].begin, members[1].end) == (DAY + 100, DAY + 900)


def test_the_next_tenant_is_no_household_even_of_the_same_surname() -> None:
    before = person("ana", "cruz", stay=(DAY, DAY + 10))
    assert groups({0: before, 1: person("luis", "cruz", stay=(DAY + 10 + APART, DAY + 2000))}) == {frozenset({0, 1})}
    assert groups({0: before, 1: person("luis", "cruz", stay=(DAY + 11 + APART, DAY + 2000))}) == set()
    assert groups({0: before, 1: person("mei", "chen", stay=(DAY, DAY + 10))}) == set()


def test_an_address_of_very_many_is_no_home() -> None:
    people = {number: person("ana", "cruz") for number in range(MOST + 1)}
    assert groups(people) == set()
    del people[0]
    assert len(groups(people)) == 1


def test_the_mother_is_the_one_of_her_name_and_age_in_the_home() -> None:
    people = {
        0: person("mateo", "cruz", born=2015, mother="ana cruz"),
        1: person("ana", "cruz", "vega", born=1990, sex="f"),
        2: person("ana", "cruz", born=2012, sex="f"),  # a sister of her name
        3: person("ana", "cruz", born=1988, sex="m"),
        4: person("ana", "cruz", born=1985, home=9),
    }
    [told] = parents(people)
    assert (told.role, told.person, told.child, told.ties) == ("mother", 1, 0, ("address",))
    assert told.begin == date(2015, 6, 1).toordinal()


def test_two_who_could_be_meant_are_neither() -> None:
    people = {
        0: person("mateo", "cruz", born=2015, guardian="ana cruz"),
        1: person("ana", "cruz", born=1990),
        2: person("ana", "cruz", born=1960),
    }
    assert parents(people) == []
    people[2].phones.update([7])
    people[0].phones.update([7])
    assert [told.person for told in parents(people)] == [2]


def test_without_a_shared_home_only_a_mother_s_or_father_s_name_counts_and_only_if_it_is_one_person_s() -> None:
    child, ana = person("mateo", "cruz", born=2015, mother="ana cruz"), person("ana", "cruz", born=1990, home=2)
    [told] = parents({0: child, 1: ana})
    assert told.ties == ("only person of that name and age",)
    assert parents({0: child, 1: ana, 2: person("ana", "cruz", born=1991, home=3)}) == []
    assert parents({0: person("mateo", "cruz", born=2015, guardian="ana cruz"), 1: ana}) == []


def test_age_and_sex_must_allow_it() -> None:
    child = person("mateo", born=2015)
    assert may_be("mother", person("ana", born=1999), child)
    assert not may_be("mother", person("ana", born=2005), child)
    assert not may_be("mother", person("ana", born=1955), child)
    assert may_be("father", person("luis", born=1955), child)
    assert not may_be("father", person("luis", born=1990, sex="f"), child)
    assert may_be("guardian", person("luis"), child)


CLINIC = pa.table(
    {
        "first_name": ["Mateo", "Ana", "Luz", "Omar", "Grace"],
        "last_name": ["Cruz", "Cruz", "Cruz", "Haddad", "Okafor"],
        "dob": ["2015-03-02", "1990-07-09", "2017-01-05", "1980-02-02", "1975-05-05"],
        "sex": ["M", "F", "F", "M", "F"],
        "address": ["12 Elm St"] * 3 + ["7 Oak Ave", "4 Bay Rd"],
        "mother_name": ["Cruz, Ana", "", "ANA CRUZ", "", ""],
        "updated": ["2020-01-05", "2021-03-01", "2020-06-01", "2020-01-01", "2020-01-01"],
    }
)


def test_the_library_gives_relations_with_time_and_reasons() -> None:
    table = link(CLINIC, seed=1).relations().to_arrow()
    rows = table.to_pylist()
    household = [row for row in rows if row["relation"] == "household"]
    assert [row["person"] for row in household] == [1, 2, 3]
    assert {row["household"] for row in household} == {1}
    assert household[1]["begin"] == household[1]["end"] == date(2021, 3, 1)
    mothers = [(row["person"], row["other"], row["begin"], row["ties"]) for row in rows if row["relation"] == "mother"]
    assert mothers == [(2, 1, date(2015, 3, 2), "address"), (2, 3, date(2017, 1, 5), "address")]
    assert link(CLINIC.slice(3)).relations().to_arrow().num_rows == 0


def test_the_command_writes_them(tmp_path: Path, capsys) -> None:
    pq.write_table(CLINIC, tmp_path / "clinic.parquet")
    words = ["link", str(tmp_path / "clinic.parquet"), "--out", str(tmp_path / "linked.csv")]
    assert main([*words, "--relations", str(tmp_path / "relations.parquet")]) == 0
    assert "1 households, 3 members, 2 mother" in " ".join(capsys.readouterr().out.split())
    assert pq.read_table(tmp_path / "relations.parquet")["relation"].to_pylist().count("mother") == 2
    assert main([*words, "--relations", str(tmp_path / "relations.txt")]) == 2

"""The hard cases are counted as they should be, on a handful of records whose truth can be seen at a glance."""

from types import SimpleNamespace

import hard_cases
import numpy as np
from hard_cases import Known, Names, Odd, Rivals


def known(person: list[str], mistakes: list[set[str]] | None = None) -> Known:
    return Known(
        person,
        [frozenset(had) for had in mistakes or [set()] * len(person)],
        birth={"t1": "2015-01-01", "t2": "2015-01-01", "s": "2017-05-05", "m": "1990-03-03"},
        mother={"t1": "m", "t2": "m", "s": "m"},
        father={},
    )


def names(**given: str) -> dict[str, Names]:
    return {person: Names(name, "cruz", frozenset()) for person, name in given.items()}


def test_each_kind_of_rivals_is_counted_with_its_merged_pairs_and_split_people() -> None:
    people = ["t1", "t1", "t2", "s", "s", "m"]
    linkage = SimpleNamespace(
        person=np.array([0, 0, 0, 1, 2, 1])
    )  # the twins are one, the sister two, one of them mother
    judged = hard_cases.rivals(known(people), linkage, names(t1="ana", t2="luz", s="eva", m="eva"))
    told = {one.kind: one for one in judged}
    assert told["twins"] == Rivals("twins", 1, 1, 2, 0)
    assert told["siblings"] == Rivals("siblings", 2, 0, 3, 1)
    assert told["parent and child of one given name"] == Rivals("parent and child of one given name", 1, 1, 2, 1)
    assert told["parent and child, other names"].pairs == 2
    assert told["namesakes born on one day"].pairs == 0


def test_odd_records_are_counted_by_what_is_missed_and_who_else_is_there() -> None:
    mistakes: list[set[str]] = [{"maiden_name"}, set(), set(), {"nickname"}]
    linkage = SimpleNamespace(person=np.array([0, 1, 1, 1]))
    told = {one.kind: one for one in hard_cases.odd_records(known(["m", "m", "m", "s"], mistakes), linkage)}
    assert told["surname changed"] == Odd("surname changed", 1, 2, 2, 0)
    assert told["nickname"] == Odd("nickname", 1, 0, 0, 1)
    assert told["all records"] == Odd("all records", 4, 6, 4, 3)

"""Relations that a register keeps: closed and replaced, never changed; a household keeps its identifier."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.relations.households import Member
from infotrust.core.matching.relations.kept import HOUSEHOLD, carried_over, none_yet, without
from infotrust.core.matching.relations.parents import Parent
from infotrust.core.matching.relations.table import Relations

DAY = date(2020, 1, 1).toordinal()
RECORDS = [f"clinic/{number}" for number in range(8)]


def home(household: int, person: int, *rows: int, until: int = DAY + 10) -> Member:
    return Member(household, person, DAY, until, len(rows), ("surname", "time"), rows)


def carried(before: pa.Table, found: Relations, at: int, *, person: str = "abcdefgh") -> pa.Table:
    return carried_over(before, found, person=list(person), record=RECORDS, at=at)


def standing(kept: pa.Table, at: int) -> list[dict]:
    """What was told in generation `at`."""
    return [
        row for row in kept.to_pylist()
        if row["told_from"] <= at and (row["told_until"] is None or row["told_until"] > at)
    ]  # fmt: skip


def test_what_is_told_again_stays_and_what_is_told_otherwise_is_closed_and_replaced() -> None:
    first = Relations((home(1, 0, 0), home(1, 1, 1)), (Parent("mother", 0, 1, DAY, 1, ("address",), (1, 0)),))
    kept = carried(none_yet(), first, 1)
    assert carried(kept, first, 2).to_pylist() == kept.to_pylist()
    longer = Relations((home(1, 0, 0), home(1, 1, 1, 2, until=DAY + 400)), first.parents)
    later = carried(kept, longer, 3)
    assert standing(later, 2) == [row | {"told_until": 3 if row["person"] == "b" else None} for row in kept.to_pylist()]
    [row] = [row for row in standing(later, 3) if row["person"] == "b"]
    assert (row["end"], row["told_from"]) == (date.fromordinal(DAY + 400), 3)
    assert row["evidence"] == "clinic/1 clinic/2"
    [mother] = [row for row in standing(later, 3) if row["relation"] == "mother"]
    assert (mother["person"], mother["other"], mother["evidence"]) == ("a", "b", "clinic/0 clinic/1")


def test_when_persons_merge_what_was_told_of_them_stays_under_their_old_identifiers() -> None:
    kept = carried(none_yet(), Relations((home(1, 0, 0), home(1, 1, 1), home(1, 2, 2)), ()), 1)
    merged = carried(kept, Relations((home(1, 0, 0), home(1, 1, 1, 2)), ()), 2)
    assert [row["person"] for row in standing(merged, 1)] == ["a", "b", "c"]
    assert [row["person"] for row in standing(merged, 2)] == ["a", "b"]
    assert len({row["household"] for row in merged.to_pylist()}) == 1, "the household is the same one"


def test_a_household_that_parts_keeps_its_identifier_where_most_of_its_records_are() -> None:
    kept = carried(none_yet(), Relations((home(1, 0, 0, 1), home(1, 1, 2), home(1, 2, 3), home(1, 3, 4)), ()), 1)
    parted = Relations((home(1, 2, 3), home(1, 3, 4), home(2, 0, 0, 1), home(2, 1, 2)), ())
    now = {row["person"]: row["household"] for row in standing(carried(kept, parted, 2), 2)}
    before = kept["household"][0].as_py()
    assert now["a"] == now["b"] == before
    assert now["c"] == now["d"] != before


def test_what_records_told_that_have_to_leave_is_gone_and_so_is_all_about_persons_who_ended() -> None:
    found = Relations((home(1, 0, 0), home(1, 1, 1)), (Parent("mother", 0, 2, DAY, 1, ("address",), (5, 0)),))
    kept = carried_over(none_yet(), found, person="abc", record=[*RECORDS[:5], "school/5", *RECORDS[6:]], at=1)
    assert [row["relation"] for row in without(kept, sources=["school"], persons=[]).to_pylist()] == [HOUSEHOLD] * 2
    assert [row["person"] for row in without(kept, sources=[], persons=["a"]).to_pylist()] == ["b"]
    assert without(kept, sources=["clin"], persons=[]).num_rows == 3, "a name is a whole name"


@st.composite
def generations(draw) -> list[Relations]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        household = draw(st.lists(st.integers(0, 2), min_size=8, max_size=8))
        members = [home(of, row, row, until=DAY + draw(st.integers(0, 1))) for row, of in enumerate(household) if of]
        parents = draw(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=4))
        found.append(
            Relations(
                tuple(members),
                tuple(Parent("guardian", one, child, 0, 1, (), (child,)) for one, child in sorted(parents)),
            )
        )
    return found


@settings(deadline=None)
@given(generations())
def test_what_each_generation_found_can_be_told_for_ever(found: list[Relations]) -> None:
    kept, history = none_yet(), []
    for at, one in enumerate(found, 1):
        kept = carried(kept, one, at)
        history.append(one)
        for then, before in enumerate(history, 1):
            told = standing(kept, then)
            assert sorted(row["person"] for row in told if row["relation"] == HOUSEHOLD) == sorted(
                "abcdefgh"[member.person] for member in before.members
            )
            assert sorted((row["person"], row["other"]) for row in told if row["relation"] == "guardian") == sorted(
                ("abcdefgh"[parent.person], "abcdefgh"[parent.child]) for parent in before.parents
            )
            homes: dict[str, set[str]] = {}
            for row in told:
                if row["relation"] == HOUSEHOLD:
                    homes.setdefault(row["household"], set()).add(row["person"])
            assert {frozenset(members) for members in homes.values()} == {
                frozenset("abcdefgh"[one.person] for one in before.members if one.household == number)
                for number in {one.household for one in before.members}
            }

"""The truth about a ward: every person, where and with whom they lived, and whose each record of the agencies is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Ints, Texts
from infotrust.core.practice.records.mechanisms import MECHANISMS
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import LANGUAGES, NEVER, RACES, Ward

AGENCY = "truth"

PERSONS = Layout(
    AGENCY,
    "persons",
    "Everybody who ever lived in the county",
    "person_id",
    {
        "person_id": "the person; the number says nothing else",
        "birth": "day of birth",
        "death": "day of death, if within the county's years",
        "sex": "M or F",
        "race": f"one of {', '.join(RACES)}",
        "community": "whose naming customs the family keeps",
        "language": "spoken most at home (ISO 639-3; oth for others)",
        "mother_id": "the mother, where she ever lived in the county",
        "father_id": "the father, likewise",
        "delivery": "the same for twins and triplets; empty for those born before the county's first year alone",
        "arrival": "day of moving in or of birth; empty for those here from the first day",
        "departure": "first day elsewhere",
    },
)
HOUSEHOLDS = Layout(
    AGENCY,
    "households",
    "Who lived in which household, from when to when",
    "person_id",
    {
        "person_id": "the person",
        "household_id": "those with the same one on the same day lived together",
        "first": "first day in it; empty where it was before the county began",
        "last": "last day in it; empty where nothing ended it",
    },
)
PARENTS = Layout(
    AGENCY,
    "parents",
    "Mothers and fathers",
    "person_id",
    {"person_id": "the child", "parent_id": "the parent", "parent": "mother or father"},
)
LAYOUTS = (PERSONS, HOUSEHOLDS, PARENTS)

ROOM_BITS = 30  # numbers of persons and households are below 2 to this power


# The companions of the agencies' identity tables, as the docs print them.
RECORDS = Layout(
    AGENCY,
    "records/AGENCY-TABLE",
    "Whose each record of an agency's table is: one such file for each table that identifies people",
    "KEY",
    {
        "KEY": "the table's own key, under the agency's name for it",
        "person_id": "whose it is; empty where nobody is behind it",
        "mistakes": "what went wrong in it, in words with spaces between them; empty where nothing did",
    },
)


def records_layout(layout: Layout) -> Layout:
    """The companion of one identity table."""
    about = {layout.key: RECORDS.about["KEY"], **{name: RECORDS.about[name] for name in ("person_id", "mistakes")}}
    return Layout(AGENCY, f"records/{layout.agency}-{layout.name}", RECORDS.title, layout.key, about)


def tables(ward: Ward) -> Iterator[Table]:
    yield Table(PERSONS, _persons(ward))
    yield Table(HOUSEHOLDS, _households(ward))
    yield Table(PARENTS, _parents(ward))


def records(ward: Ward, table: Table) -> Table:
    """The truth about the rows of an identity table, in the table's own order."""
    if table.who is None or table.mistakes is None:
        raise ValueError(f"{table.layout.path} holds identities, but does not say whose")
    columns = {
        table.layout.key: table.columns[table.layout.key],
        "person_id": _ids(ward, table.who),
        "mistakes": mistakes_in_words(table.mistakes),
    }
    return Table(records_layout(table.layout), columns)


def mistakes_in_words(bits: Ints) -> Texts:
    """The names of the mistakes in each row, with spaces between them."""
    unique, where = np.unique(bits, return_inverse=True)
    words = np.empty(len(unique), dtype=object)
    words[:] = [_in_words(one) for one in unique.tolist()]
    return np.asarray(words[where])


@lru_cache(maxsize=100_000)
def _in_words(bits: int) -> str:
    return " ".join(name for place, name in enumerate(MECHANISMS) if bits >> place & 1)


def opaque(number: Ints, seed: int) -> Ints:
    """Another number below 2**30 for each number below it, no two alike, in no order of the first.

    Four rounds of adding, multiplying by an odd number and folding: each step can be undone, so none can meet another.
    """
    mask = np.uint64((1 << ROOM_BITS) - 1)
    mixed = number.astype(np.uint64)
    for step in range(4):
        key = np.uint64((seed * 0x9E3779B97F4A7C15 + step * 0xBF58476D1CE4E5B9) % (1 << ROOM_BITS))
        mixed = ((mixed + key) * np.uint64(0x2545F491)) & mask
        mixed ^= mixed >> np.uint64(15)
    return np.asarray(mixed, dtype=np.int64)


def _ids(ward: Ward, who: Ints) -> Any:
    """Person numbers; masked where there is nobody (-1)."""
    ids = opaque(ward.number_of(np.maximum(who, 0)), ward.seed)
    return ids if len(who) == 0 or who.min() >= 0 else np.ma.masked_array(ids, mask=who < 0)


def _persons(ward: Ward) -> dict[str, Any]:
    people = ward.people
    everybody = np.arange(len(ward))
    communities = _words(list(ward.parameters.communities.shares))
    delivered = people.delivery >= 0
    number = ward.number * ward.span.numbers_in_a_ward + np.maximum(people.delivery, 0)
    return {
        "person_id": _ids(ward, everybody),
        "birth": day_column(people.birth),
        "death": day_column(people.death),
        "sex": np.where(people.male, "M", "F"),
        "race": _words(RACES)[people.race],
        "community": communities[people.community],
        "language": _words(LANGUAGES)[people.language],
        "mother_id": _ids(ward, people.mother),
        "father_id": _ids(ward, people.father),
        "delivery": np.ma.masked_array(opaque(number, ward.seed + 1), mask=~delivered),
        "arrival": day_column(people.arrival),
        "departure": day_column(people.departure),
    }


def _words(words: Any) -> Texts:
    made = np.empty(len(words), dtype=object)
    made[:] = list(words)
    return made


def _households(ward: Ward) -> dict[str, Any]:
    homes = ward.homes
    following = np.append(homes.owner[1:], -1) == homes.owner
    last = np.where(following, np.append(homes.first[1:], 0) - 1, NEVER)
    household = ward.number * ward.span.numbers_in_a_ward + homes.household
    return {
        "person_id": _ids(ward, homes.owner),
        "household_id": opaque(household, ward.seed + 2),
        "first": day_column(homes.first),
        "last": day_column(last),
    }


def _parents(ward: Ward) -> dict[str, Any]:
    people = ward.people
    children = [np.flatnonzero(parent >= 0) for parent in (people.mother, people.father)]
    parents = [people.mother[children[0]], people.father[children[1]]]
    return {
        "person_id": _ids(ward, np.concatenate(children)),
        "parent_id": _ids(ward, np.concatenate(parents)),
        "parent": np.repeat(_words(("mother", "father")), [len(one) for one in children]),
    }

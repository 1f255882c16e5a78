"""Households: persons at one address over one time. A home of many unrelated people (a shelter) is none.

Two persons of one address live together when something ties them (a surname, a telephone, a guardian of that name, or
one is the other's) and their dated records do not lie apart. Being seen there within a year of each other ties nobody:
in the practice county four in five such pairs were one tenant and the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from infotrust.core.matching.relations.people import Person, Stay

# Agencies see a family about once a year: stays that miss each other by less may be one time.
APART = 366  # days
MOST = 40  # persons at one address; a larger one is no home, whoever is related there


@dataclass(frozen=True)
class Member:
    """A person of a household. begin, end: days (ordinal) between which it was seen there, 0 where not known.

    records: of the person at that address; ties: what holds it to the others; rows: which records these are.
    """

    household: int
    person: int
    begin: int
    end: int
    records: int
    ties: tuple[str, ...]
    rows: tuple[int, ...] = ()


def households(people: Mapping[int, Person]) -> list[Member]:
    """Every household of two and more, numbered from 1 in the order of its first person."""
    at: dict[int, list[int]] = defaultdict(list)
    for person in sorted(people):
        for home in people[person].homes:
            at[home].append(person)
    groups = []
    for home, persons in at.items():
        if 2 <= len(persons) <= MOST:
            groups += [(home, group) for group in _together(home, persons, people) if len(group) > 1]
    groups.sort(key=lambda one: (sorted(one[1]), one[0]))
    return [
        _member(number, person, home, group, people)
        for number, (home, group) in enumerate(groups, 1)
        for person in sorted(group)
    ]


def _member(number: int, person: int, home: int, group: dict[int, set[str]], people: Mapping[int, Person]) -> Member:
    stay = people[person].homes[home]
    return Member(number, person, stay.first, stay.last, stay.records, tuple(sorted(group[person])), tuple(stay.rows))


def _together(home: int, persons: list[int], people: Mapping[int, Person]) -> list[dict[int, set[str]]]:
    """The persons of one address in groups: person -> what ties it to others there."""
    group = {person: {person: set[str]()} for person in persons}
    for place, one in enumerate(persons):
        for other in persons[place + 1 :]:
            ties = ties_between(people[one], people[other], home)
            if not ties:
                continue
            if group[one] is not group[other]:
                group[one].update(group[other])
                for member in group[other]:
                    group[member] = group[one]
            group[one][one] |= ties
            group[one][other] |= ties
    return list({id(one): one for one in group.values()}.values())


def ties_between(one: Person, other: Person, home: int) -> set[str]:
    """Why two persons of an address live together there; nothing when they do not, as far as is known."""
    stay, their = one.homes[home], other.homes[home]
    ties: set[str] = set()
    if one.surnames & other.surnames:
        ties.add("surname")
    if one.phones.keys() & other.phones.keys():
        ties.add("telephone")
    theirs = [told.names for told in other.guardians.values()]
    if any(told.names & other.keys for told in one.guardians.values()) or any(names & one.keys for names in theirs):
        ties.add("guardian")
    if {name for _, name in one.guardians} & {name for _, name in other.guardians}:
        ties.add("same guardian")
    if stay.first and their.first:
        return ties | {"time"} if ties and overlap(stay, their) else set()
    return ties


def overlap(one: Stay, other: Stay) -> bool:
    """Whether two dated stays are of one time, as far as such records can tell."""
    return one.first <= other.last + APART and other.first <= one.last + APART

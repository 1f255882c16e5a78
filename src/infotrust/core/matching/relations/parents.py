"""Parents and guardians: a child's record names one; a person of that name and of fitting age shares home or telephone.

Where none does, a mother's or father's name counts only when one person alone can be meant (in the practice county
nine in ten were right; a guardian's name, three in four: it does not count). A child has one mother and one father.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from infotrust.core.matching.relations.people import Guardian, NameKey, Person

# Years between a parent's birth and a child's, wide on purpose: a grandmother is told apart by her name, not her age.
YOUNGEST, OLDEST, OLDEST_MOTHER = 13, 70, 55
YEAR = 365.25
_SEX = {"mother": "f", "father": "m"}


@dataclass(frozen=True)
class Parent:
    """`person` is the `child`'s mother, father or guardian. records: that name it; ties: what else speaks for it.

    begin: the child's birth (ordinal), 0 where not known; it has no end. rows: the child's records that name it, and
    the records of the one who is meant.
    """

    role: str
    person: int
    child: int
    begin: int
    records: int
    ties: tuple[str, ...]
    rows: tuple[int, ...] = ()


def parents(people: Mapping[int, Person]) -> list[Parent]:
    """Every parent and guardian that the records tell, in the order of the children."""
    by_home, by_phone, by_name = _indexes(people)
    found = []
    for child in sorted(people):
        told = [
            parent
            for guardian in people[child].guardians.values()
            if guardian.names
            for parent in _meant(child, guardian, people, by_home, by_phone, by_name)
        ]
        found += _one_of_each(told)
    return found


Index = dict[int, set[int]]


def _indexes(people: Mapping[int, Person]) -> tuple[Index, Index, dict[NameKey, set[int]]]:
    by_home: Index = defaultdict(set)
    by_phone: Index = defaultdict(set)
    by_name: dict[NameKey, set[int]] = defaultdict(set)
    for number, person in people.items():
        for home in person.homes:
            by_home[home].add(number)
        for phone in person.phones:
            by_phone[phone].add(number)
        for key in person.keys:
            by_name[key].add(number)
    return by_home, by_phone, by_name


def _meant(
    child: int,
    guardian: Guardian,
    people: Mapping[int, Person],
    by_home: Index,
    by_phone: Index,
    by_name: Mapping[NameKey, set[int]],
) -> Iterator[Parent]:
    """The person that a guardian's name means: the one with most ties, if it is one."""
    own = people[child]
    same_home = {other for home in own.homes for other in by_home[home]}
    same_phone = {other for phone in own.phones for other in by_phone[phone]}
    scored: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for other in sorted((same_home | same_phone) - {child}):
        if guardian.names & people[other].keys and may_be(guardian.role, people[other], own):
            scored[_ties(other, same_home, same_phone)].append(other)
    if not scored and guardian.role in _SEX:
        named = {other for key in guardian.names for other in by_name.get(key, ())} - {child}
        fit = [other for other in named if people[other].born and may_be(guardian.role, people[other], own)]
        if len(fit) == 1 and own.born:
            scored["only person of that name and age",] = fit
    if scored:
        ties = max(scored, key=len)
        if len(scored[ties]) == 1:
            meant = scored[ties][0]
            rows = (*guardian.rows, *people[meant].rows)
            yield Parent(guardian.role, meant, child, own.born, guardian.records, ties, rows)


def _ties(other: int, same_home: set[int], same_phone: set[int]) -> tuple[str, ...]:
    return tuple(name for name, known in (("address", same_home), ("telephone", same_phone)) if other in known)


def may_be(role: str, parent: Person, child: Person) -> bool:
    """Whether ages and sex allow it; what is not known forbids nothing."""
    if role in _SEX and parent.sex in ("m", "f") and parent.sex != _SEX[role]:
        return False
    if not (parent.born and child.born):
        return True
    years = (child.born - parent.born) / YEAR
    return YOUNGEST <= years <= (OLDEST_MOTHER if role == "mother" or parent.sex == "f" else OLDEST)


def _one_of_each(told: list[Parent]) -> list[Parent]:
    """Of several told for one role the one that most ties and records speak for; a parent is no mere guardian."""
    best: dict[tuple[str, int], Parent] = {}
    for parent in sorted(told, key=lambda one: (-len(one.ties), -one.records, one.person)):
        key = (parent.role, 0 if parent.role in _SEX else parent.person)
        best.setdefault(key, parent)
    named = {parent.person for parent in best.values() if parent.role in _SEX}
    return [parent for parent in best.values() if parent.role in _SEX or parent.person not in named]

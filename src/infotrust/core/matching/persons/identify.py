"""One identifier for a person that lasts: through linking again, more data, merges and splits.

A new linkage only says which records belong together. `keep_identifiers` carries the identifiers over: each goes to the
group that holds most of its records. Whatever changes for an identifier is an event with its cause, so that an old
identifier can be followed to the new ones for ever. The order of records plays no part.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """What can happen to an identifier."""

    CREATED = "created"
    MERGED = "merged"
    SPLIT = "split"
    ENDED = "ended"


class Cause(StrEnum):
    """Why: what differs between the linkage before and this one."""

    NEW_RECORDS = "new records"
    NEW_EVIDENCE = "records linked differently"
    RECORDS_GONE = "records no longer there"


@dataclass(frozen=True)
class Event:
    """`person` was created; was merged into `others`; was split, its records now also under `others`; or ended."""

    change: Change
    person: str
    others: tuple[str, ...] = ()
    cause: Cause = Cause.NEW_RECORDS
    records: int = 0


@dataclass(frozen=True)
class Assigned:
    """person_id: record -> person for every record; events: in a fixed order (merged, split, ended, created)."""

    person_id: dict[str, str]
    events: tuple[Event, ...]

    def count(self, change: Change) -> int:
        return sum(event.change is change for event in self.events)


def random_id() -> str:
    """32 hexadecimal characters that say nothing about anybody."""
    return uuid.uuid4().hex


def keep_identifiers(
    new_clusters: Mapping[str, Hashable], previous: Mapping[str, str], *, new_id: Callable[[], str] = random_id
) -> Assigned:
    """Name each new group of records, keeping the identifiers of `previous` wherever their records stayed together.

    new_clusters: record id -> label of its group; previous: record id -> person identifier. An identifier goes to the
    group with most of its records, a group takes the one it holds most records of; ties go to the smallest record id.
    """
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for record in sorted(new_clusters):
        groups[new_clusters[record]].append(record)
    kept = _carry_over(groups, previous)
    taken = set(previous.values())
    person_of: dict[Hashable, str] = {}
    created = []
    for label in sorted(groups, key=lambda label: groups[label][0]):
        person = kept.get(label)
        if person is None:
            person = _unused(new_id, taken)
            created.append((label, person))
        person_of[label] = person
    person_id = {record: person_of[label] for record, label in new_clusters.items()}
    events = [*_changes(groups, person_of, person_id, previous)]
    events += [_creation(groups[label], person, previous) for label, person in created]
    return Assigned(person_id, tuple(events))


def _carry_over(groups: Mapping[Hashable, list[str]], previous: Mapping[str, str]) -> dict[Hashable, str]:
    overlaps = []
    for label, members in groups.items():
        shared = Counter(previous[record] for record in members if record in previous)
        first = {previous[record]: record for record in reversed(members) if record in previous}
        overlaps += [(-count, first[person], label, person) for person, count in shared.items()]
    kept: dict[Hashable, str] = {}
    used: set[str] = set()
    for _, _, label, person in sorted(overlaps, key=lambda overlap: overlap[:2]):
        if label not in kept and person not in used:
            kept[label] = person
            used.add(person)
    return kept


def _unused(new_id: Callable[[], str], taken: set[str]) -> str:
    person = new_id()
    while person in taken:
        person = new_id()
    taken.add(person)
    return person


def _changes(
    groups: Mapping[Hashable, list[str]], person_of: Mapping[Hashable, str], person_id: Mapping[str, str],
    previous: Mapping[str, str],
) -> list[Event]:  # fmt: skip
    """What became of every identifier there was."""
    before: dict[str, list[str]] = defaultdict(list)
    for record in sorted(previous):
        before[previous[record]].append(record)
    new_records = {person_of[label] for label, members in groups.items() if any(r not in previous for r in members)}
    current = set(person_of.values())
    merged, split, ended = [], [], []
    for person in sorted(before):
        now = Counter(person_id[record] for record in before[person] if record in person_id)
        others = tuple(sorted(set(now) - {person}))
        gone = len(before[person]) - sum(now.values())
        cause = Cause.RECORDS_GONE if gone else Cause.NEW_RECORDS if new_records & set(now) else Cause.NEW_EVIDENCE
        if not now:
            ended.append(Event(Change.ENDED, person, (), Cause.RECORDS_GONE, len(before[person])))
        elif len(now) > 1:
            split.append(Event(Change.SPLIT, person, others, cause, len(before[person])))
        elif person not in current:
            merged.append(Event(Change.MERGED, person, others, cause, len(before[person])))
    return merged + split + ended


def _creation(members: list[str], person: str, previous: Mapping[str, str]) -> Event:
    cause = Cause.NEW_EVIDENCE if any(record in previous for record in members) else Cause.NEW_RECORDS
    return Event(Change.CREATED, person, (), cause, len(members))

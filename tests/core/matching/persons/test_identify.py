"""An identifier outlives every new linkage."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from itertools import count

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Cause, Change, Event, keep_identifiers
from infotrust.core.matching.persons.identify import Assigned, keep_identifiers_of, random_ids


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"P{next(numbers)}"


def test_the_same_groups_under_other_labels_keep_every_identifier() -> None:
    first = keep_identifiers({"a": 0, "b": 0, "c": 1}, {})
    again = keep_identifiers({"c": "x", "b": "y", "a": "y"}, first.person_id)
    assert again.person_id == first.person_id
    assert again.events == ()


def test_new_records_join_a_person_or_create_one() -> None:
    first = keep_identifiers({"a": 0, "b": 1}, {}, new_id=numbered())
    more = keep_identifiers({"a": 0, "b": 1, "c": 1, "d": 2}, first.person_id, new_id=lambda: "P9")
    assert more.person_id == {**first.person_id, "c": first.person_id["b"], "d": "P9"}
    assert [(e.change, e.person, e.cause) for e in more.events] == [(Change.CREATED, "P9", Cause.NEW_RECORDS)]


def test_a_merge_keeps_the_larger_one_s_identifier_and_tells_where_the_other_went() -> None:
    merged = keep_identifiers(dict.fromkeys("abc", 0), {"a": "P1", "b": "P2", "c": "P2"})
    assert set(merged.person_id.values()) == {"P2"}
    assert [(e.change, e.person, e.others) for e in merged.events] == [(Change.MERGED, "P1", ("P2",))]


def test_a_split_leaves_the_identifier_with_most_of_the_records() -> None:
    split = keep_identifiers({"a": 0, "b": 1, "c": 1}, dict.fromkeys("abc", "P1"), new_id=lambda: "P2")
    assert split.person_id == {"a": "P2", "b": "P1", "c": "P1"}
    assert [(e.change, e.person, e.others) for e in split.events] == [
        (Change.SPLIT, "P1", ("P2",)),
        (Change.CREATED, "P2", ()),
    ]


def test_an_identifier_whose_records_are_gone_ends_and_is_never_given_again() -> None:
    gone = keep_identifiers({"b": 0}, {"a": "P1"}, new_id=iter(["P1", "P2"]).__next__)
    assert gone.person_id == {"b": "P2"}
    assert (Change.ENDED, "P1") in [(e.change, e.person) for e in gone.events]


CLUSTERS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 4))


@given(CLUSTERS, CLUSTERS, st.randoms())
def test_whatever_changes_people_and_groups_match_one_to_one_and_every_identifier_is_accounted_for(
    before: dict[str, int], after: dict[str, int], random
) -> None:
    old = keep_identifiers(before, {}, new_id=numbered()).person_id
    new = keep_identifiers(after, old, new_id=(f"N{n}" for n in count()).__next__)
    assert (
        len({(after[r], new.person_id[r]) for r in after})
        == len(set(after.values()))
        == len(set(new.person_id.values()))
    )
    told = {event.person for event in new.events}
    unchanged = {
        p for p in set(old.values()) if {r for r in old if old[r] == p} <= {r for r in after if new.person_id[r] == p}
    }
    assert set(old.values()) <= told | unchanged | set(new.person_id.values())
    shuffled = list(after.items())
    random.shuffle(shuffled)
    assert keep_identifiers(dict(shuffled), old, new_id=(f"N{n}" for n in count()).__next__) == new


@given(CLUSTERS, CLUSTERS)
def test_the_largest_overlap_always_keeps_its_identifier(before: dict[str, int], after: dict[str, int]) -> None:
    old = keep_identifiers(before, {}, new_id=numbered()).person_id
    new = keep_identifiers(after, old).person_id
    overlaps = Counter((old[r], after[r]) for r in after if r in old)
    if overlaps:
        (person, label), most = overlaps.most_common(1)[0]
        if sum(size == most for size in overlaps.values()) == 1:
            assert {new[r] for r in after if after[r] == label} == {person}


@given(CLUSTERS, CLUSTERS)
def test_identifiers_and_events_are_those_of_the_plain_version(before: dict[str, int], after: dict[str, int]) -> None:
    old = keep_identifiers(before, {}, new_id=numbered()).person_id
    assert old == naive(before, {}, new_id=numbered()).person_id
    assert keep_identifiers(after, old, new_id=(f"N{n}" for n in count()).__next__) == naive(
        after, old, new_id=(f"N{n}" for n in count()).__next__
    )


@given(CLUSTERS, CLUSTERS)
def test_arrays_give_the_same_persons_and_events(before: dict[str, int], after: dict[str, int]) -> None:
    old = keep_identifiers(before, {}, new_id=numbered()).person_id
    named = keep_identifiers_of(
        pa.array(list(after), pa.string()), np.array(list(after.values()), np.int64),
        pa.array(list(old), pa.string()), pa.array(list(old.values()), pa.string()),
    )  # fmt: skip
    fresh = [name for name in named.names.to_pylist() if name not in set(old.values())]
    expected = naive(after, old, new_id=iter(fresh).__next__)
    assert dict(zip(after, named.person_id.to_pylist(), strict=True)) == expected.person_id
    lines = [(e.change, e.person, other, e.cause) for e in expected.events for other in e.others or ("",)]
    assert sorted(named.lines()) == sorted(lines)
    assert [line[0] for line in named.lines()] == [line[0] for line in lines]
    assert named.happened.counted() == Counter((event.change, event.cause) for event in expected.events)


def test_a_record_id_given_twice_is_refused() -> None:
    none = pa.array([], pa.string())
    with pytest.raises(UserFacingError, match="1 record ids occur more than once"):
        keep_identifiers_of(pa.array(["a", "a"]), np.array([0, 1]), none, none)


def test_random_identifiers_are_all_different() -> None:
    ids = random_ids(1000)
    assert len(set(ids)) == 1000
    assert {len(one) for one in ids} == {32}


# The former version, in plain dictionaries: what the arrays are held against.


def naive(new_clusters: Mapping[str, Hashable], previous: Mapping[str, str], *, new_id: Callable[[], str]) -> Assigned:
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

"""One identifier for a person that lasts: through linking again, more data, merges and splits.

A new linkage only says which records belong together. `keep_identifiers` carries the identifiers over: each goes to the
group that holds most of its records. Whatever changes for an identifier is an event with its cause, so that an old
identifier can be followed to the new ones for ever. The order of records plays no part.

`carry_over` does it on numbers, for a register of millions; the other two put names to them.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.compiled import BoolArray, ByteArray, HashArray, LongArray, compiled
from infotrust.core.matching.reading.texts import Texts


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


CHANGES, CAUSES = tuple(Change), tuple(Cause)
_NEW, _EVIDENCE, _GONE = range(len(CAUSES))


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


@dataclass(frozen=True)
class Happened:
    """Events as arrays, in the order of `Assigned`: int64 [events], persons by number.

    change and cause: places in CHANGES and CAUSES; others: persons of event i are others[start[i] : start[i + 1]].
    """

    change: LongArray
    person: LongArray
    cause: LongArray
    records: LongArray
    start: LongArray
    others: LongArray

    def __len__(self) -> int:
        return len(self.change)

    def counted(self) -> Counter[tuple[Change, Cause]]:
        both, times = np.unique(np.stack([self.change, self.cause]), axis=1, return_counts=True)
        return Counter(
            {(CHANGES[change], CAUSES[cause]): int(n) for change, cause, n in zip(*both, times, strict=True)}
        )


@dataclass(frozen=True)
class Carried:
    """person: int64 [n], the number of each record's person; below `known` it was there before. persons: how many."""

    person: LongArray
    persons: int
    happened: Happened


@dataclass(frozen=True)
class Named:
    """person_id: one text per record; names: of the persons numbered in `happened`."""

    person_id: pa.Array
    names: pa.Array
    happened: Happened

    def lines(self) -> Iterator[tuple[str, str, str, str]]:
        """(change, person, other, cause): one line for each other, with an empty one where there is none."""
        h, names = self.happened, self.names.to_pylist()
        repeated = np.repeat(np.arange(len(h)), np.maximum(np.diff(h.start), 1))
        other = np.full(len(repeated), -1, np.int64)
        other[np.repeat(np.diff(h.start) > 0, np.maximum(np.diff(h.start), 1))] = h.others
        columns = (h.change[repeated].tolist(), h.person[repeated].tolist(), other.tolist(), h.cause[repeated].tolist())
        changes, causes = [change.value for change in CHANGES], [cause.value for cause in CAUSES]
        for change, person, one, cause in zip(*columns, strict=True):
            yield changes[change], names[person], names[one] if one >= 0 else "", causes[cause]


def random_id() -> str:
    """32 hexadecimal characters that say nothing about anybody."""
    return uuid.uuid4().hex


def random_ids(count: int) -> list[str]:
    """`count` of them at once: 128 random bits each, from the operating system."""
    text = os.urandom(16 * count).hex()
    return [text[place : place + 32] for place in range(0, len(text), 32)]


def keep_identifiers(
    new_clusters: Mapping[str, Hashable], previous: Mapping[str, str], *, new_id: Callable[[], str] = random_id
) -> Assigned:
    """Name each new group of records, keeping the identifiers of `previous` wherever their records stayed together.

    new_clusters: record id -> label of its group; previous: record id -> person identifier. An identifier goes to the
    group with most of its records, a group takes the one it holds most records of; ties go to the smallest record id.
    """
    records, names = sorted(new_clusters), sorted(set(previous.values()))
    number = {name: at for at, name in enumerate(names)}
    labels = {label: at for at, label in enumerate(dict.fromkeys(new_clusters[record] for record in records))}
    carried = carry_over(
        np.array([labels[new_clusters[record]] for record in records], np.int64),
        np.array([number[previous[record]] if record in previous else -1 for record in records], np.int64),
        np.bincount([number[person] for record, person in previous.items() if record not in new_clusters],
                    minlength=len(names)).astype(np.int64),
    )  # fmt: skip
    taken = set(names)
    names += [_unused(new_id, taken) for _ in range(carried.persons - len(names))]
    person = dict(zip(records, (names[at] for at in carried.person.tolist()), strict=True))
    return Assigned({record: person[record] for record in new_clusters}, tuple(_events(carried.happened, names)))


def keep_identifiers_of(
    records: pa.Array, group: npt.NDArray[Any], previous: pa.Array, previous_person: pa.Array
) -> Named:
    """The same for arrays: record ids and their groups [n]; record ids and persons of the register before.

    Raises UserFacingError when a record id occurs twice in either.
    """
    records, previous, previous_person = (_texts(column) for column in (records, previous, previous_person))
    sort = _sorted_once(records)
    _sorted_once(previous)
    was = pc.dictionary_encode(previous_person)
    order = _sorted_once(was.dictionary)
    names = was.dictionary.take(pa.array(order))
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    of_previous = rank[was.indices.to_numpy(zero_copy_only=False)] if len(names) else np.empty(0, np.int64)
    found = pc.fill_null(pc.index_in(records, value_set=previous), -1).to_numpy(zero_copy_only=False)
    gone = np.ones(len(previous), bool)
    gone[found[found >= 0]] = False
    before = np.append(of_previous, -1)[found]
    carried = carry_over(
        np.asarray(group, np.int64)[sort], before[sort], np.bincount(of_previous[gone], minlength=len(names))
    )
    fresh = random_ids(carried.persons - len(names))
    names = pa.concat_arrays([names, pa.array(fresh, pa.large_string())])
    person = np.empty(len(records), np.int64)
    person[sort] = carried.person
    return Named(names.take(pa.array(person)), names, carried.happened)


def carry_over(group: LongArray, before: LongArray, gone: LongArray) -> Carried:
    """Number the person of each record. Records come in the order of their ids: ties go to the first.

    group: int64 [n], any labels; before: int64 [n], the number of the person a record had, -1 for a new record;
    gone: int64 [persons before], how many records of each are no longer there. Persons are numbered in the order of
    their names; new ones follow, in the order of their first records.
    """
    known = len(gone)
    label, groups = _by_first_appearance(group)
    place = np.flatnonzero(before >= 0)
    pair, first, count = np.unique(label[place] * known + before[place], return_index=True, return_counts=True)
    of_label, of_person = (pair // known, pair % known) if known else (pair, pair)
    order = np.lexsort((place[first], -count))
    kept = strongest_first(of_label, of_person, order, groups, known)
    fresh = np.flatnonzero(kept < 0)
    persons = kept.copy()
    persons[fresh] = known + np.arange(len(fresh))
    has_new = np.bincount(label[before < 0], minlength=groups) > 0
    events = _happened(known, of_label, of_person, count, persons, has_new, gone)
    size = np.bincount(label, minlength=groups)[fresh]
    has_old = np.bincount(label[place], minlength=groups)[fresh] > 0
    none = np.zeros(len(fresh), np.int64)
    created = Happened(
        none + CHANGES.index(Change.CREATED), persons[fresh], np.where(has_old, _EVIDENCE, _NEW), size, none, none[:0]
    )
    return Carried(persons[label], known + len(fresh), _both(events, created))


def _by_first_appearance(group: LongArray) -> tuple[LongArray, int]:
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse], len(first)


@compiled
def strongest_first(of_label: LongArray, of_person: LongArray, order: LongArray, groups: int, known: int) -> LongArray:
    """The person that each group keeps, -1 for a new one: overlaps in order, each group and each person once."""
    kept = np.full(groups, -1, np.int64)
    used = np.zeros(known, np.bool_)
    for at in order:
        if kept[of_label[at]] < 0 and not used[of_person[at]]:
            kept[of_label[at]] = of_person[at]
            used[of_person[at]] = True
    return kept


def _happened(
    known: int, of_label: LongArray, of_person: LongArray, count: LongArray, persons: LongArray, has_new: BoolArray,
    gone: LongArray,
) -> Happened:  # fmt: skip
    """What became of every person there was: merged, then split, then ended, each in the order of the names."""
    by_person = np.argsort(of_person, kind="stable")
    holder, owner = persons[of_label[by_person]], of_person[by_person]
    parts = np.bincount(of_person, minlength=known)
    stayed = np.zeros(known, bool)
    stayed[owner[holder == owner]] = True
    met_new = np.bincount(owner, has_new[of_label[by_person]], known) > 0
    records = np.bincount(of_person, count, known).astype(np.int64) + gone
    cause = np.where(gone > 0, _GONE, np.where(met_new, _NEW, _EVIDENCE))
    change = np.full(known, -1, np.int64)
    change[(parts == 1) & ~stayed] = CHANGES.index(Change.MERGED)
    change[parts > 1] = CHANGES.index(Change.SPLIT)
    change[parts == 0] = CHANGES.index(Change.ENDED)
    told = np.flatnonzero(change >= 0)
    told = told[np.argsort(change[told], kind="stable")]
    elsewhere = holder != owner
    at = np.append(0, np.cumsum(np.bincount(owner[elsewhere], minlength=known)))
    wide = at[told + 1] - at[told]
    start = np.append(0, np.cumsum(wide))
    others = holder[elsewhere][np.repeat(at[told] - start[:-1], wide) + np.arange(start[-1])]
    return Happened(change[told], told, cause[told], records[told], start, others)


def _both(one: Happened, other: Happened) -> Happened:
    return Happened(
        np.concatenate([one.change, other.change]),
        np.concatenate([one.person, other.person]),
        np.concatenate([one.cause, other.cause]),
        np.concatenate([one.records, other.records]),
        np.concatenate([one.start, np.full(len(other), one.start[-1])]),
        one.others,
    )


def _events(happened: Happened, names: Sequence[str]) -> Iterator[Event]:
    for at in range(len(happened)):
        others = happened.others[happened.start[at] : happened.start[at + 1]].tolist()
        yield Event(
            CHANGES[happened.change[at]],
            names[happened.person[at]],
            tuple(sorted(names[one] for one in others)),
            CAUSES[happened.cause[at]],
            int(happened.records[at]),
        )


def _unused(new_id: Callable[[], str], taken: set[str]) -> str:
    person = new_id()
    while person in taken:
        person = new_id()
    taken.add(person)
    return person


def _texts(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(pa.large_string())


def _sorted_once(ids: pa.Array) -> LongArray:
    """The places of `ids` in sorted order. Raises UserFacingError when one occurs twice."""
    head, tail = leading_words(*_bytes(ids))
    order: LongArray = np.argsort(head)
    tied = np.append(False, head[order[1:]] == head[order[:-1]])
    some = np.flatnonzero(tied | np.append(tied[1:], False))  # few: a whole sort by two words takes five times as long
    order[some] = order[some][np.lexsort((tail[order[some]], head[order[some]]))]
    if not (tied & np.append(False, tail[order[1:]] == tail[order[:-1]])).any():
        return order  # random identifiers all differ in their first 16 bytes
    order = pc.sort_indices(ids).to_numpy().astype(np.int64)
    if doubled := len(ids) - pc.count_distinct(ids, mode="all").as_py():
        raise UserFacingError(
            f"{doubled:,} record ids occur more than once.",
            next_step="Give each record one id of its own; an id names one record for ever.",
        )
    return order


def _bytes(ids: pa.Array) -> tuple[ByteArray, LongArray]:
    texts = Texts.of(ids)
    return texts.data, texts.start


@compiled
def leading_words(data: ByteArray, start: LongArray) -> tuple[HashArray, HashArray]:
    """The first 16 bytes of each text as two numbers that sort as the bytes do; where a text ends, zeros."""
    head = np.zeros(len(start) - 1, np.uint64)
    tail = np.zeros(len(start) - 1, np.uint64)
    for text in range(len(start) - 1):
        for place in range(16):
            at = start[text] + place
            letter = np.uint64(data[at]) if at < start[text + 1] else np.uint64(0)
            if place < 8:
                head[text] = (head[text] << np.uint64(8)) | letter
            else:
                tail[text] = (tail[text] << np.uint64(8)) | letter
    return head, tail

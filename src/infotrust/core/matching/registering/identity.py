"""Who is who over time: numbers of persons, their identifiers, and what became of each.

A person has a number, never used again, and an identifier of 128 random bits. Every event is a line of history, so that
an identifier that was merged or split leads to where its records are now, for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from infotrust.core.matching.compiled import ByteArray, HashArray, IntArray, LongArray
from infotrust.core.matching.persons.identify import CAUSES, CHANGES, Cause, Change, carry_over, random_ids

ID_BYTES = 16


@dataclass(frozen=True)
class Named:
    """person: int32 [n]; ids: uint8 [new persons, 16]; history: int32 [lines, 5]: generation, change, person, the
    person its records are under now (-1: none), cause; counted: events by change and cause."""

    person: IntArray
    ids: ByteArray
    history: IntArray
    counted: Counter[tuple[Change, Cause]]


def name_persons(
    group: LongArray, before: IntArray, gone: IntArray, key: HashArray, ids: ByteArray, generation: int
) -> Named:
    """Carry identifiers over to these groups of records; see `identify.carry_over`.

    group: int64 [n], any labels; before: int32 [n], the person a record had, -1 for a new one; gone: the persons of
    records that are no longer there, one for each; key: the records' keys, whose order decides ties; ids: of all
    persons so far.
    """
    known = np.unique(np.concatenate([before[before >= 0], gone]).astype(np.int64))
    known = known[in_order_of_names(ids[known])]
    number = np.full(len(ids) + 1, -1, np.int64)
    number[known] = np.arange(len(known))
    order = np.argsort(key, kind="stable")
    carried = carry_over(
        group[order].astype(np.int64), number[before[order]], np.bincount(number[gone], minlength=len(known))
    )
    of = np.append(known, len(ids) + np.arange(carried.persons - len(known)))
    person = np.empty(len(group), np.int32)
    person[order] = of[carried.person]
    h = carried.happened
    wide = np.diff(h.start)
    line = np.repeat(np.arange(len(h)), np.maximum(wide, 1))
    other = np.full(len(line), -1, np.int64)
    other[np.repeat(wide > 0, np.maximum(wide, 1))] = of[h.others]
    history = np.stack(
        [np.full(len(line), generation), h.change[line], of[h.person[line]], other, h.cause[line]], axis=1
    ).astype(np.int32)
    return Named(person, new_ids(carried.persons - len(known)), history, h.counted())


def new_ids(count: int) -> ByteArray:
    return np.frombuffer(bytes.fromhex("".join(random_ids(count))), np.uint8).reshape(count, ID_BYTES)


def in_order_of_names(ids: ByteArray) -> LongArray:
    words = np.ascontiguousarray(ids).view(">u8").reshape(len(ids), 2)
    return np.lexsort((words[:, 1], words[:, 0]))


def written(ids: ByteArray) -> pa.Array:
    """Identifiers as 32 hexadecimal characters each."""
    half = np.stack([ids >> 4, ids & 15], axis=2).reshape(len(ids), 2 * ID_BYTES)
    letters = np.frombuffer(b"0123456789abcdef", np.uint8)[half]
    offsets = np.arange(0, (len(ids) + 1) * 2 * ID_BYTES, 2 * ID_BYTES, dtype=np.int64)
    return pa.LargeStringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(letters.tobytes()))


def number_of(ids: ByteArray, identifier: str) -> int | None:
    """The number of the person with this identifier; None where there never was one."""
    try:
        wanted = np.frombuffer(bytes.fromhex(identifier.strip()), np.uint8)
    except ValueError:
        return None
    if len(wanted) != ID_BYTES:
        return None
    found = np.flatnonzero((ids == wanted).all(1))
    return int(found[0]) if len(found) else None


def followed(history: IntArray, person: int, current: Iterable[int]) -> tuple[int, ...]:
    """The persons that the records of `person` are under now: itself, others, or none.

    What befell the others later is followed too; what befell them in the same generation did not befall these records.
    """
    reached = {person}
    lines = history[np.isin(history[:, 1], _LEADING) & (history[:, 3] >= 0)]
    for generation in np.unique(lines[:, 0]):
        begun = frozenset(reached)
        for _, change, one, other, _ in lines[lines[:, 0] == generation].tolist():
            if one in begun:
                reached.add(other)
                if CHANGES[change] is Change.MERGED:
                    reached.discard(one)
    there = set(current)
    return tuple(sorted(one for one in reached if one in there))


_LEADING = [CHANGES.index(Change.MERGED), CHANGES.index(Change.SPLIT)]


def in_words(history: IntArray, ids: ByteArray) -> list[dict[str, str | int]]:
    """Lines of history for a reader."""
    names = written(ids).to_pylist()
    return [
        {"generation": generation, "change": CHANGES[change].value, "person": names[person],
         "other": names[other] if other >= 0 else "", "cause": CAUSES[cause].value}
        for generation, change, person, other, cause in history.tolist()
    ]  # fmt: skip

"""Which pairs are worth comparing: those that share rare things.

No blocking rules. Every record gets tens of keys (names, dates, numbers, addresses, their parts and combinations); keys
that more than `widest_key` records share say little and are dropped; each record keeps the others with which it shares
most information (the sum of log(n / records with the key), in nats). A fixed budget of pairs, whatever the data.
A small set is compared whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching import standardize
from infotrust.core.matching.compiled import FloatArray, HashArray, IntArray, LongArray, compiled, in_parallel
from infotrust.core.matching.sources import Coded, Records, hashes, mix

COMPARE_ALL_UP_TO = 400  # records; 80,000 pairs take no time, and a small set has no rare keys to go by


@dataclass(frozen=True)
class Pairs:
    """first < second: int32 [pairs], places in Records, sorted."""

    first: IntArray
    second: IntArray

    def __len__(self) -> int:
        return len(self.first)


def find_candidates(records: Records, *, per_record: int, widest_key: int, least_information: float) -> Pairs:
    """The pairs to compare. See the module's opening; for few records every pair."""
    if len(records) <= COMPARE_ALL_UP_TO:
        first, second = np.triu_indices(len(records), 1)
        return Pairs(first.astype(np.int32), second.astype(np.int32))
    index = build_index(list(record_keys(records)), len(records), widest_key)
    found = in_parallel(
        lambda start, end: strongest_neighbors(
            index.key_start, index.keys, index.record_start, index.records, index.information, per_record,
            least_information, start, end,
        ),
        len(records),
    )  # fmt: skip
    one = np.concatenate([part[0] for part in found]).astype(np.int64)
    other = np.concatenate([part[1] for part in found]).astype(np.int64)
    packed = np.unique(np.minimum(one, other) * len(records) + np.maximum(one, other))
    return Pairs((packed // len(records)).astype(np.int32), (packed % len(records)).astype(np.int32))


def record_keys(records: Records) -> Iterator[HashArray]:
    """Yield columns of key hashes, uint64 [n]; 0 where a record has no such key."""
    salt = _Salt()
    names = _NameKeys(records)
    dates = _part_hashes(records, "birth_date", lambda v: (v, v[:4], v[4:], v[:6]))
    numbers = _part_hashes(
        records,
        "ssn",
        lambda v: (v if len(v) > 4 else "", v[:5] if len(v) > 4 else "", v[-4:], v[:3] if len(v) > 4 else ""),
    )
    yield from (mix(word, word, 1) for word in names.words)  # one salt: a swapped name still meets itself
    yield from (mix(np.minimum(a, b), np.maximum(a, b), 2) for a, b in names.sound_pairs())
    yield from names.both
    if dates:
        whole, year, day, month = dates
        yield from (mix(part, part, salt()) for part in (whole, day, month))
        yield from names.with_each(salt, whole, year, day)
        initial = salt()
        yield from (mix(letter, whole, initial) for letter in names.initials)
    if numbers:
        whole, head, tail, area = numbers
        yield from (mix(part, part, salt()) for part in (whole, head, tail))
        yield from names.with_each(salt, area, tail)
    yield from _place_keys(records, names, dates[1] if dates else None, salt)


def _place_keys(records: Records, names: _NameKeys, year: HashArray | None, salt: _Salt) -> Iterator[HashArray]:
    """Addresses and the other fields: alone, with each name, with the year of birth, and two by two."""
    places = {
        field: _hashed(records.fields[field])
        for field in ("house", "street", "zip", "city", "phone", "email", "guardian")
        if field in records.fields
    }
    if "house" in places and "street" in places:
        address = mix(places["house"], places["street"], salt())
        yield address
        yield from names.with_each(salt, address)
    for place in places.values():
        yield mix(place, place, salt())
        yield from names.with_each(salt, place)
        if year is not None:
            yield mix(year, place, salt())
    street_start = _part_hashes(records, "street", lambda v: (v.split(" ")[0][:4],))
    yield from names.with_each(salt, *street_start)
    columns = list(places.values())
    for position, place in enumerate(columns):
        yield from (mix(place, other, salt()) for other in columns[position + 1 :])


class _Salt:
    """A new number for each kind of key, so that equal values of different kinds do not meet."""

    def __init__(self) -> None:
        self.last = 100

    def __call__(self) -> int:
        self.last += 1
        return self.last


class _NameKeys:
    """The words of a record's names: the first given word and up to two family words."""

    def __init__(self, records: Records) -> None:
        given = _part_hashes(records, "given", lambda v: _word_parts(v, 0))
        family = _part_hashes(records, "family", lambda v: _word_parts(v, 0))
        second = _part_hashes(records, "family", lambda v: _word_parts(v, 1))
        slots = [slot for slot in (given, family, second) if slot]
        self.words = [slot[0] for slot in slots]
        self.sounds = [slot[1] for slot in slots]
        self.initials = [slot[2] for slot in slots]
        self.both: list[HashArray] = []
        if given and family:
            starts = _part_hashes(records, "given", lambda v: (v[:3],)) + _part_hashes(
                records, "family", lambda v: (v[:4],)
            )
            whole = [_hashed(records.fields[field]) for field in ("given", "family")]
            self.both = [mix(starts[0], starts[1], 3), mix(whole[0], whole[1], 4)]

    def sound_pairs(self) -> Iterator[tuple[HashArray, HashArray]]:
        for place, sound in enumerate(self.sounds):
            yield from ((sound, other) for other in self.sounds[place + 1 :])

    def with_each(self, salt: _Salt, *others: HashArray) -> Iterator[HashArray]:
        for other in others:
            kind = salt()
            yield from (mix(sound, other, kind) for sound in self.sounds)


def _word_parts(value: str, place: int) -> tuple[str, ...]:
    words = standardize.words(value)
    if place >= len(words):
        return ("", "", "")
    return words[place], standardize.skeleton(words[place]), words[place][0]


def _hashed(coded: Coded) -> HashArray:
    return np.append(hashes(coded.values), np.uint64(0))[coded.codes]


def _part_hashes(records: Records, field: str, parts: Callable[[str], tuple[str, ...]]) -> list[HashArray]:
    """One column of hashes for each part of the field's values; an empty part is 0. No column for an absent field."""
    coded = records.fields.get(field)
    if coded is None:
        return []
    columns = []
    for column in zip(*(parts(value) for value in coded.values), strict=True):
        hashed = hashes(column)
        hashed = np.where(np.array([part == "" for part in column]), np.uint64(0), hashed)
        columns.append(np.append(hashed, np.uint64(0))[coded.codes])
    return columns


@dataclass(frozen=True)
class Index:
    """Records and keys, each way, as compressed rows. information: float32 [keys], nats."""

    key_start: LongArray  # [n + 1], into keys
    keys: IntArray
    record_start: LongArray  # [keys + 1], into records
    records: IntArray
    information: FloatArray


def build_index(columns: list[HashArray], n: int, widest_key: int) -> Index:
    """Keep the keys that at least two and at most `widest_key` records share."""
    hashed = np.concatenate(columns)
    record = np.concatenate([np.arange(n, dtype=np.int32)] * len(columns))
    used = hashed != 0
    hashed, record = hashed[used], record[used]
    order = np.lexsort((record, hashed))
    hashed, record = hashed[order], record[order]
    fresh = np.ones(len(hashed), bool)
    fresh[1:] = (hashed[1:] != hashed[:-1]) | (record[1:] != record[:-1])
    hashed, record = hashed[fresh], record[fresh]
    start = np.flatnonzero(np.append(True, hashed[1:] != hashed[:-1])) if len(hashed) else np.empty(0, np.int64)
    width = np.diff(np.append(start, len(hashed)))
    kept = (width >= 2) & (width <= widest_key)
    record = record[np.repeat(kept, width)]
    width = width[kept]
    key_of = np.repeat(np.arange(len(width), dtype=np.int32), width)
    by_record = np.argsort(record, kind="stable")
    return Index(
        np.searchsorted(record[by_record], np.arange(n + 1)).astype(np.int64),
        key_of[by_record],
        np.append(0, np.cumsum(width)).astype(np.int64),
        record,
        np.log(n / width),
    )


@compiled
def strongest_neighbors(
    key_start: LongArray,
    keys: IntArray,
    record_start: LongArray,
    records: IntArray,
    information: FloatArray,
    per_record: int,
    least_information: float,
    start: int,
    end: int,
) -> tuple[IntArray, IntArray]:
    """For each record in [start, end) the `per_record` others that share most with it, ties to the first."""
    n = len(key_start) - 1
    shared = np.zeros(n)
    touched = np.empty(n, np.int32)
    one = np.empty((end - start) * per_record, np.int32)
    other = np.empty((end - start) * per_record, np.int32)
    found = 0
    for i in range(start, end):
        count = 0
        for place in range(key_start[i], key_start[i + 1]):
            key = keys[place]
            for holder in range(record_start[key], record_start[key + 1]):
                j = records[holder]
                if j == i:
                    continue
                if shared[j] == 0:
                    touched[count] = j
                    count += 1
                shared[j] += information[key]
        enough = least_information
        ties = per_record  # how many that share exactly `enough` may still be taken
        if count > per_record:
            sums = np.empty(count)
            for place in range(count):
                sums[place] = shared[touched[place]]
            enough = max(enough, np.sort(sums)[count - per_record])
            for place in range(count):
                ties -= sums[place] > enough
        for place in range(count):
            j = touched[place]
            if shared[j] > enough or (shared[j] == enough and ties > 0):
                one[found] = i
                other[found] = j
                found += 1
                ties -= shared[j] == enough
            shared[j] = 0
    return one[:found], other[:found]

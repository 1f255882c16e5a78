"""Which pairs are worth comparing: those that share rare things.

No blocking rules. Every record gets tens of keys (names, dates, numbers, addresses, their parts and combinations); keys
that more than `widest_key` records share say little, or cost too much, and are dropped; each record keeps the others
with which it shares most information (the sum of log(n / records with the key), in nats). A fixed budget of pairs,
whatever the data.
A small set is compared whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from infotrust.core.matching.comparing.index import MOST_WIDE, Index, build_index
from infotrust.core.matching.comparing.nearest import nearest_pairs
from infotrust.core.matching.compiled import HashArray, IntArray, SmallFloatArray
from infotrust.core.matching.reading.sources import Coded, Records, mix
from infotrust.core.matching.reading.texts import Texts

# Of the information that the poorer of two records has in its keys, what a candidate shares at least. In an earlier
# practice county one person's records shared a fifth or more in 998 of 1,000 pairs, half of the others less than a
# tenth.
LEAST_SHARE = 0.1
# Up to so many records every pair that has information enough is compared: it costs little, and a few hundred records
# need the weak pairs to learn what strangers are like (with the limit, one precision fell from .986 to .938).
ALL_SHARES_UP_TO = 50_000
COMPARE_ALL_UP_TO = 400  # records; 80,000 pairs take no time, and a small set has no rare keys to go by


@dataclass(frozen=True)
class Pairs:
    """first < second: int32 [pairs], places in Records, sorted."""

    first: IntArray
    second: IntArray

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True)
class Nearest:
    """pairs: those to compare; enough: float32 [n], what another must share to be among a record's nearest (nats);
    own: float32 [n], the information in a record's own keys (nats); widest: how many records share the widest keys."""

    pairs: Pairs
    enough: SmallFloatArray
    own: SmallFloatArray
    widest: int = MOST_WIDE


def find_candidates(records: Records, *, per_record: int, widest_key: int | None, least_information: float) -> Pairs:
    """The pairs to compare. See the module's opening; for few records every pair."""
    return find_nearest(
        records, per_record=per_record, widest_key=widest_key, least_information=least_information
    ).pairs


def find_nearest(records: Records, *, per_record: int, widest_key: int | None, least_information: float) -> Nearest:
    """The same, with what a record still to come must share with each to be one of its nearest."""
    if len(records) <= COMPARE_ALL_UP_TO:
        first, second = np.triu_indices(len(records), 1)
        none = np.zeros(len(records), np.float32)
        return Nearest(Pairs(first.astype(np.int32), second.astype(np.int32)), none, none)
    return nearest_in(build_index(record_keys(records), len(records), widest_key), per_record, least_information)


def nearest_in(index: Index, per_record: int, least_information: float) -> Nearest:
    """Each record's nearest others over an index."""
    first, second, enough = nearest_pairs(index, per_record, least_information, least_share(len(index)))
    return Nearest(Pairs(first, second), enough, index.own, index.widest)


def least_share(records: int) -> float:
    """Of the information of the poorer of two records, what a candidate shares at least."""
    return LEAST_SHARE if records > ALL_SHARES_UP_TO else 0.0


def record_keys(records: Records) -> Iterator[HashArray]:
    """Yield kinds of keys, uint64 [keys of the kind, n]; 0 where a record has no such key.

    Keys meet within their kind: a given name meets a family name, so that swapped names find each other. One kind at a
    time, because those of a million records together are half a gigabyte.
    """
    return (columns for _, columns in named_keys(records))


def named_keys(records: Records) -> Iterator[tuple[str, HashArray]]:
    """As `record_keys`, each kind with what it is made of in words, such as "birth date and name".

    Records that others of their source stand for (`persons.copies`) have no keys.
    """
    for name, columns in _named_keys(records):
        if len(records.spare):
            columns[:, records.spare] = 0
        yield name, columns


def _named_keys(records: Records) -> Iterator[tuple[str, HashArray]]:
    salt = _Salt()
    names = _NameKeys(records)
    dates = _parts(records, "birth_date", (0, 0), (0, 4), (4, 0), (0, 6))
    numbers = _numbers(records)
    yield from names.alone()
    if dates:
        whole, year, day, month = dates
        yield "birth date", whole[None]
        yield "month and day of birth", day[None]
        yield "year and month of birth", month[None]
        yield from names.with_each(salt, {"birth date": whole, "year of birth": year, "month and day of birth": day})
        if names.initials:
            initial = salt()
            yield "initial and birth date", np.stack([mix(letter, whole, initial) for letter in names.initials])
    if numbers:
        whole, head, tail, area = numbers
        yield "number", whole[None]
        yield "first five digits of the number", head[None]
        yield "last four digits of the number", tail[None]
        yield from names.with_each(salt, {"first three digits": area, "last four digits": tail})
    yield from _place_keys(records, names, dates[1] if dates else None, salt)


def _numbers(records: Records) -> list[HashArray]:
    """Hashes of the whole number, its first five digits, last four and first three; only the last four where no more
    is known."""
    parts = _parts(records, "ssn", (0, 0), (0, 5), (-4, 0), (0, 3))
    if parts:
        coded = records.fields["ssn"]
        short = coded.spread((np.diff(coded.texts.start) <= 4).astype(np.uint64)) > 0
        for place in (0, 1, 3):
            parts[place][short] = 0
    return parts


def _place_keys(
    records: Records, names: _NameKeys, year: HashArray | None, salt: _Salt
) -> Iterator[tuple[str, HashArray]]:
    """Addresses and the other fields: alone, with each name, with the year of birth, and two by two."""
    places = {
        field: _hashed(records.fields[field])
        for field in ("house", "street", "zip", "city", "phone", "email", "guardian")
        if field in records.fields
    }
    if "house" in places and "street" in places:
        address = mix(places["house"], places["street"], salt())
        yield "house and street", address[None]
        yield from names.with_each(salt, {"house and street": address})
    for field, place in places.items():
        yield field, place[None]
        yield from names.with_each(salt, {field: place})
        if year is not None:
            yield f"year of birth and {field}", mix(year, place, salt())[None]
    if "street" in records.fields:
        yield from names.with_each(salt, {"beginning of the street": _street_start(records.fields["street"])})
    listed = list(places.items())
    for position, (field, place) in enumerate(listed):
        yield from (
            (f"{field} and {other}", mix(place, there, salt())[None]) for other, there in listed[position + 1 :]
        )


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
        wanted = [("given", 0), ("family", 0), ("family", 1)]
        slots = [(records.fields[field], place) for field, place in wanted if field in records.fields]
        parts = [(coded, coded.texts.words(place)) for coded, place in slots]
        self.words = [coded.spread(words.whole) for coded, words in parts]
        self.sounds = [coded.spread(words.sound) for coded, words in parts]
        self.initials = [coded.spread(words.initial) for coded, words in parts]
        self.both: list[HashArray] = []
        if "given" in records.fields and "family" in records.fields:
            given, family = records.fields["given"], records.fields["family"]
            self.both = [
                mix(given.spread(given.texts.part(0, 3)), family.spread(family.texts.part(0, 4)), 3),
                mix(_hashed(given), _hashed(family), 4),
            ]

    def alone(self) -> Iterator[tuple[str, HashArray]]:
        """The words; two sounds of one record, in any order; beginnings and wholes of given and family name."""
        if self.words:
            yield "a word of the name", np.stack(self.words)
        pairs = [(one, other) for place, one in enumerate(self.sounds) for other in self.sounds[place + 1 :]]
        if pairs:
            yield (
                "two names as they sound",
                np.stack([mix(np.minimum(one, other), np.maximum(one, other), 2) for one, other in pairs]),
            )
        named = ("beginnings of given and family name", "given and family name")
        yield from ((name, both[None]) for name, both in zip(named, self.both, strict=False))

    def with_each(self, salt: _Salt, others: Mapping[str, HashArray]) -> Iterator[tuple[str, HashArray]]:
        if self.sounds:
            for name, other in others.items():
                kind = salt()
                yield f"a name's sound and {name}", np.stack([mix(sound, other, kind) for sound in self.sounds])


def _hashed(coded: Coded) -> HashArray:
    return coded.spread(coded.texts.hashes)


def _parts(records: Records, field: str, *slices: tuple[int, int]) -> list[HashArray]:
    """One column of hashes for each slice of the field's values (an end of 0: to its end). No column, no hashes."""
    coded = records.fields.get(field)
    return [] if coded is None else [coded.spread(coded.texts.part(begin, end)) for begin, end in slices]


def _street_start(coded: Coded) -> HashArray:
    """The first four letters of the first word."""
    starts = pc.utf8_slice_codeunits(pc.list_element(pc.split_pattern(coded.values, " ", max_splits=1), 0), 0, 4)
    return coded.spread(Texts.of(starts).hashes)

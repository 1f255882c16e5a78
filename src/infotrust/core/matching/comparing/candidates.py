"""Which pairs are worth comparing: those that share rare things.

No blocking rules. Every record gets tens of keys (names, dates, numbers, addresses, their parts and combinations); keys
that more than `widest_key` records share say little, or cost too much, and are dropped; each record keeps the others
with which it shares most information (the sum of log(n / records with the key), in nats). A fixed budget of pairs,
whatever the data.
A small set is compared whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from infotrust.core.matching.compiled import HashArray, IntArray, LongArray, SmallFloatArray, compiled, in_parallel
from infotrust.core.matching.reading.sources import Coded, Records, mix
from infotrust.core.matching.reading.texts import Texts

# Of the information that the poorer of two records has in its keys, what a candidate shares at least. In an earlier
# practice county one person's records shared a fifth or more in 998 of 1,000 pairs, half of the others less than a
# tenth.
LEAST_SHARE = 0.1
# Up to so many records every pair that has information enough is compared: it costs little, and a few hundred records
# need the weak pairs to learn what strangers are like (with the limit, one precision fell from .986 to .938).
ALL_SHARES_UP_TO = 50_000
MOST_WIDE, LEAST_WIDE = 200, 10  # keys that so many records share tell something; as few are gone through in any case
STEPS, STEPS_PER_RECORD = 100_000_000, 250  # that finding candidates may take; see `affordable`
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
    n = len(index.key_start) - 1
    own = information_of(index.key_start, index.keys, index.information)
    found = in_parallel(
        lambda start, end: strongest_neighbors(
            index.key_start, index.keys, index.record_start, index.records, index.information, own, per_record,
            least_information, least_share(n), start, end,
        ),
        n,
    )  # fmt: skip
    pairs = each_once(found, n)
    return Nearest(pairs, np.concatenate([part[2] for part in found]), own, index.widest)


def each_once(found: list[tuple[IntArray, IntArray, SmallFloatArray]], n: int) -> Pairs:
    """The pairs of the parts of `strongest_neighbors`, each once and sorted.

    Dealt to the lower of the two places and sorted there: no sort of all, which takes three times as long and, as
    numbers of 64 bits, four times the memory.
    """
    start = np.zeros(n + 1, np.int64)
    for one, other, _ in found:
        count_lower(one, other, start)
    np.cumsum(start, out=start)
    second = np.empty(start[-1], np.int32)
    following = start[:-1].copy()
    for one, other, _ in found:
        deal_to_lower(one, other, following, second)
    del following
    many = sort_each(start, second)
    return Pairs(np.repeat(np.arange(n, dtype=np.int32), np.diff(start)), second[:many].copy())


@compiled
def count_lower(one: IntArray, other: IntArray, start: LongArray) -> None:
    """How many pairs have each place as the lower one, counted one behind it."""
    for pair in range(len(one)):
        start[min(one[pair], other[pair]) + 1] += 1


@compiled
def deal_to_lower(one: IntArray, other: IntArray, following: LongArray, second: IntArray) -> None:
    """The higher places of the pairs, each where the lower one's begin."""
    for pair in range(len(one)):
        lower = min(one[pair], other[pair])
        second[following[lower]] = max(one[pair], other[pair])
        following[lower] += 1


@compiled
def sort_each(start: LongArray, second: IntArray) -> int:
    """Sort each place's and keep each once, moved together; start becomes theirs. Returns how many there are."""
    kept = 0
    begin = start[0]
    for place in range(len(start) - 1):
        end = start[place + 1]
        for at in range(begin + 1, end):  # they come nearly sorted: a place's own, then those that chose it, in order
            value = second[at]
            before = at - 1
            while before >= begin and second[before] > value:
                second[before + 1] = second[before]
                before -= 1
            second[before + 1] = value
        start[place] = kept
        for at in range(begin, end):
            if at == begin or second[at] != second[at - 1]:
                second[kept] = second[at]
                kept += 1
        begin = end
    start[len(start) - 1] = kept
    return kept


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


@dataclass(frozen=True)
class Index:
    """Records and keys, each way, as compressed rows. information: float32 [keys], nats."""

    key_start: LongArray  # [n + 1], into keys
    keys: IntArray
    record_start: LongArray  # [keys + 1], into records
    records: IntArray
    information: SmallFloatArray
    widest: int  # a key that more records have is not among them


def build_index(kinds: Iterable[HashArray], n: int, widest_key: int | None) -> Index:
    """Keep the keys that at least two and at most `widest_key` records share; None: as wide as can be afforded.

    Each kind is sorted as hash and record packed into one word: the hash keeps the bits that the record's place
    leaves, at least 33 for two thousand million records, so that two keys seldom fall together (and only cost time).
    """
    bits = np.uint64(max(n - 1, 1).bit_length())
    places = np.arange(n, dtype=np.uint64)
    return index_of((sorted_words(columns, places, bits) for columns in kinds), bits, n, widest_key)


def sorted_words(columns: HashArray, places: HashArray, bits: np.uint64) -> HashArray:
    """The keys of one kind [keys, n] with the places of their records, packed and sorted: uint64."""
    packed = (columns >> bits << bits) | places
    return np.sort(packed[columns != 0])


def index_of(kinds: Iterable[HashArray], bits: np.uint64, n: int, widest_key: int | None) -> Index:
    """The index over kinds of `sorted_words`."""
    most = MOST_WIDE if widest_key is None else widest_key
    records, widths = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for words in kinds:
        kept, width = narrow_runs(words, bits, most)
        records.append(kept)
        widths.append(width)
    width, record = np.concatenate(widths), np.concatenate(records)
    records.clear()
    widths.clear()
    if widest_key is None and (most := affordable(np.bincount(width), n)) < MOST_WIDE:
        narrow = width <= most
        record, width = record[np.repeat(narrow, width)], width[narrow]
    start = np.append(0, np.cumsum(width, dtype=np.int64))
    key_start, keys = keys_by_record(record, start, n)
    return Index(key_start, keys, start, record, information_in(width, n), most)


def affordable(keys_of_width: LongArray, n: int) -> int:
    """The widest keys that can be gone through: how many records share them. keys_of_width: int64 [widths].

    A key of w records costs w * w steps. In a practice county of 115,000 records keys of up to 25 brought together
    .9959 of the true pairs, those of up to 200 .9961, in three times as many steps.
    """
    steps = np.cumsum(keys_of_width * np.arange(len(keys_of_width), dtype=np.int64) ** 2)
    within = int(np.searchsorted(steps, max(STEPS, STEPS_PER_RECORD * n), side="right")) - 1
    return MOST_WIDE if within >= len(keys_of_width) - 1 else max(within, LEAST_WIDE)


def information_in(width: IntArray, n: int) -> SmallFloatArray:
    """What sharing a key says that `width` of n records have, in nats: float32 [keys].

    In steps of 1/256: sums of them are exact, and so the same in whatever order and parts they are made.
    """
    return (np.round(np.log(n / width) * 256) / 256).astype(np.float32)


@compiled
def narrow_runs(packed: HashArray, bits: np.uint64, widest: int) -> tuple[IntArray, IntArray]:
    """Of sorted (hash, record) words, the records of hashes that 2 to `widest` of them share, and how many each."""
    mask = (np.uint64(1) << bits) - np.uint64(1)
    records = np.empty(len(packed), np.int32)
    widths = np.empty(len(packed) // 2 + 1, np.int32)
    kept = 0
    runs = 0
    begin = 0
    while begin < len(packed):
        key = packed[begin] >> bits
        end = begin
        before = kept
        while end < len(packed) and packed[end] >> bits == key:
            fresh = end == begin or packed[end] != packed[end - 1]
            if fresh and kept - before <= widest:
                records[kept] = np.int32(packed[end] & mask)
                kept += 1
            end += 1
        if 2 <= kept - before <= widest:
            widths[runs] = kept - before
            runs += 1
        else:
            kept = before
        begin = end
    return records[:kept].copy(), widths[:runs].copy()


@compiled
def keys_by_record(records: IntArray, key_start: LongArray, n: int) -> tuple[LongArray, IntArray]:
    """The other way round: for each record where its keys begin, and the keys."""
    start = np.zeros(n + 1, np.int64)
    for record in records:
        start[record + 1] += 1
    for place in range(n):
        start[place + 1] += start[place]
    following = start[:-1].copy()
    keys = np.empty(len(records), np.int32)
    for key in range(len(key_start) - 1):
        for place in range(key_start[key], key_start[key + 1]):
            record = records[place]
            keys[following[record]] = key
            following[record] += 1
    return start, keys


@compiled
def information_of(key_start: LongArray, keys: IntArray, information: SmallFloatArray) -> SmallFloatArray:
    """The information in all keys of each record, in nats: float32 [n]."""
    own = np.zeros(len(key_start) - 1, np.float32)
    for record in range(len(own)):
        for place in range(key_start[record], key_start[record + 1]):
            own[record] += information[keys[place]]
    return own


@compiled
def strongest_neighbors(
    key_start: LongArray,
    keys: IntArray,
    record_start: LongArray,
    records: IntArray,
    information: SmallFloatArray,
    own: SmallFloatArray,
    per_record: int,
    least_information: float,
    least_share: float,
    start: int,
    end: int,
) -> tuple[IntArray, IntArray, SmallFloatArray]:
    """For each record in [start, end) the `per_record` others that share most with it, ties to the lowest place.

    own: `information_of` each record. Third: what the last of them shares, or the least where there are fewer.

    Four short loops instead of one: in each the trips to memory do not wait for each other.
    """
    n = len(key_start) - 1
    sums = np.empty((n, 2), np.float32)  # what is shared, beside what is asked next of the same record
    widest = 0
    most_keys = 0
    for i in range(n):
        sums[i, 0] = 0
        sums[i, 1] = own[i] * np.float32(least_share)
        most_keys = max(most_keys, key_start[i + 1] - key_start[i])
    for key in range(len(information)):
        widest = max(widest, record_start[key + 1] - record_start[key])
    begins, ends = np.empty(most_keys, np.int64), np.empty(most_keys, np.int64)
    worths = np.empty(most_keys, np.float32)
    holders, weights = np.empty(most_keys * widest, np.int32), np.empty(most_keys * widest, np.float32)
    touched, strength = np.empty(most_keys * widest + 1, np.int32), np.empty(most_keys * widest + 1, np.float32)
    one = np.empty((end - start) * per_record, np.int32)
    other = np.empty((end - start) * per_record, np.int32)
    last = np.empty(end - start, np.float32)
    least = np.float32(least_information)
    found = 0
    for i in range(start, end):
        many = key_start[i + 1] - key_start[i]
        for at in range(many):
            key = keys[key_start[i] + at]
            begins[at], ends[at] = record_start[key], record_start[key + 1]
            worths[at] = information[key]
        holding = 0
        for at in range(many):
            worth = worths[at]
            for place in range(begins[at], ends[at]):
                holders[holding] = records[place]
                weights[holding] = worth
                holding += 1
        count = 0
        for at in range(holding):
            j = holders[at]
            before = sums[j, 0]
            touched[count] = j  # no branch: whether it is new cannot be foreseen, and a wrong guess costs more
            count += before == 0
            sums[j, 0] = before + weights[at]
        sums[i, 0] = 0
        mine = sums[i, 1]
        strong = 0
        for at in range(count):
            j = touched[at]
            shared = sums[j, 0]
            touched[strong] = j
            strength[strong] = shared
            strong += (shared >= least) & (shared >= min(mine, sums[j, 1])) & (j != i)
            sums[j, 0] = 0
        enough = least
        ties = per_record  # how many that share exactly `enough` may still be taken
        highest = np.int32(n)
        if strong > per_record:
            enough = np.partition(strength[:strong], strong - per_record)[strong - per_record]
            equal = 0
            for at in range(strong):
                ties -= strength[at] > enough
                if strength[at] == enough:
                    holders[equal] = touched[at]
                    equal += 1
            if equal > ties:
                highest = np.sort(holders[:equal])[ties - 1]
        last[i - start] = enough
        for at in range(strong):
            if strength[at] > enough or (strength[at] == enough and touched[at] <= highest):
                one[found] = i
                other[found] = touched[at]
                found += 1
    return one[:found], other[:found], last

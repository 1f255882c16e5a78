"""Which records share which keys, laid out for the loop that adds up what two of them share (`nearest`).

A key's holders lie side by side, and keys whose first holders are neighbors lie side by side too: records that share
much lie together (`sources.fingerprints`), and what lies together is read together. Each record knows, for each of its
keys, where the holders after it begin and how many they are: so each two meet once, and nothing else is looked up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infotrust.core.matching.compiled import HashArray, IntArray, LongArray, SmallFloatArray, Whole, compiled

MOST_WIDE, LEAST_WIDE = 200, 10  # keys that so many records share tell something; as few are gone through in any case
WIDEST = 65_535  # what a key's width is kept in has 16 bits; nobody who asks for so wide keys waits for the end
STEPS, STEPS_PER_RECORD = 100_000_000, 250  # that finding candidates may take; see `affordable`

PlaceArray = npt.NDArray[np.uint32]
WidthArray = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Index:
    """Records and keys, each way, as compressed rows.

    start: int64 [n + 1], where each record's keys begin; of each of them following: place in `holders` behind the
    record's own; left: how many of the key's holders stand there; width: how many there are in all. holders: int32,
    records, ascending within a key. worth: float32, what sharing a key of each width says, in nats; own: float32 [n],
    the information in all keys of a record; widest: a key that more records have is not among them.
    """

    start: LongArray
    following: PlaceArray
    left: WidthArray
    width: WidthArray
    holders: IntArray
    worth: SmallFloatArray
    own: SmallFloatArray
    widest: int

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.own)


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
    words = packed(columns, places, bits)
    words.sort()
    return words


@compiled
def packed(columns: HashArray, places: HashArray, bits: np.uint64) -> HashArray:
    """Each key's upper bits with the place of its record in the lower ones, without those that are 0 (no such key)."""
    words = np.empty(columns.size, np.uint64)
    many = 0
    for column in range(len(columns)):
        for at in range(len(places)):
            words[many] = (columns[column, at] >> bits << bits) | places[at]
            many += columns[column, at] != 0  # no branch: what is unknown is spread at random
    return words[:many]


def index_of(kinds: Iterable[HashArray], bits: np.uint64, n: int, widest_key: int | None) -> Index:
    """The index over kinds of `sorted_words`."""
    most = MOST_WIDE if widest_key is None else min(widest_key, WIDEST)
    found = [narrow_runs(words, bits, most) for words in kinds]
    if widest_key is None:
        many = sum((np.bincount(width, minlength=most + 1) for _, width in found), np.zeros(most + 1, np.int64))
        most = min(affordable(many, n), most)
    begin, start = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    for holders, widths in found:
        count_entries(holders, widths, most, begin, start)
    np.cumsum(begin, out=begin)
    np.cumsum(start, out=start)
    kind = np.uint8 if most < 256 else np.uint16
    laid, left = np.empty(start[-1], np.int32), np.empty(start[-1], kind)
    while found:
        lay_down(*found.pop(), most, begin, laid, left)
    del begin
    worth = np.append(np.zeros(1, np.float32), information_in(np.arange(1, most + 1, dtype=np.int32), n))
    following, after = np.empty(start[-1], np.uint32), np.empty(start[-1], kind)
    width, own = np.empty(start[-1], kind), np.zeros(n, np.float32)
    by_record(laid, left, worth, start[:-1].copy(), following, after, width, own)
    return Index(start, following, after, width, laid, worth, own, most)


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
def count_entries(holders: IntArray, widths: IntArray, most: int, begin: LongArray, start: LongArray) -> None:
    """Of the keys that `most` share at most: how many holders there are by their first, and keys by record, each
    counted one behind."""
    at = 0
    for width in widths:
        if width <= most:
            begin[holders[at] + 1] += width
            for place in range(at, at + width):
                start[holders[place] + 1] += 1
        at += width


@compiled
def lay_down(
    holders: IntArray, widths: IntArray, most: int, begin: LongArray, laid: IntArray, left: WidthArray
) -> None:
    """Each key's holders behind those laid down before that have its first holder, and how many come after each."""
    at = 0
    for width in widths:
        if width <= most:
            to = begin[holders[at]]
            begin[holders[at]] += width
            for place in range(width):
                laid[to + place] = holders[at + place]
                left[to + place] = width - 1 - place
        at += width


@compiled
def by_record(
    laid: IntArray, left: WidthArray, worth: SmallFloatArray, slot: LongArray, following: PlaceArray,
    after: WidthArray, width: WidthArray, own: SmallFloatArray,
) -> None:  # fmt: skip
    """The other way round: of each record's keys where the holders behind it begin, how many those are and all are."""
    begin: Whole = 0
    while begin < len(laid):
        many = np.int64(left[begin]) + 1
        for place in range(begin, begin + many):
            record = laid[place]
            to = slot[record]
            slot[record] += 1
            following[to] = place + 1
            after[to] = left[place]
            width[to] = many
            own[record] += worth[many]
        begin += many

"""The candidate keys of a register: sorted words of hash and record, kind by kind, that more records are held against.

Two indexes of one shape. One is laid down when the register is linked as a whole and only read from then on; what was
added since is in a second, merged anew each time. A key that more records share than are worth following is kept as one
marker, so that a record to come does not take it for rare.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.index import Index, index_of, sorted_words
from infotrust.core.matching.compiled import (
    BoolArray,
    FloatArray,
    HashArray,
    IntArray,
    LongArray,
    SmallFloatArray,
    Whole,
    compiled,
)


@dataclass(frozen=True)
class KeyIndex:
    """words: uint64, sorted within each kind, the hash in the upper bits and the record's place in the lower `bits`
    (all ones: too many records have the key); start: int64 [kinds + 1]."""

    words: HashArray
    start: LongArray
    bits: np.uint64

    def kinds(self) -> list[HashArray]:
        return [self.words[begin:end] for begin, end in zip(self.start[:-1], self.start[1:], strict=True)]

    @staticmethod
    def of(kinds: Iterable[HashArray], bits: np.uint64) -> KeyIndex:
        parts = list(kinds)
        start = np.append(0, np.cumsum([len(part) for part in parts])).astype(np.int64)
        return KeyIndex(np.concatenate([np.empty(0, np.uint64), *parts]), start, bits)

    def pairs_index(self, n: int, widest_key: int | None) -> Index:
        """The same for pairing the n records with each other."""
        return index_of(self.kinds(), self.bits, n, widest_key)


def place_bits(room: int) -> np.uint64:
    """Bits for the places of so many records and one marker."""
    return np.uint64(max(room, 1).bit_length())


def words_of(kinds: Iterable[HashArray], first: int, bits: np.uint64) -> KeyIndex:
    """The keys of records that follow each other from place `first` on, kinds [keys, n]: sorted, each once."""
    sorted_kinds = []
    for columns in kinds:
        places = np.arange(first, first + columns.shape[1], dtype=np.uint64)
        words = sorted_words(columns, places, bits)
        sorted_kinds.append(words[np.append(True, words[1:] != words[:-1])] if len(words) else words)
    return KeyIndex.of(sorted_kinds, bits)


def without_wide(index: KeyIndex, widest: int) -> KeyIndex:
    """The same with one marker in place of each key that more than `widest` records have."""
    return KeyIndex.of((narrowed(words, index.bits, widest) for words in index.kinds()), index.bits)


@dataclass(frozen=True)
class Runs:
    """For each word of a batch where the same key's records lie: int64 [words], into the held and the added index."""

    held: LongArray
    held_end: LongArray
    added: LongArray
    added_end: LongArray
    wide: BoolArray

    @property
    def width(self) -> LongArray:
        return (self.held_end - self.held) + (self.added_end - self.added)


def added_to(added: KeyIndex, held: KeyIndex, batch: KeyIndex) -> tuple[KeyIndex, KeyIndex, LongArray, LongArray]:
    """Merge a batch into what was added: (the new index, the batch without keys that are too wide, and where its words'
    keys lie in the held index, begin and end)."""
    merged, kept, begins, ends = [], [], [], []
    for kind, (here, before, words) in enumerate(zip(held.kinds(), added.kinds(), batch.kinds(), strict=True)):
        begin, end, wide = runs_in(here, words, held.bits)
        narrow = ~wide
        kept.append(words[narrow])
        begins.append(begin[narrow] + held.start[kind])
        ends.append(end[narrow] + held.start[kind])
        merged.append(merge_sorted(before, kept[-1]))
    none = [np.empty(0, np.int64)]
    return (
        KeyIndex.of(merged, held.bits),
        KeyIndex.of(kept, held.bits),
        np.concatenate(none + begins),
        np.concatenate(none + ends),
    )


def runs_of(added: KeyIndex, batch: KeyIndex) -> tuple[LongArray, LongArray]:
    """Where the keys of a batch lie in the added index: begin and end of each word's run, int64 [words]."""
    none = [np.empty(0, np.int64)]
    begins, ends = list(none), list(none)
    for kind, (here, words) in enumerate(zip(added.kinds(), batch.kinds(), strict=True)):
        begin, end, _ = runs_in(here, words, added.bits)
        begins.append(begin + added.start[kind])
        ends.append(end + added.start[kind])
    return np.concatenate(begins), np.concatenate(ends)


@compiled
def narrowed(words: HashArray, bits: np.uint64, widest: int) -> HashArray:
    """Runs of one key longer than `widest` become one word, its place all ones."""
    mask = (np.uint64(1) << bits) - np.uint64(1)
    out = np.empty(len(words), np.uint64)
    kept = 0
    begin = 0
    while begin < len(words):
        key = words[begin] >> bits
        end = begin + 1
        while end < len(words) and words[end] >> bits == key:
            end += 1
        if end - begin > widest:
            out[kept] = (key << bits) | mask
            kept += 1
        else:
            for place in range(begin, end):
                out[kept] = words[place]
                kept += 1
        begin = end
    return out[:kept].copy()


@compiled
def first_from(words: HashArray, wanted: np.uint64, begin: Whole) -> Whole:
    """The first place from `begin` on whose word is `wanted` or more: strides that double, then halves."""
    stride = 1
    low = begin
    high = begin
    while high < len(words) and words[high] < wanted:
        low = high + 1
        high += stride
        stride *= 2
    high = min(high, len(words))
    while low < high:
        middle = (low + high) // 2
        if words[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def runs_in(words: HashArray, batch: HashArray, bits: np.uint64) -> tuple[LongArray, LongArray, BoolArray]:
    """Where the key of each (sorted) batch word lies among `words`: begin and end; and whether it is marked as wide."""
    mask = (np.uint64(1) << bits) - np.uint64(1)
    begin = np.empty(len(batch), np.int64)
    end = np.empty(len(batch), np.int64)
    wide = np.zeros(len(batch), np.bool_)
    at: Whole = np.int64(0)
    for place in range(len(batch)):
        key = batch[place] >> bits
        if place > 0 and batch[place - 1] >> bits == key:
            begin[place], end[place], wide[place] = begin[place - 1], end[place - 1], wide[place - 1]
            continue
        at = first_from(words, key << bits, at)
        last = at
        while last < len(words) and words[last] >> bits == key:
            last += 1
        begin[place], end[place] = at, last
        wide[place] = last > at and words[last - 1] & mask == mask
    return begin, end, wide


@compiled
def merge_sorted(one: HashArray, other: HashArray) -> HashArray:
    merged = np.empty(len(one) + len(other), np.uint64)
    x = 0
    y = 0
    for place in range(len(merged)):
        if y >= len(other) or (x < len(one) and one[x] <= other[y]):
            merged[place] = one[x]
            x += 1
        else:
            merged[place] = other[y]
            y += 1
    return merged


@compiled
def runs_by_record(words: HashArray, bits: np.uint64, first: int, n: int) -> tuple[LongArray, LongArray]:
    """The words of each of n records from place `first` on: where they begin, and which they are, in their order."""
    mask = (np.uint64(1) << bits) - np.uint64(1)
    start = np.zeros(n + 1, np.int64)
    for place in range(len(words)):
        start[np.int64(words[place] & mask) - first + 1] += 1
    for record in range(n):
        start[record + 1] += start[record]
    following = start[:-1].copy()
    which = np.empty(len(words), np.int64)
    for place in range(len(words)):
        of = np.int64(words[place] & mask) - first
        which[following[of]] = place
        following[of] += 1
    return start, which


@compiled
def information_by_record(
    start: LongArray, which: LongArray, width: LongArray, n: int, widest: int
) -> tuple[SmallFloatArray, FloatArray]:
    """The information in each record's keys that two and at most `widest` of n records share, and of each word; in the
    steps of `index.information_in`."""
    own = np.zeros(len(start) - 1, np.float32)
    worth = np.zeros(len(width))
    for record in range(len(own)):
        for at in range(start[record], start[record + 1]):
            word = which[at]
            if 2 <= width[word] <= widest:
                worth[word] = np.round(np.log(n / width[word]) * 256) / 256
                own[record] += np.float32(worth[word])
    return own, worth


@compiled
def nearest_of(
    held: HashArray, added: HashArray, bits: np.uint64, start: LongArray, which: LongArray, held_begin: LongArray,
    held_end: LongArray, added_begin: LongArray, added_end: LongArray, worth: FloatArray, there: BoolArray,
    own: SmallFloatArray, enough: SmallFloatArray, first: int, per_record: int, least_information: float,
    least_share: float, shared: SmallFloatArray, begin: int, end: int,
) -> tuple[IntArray, IntArray, SmallFloatArray]:  # fmt: skip
    """For the records from place `first` on, [begin, end) of them: their nearest others, and those whose nearest they
    become (record, other, and what the last of a record's own nearest shares).

    own, enough: float32 of every place; there: whether a place holds a record (still); shared: zeros, left as zeros.
    """
    mask = (np.uint64(1) << bits) - np.uint64(1)
    one, other = np.empty(0, np.int32), np.empty(0, np.int32)
    size = 0
    last = np.empty(end - begin, np.float32)
    touched = np.empty(len(shared) + 1, np.int32)
    sums = np.empty(1024, np.float32)
    holders, gains = np.empty(4096, np.int32), np.empty(4096, np.float32)
    for record in range(begin, end):
        i = first + record
        holding = 0
        for at in range(start[record], start[record + 1]):
            word = which[at]
            gain = np.float32(worth[word])
            if gain <= 0:
                continue
            more = (held_end[word] - held_begin[word]) + (added_end[word] - added_begin[word])
            if holding + more > len(holders):
                holders = longer(holders, 2 * (holding + more))
                gains = np.append(gains, np.empty(len(holders) - len(gains), np.float32))
            for place in range(held_begin[word], held_end[word]):
                holders[holding] = np.int32(held[place] & mask)
                gains[holding] = gain
                holding += 1
            for place in range(added_begin[word], added_end[word]):
                holders[holding] = np.int32(added[place] & mask)
                gains[holding] = gain
                holding += 1
        count = 0
        for at in range(holding):  # a loop of its own: the trips to memory do not wait for each other
            j = holders[at]
            before = shared[j]
            touched[count] = j
            count += before == 0
            shared[j] = before + gains[at]
        shared[i] = 0
        if count > len(sums):
            sums = np.empty(2 * count, np.float32)
        strong = 0
        for place in range(count):
            j = touched[place]
            if (
                there[j] and j != i
                and shared[j] >= max(least_information, least_share * min(own[i], own[j]))
            ):  # fmt: skip
                touched[strong] = j
                sums[strong] = shared[j]
                strong += 1
            shared[j] = 0
        limit = np.float32(least_information)
        if strong > per_record:
            limit = np.partition(sums[:strong], strong - per_record)[strong - per_record]
        last[record - begin] = limit
        if size + strong > len(one):
            more = max(2 * len(one), size + strong, 32 * (end - begin))
            one, other = longer(one, more), longer(other, more)
        for place in range(strong):
            j = touched[place]
            if sums[place] >= limit or (j < first and sums[place] >= enough[j]):  # ties too: their order says nothing
                one[size], other[size] = i, j
                size += 1
    return one[:size].copy(), other[:size].copy(), last


@compiled
def longer(array: IntArray, size: int) -> IntArray:
    more = np.empty(size, np.int32)
    more[: len(array)] = array
    return more

"""Records that share a key, as blocks: sorted once as one word of hash and record, so that no dictionary is built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.compiled import HashArray, IntArray, LongArray, compiled


@dataclass(frozen=True)
class Blocks:
    """order: int32 [members], records block by block, ascending inside a block; start: int64 [blocks + 1].

    The hash keeps the bits that a record's place leaves, 44 at a million records: two keys may fall together, once in
    many runs. Whoever pairs the members compares the whole keys again.
    """

    order: IntArray
    start: LongArray

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def sizes(self) -> LongArray:
        """Records in each block: int64 [blocks]."""
        return np.diff(self.start)

    @property
    def pairs(self) -> LongArray:
        """Pairs in each block: int64 [blocks]."""
        return self.sizes * (self.sizes - 1) // 2


def blocks_of(keys: HashArray) -> Blocks:
    """The blocks of two and more records with the same key. keys: uint64 [n]; 0: the record has no such key."""
    bits = np.uint64(max(len(keys) - 1, 1).bit_length())
    packed = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    return Blocks(*runs(np.sort(packed[keys != 0]), bits))


@compiled
def runs(packed: HashArray, bits: np.uint64) -> tuple[IntArray, LongArray]:
    """Of sorted (hash, record) words, the records of hashes that two and more share, and where each run begins."""
    mask = (np.uint64(1) << bits) - np.uint64(1)
    order = np.empty(len(packed), np.int32)
    start = np.zeros(len(packed) // 2 + 2, np.int64)
    kept = 0
    found = 0
    begin = 0
    while begin < len(packed):
        key = packed[begin] >> bits
        end = begin + 1
        while end < len(packed) and packed[end] >> bits == key:
            end += 1
        if end - begin > 1:
            for place in range(begin, end):
                order[kept] = np.int32(packed[place] & mask)
                kept += 1
            found += 1
            start[found] = kept
        begin = end
    return order[:kept].copy(), start[: found + 1].copy()

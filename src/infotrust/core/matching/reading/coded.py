"""One field of all records as integer codes over its distinct standard values, and hashes that meet where values do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from infotrust.core.matching.compiled import BoolArray, HashArray, IntArray, LongArray, compiled
from infotrust.core.matching.reading.texts import Texts


@dataclass(frozen=True)
class Whole:
    """Where the records at hand are a part of more: how many of all carry each value (int64 [values]), and any."""

    counts: LongArray
    filled: int


@dataclass(frozen=True)
class Coded:
    """One field of all records. codes: int32 [n], -1 where nothing is known; values: distinct, sorted, one per code.

    whole: what is counted in all records when these are a part of them.
    """

    codes: IntArray
    values: pa.Array
    whole: Whole | None = None

    @staticmethod
    def of(values: list[str]) -> Coded:
        """One record for each value."""
        encoded = pa.array(values, pa.string()).dictionary_encode()
        return Coded(encoded.indices.to_numpy().astype(np.int32), encoded.dictionary)

    def in_order(self, order: LongArray, spare: BoolArray) -> Coded:
        """The same of the records in this order; those that others stand for (bool [n] or empty) are not counted."""
        codes = self.codes[order]
        if not len(spare):
            return Coded(codes, self.values)
        counted = Coded(codes[~spare], self.values)
        return Coded(codes, self.values, Whole(counted.counts, counted.filled))

    @cached_property
    def counts(self) -> LongArray:
        """How many records carry each value: int64 [values]."""
        if self.whole:
            return self.whole.counts
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).astype(np.int64)

    @cached_property
    def texts(self) -> Texts:
        return Texts.of(self.values)

    def spread(self, by_value: HashArray) -> HashArray:
        """A hash for each value becomes one for each record; 0 where nothing is known."""
        return np.append(by_value, np.uint64(0))[self.codes]

    @property
    def filled(self) -> int:
        return self.whole.filled if self.whole else int((self.codes >= 0).sum())


def mix(one: HashArray, other: HashArray, salt: int = 0) -> HashArray:
    """Hash two columns of hashes into one; 0 (nothing known) in either gives 0. uint64 [n] each."""
    return mixed(one, other, np.uint64(salt * 0x632BE59BD9B4E019 % 2**64))


@compiled
def mixed(one: HashArray, other: HashArray, salt: np.uint64) -> HashArray:
    out = np.zeros(len(one), np.uint64)
    for place in range(len(one)):
        if one[place] == 0 or other[place] == 0:
            continue
        word = one[place] * np.uint64(0x9E3779B97F4A7C15) + (other[place] ^ salt)
        word ^= word >> np.uint64(31)
        word *= np.uint64(0xBF58476D1CE4E5B9)
        word ^= word >> np.uint64(29)
        out[place] = max(word, np.uint64(1))
    return out

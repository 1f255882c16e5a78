"""Distinct agreement patterns: what a model is fitted on, because many pairs agree alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.compiled import ByteArray, FloatArray, LongArray


@dataclass(frozen=True)
class Patterns:
    """Distinct agreement patterns. levels: uint8 [patterns, comparisons]; counts: pairs; of: a pair's pattern."""

    levels: ByteArray
    counts: FloatArray
    of: LongArray


def distinct_patterns(levels: ByteArray) -> Patterns:
    packed = np.zeros(len(levels), np.int64)
    for column in levels.T:
        base = int(column.max(initial=0)) + 1
        if packed.max(initial=0) > 2**62 // base:
            packed = np.unique(packed, return_inverse=True)[1].astype(np.int64)
        packed = packed * base + column
    _, first, of, counts = np.unique(packed, return_index=True, return_inverse=True, return_counts=True)
    return Patterns(np.ascontiguousarray(levels[first]), counts.astype(np.float64), of.astype(np.int64))

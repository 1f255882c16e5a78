"""How alike two words are: Jaro-Winkler and optimal string alignment, compiled.

A word is a row of a byte matrix and its length. Tests hold both against rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from infotrust.core.matching.compiled import ByteArray, IntArray, compiled

WIDTH = 32  # bytes of a value that are compared; the letters of Jaro's window must fit into 64 bits
_WINKLER_FROM = 0.7  # Winkler (1990) rewards a common beginning only above this similarity


def as_bytes(values: Sequence[str]) -> tuple[ByteArray, IntArray]:
    """A byte matrix [values, WIDTH] and the lengths [values]; a longer value is cut."""
    cut = [value.encode()[:WIDTH] for value in values]
    matrix = np.frombuffer(b"".join(word.ljust(WIDTH, b"\0") for word in cut), np.uint8)
    return matrix.reshape(len(cut), WIDTH).copy(), np.array([len(word) for word in cut], np.int32)


@compiled
def jaro_winkler(a: ByteArray, a_length: int, b: ByteArray, b_length: int) -> float:
    """Similarity in [0, 1]; two empty words are unlike."""
    if a_length == 0 or b_length == 0:
        return 0.0
    window = max(max(a_length, b_length) // 2 - 1, 0)
    one = np.uint64(1)
    in_a = np.uint64(0)
    in_b = np.uint64(0)
    common = 0
    for x in range(a_length):
        for y in range(max(0, x - window), min(b_length, x + window + 1)):
            if b[y] == a[x] and not (in_b >> np.uint64(y)) & one:
                in_b |= one << np.uint64(y)
                in_a |= one << np.uint64(x)
                common += 1
                break
    if common == 0:
        return 0.0
    out_of_order = 0
    y = 0
    for x in range(a_length):
        if (in_a >> np.uint64(x)) & one:
            while not (in_b >> np.uint64(y)) & one:
                y += 1
            if a[x] != b[y]:
                out_of_order += 1
            y += 1
    jaro = (common / a_length + common / b_length + (common - out_of_order // 2) / common) / 3.0
    if jaro <= _WINKLER_FROM:
        return jaro
    prefix = 0
    while prefix < min(4, a_length, b_length) and a[prefix] == b[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1.0 - jaro)


@compiled
def edits(a: ByteArray, a_length: int, b: ByteArray, b_length: int, most: int) -> int:
    """Optimal string alignment distance (a swap of neighbors is one edit), or most + 1 when it is larger."""
    if abs(a_length - b_length) > most:
        return most + 1
    rows = np.empty((3, WIDTH + 1), np.int32)
    for y in range(b_length + 1):
        rows[0, y] = y
    before, last, now = 2, 0, 1
    for x in range(1, a_length + 1):
        rows[now, 0] = x
        for y in range(1, b_length + 1):
            best = min(rows[last, y - 1] + (a[x - 1] != b[y - 1]), rows[last, y] + 1, rows[now, y - 1] + 1)
            if x > 1 and y > 1 and a[x - 1] == b[y - 2] and a[x - 2] == b[y - 1]:
                best = min(best, rows[before, y - 2] + 1)
            rows[now, y] = best
        before, last, now = last, now, before
    return int(min(rows[last, b_length], most + 1))

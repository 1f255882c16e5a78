"""Which keys have been seen, in 16 bytes a key however long the keys are.

A key is kept as a 128-bit BLAKE2b hash under a random secret that never leaves the process, so memory shows no
key. Two of 10**9 different keys collide with a probability below 10**-20.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Halves = NDArray[np.uint64]


def hash_keys(parts: Sequence[Iterable[str | None]], secret: bytes) -> Halves:
    """Return the hashes of keys given as one iterable for each key column: shape (rows, 2) of 64-bit halves."""
    whole = parts[0] if len(parts) == 1 else map(_join, zip(*parts, strict=True))
    hashed = b"".join(
        hashlib.blake2b((each or "").encode("utf-8"), digest_size=16, key=secret).digest() for each in whole
    )
    return np.frombuffer(hashed, dtype=np.uint64).reshape(-1, 2)


def _join(cells: tuple[str | None, ...]) -> str:
    # Lengths in front, so that no sign in a cell can make two different keys alike.
    return "".join(f"{len(cell or '')}:{cell or ''}" for cell in cells)


class KeyIndex:
    """A set of hashes, with a number (its position in the order of adding) for each.

    Kept as sorted runs that are merged when they have grown alike: adding n keys in batches costs O(n log² n).
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Halves, NDArray[np.int64]]] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def find(self, hashes: Halves) -> NDArray[np.int64]:
        """Return the number of each hash, -1 where it was never added."""
        found = np.full(len(hashes), -1, dtype=np.int64)
        for run, numbers in self._runs:
            at = np.searchsorted(run[:, 0], hashes[:, 0])
            # Equal first halves of different hashes stand side by side; more than two never happens in practice.
            for offset in (0, 1):
                here = np.minimum(at + offset, len(run) - 1)
                same = (run[here] == hashes).all(axis=1) & (found < 0)
                found[same] = numbers[here[same]]
        return found

    def add(self, hashes: Halves) -> NDArray[np.bool_]:
        """Add `hashes`; return which of them were there before, or earlier in the same batch."""
        seen = self.find(hashes) >= 0
        first = np.zeros(len(hashes), dtype=np.bool_)
        first[_first_places(hashes)] = True
        fresh = np.flatnonzero(first & ~seen)
        numbers = self._size + np.arange(len(fresh), dtype=np.int64)
        self._size += len(fresh)
        if len(fresh):
            self._keep(hashes[fresh], numbers)
        return seen | ~first

    def _keep(self, hashes: Halves, numbers: NDArray[np.int64]) -> None:
        while self._runs and len(self._runs[-1][0]) <= 2 * len(hashes):
            other, other_numbers = self._runs.pop()
            hashes, numbers = np.concatenate([other, hashes]), np.concatenate([other_numbers, numbers])
        order = np.lexsort((hashes[:, 1], hashes[:, 0]))
        self._runs.append((hashes[order], numbers[order]))


def _first_places(hashes: Halves) -> NDArray[np.int64]:
    """Return the place of the first occurrence of each different hash."""
    if not len(hashes):
        return np.zeros(0, dtype=np.int64)
    order = np.lexsort((np.arange(len(hashes)), hashes[:, 1], hashes[:, 0]))
    ordered = hashes[order]
    starts = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    first: NDArray[np.int64] = order[starts]
    return first

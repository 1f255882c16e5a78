"""Chances that belong to a person, a household or a record, not to the order in which they are asked for.

`chances("keying", seed, person)` hashes its arguments to a number from 0 to 1. The same person has the same chance in
every file, period and run, whoever else is asked about; a mechanism added tomorrow leaves every other one as it was.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

_GOLDEN, _ONE, _TWO = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_WORD = 2**64 - 1


def chances(what: str, seed: int, *keys: Any) -> Floats:
    """A number in [0, 1) for each element of `keys` (integers or arrays of them, broadcast together).

    The mixing step is SplitMix64's finalizer (Steele, Lea, Flood 2014), applied once for each key.
    """
    mixed: Any = _mix(zlib.crc32(what.encode()) ^ (seed * _GOLDEN & _WORD))
    for key in keys:
        if np.ndim(key) == 0 and isinstance(
            mixed, int
        ):  # plain integers: faster, and NumPy warns of overflow in scalars
            mixed = _mix(mixed ^ (int(key) * _GOLDEN & _WORD))
        else:
            mixed = _mix_all(_spread(key) ^ np.asarray(mixed, dtype=np.uint64))
    if isinstance(mixed, int):
        return np.asarray((mixed >> 11) / (1 << 53), dtype=np.float64)
    return np.asarray((mixed >> np.uint64(11)) * (1.0 / (1 << 53)), dtype=np.float64)


def _mix(value: int) -> int:
    value = value + _GOLDEN & _WORD
    value = (value ^ (value >> 30)) * _ONE & _WORD
    value = (value ^ (value >> 27)) * _TWO & _WORD
    return value ^ (value >> 31)


def _spread(key: Any) -> NDArray[np.uint64]:
    """Whole numbers far apart; at least one dimension, since NumPy warns of overflow in scalars."""
    return np.atleast_1d(np.asarray(key, dtype=np.int64)).astype(np.uint64) * np.uint64(_GOLDEN)


def _mix_all(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """As `_mix`, in place."""
    value += np.uint64(_GOLDEN)
    shifted = value >> np.uint64(30)
    for factor, shift in ((_ONE, 27), (_TWO, 31)):
        value ^= shifted
        value *= np.uint64(factor)
        np.right_shift(value, np.uint64(shift), out=shifted)
    value ^= shifted
    return value


def generator(what: str, seed: int, *keys: int) -> np.random.Generator:
    """A random stream of its own for `what`, for draws that have no owner."""
    return np.random.default_rng([seed, zlib.crc32(what.encode()), *keys])


def normal(first: Floats, second: Floats) -> Floats:
    """Standard normal values from two independent chances (Box and Muller 1958)."""
    return np.asarray(np.sqrt(-2 * np.log1p(-first)) * np.cos(2 * np.pi * second))


def choose(chance: Floats, shares: dict[Any, float]) -> Ints:
    """The place in `shares` (which add up to 1) that each chance falls on."""
    edges = np.cumsum(list(shares.values()))
    return np.minimum(np.searchsorted(edges, chance, side="right"), len(edges) - 1).astype(np.int64)


def counts(chance: Floats, mean: Floats | float) -> Ints:
    """A Poisson count with `mean` (up to about 30) for each chance, by inversion."""
    mean = np.broadcast_to(np.asarray(mean, dtype=np.float64), chance.shape)
    term = np.exp(-mean)
    below, count = term.copy(), np.zeros(chance.shape, dtype=np.int64)
    for step in range(1, 80):
        more = chance >= below
        if not more.any():
            break
        count += more
        term = term * mean / step
        below = below + term
    return count

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

_GOLDEN, _ONE, _TWO = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def chances(what: str, seed: int, *keys: Any) -> Floats:
    """A number in [0, 1) for each element of `keys` (integers or arrays of them, broadcast together).

    The mixing step is SplitMix64's finalizer (Steele, Lea, Flood 2014), applied once for each key.
    """
    state = zlib.crc32(what.encode()) ^ (seed * int(_GOLDEN) % 2**64)  # plain integers: NumPy warns of overflow in scalars
    mixed: Any = _mix(np.asarray(state, dtype=np.uint64))
    for key in keys:
        mixed = _mix(mixed ^ (np.asarray(key, dtype=np.int64).astype(np.uint64) * _GOLDEN))
    return np.asarray((mixed >> np.uint64(11)) * (1.0 / (1 << 53)), dtype=np.float64)


def _mix(value: Any) -> Any:
    with np.errstate(over="ignore"):
        value = value + _GOLDEN
        value = (value ^ (value >> np.uint64(30))) * _ONE
        value = (value ^ (value >> np.uint64(27))) * _TWO
        return value ^ (value >> np.uint64(31))


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

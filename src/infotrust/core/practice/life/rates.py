"""Rates and chances by age: how often something happens to a person in a part of a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats, Ints


def by_age(table: Mapping[Any, float], age: Any) -> Floats:
    """The value of the age group that each age is in; `table` names each group by its first year of age."""
    edges, values = np.array(list(table), dtype=np.float64), np.array(list(table.values()))
    return np.asarray(values[np.clip(np.searchsorted(edges, age, side="right") - 1, 0, len(values) - 1)])


def along_age(table: Mapping[Any, float], age: Any) -> Floats:
    """The value at each age, geometrically between the ages that `table` names: for rates that grow by a factor."""
    return np.asarray(np.exp(np.interp(age, list(table), np.log(list(table.values())))))


def within(rate: Any, years: float) -> Floats:
    """The chance that something with this yearly `rate` happens within `years`."""
    return np.asarray(-np.expm1(-np.asarray(rate) * years))


def draw_bins(chance: Floats, shares: Mapping[Any, float], end: float) -> Floats:
    """Values from a histogram: `shares` by the lower edge of each bin, the last of which ends at `end`. Even within."""
    edges = np.array([*shares, end], dtype=np.float64)
    below = np.concatenate([[0.0], np.cumsum(list(shares.values()))])
    return np.asarray(np.interp(chance * below[-1], below, edges))


def parts(values: Ints, count: int) -> Ints:
    """How many of `values` are 0, 1, ... `count` - 1."""
    return np.bincount(values, minlength=count).astype(np.int64)

"""Shares that several causes move: each cause multiplies the odds, so that a share never leaves 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from infotrust.core.practice.chance import Bools, Floats


def moved(share: Floats | float, ratio: Floats | float) -> Floats:
    """The share whose odds are `ratio` times those of `share`."""
    return np.asarray(share * ratio / (1 - share + share * ratio), dtype=np.float64)


def together(causes: Mapping[str, Bools], ratios: Mapping[str, float]) -> Floats:
    """The product of the ratios of the causes that hold, for each element; causes without a ratio do not matter."""
    product = np.ones(len(next(iter(causes.values()))), dtype=np.float64)
    for name, ratio in ratios.items():
        product = product * np.where(causes[name], ratio, 1.0)
    return product


def logistic(value: Floats) -> Floats:
    """The share whose log-odds are `value`."""
    return np.asarray(1 / (1 + np.exp(-value)))

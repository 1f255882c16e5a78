"""Rows that belong together: several for one owner, counted from 0."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Ints


def turns(count: Ints) -> Ints:
    """0, 1, 2, ... for the rows of each owner, who has `count` of them: [2, 0, 3] gives 0, 1, 0, 1, 2."""
    return np.asarray(np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count), dtype=np.int64)

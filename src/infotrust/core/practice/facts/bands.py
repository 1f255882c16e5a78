"""Numbers that parameters give by bands of income or age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats


def by_band(value: Floats, bands: Mapping[Any, float]) -> Floats:
    """The number of each value's band; `bands` go by their upper edge, and the last holds all above too."""
    edges, values = np.array([float(edge) for edge in bands]), np.array(list(bands.values()))
    return np.asarray(values[np.minimum(np.searchsorted(edges, value, side="right"), len(edges) - 1)])

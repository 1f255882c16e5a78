"""How likely each mistake is in one system, for each of its records.

Some records are just bad: a tired clerk, a crying child, a form filled in on a lap. Every record has a carelessness,
and each mechanism's chance grows with it (a one-factor probit model), so that mistakes come together while the share of
records with each of them is the one in the parameters.
"""

from __future__ import annotations

from functools import cache
from math import erf, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats, Ints
from infotrust.core.practice.names import COMMUNITIES

LEVELS = 64  # of carelessness, each as common as the others

MOST = 0.95  # no factor makes a slip more likely than this

# Slips that are more common where a name is less familiar to the clerks.
BY_COMMUNITY = frozenset({"keying", "phonetic", "ocr", "swapped_names", "transliteration", "twins_confused"})


# What a system does or does not ask for, and how it writes: no sign of a careless record.
HABITUAL = frozenset(
    {
        "ssn_missing", "ssn_last_four", "middle_missing", "suffix_missing", "capitals", "diacritics", "punctuation",
        "truncated", "address_abbreviated", "po_box", "unnamed_newborn", "nickname", "middle_as_first",
    }
)  # fmt: skip


class Habits:
    """The rates of one system."""

    def __init__(self, parameters: Any, system: str) -> None:
        self.parameters, self.system = parameters, system
        self.correlation = float(parameters.carelessness)
        factors = parameters.slips_by_community
        self.factors = tuple(float(factors.get(code, 1.0)) for code in COMMUNITIES)

    def rate(self, mechanism: str) -> float:
        """The share of the system's records to which `mechanism` happens, where it can."""
        return float(self.parameters[mechanism].get(self.system, 0.0))

    def likelihood(self, mechanism: str, level: Ints, community: Ints, within: float = 1.0) -> Floats | float:
        """The rate for records of each carelessness (0 to LEVELS - 1) and community, of the share `within` of all."""
        rate = min(self.rate(mechanism) / within, 1.0) if within > 0 else 0.0
        if rate <= 0 or rate >= 1 or mechanism in HABITUAL:
            return rate
        if mechanism not in BY_COMMUNITY:
            return self.spread(rate, level)
        table = np.array([by_level(min(rate * factor, MOST), self.correlation) for factor in self.factors])
        return np.asarray(table[community, level])

    def spread(self, rate: float, level: Ints) -> Floats:
        """A rate (up to 1) for records of each carelessness."""
        if rate >= MOST:
            return np.full(len(level), min(rate, 1.0))
        return np.asarray(by_level(rate, self.correlation)[level])


@cache
def by_level(rate: float, correlation: float) -> Floats:
    """How a `rate` spreads over the levels of carelessness; the mean of the result is `rate`."""
    normal = NormalDist()
    edge, own = normal.inv_cdf(rate), sqrt(1 - correlation)
    levels = (normal.inv_cdf((level + 0.5) / LEVELS) for level in range(LEVELS))
    spread = np.array([0.5 * (1 + erf((edge + sqrt(correlation) * z) / own / sqrt(2))) for z in levels])
    return np.asarray(np.minimum(spread * (rate / spread.mean()), 1.0))

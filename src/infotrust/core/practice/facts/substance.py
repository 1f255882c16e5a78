"""Who uses alcohol or drugs so that it harms them: a cause that crises, arrests, child welfare and costs share."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, normal
from infotrust.core.practice.ward import NEVER, YEAR, Ward


@dataclass(frozen=True)
class Substance:
    """One element for each person: the first day of harmful use; NEVER for most."""

    onset: Ints

    def at(self, who: Ints, on: Ints | int) -> Bools:
        return np.asarray(self.onset[who] <= on)


def substance_use(ward: Ward) -> Substance:
    """Harmful use befalls those with the highest mix of chronic need and luck, from some age on."""
    numbers = ward.parameters.substance
    noise = normal(ward.chance("substance: one"), ward.chance("substance: two"))
    share = numbers.need_share
    liability = np.sqrt(share) * ward.people.need + np.sqrt(1 - share) * noise
    threshold = np.where(ward.people.male, _upper(numbers.adults.male), _upper(numbers.adults.female))
    age = numbers.onset_from + (numbers.onset_to - numbers.onset_from) * ward.chance("substance: onset")
    onset = ward.people.birth + (age * YEAR).astype(np.int64)
    return Substance(np.where(liability > threshold, onset, NEVER))


def _upper(share: float) -> float:
    """The standard normal value that `share` of all values exceed, by bisection."""
    low, high = -8.0, 8.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _above(middle) > share else (low, middle)
    return low


def _above(value: float) -> float:
    return erfc(value / sqrt(2)) / 2

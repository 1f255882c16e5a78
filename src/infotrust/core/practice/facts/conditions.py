"""Illnesses that last: from which day on each person has which. They drive what health care costs.

A condition begins by a hazard that rises with age and with the person's chronic need (`people.need`): the cumulative
hazard at age a is -log(1 - share_by_65) * (a / 65) ** shape * factor ** need, a Weibull law with a proportional effect.
Harmful use of alcohol or drugs is that of `substance`, which the police, the jail and the crisis center meet too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Ints
from infotrust.core.practice.facts.substance import substance_use
from infotrust.core.practice.ward import NEVER, YEAR, Ward

CONDITIONS = (
    "asthma", "diabetes", "heart", "lung", "kidney", "cancer", "serious_mental_illness", "depression_anxiety",
    "substance_use", "specialty_drug", "disability", "long_term_care",
)  # fmt: skip
AGE_OF_SHARE, OLDEST = 65.0, 110.0


@dataclass(frozen=True)
class Conditions:
    """`onset[person, condition]` is the day on which the condition begins; NEVER for those who do not reach it."""

    onset: Ints

    def has(self, name: str, who: Ints, on: Ints | int) -> Bools:
        """Whether each person has the condition on the day."""
        return np.asarray(self.onset[who, CONDITIONS.index(name)] <= on)


def conditions(ward: Ward) -> Conditions:
    numbers, people = ward.parameters.conditions, ward.people
    onset = np.full((len(ward), len(CONDITIONS)), NEVER, dtype=np.int64)
    onset[:, CONDITIONS.index("substance_use")] = ward.of(substance_use).onset
    for name, one in numbers.items():
        at_65 = -np.log1p(-one.share_by_65) * one.need_factor**people.need
        drawn = -np.log1p(-ward.chance(f"condition {name}"))
        age = one.youngest + AGE_OF_SHARE * (drawn / at_65) ** (1 / one.shape)
        day = people.birth + (np.minimum(age, OLDEST) * YEAR).astype(np.int64)
        onset[:, CONDITIONS.index(name)] = np.where(age < OLDEST, day, NEVER)
    return Conditions(onset)

"""Deaths of residents: who died on which day, of what group of causes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Floats, Ints, choose
from infotrust.core.practice.ward import YEAR, Ward

CAUSES = (
    "perinatal", "congenital", "sudden_infant", "injury", "overdose", "suicide", "homicide", "cancer", "heart",
    "stroke", "respiratory", "diabetes", "alzheimer", "infection", "other",
)  # fmt: skip
MANNERS = ("natural", "accident", "suicide", "homicide", "undetermined")
_MANNER_OF = {"injury": 1, "overdose": 1, "suicide": 2, "homicide": 3, "sudden_infant": 4}


@dataclass(frozen=True)
class Deaths:
    """One element for each resident who died within the county's years, in the order of persons."""

    person: Ints
    on: Ints
    age: Floats
    cause: Ints  # place in CAUSES
    manner: Ints  # place in MANNERS


def deaths(ward: Ward) -> Deaths:
    people = ward.people
    within = (people.death >= ward.span.first) & (people.death <= ward.span.last)
    here = (people.arrival <= people.death) & (people.departure > people.death)
    person = np.flatnonzero(within & here)
    on = people.death[person]
    age = np.asarray((on - people.birth[person]) / YEAR)
    cause = _causes(ward, person, age)
    manner = np.array([_MANNER_OF.get(name, 0) for name in CAUSES])[cause]
    return Deaths(person, on, age, cause, manner)


def _causes(ward: Ward, person: Ints, age: Floats) -> Ints:
    """By age: the parameters have a mix of causes for each group, named by its first year of age."""
    groups = ward.parameters.death_certificates.causes
    firsts = np.array([float(name.removeprefix("from_")) for name in groups])
    group = np.searchsorted(firsts, age, side="right") - 1
    chance = ward.chance("death: cause", person)
    found = np.zeros(len(person), dtype=np.int64)
    for place, shares in enumerate(groups.values()):
        codes = np.array([CAUSES.index(name) for name in shares])
        found = np.where(group == place, codes[choose(chance, dict(shares))], found)
    return found

"""Which agency meets whom, on which day: each sighting becomes one record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints

from .people import TODAY, YEAR, Homes, People

BIRTHS, SCHOOLS, WIC, MEDICAID, SNAP, HOMELESS = range(6)
NAMES = ("births", "schools", "wic", "medicaid", "snap", "homeless_services")
BEGAN = TODAY - int(12 * YEAR)  # the first day anything was recorded


@dataclass(frozen=True)
class Sightings:
    """One entry for each record, by household."""

    person: Ints
    agency: Ints
    day: Ints

    def __len__(self) -> int:
        return len(self.person)


def see(people: People, homes: Homes, seed: int) -> Sightings:
    """Who is recorded where: the poorer a home, the more agencies know it, and the more often."""
    rng = np.random.default_rng([seed, 3])
    poor = homes.poverty[people.household]
    age = (TODAY - people.birth) / YEAR
    seen = [
        _births(people, age, rng),
        _schools(people, age, rng),
        _wic(people, age, poor, rng),
        _several(MEDICAID, people, rng.random(len(people)) < np.where(age < 19, 1.25, 0.8) * poor, 0.10, rng),
        _snap(people, poor, rng),
        _several(HOMELESS, people, rng.random(len(people)) < 0.12 * poor**1.5, 0.75, rng),
    ]
    person, agency, day = (np.concatenate([part[at] for part in seen]) for at in range(3))
    order = np.lexsort((day, agency, person))  # people stand by household
    return Sightings(person[order], agency[order], day[order])


_Part = tuple[Ints, Ints, Ints]


def _part(agency: int, person: Ints, day: Floats | Ints) -> _Part:
    return person, np.full(len(person), agency), np.asarray(day, dtype=np.int64)


def _births(people: People, age: Floats, rng: np.random.Generator) -> _Part:
    born_here = np.flatnonzero((people.birth >= BEGAN) & (people.role == 2) & (rng.random(len(age)) < 0.86))
    return _part(BIRTHS, born_here, people.birth[born_here])


def _schools(people: People, age: Floats, rng: np.random.Generator) -> _Part:
    pupils = np.flatnonzero((age > 5) & (age < 19) & (people.role == 2) & (rng.random(len(age)) < 0.8))
    pupils = np.concatenate([pupils, rng.choice(pupils, len(pupils) // 25, replace=False)])  # two districts
    began = np.maximum(people.birth[pupils] + int(5 * YEAR), BEGAN)
    return _part(SCHOOLS, pupils, began + rng.random(len(pupils)) * (TODAY - began))


def _wic(people: People, age: Floats, poor: Floats, rng: np.random.Generator) -> _Part:
    chance = rng.random(len(age))
    small = np.flatnonzero((people.birth + 5 * YEAR > BEGAN) & (people.role == 2) & (chance < 1.1 * poor))
    mothers = np.unique(people.mother[small])
    mothers = mothers[~people.male[mothers] & (rng.random(len(mothers)) < 0.8)]
    who = np.concatenate([small, mothers])
    again = who[rng.random(len(who)) < 0.12]
    who = np.concatenate([who, again])
    youngest = np.zeros(len(people), np.int64)
    np.maximum.at(youngest, people.mother[small], people.birth[small])
    child = np.where(people.role[who] == 2, people.birth[who], youngest[who])
    began = np.maximum(child, BEGAN)
    until = np.minimum(child + int(5 * YEAR), TODAY)
    return _part(WIC, who, began + rng.random(len(who)) * np.maximum(until - began, 0))


def _several(agency: int, people: People, there: Bools, again: float, rng: np.random.Generator) -> _Part:
    """Each of them once, and again with that chance, up to three times more."""
    who = rounds = np.flatnonzero(there)
    for _ in range(3):
        rounds = rounds[rng.random(len(rounds)) < again]
        who = np.concatenate([who, rounds])
    began = np.maximum(people.birth[who] + 14, BEGAN)
    return _part(agency, who, began + rng.random(len(who)) * (TODAY - began))


def _snap(people: People, poor: Floats, rng: np.random.Generator) -> _Part:
    """Households apply together, on one day; one in five comes back later."""
    households = int(people.household.max(initial=0)) + 1
    parts: Sequence[tuple[float, Ints]] = [
        (0.75, rng.integers(BEGAN, TODAY, households)),
        (0.15, rng.integers(BEGAN, TODAY, households)),
    ]
    who, day = [], []
    for share, days in parts:
        applies = rng.random(households)[people.household] < share * poor
        mine = np.flatnonzero(applies & (rng.random(len(people)) < 0.95))
        mine = mine[people.birth[mine] <= days[people.household[mine]]]
        who.append(mine)
        day.append(days[people.household[mine]])
    return _part(SNAP, np.concatenate(who), np.concatenate(day))

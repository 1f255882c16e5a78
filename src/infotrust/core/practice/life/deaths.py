"""Deaths, by age and sex."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Floats, Ints
from infotrust.core.practice.life.rates import along_age
from infotrust.core.practice.life.state import State
from infotrust.core.practice.ward import NEVER


def die(state: State) -> None:
    """The deaths of this step."""
    here = state.here
    dead = state.idle(here[state.happens("deaths", rate(state, here))])
    day = state.days("deaths", len(dead))
    state.persons.death[dead] = day
    remove(state, dead, day)


def rate(state: State, who: Ints) -> Floats:
    """Deaths for each person and year."""
    wanted, age = state.parameters.life.deaths, np.maximum(state.age(who), 0.0)
    return np.where(state.persons.male[who], along_age(wanted.men, age), along_age(wanted.women, age))


def remove(state: State, who: Ints, day: Ints) -> None:
    """Persons are no longer here, by death or by leaving: unions with those who stay end, and stays in care."""
    persons = state.persons
    state.occupy(who)
    persons.here[who] = False
    state.changes += 1
    np.maximum.at(state.households.left, persons.household[who], day)
    placed = persons.placement[who] >= 0
    row = persons.placement[who[placed]]
    state.placements.last[row] = np.maximum(day[placed], state.placements.first[row])
    persons.placement[who[placed]] = -1
    partner = persons.partner[who]
    ends = (partner >= 0) & (persons.here[partner] | (persons.death[who] < NEVER))
    gone, last, other = who[ends], day[ends], partner[ends]
    np.minimum.at(state.unions.last, persons.union[gone], last)
    state.occupy(other)
    for people in (gone, other):
        persons.partner[people], persons.union[people], persons.married[people] = -1, -1, False

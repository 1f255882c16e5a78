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
    """Persons are no longer here, by death or by leaving; the unions of the dead end."""
    persons = state.persons
    state.occupy(who)
    persons.here[who] = False
    left = persons.partner[who] >= 0
    gone, days = who[left & (persons.death[who] < NEVER)], day[left & (persons.death[who] < NEVER)]
    known = persons.union[gone] >= 0
    state.unions.last[persons.union[gone][known]] = days[known]
    other = persons.partner[gone]
    for people in (gone, other):
        persons.partner[people], persons.union[people], persons.married[people] = -1, -1, False

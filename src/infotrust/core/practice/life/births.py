"""Births: who has a child, of whom, how many at once, and what the newborn is."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Ints
from infotrust.core.practice.life import surnames, traits
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import State
from infotrust.core.practice.ward import YEAR


def bear(state: State) -> None:
    """The births of this step."""
    persons, wanted = state.persons, state.parameters.life.births
    here = state.here
    women = here[~persons.male[here]]
    age = state.age(women)
    rested = persons.last_birth[women] < state.step.first - wanted.shortest_gap * YEAR
    rate = by_age(wanted.fertility, age) * rested
    mothers = state.idle(women[state.happens("births", rate)])
    deliver(state, mothers, state.days("births", len(mothers)))


def deliver(state: State, mothers: Ints, days: Ints) -> Ints:
    """The children of these mothers, born on these days: one, two or three of each delivery. Returns the newborns."""
    persons, wanted, rng = state.persons, state.parameters.life.births, state.rng("deliveries")
    draw = rng.random(len(mothers))
    twins, triplets = wanted.twin_deliveries, wanted.triplet_deliveries
    babies = 1 + (draw < twins + triplets).astype(np.int64) + (draw < triplets)
    row = np.repeat(np.arange(len(mothers)), babies)
    order = np.arange(len(row)) - np.repeat(np.cumsum(babies) - babies, babies) + 1
    mother, day = mothers[row], days[row]
    born = persons.add(
        len(row),
        birth=day,
        arrival=day,
        male=rng.random(len(row)) < wanted.boys,
        mother=mother,
        father=persons.partner[mother],
        delivery=state.deliveries + row,
        plurality=babies[row],
        birth_order=order,
        busy=state.step.number,
    )
    state.deliveries += len(mothers)
    persons.last_birth[mothers] = days
    persons.births[mothers] += babies
    state.occupy(mothers)
    state.rehome(born, persons.household[mother], day)
    traits.inherit(state, born)
    surnames.name_newborns(state, born)
    return born

"""Births: who has a child, of whom, how many at once, and what the newborn is."""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.life import incomes, surnames, traits, unions
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import USUAL, State
from infotrust.core.practice.ward import YEAR


def bear(state: State) -> None:
    """The births of this step."""
    persons = state.persons
    here = state.here
    women = here[~persons.male[here] & (state.households.kind[persons.household[here]] == USUAL)]
    mothers = state.idle(women[state.happens("births", rates(state, women))])
    deliver(state, mothers, fathers(state, mothers), state.days("births", len(mothers)))


def rates(state: State, women: Ints) -> Floats:
    """Deliveries for each woman and year: by age, partner, income and community, none soon after another."""
    persons, wanted, age = state.persons, state.parameters.life.births, state.age(women)
    rested = persons.last_birth[women] < state.step.first - wanted.shortest_gap * YEAR
    partner = np.where(
        persons.partner[women] < 0,
        by_age(wanted.single, age),
        np.where(persons.married[women], by_age(wanted.married, age), by_age(wanted.cohabiting, age)),
    )
    ratio = incomes.ratios(state, persons.household[women])
    income = np.where(ratio < wanted.low_income_below, wanted.low_income, 1.0)
    community = np.array(list(wanted.communities.values()))[persons.community[women]]
    earlier = by_age(wanted.earlier_births, persons.births[women])
    return np.asarray(by_age(wanted.fertility, age) * rested * partner * income * community * earlier)


def fathers(state: State, mothers: Ints) -> Ints:
    """The partner; for most others a man of the ward who lives elsewhere; -1 where nobody knows."""
    persons, wanted, rng = state.persons, state.parameters.life.births, state.rng("fathers")
    father = persons.partner[mothers].copy()
    father[~persons.male[father] | ~persons.here[father]] = -1
    alone = persons.partner[mothers] < 0
    seek = mothers[alone & (rng.random(len(mothers)) < wanted.father_known)]
    here = state.here
    age = state.age(here)
    free = persons.male[here] & (persons.partner[here] < 0)
    men = here[free & (age >= wanted.youngest_father) & (age < wanted.oldest_father)]
    found, man = unions.match(state, seek, men, wanted.father_older)
    row = np.searchsorted(mothers, found)
    father[row] = man
    return np.asarray(father)


def deliver(state: State, mothers: Ints, father: Ints, days: Ints) -> None:
    """The children of these mothers, born on these days: one, two or three of each delivery."""
    persons, rng = state.persons, state.rng("deliveries")
    babies = _babies(state, mothers, rng)
    row = np.repeat(np.arange(len(mothers)), babies)
    born = persons.add(
        len(row),
        birth=days[row],
        arrival=days[row],
        male=_boys(state, row, babies[row], rng),
        mother=mothers[row],
        father=father[row],
        delivery=state.deliveries + row,
        plurality=babies[row],
        birth_order=np.arange(len(row)) - np.repeat(np.cumsum(babies) - babies, babies) + 1,
        busy=state.step.number,
    )
    state.deliveries += len(mothers)
    persons.last_birth[mothers] = days
    persons.births[mothers] += babies
    state.occupy(mothers)
    state.rehome(born, persons.household[mothers[row]], days[row])
    traits.inherit(state, born)
    surnames.name_newborns(state, born)


def _babies(state: State, mothers: Ints, rng: np.random.Generator) -> Any:
    """How many are born at once: more often two where the mother is older."""
    wanted, draw = state.parameters.life.births, rng.random(len(mothers))
    twins = wanted.twin_deliveries * by_age(wanted.twins_by_age, state.age(mothers))
    return 1 + (draw < twins + wanted.triplet_deliveries).astype(np.int64) + (draw < wanted.triplet_deliveries)


def _boys(state: State, delivery: Ints, together: Ints, rng: np.random.Generator) -> Bools:
    """Which newborns are boys; twins from one egg are alike."""
    wanted, count = state.parameters.life.births, int(delivery.max(initial=-1)) + 1
    own, shared, identical = rng.random(len(delivery)), rng.random(count), rng.random(count)
    alike = (together == 2) & (identical[delivery] < wanted.identical_twins)
    return np.asarray(np.where(alike, shared[delivery], own) < wanted.boys)

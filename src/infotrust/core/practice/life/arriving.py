"""Households that enter the ward: on the first day, or when they come to the county. Gives them all that they bring."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Ints
from infotrust.core.practice.life import care, founding, homes, incomes, kin, past, surnames, traits
from infotrust.core.practice.life.state import State
from infotrust.core.practice.parameters import Section
from infotrust.core.practice.ward import ALWAYS


def first_day(state: State, people: int) -> None:
    """The people of the first day, with the kin they have in other households and with what happened before."""
    who, _ = founding.found(state, people, state.parameters.life.households)
    traits.begin(state, who)
    kin.link(state, who)
    past.unite(state, who)
    past.link_absent_fathers(state, who)
    _bring(state, who, np.full(len(state.households), ALWAYS), state.parameters.life.past.income_changed)
    past.earlier_addresses(state)
    past.earlier_care(state, who)
    state.persons.arrival[who] = ALWAYS
    care.begin(state)


def arrive(state: State, people: int) -> None:
    """About `people` persons come to the county within this step."""
    if people < 1:
        return
    known = len(state.households)
    wanted = state.parameters.life
    who, _ = founding.found(state, people, Section({**wanted.households, **wanted.migration}))
    if not len(who):
        return
    day = np.full(len(state.households), ALWAYS)
    day[known:] = state.days("arrivals", len(state.households) - known)
    traits.begin(state, who)
    past.unite(state, who)
    _bring(state, who, day)
    persons = state.persons
    persons.arrival[who] = day[persons.household[who]]
    incomes.reckon(state, np.arange(known, len(state.households)), day[known:])
    state.occupy(who)


def _bring(state: State, who: Ints, day: Ints, changed: float = 0.0) -> None:
    """Names, earnings, and an address for each household from its `day` on; `changed` as in `homes.settle`."""
    persons = state.persons
    surnames.begin(state, who)
    incomes.begin(state, who)
    households = np.unique(persons.household[who])
    community = persons.community[state.heads()[households]]
    homes.settle(state, "entering", households, day[households], community, changed=changed)
    state.rehome(who, persons.household[who], day[persons.household[who]])

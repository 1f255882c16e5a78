"""What people earn and what their households have, as a multiple of the federal poverty level."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import State
from infotrust.core.practice.ward import YEAR


def begin(state: State, who: Ints) -> None:
    """Give new persons their lasting and passing luck, children near their parents, and earnings."""
    persons, wanted = state.persons, state.parameters.life.incomes
    rng = state.rng(f"skills {who[0] if len(who) else 0}")
    own, home = rng.standard_normal(len(who)), rng.standard_normal(len(state.households))
    share = wanted.shared_in_household
    persons.skill[who] = np.sqrt(share) * home[persons.household[who]] + np.sqrt(1 - share) * own
    persons.luck[who], persons.idleness[who] = rng.standard_normal(len(who)), rng.standard_normal(len(who))
    earn(state, who)


def earn(state: State, who: Ints) -> None:
    """Work out what each person has from work, pensions and benefits this year."""
    persons, wanted = state.persons, state.parameters.life.incomes
    age = state.age(who)
    score = wanted.lasting * persons.skill[who] + wanted.passing * persons.luck[who] - wanted.need * persons.need[who]
    factor = np.array(list(wanted.communities.values()))[persons.community[who]]
    earned = by_age(wanted.median_earnings, age) * factor * np.exp(score) * _works(state, who, age)
    pension = by_age(wanted.pension, age) * np.exp(wanted.pension_spread * persons.skill[who])
    persons.earns[who] = earned + pension
    state.changes += 1


def _works(state: State, who: Ints, age: Floats) -> Bools:
    """Who has earnings: mostly those who had some the year before; fewer with much need, or with a new baby."""
    persons, wanted = state.persons, state.parameters.life.incomes
    bounds = {start: NormalDist().inv_cdf(min(max(share, 1e-9), 1 - 1e-9)) for start, share in wanted.employed.items()}
    lack = persons.idleness[who] + wanted.need_at_work * persons.need[who]
    lack /= np.sqrt(1 + wanted.need_at_work**2)
    new_mother = state.step.first - persons.last_birth[who] < YEAR
    return np.asarray(lack + wanted.new_mothers * new_mother < by_age(bounds, age))


def yearly(state: State) -> None:
    """A new year: luck moves on, everybody earns anew, and each household's income is written down."""
    here = state.here
    persons, wanted, rng = state.persons, state.parameters.life.incomes, state.rng("luck")
    for column, lasts in ((persons.luck, wanted.luck_lasts), (persons.idleness, wanted.work_lasts)):
        column[here] = lasts * column[here] + np.sqrt(1 - lasts**2) * rng.standard_normal(len(here))
    earn(state, here)
    reckon(state, np.flatnonzero(state.sizes() > 0), state.step.first)


def reckon(state: State, households: Ints, day: Ints | int) -> None:
    """Write down what households have from a day on."""
    ratio = ratios(state, households)
    state.incomes.add(len(households), owner=households, first=day, ratio=ratio)


def ratios(state: State, households: Ints) -> Floats:
    """Income of households now, as a multiple of the federal poverty level for their size."""
    return np.asarray(state.known("ratios", lambda: _all_ratios(state))[households])


def _all_ratios(state: State) -> Floats:
    here, wanted, count = state.here, state.parameters.life.incomes, len(state.households)
    home = state.persons.household[here]
    total = np.bincount(home, weights=state.persons.earns[here], minlength=count)
    size = np.maximum(state.sizes(), 1)
    return np.asarray(np.maximum(total / (1 + wanted.further_person * (size - 1)), wanted.least))

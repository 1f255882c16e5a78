"""What people are: community, race, language, disability and chronic need, alike within families but not the same."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Floats, Ints, choose
from infotrust.core.practice.life import incomes
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import State
from infotrust.core.practice.ward import DISABILITIES, LANGUAGES, RACES

HISPANIC, MULTIPLE = RACES.index("hispanic"), RACES.index("multiple")


def begin(state: State, who: Ints) -> None:
    """Traits of persons who enter with their household."""
    persons, wanted = state.persons, state.parameters.life.traits
    rng = state.rng(f"traits {who[:1].sum()}")
    _marry_out(state, who, rng)
    shared, own = rng.standard_normal(len(state.households)), rng.standard_normal(len(who))
    share = wanted.need_in_household
    persons.need[who] = np.sqrt(share) * shared[persons.household[who]] + np.sqrt(1 - share) * own
    _races(state, who, rng.random(len(who)))
    _languages(state, who, rng.random(len(state.households))[persons.household[who]])
    child = who[(persons.mother[who] >= 0) & (persons.father[who] >= 0)]
    _from_both(state, child, rng)
    disable(state, who, np.ones(len(who)))


def _marry_out(state: State, who: Ints, rng: np.random.Generator) -> None:
    """Some husbands are of another community than the household, and some of their children with them."""
    persons, wanted = state.persons, state.parameters.life.traits
    man = who[persons.male[who] & (persons.partner[who] >= 0)]
    out = man[rng.random(len(man)) < wanted.mixed_couples]
    persons.community[out] = choose(rng.random(len(out)), state.parameters.communities.shares)
    child = who[(persons.mother[who] >= 0) & (persons.father[who] >= 0)]
    after_father = child[rng.random(len(child)) < 0.5]
    persons.community[after_father] = persons.community[persons.father[after_father]]


def _races(state: State, who: Ints, chance: Floats) -> None:
    persons = state.persons
    for place, code in enumerate(state.parameters.communities.shares):
        mine, shares = persons.community[who] == place, state.parameters.life.traits.race[code]
        persons.race[who[mine]] = np.array([RACES.index(one) for one in shares])[choose(chance[mine], shares)]


def _languages(state: State, who: Ints, chance: Floats) -> None:
    """The language of a household follows from the community of its oldest person."""
    persons = state.persons
    oldest = persons.community[state.heads()[persons.household[who]]]
    for place, code in enumerate(state.parameters.communities.shares):
        mine, shares = oldest == place, state.parameters.life.traits.language[code]
        persons.language[who[mine]] = np.array([LANGUAGES.index(one) for one in shares])[choose(chance[mine], shares)]


def inherit(state: State, born: Ints) -> None:
    """Traits of newborns, from their parents."""
    persons, wanted, rng = state.persons, state.parameters.life.traits, state.rng("traits of newborns")
    mother = persons.mother[born]
    father = np.where(persons.father[born] >= 0, persons.father[born], mother)
    after_father = rng.random(len(born)) < 0.5
    persons.community[born] = np.where(after_father, persons.community[father], persons.community[mother])
    persons.race[born] = persons.race[mother]
    _from_both(state, born[persons.father[born] >= 0], rng)
    persons.language[born] = persons.language[mother]
    share, rest = wanted.need_from_mother, np.sqrt(1 - wanted.need_from_mother**2)
    persons.need[born] = share * persons.need[mother] + rest * rng.standard_normal(len(born))
    persons.skill[born] = share * persons.skill[mother] + rest * rng.standard_normal(len(born))
    several = np.where(persons.plurality[born] > 1, wanted.disability_of_twins, 1.0)
    persons.luck[born], persons.idleness[born] = rng.standard_normal(len(born)), rng.standard_normal(len(born))
    disable(state, born, several)


def _from_both(state: State, child: Ints, rng: np.random.Generator) -> None:
    """Children of parents of two races: Hispanic where one of them is, for most, or of more than one race, or one's."""
    persons, wanted = state.persons, state.parameters.life.traits
    hers, his = persons.race[persons.mother[child]], persons.race[persons.father[child]]
    draw = rng.random(len(child))
    hispanic = ((hers == HISPANIC) | (his == HISPANIC)) & (draw < wanted.hispanic_of_mixed)
    mixed = np.where(draw < wanted.multiple_of_mixed, MULTIPLE, hers)
    persons.race[child] = np.where(hers == his, hers, np.where(hispanic, HISPANIC, mixed))


def disable(state: State, who: Ints, factor: Floats) -> None:
    """The main disability that each person has or will have found: by sex, poverty of the home, and age on entry."""
    persons, wanted = state.persons, state.parameters.life.traits
    poor = incomes.ratios(state, persons.household[who]) < wanted.disability_low_income_below
    factor = factor * np.where(poor, wanted.disability_low_income, 1.0)
    age, male = state.age(who), persons.male[who]
    shares = np.empty((len(DISABILITIES), len(who)))
    for place, one in enumerate(DISABILITIES[1:], 1):
        boys = wanted.disability_of_boys[one]
        young = wanted.disability[one] * np.where(male, boys, 2 - boys) * factor
        shares[place] = np.where(age < wanted.disability_of_adults_from, young, wanted.disability_of_adults[one])
    shares[-5:] *= by_age(wanted.disability_by_age, np.maximum(age, 0))
    shares[0] = np.maximum(1 - shares[1:].sum(axis=0), 0)
    draw = state.rng(f"disability {who[:1].sum()}").random(len(who)) * shares.sum(axis=0)
    persons.disability[who] = (np.cumsum(shares, axis=0) <= draw).sum(axis=0)

"""What people are: race, language, disability and chronic need, alike within families but not the same."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Ints, choose
from infotrust.core.practice.life.state import State
from infotrust.core.practice.ward import DISABILITIES, LANGUAGES, RACES


def begin(state: State, who: Ints) -> None:
    """Traits of persons who enter with their household."""
    persons, wanted = state.persons, state.parameters.life.traits
    rng = state.rng(f"traits {who[0] if len(who) else 0}")
    codes = list(state.parameters.communities.shares)
    shared, own = rng.standard_normal(len(state.households)), rng.standard_normal(len(who))
    share = wanted.need_in_household
    persons.need[who] = np.sqrt(share) * shared[persons.household[who]] + np.sqrt(1 - share) * own
    race, speech = rng.random(len(who)), rng.random(len(state.households))[persons.household[who]]
    for place, code in enumerate(codes):
        mine = persons.community[who] == place
        races = dict(zip(wanted.race[code], wanted.race[code].values(), strict=True))
        persons.race[who[mine]] = np.array([RACES.index(one) for one in races])[choose(race[mine], races)]
        tongues = wanted.language[code]
        persons.language[who[mine]] = np.array([LANGUAGES.index(one) for one in tongues])[choose(speech[mine], tongues)]
    disable(state, who)


def inherit(state: State, born: Ints) -> None:
    """Traits of newborns, from their parents."""
    persons, wanted, rng = state.persons, state.parameters.life.traits, state.rng("traits of newborns")
    mother = persons.mother[born]
    father = np.where(persons.father[born] >= 0, persons.father[born], mother)
    after_father = rng.random(len(born)) < 0.5
    persons.community[born] = np.where(after_father, persons.community[father], persons.community[mother])
    same = persons.race[father] == persons.race[mother]
    mixed = rng.random(len(born)) < wanted.multiple_of_mixed
    other = np.where(mixed, RACES.index("multiple"), persons.race[mother])
    persons.race[born] = np.where(same, persons.race[mother], other)
    persons.language[born] = persons.language[mother]
    share = wanted.need_from_mother
    own = rng.standard_normal(len(born))
    persons.need[born] = share * persons.need[mother] + np.sqrt(1 - share**2) * own
    persons.skill[born] = share * persons.skill[mother] + np.sqrt(1 - share**2) * rng.standard_normal(len(born))
    disable(state, born)


def disable(state: State, who: Ints) -> None:
    persons, wanted = state.persons, state.parameters.life.traits
    draw = state.rng(f"disability {who[0] if len(who) else 0}").random(len(who))
    shares = {one: wanted.disability[one] for one in DISABILITIES[1:]}
    found = choose(draw, {"none": 1 - sum(shares.values())} | shares)
    persons.disability[who] = found

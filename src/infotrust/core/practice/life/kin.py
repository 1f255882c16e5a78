"""Kin in other households: which grown people of the first day are whose children."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Bools, Ints
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import ADULT, State
from infotrust.core.practice.ward import YEAR

SHORTEST = 300  # days between two children of one mother who are not twins


def link(state: State, who: Ints) -> None:
    """Give some of the grown a mother in the ward, of their community and a fitting age, and her partner as father."""
    persons, wanted, rng = state.persons, state.parameters.life.kin, state.rng("kin")
    grown = who[(persons.mother[who] < 0) & (persons.father[who] < 0)]
    grown = grown[state.age(grown) >= ADULT]
    grown = grown[rng.random(len(grown)) < by_age(wanted.mother_nearby, state.age(grown))]
    women = who[~persons.male[who] & (state.age(who) >= wanted.youngest_mother + ADULT)]
    if not len(women):
        return
    women = women[np.lexsort((persons.birth[women], persons.community[women]))]
    key = persons.community[women] * 10**7 + persons.birth[women]
    gap = (wanted.generation + wanted.generation_spread * rng.standard_normal(len(grown))) * YEAR
    place = np.searchsorted(key, persons.community[grown] * 10**7 + persons.birth[grown] - gap.astype(np.int64))
    mother = women[np.clip(place, 0, len(women) - 1)]
    fits = _fits(state, grown, mother) & ~_like_partner(state, grown, mother)
    _adopt_links(state, grown[fits], mother[fits])


def _fits(state: State, child: Ints, mother: Ints) -> Bools:
    persons, wanted = state.persons, state.parameters.life.kin
    years = (persons.birth[child] - persons.birth[mother]) / YEAR
    fits = (years > wanted.youngest_mother) & (years < wanted.oldest_mother)
    fits &= (persons.community[child] == persons.community[mother]) & (child != mother)
    fits &= persons.household[child] != persons.household[mother]
    return np.asarray(fits)


def _like_partner(state: State, child: Ints, mother: Ints) -> Bools:
    """Whether the same mother was found for the partner, who comes earlier in the ward."""
    found = np.full(len(state.persons), -1)
    found[child] = mother
    partner = state.persons.partner[child]
    return np.asarray((partner >= 0) & (partner < child) & (found[partner] == mother))


def _adopt_links(state: State, child: Ints, mother: Ints) -> None:
    """Write the links down where a mother's children are far enough apart; her partner is the father if old enough."""
    persons, wanted, rng = state.persons, state.parameters.life.kin, state.rng("kin fathers")
    known = np.flatnonzero(persons.mother >= 0)
    all_child, all_mother = np.concatenate([known, child]), np.concatenate([persons.mother[known], mother])
    order = np.lexsort((persons.birth[all_child], all_mother))
    mine, born = all_mother[order], persons.birth[all_child[order]]
    close = (mine[1:] == mine[:-1]) & (np.diff(born) < SHORTEST)
    bad = np.zeros(len(order), dtype=bool)
    bad[1:] |= close
    bad[:-1] |= close
    dropped = np.zeros(len(order), dtype=bool)
    dropped[order] = bad
    keep = ~dropped[len(known) :]
    child, mother = child[keep], mother[keep]
    persons.mother[child] = mother
    father = persons.partner[mother]
    years = (persons.birth[child] - persons.birth[father]) / YEAR
    fits = (father >= 0) & persons.male[father] & (years > wanted.youngest_father) & (years < wanted.oldest_father)
    fits &= rng.random(len(child)) < wanted.partner_is_father
    persons.father[child[fits]] = father[fits]
    np.add.at(persons.births, mother, 1)

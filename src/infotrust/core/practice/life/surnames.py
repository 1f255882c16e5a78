"""Surnames: while the years go by they are numbers (roots); at the end they are written out.

A name is one root, or two with a hyphen, or two apart (father's and mother's, as in many Hispanic families).
"""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Ints
from infotrust.core.practice.life.state import PLAIN, State
from infotrust.core.practice.ward import ALWAYS


def begin(state: State, who: Ints) -> None:
    """Surnames of persons who enter: one for each household, a father's for his children."""
    persons = state.persons
    homes, first, number = np.unique(persons.household[who], return_index=True, return_inverse=True)
    root = state.roots.add(len(homes), community=persons.community[who[first]])[number]
    _set(state, who, ALWAYS, root, np.full(len(who), -1), np.full(len(who), PLAIN), birth=True)


def name_newborns(state: State, born: Ints) -> None:
    persons = state.persons
    parent = np.where(persons.father[born] >= 0, persons.father[born], persons.mother[born])
    names = persons.name_a[parent], persons.name_b[parent], persons.name_style[parent]
    _set(state, born, persons.birth[born], *names, birth=True)


def _set(state: State, who: Ints, day: Ints | int, a: Ints, b: Ints, style: Ints, *, birth: bool = False) -> None:
    persons = state.persons
    persons.name_a[who], persons.name_b[who], persons.name_style[who] = a, b, style
    if birth:
        persons.born_a[who], persons.born_b[who], persons.born_style[who] = a, b, style
    state.surnames.add(len(who), owner=who, first=day, a=a, b=b, style=style)

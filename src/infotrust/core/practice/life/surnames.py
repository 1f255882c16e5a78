"""Surnames: while the years go by they are numbers (roots); at the end they are written out.

A name is one root, or two with a hyphen, or two apart (father's and mother's, as in many Hispanic families).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, chances
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import HYPHEN, PLAIN, TWO, State
from infotrust.core.practice.ward import ALWAYS, NEVER, YEAR

GENERATIONS = 6
Name = tuple[Ints, Ints, Ints]  # two roots (-1: none) and how they are written


def begin(state: State, who: Ints) -> None:
    """Surnames of persons who enter: at birth, and as their marriages and separations have changed them."""
    persons = state.persons
    eldest = who[(persons.mother[who] < 0) & (persons.father[who] < 0)]
    _set(state, eldest, ALWAYS, _new_name(state, eldest), birth=True)
    waiting = np.setdiff1d(who, eldest)
    for _ in range(GENERATIONS):
        ready = waiting[_named(state, persons.mother[waiting]) & _named(state, persons.father[waiting])]
        _set(state, ready, ALWAYS, _of_parents(state, ready), birth=True)
        waiting = np.setdiff1d(waiting, ready)
    _name_sons(state, who)
    _earlier_unions(state, who)
    _earlier_husbands(state, who)


def name_newborns(state: State, born: Ints) -> None:
    """A newborn's name from its parents', and whether a son gets all the names of his father."""
    persons = state.persons
    _set(state, born, persons.birth[born], _of_parents(state, born), birth=True)
    _name_sons(state, born)


def _name_sons(state: State, who: Ints) -> None:
    """Some sons with their father's surname get his other names too, one of each father."""
    persons, wanted = state.persons, state.parameters.life.names
    father = persons.father[who]
    like = (father >= 0) & persons.male[who] & (persons.born_a[who] == persons.born_a[father])
    like &= (persons.born_b[who] == persons.born_b[father]) & (persons.birth_order[who] == 1)
    like &= alike(state, "named for father", who) < wanted.named_for_father
    son, father = who[like], father[like]
    father, first = np.unique(father, return_index=True)
    has_one = np.zeros(len(persons), dtype=bool)
    named = np.flatnonzero(persons.named_for >= 0)
    has_one[persons.named_for[named]] = True
    free = ~has_one[father]
    persons.named_for[son[first[free]]] = father[free]


def _set(state: State, who: Ints, day: Any, name: Name, *, birth: bool = False) -> None:
    persons = state.persons
    a, b, style = name
    persons.name_a[who], persons.name_b[who], persons.name_style[who] = a, b, style
    if birth:
        persons.born_a[who], persons.born_b[who], persons.born_style[who] = a, b, style
    state.surnames.add(len(who), owner=who, first=day, a=a, b=b, style=style)


def _current(state: State, who: Ints) -> Name:
    persons = state.persons
    return persons.name_a[who], persons.name_b[who], persons.name_style[who]


def _at_birth(state: State, who: Ints) -> Name:
    persons = state.persons
    return persons.born_a[who], persons.born_b[who], persons.born_style[who]


def _either(first: Bools, one: Name, other: Name) -> Name:
    a, b, style = (np.where(first, mine, yours) for mine, yours in zip(one, other, strict=True))
    return a, b, style


def _new_name(state: State, who: Ints) -> Name:
    """Names without kin in the ward; in some communities of two roots."""
    persons, wanted, rng = state.persons, state.parameters.life.names, state.rng(f"new names {who[:1].sum()}")
    community = persons.community[who]
    a, b = (state.roots.add(len(who), community=community) for _ in range(2))
    two = rng.random(len(who)) < _two_share(state, community)
    hyphen = ~two & (rng.random(len(who)) < wanted.born_with_hyphen)
    return a, np.where(two | hyphen, b, -1), np.where(two, TWO, np.where(hyphen, HYPHEN, PLAIN))


def _two_share(state: State, community: Ints) -> Any:
    shares = state.parameters.life.names.two_surnames
    codes = list(state.parameters.communities.shares)
    return np.array([shares.get(code, 0.0) for code in codes])[community]


def _named(state: State, who: Ints) -> Bools:
    return np.asarray((who < 0) | (state.persons.born_a[who] >= 0))


# --- at birth ---


def _of_parents(state: State, child: Ints) -> Name:
    """The father's name, the mother's, or one of both, by whether they were married, alike for brothers and sisters."""
    persons, wanted = state.persons, state.parameters.life.names
    mother, father = persons.mother[child], persons.father[child]
    pair = np.where(mother >= 0, mother, 0) * 1_000_003 + np.where(father >= 0, father, 0)
    draw = alike(state, "child's name", pair)
    his, hers = _at_birth(state, father), _at_birth(state, mother)
    alone = _current(state, mother)
    married = _married_then(state, mother, father, persons.birth[child])
    after_father = (father >= 0) & (
        (mother < 0) | (draw < np.where(married, wanted.married_fathers_name, wanted.fathers_name))
    )
    one = _either(after_father, his, alone)
    both = (father >= 0) & (mother >= 0)
    two = both & ((his[2] == TWO) | (hers[2] == TWO))
    hyphen = both & ~two & (alike(state, "child's hyphen", pair) < wanted.hyphenated_children)
    two_name = his[0], hers[0], np.full(len(child), TWO)
    hyphen_name = his[0], hers[0], np.full(len(child), HYPHEN)
    return _either(two, two_name, _either(hyphen, hyphen_name, one))


def alike(state: State, what: str, key: Ints) -> Any:
    return chances(what, state.seed, state.number, key)


def _married_then(state: State, mother: Ints, father: Ints, day: Ints) -> Bools:
    """Whether parents were married to one another on the day (their present or latest union counts)."""
    unions = state.unions
    latest = np.full(len(state.persons) + 1, -1)
    rows = np.flatnonzero(unions.married)
    latest[unions.one[rows]] = rows
    row = latest[mother]
    found = (row >= 0) & (mother >= 0) & (unions.other[row] == father) if len(unions) else np.zeros(len(mother), bool)
    if not len(unions):
        return found
    return np.asarray(found & (unions.first[row] <= day) & (unions.last[row] > day))


# --- by marriage and separation ---


def marry(state: State, what: str, one: Ints, other: Ints, day: Ints) -> None:
    """On their wedding day most wives take the husband's name, some join both; some children get the new name too."""
    persons, wanted, rng = state.persons, state.parameters.life.names, state.rng(f"names of {what}")
    straight = ~persons.male[one] & persons.male[other]
    draw = rng.random(len(one))
    two = persons.name_style[one] == TWO
    takes = straight & (draw < np.where(two, wanted.two_surnames_takes, wanted.takes_partners_name))
    joins = ~takes & (draw > 1 - wanted.joins_both_names)
    mine, yours = _current(state, one), _current(state, other)
    taken = yours[0], np.where(yours[2] == TWO, -1, yours[1]), np.where(yours[2] == TWO, PLAIN, yours[2])
    joined = mine[0], yours[0], np.full(len(one), HYPHEN)
    name = _either(takes, taken, joined)
    changes = (takes | joins) & ((name[0] != mine[0]) | (name[1] != mine[1]))
    _set(state, one[changes], day[changes], _rows(name, changes))
    _rename_children(state, one[straight], other[straight], day[straight])


def _rows(name: Name, rows: Any) -> Name:
    return name[0][rows], name[1][rows], name[2][rows]


def _rename_children(state: State, mother: Ints, husband: Ints, day: Ints) -> None:
    """Minor children of the wife who bear another name may get the husband's, more often where he is the father."""
    persons, wanted = state.persons, state.parameters.life.names
    row = np.full(len(persons), -1)
    row[mother] = np.arange(len(mother))
    minors = state.minors()
    minors = minors[(persons.mother[minors] >= 0) & (persons.placement[minors] < 0)]
    minors = minors[row[persons.mother[minors]] >= 0]
    mine = row[persons.mother[minors]]
    his_own = persons.father[minors] == husband[mine]
    share = np.where(his_own, wanted.father_marries_mother, wanted.step_father)
    draw = alike(state, "children renamed", persons.mother[minors] * 1000 + state.step.number)
    other = (persons.name_a[minors] != persons.name_a[husband[mine]]) & (persons.name_style[minors] != TWO)
    now = other & (draw < share) & (persons.birth[minors] < day[mine])
    child, man = minors[now], husband[mine[now]]
    _set(state, child, day[mine[now]], _current(state, man))


def divorce(state: State, one: Ints, day: Ints) -> None:
    """Some wives go back to the name they were born with."""
    persons, wanted = state.persons, state.parameters.life.names
    back = state.rng("names after divorce").random(len(one)) < wanted.returns_after_divorce
    back &= persons.here[one] & (persons.name_a[one] != persons.born_a[one])
    _set(state, one[back], day[back], _at_birth(state, one[back]))


def adopt(state: State, child: Ints, parent: Ints, day: Ints) -> None:
    """Adopted children get the surname of those who adopt them."""
    _set(state, child, day, _current(state, parent))


# --- before entering ---


def _earlier_unions(state: State, who: Ints) -> None:
    """Names that unions from before the first day have changed."""
    unions, entering = state.unions, np.zeros(len(state.persons), dtype=bool)
    entering[who] = True
    rows = np.flatnonzero(unions.married & entering[unions.one] & (unions.first < state.step.first))
    rows = rows[np.argsort(unions.first[rows], kind="stable")]
    marry(state, f"earlier unions {who[:1].sum()}", unions.one[rows], unions.other[rows], unions.first[rows])
    ended = rows[unions.last[rows] < NEVER]
    divorce(state, unions.one[ended], unions.last[ended])


def _earlier_husbands(state: State, who: Ints) -> None:
    """Women without a partner who were married to somebody not in the ward, and bear his name."""
    persons, wanted, rng = state.persons, state.parameters.life.names, state.rng("earlier husbands")
    women = who[~persons.male[who] & (persons.partner[who] < 0) & (persons.name_a[who] == persons.born_a[who])]
    women = women[rng.random(len(women)) < by_age(wanted.bears_a_husbands_name, state.age(women))]
    age = np.maximum(19, rng.normal(wanted.wedding_age, wanted.wedding_spread, len(women)))
    day = persons.birth[women] + (age * YEAR).astype(np.int64)
    past = day < state.step.first - 365
    women, day = women[past], day[past]
    root = state.roots.add(len(women), community=persons.community[women])
    _set(state, women, day, (root, np.full(len(women), -1), np.full(len(women), PLAIN)))

"""Turns a ward's state into the finished `Ward`: spells sorted, names written out."""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice import names
from infotrust.core.practice.chance import Bools, Ints, Texts, chances
from infotrust.core.practice.life.columns import Columns
from infotrust.core.practice.life.state import HYPHEN, TWO, State
from infotrust.core.practice.ward import Addresses, Homes, Incomes, People, Placements, Surnames, Unions, Ward

SAME_AS_SIBLING = 20  # how often a child's name is drawn anew until no older sibling has it


def seal(state: State) -> Ward:
    people = People(
        **{name: state.persons.column(name) for name in People.__annotations__ if name in state.persons._fills},
        **_given_names(state),
    )
    homes, addresses, incomes = _sorted(state.homes), _sorted(state.addresses), _sorted(state.incomes)
    return Ward(
        number=state.number,
        seed=state.seed,
        span=state.span,
        parameters=state.parameters,
        place=state.place,
        people=people,
        surnames=_surnames(state),
        homes=Homes(**homes),
        addresses=Addresses(**addresses),
        incomes=Incomes(**incomes),
        unions=Unions(**{name: state.unions.column(name) for name in Unions.__annotations__}),
        placements=Placements(**{name: state.placements.column(name) for name in Placements.__annotations__}),
        households=len(state.households),
    )


def _sorted(log: Columns) -> dict[str, Any]:
    """The spells of a log by owner and first day. Of two on one day, the later entry is in force."""
    owner, first = log.column("owner"), log.column("first")
    order = np.lexsort((first, owner))
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (owner[order][1:] != owner[order][:-1]) | (first[order][1:] != first[order][:-1])
    return {name: log.column(name, order[last]) for name in log._fills}


# --- names ---


def _surnames(state: State) -> Surnames:
    spells, roots = _sorted(state.surnames), np.arange(len(state.roots))
    chance = chances("surname", state.seed, state.number, roots)
    text = names.family_names(chance, state.roots.community)
    first, second = text[spells["a"]], np.where(spells["b"] >= 0, text[spells["b"]], "")
    joined = (spells["style"] == HYPHEN) & (first != second) & (second != "")
    family = first.copy()
    family[joined] = first[joined] + "-" + second[joined]
    return Surnames(
        owner=spells["owner"],
        first=spells["first"],
        family=family,
        second=np.where(spells["style"] == TWO, second, "").astype(object),
    )


def _given_names(state: State) -> dict[str, Texts]:
    persons = state.persons
    who = np.arange(len(persons))
    year = ((persons.birth.astype("datetime64[D]") - 719_163).astype("datetime64[Y]").astype(np.int64)) + 1970

    def draw(what: str, rows: Ints, *more: Any) -> Texts:
        chance = chances(what, state.seed, state.number, rows, *more)
        return names.given_names(chance, persons.community[rows], persons.male[rows], year[rows])

    given = draw("given name", who)
    for attempt in range(SAME_AS_SIBLING):
        again = np.flatnonzero(_repeats(persons.mother, given))
        if not len(again):
            break
        given[again] = draw("given name again", again, attempt)
    middle = draw("middle name", who)
    share = state.parameters.life.names.middle_name
    middle[(chances("has middle name", state.seed, state.number, who) >= share) | (middle == given)] = ""
    suffix = np.full(len(who), "", dtype=object)
    return {"given": given, "middle": middle, "suffix": suffix}


def _repeats(mother: Ints, given: Texts) -> Bools:
    """Children who bear the given name of an older brother or sister (one earlier in the ward)."""
    child = np.flatnonzero(mother >= 0)
    _, code = np.unique(given[child].astype(str), return_inverse=True)
    order = np.lexsort((child, code, mother[child]))
    same = np.zeros(len(child), dtype=bool)
    same[1:] = (mother[child][order][1:] == mother[child][order][:-1]) & (code[order][1:] == code[order][:-1])
    repeats = np.zeros(len(mother), dtype=bool)
    repeats[child[order[same]]] = True
    return repeats

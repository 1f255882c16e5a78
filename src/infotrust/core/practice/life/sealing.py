"""Turns a ward's state into the finished `Ward`: spells sorted, names written out."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from infotrust.core.practice import names
from infotrust.core.practice.chance import Bools, Ints, Texts, chances
from infotrust.core.practice.life.columns import Columns
from infotrust.core.practice.life.state import HYPHEN, TWO, State
from infotrust.core.practice.ward import Addresses, Homes, Incomes, People, Placements, Surnames, Unions, Ward

WRITTEN = ("given", "middle", "suffix")
SAME_AS_SIBLING = 20  # how often a child's name is drawn anew until no older sibling has it
TRIES_FOR_A_LETTER = 12
GENERATIONS = 4
SUFFIXES = np.array(["", "Jr", "III", "IV"], dtype=object)


def seal(state: State) -> Ward:
    known = {name: state.persons.column(name) for name in People.__annotations__ if name not in WRITTEN}
    people = People(**known, **cast(dict[str, Any], _given_names(state)))
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
    text = names.family_names(chance, state.roots.community, state.parameters.get("naming"))
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
    """Given and middle names and suffixes. Nobody has the given name of an older brother or sister, and a son who is
    named for his father has all his names. Whoever is born later changes nobody's name."""
    people = _Given(state)
    for attempt in range(SAME_AS_SIBLING):
        again = np.flatnonzero(_repeats(state.persons.mother, people.given))
        if not len(again):
            break
        people.draw_again(again, attempt)
    return {"given": people.given, "middle": people.middle, "suffix": people.suffixes()}


class _Given:
    def __init__(self, state: State) -> None:
        self.state, persons, wanted = state, state.persons, state.parameters.life.names
        self.year = (persons.birth - 719_163).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        self.named_for = persons.named_for.copy()
        who = np.arange(len(persons))
        self.given = self.draw("given name", who)
        self.middle = self.draw("middle name", who, names.middle_names)
        none = self.chance("has no middle name", who) >= wanted.middle_name
        self.middle[none | (self.middle == self.given)] = ""
        self._alike()
        self._name_sons()

    def chance(self, what: str, rows: Ints, *more: Any) -> Any:
        return chances(what, self.state.seed, self.state.number, rows, *more)

    def draw(self, what: str, rows: Ints, draw: Any = names.given_names, attempt: int = 0) -> Texts:
        persons, naming = self.state.persons, self.state.parameters.get("naming")
        chance = self.chance(what, rows, attempt)
        return np.asarray(draw(chance, persons.community[rows], persons.male[rows], self.year[rows], naming))

    def draw_again(self, rows: Ints, attempt: int) -> None:
        self.named_for[rows] = -1
        self.given[rows] = self.draw("given name again", rows, attempt=attempt)
        self._name_sons()

    def _name_sons(self) -> None:
        sons = np.flatnonzero(self.named_for >= 0)
        for _ in range(GENERATIONS):
            self.given[sons], self.middle[sons] = self.given[self.named_for[sons]], self.middle[self.named_for[sons]]

    def _alike(self) -> None:
        """Some twins get a given name with the first letter of the first-born's."""
        persons = self.state.persons
        later = np.flatnonzero((persons.birth_order > 1) & (persons.delivery >= 0))
        later = later[persons.delivery[later - 1] == persons.delivery[later]]
        later = later[self.chance("twins alike", later) < self.state.parameters.life.names.twins_alike]
        for attempt in range(TRIES_FOR_A_LETTER):
            letter = [self.given[one][:1] != self.given[one - 1][:1] for one in later]
            later = later[np.array(letter, dtype=bool)]
            if not len(later):
                return
            self.given[later] = self.draw("twin's given name", later, attempt=attempt)

    def suffixes(self) -> Texts:
        """Jr for a son named for his father, III where that one is a Jr, IV after III."""
        rank = np.zeros(len(self.given), dtype=np.int64)
        sons = np.flatnonzero(self.named_for >= 0)
        for _ in range(GENERATIONS):
            rank[sons] = rank[self.named_for[sons]] + 1
        return np.asarray(SUFFIXES[np.minimum(rank, len(SUFFIXES) - 1)])


def _repeats(mother: Ints, given: Texts) -> Bools:
    """Children who bear the given name of an older brother or sister (one earlier in the ward)."""
    child = np.flatnonzero(mother >= 0)
    code = np.fromiter((hash(one) for one in given[child]), dtype=np.int64, count=len(child))
    order = np.lexsort((child, code, mother[child]))
    same = np.zeros(len(child), dtype=bool)
    same[1:] = (mother[child][order][1:] == mother[child][order][:-1]) & (code[order][1:] == code[order][:-1])
    repeats = np.zeros(len(mother), dtype=bool)
    repeats[child[order[same]]] = True
    return repeats

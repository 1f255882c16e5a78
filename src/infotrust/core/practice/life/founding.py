"""The households of a ward on its first day: who lives together, of which ages, who is whose parent.

Kinds of household are drawn first, then the adults' ages, then the children whom the women have had by then. What
happened to them before the first day (unions, names, addresses, kin elsewhere) is in `past`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, choose
from infotrust.core.practice.life.rates import by_age, draw_bins
from infotrust.core.practice.life.state import ADULT, ELDERS_HOME, USUAL, State
from infotrust.core.practice.ward import YEAR

MOST_BIRTHS = 6
HEAD, SPOUSE, ELDER, MATE, CHILD = 0, 1, 2, 3, 4  # what a person is in the household
KINDS = (
    "single",
    "couple",
    "couple_with_children",
    "mother_with_children",
    "father_with_children",
    "three_generations",
    "adults_together",
    "elders_home",
)
SINGLE, COUPLE, PARENTS, LONE_MOTHER, LONE_FATHER, THREE, TOGETHER, ELDERS = range(len(KINDS))


def found(state: State, people: int, wanted: Any) -> tuple[Ints, Ints]:
    """Add about `people` persons in households; returns them and what each is in the household (HEAD to CHILD).

    `wanted` are the parameters `life.households`, or those with other ages and kinds for people who move here.
    """
    draft = _Draft(state, people, wanted)
    return draft.enter(draft.kept(people))


class _Draft:
    """More households than needed, and a row for each person in them. Ages are in years on the first day."""

    def __init__(self, state: State, people: int, wanted: Any) -> None:
        self.state, self.wanted = state, wanted
        count = int(people / self.wanted.fewest_people_in_a_household) + 60
        self.rng = state.rng("founding")
        self.kind = choose(self.rng.random(count), {kind: self.wanted.shares[kind] for kind in KINDS})
        shares = state.parameters.communities.shares
        self.community = choose(self.rng.random(count), shares)
        self.rows: dict[str, list[Any]] = {
            name: [] for name in ("household", "age", "male", "role", "delivery", "order")
        }
        self.woman = self._women(count)
        self._adults(count)
        self._children(count)
        self.table = {name: np.concatenate(parts) for name, parts in self.rows.items()}

    def _add(self, household: Ints, age: Floats, male: Any, role: int, delivery: Any = -1, order: Any = 1) -> None:
        values = (household, age, male, role, delivery, order)
        for name, value in zip(self.rows, values, strict=True):
            self.rows[name].append(np.broadcast_to(value, len(household)))

    # --- adults ---

    def _women(self, count: int) -> Floats:
        """The age of the woman (or lone father) of each household, and the ages at which women gave birth."""
        wanted, rng = self.wanted, self.rng
        first = rng.normal(wanted.first_birth_age, wanted.first_birth_age_spread, count)
        first -= np.isin(self.kind, [LONE_MOTHER, THREE]) * wanted.lone_mothers_younger
        first = np.clip(first, wanted.youngest_mother, wanted.oldest_mother - 2)
        gaps = wanted.shortest_birth_gap + rng.gamma(2.0, wanted.mean_further_gap / 2, (count, MOST_BIRTHS))
        gaps[:, 0] = 0
        self.birth_ages = first[:, None] + np.cumsum(gaps, axis=1)
        self.children_wanted = 1 + choose(rng.random(count), wanted.births)
        oldest_child = draw_bins(rng.random(count), wanted.oldest_child, wanted.oldest_child_end)
        age = first + oldest_child
        for kind, table in ((SINGLE, wanted.single_age), (COUPLE, wanted.couple_age), (TOGETHER, wanted.mates_age)):
            age = np.where(self.kind == kind, draw_bins(rng.random(count), table, wanted.oldest_age), age)
        return np.where(self.kind == THREE, age, np.maximum(age, ADULT))

    def _adults(self, count: int) -> None:
        rng, wanted, every = self.rng, self.wanted, np.arange(count)
        pair = np.isin(self.kind, [COUPLE, PARENTS]) | (
            (self.kind == THREE) & (rng.random(count) < wanted.couple_in_three_generations)
        )
        man = np.maximum(self.woman + rng.normal(wanted.man_older, wanted.man_older_spread, count), 18.0)
        man = np.maximum(man, self.woman - self.birth_ages[:, 0] + wanted.youngest_father)
        alone_male = rng.random(count) < by_age(wanted.single_men, self.woman)
        male = np.where(np.isin(self.kind, [SINGLE, TOGETHER]), alone_male, self.kind == LONE_FATHER)
        head = self.kind != ELDERS
        age = np.where(self.kind == LONE_FATHER, man, self.woman)
        self._add(every[head], age[head], male[head], HEAD)
        self._add(every[pair], man[pair], True, SPOUSE)
        three = every[self.kind == THREE]
        gap = np.clip(rng.normal(wanted.generation, wanted.generation_spread, len(three)), 16, 42)
        self._add(three, self.woman[three] + gap, rng.random(len(three)) < wanted.elder_men, ELDER)
        self._mates(every)

    def _mates(self, every: Ints) -> None:
        """Adults who share a home with the first, and the people of homes for the aged."""
        rng, wanted = self.rng, self.wanted
        together = every[self.kind == TOGETHER]
        home = np.repeat(together, 1 + choose(rng.random(len(together)), wanted.mates))
        age = np.maximum(self.woman[home] + rng.normal(0, wanted.mates_age_spread, len(home)), 18.0)
        self._add(home, age, rng.random(len(home)) < wanted.mates_men, MATE)
        elders = every[self.kind == ELDERS]
        home = np.repeat(elders, rng.integers(wanted.fewest_elders, wanted.most_elders + 1, len(elders)))
        age = draw_bins(rng.random(len(home)), wanted.elders_age, wanted.oldest_age)
        self._add(home, age, rng.random(len(home)) < by_age(wanted.single_men, age), MATE)

    # --- children ---

    def _children(self, count: int) -> None:
        """The children whom the women have had and who still live with them."""
        rng, wanted, births = self.rng, self.wanted, self.state.parameters.life.births
        parent = np.isin(self.kind, [PARENTS, LONE_MOTHER, LONE_FATHER, THREE])
        grown = (self.kind == COUPLE) & (rng.random(count) > wanted.childless)
        age = self.woman[:, None] - self.birth_ages
        born = (np.arange(MOST_BIRTHS) < self.children_wanted[:, None]) & (age > 0)
        born &= self.birth_ages <= wanted.oldest_mother
        born &= parent[:, None] | (grown[:, None] & (age >= 18))
        row, number = np.nonzero(born)
        draw = rng.random(len(row))
        babies = 1 + (draw < births.twin_deliveries + births.triplet_deliveries) + (draw < births.triplet_deliveries)
        delivery = np.repeat(np.arange(len(row)), babies)
        order = np.arange(len(delivery)) - np.repeat(np.cumsum(babies) - babies, babies) + 1
        years = age[row, number][delivery]
        home = rng.random(len(delivery)) < by_age(wanted.lives_with_parents, years)
        multiple = np.where(babies[delivery] > 1, delivery, -1)
        alike = (babies == 2) & (rng.random(len(row)) < births.identical_twins)
        chance = np.where(alike[delivery], rng.random(len(row))[delivery], rng.random(len(delivery)))
        male = chance < births.boys
        self._add(row[delivery][home], years[home], male[home], CHILD, multiple[home], order[home])

    # --- entering ---

    def kept(self, people: int) -> Bools:
        """Which households enter, so that they hold `people` persons or one or two fewer."""
        household, role = self.table["household"], self.table["role"]
        count = len(self.kind)
        size = np.bincount(household, minlength=count)
        child = (role == CHILD) & (self.table["age"] < 18)
        needs = np.isin(self.kind, [PARENTS, LONE_MOTHER, LONE_FATHER, THREE])
        sensible = (~needs | (np.bincount(household[child], minlength=count) > 0)) & (size > 0)
        size = np.where(sensible, size, 0)
        kept = sensible & (np.cumsum(size) <= people)
        alone = np.flatnonzero(sensible & ~kept & (size == 1))
        kept[alone[: people - int(size[kept].sum())]] = True
        return np.asarray(kept)

    def enter(self, kept: Bools) -> tuple[Ints, Ints]:
        state, table = self.state, self.table
        number = np.cumsum(kept) - 1 + len(state.households)
        rows = np.flatnonzero(kept[table["household"]])
        draft_home = table["household"][rows]
        home, role = number[draft_home], table["role"][rows]
        kinds = np.where(self.kind[kept] == ELDERS, ELDERS_HOME, USUAL)
        state.households.add(len(kinds), kind=kinds)
        birth = state.step.first - 1 - (table["age"][rows] * YEAR).astype(np.int64)
        delivery = table["delivery"][rows]
        birth = _together(birth, delivery)
        who = state.persons.add(
            len(rows),
            birth=birth,
            male=table["male"][rows],
            community=self.community[draft_home],
            household=home,
            birth_order=table["order"][rows],
        )
        self._multiples(who, delivery)
        self._parents(who, role)
        return who, np.asarray(role)

    def _multiples(self, who: Ints, delivery: Ints) -> None:
        """Number the twins and triplets; one whose twin has left home is still one of two."""
        persons, several = self.state.persons, delivery >= 0
        _, number, size = np.unique(delivery[several], return_inverse=True, return_counts=True)
        persons.delivery[who[several]] = self.state.deliveries + number
        most = np.maximum(size[number], persons.birth_order[who[several]])
        persons.plurality[who[several]] = np.maximum(most, 2)
        self.state.deliveries += len(size)

    def _parents(self, who: Ints, role: Ints) -> None:
        """Link children, and the head of three generations, to the parents in their household."""
        persons, count = self.state.persons, len(self.state.households)
        mother, father = np.full(count, -1), np.full(count, -1)
        for part in (HEAD, SPOUSE):
            rows = who[role == part]
            for male, target in ((False, mother), (True, father)):
                mine = rows[persons.male[rows] == male]
                target[persons.household[mine]] = mine
        child = who[role == CHILD]
        persons.mother[child], persons.father[child] = (
            mother[persons.household[child]],
            father[persons.household[child]],
        )
        elder, head = who[role == ELDER], np.full(count, -1)
        head[persons.household[who[role == HEAD]]] = who[role == HEAD]
        for male, column in ((False, persons.mother), (True, persons.father)):
            mine = elder[persons.male[elder] == male]
            column[head[persons.household[mine]]] = mine
        wife, husband = mother[persons.household[who[role == SPOUSE]]], who[role == SPOUSE]
        persons.partner[husband], persons.partner[wife] = wife, husband
        known = child[persons.mother[child] >= 0]
        np.add.at(persons.births, persons.mother[known], 1)
        np.maximum.at(persons.last_birth, persons.mother[known], persons.birth[known])


def _together(birth: Ints, delivery: Ints) -> Ints:
    """Birthdays, the same for all of a delivery."""
    birth = birth.copy()
    several = np.flatnonzero(delivery >= 0)
    _, first, number = np.unique(delivery[several], return_index=True, return_inverse=True)
    birth[several] = birth[several][first][number]
    return birth

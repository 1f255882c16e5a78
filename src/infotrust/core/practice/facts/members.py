"""Who lives in a household on a day: the home spells of the ward, looked up from the household's side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Ints
from infotrust.core.practice.facts.households import stays
from infotrust.core.practice.ward import Spells, Ward


@dataclass(frozen=True)
class ByHousehold:
    """The stays of the ward (`households.stays`), sorted by household. `until` is not included."""

    household: Ints
    person: Ints
    first: Ints
    until: Ints


def by_household(ward: Ward) -> ByHousehold:
    every = ward.of(stays)
    order = np.argsort(every.household, kind="stable")
    return ByHousehold(every.household[order], every.person[order], every.first[order], every.until[order])


def members(ward: Ward, household: Ints, on: Ints) -> tuple[Ints, Ints]:
    """Everybody in each household on its day: the place in `household`, and the person, as two columns of pairs."""
    living = ward.of(by_household)
    start = np.searchsorted(living.household, household, side="left")
    counts = np.searchsorted(living.household, household, side="right") - start
    place = np.repeat(np.arange(len(household)), counts)
    before = np.cumsum(counts) - counts
    row = start[place] + np.arange(len(place)) - before[place]
    there = (living.first[row] <= on[place]) & (living.until[row] > on[place])
    return place[there], living.person[row[there]]


def in_force(spells: Spells, last: Ints, owners: Ints, on: Ints) -> Bools:
    """Whether each owner has a spell on the day, where spells end (`last`, not included) before the next begins."""
    if len(last) == 0:
        return np.zeros(len(owners), dtype=np.bool_)
    row = spells.at(owners, on)
    safe = np.maximum(row, 0)
    return np.asarray((row >= 0) & (spells.first[safe] <= on) & (last[safe] > on))

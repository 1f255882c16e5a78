"""What parents are on a day: married to whom, and schooled how far."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, normal
from infotrust.core.practice.ward import YEAR, Spells, Ward

SCHOOLING = ("less_than_high_school", "high_school", "some_college", "bachelor")
# Ages before which nobody has finished high school, begun college, or holds a bachelor's degree.
_YOUNGEST = (17.5, 18.5, 21.5)
_UPBRINGING = 15  # years: the household of this age, or of the first day, says what schooling is likely


def husbands(ward: Ward, who: Ints, on: Ints) -> tuple[Bools, Ints]:
    """Whether each person is married on the day, and to whom (-1 where not)."""
    unions = ward.unions
    wed = np.flatnonzero(unions.married)
    owner = np.concatenate([unions.one[wed], unions.other[wed]])
    partner = np.concatenate([unions.other[wed], unions.one[wed]])
    first, last = np.tile(unions.first[wed], 2), np.tile(unions.last[wed], 2)
    order = np.lexsort((first, owner))
    row = Spells(owner[order], first[order]).at(who, on)
    safe = np.maximum(row, 0)
    if len(owner) == 0:
        return np.zeros(len(who), dtype=np.bool_), np.full(len(who), -1, dtype=np.int64)
    holds = (row >= 0) & (first[order][safe] <= on) & (last[order][safe] > on)
    return np.asarray(holds), np.where(holds, partner[order][safe], -1)


def schooling_of(ward: Ward, who: Ints, on: Ints) -> Ints:
    """How far each person (any, where -1) has come by the day: a place in SCHOOLING.

    What somebody reaches in life is the person's own and follows from the income of the home they grew up in, or, for
    those who were grown up when the county began, of the home of that day; age limits it.
    """
    numbers = ward.parameters.birth_certificates
    known = np.maximum(who, 0)
    grew_up = np.maximum(ward.people.birth[known] + int(_UPBRINGING * YEAR), ward.span.first)
    grew_up = np.minimum(grew_up, on)
    income = np.log(np.maximum(ward.income(known, grew_up), 0.05) / numbers.schooling_middle_income)
    luck = normal(ward.chance("schooling", known), ward.chance("schooling too", known))
    pull = float(numbers.schooling_by_income)
    standing = pull * income / numbers.schooling_income_spread + np.sqrt(1 - pull**2) * luck
    reached = np.searchsorted(_edges(tuple(numbers.schooling.values())), standing)
    age = ward.age(known, on)
    return np.asarray(np.minimum(reached, np.searchsorted(_YOUNGEST, age)), dtype=np.int64)


def _edges(shares: tuple[float, ...]) -> Floats:
    """The standard normal values between which the shares of a population lie."""
    below = np.minimum(np.cumsum(shares)[:-1], 1 - 1e-9)
    return np.array([NormalDist().inv_cdf(max(float(share), 1e-9)) for share in below])

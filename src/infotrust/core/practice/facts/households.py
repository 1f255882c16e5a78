"""Who lives where at the end of each month, and what the household lives on: the ground that benefits stand on.

Programs that are decided month by month (food assistance, Medicaid) look at households here instead of searching the
home spells again for each of 120 months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.ward import ALWAYS, NEVER, Ward


@dataclass(frozen=True)
class Months:
    """The ward at the end of each month of its years, oldest first.

    `first` and `last` are days; `name` is year * 12 + month - 1, the same in every county, so that chances drawn by it
    do not depend on how many years are simulated. `household` is [month x person], -1 for those not in the county.
    """

    first: Ints
    last: Ints
    name: Ints
    household: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True)
class Makeup:
    """Each household of the ward on one day: members, and how many of them are of which kind."""

    size: Ints
    children: Ints  # under 18
    elders: Ints  # 60 and older, as food assistance counts them


@dataclass(frozen=True)
class Stays:
    """A person in a household from a day up to, not including, another, while present in the county."""

    person: Ints
    household: Ints
    first: Ints
    until: Ints


def stays(ward: Ward) -> Stays:
    """The home spells, cut to the days on which their owners are alive and in the county."""
    homes, people = ward.homes, ward.people
    until = np.full(len(homes.owner), NEVER, dtype=np.int64)
    again = homes.owner[1:] == homes.owner[:-1]
    until[:-1][again] = homes.first[1:][again]
    opens = np.concatenate([[True], ~again]) if len(homes.owner) else np.zeros(0, dtype=bool)
    here = np.maximum(people.birth, people.arrival)[homes.owner]
    first = np.where(opens, here, np.maximum(homes.first, here))
    until = np.minimum(until, np.minimum(people.death, people.departure)[homes.owner])
    kept = first < until
    return Stays(homes.owner[kept], homes.household[kept], first[kept], until[kept])


def months(ward: Ward) -> Months:
    names = np.arange(ward.span.first_year * 12 + 6, (ward.span.first_year + ward.span.years) * 12 + 6)
    days = np.array([date(int(name) // 12, int(name) % 12 + 1, 1).toordinal() for name in (*names, names[-1] + 1)])
    held = ward.of(stays)
    household = np.full((len(names), len(ward)), -1, dtype=np.int32)
    for number, last in enumerate(days[1:] - 1):
        now = (held.first <= last) & (held.until > last)
        household[number, held.person[now]] = held.household[now]
    return Months(days[:-1], days[1:] - 1, names, household)


@dataclass(frozen=True)
class YearlyIncomes:
    """Each household's income as a multiple of the poverty level, [school year x household]."""

    ratio: NDArray[np.float64]


def yearly_incomes(ward: Ward) -> YearlyIncomes:
    all_of_them = np.arange(ward.households)
    found = [ward.incomes.at(all_of_them, period.first) for period in ward.span.periods]
    # A household without any income spell is in nobody's books; far above every limit, it takes part in nothing.
    return YearlyIncomes(np.array([np.where(row >= 0, ward.incomes.ratio[row], 99.0) for row in found]))


def ratio_of(ward: Ward, month: int, household: Ints) -> Floats:
    """The income in month number `month` of each household (-1: none, so far above every limit)."""
    ratio = ward.of(yearly_incomes).ratio[month // 12]
    return np.where(household >= 0, ratio[np.maximum(household, 0)], 99.0)


def makeup(ward: Ward, month: int) -> Makeup:
    known = ward.of(months)
    here = np.flatnonzero(known.household[month] >= 0)
    home, age = known.household[month][here], ward.age(here, int(known.last[month]))
    count = ward.households
    return Makeup(
        np.bincount(home, minlength=count),
        np.bincount(home[age < 18], minlength=count),
        np.bincount(home[age >= 60], minlength=count),
    )


@dataclass(frozen=True)
class HomeLanguages:
    """For each household, whether another language than English is spoken by the last member seen in it."""

    other: Bools


def home_languages(ward: Ward) -> HomeLanguages:
    held = ward.of(stays)
    order = np.argsort(np.maximum(held.first, ALWAYS), kind="stable")[::-1]
    other = np.zeros(ward.households, dtype=bool)
    other[held.household[order]] = ward.people.language[held.person[order]] != 0
    return HomeLanguages(other)


@dataclass(frozen=True)
class Pregnancies:
    """One row for each delivery within the county's years by a mother who lives in the ward, by day of birth."""

    mother: Ints
    conceived: Ints
    born: Ints
    first_child: Ints  # the first of them in `people`


def pregnancies(ward: Ward) -> Pregnancies:
    people = ward.people
    child = np.flatnonzero((people.mother >= 0) & (people.birth >= ward.span.first) & (people.birth_order == 1))
    child = child[np.argsort(people.birth[child], kind="stable")]
    length = ward.parameters.medicaid.pregnancy_days
    days = np.where(people.plurality[child] > 1, length["twins"], length["single"]).astype(np.int64)
    born = people.birth[child]
    return Pregnancies(people.mother[child], born - days, born, child)

"""What the people of a county are like, counted from their true lives, before any agency writes them down.

`look_at(county)` goes through the wards one after another and adds up counts, so that a large county takes no more
memory than one ward. Rates take the people present in the middle of each school year (January 1) for the years lived.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from infotrust.core.practice.county import County
from infotrust.core.practice.ward import NEVER, Ward

AGE_GROUPS = np.arange(0, 90, 5)  # 0-4, 5-9 ... 85 and over
DEATH_EDGES = np.array([0, 1, 5, 15, 25, 35, 45, 55, 65, 75, 85])  # the groups of the NCHS mortality reports
MOTHER_EDGES = np.array([10, 15, 20, 25, 30, 35, 40, 45, 50])
INCOME_EDGES = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 5])  # multiples of the poverty level
MOST_IN_A_HOME = 7
NAME_PERIODS = (1936, 1946, 1956, 1966, 1974, 1984, 1994, 2004, 2014)  # first years of birth of groups...
YEARS_OF_NAMES = 10  # ... of so many years


@dataclass
class Lives:
    """Counts over all wards. `day`: the day on which people are looked at; `first`: the
    county's first day; arrays as their comments say."""

    day: int
    first: int
    years: int
    age_sex: Any = field(default_factory=lambda: np.zeros((len(AGE_GROUPS), 2)))  # age group x (female, male)
    lived: Any = field(default_factory=lambda: np.zeros((120, 2)))  # years lived, by age in years x (female, male)
    deaths: Any = field(default_factory=lambda: np.zeros(120))  # by age in years
    births_by_year: Any = None  # school years
    lived_by_year: Any = None
    mothers: Any = field(default_factory=lambda: np.zeros(120))  # births by the mother's age in years
    boys: int = 0
    plurality: Any = field(default_factory=lambda: np.zeros(4))  # babies born as one of 1, 2, 3
    same_sex_pairs: Any = field(default_factory=lambda: np.zeros(2))  # twin pairs: of two sexes, of one
    household_size: Any = field(default_factory=lambda: np.zeros(MOST_IN_A_HOME + 1))
    income: Any = field(default_factory=lambda: np.zeros((len(INCOME_EDGES), 2)))  # people by income x (adult, child)
    moved: Any = field(default_factory=lambda: np.zeros((len(AGE_GROUPS), 4)))  # HOW_MOVED by age group
    race: Counter[str] = field(default_factory=Counter)
    language: Counter[str] = field(default_factory=Counter)
    parents: Any = field(
        default_factory=lambda: np.zeros(4)
    )  # children in a home with no, one, the other, both parents
    married: Any = field(default_factory=lambda: np.zeros(2))  # adults: no, yes
    in_care: int = 0
    surnames: Counter[str] = field(default_factory=Counter)
    given: dict[tuple[int, str], Counter[str]] = field(
        default_factory=dict
    )  # (first year of birth of NAME_PERIODS, sex) -> names

    @property
    def people(self) -> float:
        return float(self.age_sex.sum())


HOW_MOVED = ("same home", "within the county", "into the county", "not yet one year old")


def look_at(county: County, day: date = date(2022, 7, 1)) -> Lives:
    """Count the county's people. `day` is moved to the last day where the county ends before it."""
    span = county.span
    lives = Lives(min(day.toordinal(), span.last), span.first, span.years)
    lives.births_by_year, lives.lived_by_year = np.zeros(span.years), np.zeros(span.years)
    for ward in county.each_ward():
        _add_residents(lives, ward)
        _add_births(lives, ward)
        _add_years(lives, ward)
        _add_names(lives, ward)
    return lives


def _add_residents(lives: Lives, ward: Ward) -> None:
    who = ward.residents(lives.day)
    age, male = ward.age(who, lives.day), ward.people.male[who].astype(int)
    group = np.minimum(age // 5, len(AGE_GROUPS) - 1).astype(int)
    np.add.at(lives.age_sex, (group, male), 1)
    child = (age < 18).astype(int)
    np.add.at(lives.income, (_class(INCOME_EDGES, ward.income(who, lives.day)), child), 1)
    np.add.at(lives.moved, (group, _how_moved(ward, who, lives.day)), 1)
    sizes = np.unique(ward.household(who, lives.day), return_counts=True)[1]
    np.add.at(lives.household_size, np.minimum(sizes, MOST_IN_A_HOME), 1)
    races, languages = _words()
    lives.race.update(races[ward.people.race[who]].tolist())
    lives.language.update(languages[ward.people.language[who[age >= 5]]].tolist())
    np.add.at(lives.parents, _parents_at_home(ward, who[age < 18], lives.day), 1)
    adults = who[age >= 18]
    np.add.at(lives.married, np.isin(adults, _married(ward, lives.day)).astype(int), 1)
    placed = ward.placements
    lives.in_care += int(((placed.first <= lives.day) & (placed.last > lives.day)).sum())


def _words() -> tuple[Any, Any]:
    from infotrust.core.practice.ward import LANGUAGES, RACES

    return np.array(RACES), np.array(LANGUAGES)


def _class(edges: Any, values: Any) -> Any:
    return np.searchsorted(edges, values, side="right") - 1


def _how_moved(ward: Ward, who: Any, day: int) -> Any:
    """HOW_MOVED of each person, against where they lived a year before."""
    before = day - 365
    was_here = ward.present(who, before)
    now = ward.addresses.address[ward.home(who, day)]
    then = np.full(len(who), -1)
    then[was_here] = ward.addresses.address[ward.home(who[was_here], before)]
    moved = np.where(was_here, np.where(now == then, 0, 1), 2)
    return np.where(ward.people.birth[who] > before, 3, moved)


def _parents_at_home(ward: Ward, who: Any, day: int) -> Any:
    """0 to 3: neither, only the mother, only the father, both live in the child's household."""
    home = ward.household(who, day)
    found = np.zeros(len(who), dtype=int)
    for bit, parent in ((1, ward.people.mother[who]), (2, ward.people.father[who])):
        known = np.flatnonzero(parent >= 0)
        known = known[ward.present(parent[known], day)]
        found[known] += bit * (ward.household(parent[known], day) == home[known])
    return found


def _married(ward: Ward, day: int) -> Any:
    unions = ward.unions
    now = unions.married & (unions.first <= day) & (unions.last > day)
    return np.concatenate([unions.one[now], unions.other[now]])


def _add_births(lives: Lives, ward: Ward) -> None:
    people, span = ward.people, ward.span
    born = np.flatnonzero((people.birth >= span.first) & (people.birth <= span.last) & (people.arrival == people.birth))
    starts = np.array([period.first for period in span.periods])
    np.add.at(lives.births_by_year, np.searchsorted(starts, people.birth[born], side="right") - 1, 1)
    lives.boys += int(people.male[born].sum())
    np.add.at(lives.plurality, people.plurality[born], 1)
    known = born[people.mother[born] >= 0]
    age = ward.age(people.mother[known], people.birth[known])
    np.add.at(lives.mothers, np.clip(age, 0, 119).astype(int), 1)
    twins = born[people.plurality[born] == 2]
    pairs: dict[int, list[bool]] = {}
    for delivery, male in zip(people.delivery[twins].tolist(), people.male[twins].tolist(), strict=True):
        pairs.setdefault(delivery, []).append(male)
    for sexes in pairs.values():
        lives.same_sex_pairs[int(len(set(sexes)) == 1)] += 1


def _add_years(lives: Lives, ward: Ward) -> None:
    people = ward.people
    for period in ward.span.periods:
        middle = period.first + 184
        who = ward.residents(middle)
        age = np.minimum(ward.age(who, middle), 119).astype(int)
        np.add.at(lives.lived, (age, people.male[who].astype(int)), 1)
        lives.lived_by_year[period.number] += len(who)
    dead = np.flatnonzero((people.death < NEVER) & (people.death <= ward.span.last) & (people.departure > people.death))
    np.add.at(lives.deaths, np.clip(ward.age(dead, people.death[dead]), 0, 119).astype(int), 1)


def _add_names(lives: Lives, ward: Ward) -> None:
    who = ward.residents(lives.day)
    lives.surnames.update(ward.surname(who, lives.day)[0].tolist())
    everybody = np.arange(len(ward))
    years = 1 + (ward.people.birth[everybody] - 1) // 365.2425
    for first in NAME_PERIODS:
        for sex, male in (("girls", False), ("boys", True)):
            chosen = (years >= first) & (years < first + YEARS_OF_NAMES) & (ward.people.male == male)
            lives.given.setdefault((first, sex), Counter()).update(ward.people.given[chosen].tolist())

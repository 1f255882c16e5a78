"""Who attends a public school: year after year, from pre-K to grade 12, with moves, absences from the system, dropping
out and graduation. What happens in school is in `schooling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.facts.bands import by_band
from infotrust.core.practice.facts.homelessness import nights_homeless
from infotrust.core.practice.facts.prek import LOW_INCOME, prek_access
from infotrust.core.practice.facts.school_calendar import PERIODS, SchoolYear, school_years
from infotrust.core.practice.place import LEVELS
from infotrust.core.practice.ward import Ward

GRADES = ("PK", "KG", *(f"{grade:02d}" for grade in range(1, 13)))
PK, KG, LAST_GRADE = 0, 1, 13
EXITS = ("year_end", "transferred", "moved", "private", "homeschool", "dropped_out", "died", "graduated", "completed")
YEAR_END, TRANSFERRED, MOVED, PRIVATE, HOMESCHOOL, DROPPED_OUT, DIED, GRADUATED, COMPLETED = range(len(EXITS))
YOUNGEST, KINDERGARTEN, MAY_LEAVE, OLDEST = 3, 5, 16, 20  # ages on September 1
LATEST = 14  # days before the end of the school year in which nobody is enrolled anew
SURGE = 2020  # first school year in which more learn at home


@dataclass(frozen=True)
class Enrollments:
    """One element for each stay of a pupil in a school within a school year, by year, pupil and first day."""

    pupil: Ints  # person
    year: Ints  # number of the school year
    school: Ints  # place in `place.schools`; -1 in pre-K
    site: Ints  # place in `place.prek_sites`; -1 outside pre-K
    grade: Ints  # place in GRADES
    entry: Ints  # first day
    exit: Ints  # last day
    reason: Ints  # place in EXITS


@dataclass(frozen=True)
class PupilYears:
    """One element for each pupil and school year, by year and pupil, as things stand on the pupil's first day."""

    pupil: Ints
    year: Ints
    grade: Ints
    first: Ints  # first and last day in the county's public schools in this year
    last: Ints
    tract: Ints
    income: Floats
    moved: Bools  # the household's home changed while school was in session
    homeless: Bools  # a night or more without a home between July 1 and June 30
    held_back: Ints  # years behind the usual grade


@dataclass(frozen=True)
class Schooling:
    enrollments: Enrollments
    years: PupilYears


def schooling(ward: Ward) -> Schooling:
    """Every enrollment in the county's public schools, and one row for each pupil and year."""
    state = _State(ward)
    spells, years = zip(*(_one_year(ward, state, year) for year in ward.of(school_years)), strict=True)
    every = {name: np.concatenate([one[name] for one in spells]) for name in spells[0]}
    order = np.lexsort((every["entry"], every["pupil"], every["year"]))
    pupil_years = {name: np.concatenate([one[name] for one in years]) for name in years[0]}
    return Schooling(Enrollments(**{name: one[order] for name, one in every.items()}), PupilYears(**pupil_years))


class _State:
    """What each person of the ward brings into a school year."""

    def __init__(self, ward: Ward) -> None:
        count = len(ward)
        self.seen = np.zeros(count, dtype=bool)
        self.behind = np.zeros(count, dtype=np.int64)  # grades behind the usual one
        self.away_until = np.zeros(count, dtype=np.int64)  # number of the year in which they may return
        self.done = np.zeros(count, dtype=bool)  # graduated, dropped out or left for good


def _one_year(ward: Ward, state: _State, year: SchoolYear) -> tuple[dict[str, Any], dict[str, Any]]:
    people, number = ward.people, year.period.number
    age = np.floor((year.birthday - people.birth) / 365.25).astype(np.int64)
    gone = np.minimum(people.death, people.departure)
    could = (age >= YOUNGEST) & (age <= OLDEST) & (people.arrival <= year.closing - LATEST) & (gone > year.opening)
    _first_seen(ward, state, np.flatnonzero(could & ~state.seen), age)
    who = np.flatnonzero(could & ~state.done & (state.away_until <= number))
    entry = np.maximum(year.opening, people.arrival[who])
    grade = np.maximum(age[who] - (KINDERGARTEN - KG) - state.behind[who], PK)
    income = ward.income(who, entry)
    tract = ward.tract(who, entry)
    in_prek = grade == PK
    attends = np.where(in_prek, _goes_to_prek(ward, year, who, age[who], income, tract), _goes(ward, year, who, income))
    attends &= grade <= LAST_GRADE
    here = np.flatnonzero(attends)
    who, entry, grade, income, tract = who[here], entry[here], grade[here], income[here], tract[here]
    homeless = nights_homeless(ward, year.period.first, year.period.last)[who] > 0
    last, reason = _leaves(ward, state, year, who, grade, entry, income, homeless)
    spells, moved = _in_schools(ward, year, who, grade, tract, homeless, entry, last, reason)
    row = {
        "pupil": who, "year": np.full(len(who), number), "grade": grade, "first": entry, "last": last, "tract": tract,
        "income": income, "moved": moved, "homeless": homeless, "held_back": state.behind[who],
    }  # fmt: skip
    _repeats(ward, state, year, who, grade)
    return spells, row


def _first_seen(ward: Ward, state: _State, who: Ints, age: Ints) -> None:
    """Late starters, and what became before the county's first year, or elsewhere, of those who are older."""
    grades = ward.parameters.schools.grades
    late = ward.chance("starts school late", who) < grades.starts_late
    by_now = [1 - grades.repeats[one] for one in GRADES[KG:]]
    once = 1 - np.cumprod([1.0, *by_now])[np.clip(age[who] - KINDERGARTEN, 0, len(by_now))]
    repeated = ward.chance("repeated a grade before", who) < once
    state.behind[who] = late.astype(np.int64) + (repeated & (age[who] > KINDERGARTEN))
    out = 1 - (1 - grades.dropped_out_before) ** np.maximum(age[who] - MAY_LEAVE, 0)
    past = age[who] - (KINDERGARTEN - KG) - state.behind[who] > LAST_GRADE
    state.done[who] = past | (ward.chance("dropped out before", who) < out)
    state.seen[who] = True


def _goes(ward: Ward, year: SchoolYear, who: Ints, income: Floats) -> Bools:
    """Not in a private school and not at home: a family's wish stays, what it can pay changes with its income."""
    attends = ward.parameters.schools.attends
    private = by_band(income, attends.private)
    home = attends.homeschool_from_2020 if _calendar(ward, year) >= SURGE else attends.homeschool
    family = np.where(ward.people.mother[who] >= 0, ward.people.mother[who], who)
    # Brothers and sisters mostly go the same way.
    together = ward.chance("one school for all", who) < attends.together
    wish = np.where(together, ward.chance("school wish", family), ward.chance("own school wish", who))
    return np.asarray(wish >= private + home)


def _calendar(ward: Ward, year: SchoolYear) -> int:
    return ward.span.first_year + year.period.number


def _goes_to_prek(ward: Ward, year: SchoolYear, who: Ints, age: Ints, income: Floats, tract: Ints) -> Bools:
    prek, access = ward.parameters.schools.prek, ward.of(prek_access)
    low = income < LOW_INCOME
    four = np.where(low, prek.at_four_low_income, prek.at_four)
    three = np.where(low, prek.at_three_low_income, prek.at_three)
    likely = np.where(age == YOUNGEST, three, four) * access.supply[tract, year.period.number]
    # Those who start kindergarten late (age five) are wanted in pre-K like the four-year-olds.
    return np.asarray((ward.chance("pre-K", who) < likely) & (access.site[tract, year.period.number] >= 0))


# --- leaving ---


def _leaves(
    ward: Ward, state: _State, year: SchoolYear, who: Ints, grade: Ints, entry: Ints, income: Floats, homeless: Bools
) -> tuple[Ints, Ints]:
    """The last day of each pupil in the year, and why it is the last."""
    people, calendar = ward.people, _calendar(ward, year)
    last, reason = np.full(len(who), year.closing), np.full(len(who), YEAR_END)
    attends = ward.parameters.schools.attends
    day = year.opening + ((year.closing - year.opening) * ward.chance("leaves school on", who, calendar)).astype(int)
    for rate, code in ((attends.leaves_for_private, PRIVATE), (attends.leaves_for_home, HOMESCHOOL)):
        leaves = (ward.chance(f"leaves for {EXITS[code]}", who, calendar) < rate) & (grade >= KG) & (day > entry)
        last, reason = np.where(leaves, day, last), np.where(leaves, code, reason)
        length = 1 + (-np.log1p(-ward.chance("stays away", who, calendar)) * attends.years_away).astype(np.int64)
        state.away_until[who[leaves]] = year.period.number + length[leaves]
    drops = ward.chance("drops out", who, calendar) < _dropping_out(ward, state, year, who, grade, income, homeless)
    drops &= (reason == YEAR_END) & (day > entry)
    last, reason = np.where(drops, day, last), np.where(drops, DROPPED_OUT, reason)
    ends = (reason == YEAR_END) & (grade == LAST_GRADE)
    diploma = ward.chance("diploma", who, calendar) < ward.parameters.schools.grades.diploma
    again = (
        ends
        & ~diploma
        & (ward.chance("returns for a diploma", who) < ward.parameters.schools.grades.returns)
        & (state.behind[who] < 3)
    )
    reason = np.where(ends & ~again, np.where(diploma, GRADUATED, COMPLETED), reason)
    state.behind[who[again]] += 1
    for when, code in ((people.departure[who], MOVED), (people.death[who], DIED)):
        sooner = when - 1 < last
        last, reason = np.where(sooner, np.maximum(when - 1, entry), last), np.where(sooner, code, reason)
    state.done[who[np.isin(reason, (DROPPED_OUT, GRADUATED, COMPLETED, DIED))]] = True
    return last, reason


def _dropping_out(
    ward: Ward, state: _State, year: SchoolYear, who: Ints, grade: Ints, income: Floats, homeless: Bools
) -> Floats:
    wanted = ward.parameters.schools.grades
    rate = wanted.drops_out * np.where(income < LOW_INCOME, wanted.drops_out_low_income, 1.0)
    rate = rate * np.where(homeless, wanted.drops_out_homeless, 1.0)
    rate = rate * np.where(state.behind[who] > 0, wanted.drops_out_repeated, 1.0)
    rate = rate * wanted.drops_out_need ** ward.people.need[who] / wanted.drops_out_need**0.5
    old = ward.age(who, year.birthday) >= MAY_LEAVE
    return np.where(old & (grade >= KG), -np.expm1(-rate), 0.0)


def _repeats(ward: Ward, state: _State, year: SchoolYear, who: Ints, grade: Ints) -> None:
    share = np.array([0.0, *(ward.parameters.schools.grades.repeats[one] for one in GRADES[KG:])])[grade]
    state.behind[who] += ward.chance("repeats the grade", who, _calendar(ward, year)) < share


# --- which school ---


def _in_schools(
    ward: Ward, year: SchoolYear, who: Ints, grade: Ints, tract: Ints, homeless: Bools, entry: Ints, last: Ints,
    reason: Ints,
) -> tuple[dict[str, Any], Bools]:  # fmt: skip
    """The year's stays in schools; whoever moves to another attendance area may change school on that day."""
    attends, calendar = ward.parameters.schools.attends, _calendar(ward, year)
    site = np.where(grade == PK, ward.of(prek_access).site[tract, year.period.number], -1)
    level = _level(grade)
    chooses = ward.chance("chooses a school", who) < attends.chooses_school
    school = np.where(chooses, _chosen(ward, who, level), _zoned(ward, tract, level))
    moved, began, made = np.zeros(len(who), dtype=bool), entry.copy(), []
    stays = np.where(homeless, attends.stays_when_homeless, attends.stays_after_move)
    at_home = tract
    for turn in range(PERIODS):
        day = np.minimum(year.ends[turn], last)
        now = ward.tract(who, day)
        since = np.maximum(ward.addresses.first[ward.home(who, day)], ward.homes.first[ward.homes.at(who, day)])
        moved |= (since > entry) & (since <= last)
        new = _zoned(ward, now, level)
        change = (now != at_home) & (new != school) & (since > began) & (since <= last) & (grade >= KG) & ~chooses
        change &= ward.chance("stays in school", who, calendar, turn) >= stays
        row = np.flatnonzero(change)
        made.append((row, school[row], began[row], since[row] - 1, np.full(len(row), TRANSFERRED)))
        school, began = np.where(change, new, school), np.where(change, since, began)
        at_home = now
    made.append((np.arange(len(who)), school, began, last, reason))
    row, school, first, end, why = (np.concatenate(one) for one in zip(*made, strict=True))
    spells = {
        "pupil": who[row],
        "year": np.full(len(row), year.period.number),
        "school": np.where(grade[row] == PK, -1, school),
        "site": site[row],
        "grade": grade[row],
        "entry": first,
        "exit": end,
        "reason": why,
    }
    return spells, moved


def _level(grade: Ints) -> Ints:
    """Place in LEVELS: elementary to grade 5, middle to grade 8, high."""
    return np.asarray(np.searchsorted([7, 10], grade, side="right"))


def _zoned(ward: Ward, tract: Ints, level: Ints) -> Ints:
    areas = np.stack([ward.place.school_of(np.arange(ward.place.tracts), one) for one in LEVELS])
    return np.asarray(areas[level, tract])


def _chosen(ward: Ward, who: Ints, level: Ints) -> Ints:
    """A school of the level anywhere in the county, the same for all years at it."""
    found = np.zeros(len(who), dtype=np.int64)
    for place, one in enumerate(LEVELS):
        schools = np.flatnonzero(ward.place.schools.level == one)
        picked = schools[(ward.chance("chosen school", who, place) * len(schools)).astype(np.int64)]
        found = np.where(level == place, picked, found)
    return found

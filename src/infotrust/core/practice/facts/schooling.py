"""What happens to pupils in school: absence, marks, services and discipline. Who is enrolled is in `enrollment`.

Absence is the one with planted causes: each multiplies the share of days a pupil misses (`schools.absence` in the
parameters), and the days are then counted by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, choose, counts, normal
from infotrust.core.practice.days import FRIDAY, workday
from infotrust.core.practice.facts.enrollment import KG, PupilYears, Schooling, _level, schooling
from infotrust.core.practice.facts.prek import LOW_INCOME
from infotrust.core.practice.facts.school_calendar import PERIODS, report_card_releases, school_years
from infotrust.core.practice.groups import turns
from infotrust.core.practice.place import LEVELS
from infotrust.core.practice.ward import DISABILITIES, Ward

__all__ = ["attendance", "discipline", "marks", "report_card_releases", "school_services", "schooling"]

POOR = 1.0
HIGH_SCHOOL = 10  # place of grade 9 in GRADES
SUBJECTS = ("reading", "mathematics", "science", "social_studies")
LEARNING, HEALTH = "specific_learning", "other_health"
SERVED_FOR = ("", *DISABILITIES[1:], LEARNING, HEALTH)
ACTIONS = ("conference", "detention", "in_school_suspension", "out_of_school_suspension", "expulsion")


@dataclass(frozen=True)
class Attendance:
    """One element for each pupil, year and marking period with a day of school. `row`: place in `PupilYears`."""

    row: Ints
    period: Ints  # 0 to 3
    days: Ints  # days of school on which the pupil was enrolled
    absent: Ints
    excused: Ints  # of those absent


def attendance(ward: Ward) -> Attendance:
    """Days enrolled, missed and excused."""
    years = ward.of(schooling).years
    days = _days(ward, years)
    row, period = np.nonzero(days)
    pupil, calendar = years.pupil[row], ward.span.first_year + years.year[row]
    wanted = ward.parameters.schools.absence
    share = ward.of(absence_share)[row] * np.array(list(wanted.season.values()))[period]
    wiggle = _noise(ward, "absence in a period", pupil, wanted.between_periods, calendar, period)
    mean = np.minimum(share * wiggle, 0.6) * days[row, period]
    absent = np.minimum(counts(ward.chance("days missed", pupil, calendar, period), mean), days[row, period])
    low = years.income[row] < LOW_INCOME
    excused = np.where(low, wanted.excused_poor, wanted.excused)
    excused = (absent * excused + ward.chance("days excused", pupil, calendar, period)).astype(np.int64)
    return Attendance(row, period, days[row, period], absent, np.minimum(excused, absent))


def _days(ward: Ward, years: PupilYears) -> Ints:
    """Pupil-year x marking period: days of school between the pupil's first and last day."""
    full = int(ward.parameters.schools.calendar.days_in_a_period)
    ends = np.array([one.ends for one in ward.of(school_years)])
    starts = np.column_stack([[one.opening for one in ward.of(school_years)], ends[:, :-1] + 3])
    begin = np.maximum(years.first[:, None], starts[years.year])
    end = np.minimum(years.last[:, None], ends[years.year])
    length = (ends - starts + 1)[years.year]
    return np.asarray(np.rint(full * np.clip(end - begin + 1, 0, None) / length), dtype=np.int64)


def absence_share(ward: Ward) -> Floats:
    """For each pupil-year the share of days missed that its causes lead to, before chance in the counting of days."""
    years, wanted = ward.of(schooling).years, ward.parameters.schools.absence
    calendar = ward.span.first_year + years.year
    usual = {int(year): share for year, share in wanted.usual.items()}
    share = np.array([usual[min(max(year, min(usual)), max(usual))] for year in range(2000, 2101)])[calendar - 2000]
    share = share * np.where(
        years.income < POOR, wanted.poor, np.where(years.income < LOW_INCOME, wanted.low_income, 1)
    )
    share *= np.where(years.homeless, wanted.homeless, 1.0) * np.where(years.moved, wanted.moved, 1.0)
    share *= np.where(ward.people.disability[years.pupil] > 0, wanted.disability, 1.0)
    share *= np.where(years.grade <= KG, wanted.youngest, np.where(years.grade >= HIGH_SCHOOL, wanted.high_school, 1.0))
    share *= tract_factor(ward)[years.tract, years.year]
    share *= _noise(ward, "absence of a pupil", years.pupil, wanted.between_pupils)
    return share * _noise(ward, "absence in a year", years.pupil, wanted.between_years, calendar)


def tract_factor(ward: Ward) -> Floats:
    """Tract x year: what the place multiplies the share of days missed with."""
    place, wanted = ward.place, ward.parameters.schools.absence
    log = np.log(wanted.vacancy) * (place.vacancy - place.vacancy[:, 0].mean()) / 0.10
    log = log + np.log(wanted.rent) * np.log2(place.rent / place.rent.mean(axis=0))
    log += np.log(wanted.violent_crime) * (place.violent_crime - place.violent_crime[:, 0].mean()) / 5.0
    log += np.log(wanted.crashes) * (place.crashes - place.crashes[:, 0].mean()) / 10.0
    log += np.log(wanted.drug_sales) * (place.drug_sales - place.drug_sales[:, 0].mean())
    return np.asarray(np.exp(log))


def _noise(ward: Ward, what: str, who: Ints, spread: float, *keys: Ints) -> Floats:
    """A factor with mean 1 for each person and key."""
    drawn = normal(ward.chance(what, who, *keys), ward.chance(f"{what}, too", who, *keys))
    return np.exp(spread * drawn - spread**2 / 2)


# --- marks ---


@dataclass(frozen=True)
class Marks:
    """One element for each pupil from kindergarten on, year and marking period; `mark` is row x subject, 0 to 4."""

    row: Ints  # place in `Attendance`
    release: Ints  # day on which the report card was given out
    school: Ints  # place in `place.schools`
    mark: Floats


def marks(ward: Ward) -> Marks:
    """Report cards: the pupils who are enrolled when a marking period ends."""
    found, years, wanted = ward.of(attendance), ward.of(schooling).years, ward.parameters.schools.marks
    ends = np.array([one.ends for one in ward.of(school_years)])
    year, pupil = years.year[found.row], years.pupil[found.row]
    there = (years.grade[found.row] >= KG) & (years.last[found.row] >= ends[year, found.period])
    kept = np.flatnonzero(there)
    row, period, pupil, year = found.row[kept], found.period[kept], pupil[kept], year[kept]
    school = school_at(ward.of(schooling), row, ends[year, period])
    release = ward.of(report_card_releases).day[(year * PERIODS + period) * len(ward.place.schools.code) + school]
    middle = wanted.mean - wanted.low_income * (years.income[row] < LOW_INCOME)
    middle = middle - wanted.absence * found.absent[kept] / np.maximum(found.days[kept], 1) / 0.1
    middle += wanted.between_pupils * _normal(ward, "marks", pupil)
    mark = np.empty((len(row), len(SUBJECTS)))
    calendar = ward.span.first_year + year
    for place in range(len(SUBJECTS)):
        talent = wanted.between_subjects * _normal(ward, "talent", pupil, place)
        mark[:, place] = (
            middle + talent + wanted.between_periods * _normal(ward, "mark", pupil, calendar, period, place)
        )
    return Marks(kept, release, school, np.clip(mark, 0.0, 4.0))


def _normal(ward: Ward, what: str, who: Ints, *keys: Ints | int) -> Floats:
    return normal(ward.chance(what, who, *keys), ward.chance(f"{what}, too", who, *keys))


def school_at(found: Schooling, row: Ints, day: Ints) -> Ints:
    """The school in which the pupil of each pupil-year is on the day: the last that began by then."""
    spells, years = found.enrollments, found.years
    key = (spells.year * 10**7 + spells.pupil) * 10**6 + spells.entry
    wanted = (years.year[row] * 10**7 + years.pupil[row]) * 10**6 + day
    return np.asarray(spells.school[np.maximum(np.searchsorted(key, wanted, side="right") - 1, 0)])


# --- services ---


@dataclass(frozen=True)
class Services:
    """One element for each pupil-year, in the order of `PupilYears`."""

    special_education: Ints  # place in SERVED_FOR; 0 where not served
    english_learner: Bools
    lunch: Ints  # 0 paid, 1 reduced price, 2 free


def school_services(ward: Ward) -> Services:
    """Special education, help with English and meals of each pupil and year."""
    years, wanted = ward.of(schooling).years, ward.parameters.schools.services
    pupil = years.pupil
    known = (ward.people.disability[pupil] > 0) & (ward.chance("served at school", pupil) < wanted.disability_served)
    # Learning difficulties are found in the grades in which reading is taught: kindergarten to grade 4.
    found_in = KG + (ward.chance("difficulty found", pupil) * 5).astype(np.int64)
    more = np.where(years.income < LOW_INCOME, wanted.low_income, 1.0)
    draw = ward.chance("learning difficulty", pupil)
    learning = draw < wanted.learning_disability * more
    health = (draw >= 0.5) & (draw < 0.5 + wanted.health_impairment * more)
    other = np.where(learning, SERVED_FOR.index(LEARNING), np.where(health, SERVED_FOR.index(HEALTH), 0))
    special = np.where(known, ward.people.disability[pupil], np.where(years.grade >= found_in, other, 0))
    foreign = ward.people.language[pupil] > 0
    learns = foreign & (ward.chance("English learner", pupil) < wanted.english_learner)
    since = np.maximum(years.grade - KG, 0)
    learns &= ward.chance("learns English by", pupil) < 0.5 ** (since / wanted.years_to_english)
    certified = ward.chance("certified for meals", pupil, ward.span.first_year + years.year) < wanted.certified
    lunch = np.where(years.income < wanted.free_meals, 2, np.where(years.income < wanted.reduced_meals, 1, 0))
    return Services(special, learns, np.where(certified, lunch, 0))


# --- discipline ---


@dataclass(frozen=True)
class Discipline:
    """One element for each incident. `row`: place in `PupilYears`."""

    row: Ints
    day: Ints
    action: Ints  # place in ACTIONS
    days: Ints  # of suspension


def discipline(ward: Ward) -> Discipline:
    """Incidents on file, with what was done."""
    years, wanted = ward.of(schooling).years, ward.parameters.schools.discipline
    pupil, calendar = years.pupil, ward.span.first_year + years.year
    rate = np.array([wanted.incidents[one] for one in LEVELS])[_level(years.grade)] * (years.grade >= KG)
    rate = rate * np.where(ward.people.male[pupil], wanted.boys, 1.0)
    rate = rate * np.where(years.income < LOW_INCOME, wanted.low_income, 1.0)
    rate = rate * wanted.need ** ward.people.need[pupil] * (years.last - years.first + 1) / 285
    count = counts(ward.chance("incidents", pupil, calendar), np.minimum(rate, 8.0))
    row = np.repeat(np.arange(len(pupil)), count)
    turn = turns(count)
    who, when = pupil[row], calendar[row]
    length = years.last[row] - years.first[row] + 1
    day = years.first[row] + (ward.chance("incident on", who, when, turn) * length).astype(np.int64)
    day = np.maximum(workday(day), years.first[row])
    action = choose(ward.chance("what was done", who, when, turn), {one: wanted.action[one] for one in ACTIONS})
    suspended = 1 + (ward.chance("suspended for", who, when, turn) ** 2 * 9).astype(np.int64)
    order = np.lexsort((day, row))
    days = np.where(np.isin(action, (2, 3)), suspended, np.where(action == 4, 45, 0))
    return Discipline(row[order], day[order], action[order], days[order])


def graduation_day(year: int) -> int:
    """The day of the diploma: June 5 of the school year's second calendar year, or the Friday before it."""
    day = date(year + 1, 6, 5)
    return day.toordinal() - max(day.weekday() - FRIDAY, 0)

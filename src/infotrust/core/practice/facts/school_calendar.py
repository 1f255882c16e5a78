"""When school opens, marking periods end and report cards go home. The same in every ward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Ints, chances
from infotrust.core.practice.days import FRIDAY
from infotrust.core.practice.ward import Ward

PERIODS = 4
# From the Friday on which a marking period ends to the Monday of the week in which report cards go home.
TO_RELEASE_WEEK = 10


@dataclass(frozen=True)
class SchoolYear:
    """The days of one school year, as ordinals."""

    period: Period
    opening: int
    ends: tuple[int, ...]  # last day of each marking period
    birthday: int  # September 1: age on this day decides the grade

    @property
    def closing(self) -> int:
        return self.ends[-1]


def school_years(ward: Ward) -> tuple[SchoolYear, ...]:
    """Each school year of the county."""
    wanted = ward.parameters.schools.calendar
    found = []
    for period in ward.span.periods:
        year = ward.span.first_year + period.number
        earliest = date(year, 8, int(wanted.opens_from_august)).toordinal()
        opening = earliest + (-date.fromordinal(earliest).weekday()) % 7
        ends = tuple(opening + 7 * (int(week) - 1) + FRIDAY for week in wanted.period_ends_in_week.values())
        found.append(SchoolYear(period, opening, ends, date(year, 9, 1).toordinal()))
    return tuple(found)


@dataclass(frozen=True)
class Releases:
    """When each school gives out report cards: one element for each year, marking period and school, in this order, so
    that the row of (year, period, school) is `(year * PERIODS + period) * schools + school`, all counted from 0."""

    year: Ints  # number of the school year
    period: Ints  # 0 to 3
    school: Ints  # place in `place.schools`
    day: Ints
    friday: Bools


def report_card_releases(ward: Ward) -> Releases:
    """The releases of all schools of the county; no ward has its own."""
    schools, friday = len(ward.place.schools.code), ward.parameters.schools.report_cards.friday
    years = ward.of(school_years)
    shape = (len(years), PERIODS, schools)
    year, period, school = (axis.ravel() for axis in np.indices(shape))
    calendar_year = ward.span.first_year + year
    on_friday = chances("report cards on a Friday", ward.seed, school, calendar_year, period) < friday
    other = (chances("report cards on", ward.seed, school, calendar_year, period) * FRIDAY).astype(np.int64)
    ends = np.array([one.ends for one in years])[year, period]
    return Releases(year, period, school, ends + TO_RELEASE_WEEK + np.where(on_friday, FRIDAY, other), on_friday)

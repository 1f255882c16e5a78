"""Reports of child abuse and neglect: which families are reported, when, by whom, and what the agency finds.

Three causes make reports: everyday life in families under more or less strain, the removals of the life simulation
(each has a report before it), and punishment after a poor report card. Whom else a report is about says `involved`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Floats, Ints, choose
from infotrust.core.practice.days import FRIDAY, SATURDAY, weekday
from infotrust.core.practice.facts import events as happening
from infotrust.core.practice.facts.schooling import attendance, marks, schooling
from infotrust.core.practice.facts.strain import in_care, strain
from infotrust.core.practice.ward import REMOVALS, YEAR, Ward

ADULT = 18
CAUSES = ("everyday", "removal", "report_card")
AGES = ("infant", "preschool", "school", "teen")
AGE_LIMITS = (1, 5, 12)
ALLEGATIONS = ("neglect", "physical_abuse", "sexual_abuse", "emotional_abuse")
REPORTERS = (
    "education",
    "law",
    "medical",
    "social_services",
    "mental_health",
    "childcare",
    "parent",
    "relative",
    "neighbor",
    "anonymous",
)
PHYSICAL = ALLEGATIONS.index("physical_abuse")
YOUNGEST_PUPIL, OLDEST_PUPIL = 5, 11  # Bright and others (2019) looked at children of these ages
FIRST_SUMMER_DAYS = 45  # of a school year: July and the first half of August


@dataclass(frozen=True)
class Reports:
    """One element for each call to the hotline, in order of day and minute."""

    child: Ints  # whom the call is mainly about
    day: Ints
    minute: Ints
    household: Ints
    cause: Ints  # place in CAUSES; no agency knows it
    strained: Bools
    reporter: Ints  # place in REPORTERS
    allegation: Ints  # place in ALLEGATIONS
    second: Ints  # another one, or -1
    screened_in: Bools
    substantiated: Bools


@dataclass(frozen=True)
class _Calls:
    """Calls before anything about them but their cause is known."""

    child: Ints
    day: Ints
    cause: Ints


def reports(ward: Ward) -> Reports:
    calls = _in_time(ward, [_everyday(ward), _before_removals(ward), _after_report_cards(ward)])
    child, day, cause = calls.child, calls.day, calls.cause
    age, strained = age_group(ward, child, day), strain(ward, child, day)
    reporter = _reporters(ward, calls, age)
    allegation = _allegations(ward, calls, age)
    second = (allegation + 1 + (ward.chance("report: which", child, day) * 3).astype(np.int64)) % len(ALLEGATIONS)
    has_second = ward.chance("report: second", child, day) < ward.parameters.protection.second_allegation
    screened_in, substantiated = _findings(ward, calls, age, strained, reporter, allegation)
    return Reports(
        child,
        day,
        _minutes(ward, calls, reporter),
        ward.household(child, day),
        cause,
        strained,
        reporter,
        allegation,
        np.where(has_second, second, -1),
        screened_in,
        substantiated,
    )


def age_group(ward: Ward, child: Ints, on: Ints | int) -> Ints:
    """The place in AGES of each child."""
    return np.searchsorted(AGE_LIMITS, ward.age(child, on), side="right").astype(np.int64)


# --- the three causes ---


def _in_time(ward: Ward, parts: list[_Calls]) -> _Calls:
    """The calls about children who are there, each child at most once a day, in order."""
    child, day, cause = (np.concatenate([getattr(one, name) for one in parts]) for name in ("child", "day", "cause"))
    fits = (day >= ward.span.first) & (day <= ward.span.last) & ward.present(child, day)
    fits &= (ward.age(child, day) < ADULT) & ((cause == CAUSES.index("removal")) | ~in_care(ward, child, day))
    child, day, cause = child[fits], day[fits], cause[fits]
    order = np.lexsort((-cause, child, day))
    child, day, cause = child[order], day[order], cause[order]
    new = np.ones(len(child), dtype=np.bool_)
    new[1:] = (child[1:] != child[:-1]) | (day[1:] != day[:-1])
    return _Calls(child[new], day[new], cause[new])


def _everyday(ward: Ward) -> _Calls:
    found = happening.joined([_everyday_in(ward, period) for period in ward.span.periods])
    return _Calls(found.person, found.day, np.zeros(len(found.day), dtype=np.int64))


def _everyday_in(ward: Ward, period: Period) -> happening.Events:
    """Reports are drawn at the rate of the age reported most, then thinned to the age on their day."""
    numbers = ward.parameters.protection
    birth = ward.people.birth
    young = np.flatnonzero((birth <= period.last) & (birth > period.first - int(ADULT * YEAR)))
    on = np.maximum((period.first + period.last) // 2, birth[young])
    factors = np.array([numbers.age_factor[age] for age in AGES])
    rate = np.where(strain(ward, young, on), numbers.strain.reports, 1.0)
    there = ward.present(young, on)
    mean = (rate * factors[age_group(ward, young, on)])[there].mean() if there.any() else 1.0
    rate = numbers.referrals_per_child / mean * rate * factors.max()
    found = happening.drawn(ward, "report", period, young, rate, day_weights(ward, period))
    keep = ward.chance("report: age", found.person, found.day, found.order)
    return happening.kept(found, keep < factors[age_group(ward, found.person, found.day)] / factors.max())


def day_weights(ward: Ward, period: Period) -> Floats:
    """How many everyday reports come on each day of the period, against a Monday of the school year."""
    numbers = ward.parameters.protection
    days = np.arange(period.first, period.last + 1)
    weekly = np.array([numbers.weekday_factor[name] for name in happening.WEEKDAYS])
    summer = np.where(days - period.first < FIRST_SUMMER_DAYS, numbers.summer_factor, 1.0)
    return np.asarray(weekly[weekday(days)] * summer)


def first_removals(ward: Ward) -> Ints:
    """The placements with which an episode begins: not those in which a child only changes the place."""
    kept = ward.placements
    order = np.lexsort((kept.first, kept.child))
    begins = np.ones(len(order), dtype=np.bool_)
    same = kept.child[order][1:] == kept.child[order][:-1]
    begins[1:] = ~(same & (kept.last[order][:-1] >= kept.first[order][1:] - 1))
    return np.sort(order[begins])


def removal_reports(ward: Ward) -> tuple[Ints, Ints]:
    """For each of `first_removals`: the child the report before it is mainly about, and the day of that report.

    Brothers and sisters who are removed from one home on one day have one report.
    """
    row = first_removals(ward)
    child, first = ward.placements.child[row], ward.placements.first[row]
    birth, arrival = ward.people.birth[child], ward.people.arrival[child]
    home = ward.household(child, np.maximum(first - 1, birth))
    order = np.lexsort((birth, first, home))
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = (home[order][1:] != home[order][:-1]) | (first[order][1:] != first[order][:-1])
    main = np.empty(len(order), dtype=np.int64)
    main[order] = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    leads = ward.parameters.protection.removals.lead
    lead = np.array(list(leads))[choose(ward.chance("removal: lead", child[main], first), leads)]
    earliest = np.maximum(np.maximum(birth, arrival), ward.span.first)[main]
    return child[main], np.maximum(first - lead, np.minimum(earliest, first))


def _before_removals(ward: Ward) -> _Calls:
    child, day = removal_reports(ward)
    once = np.unique(np.stack([child, day]), axis=1) if len(child) else np.empty((2, 0), dtype=np.int64)
    return _Calls(once[0], once[1], np.full(once.shape[1], CAUSES.index("removal")))


def _after_report_cards(ward: Ward) -> _Calls:
    """Reports on the day after a poor report card: many more where no school day or working day lies between."""
    numbers = ward.parameters.protection.report_cards
    cards, years = ward.of(marks), ward.of(schooling).years
    pupil = years.pupil[ward.of(attendance).row[cards.row]]
    age = ward.age(pupil, cards.release)
    poor = (cards.mark.mean(axis=1) < numbers.poor_below) & (age >= YOUNGEST_PUPIL) & (age < OLDEST_PUPIL + 1)
    pupil, release = pupil[poor], cards.release[poor]
    friday = weekday(release) == FRIDAY
    share = np.where(friday, numbers.friday, numbers.other_days)
    share = share * np.where(strain(ward, pupil, release), 1.0, numbers.without_strain)
    punished = ward.chance("report card", pupil, release) < share
    pupil, day = pupil[punished], release[punished] + 1
    return _Calls(pupil, day, np.full(len(day), CAUSES.index("report_card")))


# --- what is written in the report ---


def _reporters(ward: Ward, calls: _Calls, age: Ints) -> Ints:
    numbers = ward.parameters.protection
    chance = ward.chance("report: reporter", calls.child, calls.day)
    chosen = np.empty(len(chance), dtype=np.int64)
    closed = _school_closed(ward, calls.day)
    everyday, removal = calls.cause == 0, calls.cause == CAUSES.index("removal")
    for place, name in enumerate(AGES):
        _choose_into(chosen, everyday & ~closed & (age == place), chance, numbers.reporters[name], REPORTERS)
    _choose_into(chosen, everyday & closed, chance, numbers.reporters.closed, REPORTERS)
    _choose_into(chosen, removal & (age == 0), chance, numbers.removals.reporters.infant, REPORTERS)
    _choose_into(chosen, removal & (age > 0), chance, numbers.removals.reporters.older, REPORTERS)
    _choose_into(chosen, ~everyday & ~removal, chance, numbers.report_cards.reporters, REPORTERS)
    return chosen


def _school_closed(ward: Ward, day: Ints) -> Bools:
    in_summer = np.zeros(len(day), dtype=np.bool_)
    for period in ward.span.periods:
        in_summer |= (day >= period.first) & (day - period.first < FIRST_SUMMER_DAYS)
    return np.asarray(in_summer | (weekday(day) >= SATURDAY))


def _choose_into(chosen: Ints, where: Bools, chance: Floats, shares: dict[str, float], names: tuple[str, ...]) -> None:
    places = np.array([names.index(name) for name in shares])
    chosen[where] = places[choose(chance[where], shares)]


def _allegations(ward: Ward, calls: _Calls, age: Ints) -> Ints:
    numbers = ward.parameters.protection
    chance = ward.chance("report: allegation", calls.child, calls.day)
    chosen = np.full(len(chance), PHYSICAL, dtype=np.int64)
    for place, name in enumerate(AGES):
        _choose_into(chosen, (calls.cause == 0) & (age == place), chance, numbers.allegations[name], ALLEGATIONS)
    physical = _removed_for_abuse(ward, calls)
    removal = calls.cause == CAUSES.index("removal")
    chosen[removal] = np.where(physical[removal], PHYSICAL, 0)
    return chosen


def _removed_for_abuse(ward: Ward, calls: _Calls) -> Bools:
    """Whether the removal that follows the call names physical abuse."""
    child, day = removal_reports(ward)
    row = first_removals(ward)
    named = ward.placements.reason[row] == REMOVALS.index("physical_abuse")
    key = calls.child * 10**7 + calls.day
    return np.isin(key, (child * 10**7 + day)[named])


def _findings(
    ward: Ward, calls: _Calls, age: Ints, strained: Bools, reporter: Ints, allegation: Ints
) -> tuple[Bools, Bools]:
    """Which calls are screened in, and which of those are substantiated; those before removals are both."""
    numbers = ward.parameters.protection
    removal = calls.cause == CAUSES.index("removal")
    screens = np.array([numbers.screened_in[name] for name in REPORTERS])[reporter]
    screened_in = removal | (ward.chance("report: screen", calls.child, calls.day) < screens)
    share = np.array([numbers.substantiated[name] for name in AGES])[age]
    share = np.where(allegation == PHYSICAL, numbers.substantiated_physical, share)
    share = share * np.where(strained, numbers.substantiated_strain, 1.0)
    found = removal | (ward.chance("report: finding", calls.child, calls.day) < share)
    return screened_in, screened_in & found


def _minutes(ward: Ward, calls: _Calls, reporter: Ints) -> Ints:
    """Professionals call in working hours, others from noon into the night."""
    chance = ward.chance("report: minute", calls.child, calls.day)
    numbers = ward.parameters.protection
    office = (reporter <= REPORTERS.index("childcare")) & (reporter != REPORTERS.index("law"))
    hours, evenness = numbers.busiest_hour, numbers.all_day
    by_offices, by_others = (happening.minutes(chance, hours[one], evenness[one]) for one in ("offices", "others"))
    return np.where(office, by_offices, by_others)

"""Who takes part in what, and where families sleep: by age and income, year after year.

Each function looks at a county on a day or in a school year; none of them knows how an agency writes it down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from infotrust.core.errors import UserFacingError
from infotrust.core.practice_old.county import BASE, HORIZON, YEAR, Bools, County, Floats, Ints, Texts

FIRST_PERIOD = "2025-26"
HOUSED, SHELTER, DOUBLED_UP, HOTEL, UNSHELTERED = "housed", "shelter", "doubled_up", "hotel", "unsheltered"


@dataclass(frozen=True)
class Period:
    """A school year, July to June. `number` counts from the first one the county knows."""

    label: str
    first: int
    last: int
    number: int


def period_of(label: str) -> Period:
    """Return the school year called `label`, such as 2025-26; raise `UserFacingError` where the county has none."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", label)
    year = int(found[1]) if found else 0
    if not found or (year + 1) % 100 != int(found[2]) or not BASE <= date(year + 1, 6, 30).toordinal() <= HORIZON:
        raise UserFacingError(
            f"The county knows no period {label!r}.", next_step="Give one of 2025-26, 2026-27, 2027-28, 2028-29."
        )
    return Period(label, date(year, 7, 1).toordinal(), date(year + 1, 6, 30).toordinal(), year - 2025)


def low_income(county: County, limit: float) -> Bools:
    """For each person, whether the household's income is below `limit` times the poverty level."""
    return np.asarray(county.household.income[county.person.household] < limit)


def ages(county: County, on: int) -> Floats:
    return np.asarray((on - county.person.birth) / YEAR)


def residence(county: County, number: int) -> Texts:
    """Where each household sleeps at some time in the school year `number` (0 is the first; negative before it)."""
    programs = county.parameters.programs
    rate = np.where(county.household.income < programs.shelter_income_limit, programs.family_in_shelter, 0.0)
    # The window moves each year, so that the share `shelter_again` of the families is in it twice.
    place = (county.household_chance("in shelter") + (1 - programs.shelter_again) * rate * number) % 1
    slept = np.full(len(rate), HOUSED, dtype=object)
    chance = county.household_chance(f"without a home {number}")
    poor = county.household.income < programs.low_income
    limits = np.cumsum([programs.doubled_up, programs.hotel, programs.unsheltered])
    for code, low, high in zip((DOUBLED_UP, HOTEL, UNSHELTERED), (0, *limits), limits, strict=False):
        slept[poor & (chance >= low) & (chance < high)] = code
    slept[place < rate] = SHELTER
    return slept


def stay_began(county: County, number: int) -> Ints:
    """The day on which a household's stay of the year began, were it to have one."""
    first = date(2025 + number, 8, 15).toordinal()
    return np.asarray(first + (county.household_chance(f"stay began {number}") * 300).astype(np.int64))


def early_intervention_clients(county: County, last: int) -> Bools:
    """For each person, whether they were referred to Part C in the years kept, up to the day `last`."""
    programs, age = county.parameters.programs, ages(county, last)
    rate = np.where(low_income(county, programs.low_income), programs.referred_low_income, programs.referred)
    rate = np.where(visited(county, last), np.maximum(rate, programs.referred_visited), rate)
    rate = np.where(_is_twin(county), programs.referred_twin, rate)
    return np.asarray(
        (county.chance("referred") < rate)
        & county.person.child
        & (age >= 0)
        & (age < programs.keeps_records_years)
        & (referred_on(county) <= last)
    )


def _is_twin(county: County) -> Bools:
    delivery = county.person.delivery
    found = np.zeros(len(delivery), dtype=bool)
    same = (delivery[1:] == delivery[:-1]) & (delivery[1:] >= 0)
    found[1:] |= same
    found[:-1] |= same
    return found


def referred_on(county: County) -> Ints:
    """For each person, the day of a referral to Part C, were there one."""
    return np.asarray(county.person.birth + (county.chance("referral age") * 2.85 * YEAR).astype(np.int64))


def visited(county: County, last: int) -> Bools:
    """For each person, whether home visitors came in the years kept, up to the day `last`."""
    programs, person = county.parameters.programs, county.person
    mother_age = np.where(person.mother >= 0, (person.birth - person.birth[person.mother]) / YEAR, 30.0)
    rate = np.where(low_income(county, programs.low_income), programs.visited_low_income, programs.visited)
    rate = np.where(mother_age < 22, programs.visited_young_mother, rate)
    # Twins are enrolled together: the chance is that of the first of a delivery.
    first = np.unique(person.delivery, return_index=True)
    chance = county.chance("visited")
    together = np.where(person.delivery >= 0, chance[first[1][np.searchsorted(first[0], person.delivery)]], 1.0)
    age = ages(county, last)
    young = (age >= 0) & (age < programs.keeps_records_years) & (first_visit(county) <= last)
    return np.asarray(young & person.child & (together < rate))


def first_visit(county: County) -> Ints:
    """For each person, the day of the first home visit, were there one; it may be before the birth."""
    return np.asarray(county.person.birth + ((county.chance("first visit") * 1.5 - 0.3) * YEAR).astype(np.int64))


def snap_households(county: County, last: int) -> tuple[Bools, Ints]:
    """For each household, whether it is certified for SNAP on the day `last`, and since when."""
    programs, income = county.parameters.programs, county.household.income
    chance = county.household_chance("takes part")
    limit = programs.snap_income_limit
    rate = np.where(income < limit, programs.snap_takes_part, np.where(income < 2.0, programs.snap_near_limit, 0.0))
    since = BASE + 365 - (county.household_chance("SNAP since") * 8 * YEAR).astype(np.int64)
    until = since + ((0.5 - np.log1p(-county.household_chance("SNAP until")) * 14) * YEAR).astype(np.int64)
    certified = since + np.maximum(last - since, 0) // 365 * 365
    return np.asarray((chance < rate) & (since <= last) & (until > last)), np.asarray(certified)


def homeless_households(county: County, period: Period) -> tuple[Bools, Ints, Bools]:
    """For each household: known to homeless services in the three years up to the period, when its latest stay began,
    and whether the stay was in a shelter (otherwise help to keep or find a home)."""
    programs = county.parameters.programs
    joins_in = county.household_chance("unknown") >= programs.unknown_to_homeless_services
    known = np.zeros(len(joins_in), dtype=bool)
    began = np.full(len(joins_in), 0)
    sheltered = np.zeros(len(joins_in), dtype=bool)
    alone = (county.household.kind == "single") & (county.household.income < programs.low_income)
    for number in range(period.number - 2, period.number + 1):
        slept = residence(county, number)
        in_shelter = (slept == SHELTER) & joins_in & (county.household.kind != "single")
        in_shelter |= alone & (county.household_chance(f"alone {number}") < programs.single_adults_homeless)
        helped = (slept == DOUBLED_UP) & (county.household_chance(f"helped {number}") < programs.doubled_up_known)
        now = in_shelter | helped
        known |= now
        began = np.where(now, stay_began(county, number), began)
        sheltered = np.where(now, in_shelter, sheltered)
    return known, began, sheltered

"""Five agencies' files for one period: what each writes down about those who take part (see `participation`).

The columns are those that examples/marigold/datasets.yaml describes; a test compares.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from infotrust.core.practice_old.county import YEAR, County, Floats, Ints, Texts, stream
from infotrust.core.practice_old.participation import (
    DOUBLED_UP,
    HOUSED,
    SHELTER,
    Period,
    ages,
    early_intervention_clients,
    first_visit,
    homeless_households,
    low_income,
    referred_on,
    residence,
    snap_households,
    visited,
)
from infotrust.core.practice_old.recording import Sheet, written

# Poverty guideline of 2025 for the 48 states: one person, and each further person, in dollars a year (HHS).
POVERTY_LINE, POVERTY_LINE_MORE = 15_650, 5_500
# Largest monthly SNAP benefit: one person, and about each further person, in dollars (fiscal year 2026, rounded).
LARGEST_BENEFIT, LARGEST_BENEFIT_MORE = 298, 232

GRADES = ("PK", "KG", *(f"{grade:02d}" for grade in range(1, 13)))


@dataclass
class File:
    """One agency's file: `columns` by name, in order; `key` names the column that tells rows apart."""

    dataset: str
    key: str
    sheet: Sheet
    columns: dict[str, Texts]
    rejected: Texts

    def __len__(self) -> int:
        return len(self.sheet)


def _sheet(county: County, dataset: str, who: Ints, on: Ints, as_of: int) -> Sheet:
    """A sheet of `who`; those entered twice have a second record, written one to three years earlier."""
    again = np.flatnonzero(
        county.chance(f"{dataset} entered twice")[who] < county.parameters.habits[dataset].entered_twice
    )
    earlier = on[again] - (365 + 730 * county.chance(f"{dataset} entered before")[who[again]]).astype(np.int64)
    copy = np.concatenate([np.zeros(len(who), dtype=np.int64), np.ones(len(again), dtype=np.int64)])
    return Sheet(county, dataset, np.concatenate([who, who[again]]), np.concatenate([on, earlier]), copy, as_of)


def _keys(county: County, dataset: str, number: Ints, pattern: str) -> Texts:
    """An agency's own numbers, distinct, in no order of persons, the same in each period. 99,999,989 is prime."""
    rng = stream(county.seed, f"{dataset} keys")
    step, offset = int(rng.integers(10**6, 10**8)), int(rng.integers(10**8))
    return np.array([pattern.format(one) for one in (number * step + offset) % 99_999_989], dtype=object)


def _coded(chance: Floats, shares: dict[str, float]) -> Texts:
    """A code for each chance; `shares` add up to 1."""
    codes = np.array(list(shares), dtype=object)
    return codes[np.minimum(np.searchsorted(np.cumsum(list(shares.values())), chance, side="right"), len(codes) - 1)]


def _numbers(values: Ints) -> Texts:
    return np.array([str(int(value)) for value in values], dtype=object)


def _finish(sheet: Sheet, key: str, columns: dict[str, Texts], code: str, born: str, bad_date: str) -> File:
    """Spoil a few rows as life does, and put the file in the order of its keys."""
    rejected = np.full(len(sheet), "", dtype=object)
    count = max(1, round(sheet.habits.bad_rows * len(sheet))) if sheet.habits.bad_rows and len(sheet) > 20 else 0
    for turn, row in enumerate(np.argsort(sheet.chance("bad row"), kind="stable")[:count]):
        column, value, reason = ((born, bad_date, "invalid date"), (code, "?", "unknown code"), (key, "", "no key"))[
            turn % 3
        ]
        columns[column][row], rejected[row] = value, reason
    order = np.argsort(columns[key].astype(str), kind="stable")
    sheet.who, sheet.on, sheet.copy = sheet.who[order], sheet.on[order], sheet.copy[order]
    sheet.mistakes = [sheet.mistakes[row] for row in order]
    return File(sheet.dataset, key, sheet, {name: column[order] for name, column in columns.items()}, rejected[order])


# --- the files ---


def school_enrollment(county: County, period: Period) -> File:
    """Pupils by age on September 1; where they sleep as far as the school knows."""
    programs, person = county.parameters.programs, county.person
    opening = date(2025 + period.number, 9, 1).toordinal()
    age = np.floor(ages(county, opening)).astype(np.int64)
    poor = low_income(county, programs.low_income)
    held_back = (county.chance("held back") < programs.repeats_a_grade) & (age >= 6)
    grade = age - 4 - held_back  # 0 is pre-kindergarten at four
    grade = np.where(age == 3, 0, grade)
    in_pre_k = county.chance("pre-K") < np.where(poor, programs.pre_k_low_income, programs.pre_k)
    attends = (county.chance("public school") < programs.public_school) & (grade >= 0) & (grade <= 13)
    who = np.flatnonzero(attends & person.child & ((grade > 0) | (in_pre_k & (age >= 3))))
    asked = np.where(
        county.chance("address asked")[who] < 0.8, 0, 1 + (county.chance("asked")[who] * 4).astype(np.int64)
    )
    sheet = _sheet(county, "school-enrollment", who, opening - 12 - 365 * asked, period.last)
    given, family = sheet.names()
    street, city, zip_code = sheet.address()
    code = grade[sheet.who]
    columns = {
        "pupil_id": _keys(county, sheet.dataset, sheet.who * 2 + sheet.copy, "{:08d}"),
        "first_name": given,
        "middle_name": sheet.middle(),
        "last_name": family,
        "suffix": sheet.suffix(),
        "birth_date": sheet.birth_dates("%m/%d/%Y"),
        "sex": sheet.sex("M", "F", "X"),
        "street": street,
        "city": city,
        "zip": zip_code,
        "guardian_name": sheet.parent(),
        "guardian_phone": sheet.phone("{}-{:03d}-{:04d}"),
        "school": _school(code, person.household[sheet.who]),
        "grade": np.array(GRADES, dtype=object)[code],
        "entry_date": written(
            opening + np.where(sheet.chance("late") < 0.08, sheet.chance("day") * 200, -7).astype(np.int64), "%m/%d/%Y"
        ),
    }
    columns |= _school_content(sheet, period)
    return _finish(sheet, "pupil_id", columns, "sex", "birth_date", "02/30/2015")


def _school(grade: Ints, household: Ints) -> Texts:
    level = np.where(grade <= 6, "E", np.where(grade <= 9, "M", "H"))
    sites = np.where(grade <= 6, 6, np.where(grade <= 9, 3, 2))
    return np.array([f"{a}{b:02d}" for a, b in zip(level, household % sites + 1, strict=True)], dtype=object)


def _school_content(sheet: Sheet, period: Period) -> dict[str, Texts]:
    county, home = sheet.county, sheet.county.person.household[sheet.who]
    programs = county.parameters.programs
    truly = residence(county, period.number)[home]
    knows = county.household_chance("school knows")[home] < programs.school_knows_shelter
    said = np.where((truly == SHELTER) & ~knows, np.where(sheet.chance("half") < 0.5, DOUBLED_UP, HOUSED), truly)
    said = np.where((said == HOUSED) & (sheet.chance("wrong shelter") < programs.school_wrong_shelter), SHELTER, said)
    poor = county.household.income[home] < programs.low_income
    usual = np.where(truly == SHELTER, 22.0, np.where(poor, 12.0, 7.0))
    absent = np.minimum(-np.log1p(-sheet.chance("absent")) * usual, 170).astype(np.int64)
    special = sheet.chance("special") < np.where(early_intervention_clients(county, period.last)[sheet.who], 0.42, 0.12)
    return {
        "nighttime_residence": said.astype(object),
        "race_ethnicity": _race(sheet),
        "home_language": _language(sheet),
        "special_education": np.where(special, "Y", "N").astype(object),
        "days_absent": _numbers(absent),
        "discipline_incidents": _numbers((-np.log1p(-sheet.chance("discipline")) * 0.35).astype(np.int64)),
    }


def _race(sheet: Sheet) -> Texts:
    usual = {"english": "WH", "black": "BL", "hispanic": "HI", "vietnamese": "AS", "chinese": "AS", "arab": "WH"}
    race = np.array([usual[one] for one in sheet.county.person.community[sheet.who]], dtype=object)
    chance = sheet.chance("race")
    race[chance < 0.06] = "MU"
    race[chance > 0.98] = "NR"
    return race


def _language(sheet: Sheet) -> Texts:
    usual = {"hispanic": "spa", "vietnamese": "vie", "chinese": "zho", "arab": "ara"}
    spoken = np.array([usual.get(one, "eng") for one in sheet.county.person.community[sheet.who]], dtype=object)
    home = sheet.county.household_chance("language")[sheet.county.person.household[sheet.who]]
    spoken[home < 0.4] = "eng"
    spoken[home > 0.985] = "oth"
    return spoken


def early_intervention(county: County, period: Period) -> File:
    who = np.flatnonzero(early_intervention_clients(county, period.last))
    sheet = _sheet(county, "early-intervention", who, referred_on(county)[who], period.last)
    given, family = sheet.names()
    street, city, zip_code = sheet.address()
    age = ages(county, period.last)[sheet.who]
    leaves = sheet.chance("leaves")
    eligible = _coded(sheet.chance("eligible"), {"delay": 0.62, "condition": 0.2, "not_eligible": 0.18})
    exited = (age >= 3) | (leaves < 0.25) | (eligible == "not_eligible")
    why_young = _coded(sheet.chance("why"), {"goals_met": 0.45, "moved": 0.25, "withdrawn": 0.3})
    why = np.where(
        (age >= 3) & (leaves >= 0.25), np.where(sheet.chance("part B") < 0.6, "part_b", "age_three"), why_young
    )
    sent = visited(county, period.last)[sheet.who] & (
        sheet.chance("visitor") < county.parameters.programs.referral_by_visitor
    )
    source = _coded(
        sheet.chance("source"), {"doctor": 0.48, "hospital": 0.18, "family": 0.18, "child_care": 0.1, "other": 0.06}
    )
    columns = {
        "client_id": _keys(county, sheet.dataset, sheet.who * 2 + sheet.copy, "EI{:08d}"),
        "child_first_name": given,
        "child_last_name": family,
        "dob": sheet.birth_dates("%Y-%m-%d"),
        "sex": sheet.sex("M", "F", "U"),
        "mother_name": sheet.parent(),
        "street_address": street,
        "city": city,
        "zip_code": zip_code,
        "phone": sheet.phone("({}) {:03d}-{:04d}"),
        "referral_date": written(sheet.on, "%Y-%m-%d"),
        "referral_source": np.where(sent, "home_visiting", source).astype(object),
        "eligibility": eligible,
        "status": np.where(exited, "exited", "active").astype(object),
        "exit_reason": np.where(exited & (eligible != "not_eligible"), why, "").astype(object),
        "diagnosis": _coded(
            sheet.chance("diagnosis"), {"": 0.7, "speech delay": 0.2, "motor delay": 0.06, "hearing loss": 0.04}
        ),
    }
    return _finish(sheet, "client_id", columns, "sex", "dob", "2021-02-30")


def home_visiting(county: County, period: Period) -> File:
    who = np.flatnonzero(visited(county, period.last))
    sheet = _sheet(county, "home-visiting", who, first_visit(county)[who], period.last)
    given, family = sheet.names()
    street, city, zip_code = sheet.address()
    parent = sheet.parent()
    # Before the birth the child has no record: the visitor completes the sheet when the child is born.
    enrolled = np.minimum(sheet.on, first_visit(county)[sheet.who])
    months = 2 + (sheet.chance("months") ** 1.5 * 58).astype(np.int64)
    ended = enrolled + months * 30
    visits = np.maximum(
        1, (np.minimum(ended, period.last) - enrolled) // 30 * 2 - (sheet.chance("visits") * 9).astype(np.int64)
    )
    columns = {
        "enrollment_id": _keys(county, sheet.dataset, sheet.who * 2 + sheet.copy, "HV-{:08d}"),
        "child_first": given,
        "child_last": family,
        "child_birth_date": sheet.birth_dates("%m-%d-%Y"),
        "child_sex": sheet.sex("2", "1", "9"),
        "mother_name": parent,
        "address": street,
        "city": city,
        "zip": zip_code,
        "mother_phone": sheet.phone("{}.{:03d}.{:04d}"),
        "mother_email": _emails(sheet, parent),
        "model": _coded(sheet.chance("model"), {"NUR": 0.4, "EDU": 0.35, "SUP": 0.25}),
        "enrolled_on": written(enrolled, "%m-%d-%Y"),
        "ended_on": np.where(ended <= period.last, written(ended, "%m-%d-%Y"), ""),
        "visits": _numbers(visits),
        "depression_screen": _coded(sheet.chance("screen"), {"neg": 0.72, "pos": 0.13, "none": 0.15}),
    }
    return _finish(sheet, "enrollment_id", columns, "child_sex", "child_birth_date", "13-01-2022")


def _emails(sheet: Sheet, parent: Texts) -> Texts:
    """The parent's address at a domain that can never exist (RFC 2606)."""
    has = sheet.chance("e-mail") < 0.7
    number = sheet.county.person.household[sheet.who] % 97
    made = [f"{re.sub('[^a-z]+', '.', name.lower())}{n}@mail.example" for name, n in zip(parent, number, strict=True)]
    return np.where(has, np.array(made, dtype=object), "")


def snap(county: County, period: Period) -> File:
    certified, since = snap_households(county, period.last)
    age, person = ages(county, period.last), county.person
    who = np.flatnonzero(certified[person.household] & person.child & (age >= 0) & (age < 18))
    sheet = _sheet(county, "snap", who, since[person.household[who]], period.last)
    given, family = sheet.names()
    street, city, zip_code = sheet.address()
    home = person.household[sheet.who]
    members = np.bincount(person.household[(age >= 0)], minlength=len(certified))[home]
    income = county.household.income[home] * (POVERTY_LINE + POVERTY_LINE_MORE * (members - 1)) / 12
    largest = LARGEST_BENEFIT + LARGEST_BENEFIT_MORE * (members - 1)
    # The benefit is the largest one less 30% of net income; net is taken as 60% of the countable income (chosen).
    benefit = np.maximum(largest - 0.3 * 0.6 * income, 24)
    columns = {
        "client_number": _keys(county, sheet.dataset, sheet.who * 2 + sheet.copy, "C{:08d}"),
        "case_number": _keys(county, "snap cases", home, "{:08d}"),
        "last_name": family,
        "first_name": given,
        "middle_initial": sheet.middle(initial=True),
        "birth_date": sheet.birth_dates("%Y%m%d"),
        "sex": sheet.sex("M", "F", "U"),
        "ssn": sheet.ssn(),
        "head_of_household": sheet.parent(family_first=True),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("{}{:03d}{:04d}"),
        "certified_from": written(since[home], "%Y%m%d"),
        "certified_to": written(since[home] + 364, "%Y%m%d"),
        "household_size": _numbers(members),
        "monthly_benefit": np.array([f"{amount:.2f}" for amount in np.round(benefit)], dtype=object),
        "monthly_income": np.array([f"{amount:.2f}" for amount in np.round(income, -1)], dtype=object),
    }
    return _finish(sheet, "client_number", columns, "sex", "birth_date", "20190231")


def homeless_clients(county: County, period: Period) -> File:
    known, began, sheltered = homeless_households(county, period)
    person, home_of = county.person, county.person.household
    who = np.flatnonzero(known[home_of] & (person.birth <= period.last))
    sheet = _sheet(county, "homeless-clients", who, began[home_of[who]], period.last)
    given, family = sheet.names()
    home = home_of[sheet.who]
    entered = np.maximum(began[home], person.birth[sheet.who])
    left = entered + 1 + (-np.log1p(-county.household_chance("stay")[home]) * 75).astype(np.int64)
    adult = (entered - person.birth[sheet.who]) / YEAR >= 18
    kind = _coded(county.household_chance("kind of program")[home], {"ES": 0.62, "TH": 0.18, "RRH": 0.2})
    role = np.where(
        person.head[sheet.who], "1", np.where(person.child[sheet.who], "2", np.where(person.male[sheet.who], "3", "4"))
    )
    columns = {
        "personal_id": _keys(county, sheet.dataset, sheet.who * 2 + sheet.copy, "{:08d}"),
        "household_id": _keys(county, "homeless households", home, "H{:08d}"),
        "first_name": given,
        "last_name": family,
        "name_suffix": sheet.suffix(),
        "dob": sheet.birth_dates("%Y-%m-%d"),
        "ssn": sheet.ssn(),
        "sex": sheet.sex("1", "0", "99"),
        "last_zip": sheet.address()[2],
        "relationship": role.astype(object),
        "project_type": np.where(sheltered[home], kind, "PRV").astype(object),
        "entry_date": written(entered, "%Y-%m-%d"),
        "exit_date": np.where(left <= period.last, written(left, "%Y-%m-%d"), ""),
        "veteran": np.where(adult, np.where(sheet.chance("veteran") < 0.06, "Y", "N"), "NA").astype(object),
        "domestic_violence": _coded(sheet.chance("violence"), {"N": 0.6, "Y": 0.22, "NR": 0.18}),
    }
    return _finish(sheet, "personal_id", columns, "sex", "dob", "2014-06-31")


FILES: dict[str, Callable[[County, Period], File]] = {
    "school-enrollment": school_enrollment,
    "early-intervention": early_intervention,
    "home-visiting": home_visiting,
    "snap": snap,
    "homeless-clients": homeless_clients,
}

"""Home visiting: mothers and children, enrollments, every visit, and the screenings made at visits.

Visitors write names as they hear them, and the child's when it is born.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.agencies.records_of import numbered
from infotrust.core.practice.agencies.register import RACE_ABOUT, Register, latest
from infotrust.core.practice.agencies.words import office, worded, yes_no
from infotrust.core.practice.chance import Ints, Texts
from infotrust.core.practice.facts.visiting import (
    ENDINGS,
    MODELS,
    VISITS,
    Enrollments,
    enrollments,
    screenings,
    visits,
)
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import LANGUAGES, Ward

AGENCY = "home-visiting"

CHILDREN = Layout(
    AGENCY,
    "children",
    "Children of enrolled families",
    "child_id",
    {
        "child_id": "the program's number of the child",
        "first_name": "as the visitor wrote it, often what the child is called",
        "last_name": "family name, as the visitor wrote it",
        "birth_date": "MM-DD-YYYY",
        "sex": "1 female, 2 male, 9 not recorded",
        "mother_name": "first and last name of the mother or of the one who cares for the child",
        "street": "where the visits take place",
        "city": "city",
        "zip": "ZIP code",
        "phone": "number the visitor calls",
    },
    identity=True,
)
CAREGIVERS = Layout(
    AGENCY,
    "caregivers",
    "Mothers who are visited",
    "caregiver_id",
    {
        "caregiver_id": "the program's number of the mother",
        "first_name": "as the visitor wrote it",
        "last_name": "family name",
        "birth_date": "MM-DD-YYYY",
        "race": RACE_ABOUT,
        "language": f"language at home: {', '.join(LANGUAGES)} (ISO 639-3; oth another)",
        "street": "where the visits take place",
        "city": "city",
        "zip": "ZIP code",
        "phone": "number the visitor calls",
        "email": "address for reminders",
    },
    identity=True,
)
ENROLLMENTS = Layout(
    AGENCY,
    "enrollments",
    "Enrollments, one for each child",
    "enrollment_id",
    {
        "enrollment_id": "number of the enrollment; its year is that of the first visit, or of the birth if later",
        "child_id": "the child",
        "caregiver_id": "the mother",
        "model": "NUR nurse visits from pregnancy to age two, EDU parent educators to age five, SUP family support to "
        "age three",
        "office": "office of the program, such as HV03",
        "enrolled_on": "day of the first visit; before the birth in some families",
        "ended_on": "day on which the enrollment ended; empty while it lasts",
        "end_reason": "completed (the model's age), stopped (by the family), lost (not found any more), moved, died; "
        "empty while it lasts",
    },
)
VISITS_TABLE = Layout(
    AGENCY,
    "visits",
    "Visits that took place, to the family of an enrollment (of twins: the firstborn's)",
    "visit_id",
    {
        "visit_id": "number of the visit; its year is that of the day",
        "enrollment_id": "the enrollment",
        "visited_on": "day",
        "kind": f"{', '.join(VISITS)}",
        "minutes": "length",
    },
)
SCREENINGS = Layout(
    AGENCY,
    "screenings",
    "Screenings of children's development and of mothers' depression",
    "screening_id",
    {
        "screening_id": "number of the screening; its year is that of the day",
        "enrollment_id": "the enrollment",
        "screened_on": "day",
        "kind": "development (of the child) or depression (of the mother)",
        "months": "age in months for which the child's questionnaire is meant; empty for mothers",
        "score": "points: depression 0 to 30, high is bad; development up to 300, low is bad",
        "positive": "Y: refer (development below the cut-off, depression at 10 points or more), else N",
    },
)
LAYOUTS = (CHILDREN, CAREGIVERS, ENROLLMENTS, VISITS_TABLE, SCREENINGS)


def tables(ward: Ward) -> Iterator[Table]:
    found = ward.of(enrollments)
    children = Register(ward, AGENCY, *latest(found.child, _born(ward, found)), "HV-{:08d}")
    mothers = Register(ward, AGENCY, *latest(found.mother, found.on), "HM-{:08d}")
    yield _children(children)
    yield _caregivers(ward, mothers)
    # By a day on which the child is born: a longer county knows more children, and the numbers stay the same.
    known = np.maximum(found.on, ward.people.birth[found.child])
    numbers = numbered(ward, "visiting enrollment", known, "N{}-{:08d}")
    yield _enrollments(children, mothers, found, _born(ward, found), numbers)
    yield _visits(ward, numbers)
    yield _screenings(ward, numbers)


def _born(ward: Ward, found: Enrollments) -> Ints:
    """The day on which the child is written down: the first visit, or some days after the birth."""
    return np.asarray(np.maximum(found.on, ward.people.birth[found.child] + 12))


def _children(register: Register) -> Table:
    sheet = register.sheet
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    columns = {
        "child_id": register.keys,
        "first_name": given,
        "last_name": family,
        "birth_date": sheet.birth_dates("%m-%d-%Y"),
        "sex": sheet.sex("2", "1", "9"),
        "mother_name": sheet.parent(),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("{}.{:03d}.{:04d}"),
    }
    return Table(CHILDREN, columns, who=sheet.who, mistakes=sheet.mistakes)


def _caregivers(ward: Ward, register: Register) -> Table:
    sheet = register.sheet
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    columns = {
        "caregiver_id": register.keys,
        "first_name": given,
        "last_name": family,
        "birth_date": sheet.birth_dates("%m-%d-%Y"),
        "race": register.race(ward.parameters.habits.race_missing["home-visiting"]),
        "language": worded(LANGUAGES, ward.people.language[sheet.who]),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("{}.{:03d}.{:04d}"),
        "email": sheet.email(),
    }
    return Table(CAREGIVERS, columns, who=sheet.who, mistakes=sheet.mistakes)


def _enrollments(children: Register, mothers: Register, found: Enrollments, born: Ints, numbers: Texts) -> Table:
    columns = {
        "enrollment_id": numbers,
        "child_id": children.number(found.child, born),
        "caregiver_id": mothers.number(found.mother, found.on),
        "model": worded(MODELS, found.model),
        "office": office(found.site),
        "enrolled_on": day_column(found.on),
        "ended_on": day_column(found.last),
        "end_reason": worded(("", *ENDINGS[1:]), found.ending),
    }
    return Table(ENROLLMENTS, columns)


def _visits(ward: Ward, numbers: Texts) -> Table:
    made = ward.of(visits)
    columns = {
        "visit_id": numbered(ward, "home visit", made.on, "V{}-{:08d}"),
        "enrollment_id": numbers[made.enrollment],
        "visited_on": day_column(made.on),
        "kind": worded(VISITS, made.kind),
        "minutes": made.minutes,
    }
    return Table(VISITS_TABLE, columns)


def _screenings(ward: Ward, numbers: Texts) -> Table:
    made = ward.of(screenings)
    child = made.months > 0
    columns = {
        "screening_id": numbered(ward, "visit screening", made.on, "Q{}-{:08d}"),
        "enrollment_id": numbers[made.enrollment],
        "screened_on": day_column(made.on),
        "kind": worded(("depression", "development"), child.astype(np.int64)),
        "months": np.ma.MaskedArray(made.months, mask=~child),
        "score": made.score,
        "positive": yes_no(made.positive),
    }
    return Table(SCREENINGS, columns)

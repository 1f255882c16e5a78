"""Preschool special education (IDEA Part B, section 619) of the school district, for children of three to five.

The office enters children anew at three: early intervention's numbers do not come with them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.agencies.early_intervention import RATINGS as PART_C_RATINGS
from infotrust.core.practice.agencies.early_intervention import ratings
from infotrust.core.practice.agencies.records_of import numbered
from infotrust.core.practice.agencies.register import RACE_ABOUT, Register
from infotrust.core.practice.agencies.words import worded
from infotrust.core.practice.chance import Texts
from infotrust.core.practice.facts.preschool import CATEGORIES, ENDINGS, SETTINGS, Preschool, preschool
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import LANGUAGES, Ward

AGENCY = "preschool-special-education"

CHILDREN = Layout(
    AGENCY,
    "children",
    "Children with an individualized education program (IEP) before kindergarten",
    "student_id",
    {
        "student_id": "the office's number of the child, not that of the schools",
        "given_name": "given name, from the birth certificate or the parent",
        "middle_name": "often missing",
        "family_name": "family name",
        "suffix": "Jr, II, III",
        "birth_date": "MM/DD/YYYY",
        "sex": "M, F or X (not recorded)",
        "race": RACE_ABOUT,
        "language": f"language at home: {', '.join(LANGUAGES)} (ISO 639-3; oth another)",
        "guardian_name": "parent or guardian",
        "street": "home when the program began",
        "city": "city",
        "zip": "ZIP code",
        "phone": "telephone",
    },
    identity=True,
)
PROGRAMS = Layout(
    AGENCY,
    "programs",
    "Individualized education programs, from the referral to kindergarten",
    "program_id",
    {
        "program_id": "number of the program; its year is that of its first day",
        "student_id": "the child",
        "came_from": "early_intervention (by transition at three), or new",
        "referred_on": "day of the referral, or of early intervention's notice",
        "evaluated_on": "day of the eligibility decision",
        "began_on": "first day; after the third birthday by more than a few days where the transition was late",
        "category": f"disability category: {', '.join(CATEGORIES)}",
        "setting": f"{', '.join(SETTINGS)} (of the service provider)",
        "ended_on": "last day; empty while it lasts",
        "end_reason": "kindergarten, returned (needs it no more), withdrawn, moved, died; empty while it lasts",
    },
)
RATINGS = Layout(
    AGENCY,
    "outcome_ratings",
    PART_C_RATINGS.title,
    "rating_id",
    {name: text.replace("the enrollment", "the program") for name, text in PART_C_RATINGS.about.items()},
)
LAYOUTS = (CHILDREN, PROGRAMS, RATINGS)


def tables(ward: Ward) -> Iterator[Table]:
    served = ward.of(preschool)
    register = Register(ward, AGENCY, served.child, served.on, "P{:07d}")
    yield _children(ward, register)
    programs = numbered(ward, "619 program", served.on, "I{}-{:08d}")
    yield _programs(register, served, programs)
    yield ratings(ward, RATINGS, served, programs, served.on, served.last)


def _children(ward: Ward, register: Register) -> Table:
    sheet = register.sheet
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    columns = {
        "student_id": register.keys,
        "given_name": given,
        "middle_name": sheet.middle(),
        "family_name": family,
        "suffix": sheet.suffix(),
        "birth_date": sheet.birth_dates("%m/%d/%Y"),
        "sex": sheet.sex("M", "F", "X"),
        "race": register.race(ward.parameters.habits.race_missing["preschool-special-education"]),
        "language": worded(LANGUAGES, ward.people.language[sheet.who]),
        "guardian_name": sheet.parent(family_first=True),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("{}-{:03d}-{:04d}"),
    }
    return Table(CHILDREN, columns, who=sheet.who, mistakes=sheet.mistakes)


def _programs(register: Register, served: Preschool, programs: Texts) -> Table:
    columns = {
        "program_id": programs,
        "student_id": register.number(served.child, served.on),
        "came_from": worded(("new", "early_intervention"), served.from_part_c.astype(np.int64)),
        "referred_on": day_column(served.referred),
        "evaluated_on": day_column(served.evaluated),
        "began_on": day_column(served.on),
        "category": worded(CATEGORIES, served.category),
        "setting": worded(SETTINGS, served.setting),
        "ended_on": day_column(served.last),
        "end_reason": worded(("", *ENDINGS[1:]), served.ending),
    }
    return Table(PROGRAMS, columns)

"""The tables of the school district's information system, as the docs print them."""

from __future__ import annotations

from infotrust.core.practice.facts.schooling import ACTIONS, SERVED_FOR
from infotrust.core.practice.tables import Layout

SYSTEM = "schools"
PUPIL = "pupil's number in this district"
YEAR = "such as 2016-17"

PUPILS = Layout(
    SYSTEM,
    "pupils",
    "Pupils: one row for each pupil as the district has them on file",
    "pupil_id",
    {
        "pupil_id": f"{PUPIL}; who left and came back may have a second one",
        "state_student_id": "the state's number for the pupil, where it has been assigned",
        "last_name": "family name",
        "first_name": "given name on the birth certificate, or as the family gave it",
        "middle_name": "middle name or initial",
        "suffix": "Jr., III and the like",
        "birth_date": "date of birth shown at enrollment, MM/DD/YYYY",
        "sex": "M male, F female, X not reported",
        "race_ethnicity": "WH white, BL Black, HI Hispanic of any race, AS Asian, AI American Indian, PI Pacific, "
        "MU several, NR not reported",
        "home_language": "language spoken most at home (ISO 639-3; oth for others)",
        "family_id": "the same for brothers and sisters whom the district filed together",
        "street": "home address the family gave last",
        "city": "its town",
        "zip": "its ZIP code",
        "guardian_name": "parent or guardian who enrolled the pupil",
        "guardian_phone": "number the school calls first",
        "first_enrolled": "first day on file since the county's first school year",
        "updated": "day on which the family last confirmed these data",
    },
    identity=True,
)  # fmt: skip
ENROLLMENTS = Layout(
    SYSTEM,
    "enrollments",
    "Enrollments: one row for each stay of a pupil in a school within a school year",
    "pupil_id",
    {
        "pupil_id": PUPIL,
        "school_year": YEAR,
        "school": "code of the school, or of the pre-K site",
        "grade": "PK, KG, 01 to 12",
        "entry_date": "first day",
        "exit_date": "last day",
        "exit_reason": "year_end, transferred (to another school of the county), moved (away), private, homeschool, "
        "dropped_out, died, graduated, completed (grade 12 without a diploma)",
    },
)
ATTENDANCE = Layout(
    SYSTEM,
    "attendance",
    "Attendance by marking period",
    "pupil_id",
    {
        "pupil_id": PUPIL,
        "school_year": YEAR,
        "marking_period": "1 to 4",
        "days_enrolled": "days of school while the pupil was enrolled",
        "days_absent": "whole days missed",
        "days_excused": "of these, excused by a parent or doctor",
    },
)
REPORT_CARDS = Layout(
    SYSTEM,
    "report_cards",
    "Report cards from kindergarten on. Marks: A, B, C, D, F from grade 3 on; before it M meets the standard, P makes "
    "progress, N not yet",
    "pupil_id",
    {
        "pupil_id": PUPIL,
        "school_year": YEAR,
        "marking_period": "1 to 4",
        "school": "code of the school",
        "release_date": "day on which the report card was given out",
        "reading": "mark in reading and language",
        "mathematics": "mark in mathematics",
        "science": "mark in science",
        "social_studies": "mark in social studies",
    },
)
RELEASES = Layout(
    SYSTEM,
    "report_card_releases",
    "When each school gave out report cards",
    "school",
    {
        "school": "code of the school",
        "school_year": YEAR,
        "marking_period": "1 to 4",
        "release_date": "day on which report cards were given out",
        "friday": "whether it was a Friday",
    },
)
PUPIL_YEARS = Layout(
    SYSTEM,
    "pupil_years",
    "What the district reports of each pupil for a school year",
    "pupil_id",
    {
        "pupil_id": PUPIL,
        "school_year": YEAR,
        "grade": "PK, KG, 01 to 12",
        "tract": "census tract of the home at the start of the year, as the district's planning office located it",
        "special_education": "whether the pupil had an individualized education program",
        "served_for": f"reason of special education: {', '.join(SERVED_FOR[1:])}",
        "english_learner": "whether the pupil received help with English",
        "lunch": "F free meals (income to 130% of the poverty level), R reduced price (to 185%), P paid",
        "nighttime_residence": "where the pupil slept when without a home in the year, as far as the school knows: "
        "shelter (transitional housing too), doubled_up, hotel, unsheltered; else housed",
        "moved": "whether the home address changed while school was in session",
        "repeating": "whether the pupil is older than usual in the grade, by starting late or repeating one",
    },
)
DISCIPLINE = Layout(
    SYSTEM,
    "discipline",
    "Incidents on file",
    "pupil_id",
    {
        "pupil_id": PUPIL,
        "school_year": YEAR,
        "incident_date": "day of the incident",
        "action": f"what was done: {', '.join(ACTIONS)}",
        "days": "days of suspension or expulsion",
    },
)
GRADUATES = Layout(
    SYSTEM,
    "graduates",
    "Pupils who received a diploma",
    "pupil_id",
    {"pupil_id": PUPIL, "school_year": YEAR, "diploma_date": "day of the diploma", "school": "code of the school"},
)
LAYOUTS = (
    PUPILS, ENROLLMENTS, PUPIL_YEARS, ATTENDANCE, REPORT_CARDS, RELEASES, DISCIPLINE, GRADUATES,
)  # fmt: skip

"""The school district's information system: pupils, enrollments, attendance, report cards, services, discipline.

A pupil who left and came back may have two numbers: what happened up to the day on which the older record was last
written stands under the older number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.agencies.school_layouts import (
    ATTENDANCE,
    DISCIPLINE,
    ENROLLMENTS,
    GRADUATES,
    LAYOUTS,
    PUPIL_YEARS,
    PUPILS,
    RELEASES,
    REPORT_CARDS,
    SYSTEM,
)
from infotrust.core.practice.chance import Floats, Ints, Texts
from infotrust.core.practice.facts.enrollment import EXITS, GRADES, GRADUATED, schooling
from infotrust.core.practice.facts.homelessness import HOME, KINDS, SAFE_HOUSE, SHELTER, homelessness, slept
from infotrust.core.practice.facts.school_calendar import report_card_releases
from infotrust.core.practice.facts.schooling import (
    ACTIONS,
    SERVED_FOR,
    SUBJECTS,
    attendance,
    discipline,
    graduation_day,
    marks,
    school_services,
)
from infotrust.core.practice.records import numbers
from infotrust.core.practice.records.sheet import Sheet, with_duplicates
from infotrust.core.practice.tables import Table, day_column
from infotrust.core.practice.ward import LANGUAGES, Ward

__all__ = ["LAYOUTS", "PupilFile", "nighttime_residence", "pupil_file", "pupils_on_file", "tables"]

RACE_CODES = np.array(["WH", "BL", "HI", "AS", "AI", "PI", "MU"], dtype=object)  # in the order of RACES
LETTERS, LETTER_FROM = np.array(["F", "D", "C", "B", "A"], dtype=object), [0.7, 1.5, 2.5, 3.4]
STANDARDS, STANDARD_FROM = np.array(["N", "P", "M"], dtype=object), [1.5, 2.6]
FIRST_LETTERS = GRADES.index("03")
BACK_WITHIN = 1_500  # days after the first year within which pupils with two numbers came back
LUNCHES = np.array(["P", "R", "F"], dtype=object)
RESIDENCES = np.array(["housed", "shelter", "shelter", "doubled_up", "hotel", "unsheltered"], dtype=object)


@dataclass(frozen=True)
class PupilFile:
    """The district's records of pupils, and under which of them each pupil's years stand."""

    sheet: Sheet
    pupil_id: Texts
    first_enrolled: Ints
    record: Ints  # person -> row of the newer record, -1 for those who are no pupils
    older: Ints  # person -> row of the older record, -1 without one

    def id_of(self, who: Ints, day: Ints) -> Texts:
        """The number under which a pupil stands on a day."""
        old = self.older[who]
        before = (old >= 0) & (day <= self.sheet.on[np.maximum(old, 0)])
        return np.asarray(self.pupil_id[np.where(before, old, self.record[who])])


def pupil_file(ward: Ward) -> PupilFile:
    """Everybody who was ever a pupil, as the district has them on file on the county's last day."""
    return pupils_on_file(ward, ward.span.last)


def pupils_on_file(ward: Ward, as_of: int) -> PupilFile:
    """Everybody who was a pupil up to the day `as_of`, as the district has them on file on that day."""
    years = ward.of(schooling).years
    rows = np.flatnonzero(years.first <= as_of)
    who, first = np.unique(years.pupil[rows], return_index=True)
    began = years.first[rows][first]  # years are sorted by year, so the first row is the earliest
    on, newest = _last_confirmed(ward, rows, who, began)
    again, older_on = _older_records(ward, who, began, newest)
    copy = np.concatenate([np.zeros(len(who), dtype=np.int64), np.ones(len(again), dtype=np.int64)])
    row = np.concatenate([np.arange(len(who)), again])
    sheet = Sheet(ward, SYSTEM, who[row], np.concatenate([on, older_on]), copy, as_of)
    record, older = np.full(len(ward), -1), np.full(len(ward), -1)
    record[who], older[who[again]] = np.arange(len(who)), len(who) + np.arange(len(again))
    return PupilFile(sheet, sheet.keys("{:08d}"), began[row], record, older)


def _last_confirmed(ward: Ward, rows: Ints, who: Ints, began: Ints) -> tuple[Ints, Ints]:
    """The day on which each family last confirmed its data, mostly at the start of the last year, and that start."""
    years, share = ward.of(schooling).years, ward.parameters.schools.records.confirmed_each_year
    confirms = ward.chance("confirms address", years.pupil[rows], ward.span.first_year + years.year[rows]) < share
    last, newest = np.full(len(ward), -1), np.full(len(ward), -1)
    # The last one written stays: rows are sorted by year.
    newest[years.pupil[rows]] = years.first[rows]
    last[years.pupil[rows[confirms]]] = years.first[rows[confirms]]
    return np.where(last[who] >= 0, last[who], began), newest[who]


def _older_records(ward: Ward, who: Ints, began: Ints, newest: Ints) -> tuple[Ints, Ints]:
    """Who has a second, older record (places in `who`), and the day on which it was last written.

    It was written between the first day on file and a year that the pupil was still, or again, enrolled.
    """
    back = began + 365 + (BACK_WITHIN * ward.chance("came back", who)).astype(np.int64)
    persons, on, copy = with_duplicates(ward, SYSTEM, who, back)
    again, on = np.searchsorted(who, persons[copy == 1]), on[copy == 1]
    possible = (on > began[again]) & (on < newest[again])
    return again[possible], on[possible]


def tables(ward: Ward) -> Iterator[Table]:
    """The district's tables; those about schools come with the first ward only."""
    file = ward.of(pupil_file)
    labels = np.array([period.label for period in ward.span.periods], dtype=object)
    yield _pupils(ward, file)
    yield _enrollments(ward, file, labels)
    yield _pupil_years(ward, file, labels)
    yield _attendance(ward, file, labels)
    yield _report_cards(ward, file, labels)
    yield _releases(ward, labels)
    yield _discipline(ward, file, labels)
    yield _graduates(ward, file, labels)


# --- identities ---


def _pupils(ward: Ward, file: PupilFile) -> Table:
    sheet = file.sheet
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address(_shelter_addresses(ward, file))
    race = RACE_CODES[ward.people.race[sheet.who]]
    race[sheet.chance("race not reported") < sheet.ward.parameters.habits.race_missing["schools"]] = "NR"
    columns = {
        "pupil_id": file.pupil_id,
        "state_student_id": _state_number(ward, sheet),
        "last_name": family,
        "first_name": given,
        "middle_name": sheet.middle(),
        "suffix": sheet.suffix(),
        "birth_date": sheet.birth_dates("%m/%d/%Y"),
        "sex": sheet.sex("M", "F", "X"),
        "race_ethnicity": race,
        "home_language": np.array(LANGUAGES, dtype=object)[ward.people.language[sheet.who]],
        "family_id": _family_number(ward, sheet),
        "street": street,
        "city": city,
        "zip": zip_code,
        "guardian_name": sheet.parent(),
        "guardian_phone": sheet.phone("{}-{:03d}-{:04d}"),
        "first_enrolled": day_column(file.first_enrolled),
        "updated": day_column(sheet.on),
    }
    return Table(PUPILS, columns, who=sheet.who, mistakes=sheet.mistakes)


def _shelter_addresses(ward: Ward, file: PupilFile) -> Ints:
    """For each record the address of the shelter where the family stayed when it confirmed its data, if it gave it."""
    found, shelters, sheet = ward.of(homelessness), ward.place.shelters, file.sheet
    rows = np.flatnonzero(found.stays.shelter[found.stay] >= 0)
    stay, person = found.stay[rows], found.person[rows]
    shelter = found.stays.shelter[stay]
    known = shelters.kind[shelter] != SAFE_HOUSE  # nobody writes down where a safe house is
    gives = sheet.chance("gives the shelter's address") < ward.parameters.schools.residence.shelter_address
    address = np.full(len(sheet), -1)
    for records in (file.record, file.older):
        record = records[person]
        on = sheet.on[np.maximum(record, 0)]
        there = known & (record >= 0) & (found.stays.first[stay] <= on) & (found.stays.last[stay] >= on)
        address[record[there]] = shelters.address[shelter[there]]
    return np.where(gives, address, -1)


def _state_number(ward: Ward, sheet: Sheet) -> Texts:
    """Ten digits, the same on both records of a pupil; empty where the state has not assigned one."""
    number = numbers.record_keys(ward, "state pupils", sheet.who, np.zeros(len(sheet), np.int64), "{:010d}", 1)
    texts = np.array([f"{one:010d}" for one in number.tolist()], dtype=object)
    texts[sheet.chance("state number") >= ward.parameters.schools.records.state_number] = ""
    return texts


def _family_number(ward: Ward, sheet: Sheet) -> Texts:
    """A number for each household; some children are filed as a family of their own."""
    room = numbers.ROOM
    household = ward.number * room + ward.household(sheet.who, sheet.on)
    alone = sheet.chance("family number") < ward.parameters.schools.records.family_number_split
    number = np.where(alone, 2 * (ward.number * room + sheet.who) + 1, 2 * household)
    mixed = numbers.permuted(number, 10**4, 10**4, "school families", ward.seed)
    return np.array([f"F{one:08d}" for one in mixed.tolist()], dtype=object)


# --- what happened ---


def _enrollments(ward: Ward, file: PupilFile, labels: Texts) -> Table:
    spells = ward.of(schooling).enrollments
    school = _school_code(ward, spells.school, spells.site)
    columns = {
        "pupil_id": file.id_of(spells.pupil, spells.entry),
        "school_year": labels[spells.year],
        "school": school,
        "grade": np.array(GRADES, dtype=object)[spells.grade],
        "entry_date": day_column(spells.entry),
        "exit_date": day_column(spells.exit),
        "exit_reason": np.array(EXITS, dtype=object)[spells.reason],
    }
    return Table(ENROLLMENTS, columns)


def _school_code(ward: Ward, school: Ints, site: Ints) -> Texts:
    codes = np.concatenate([ward.place.schools.code, ward.place.prek_sites.code])
    return np.asarray(codes[np.where(site >= 0, len(ward.place.schools.code) + site, school)])


def nighttime_residence(ward: Ward) -> Texts:
    """For each pupil-year (in the order of `PupilYears`), where the school believes the pupil slept."""
    years, wanted = ward.of(schooling).years, ward.parameters.schools.residence
    where = np.full(len(years.pupil), HOME)
    for period in ward.span.periods:
        rows = np.flatnonzero(years.year == period.number)
        where[rows] = slept(ward, period)[years.pupil[rows]]
    knows = np.array([wanted.school_knows[kind] for kind in KINDS] + [1.0])[where]  # the last is HOME, at -1
    calendar = ward.span.first_year + years.year
    family = np.where(ward.people.mother[years.pupil] >= 0, ward.people.mother[years.pupil], years.pupil)
    told = ward.chance("tells the school", family, calendar) < knows
    wrong = ward.chance("shelter by mistake", years.pupil, calendar) < wanted.wrong_shelter
    said = np.where(told, where, HOME)
    said = np.where((said == HOME) & wrong, SHELTER, said)
    return np.asarray(RESIDENCES[said + 1])


def _pupil_years(ward: Ward, file: PupilFile, labels: Texts) -> Table:
    years, services = ward.of(schooling).years, ward.of(school_services)
    columns = {
        "pupil_id": file.id_of(years.pupil, years.first),
        "school_year": labels[years.year],
        "grade": np.array(GRADES, dtype=object)[years.grade],
        "tract": ward.place.code[years.tract],
        "special_education": services.special_education > 0,
        "served_for": np.array(SERVED_FOR, dtype=object)[services.special_education],
        "english_learner": services.english_learner,
        "lunch": LUNCHES[services.lunch],
        "nighttime_residence": nighttime_residence(ward),
        "moved": years.moved,
        "repeating": years.held_back > 0,
    }
    return Table(PUPIL_YEARS, columns)


def _of_pupil_year(ward: Ward, file: PupilFile, labels: Texts, row: Ints) -> dict[str, Any]:
    """Pupil number and school year of each row about a pupil-year."""
    years = ward.of(schooling).years
    numbers_of_rows = file.id_of(years.pupil, years.first)
    return {"pupil_id": numbers_of_rows[row], "school_year": labels[years.year[row]]}


def _attendance(ward: Ward, file: PupilFile, labels: Texts) -> Table:
    found = ward.of(attendance)
    columns = _of_pupil_year(ward, file, labels, found.row)
    columns |= {"marking_period": found.period + 1, "days_enrolled": found.days}
    columns |= {"days_absent": found.absent, "days_excused": found.excused}
    return Table(ATTENDANCE, columns)


def _report_cards(ward: Ward, file: PupilFile, labels: Texts) -> Table:
    cards, days, years = ward.of(marks), ward.of(attendance), ward.of(schooling).years
    row = days.row[cards.row]
    columns = _of_pupil_year(ward, file, labels, row)
    columns |= {"marking_period": days.period[cards.row] + 1, "school": ward.place.schools.code[cards.school]}
    columns |= {"release_date": day_column(cards.release)}
    young = years.grade[row] < FIRST_LETTERS
    columns |= {name: _written_mark(cards.mark[:, place], young) for place, name in enumerate(SUBJECTS)}
    return Table(REPORT_CARDS, columns)


def _written_mark(mark: Floats, young: Any) -> Texts:
    return np.where(young, STANDARDS[np.digitize(mark, STANDARD_FROM)], LETTERS[np.digitize(mark, LETTER_FROM)])


def _releases(ward: Ward, labels: Texts) -> Table:
    found = ward.of(report_card_releases)
    once = slice(None) if ward.number == 0 else slice(0)
    columns = {
        "school": ward.place.schools.code[found.school[once]],
        "school_year": labels[found.year[once]],
        "marking_period": found.period[once] + 1,
        "release_date": day_column(found.day[once]),
        "friday": found.friday[once],
    }
    return Table(RELEASES, columns)


def _discipline(ward: Ward, file: PupilFile, labels: Texts) -> Table:
    found = ward.of(discipline)
    columns = _of_pupil_year(ward, file, labels, found.row)
    columns |= {"incident_date": day_column(found.day), "action": np.array(ACTIONS, dtype=object)[found.action]}
    return Table(DISCIPLINE, columns | {"days": found.days})


def _graduates(ward: Ward, file: PupilFile, labels: Texts) -> Table:
    spells = ward.of(schooling).enrollments
    row = np.flatnonzero(spells.reason == GRADUATED)
    days = np.array([graduation_day(ward.span.first_year + number) for number in range(len(labels))])
    columns = {
        "pupil_id": file.id_of(spells.pupil[row], spells.entry[row]),
        "school_year": labels[spells.year[row]],
        "diploma_date": day_column(days[spells.year[row]]),
        "school": ward.place.schools.code[spells.school[row]],
    }
    return Table(GRADUATES, columns)

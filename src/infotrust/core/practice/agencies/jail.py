"""The county's jail: people as booked, the other names they gave, and their bookings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.agencies.records_of import Mentions, mentions, numbered
from infotrust.core.practice.agencies.unit_costs import unit_costs
from infotrust.core.practice.agencies.words import clock, worded
from infotrust.core.practice.chance import Bools, Ints, Texts, choose
from infotrust.core.practice.facts.justice import CHARGES, RELEASES, Bookings, bookings
from infotrust.core.practice.facts.propensity import shelter_address
from infotrust.core.practice.records import mistakes
from infotrust.core.practice.records.dates import written
from infotrust.core.practice.records.sheet import Sheet
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import NEVER, Ward

AGENCY = "jail"
COPIES, MOST_ALIASES = 2, 6
ROOM = COPIES + MOST_ALIASES  # records of one person, other names included
KINDS = ("mothers_name", "middle_name", "birth_date")  # of other names

INMATES = Layout(
    AGENCY,
    "inmates",
    "People who were ever booked; a permanent number goes with the fingerprints",
    "inmate_number",
    {
        "inmate_number": "the person's permanent number",
        "given_name": "as given at the latest booking",
        "middle_name": "may be missing",
        "family_name": "as given at the latest booking",
        "suffix": "Jr, Sr, III",
        "birth_date": "MM/DD/YYYY",
        "sex": "M, F or U (unknown)",
        "ssn": "Social Security number; missing for many",
        "street": "home, or the shelter, at the latest booking",
        "city": "city",
        "zip": "ZIP code",
    },
    identity=True,
)
ALIASES = Layout(
    AGENCY,
    "aliases",
    "Other names and birth dates that people gave at a booking",
    "alias_id",
    {
        "alias_id": "number of the entry",
        "inmate_number": "whose other name it is",
        "given_name": "as given",
        "family_name": "as given",
        "birth_date": "as given, MM/DD/YYYY",
    },
    identity=True,
)
BOOKINGS = Layout(
    AGENCY,
    "bookings",
    "Bookings and releases",
    "booking_number",
    {
        "booking_number": "number of the booking; its year is that of the day",
        "inmate_number": "who was booked",
        "booked_date": "day of the booking",
        "booked_time": "time of the booking, HH:MM",
        "charge": f"group of the main charge: {', '.join(CHARGES)}; dui is driving under the influence",
        "bond": "bond in dollars; 0 where none is set",
        "release_date": "day of release, which may be that of the booking; empty for those still in jail",
        "release_reason": f"{', '.join(RELEASES)}; transferred is to prison or another county",
    },
)
UNIT_COSTS = Layout(
    AGENCY,
    "unit_costs",
    "What the county reckons a booking and a day in jail to cost",
    "unit",
    {"unit": "booking, or day (each day begun)", "dollars": "cost of one, the same in all years"},
)
LAYOUTS = (INMATES, ALIASES, BOOKINGS, UNIT_COSTS)


def tables(ward: Ward) -> Iterator[Table]:
    every = ward.of(bookings)
    known = mentions(ward, AGENCY, every.person, every.day, ward.parameters.jail.entered_anew, COPIES)
    sheet = Sheet(ward, AGENCY, known.who, known.on, known.copy, merged=known.merged)
    keys = sheet.keys("{:07d}", copies=ROOM)
    yield _inmates(ward, sheet, keys)
    yield _aliases(ward, every, keys[known.record])
    yield _bookings(ward, every, keys, known)
    yield unit_costs(ward, UNIT_COSTS, {"booking": "jail_booking", "day": "jail_day"})


def _inmates(ward: Ward, sheet: Sheet, keys: Texts) -> Table:
    given, family = sheet.given_and_family()
    street, city, code = sheet.address(shelter_address(ward, sheet.who, sheet.on))
    columns = {
        "inmate_number": keys,
        "given_name": given,
        "middle_name": sheet.middle(),
        "family_name": family,
        "suffix": sheet.suffix(),
        "birth_date": sheet.birth_dates("%m/%d/%Y"),
        "sex": sheet.sex("M", "F", "U"),
        "ssn": sheet.ssn(),
        "street": street,
        "city": city,
        "zip": code,
    }
    return Table(INMATES, columns, who=sheet.who, mistakes=sheet.mistakes)


def _aliases(ward: Ward, every: Bookings, inmate: Texts) -> Table:
    """One row for each booking in which somebody known gave another name or birth date."""
    rows, copy = _gave_another(ward, every)
    sheet = Sheet(ward, AGENCY, every.person[rows], every.day[rows], COPIES + copy)
    given, family = sheet.given_and_family()
    born = sheet.birth_days()
    shares = ward.parameters.jail.alias_kinds
    kind = choose(sheet.chance("alias kind"), {name: shares[name] for name in KINDS})
    changed = _with_mothers_name(ward, sheet, family, kind == KINDS.index("mothers_name"))
    changed |= _with_middle_name(ward, sheet, given, kind == KINDS.index("middle_name"))
    # Who has no such name, or the same, gives another date.
    _with_other_date(sheet, born, ~changed)
    columns = {
        "alias_id": sheet.keys("{:08d}", copies=ROOM),
        "inmate_number": inmate[rows],
        "given_name": given,
        "family_name": family,
        "birth_date": written(born, "%m/%d/%Y"),
    }
    return Table(ALIASES, columns, who=sheet.who, mistakes=sheet.mistakes)


def _gave_another(ward: Ward, every: Bookings) -> tuple[Ints, Ints]:
    """The bookings, and the number of the other name among the person's, from 0."""
    again = np.zeros(len(every.person), dtype=np.bool_)
    again[1:] = every.person[1:] == every.person[:-1]
    gave = again & (ward.chance("jail: alias", every.person, every.day) < ward.parameters.jail.alias)
    rows = np.flatnonzero(gave)
    first = np.searchsorted(every.person[rows], every.person[rows], side="left")
    number = np.arange(len(rows)) - first
    return rows[number < MOST_ALIASES], number[number < MOST_ALIASES]


def _with_mothers_name(ward: Ward, sheet: Sheet, family: Texts, where: Bools) -> Bools:
    """Put the mother's name at birth where the family name is another; returns where."""
    mother = ward.people.mother[sheet.who]
    known = np.maximum(mother, 0)
    hers = ward.surname(known, ward.people.birth[known])[0]
    upper = np.array([text.upper() for text in hers], dtype=object)
    changed = np.asarray(where & (mother >= 0) & (upper != ward.surname(sheet.who, sheet.on)[0]) & (upper != family))
    family[changed] = upper[changed]
    sheet.note("alias", changed)
    return changed


def _with_middle_name(ward: Ward, sheet: Sheet, given: Texts, where: Bools) -> Bools:
    """Put the middle name where there is one; returns where."""
    middle = ward.people.middle[sheet.who]
    changed = np.asarray(where & (middle != ""))
    given[changed] = [text.upper() for text in middle[changed]]
    sheet.note("middle_as_first", changed)
    return changed


def _with_other_date(sheet: Sheet, born: Ints, where: Bools) -> None:
    which = sheet.chance("alias date")
    rows = np.flatnonzero(where & (born > 0))
    born[rows] = [
        mistakes.slip_of_date(day, chance, on)
        for day, chance, on in zip(born[rows].tolist(), which[rows].tolist(), sheet.on[rows].tolist(), strict=True)
    ]
    sheet.note("birth_date_slip", rows)


def _bookings(ward: Ward, every: Bookings, keys: Texts, known: Mentions) -> Table:
    out = every.last <= ward.span.last
    columns = {
        "booking_number": numbered(ward, "booking", every.day, "B{}-{:08d}"),
        "inmate_number": keys[known.record],
        "booked_date": day_column(every.day),
        "booked_time": clock(every.minute),
        "charge": worded(CHARGES, every.charge),
        "bond": every.bond,
        "release_date": day_column(np.where(out, every.last, NEVER)),
        "release_reason": worded(RELEASES, np.where(out, every.release, -1)),
    }
    return Table(BOOKINGS, columns)

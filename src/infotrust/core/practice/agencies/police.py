"""The police: calls that were dispatched, and the people named in them.

The name index is what officers typed in the car: many people stand in it several times, some without a birth date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from infotrust.core.practice.agencies.records_of import Mentions, mentions, numbered
from infotrust.core.practice.agencies.unit_costs import unit_costs
from infotrust.core.practice.agencies.words import clock, worded
from infotrust.core.practice.chance import Floats, Ints, Texts, choose
from infotrust.core.practice.facts.dispatch import ROLES, TYPE, TYPES, Calls, calls, named
from infotrust.core.practice.facts.propensity import shelter_address
from infotrust.core.practice.records.sheet import Sheet
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import Ward

AGENCY = "police"
COPIES = 12  # records of one person, at most
URGENT = frozenset({"violent_crime", "domestic", "mental_health", "crash", "burglary"})
ROUTINE = frozenset({"noise", "theft", "vandalism", "warrant", "trespass"})
DISPOSITIONS = ("arrest", "report_written", "advised", "gone_on_arrival", "unfounded", "false_alarm")
WRITTEN = frozenset({"theft", "burglary", "vandalism", "violent_crime", "crash"})

PERSONS = Layout(
    AGENCY,
    "persons",
    "Index of names: people named in calls",
    "person_number",
    {
        "person_number": "number of the entry; one person can have several",
        "given_name": "as typed by the officer",
        "middle_initial": "often missing",
        "family_name": "as typed by the officer",
        "suffix": "Jr, Sr, III",
        "birth_date": "MM/DD/YYYY; empty where only an age is known",
        "age": "estimated age at the latest call, where no birth date is known",
        "sex": "M, F or U (unknown)",
        "street": "home, or the shelter, at the latest call",
        "city": "city",
        "zip": "ZIP code",
    },
    identity=True,
)
CALLS = Layout(
    AGENCY,
    "calls",
    "Dispatched calls",
    "call_number",
    {
        "call_number": "number of the call; its year is that of the day",
        "call_date": "day",
        "call_time": "time, HH:MM",
        "tract": "six-digit census tract",
        "block": "where, as the hundred block",
        "type": f"{', '.join(TYPES)}",
        "priority": "1 urgent, 2 prompt, 3 routine",
        "units": "police cars sent",
        "disposition": f"{', '.join(DISPOSITIONS)}",
    },
)
CALL_PERSONS = Layout(
    AGENCY,
    "call_persons",
    "Who is named in which call",
    "call_number",
    {
        "call_number": "the call",
        "person_number": "the entry in the index of names",
        "role": "subject (whom the call is about), victim, driver, complainant",
    },
)
UNIT_COSTS = Layout(
    AGENCY,
    "unit_costs",
    "What the county reckons a dispatched call to cost",
    "unit",
    {"unit": "call", "dollars": "cost of one, the same in all years"},
)
LAYOUTS = (PERSONS, CALLS, CALL_PERSONS, UNIT_COSTS)


def tables(ward: Ward) -> Iterator[Table]:
    every, who = ward.of(calls), ward.of(named)
    anew = ward.parameters.police.entered_anew
    known = mentions(ward, AGENCY, who.person, every.day[who.call], anew, COPIES)
    persons, keys = _persons(ward, known)
    yield persons
    dispatched = _calls(ward, every)
    yield dispatched
    yield Table(
        CALL_PERSONS,
        {
            "call_number": dispatched.columns["call_number"][who.call],
            "person_number": keys[known.record],
            "role": worded(ROLES, who.role),
        },
    )
    yield unit_costs(ward, UNIT_COSTS, {"call": "police_call"})


def _persons(ward: Ward, known: Mentions) -> tuple[Table, Texts]:
    sheet = Sheet(ward, AGENCY, known.who, known.on, known.copy, merged=known.merged)
    given, family = sheet.given_and_family()
    street, city, code = sheet.address(shelter_address(ward, sheet.who, sheet.on))
    keys = sheet.keys("N{:08d}", copies=COPIES)
    born, age = _dates_and_ages(ward, sheet)
    columns: dict[str, Any] = {
        "person_number": keys,
        "given_name": given,
        "middle_initial": sheet.middle(initial=True),
        "family_name": family,
        "suffix": sheet.suffix(),
        "birth_date": born,
        "age": age,
        "sex": sheet.sex("M", "F", "U"),
        "street": street,
        "city": city,
        "zip": code,
    }
    return Table(PERSONS, columns, who=known.who, mistakes=sheet.mistakes), keys


def _dates_and_ages(ward: Ward, sheet: Sheet) -> tuple[Texts, Any]:
    """Birth dates, and for those without one an age that is some years off."""
    born = sheet.birth_dates("%m/%d/%Y")
    unasked = (sheet.chance("age only") < ward.parameters.police.age_only) & (born != "")
    born[unasked] = ""
    sheet.note("birth_date_missing", unasked)
    most = ward.parameters.police.age_guess
    guess = np.rint(np.floor(ward.age(sheet.who, sheet.on)) + most * (2 * sheet.chance("age guess") - 1))
    return born, np.ma.masked_array(np.maximum(guess, 1).astype(np.int64), mask=born != "")


def _calls(ward: Ward, every: Calls) -> Table:
    place = ward.place
    priority = np.full(len(TYPES), 2)
    priority[[TYPE[name] for name in URGENT]] = 1
    priority[[TYPE[name] for name in ROUTINE]] = 3
    chance = ward.chance("call: units", every.day, every.minute, every.serial)
    more = chance < ward.parameters.police.one_more_unit
    units = np.where(priority[every.type] == 1, 2, 1) + more
    columns = {
        "call_number": numbered(ward, "call", every.day, "D{}-{:08d}"),
        "call_date": day_column(every.day),
        "call_time": clock(every.minute),
        "tract": place.code[every.tract],
        "block": place.block(every.address),
        "type": worded(TYPES, every.type),
        "priority": priority[every.type],
        "units": units,
        "disposition": _dispositions(ward, every),
    }
    return Table(CALLS, columns)


def _dispositions(ward: Ward, every: Calls) -> Texts:
    chance = ward.chance("call: disposition", every.day, every.minute, every.serial)
    numbers, written = ward.parameters.police, np.zeros(len(TYPES), dtype=np.bool_)
    written[[TYPE[name] for name in WRITTEN]] = True
    crimes, others = (_places(chance, numbers.dispositions[name]) for name in ("crimes", "others"))
    place = np.where(written[every.type], crimes, others)
    alarm = (every.type == TYPE["alarm"]) & (chance < numbers.false_alarms)
    place = np.where(alarm, DISPOSITIONS.index("false_alarm"), place)
    return worded(DISPOSITIONS, np.where(every.arrest, DISPOSITIONS.index("arrest"), place))


def _places(chance: Floats, shares: dict[str, float]) -> Ints:
    return np.array([DISPOSITIONS.index(name) for name in shares])[choose(chance, shares)]

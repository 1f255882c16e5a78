"""The crisis center: telephone line, mobile team and walk-in clinic. Names come over the telephone, and many callers
give none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.agencies.records_of import mentions, numbered
from infotrust.core.practice.agencies.unit_costs import unit_costs
from infotrust.core.practice.agencies.words import clock, worded, yes_no
from infotrust.core.practice.facts.crisis import DISPOSITIONS, MODES, REASONS, contacts
from infotrust.core.practice.facts.propensity import shelter_address
from infotrust.core.practice.records.sheet import Sheet
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import Ward

AGENCY = "crisis-center"
COPIES = 4  # records of one client, at most

CLIENTS = Layout(
    AGENCY,
    "clients",
    "People who gave a name",
    "client_id",
    {
        "client_id": "the center's number of the client",
        "given_name": "as heard",
        "family_name": "as heard",
        "birth_date": "MM/DD/YYYY; missing for many callers",
        "sex": "M, F or U (unknown)",
        "ssn_last_four": "last four digits of the Social Security number, seldom asked for",
        "street": "home, or the shelter, at the latest contact",
        "city": "city",
        "zip": "ZIP code",
        "phone": "telephone",
    },
    identity=True,
)
CONTACTS = Layout(
    AGENCY,
    "contacts",
    "Calls, mobile visits and visits to the center",
    "contact_id",
    {
        "contact_id": "number of the contact; its year is that of the day",
        "client_id": "the client; empty for callers who gave no name",
        "contact_date": "day",
        "contact_time": "time, HH:MM",
        "mode": f"{', '.join(MODES)}: mobile is a visit of the mobile team",
        "asked_by_police": "Y where the police asked the mobile team to come",
        "reason": f"{', '.join(REASONS)}",
        "disposition": f"how it ended: {', '.join(DISPOSITIONS)}; crisis_bed is some nights at the center",
        "nights": "nights in a crisis bed",
    },
)
UNIT_COSTS = Layout(
    AGENCY,
    "unit_costs",
    "What the center reckons a contact and a night to cost",
    "unit",
    {
        "unit": "phone, mobile, walk_in (one contact), or night (in a crisis bed)",
        "dollars": "cost of one, in all years",
    },
)
LAYOUTS = (CLIENTS, CONTACTS, UNIT_COSTS)
UNITS = {"phone": "crisis_phone", "mobile": "crisis_mobile", "walk_in": "crisis_walk_in", "night": "crisis_night"}


def tables(ward: Ward) -> Iterator[Table]:
    every = ward.of(contacts)
    named = np.flatnonzero(every.named)
    anew = ward.parameters.crisis.entered_anew
    known = mentions(ward, AGENCY, every.person[named], every.day[named], anew, COPIES)
    sheet = Sheet(ward, AGENCY, known.who, known.on, known.copy, merged=known.merged)
    given, family = sheet.given_and_family()
    street, city, code = sheet.address(shelter_address(ward, sheet.who, sheet.on))
    keys = sheet.keys("K{:08d}", copies=COPIES)
    columns = {
        "client_id": keys,
        "given_name": given,
        "family_name": family,
        "birth_date": sheet.birth_dates("%m/%d/%Y"),
        "sex": sheet.sex("M", "F", "U"),
        "ssn_last_four": np.array([text[-4:] for text in sheet.ssn()], dtype=object),
        "street": street,
        "city": city,
        "zip": code,
        "phone": sheet.phone("({}) {:03d}-{:04d}"),
    }
    yield Table(CLIENTS, columns, who=sheet.who, mistakes=sheet.mistakes)
    client = np.full(len(every.person), "", dtype=object)
    client[named] = keys[known.record]
    yield Table(
        CONTACTS,
        {
            "contact_id": numbered(ward, "contact", every.day, "X{}-{:08d}"),
            "client_id": client,
            "contact_date": day_column(every.day),
            "contact_time": clock(every.minute),
            "mode": worded(MODES, every.mode),
            "asked_by_police": yes_no(every.police),
            "reason": worded(REASONS, every.reason),
            "disposition": worded(DISPOSITIONS, every.disposition),
            "nights": every.nights,
        },
    )
    yield unit_costs(ward, UNIT_COSTS, UNITS)

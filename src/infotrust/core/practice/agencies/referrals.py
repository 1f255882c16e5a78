"""The shared referral system: who sent which family where, by which way, and what came of it.

Clients are entered by whoever sends them, so names come in every way; a faxed form is read by a scanner.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.agencies.records_of import numbered
from infotrust.core.practice.agencies.register import Register, latest
from infotrust.core.practice.agencies.words import office, worded
from infotrust.core.practice.chance import Texts
from infotrust.core.practice.facts.noticing import CHANNELS, SENDERS
from infotrust.core.practice.facts.referring import OUTCOMES, REASONS, RECEIVERS, Sent, sent
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import Ward

AGENCY = "referrals"

CLIENTS = Layout(
    AGENCY,
    "clients",
    "Children and parents who were referred",
    "client_id",
    {
        "client_id": "the system's number of the client",
        "given_name": "as the sender wrote it",
        "family_name": "as the sender wrote it",
        "birth_date": "MM/DD/YYYY",
        "sex": "M, F or U (unknown)",
        "parent_name": "parent of a child; of an adult the one who keeps the household, if another",
        "street": "home on the day of the latest referral",
        "city": "city",
        "zip": "ZIP code",
        "phone": "number to call",
        "email": "e-mail address, where given",
    },
    identity=True,
)
REFERRALS = Layout(
    AGENCY,
    "referrals",
    "Referrals from one program to another",
    "referral_id",
    {
        "referral_id": "number of the referral; its year is that of the day",
        "client_id": "who was referred: a child to early intervention, else the parent",
        "from_program": f"who sent: {', '.join(SENDERS)}",
        "from_office": "office of the sender: HV01 and so on for home visiting, else the tract it serves",
        "to_program": f"where to: {', '.join(RECEIVERS)}",
        "reason": f"{', '.join(REASONS)}",
        "sent_on": "day",
        "sent_by": "electronic (within this system) or fax (entered here by the sender, on its way on paper)",
        "contacted_on": "first contact of the receiver with the family; empty where there was none",
        "outcome": "started, not_eligible, declined, lost (never reached), too_late (too near the third birthday), "
        "waiting",
        "closed_on": "day on which the referral was closed; empty while it waits",
    },
)
LAYOUTS = (CLIENTS, REFERRALS)


def tables(ward: Ward) -> Iterator[Table]:
    made = ward.of(sent)
    register = Register(ward, AGENCY, *latest(made.client, made.on), "RC{:08d}")
    yield _clients(register)
    yield _referrals(ward, register, made)


def _clients(register: Register) -> Table:
    sheet = register.sheet
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    columns = {
        "client_id": register.keys,
        "given_name": given,
        "family_name": family,
        "birth_date": sheet.birth_dates("%m/%d/%Y"),
        "sex": sheet.sex("M", "F", "U"),
        "parent_name": sheet.parent(),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("{}-{:03d}-{:04d}"),
        "email": sheet.email(),
    }
    return Table(CLIENTS, columns, who=sheet.who, mistakes=sheet.mistakes)


def _referrals(ward: Ward, register: Register, made: Sent) -> Table:
    columns = {
        "referral_id": numbered(ward, "shared referral", made.on, "X{}-{:08d}"),
        "client_id": register.number(made.client, made.on),
        "from_program": worded(SENDERS, made.sender),
        "from_office": _offices(ward, made),
        "to_program": worded(RECEIVERS, made.receiver),
        "reason": worded(REASONS, made.reason),
        "sent_on": day_column(made.on),
        "sent_by": worded(CHANNELS, made.channel),
        "contacted_on": day_column(made.contacted),
        "outcome": worded(OUTCOMES, made.outcome),
        "closed_on": day_column(made.closed),
    }
    return Table(REFERRALS, columns)


def _offices(ward: Ward, made: Sent) -> Texts:
    visitors = made.sender == SENDERS.index("home_visiting")
    names = np.empty(len(visitors), dtype=object)
    names[visitors] = office(made.office[visitors])
    names[~visitors] = ward.place.code[made.office[~visitors]]
    return names

"""The child welfare agency: its hotline, what it found, and children in foster care.

Clients are children and adults as the hotline and intake wrote them down: often by ear, often without a birth date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from infotrust.core.practice.agencies.records_of import Mentions, mentions, numbered
from infotrust.core.practice.agencies.words import clock, worded, yes_no
from infotrust.core.practice.chance import Ints, Texts, choose
from infotrust.core.practice.facts import foster
from infotrust.core.practice.facts.involved import ROLES, VICTIM, involved
from infotrust.core.practice.facts.protection import ALLEGATIONS, REPORTERS, Reports, reports
from infotrust.core.practice.records.sheet import Sheet
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import NEVER, PLACEMENTS, REMOVALS, Ward

AGENCY = "child-welfare"
COPIES = 3  # records of one client, at most
RESPONSES = ("24_hours", "3_days", "10_days")

CLIENTS = Layout(
    AGENCY,
    "clients",
    "Children and adults named in reports, and children who were ever in care",
    "client_id",
    {
        "client_id": "the agency's number of the client",
        "given_name": "as intake wrote it",
        "middle_name": "often missing",
        "family_name": "as intake wrote it",
        "suffix": "Jr, Sr, III",
        "birth_date": "MM/DD/YYYY; estimated or missing for many adults",
        "sex": "M, F or U (unknown)",
        "ssn": "Social Security number, for few but children in care",
        "street": "home on the day of the latest report",
        "city": "city",
        "zip": "ZIP code",
        "phone": "telephone of the home",
    },
    identity=True,
)
REPORTS = Layout(
    AGENCY,
    "reports",
    "Calls to the hotline",
    "report_id",
    {
        "report_id": "number of the report; its year is that of the call",
        "received_date": "day of the call",
        "received_time": "time of the call, HH:MM",
        "reporter": f"who called: {', '.join(REPORTERS)}",
        "allegation": f"what is mainly alleged: {', '.join(ALLEGATIONS)}",
        "other_allegation": "a second one, or empty",
        "screened_in": "Y: to be looked into; N: screened out",
        "response": "how soon somebody must see the child: 24_hours, 3_days, 10_days; empty if screened out",
        "disposition": "substantiated, unsubstantiated, pending (not yet decided); empty if screened out",
        "disposition_date": "day of that decision",
    },
)
REPORT_PERSONS = Layout(
    AGENCY,
    "report_persons",
    "Who a report is about",
    "report_id",
    {
        "report_id": "the report",
        "client_id": "the client",
        "role": "victim (alleged), other_child, parent (in the home), caregiver (another adult of the home), "
        "father_elsewhere (a father who lives elsewhere)",
        "alleged_perpetrator": "Y for the adult who is alleged to have done it",
        "finding": "for victims in reports that were looked into: substantiated, unsubstantiated or pending",
    },
)
PLACEMENTS_TABLE = Layout(
    AGENCY,
    "placements",
    "Children in foster care; those from before the county's first year come from an older system",
    "placement_id",
    {
        "placement_id": "number of the placement; its year is that of its first day",
        "client_id": "the child",
        "report_id": "the report before the removal; empty for placements from the older system",
        "removal_date": "first day in this placement",
        "kind": f"{', '.join(PLACEMENTS)}",
        "reason": f"why the child was removed, the main reason: {', '.join(REMOVALS)}",
        "end_date": "day on which the placement ended; empty while it lasts",
        "outcome": "reunified (with parents or their relatives), adopted, guardianship, aged_out (turned 18), "
        "other_placement (another one follows), moved_away, died; empty while it lasts",
    },
)
LAYOUTS = (CLIENTS, REPORTS, REPORT_PERSONS, PLACEMENTS_TABLE)


def tables(ward: Ward) -> Iterator[Table]:
    every, named, kept = ward.of(reports), ward.of(involved), _shown(ward)
    person = np.concatenate([named.person, ward.placements.child[kept]])
    day = np.concatenate([every.day[named.report], ward.placements.first[kept]])
    known = mentions(ward, AGENCY, person, day, ward.parameters.protection.entered_anew, COPIES)
    clients, keys = _clients(ward, known)
    yield clients
    calls = _reports(ward, every)
    yield calls
    clients_of = keys[known.record]
    yield _report_persons(ward, calls, clients_of[: len(named.person)])
    yield _placements(ward, calls.columns["report_id"], clients_of[len(named.person) :])


def _shown(ward: Ward) -> Ints:
    return np.flatnonzero(ward.placements.first <= ward.span.last)


def _clients(ward: Ward, known: Mentions) -> tuple[Table, Texts]:
    sheet = Sheet(ward, AGENCY, known.who, known.on, known.copy, merged=known.merged)
    given, family = sheet.given_and_family()
    street, city, code = sheet.address()
    keys = sheet.keys("C{:08d}", copies=COPIES)
    columns = {
        "client_id": keys,
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
        "phone": sheet.phone("({}) {:03d}-{:04d}"),
    }
    return Table(CLIENTS, columns, who=known.who, mistakes=sheet.mistakes), keys


def decided_on(ward: Ward, every: Reports) -> Ints:
    """The day of the disposition of each report that is looked into."""
    numbers = ward.parameters.protection
    chance = ward.chance("report: decided", every.child, every.day)
    return np.asarray(every.day + numbers.finding_from + chance * (numbers.finding_to - numbers.finding_from)).astype(
        np.int64
    )


def _reports(ward: Ward, every: Reports) -> Table:
    decided = decided_on(ward, every)
    soon = choose(ward.chance("report: response", every.child, every.day), ward.parameters.protection.response)
    disposition = _finding(ward, every, every.substantiated)
    columns = {
        "report_id": numbered(ward, "report", every.day, "R{}-{:08d}"),
        "received_date": day_column(every.day),
        "received_time": clock(every.minute),
        "reporter": worded(REPORTERS, every.reporter),
        "allegation": worded(ALLEGATIONS, every.allegation),
        "other_allegation": worded(ALLEGATIONS, every.second),
        "screened_in": yes_no(every.screened_in),
        "response": worded(RESPONSES, np.where(every.screened_in, soon, -1)),
        "disposition": disposition,
        "disposition_date": day_column(np.where(every.screened_in & (decided <= ward.span.last), decided, NEVER)),
    }
    return Table(REPORTS, columns)


def _finding(ward: Ward, every: Reports, found: Any, report: Any = slice(None)) -> Texts:
    """What has been found about each row of `report` by the county's last day."""
    words = ("unsubstantiated", "substantiated", "pending")
    pending = decided_on(ward, every)[report] > ward.span.last
    return worded(words, np.where(every.screened_in[report], np.where(pending, 2, found.astype(np.int64)), -1))


def _report_persons(ward: Ward, calls: Table, clients_of: Texts) -> Table:
    named, every = ward.of(involved), ward.of(reports)
    finding = _finding(ward, every, named.found, named.report)
    finding[named.role != VICTIM] = ""
    report_ids = calls.columns["report_id"][named.report]
    columns = {
        "report_id": report_ids,
        "client_id": clients_of,
        "role": worded(ROLES, named.role),
        "alleged_perpetrator": yes_no(named.perpetrator),
        "finding": finding,
    }
    # Twins in one record are named once in a report.
    pair = np.char.add(report_ids.astype(str), clients_of.astype(str))
    once = np.sort(np.unique(pair, return_index=True)[1])
    return Table(REPORT_PERSONS, {name: values[once] for name, values in columns.items()})


def _placements(ward: Ward, report_ids: Texts, clients_of: Texts) -> Table:
    kept, rows, now = ward.placements, _shown(ward), ward.of(foster.ends)
    outcome = now.outcome[rows]
    columns = {
        "placement_id": numbered(ward, "placement", kept.first[rows], "P{}-{:08d}"),
        "client_id": clients_of,
        "report_id": np.append(report_ids, "")[now.report[rows]],
        "removal_date": day_column(kept.first[rows]),
        "kind": worded(PLACEMENTS, kept.kind[rows]),
        "reason": worded(REMOVALS, kept.reason[rows]),
        "end_date": day_column(np.where(outcome == foster.STILL, NEVER, kept.last[rows])),
        "outcome": worded(foster.OUTCOMES, outcome),
    }
    return Table(PLACEMENTS_TABLE, columns)

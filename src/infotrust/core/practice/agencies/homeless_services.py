"""The homeless management information system (HMIS), handed over in HUD's HMIS CSV format.

Shelters that do not take part stand in Project.csv, but nobody who stays there is a client. Who the clients are is in
`hmis_clients`, what they answer at entry in `hmis_answers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from infotrust.core.practice.agencies import hmis_answers as answers
from infotrust.core.practice.agencies.hmis_answers import Entries, answered, masked
from infotrust.core.practice.agencies.hmis_clients import ClientFile, client_file, client_table, entry_keys
from infotrust.core.practice.agencies.hmis_layouts import (
    DISABILITIES,
    ENROLLMENT,
    EXIT,
    EXPORT,
    HEALTH_AND_DV,
    HMIS_PARTICIPATION,
    INCOME_BENEFITS,
    LAYOUTS,
    ORGANIZATION,
    PROJECT,
    SERVICES,
)
from infotrust.core.practice.agencies.hmis_projects import OWN_PROJECTS, SUFFIX, directory, project_id, texts
from infotrust.core.practice.agencies.hmis_rows import export_id, filled, row_numbers
from infotrust.core.practice.chance import Bools, Ints, Texts
from infotrust.core.practice.facts.benefits import snap_receives
from infotrust.core.practice.facts.dollars import poverty_guideline
from infotrust.core.practice.facts.homelessness import homelessness
from infotrust.core.practice.facts.shelter_services import NIGHT_BY_NIGHT, OUTREACH, moves_with_help
from infotrust.core.practice.groups import turns
from infotrust.core.practice.tables import Table, day_column
from infotrust.core.practice.ward import Ward

__all__ = ["LAYOUTS", "tables"]

COC, SOFTWARE, VERSION = "XX-500", "Practice HMIS", "2026 v1.0"


def tables(ward: Ward) -> Iterator[Table]:
    """The export's files; those about projects come with the first ward only."""
    file = ward.of(client_file)
    yield from _projects(ward)
    yield client_table(ward, file)
    yield _enrollments(ward, file)
    yield _exits(ward, file)
    yield _bed_nights(ward, file)
    yield _health(ward, file)
    yield _disabilities(ward, file)
    yield _incomes(ward, file)


# --- projects ---


def _projects(ward: Ward) -> Iterator[Table]:
    place = ward.place
    once = ward.number == 0
    start = np.full(1, ward.span.first)
    values = {
        "ExportID": export_id(ward), "SourceID": COC, "SourceName": "Marigold County Housing Partnership",
        "SourceContactEmail": "hmis@marigold.example", "SoftwareName": SOFTWARE, "CSVVersion": VERSION,
        "ImplementationID": "practice", "ExportDate": f"{date.fromordinal(ward.span.last)} 23:00:00",
    }  # fmt: skip
    export: dict[str, Any] = {name: np.array([text], dtype=object) for name, text in values.items()}
    export |= {"ExportStartDate": day_column(start), "ExportEndDate": day_column(np.full(1, ward.span.last))}
    codes = {"SourceType": 1, "ExportPeriodType": 3, "ExportDirective": 2, "HashStatus": 1}
    export |= {name: np.full(1, code) for name, code in codes.items()}
    yield _first(once, filled(ward, EXPORT, export, start))
    organizations, projects, taking_part = directory(place)
    opened = np.full(len(organizations["OrganizationID"]), ward.span.first)
    yield _first(once, filled(ward, ORGANIZATION, organizations, opened))
    opened = np.full(len(projects["ProjectID"]), ward.span.first)
    projects["OperatingStartDate"] = day_column(opened)
    yield _first(once, filled(ward, PROJECT, projects, opened))
    taking_part["HMISParticipationStatusStartDate"] = day_column(opened)
    yield _first(once, filled(ward, HMIS_PARTICIPATION, taking_part, opened))


def _first(once: bool, table: Table) -> Table:
    """The table, or none of its rows in the other wards."""
    return table if once else Table(table.layout, {name: column[:0] for name, column in table.columns.items()})


# --- enrollments ---


def _project_of(ward: Ward, found: Entries) -> Texts:
    codes = np.full(len(found), "", dtype=object)
    for kind, (code, _) in OWN_PROJECTS.items():
        codes[found.project == kind] = code
    for kind in SUFFIX:
        names = texts([project_id(ward.place, number, kind) for number in range(len(ward.place.shelters.code))])
        rows = found.project == kind
        codes[rows] = names[found.shelter[rows]]
    return codes


def _enrollments(ward: Ward, file: ClientFile) -> Table:
    found = file.entries
    before, past = answers.living_situation(ward, found), answers.homeless_past(ward, found)
    situation = answered(ward, "situation", found, before)
    disabling = np.sum([one > 0 for one in answers.conditions(ward, found).values()], axis=0) > 0
    literally = found.asked & (past.since > 0)
    engaged = np.isin(found.project, (OUTREACH, NIGHT_BY_NIGHT)) & found.asked
    plan = found.first + (ward.chance("engaged", found.person, found.first) * 30).astype(np.int64)
    engaged &= plan <= np.minimum(found.last, ward.span.last)
    columns = entry_keys(ward, file) | {
        "ProjectID": _project_of(ward, found),
        "EntryDate": day_column(found.first),
        "RelationshipToHoH": answers.relationship(ward, found),
        "EnrollmentCoC": np.where(found.head, COC, "").astype(object),
        "LivingSituation": masked(situation, found.asked),
        "RentalSubsidyType": masked(np.full(len(found), answers.VOUCHER), found.asked & (situation == 435)),
        "LengthOfStay": masked(answered(ward, "length", found, answers.length_of_stay(ward, found)), found.asked),
        "DateToStreetESSH": day_column(np.where(literally, past.since, 0)),
        "TimesHomelessPastThreeYears": masked(answered(ward, "times", found, past.times), literally),
        "MonthsHomelessPastThreeYears": masked(answered(ward, "months", found, past.months), literally),
        "DisablingCondition": answered(ward, "condition", found, disabling.astype(np.int64)),
        "DateOfEngagement": day_column(np.where(engaged, plan, 0)),
        "MoveInDate": day_column(np.where(found.move_in <= np.minimum(found.last, ward.span.last), found.move_in, 0)),
    }
    return filled(ward, ENROLLMENT, columns, found.first, found.person)


def _exits(ward: Ward, file: ClientFile) -> Table:
    found = file.entries
    rows = np.flatnonzero(found.last <= ward.span.last)
    code = answers.destination(ward, found)
    helped = moves_with_help(ward)[found.stay] & np.isin(found.project, tuple(SUFFIX))
    code = np.where(helped, answers.RENTED_WITH_HELP, code)
    subsidy = np.where(helped, answers.RAPID_HELP, answers.VOUCHER)
    keys = entry_keys(ward, file)
    columns = {
        "ExitID": row_numbers(keys["EnrollmentID"][rows], "X"),
        "EnrollmentID": keys["EnrollmentID"][rows],
        "PersonalID": keys["PersonalID"][rows],
        "ExitDate": day_column(found.last[rows]),
        "Destination": code[rows],
        "DestinationSubsidyType": masked(subsidy[rows], code[rows] == answers.RENTED_WITH_HELP),
    }
    return filled(ward, EXIT, columns, found.last[rows], found.person[rows])


def _bed_nights(ward: Ward, file: ClientFile) -> Table:
    """One row for each night on which a bed was used, the first always."""
    found, used = file.entries, ward.parameters.homeless_services.nights_used
    rows = np.flatnonzero(found.project == NIGHT_BY_NIGHT)
    first = np.maximum(found.first[rows], ward.span.first)
    nights = np.minimum(found.last[rows], ward.span.last) - first + 1
    row = np.repeat(rows, nights)
    turn = turns(nights)
    day = np.repeat(first, nights) + turn
    slept = (turn == 0) | (ward.chance("bed night", found.person[row], day) < used)
    row, day = row[slept], day[slept]
    keys = entry_keys(ward, file)
    columns = {
        "ServicesID": row_numbers(keys["EnrollmentID"][row], "B", day),
        "EnrollmentID": keys["EnrollmentID"][row],
        "PersonalID": keys["PersonalID"][row],
        "DateProvided": day_column(day),
        "RecordType": np.full(len(row), 200),
        "TypeProvided": np.full(len(row), 200),
    }
    return filled(ward, SERVICES, columns, day, found.person[row])


# --- answers at entry ---


def _at_entry(ward: Ward, file: ClientFile, key: str, rows: Ints, turn: Ints | int = 0) -> dict[str, Any]:
    keys = entry_keys(ward, file)
    return {
        key: row_numbers(keys["EnrollmentID"][rows], key[0], turn),
        "EnrollmentID": keys["EnrollmentID"][rows],
        "PersonalID": keys["PersonalID"][rows],
        "InformationDate": day_column(file.entries.first[rows]),
        "DataCollectionStage": np.ones(len(rows), dtype=np.int64),
    }


def _health(ward: Ward, file: ClientFile) -> Table:
    found = file.entries
    stays, wanted = ward.of(homelessness).stays, ward.parameters.homeless_services
    flees = stays.fleeing[found.stay] & found.head
    share = np.where(ward.people.male[found.person], wanted.violence_before_men, wanted.violence_before_women)
    before = ward.chance("violence before", found.person) < share
    told = answered(ward, "violence", found, (flees | before).astype(np.int64))
    when = np.where(flees, 1, 2 + (ward.chance("violence when", found.person) * 3).astype(np.int64))
    rows = np.flatnonzero(found.asked)
    columns = _at_entry(ward, file, "HealthAndDVID", rows) | {
        "DomesticViolenceSurvivor": told[rows],
        "WhenOccurred": masked(when[rows], told[rows] == 1),
        "CurrentlyFleeing": masked(flees[rows], told[rows] == 1),
    }
    return filled(ward, HEALTH_AND_DV, columns, found.first[rows], found.person[rows])


def _disabilities(ward: Ward, file: ClientFile) -> Table:
    found, kinds = file.entries, answers.conditions(ward, file.entries)
    rows = np.repeat(np.arange(len(found)), len(kinds))
    turn = np.tile(np.arange(len(kinds)), len(found))
    has = np.column_stack(list(kinds.values())).ravel()
    lasts = ward.chance("condition lasts", found.person[rows], turn) < ward.parameters.homeless_services.condition_lasts
    columns = _at_entry(ward, file, "DisabilitiesID", rows, turn) | {
        "DisabilityType": np.tile(np.array(list(kinds)), len(found)),
        "DisabilityResponse": has,
        "IndefiniteAndImpairs": masked(lasts, has > 0),
    }
    return filled(ward, DISABILITIES, columns, found.first[rows], found.person[rows])


def _incomes(ward: Ward, file: ClientFile) -> Table:
    """What heads and adults say about their income: the head has the household's wages, if any."""
    found = file.entries
    rows = np.flatnonzero(found.asked)
    person, day = found.person[rows], np.maximum(found.first[rows], ward.span.first)
    wanted = ward.parameters.homeless_services
    guideline = poverty_guideline(ward.parameters.poverty_guidelines, day, np.ones(len(day), dtype=np.int64)) / 12
    earned = np.where(found.head[rows], np.round(ward.income(person, day) * guideline, -1), 0.0)
    earned = np.where(earned < wanted.least_wages, 0.0, earned)
    disabled = answers.conditions(ward, found)[5][rows] > 0
    ssi = disabled & found.adult[rows] & (earned < wanted.ssi)
    family = ward.of(homelessness).stays.family[found.stay[rows]]
    tanf = family & found.head[rows] & (earned == 0) & (ward.chance("cash assistance", person) < wanted.cash_assistance)
    total = earned + wanted.ssi * ssi + wanted.cash_assistance_amount * tanf
    snap = snap_receives(ward, person, day)
    columns = _at_entry(ward, file, "IncomeBenefitsID", rows) | {
        "IncomeFromAnySource": (total > 0).astype(np.int64),
        "TotalMonthlyIncome": total,
        "InsuranceFromAnySource": np.full(len(rows), answers.NOT_COLLECTED),
        "BenefitsFromAnySource": snap.astype(np.int64),
        "SNAP": snap.astype(np.int64),
    }
    sources: tuple[tuple[str, Bools, Any], ...] = (
        ("Earned", earned > 0, earned),
        ("SSI", ssi, np.full(len(rows), float(wanted.ssi))),
        ("TANF", tanf, np.full(len(rows), float(wanted.cash_assistance_amount))),
    )
    for name, has, amount in sources:
        columns |= {name: has.astype(np.int64), f"{name}Amount": np.where(has, amount, np.nan)}
    return filled(ward, INCOME_BENEFITS, columns, found.first[rows], found.person[rows])

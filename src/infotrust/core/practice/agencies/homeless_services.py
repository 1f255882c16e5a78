"""The homeless management information system (HMIS), handed over in HUD's HMIS CSV format.

Shelters that do not take part stand in Project.csv, but nobody who stays there is a client. A client who was entered
twice has two numbers; each enrollment stands under one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from infotrust.core.practice.agencies import hmis_answers as answers
from infotrust.core.practice.agencies.hmis_answers import Entries, answered, masked
from infotrust.core.practice.agencies.hmis_layouts import (
    CLIENT,
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
    SYSTEM,
)
from infotrust.core.practice.agencies.hmis_projects import OWN_PROJECTS, SUFFIX, directory, project_id, texts
from infotrust.core.practice.chance import Bools, Ints, Texts, choose
from infotrust.core.practice.days import EPOCH
from infotrust.core.practice.facts.benefits import snap_receives
from infotrust.core.practice.facts.dollars import poverty_guideline
from infotrust.core.practice.facts.homelessness import homelessness
from infotrust.core.practice.facts.shelter_services import (
    NIGHT_BY_NIGHT,
    OUTREACH,
    PREVENTION,
    RAPID,
    SUPPORTIVE,
    TRANSITIONAL_HOUSING,
    moves_with_help,
)
from infotrust.core.practice.groups import turns
from infotrust.core.practice.names import COMMUNITIES
from infotrust.core.practice.records import numbers
from infotrust.core.practice.records.mechanisms import BIT
from infotrust.core.practice.records.sheet import Sheet, with_duplicates
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import RACES, Ward

__all__ = ["LAYOUTS", "ClientFile", "client_file", "clients_on_file", "tables"]

COC, SOFTWARE, VERSION = "XX-500", "Practice HMIS", "2026 v1.0"
SLOTS = {RAPID: 1, SUPPORTIVE: 2, OUTREACH: 3, PREVENTION: 4, TRANSITIONAL_HOUSING: 0}  # of a stay's services; beds: 0
LARGEST_PARTY = 64
WORKERS = 12


@dataclass(frozen=True)
class ClientFile:
    """The records of clients, and the number under which each entry stands."""

    sheet: Sheet
    personal_id: Texts  # of each record
    entries: Entries
    record: Ints  # row of the record of each entry

    @property
    def entry_ids(self) -> Texts:
        return np.asarray(self.personal_id[self.record])


def client_file(ward: Ward) -> ClientFile:
    """Everybody who was entered up to the county's last day."""
    return clients_on_file(ward, ward.span.last)


def clients_on_file(ward: Ward, as_of: int) -> ClientFile:
    """Everybody entered up to the day `as_of`; names and the like are those of the first entry under a number."""
    found = answers.entries_until(ward, as_of)
    person = np.unique(found.person)
    who, _, copy = with_duplicates(ward, SYSTEM, person, np.full(len(person), as_of))
    twice = np.zeros(len(ward), dtype=bool)
    twice[who[copy == 1]] = True
    # Someone entered twice is found under the old number on some visits and not on others.
    again = twice[found.person] & (ward.chance("HMIS which record", found.person, found.first) < 0.5)
    key, record = np.unique(found.person * 2 + again, return_inverse=True)
    on = np.full(len(key), 10**8)
    np.minimum.at(on, record, found.first)
    who, second = key // 2, key % 2
    sheet = Sheet(ward, SYSTEM, who, np.maximum(on, ward.span.first), second, as_of)
    alone = ~np.isin(who, who[second == 0])  # every visit happened to fall under the second number
    sheet.mistakes[alone] &= ~BIT["entered_twice"]
    return ClientFile(sheet, sheet.keys("{:08d}"), found, record)


def tables(ward: Ward) -> Iterator[Table]:
    """The export's files; those about projects come with the first ward only."""
    file = ward.of(client_file)
    yield from _projects(ward)
    yield _clients(ward, file)
    yield _enrollments(ward, file)
    yield _exits(ward, file)
    yield _bed_nights(ward, file)
    yield _health(ward, file)
    yield _disabilities(ward, file)
    yield _incomes(ward, file)


def _filled(ward: Ward, layout: Layout, columns: dict[str, Any], created: Ints, about: Ints | None = None) -> Table:
    """The layout's columns: those given, the stamps of the export, and empty ones.

    `created` is the day of what each row tells, `about` the person: rows about one day are typed in together.
    """
    count = len(created)
    about = np.arange(count) if about is None else about
    late = ward.chance("HMIS entry late", about, created)
    day = created + (-np.log1p(-late) * ward.parameters.homeless_services.entry_lag).astype(np.int64)
    day = np.minimum(day, ward.span.last)
    second = (ward.chance("HMIS entry hour", about, created) * 36_000).astype(np.int64) + 8 * 3600
    stamp = (day - EPOCH) * 86_400 + second
    written = stamp.astype("datetime64[s]").astype(str)
    when = (np.char.replace(written, "T", " ") if count else written).astype(object)
    worker = np.array([f"U{one + 1:02d}" for one in range(WORKERS)], dtype=object)
    stamps = {
        "DateCreated": when,
        "DateUpdated": when,
        "UserID": worker[(ward.chance("HMIS entry by", about, created) * WORKERS).astype(np.int64)],
        "ExportID": np.full(count, _export_id(ward), dtype=object),
    }
    nothing = np.full(count, "", dtype=object)
    made = {name: columns.get(name, stamps.get(name, nothing)) for name in layout.about}
    return Table(layout, made)


def _export_id(ward: Ward) -> str:
    return f"MC{date.fromordinal(ward.span.last):%Y%m%d}"


# --- projects ---


def _projects(ward: Ward) -> Iterator[Table]:
    place = ward.place
    once = ward.number == 0
    start = np.full(1, ward.span.first)
    values = {
        "ExportID": _export_id(ward), "SourceID": COC, "SourceName": "Marigold County Housing Partnership",
        "SourceContactEmail": "hmis@marigold.example", "SoftwareName": SOFTWARE, "CSVVersion": VERSION,
        "ImplementationID": "practice", "ExportDate": f"{date.fromordinal(ward.span.last)} 23:00:00",
    }  # fmt: skip
    export: dict[str, Any] = {name: np.array([text], dtype=object) for name, text in values.items()}
    export |= {"ExportStartDate": day_column(start), "ExportEndDate": day_column(np.full(1, ward.span.last))}
    codes = {"SourceType": 1, "ExportPeriodType": 3, "ExportDirective": 2, "HashStatus": 1}
    export |= {name: np.full(1, code) for name, code in codes.items()}
    yield _first(once, _filled(ward, EXPORT, export, start))
    organizations, projects, taking_part = directory(place)
    opened = np.full(len(organizations["OrganizationID"]), ward.span.first)
    yield _first(once, _filled(ward, ORGANIZATION, organizations, opened))
    opened = np.full(len(projects["ProjectID"]), ward.span.first)
    projects["OperatingStartDate"] = day_column(opened)
    yield _first(once, _filled(ward, PROJECT, projects, opened))
    taking_part["HMISParticipationStatusStartDate"] = day_column(opened)
    yield _first(once, _filled(ward, HMIS_PARTICIPATION, taking_part, opened))


def _first(once: bool, table: Table) -> Table:
    """The table, or none of its rows in the other wards."""
    return table if once else Table(table.layout, {name: column[:0] for name, column in table.columns.items()})


# --- clients ---


def _clients(ward: Ward, file: ClientFile) -> Table:
    sheet, people = file.sheet, ward.people
    given, family = sheet.given_and_family()
    ssn, born = sheet.ssn(), sheet.birth_days()
    length = np.array([len(text) for text in ssn])
    reasons = ward.parameters.homeless_services.number_missing
    declined = np.array([int(one) for one in reasons])[choose(sheet.chance("SSN declined"), dict(reasons))]
    estimated = (sheet.mistakes & (BIT["age_estimated"] | BIT["default_birthday"])) > 0
    alias = (sheet.mistakes & (BIT["nickname"] | BIT["alias"] | BIT["placeholder_name"])) > 0
    sex = sheet.sex("1", "0", "99").astype(np.int64)
    adult = ward.age(sheet.who, ward.span.last) >= 18
    veteran = sheet.chance("veteran") < ward.parameters.homeless_services.veterans
    columns: dict[str, Any] = {
        "PersonalID": file.personal_id,
        "FirstName": given,
        "MiddleName": sheet.middle(),
        "LastName": family,
        "NameSuffix": sheet.suffix(),
        "NameDataQuality": np.where(
            alias & (sheet.chance("alias noticed") < ward.parameters.homeless_services.alias_noticed), 2, 1
        ),
        "SSN": ssn,
        "SSNDataQuality": np.where(length == 9, 1, np.where(length > 0, 2, declined)),
        "DOB": day_column(born),
        "DOBDataQuality": np.where(born <= 0, 99, np.where(estimated, 2, 1)),
        "Sex": sex,
        "VeteranStatus": np.where(adult, veteran, answers.NOT_COLLECTED),
    }
    columns |= _races(sheet, people.race[sheet.who], people.community[sheet.who])
    made = _filled(ward, CLIENT, columns, sheet.on, sheet.who)
    return Table(CLIENT, made.columns, who=sheet.who, mistakes=sheet.mistakes)


def _races(sheet: Sheet, race: Ints, community: Ints) -> dict[str, Any]:
    is_ = {name: race == place for place, name in enumerate(RACES)}
    arab = community == COMMUNITIES.index("arabic") if "arabic" in COMMUNITIES else np.zeros(len(race), dtype=bool)
    silent = sheet.chance("race not told") < sheet.ward.parameters.homeless_services.race_not_told
    found = {
        "AmIndAKNative": is_["native"],
        "Asian": is_["asian"],
        "BlackAfAmerican": is_["black"] | is_["multiple"],
        "HispanicLatinao": is_["hispanic"],
        "MidEastNAfrican": arab & is_["white"],
        "NativeHIPacific": is_["pacific"],
        "White": (is_["white"] & ~arab) | is_["multiple"],
    }
    columns: dict[str, Any] = {name: (one & ~silent).astype(np.int64) for name, one in found.items()}
    any_ = np.sum(list(columns.values()), axis=0) > 0
    return columns | {"RaceNone": masked(np.full(len(race), answers.NOT_COLLECTED), ~any_)}


# --- enrollments ---


def _keys(ward: Ward, file: ClientFile) -> dict[str, Any]:
    """Enrollment and client of each entry. The number follows from the stay, the project and the person's place in the
    stay, so that it stays the same in a longer county."""
    found = file.entries
    service = found.stay * len(SLOTS) + np.array([SLOTS.get(kind, 0) for kind in range(15)])[found.project]
    return {
        "EnrollmentID": _ids(ward, "enrollment", service * LARGEST_PARTY + found.place),
        "PersonalID": file.entry_ids,
        "HouseholdID": _ids(ward, "household", service),
    }


def _ids(ward: Ward, what: str, number: Ints) -> Texts:
    """Distinct numbers of twelve digits in the county, in no order."""
    mixed = numbers.permuted(ward.number * 10**8 + number, 10**6, 10**6, f"HMIS {what}", ward.seed)
    return np.array([f"{one:012d}" for one in mixed.tolist()], dtype=object)


def _numbered(enrollment: Texts, letter: str, turn: Ints | int = 0) -> Texts:
    """Numbers of rows about an enrollment."""
    turns = np.broadcast_to(turn, len(enrollment)).tolist()
    return np.array([f"{one}-{letter}{part}" for one, part in zip(enrollment, turns, strict=True)], dtype=object)


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
    columns = _keys(ward, file) | {
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
    return _filled(ward, ENROLLMENT, columns, found.first, found.person)


def _exits(ward: Ward, file: ClientFile) -> Table:
    found = file.entries
    rows = np.flatnonzero(found.last <= ward.span.last)
    code = answers.destination(ward, found)
    helped = moves_with_help(ward)[found.stay] & np.isin(found.project, tuple(SUFFIX))
    code = np.where(helped, answers.RENTED_WITH_HELP, code)
    subsidy = np.where(helped, answers.RAPID_HELP, answers.VOUCHER)
    keys = _keys(ward, file)
    columns = {
        "ExitID": _numbered(keys["EnrollmentID"][rows], "X"),
        "EnrollmentID": keys["EnrollmentID"][rows],
        "PersonalID": keys["PersonalID"][rows],
        "ExitDate": day_column(found.last[rows]),
        "Destination": code[rows],
        "DestinationSubsidyType": masked(subsidy[rows], code[rows] == answers.RENTED_WITH_HELP),
    }
    return _filled(ward, EXIT, columns, found.last[rows], found.person[rows])


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
    keys = _keys(ward, file)
    columns = {
        "ServicesID": _numbered(keys["EnrollmentID"][row], "B", day),
        "EnrollmentID": keys["EnrollmentID"][row],
        "PersonalID": keys["PersonalID"][row],
        "DateProvided": day_column(day),
        "RecordType": np.full(len(row), 200),
        "TypeProvided": np.full(len(row), 200),
    }
    return _filled(ward, SERVICES, columns, day, found.person[row])


# --- answers at entry ---


def _at_entry(ward: Ward, file: ClientFile, key: str, rows: Ints, turn: Ints | int = 0) -> dict[str, Any]:
    keys = _keys(ward, file)
    return {
        key: _numbered(keys["EnrollmentID"][rows], key[0], turn),
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
    return _filled(ward, HEALTH_AND_DV, columns, found.first[rows], found.person[rows])


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
    return _filled(ward, DISABILITIES, columns, found.first[rows], found.person[rows])


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
    return _filled(ward, INCOME_BENEFITS, columns, found.first[rows], found.person[rows])

"""The clients of the homeless management information system: their records, and the numbers of their entries.

A client who was entered twice has two numbers; each enrollment stands under one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.agencies import hmis_answers as answers
from infotrust.core.practice.agencies.hmis_answers import Entries, masked
from infotrust.core.practice.agencies.hmis_layouts import CLIENT, SYSTEM
from infotrust.core.practice.agencies.hmis_rows import filled
from infotrust.core.practice.chance import Ints, Texts, choose
from infotrust.core.practice.facts.shelter_services import (
    OUTREACH,
    PREVENTION,
    RAPID,
    SUPPORTIVE,
    TRANSITIONAL_HOUSING,
)
from infotrust.core.practice.names import COMMUNITIES
from infotrust.core.practice.records import numbers
from infotrust.core.practice.records.mechanisms import BIT
from infotrust.core.practice.records.sheet import Sheet, with_duplicates
from infotrust.core.practice.tables import Table, day_column
from infotrust.core.practice.ward import RACES, Ward

SLOTS = {RAPID: 1, SUPPORTIVE: 2, OUTREACH: 3, PREVENTION: 4, TRANSITIONAL_HOUSING: 0}  # of a stay's services; beds: 0
LARGEST_PARTY = 64


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


def client_table(ward: Ward, file: ClientFile) -> Table:
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
    made = filled(ward, CLIENT, columns, sheet.on, sheet.who)
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


# --- numbers ---


def entry_keys(ward: Ward, file: ClientFile) -> dict[str, Any]:
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

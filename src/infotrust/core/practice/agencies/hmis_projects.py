"""The projects of homeless services: those of each shelter, and those that the county's partnership runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.agencies.hmis_answers import masked
from infotrust.core.practice.chance import Texts
from infotrust.core.practice.facts.homelessness import SAFE_HOUSE, SINGLE_SHELTER
from infotrust.core.practice.facts.shelter_services import (
    ENTRY_EXIT,
    NIGHT_BY_NIGHT,
    OUTREACH,
    PREVENTION,
    RAPID,
    SUPPORTIVE,
    TRANSITIONAL_HOUSING,
)
from infotrust.core.practice.place import Place

SUFFIX = {ENTRY_EXIT: "ES", NIGHT_BY_NIGHT: "NBN"}
OWN_PROJECTS = {
    TRANSITIONAL_HOUSING: ("TH01", "Stepping Stones Transitional Housing"),
    SUPPORTIVE: ("PSH01", "Larkspur Supportive Housing"),
    OUTREACH: ("SO01", "Marigold Street Outreach"),
    PREVENTION: ("HP01", "Keep the Keys Homelessness Prevention"),
    RAPID: ("RRH01", "Home Again Rapid Rehousing"),
}
PARTNERSHIP = "O000"


def texts(values: list[str]) -> Texts:
    return np.array(values, dtype=object)


def directory(place: Place) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Organizations, projects and who takes part: each shelter has an organization, all else the partnership."""
    shelters = place.shelters
    shelter, kind = [], []
    for number in range(len(shelters.code)):
        kinds = (ENTRY_EXIT, NIGHT_BY_NIGHT) if shelters.kind[number] == SINGLE_SHELTER else (ENTRY_EXIT,)
        shelter += [number] * len(kinds)
        kind += list(kinds)
    safe = shelters.kind == SAFE_HOUSE
    organizations = {
        "OrganizationID": texts([PARTNERSHIP, *(f"O{n + 1:03d}" for n in range(len(shelters.code)))]),
        "OrganizationName": texts(["Marigold County Housing Partnership", *shelters.name]),
        "VictimServiceProvider": np.array([0, *safe.astype(int)]),
    }
    own, beds_of = list(OWN_PROJECTS), list(zip(shelter, kind, strict=True))
    count, beds = len(shelter) + len(own), np.array([True] * len(shelter) + [one in (2, 3, 13) for one in own])
    type_ = np.array([*kind, *own])
    housing = np.where((type_ == RAPID) | (type_ == SUPPORTIVE), 3, 1)
    is_safe = np.array([*safe[shelter], *[False] * len(own)])
    projects = {
        "ProjectID": texts([project_id(place, *one) for one in beds_of] + [OWN_PROJECTS[one][0] for one in own]),
        "OrganizationID": texts([f"O{s + 1:03d}" for s in shelter] + [PARTNERSHIP] * len(own)),
        "ProjectName": texts([_project_name(place, *one) for one in beds_of] + [OWN_PROJECTS[one][1] for one in own]),
        "ContinuumProject": np.ones(count, dtype=np.int64),
        "ProjectType": type_,
        "HousingType": masked(housing, beds),
        "RRHSubType": masked(np.full(count, 2), type_ == RAPID),
        "TargetPopulation": np.where(is_safe, 1, 4),
        "HOPWAMedAssistedLivingFac": np.full(count, 2),
    }  # fmt: skip
    part = np.array([*shelters.in_hmis[shelter], *[True] * len(own)])
    taking_part = {
        "HMISParticipationID": texts([f"HP{number + 1:03d}" for number in range(count)]),
        "ProjectID": projects["ProjectID"],
        "HMISParticipationType": np.where(part, 1, np.where(is_safe, 2, 0)),
    }
    return organizations, projects, taking_part


def project_id(place: Place, shelter: int, kind: int) -> str:
    return f"{place.shelters.code[shelter]}-{SUFFIX[kind]}"


def _project_name(place: Place, shelter: int, kind: int) -> str:
    return f"{place.shelters.name[shelter]}{', Nightly Beds' if kind == NIGHT_BY_NIGHT else ''}"

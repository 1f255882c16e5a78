"""What homeless services do for whom: stays in shelters that take part in the HMIS, housing, outreach, prevention.

A service is given to a party; `ServiceMembers` says to which of its persons, without those whose entry is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.facts.homelessness import (
    DOUBLED_UP,
    HOME,
    SHELTER,
    SINGLE_SHELTER,
    TRANSITIONAL,
    UNSHELTERED,
    Stays,
    homelessness,
)
from infotrust.core.practice.groups import turns
from infotrust.core.practice.ward import NEVER, Ward

# HMIS project types (HUD data element 2.02.6), as far as the county has them.
ENTRY_EXIT, NIGHT_BY_NIGHT, TRANSITIONAL_HOUSING, SUPPORTIVE, OUTREACH, PREVENTION, RAPID = 0, 1, 2, 3, 4, 12, 13
LONGEST_RAPID = 730  # days: the limit of rapid rehousing (24 CFR 578.37)


@dataclass(frozen=True)
class ServiceStays:
    """One element for each party and project. Days may lie after the county's last one."""

    stay: Ints  # place in the stays of `homelessness` that led to it
    project: Ints  # HMIS project type
    shelter: Ints  # place in `place.shelters`; -1 for projects without beds of their own
    first: Ints
    move_in: Ints  # first day in a home, NEVER where there is none
    last: Ints


@dataclass(frozen=True)
class ServiceMembers:
    service: Ints  # place in `ServiceStays`
    person: Ints
    place: Ints  # of the person among the members of the stay


@dataclass(frozen=True)
class ShelterServices:
    services: ServiceStays
    members: ServiceMembers


def shelter_services(ward: Ward) -> ShelterServices:
    """All that is entered into the HMIS up to the county's last day."""
    found = ward.of(homelessness)
    rows = [_beds(ward, found.stays), _rapid(ward, found.stays), _supportive(ward, found.stays)]
    rows += [_outreach(ward, found.stays), _prevention(ward, found.stays)]
    every = {name: np.concatenate([one[name] for one in rows]) for name in rows[0]}
    entered = (every["first"] <= ward.span.last) & (every["last"] >= ward.span.first)
    order = np.flatnonzero(entered)
    order = order[np.lexsort((every["project"][order], every["first"][order], every["stay"][order]))]
    services = ServiceStays(**{name: column[order] for name, column in every.items()})
    return ShelterServices(services, _members(ward, services))


def _row(
    stay: Ints, project: Any, first: Ints, last: Ints, *, shelter: Any = -1, move_in: Any = NEVER
) -> dict[str, Ints]:
    values = {"stay": stay, "project": project, "shelter": shelter, "first": first, "move_in": move_in, "last": last}
    return {name: np.broadcast_to(np.asarray(one, dtype=np.int64), stay.shape) for name, one in values.items()}


def _chance(ward: Ward, what: str, stays: Stays, rows: Ints) -> Floats:
    return ward.household_chance(what, stays.household[rows], stays.first[rows])


def _exponential(chance: Floats, mean: float) -> Ints:
    return np.asarray(-np.log1p(-chance) * mean, dtype=np.int64)


def _beds(ward: Ward, stays: Stays) -> dict[str, Ints]:
    """Stays in shelters that take part, and in transitional housing, but for short ones that nobody enters."""
    wanted = ward.parameters.homeless_services
    rows = np.flatnonzero(
        ((stays.kind == SHELTER) & (stays.shelter >= 0) & ~stays.outside) | (stays.kind == TRANSITIONAL)
    )
    short = stays.last[rows] - stays.first[rows] < wanted.short_stay
    rows = rows[~(short & (_chance(ward, "short stay missed", stays, rows) < wanted.short_stay_missed))]
    shelter = stays.shelter[rows]
    single = (shelter >= 0) & (ward.place.shelters.kind[np.maximum(shelter, 0)] == SINGLE_SHELTER)
    by_night = single & ~stays.family[rows] & (_chance(ward, "night by night", stays, rows) < wanted.night_by_night)
    project = np.where(stays.kind[rows] == TRANSITIONAL, TRANSITIONAL_HOUSING, ENTRY_EXIT)
    return _row(rows, np.where(by_night, NIGHT_BY_NIGHT, project), stays.first[rows], stays.last[rows], shelter=shelter)


def _rapid(ward: Ward, stays: Stays) -> dict[str, Ints]:
    """Rapid rehousing begins in the shelter, moves the party into a home as it leaves, and goes on for a time."""
    wanted = ward.parameters.homeless_services
    rows = np.flatnonzero(moves_with_help(ward))
    move_in = stays.last[rows] + 1
    before = _exponential(_chance(ward, "rapid rehousing began", stays, rows), wanted.days_to_move_in)
    first = np.maximum(move_in - 1 - before, stays.first[rows])
    after = _exponential(_chance(ward, "rapid rehousing ended", stays, rows), wanted.days_of_rapid_rehousing)
    last = move_in + np.minimum(after, LONGEST_RAPID)
    return _row(rows, RAPID, first, _while_here(ward, stays, rows, last), move_in=move_in)


def moves_with_help(ward: Ward) -> Bools:
    """The stays of `homelessness` in shelters of the HMIS that end in a home with rapid rehousing."""
    stays, wanted = ward.of(homelessness).stays, ward.parameters.homeless_services
    share = np.where(stays.family, wanted.rapid_rehousing_families, wanted.rapid_rehousing_adults)
    every = np.arange(len(stays.kind))
    gone = np.minimum(ward.people.death, ward.people.departure)[stays.head] <= stays.last + 1
    housed = (stays.kind == SHELTER) & ~stays.outside & (stays.shelter >= 0) & (stays.after == HOME) & ~gone
    return np.asarray(housed & (_chance(ward, "rapid rehousing", stays, every) < share))


def _supportive(ward: Ward, stays: Stays) -> dict[str, Ints]:
    """Permanent supportive housing for adults with high need after long times without a home."""
    wanted = ward.parameters.homeless_services
    homeless = np.isin(stays.kind, (SHELTER, UNSHELTERED)) & ~stays.outside
    rows = np.flatnonzero(~stays.family & (stays.after == HOME) & homeless)
    rows = rows[~moves_with_help(ward)[rows]]
    rows = rows[np.minimum(ward.people.death, ward.people.departure)[stays.head[rows]] > stays.last[rows] + 1]
    needy = np.maximum(ward.people.need[stays.head[rows]], 0.0)
    rows = rows[_chance(ward, "supportive housing", stays, rows) < wanted.supportive_housing * (1 + needy)]
    first = stays.last[rows] + 1
    length = _exponential(_chance(ward, "supportive housing ended", stays, rows), wanted.days_of_supportive_housing)
    return _row(rows, SUPPORTIVE, first, _while_here(ward, stays, rows, first + length), move_in=first)


def _outreach(ward: Ward, stays: Stays) -> dict[str, Ints]:
    wanted = ward.parameters.homeless_services
    rows = np.flatnonzero(stays.kind == UNSHELTERED)
    rows = rows[_chance(ward, "outreach", stays, rows) < wanted.outreach]
    met = stays.first[rows] + _exponential(_chance(ward, "outreach met", stays, rows), wanted.days_to_outreach)
    in_time = met <= stays.last[rows]
    return _row(rows[in_time], OUTREACH, met[in_time], stays.last[rows][in_time])


def _prevention(ward: Ward, stays: Stays) -> dict[str, Ints]:
    wanted = ward.parameters.homeless_services
    rows = np.flatnonzero(stays.kind == DOUBLED_UP)
    share = np.where(stays.family[rows], wanted.prevention_families, wanted.prevention_adults)
    rows = rows[_chance(ward, "prevention", stays, rows) < share]
    first = stays.first[rows] + _exponential(_chance(ward, "prevention began", stays, rows), wanted.days_to_prevention)
    in_time = first <= stays.last[rows]
    rows, first = rows[in_time], first[in_time]
    last = first + 14 + _exponential(_chance(ward, "prevention ended", stays, rows), wanted.days_of_prevention)
    return _row(rows, PREVENTION, first, _while_here(ward, stays, rows, last))


def _while_here(ward: Ward, stays: Stays, rows: Ints, last: Ints) -> Ints:
    gone = np.minimum(ward.people.death, ward.people.departure)[stays.head[rows]]
    return np.asarray(np.minimum(last, gone - 1))


def _members(ward: Ward, services: ServiceStays) -> ServiceMembers:
    """The persons of the stay who are entered: those who are there on the first day, but for entries missed."""
    found = ward.of(homelessness)
    low = np.searchsorted(found.stay, services.stay)
    size = np.searchsorted(found.stay, services.stay, side="right") - low
    service = np.repeat(np.arange(len(size)), size)
    within = turns(size)
    person = found.person[low[service] + within]
    day = np.maximum(services.first[service], ward.span.first)
    kept = ward.present(person, day)
    missed = ward.chance("entry missed", person, services.first[service])
    head = person == found.stays.head[services.stay[service]]
    kept &= head | (missed >= ward.parameters.homeless_services.person_missed)
    return ServiceMembers(service[kept], person[kept], within[kept])

"""How intake workers of homeless services code what they are told: HUD's code lists, from the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, choose
from infotrust.core.practice.facts.homelessness import (
    ADULT,
    DOUBLED_UP,
    HOME,
    HOTEL,
    SHELTER,
    TRANSITIONAL,
    UNSHELTERED,
    Stays,
    homelessness,
)
from infotrust.core.practice.facts.shelter_services import OUTREACH, PREVENTION, RAPID, shelter_services
from infotrust.core.practice.groups import turns
from infotrust.core.practice.ward import Ward

RENTED, RENTED_WITH_HELP = 410, 435
SHELTER_CODE, OUTSIDE_CODE, TRANSITIONAL_CODE, HOTEL_CODE = 101, 116, 302, 314
WITH_FAMILY, WITH_FRIENDS = 335, 336  # before; after: 312 and 313 for a time, 422 and 423 to stay
DIED, OTHER, NO_TALK = 24, 17, 30
VOUCHER, RAPID_HELP = 433, 431
NOT_COLLECTED = 99
THREE_YEARS = 3 * 365
LITERALLY = (SHELTER, UNSHELTERED)


@dataclass(frozen=True)
class Entries:
    """One element for each person in each service: what most files of the format refer to."""

    service: Ints
    person: Ints
    stay: Ints  # place in the stays of `homelessness`
    place: Ints  # of the person among the members of the stay
    project: Ints  # HMIS project type
    shelter: Ints
    first: Ints
    move_in: Ints
    last: Ints
    adult: Bools
    head: Bools  # of the household that entered

    def __len__(self) -> int:
        return len(self.person)

    @property
    def asked(self) -> Bools:
        """Heads of households and adults are asked about the past; children are not."""
        return self.adult | self.head


def entries_until(ward: Ward, as_of: int) -> Entries:
    """What was entered up to the day `as_of`."""
    found = ward.of(shelter_services)
    services = found.services
    rows = np.flatnonzero(services.first[found.members.service] <= as_of)
    service, person = found.members.service[rows], found.members.person[rows]
    first = np.maximum(services.first[service], ward.people.birth[person])  # a child born into an older stay
    head = ward.of(homelessness).stays.head[services.stay[service]] == person
    return Entries(
        service,
        person,
        services.stay[service],
        found.members.place[rows],
        services.project[service],
        services.shelter[service],
        first,
        services.move_in[service],
        services.last[service],
        ward.age(person, first) >= ADULT,
        head,
    )


def masked(values: Any, where: Any) -> Any:
    """Whole numbers, empty except `where`."""
    return np.ma.MaskedArray(np.asarray(values, dtype=np.int64), mask=~np.asarray(where, dtype=bool))


def answered(ward: Ward, what: str, found: Entries, answer: Ints) -> Ints:
    """The answer, or the code for one that was not given."""
    shares = ward.parameters.homeless_services.answer_missing
    codes = np.array([-1 if one == "given" else int(one) for one in shares])
    code = codes[choose(ward.chance(f"HMIS {what}", found.person, found.first), dict(shares))]
    return np.where(code < 0, answer, code)


# --- before ---


def living_situation(ward: Ward, found: Entries) -> Ints:
    stays = ward.of(homelessness).stays
    wanted, keys = ward.parameters.homeless_services, (stays.household[found.stay], found.first)
    with_others = np.where(
        ward.household_chance("stays with", *keys) < wanted.stays_with_family, WITH_FAMILY, WITH_FRIENDS
    )
    shares = wanted.home_before
    home = np.array([int(code) for code in shares])[choose(ward.household_chance("home before", *keys), dict(shares))]
    codes = {SHELTER: SHELTER_CODE, TRANSITIONAL: TRANSITIONAL_CODE, HOTEL: HOTEL_CODE, UNSHELTERED: OUTSIDE_CODE}
    before = np.where(found.project == RAPID, SHELTER, stays.before[found.stay])
    before = np.where(found.project == OUTREACH, UNSHELTERED, before)
    before = np.where(found.project == PREVENTION, DOUBLED_UP, before)
    code = np.where(before == HOME, home, with_others)
    for kind, value in codes.items():
        code = np.where(before == kind, value, code)
    return code


def length_of_stay(ward: Ward, found: Entries) -> Ints:
    """The code for the length of the stay before: that of the stay before it, or of a year or more in a home."""
    stays = ward.of(homelessness).stays
    inside = np.isin(found.project, (OUTREACH, PREVENTION, RAPID))
    since = np.where(inside, stays.first[found.stay], _began(stays)[found.stay])
    days = np.where(since >= 0, found.first - since, THREE_YEARS)
    return np.array([10, 11, 2, 3, 4, 5])[np.searchsorted([2, 7, 30, 90, 365], days, side="right")]


def _began(stays: Stays) -> Ints:
    """For each stay, the first night of the stay before it in the same time without a home; -1 after a home."""
    order = np.lexsort((stays.step, stays.chain))
    before = np.full(len(order), -1)
    same = stays.chain[order][1:] == stays.chain[order][:-1]
    before[order[1:]] = np.where(same, stays.first[order][:-1], -1)
    return before


@dataclass(frozen=True)
class Past:
    """Of each entry: since when outside or in shelters, how often and for how many months in three years."""

    since: Ints  # 0 where not literally homeless
    times: Ints
    months: Ints


def homeless_past(ward: Ward, found: Entries) -> Past:
    """As the head's stays have it, up to the day of entry; looks back no further than the county's first year."""
    stays = ward.of(homelessness).stays
    rows = np.flatnonzero(np.isin(stays.kind, LITERALLY))
    rows = rows[np.lexsort((stays.first[rows], stays.household[rows]))]
    low = np.searchsorted(stays.household[rows], stays.household[found.stay])
    size = np.searchsorted(stays.household[rows], stays.household[found.stay], side="right") - low
    entry = np.repeat(np.arange(len(found)), size)
    row = rows[low[entry] + turns(size)]
    day = found.first[entry]
    counted = (stays.first[row] <= day) & (stays.last[row] >= day - THREE_YEARS)
    entry, row, day = entry[counted], row[counted], day[counted]
    nights = np.minimum(stays.last[row], day) - np.maximum(stays.first[row], day - THREE_YEARS) + 1
    months = np.ceil(np.bincount(entry, weights=nights, minlength=len(found)) / 30.4).astype(np.int64)
    pairs = np.unique(np.column_stack([entry, stays.chain[row]]), axis=0)
    times = np.bincount(pairs[:, 0], minlength=len(found))
    current = stays.chain[row] == stays.chain[found.stay[entry]]
    since = np.full(len(found), 10**8)
    np.minimum.at(since, entry[current], stays.first[row][current])
    return Past(
        np.where(since < 10**8, since, 0), np.clip(times, 1, 4), np.where(months > 12, 113, 100 + np.maximum(months, 1))
    )


# --- the household ---


def relationship(ward: Ward, found: Entries) -> Ints:
    """1 head, 2 child of the head, 3 spouse or partner, 4 other relation, 5 no relation."""
    people, head, person = ward.people, ward.of(homelessness).stays.head[found.stay], found.person
    child = (people.mother[person] == head) | (people.father[person] == head)
    partner = _partners(ward, found, head)
    stepchild = (
        ~found.adult & ((people.mother[person] == partner) | (people.father[person] == partner)) & (partner >= 0)
    )
    parent = (people.mother[head] == person) | (people.father[head] == person)
    sibling = (people.mother[head] >= 0) & (people.mother[head] == people.mother[person])
    grandchild = people.mother[np.maximum(people.mother[person], 0)] == head
    related = parent | sibling | grandchild
    found_is = np.where(person == partner, 3, np.where(related, 4, 5))
    return np.where(found.head, 1, np.where(child | stepchild, 2, found_is))


def _partners(ward: Ward, found: Entries, head: Ints) -> Ints:
    """For each entry the partner of its head on that day, -1 without one."""
    unions = ward.unions
    owner, other = np.concatenate([unions.one, unions.other]), np.concatenate([unions.other, unions.one])
    first, last = np.tile(unions.first, 2), np.tile(unions.last, 2)
    order = np.lexsort((first, owner))
    owner, other, first, last = owner[order], other[order], first[order], last[order]
    room = 10**8
    key, wanted = owner * room + np.clip(first, 0, room - 1), head * room + np.clip(found.first, 0, room - 1)
    place = np.maximum(np.searchsorted(key, wanted, side="right") - 1, 0)
    if not len(owner):
        return np.full(len(found), -1)
    together = (owner[place] == head) & (first[place] <= found.first) & (last[place] > found.first)
    return np.where(together, other[place], -1)


# --- conditions ---

CONDITIONS = {5: "physical", 7: "chronic_health", 9: "mental_health", 10: "substance_use"}
DEVELOPMENTAL = 6


def conditions(ward: Ward, found: Entries) -> dict[int, Ints]:
    """By HMIS kind of disability, what each person has: 0 or 1, for substance use 0 to 3."""
    wanted = ward.parameters.homeless_services
    need, known = ward.people.need[found.person], ward.people.disability[found.person]
    answers: dict[int, Any] = {}
    for kind, name in CONDITIONS.items():
        base = wanted.condition[name]
        odds: Floats = base / (1 - base) * wanted.condition_by_need**need
        has = ward.chance(f"condition {name}", found.person) < odds / (1 + odds)
        answers[kind] = (has & found.adult).astype(np.int64)
    which = 1 + (ward.chance("which substance", found.person) * 3).astype(np.int64)
    answers[10] = np.where(answers[10] > 0, which, 0)
    answers[DEVELOPMENTAL] = np.isin(known, (2, 3, 4)).astype(np.int64)
    answers[5] = np.maximum(answers[5], np.isin(known, (5, 6)))
    return dict(sorted(answers.items()))


# --- after ---


def destination(ward: Ward, found: Entries) -> Ints:
    """Where each entry's party went: a code of HUD's list; the whole party is coded alike."""
    stays, wanted = ward.of(homelessness).stays, ward.parameters.homeless_services
    keys = (stays.household[found.stay], found.last)
    shares = wanted.home_by_kind
    home = np.array([int(code) for code in shares])[choose(ward.household_chance("moves to", *keys), dict(shares))]
    for_a_time = np.where(ward.household_chance("stays with next", *keys) < wanted.stays_with_family, 312, 313)
    codes: dict[int, Any] = {
        HOME: home, SHELTER: SHELTER_CODE, TRANSITIONAL: TRANSITIONAL_CODE, HOTEL: HOTEL_CODE,
        UNSHELTERED: OUTSIDE_CODE, DOUBLED_UP: for_a_time,
    }  # fmt: skip
    after = stays.after[found.stay]
    code = np.full(len(found), OTHER)
    for kind, value in codes.items():
        code = np.where(after == kind, value, code)
    code = np.where((found.project == RAPID) | (found.project == PREVENTION), np.where(home == 435, 435, RENTED), code)
    silent = ward.household_chance("leaves without a talk", *keys) < wanted.no_exit_talk
    code = np.where(silent & np.isin(found.project, (0, 1, OUTREACH)), NO_TALK, code)
    gone = np.minimum(ward.people.departure[found.person], ward.people.death[found.person]) <= found.last + 1
    died = ward.people.death[found.person] <= found.last + 1
    return np.where(died, DIED, np.where(gone, OTHER, code))

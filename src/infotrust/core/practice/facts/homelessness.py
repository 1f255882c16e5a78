"""Who is without a home of their own, from when to when, and where they sleep meanwhile.

A party (who loses a home together) goes through one or more stays, one after another, until it has a home again. The
chance to lose a home depends on income, rent, a fall in income, a separation and chronic need. Nothing here knows
what a school or a shelter writes down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Floats, Ints, choose, normal
from infotrust.core.practice.facts.bands import by_band
from infotrust.core.practice.facts.dollars import poverty_guideline
from infotrust.core.practice.facts.members import members
from infotrust.core.practice.place import SHELTER_KINDS, Shelters
from infotrust.core.practice.ward import NEVER, RACES, Ward

KINDS = ("shelter", "transitional", "doubled_up", "hotel", "unsheltered")
SHELTER, TRANSITIONAL, DOUBLED_UP, HOTEL, UNSHELTERED = range(5)
HOME = -1  # in `before` and `after`: a home of their own
FAMILY_SHELTER, SINGLE_SHELTER, YOUTH_SHELTER, SAFE_HOUSE = map(
    SHELTER_KINDS.index, ("family", "single", "youth", "domestic_violence")
)
ADULT, YOUTH = 18, 25
MOST_STAYS = 5  # in one time without a home


@dataclass(frozen=True)
class Parties:
    """Those who could lose a home together in a year: one element for each."""

    household: Ints
    head: Ints  # person
    alone: Bools  # only the head goes, out of a larger household
    family: Bools  # has a child under 18
    rate: Floats  # expected losses of a home in the year
    parted: Bools  # a union in the household ended in the last year


@dataclass(frozen=True)
class Stays:
    """One element for each stay that begins within the county's years, or lasts into them, by first day."""

    household: Ints
    head: Ints  # person
    family: Bools
    fleeing: Bools  # from violence
    chain: Ints  # number of the time without a home; its stays share it
    step: Ints  # 0 for the first stay of a time without a home
    kind: Ints  # place in KINDS
    first: Ints  # first night
    last: Ints  # last night; may lie after the county's last day
    before: Ints  # place in KINDS, or HOME
    after: Ints  # place in KINDS, or HOME; HOME too where they die or leave the county
    shelter: Ints  # place in `place.shelters`; -1 where not in a shelter, or in one that is not on the county's list
    outside: Bools  # in a shelter that does not take part in the HMIS


@dataclass(frozen=True)
class Homelessness:
    """All stays, and the persons of each: `stay` (place in `stays`) and `person`, sorted by stay."""

    stays: Stays
    stay: Ints
    person: Ints


def homelessness(ward: Ward) -> Homelessness:
    """Every stay without a home that lasts into the county's years, with its members."""
    free_from = np.full(ward.households, -NEVER, dtype=np.int64)
    found: list[dict[str, Any]] = []
    # The year before the first one too, so that on the first day some are without a home already.
    for number in range(-1, ward.span.years):
        made = _stays_of_year(ward, _parties(ward, number, free_from), number, free_from)
        found.append(made)
        np.maximum.at(free_from, made["household"], made["last"] + 1)
    every = {name: np.concatenate([one[name] for one in found]) for name in found[0]}
    _, every["chain"] = np.unique(every["chain"], return_inverse=True)
    # By first day, so that the stays of a longer county begin with the same ones.
    order = np.lexsort((every["household"], every["first"]))
    kept = order[(every["last"] >= ward.span.first)[order] & (every["first"] <= ward.span.last)[order]]
    stays = _with_shelters(ward, {name: column[kept] for name, column in every.items() if name != "alone"})
    stay, person = _members(ward, stays, every["alone"][kept])
    return Homelessness(stays, stay, person)


# --- who could lose a home ---


def _members(ward: Ward, stays: Stays, alone: Bools) -> tuple[Ints, Ints]:
    """Pairs of stay and person: who lives in the household on the first night, or the head alone."""
    stay, person = members(ward, stays.household, np.maximum(stays.first, ward.span.first))
    others = ~alone[stay] & (person != stays.head[stay])
    stay = np.concatenate([stay[others], np.arange(len(stays.head))])
    person = np.concatenate([person[others], stays.head])
    order = np.lexsort((person, stay))
    return stay[order], person[order]


def _parties(ward: Ward, number: int, free_from: Ints) -> Parties:
    """The parties of the county's year `number`, as they live together on its first day.

    `free_from`: for each household, the first day after its last time without a home.
    """
    span, rates = ward.span, ward.parameters.homelessness
    day = span.periods[max(number, 0)].first
    person = ward.residents(day)
    home = ward.household(person, day)
    order = np.lexsort((person, home))
    person, home = person[order], home[order]
    adult = ward.age(person, day) >= ADULT
    household, start, size = np.unique(home, return_index=True, return_counts=True)
    adults, children = np.add.reduceat(adult, start), np.add.reduceat(~adult, start)
    need = np.where(adult, ward.people.need[person], -9.0)
    neediest = _first_of_group(home, need)
    # Women head their households here more often than men: they keep the children when a union ends.
    eldest = _first_of_group(
        home, adult * 1000.0 + (~ward.people.male[person]) * 20.0 - ward.people.birth[person] / 1e5
    )
    family = children > 0
    alone = ward.household_chance("loses home alone", household, span.first_year + number) < rates.one_of_two_alone
    many = ~family & ((adults > 2) | ((adults == 2) & alone))
    head = np.where(many, person[neediest], person[eldest])
    parted = _parted(ward, household, day)
    per_year = np.where(
        family,
        by_band(ward.household_income(household, day), rates.families_per_year),
        by_band(ward.household_income(household, day), rates.adults_per_year),
    )
    per_year = per_year * np.where(family, rates.need_in_families, rates.need) ** need[neediest]
    per_year = per_year * np.where(parted, rates.separation, 1.0)
    per_year = per_year * _money_trouble(ward, household, size, day, number)
    per_year = per_year * np.array([rates.by_race[one] for one in RACES])[ward.people.race[head]]
    lately = free_from[household] > day - rates.again_within
    per_year = per_year * np.where(lately, rates.again, 1.0)
    spread = rates.lasting_difference
    lasting = normal(ward.household_chance("often homeless", household), ward.household_chance("often", household))
    per_year = per_year * np.exp(spread * lasting - spread**2 / 2)
    real = adults > 0
    return Parties(household[real], head[real], many[real], family[real], per_year[real], parted[real])


def _first_of_group(group: Ints, value: Floats) -> Ints:
    """For each group (sorted), the place of its largest value."""
    order = np.lexsort((-value, group))
    first = np.flatnonzero(np.r_[True, group[order][1:] != group[order][:-1]])
    return np.asarray(order[first])


def _parted(ward: Ward, household: Ints, day: int) -> Bools:
    """Households in which someone lives whose union ended, by separation and not by death, in the year before."""
    unions = ward.unions
    recent = (unions.last > day - 365) & (unions.last <= day)
    both = np.minimum(ward.people.death[unions.one], ward.people.death[unions.other])
    recent &= (both > unions.last) & (both > day)
    persons = np.concatenate([unions.one[recent], unions.other[recent]])
    return np.isin(household, ward.household(persons, day))


def _money_trouble(ward: Ward, household: Ints, size: Ints, day: int, number: int) -> Floats:
    """What a rent that takes too much, and an income that fell, multiply the rate with."""
    rates = ward.parameters.homelessness
    ratio = ward.household_income(household, day)
    dollars = ratio * poverty_guideline(ward.parameters.poverty_guidelines, np.full(len(size), day), size)
    tract = ward.addresses.tract[ward.addresses.at(household, day)]
    rent = 12 * ward.place.rent[tract, max(number, 0)]
    burdened = rent > rates.rent_burden * dollars
    before = ward.household_income(household, day - 365)
    fell = ratio < rates.income_falls_to * before
    return np.where(burdened, rates.rent_burdened, 1.0) * np.where(fell, rates.income_falls, 1.0)


# --- the stays of a year ---


def _stays_of_year(ward: Ward, parties: Parties, number: int, free_from: Ints) -> dict[str, Any]:
    rates, year = ward.parameters.homelessness, ward.span.first_year + number
    drawn = ward.household_chance("loses home", parties.household, year)
    begin = ward.span.first + round(365.25 * number)
    first = begin + (ward.household_chance("loses home on", parties.household, year) * 365).astype(np.int64)
    loses = (drawn < -np.expm1(-parties.rate)) & (free_from[parties.household] <= first)
    loses &= ward.present(parties.head, np.maximum(first, ward.span.first))
    row = np.flatnonzero(loses)
    household, head, family = parties.household[row], parties.head[row], parties.family[row]
    woman = ~ward.people.male[head]
    share = np.where(parties.parted[row], rates.flees_after_separation, rates.flees_otherwise) * woman
    fleeing = ward.household_chance("flees", household, year) < share
    begins = np.where(
        fleeing,
        _draw(ward, "first place", household, year, 0, rates.first_place_fleeing),
        np.where(
            family,
            _draw(ward, "first place", household, year, 0, rates.first_place_of_families),
            _draw(ward, "first place", household, year, 0, rates.first_place_of_adults),
        ),
    )
    common = {"household": household, "head": head, "family": family, "fleeing": fleeing, "alone": parties.alone[row]}
    common["chain"] = household * 1000 + (number + 1)
    return _chain(ward, common, begins, first[row], year)


def _draw(ward: Ward, what: str, household: Ints, year: int, step: int, shares: Mapping[Any, float]) -> Ints:
    return choose(ward.household_chance(what, household, year, step), dict(shares))


def _chain(ward: Ward, common: dict[str, Any], kind: Ints, first: Ints, year: int) -> dict[str, Any]:
    """The stays that follow one another, from the first one on, until there is a home again."""
    rates = ward.parameters.homelessness
    mean = np.array([rates.mean_days[one] for one in KINDS], dtype=np.float64)
    gone = np.minimum(ward.people.death, ward.people.departure)
    going, before = np.arange(len(kind)), np.full(len(kind), HOME)
    made: list[dict[str, Any]] = []
    for step in range(MOST_STAYS):
        household = common["household"][going]
        length = -np.log1p(-ward.household_chance("stays for", household, year, step)) * mean[kind]
        last = first + length.astype(np.int64)
        after = _after(ward, household, kind, year, step)
        leaves = gone[common["head"][going]] <= last
        last = np.where(leaves, np.maximum(gone[common["head"][going]] - 1, first), last)
        after = np.where(leaves | (step == MOST_STAYS - 1), HOME, after)
        columns = {name: column[going] for name, column in common.items()}
        columns |= {"step": np.full(len(going), step), "kind": kind, "first": first, "last": last}
        made.append(columns | {"before": before, "after": after})
        more = after != HOME
        going, before, kind, first = going[more], kind[more], after[more], last[more] + 1
    return {name: np.concatenate([one[name] for one in made]) for name in made[0]}


def _after(ward: Ward, household: Ints, kind: Ints, year: int, step: int) -> Ints:
    rates = ward.parameters.homelessness
    after = np.full(len(kind), HOME)
    for code, name in enumerate(KINDS):
        shares = rates[f"after_{name}"]
        drawn = _draw(ward, "stays next", household, year, step, {one: shares[one] for one in ("home", *KINDS)}) - 1
        after = np.where(kind == code, drawn, after)
    return after


def _with_shelters(ward: Ward, columns: dict[str, Any]) -> Stays:
    """Which shelter each stay is in: one that takes part in the HMIS, or one outside it."""
    services = ward.parameters.homeless_services
    family, fleeing = columns["family"], columns["fleeing"]
    share = np.where(family, services.families_outside, services.adults_outside)
    share = np.where(fleeing, services.fleeing_outside, share)
    keys = (columns["household"], columns["first"])
    outside = (columns["kind"] == SHELTER) & (ward.household_chance("outside the HMIS", *keys) < share)
    young = ~family & (ward.age(columns["head"], columns["first"]) < YOUTH)
    wanted = np.where(family, FAMILY_SHELTER, np.where(young, YOUTH_SHELTER, SINGLE_SHELTER))
    wanted = np.where(fleeing & outside, SAFE_HOUSE, wanted)
    pick = ward.household_chance("which shelter", *keys)
    shelter = np.full(len(pick), -1)
    for kind in range(len(SHELTER_KINDS)):
        for out in (False, True):
            rows = (columns["kind"] == SHELTER) & (wanted == kind) & (outside == out)
            shelter[rows] = _pick_shelter(ward.place.shelters, kind, out, pick[rows])
    return Stays(**columns, shelter=shelter, outside=outside)


def _pick_shelter(shelters: Shelters, kind: int, outside: bool, chance: Floats) -> Ints:
    """A shelter of the kind, else another that takes part; -1 for one outside that is not on the county's list."""
    open_to = np.flatnonzero((shelters.kind == kind) & (shelters.in_hmis != outside))
    if not len(open_to) and not outside:
        open_to = np.flatnonzero(shelters.in_hmis)
    if not len(open_to):
        return np.full(len(chance), -1)
    return np.asarray(open_to[(chance * len(open_to)).astype(np.int64)])


# --- looking at persons ---


def slept(ward: Ward, period: Period) -> Ints:
    """Where each person of the ward slept in the school year: HOME, or the place in KINDS that says most: a shelter
    before transitional housing, unsheltered, a hotel, doubled up."""
    found = ward.of(homelessness)
    stays, stay, person = found.stays, found.stay, found.person
    during = (stays.first[stay] <= period.last) & (stays.last[stay] >= period.first)
    where = np.full(len(ward), HOME)
    for kind in (DOUBLED_UP, HOTEL, UNSHELTERED, TRANSITIONAL, SHELTER):
        where[person[during & (stays.kind[stay] == kind)]] = kind
    return where


def nights_homeless(ward: Ward, first: int, last: int) -> Ints:
    """Nights without a home of each person of the ward, from `first` to `last`."""
    found = ward.of(homelessness)
    stays = found.stays
    nights = np.maximum(np.minimum(stays.last, last) - np.maximum(stays.first, first) + 1, 0)
    return np.bincount(found.person, weights=nights[found.stay], minlength=len(ward)).astype(np.int64)

"""Bookings into the county's jail: who, when, for what, and how long they stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Floats, Ints, choose, normal
from infotrust.core.practice.facts.events import Events, drawn, joined, kept, minutes
from infotrust.core.practice.facts.members import in_force
from infotrust.core.practice.facts.propensity import adults, middle, propensity, yearly
from infotrust.core.practice.facts.substance import substance_use
from infotrust.core.practice.ward import Spells, Ward

ADULT = 18
CHARGES = ("violent", "property", "drug", "dui", "public_order", "probation_violation", "failure_to_appear", "other")
RELEASES = ("bond", "own_recognizance", "charges_dropped", "time_served", "transferred", "died")
SMALLEST_BOND = 100  # dollars; bonds are set in hundreds


@dataclass(frozen=True)
class Bookings:
    """One element for each booking, by person and day. Nobody is booked while in jail."""

    person: Ints
    day: Ints
    minute: Ints
    charge: Ints  # place in CHARGES
    last: Ints  # day of release, the day of booking at the earliest; may lie after the county's last day
    release: Ints  # place in RELEASES
    bond: Ints  # dollars; 0 where none is set


def bookings(ward: Ward) -> Bookings:
    events = joined([_booked_in(ward, period) for period in ward.span.periods])
    order = np.lexsort((events.order, events.day, events.person))
    events = kept(events, order)
    grown = ward.age(events.person, events.day) >= ADULT
    events = kept(events, grown & ward.present(events.person, events.day))
    charge = _charges(ward, events)
    last = np.minimum(events.day + _stay(ward, events, charge), ward.people.death[events.person])
    free = _not_in_jail(events, last)
    events, charge, last = kept(events, free), charge[free], last[free]
    numbers = ward.parameters.jail
    at = ward.chance("jail: minute", events.person, events.day)
    busy = minutes(at, numbers.busiest_hour, numbers.all_day)
    release = _releases(ward, events, last)
    return Bookings(events.person, events.day, busy, charge, last, release, _bonds(ward, events, charge))


def in_jail(ward: Ward, who: Ints, on: Ints) -> Bools:
    """Whether each person is in jail on the day; not yet on the day of booking, so that it can have a cause."""
    every = ward.of(bookings)
    return in_force(Spells(every.person, every.day + 1), every.last, who, on)


def _booked_in(ward: Ward, period: Period) -> Events:
    numbers = ward.parameters.jail
    who = adults(ward, period, ADULT)
    weight = propensity(ward, "jail", who, period, numbers) * _by_age_and_sex(ward, who, middle(period))
    return drawn(ward, "jail", period, who, yearly(ward, period, weight, numbers.bookings_per_person, numbers.most))


def _by_age_and_sex(ward: Ward, who: Ints, on: int) -> Floats:
    numbers = ward.parameters.jail
    ages, factors = np.array(list(numbers.age_factor)), np.array(list(numbers.age_factor.values()))
    band = np.searchsorted(ages, ward.age(who, on), side="right") - 1
    return np.asarray(factors[np.maximum(band, 0)] * np.where(ward.people.male[who], 1.0, numbers.women))


def _charges(ward: Ward, events: Events) -> Ints:
    numbers = ward.parameters.jail.charges
    chance = ward.chance("jail: charge", events.person, events.day)
    using = ward.of(substance_use).at(events.person, events.day)
    return np.asarray(np.where(using, choose(chance, numbers.substance), choose(chance, numbers.others)))


def _stay(ward: Ward, events: Events, charge: Ints) -> Ints:
    """Days in jail: 0 where released on the day of booking."""
    numbers = ward.parameters.jail
    deviation = normal(*(ward.chance(f"jail: stay {one}", events.person, events.day) for one in ("one", "two")))
    median = np.array([numbers.median_stay[name] for name in CHARGES])[charge]
    days = median * np.exp(numbers.spread_of_stay * deviation)
    return np.asarray(np.minimum(days, numbers.longest_stay).astype(np.int64))


def _not_in_jail(events: Events, last: Ints) -> Bools:
    """Which events (by person and day) do not fall into a stay that began before. Few people need a closer look."""
    free = np.ones(len(last), dtype=np.bool_)
    same = events.person[1:] == events.person[:-1]
    if not (same & (events.day[1:] <= last[:-1])).any():
        return free
    until, person = -1, -1
    repeated = np.zeros(len(last), dtype=np.bool_)
    repeated[1:] |= same
    repeated[:-1] |= same
    for row in np.flatnonzero(repeated).tolist():
        if events.person[row] != person:
            person, until = int(events.person[row]), -1
        free[row] = events.day[row] > until
        if free[row]:
            until = int(last[row])
    return free


def _releases(ward: Ward, events: Events, last: Ints) -> Ints:
    stay = last - events.day
    chance = ward.chance("jail: release", events.person, events.day)
    chosen = np.empty(len(stay), dtype=np.int64)
    longer_than = -1
    for limit, shares in ward.parameters.jail.released.items():
        here = (stay > longer_than) & (stay <= int(limit))
        chosen[here] = choose(chance[here], shares)
        longer_than = int(limit)
    return np.where(last == ward.people.death[events.person], RELEASES.index("died"), chosen)


def _bonds(ward: Ward, events: Events, charge: Ints) -> Ints:
    numbers = ward.parameters.jail
    deviation = normal(*(ward.chance(f"jail: bond {one}", events.person, events.day) for one in ("one", "two")))
    median = np.array([numbers.bond[name] for name in CHARGES])[charge]
    bond = median * np.exp(numbers.spread_of_bond * deviation) / SMALLEST_BOND
    return np.where(median > 0, np.maximum(1, np.rint(bond)) * SMALLEST_BOND, 0).astype(np.int64)

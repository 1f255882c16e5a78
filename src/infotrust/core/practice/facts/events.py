"""Events that happen by a rate for each person and year: how many, to whom, on which day and at which minute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Floats, Ints, counts
from infotrust.core.practice.groups import turns
from infotrust.core.practice.ward import Ward

MINUTES = 24 * 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Events:
    """One element for each event. `order` numbers the events of one person and year from 0."""

    person: Ints
    day: Ints
    order: Ints


def drawn(ward: Ward, what: str, period: Period, person: Ints, rate: Floats, weight: Floats | None = None) -> Events:
    """Events of `person` in the period, at `rate` for each of them and year, on days chosen by `weight` (all alike).

    The chances belong to person and period, so a longer county has the same events in its first years.
    """
    found = counts(ward.chance(what, person, period.number), rate)
    who = np.repeat(person, found)
    order = turns(found)
    chance = ward.chance(f"{what}: day", who, period.number, order)
    return Events(who, days_in(period, chance, weight), order)


def days_in(period: Period, chance: Floats, weight: Floats | None = None) -> Ints:
    """A day of the period for each chance; `weight` has one number for each of its days."""
    days = period.last - period.first + 1
    if weight is None:
        return np.asarray(period.first + (chance * days).astype(np.int64))
    edges = np.cumsum(weight)
    place = np.searchsorted(edges, chance * edges[-1], side="right")
    return np.asarray(period.first + np.minimum(place, days - 1), dtype=np.int64)


def joined(events: list[Events]) -> Events:
    columns = (np.concatenate([getattr(one, name) for one in events]) for name in ("person", "day", "order"))
    return Events(*columns)


def minutes(chance: Floats, busiest: float, spread: float) -> Ints:
    """A minute of the day for each chance, denser around the `busiest` hour; `spread` 1 is all day alike, 0 none.

    The day is cut at the hour opposite the busiest one; between a flat day and that hour the share `spread` decides.
    """
    around = np.asarray(chance - 0.5)
    bent = around * spread + 4 * (1 - spread) * around**3
    return np.asarray((busiest * 60 + bent * MINUTES) % MINUTES).astype(np.int64)


def kept(events: Events, keep: Ints | Bools) -> Events:
    """The events of a mask, or of places in a new order."""
    return Events(events.person[keep], events.day[keep], events.order[keep])

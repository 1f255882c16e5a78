"""How often a person comes into crisis, before the law and to the police: chronic need and what makes it worse.

The same causes drive jail, crisis center and police calls, each with its own strength (in the parameters), so that
few people make up much of what all of them do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Floats, Ints, normal
from infotrust.core.practice.facts.homelessness import SHELTER, UNSHELTERED, homelessness
from infotrust.core.practice.facts.members import in_force
from infotrust.core.practice.facts.substance import substance_use
from infotrust.core.practice.ward import Spells, Ward


@dataclass(frozen=True)
class Rough(Spells):
    """One element for each time a person stays in a shelter or on the street, by person and day."""

    last: Ints  # last night
    address: Ints  # of the shelter, as `Place` writes it out; -1 on the street


def rough(ward: Ward) -> Rough:
    without = ward.of(homelessness)
    stays, person = without.stays, without.person
    kind = stays.kind[without.stay]
    kept = np.flatnonzero((kind == SHELTER) | (kind == UNSHELTERED))
    stay, person = without.stay[kept], person[kept]
    order = np.lexsort((stays.first[stay], person))
    stay, person = stay[order], person[order]
    shelter = stays.shelter[stay]
    known = ward.place.shelters.address[np.maximum(shelter, 0)] if len(stay) else shelter
    return Rough(person, stays.first[stay], stays.last[stay], np.where(shelter >= 0, known, -1))


def shelter_address(ward: Ward, who: Ints, on: Ints) -> Ints:
    """The address of the shelter in which each person sleeps on the day, -1 for all others."""
    nights = ward.of(rough)
    if not len(nights.owner):
        return np.full(len(who), -1, dtype=np.int64)
    there = in_force(nights, nights.last + 1, who, on)
    return np.where(there, nights.address[np.maximum(nights.at(who, on), 0)], -1)


def homeless_in(ward: Ward, period: Period) -> Bools:
    """For each person of the ward, whether they stay in a shelter or on the street within the period."""
    nights = ward.of(rough)
    found = np.zeros(len(ward), dtype=np.bool_)
    found[nights.owner[(nights.first <= period.last) & (nights.last >= period.first)]] = True
    return found


def middle(period: Period) -> int:
    """December 31: the day on which a year's residents, incomes and homes are looked up."""
    return (period.first + period.last) // 2


def adults(ward: Ward, period: Period, youngest: float) -> Ints:
    """Who lives here in the middle of the period and is at least `youngest`."""
    residents = ward.residents(middle(period))
    return residents[ward.age(residents, middle(period)) >= youngest]


def propensity(ward: Ward, what: str, who: Ints, period: Period, numbers: Any) -> Floats:
    """How often `what` happens to each person in the period, against somebody of middling need without a cause.

    `numbers` has `need` (log rate ratio), `substance`, `poor`, `homeless` (factors) and `spread`.
    """
    on = middle(period)
    luck = normal(ward.chance(f"{what}: one", who), ward.chance(f"{what}: two", who))
    weight = np.exp(numbers.need * ward.people.need[who] + numbers.spread * luck)
    weight *= np.where(ward.of(substance_use).at(who, on), numbers.substance, 1.0)
    weight *= np.where(ward.income(who, on) < 1, numbers.poor, 1.0)
    return np.asarray(weight * np.where(homeless_in(ward, period)[who], numbers.homeless, 1.0))


def yearly(ward: Ward, period: Period, weight: Floats, per_person: float, most: float) -> Floats:
    """Expected events for each weight, so that the ward's residents have `per_person` of them in all, up to `most`."""
    total = per_person * len(ward.residents(middle(period)))
    rate = weight * total / max(float(weight.sum()), 1e-9)
    for _ in range(3):  # what the limit takes away, the others have
        capped = np.minimum(rate, most)
        missing = total - float(capped.sum())
        below = rate < most
        room = float(rate[below].sum())
        rate = np.where(below, rate * (1 + missing / room), most) if room > 0 else capped
    return np.minimum(rate, most)

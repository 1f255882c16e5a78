"""Who notices that a young child may be behind, on which day, and by which way they tell early intervention.

The chances follow from the child's true lag and from who meets the child. What becomes of a referral is in `early`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, chances
from infotrust.core.practice.days import workday, years_of
from infotrust.core.practice.facts.development import Development, development, fading
from infotrust.core.practice.facts.odds import logistic
from infotrust.core.practice.facts.visiting import MONTH, enrollments, screenings
from infotrust.core.practice.ward import NEVER, YEAR, Ward

SENDERS = ("hospital", "doctor", "home_visiting", "child_welfare", "wic", "family", "child_care", "other")
CHANNELS = ("electronic", "fax", "phone", "in_person")
_SLOTS = (
    "hospital", "doctor_1", "doctor_2", "doctor_3", "doctor_4", "home_visiting_1", "home_visiting_2",
    "home_visiting_3", "home_visiting_4", "child_welfare", "wic", "family", "child_care", "other",
)  # fmt: skip


@dataclass(frozen=True)
class Noticed:
    """Child x slot: the day somebody would refer the child, NEVER for most; and the way of the referral."""

    on: Ints
    channel: Ints  # place in CHANNELS
    sender: Ints  # place in SENDERS, for each slot


def noticed(ward: Ward) -> Noticed:
    children, numbers = ward.of(development), ward.parameters.noticing
    days = [_hospital(ward, children, numbers)]
    days += [_doctor(ward, children, int(months), numbers) for months in numbers.well_child_visits.values()]
    days += _visitors(ward, children, numbers)
    days.append(_child_welfare(ward, children, numbers))
    days += [_by_chance(ward, children, name, numbers) for name in ("wic", "family", "child_care", "other")]
    sender = np.array([SENDERS.index(name.rstrip("_1234")) for name in _SLOTS])
    on = workday(np.stack(days, axis=1))
    latest = children.birth + int((3 * YEAR) - numbers.latest)
    here = (on >= children.seen_from[:, None]) & (on < children.seen_to[:, None]) & (on <= latest[:, None])
    on = np.where(here & (on <= ward.span.last), on, NEVER)
    return Noticed(on, _channels(ward, children, on, sender), sender)


def positive(ward: Ward, children: Development, months: float, numbers: Any) -> Floats:
    """The chance that a screening at this age finds a child behind."""
    lag = fading(children.lag, np.full(len(children), months / 12), ward.parameters.development.fades_alone)
    return logistic((lag - numbers.screening_middle) / numbers.screening_slope)


def _hospital(ward: Ward, children: Development, numbers: Any) -> Ints:
    refers = children.early & (ward.chance("hospital refers", children.child) < numbers.hospital)
    day = children.birth + _days(numbers.hospital_days, ward.chance("hospital refers on", children.child))
    return np.where(refers, day, NEVER)


def _days(span: Any, chance: Floats) -> Ints:
    """Days from `from` on, up to `more` of them later."""
    return np.asarray(span["from"] + span["more"] * chance).astype(np.int64)


def _doctor(ward: Ward, children: Development, months: int, numbers: Any) -> Ints:
    """A screening at a well-child visit; low-income families have fewer of them."""
    day = children.birth + int(months * MONTH) + (25 * ward.chance("visit", children.child, months)).astype(np.int64)
    comes = np.where(children.poor, numbers.comes_poor, numbers.comes)
    growth = numbers.screens_grows * (years_of(day) - numbers.screens_year)
    screens = np.clip(numbers.screens + growth, 0, 1)
    share = comes * screens * positive(ward, children, months, numbers) * numbers.doctor_refers
    return np.where(ward.chance("doctor refers", children.child, months) < share, day, NEVER)


def _visitors(ward: Ward, children: Development, numbers: Any) -> list[Ints]:
    """The questionnaires of home visitors, up to four before the age of three."""
    found, enrolled = ward.of(screenings), ward.of(enrollments)
    days = np.full((len(children), 4), NEVER, dtype=np.int64)
    low = np.flatnonzero(found.positive & (found.months > 0) & (found.months < 36))
    who = enrolled.child[found.enrollment[low]]
    sends = ward.chance("visitor refers", who, found.months[low]) < numbers.visitor_refers
    low = low[sends]
    slot = np.searchsorted([12, 20, 26], found.months[low])
    row = enrolled.row[found.enrollment[low]]
    days[row, slot] = found.on[low] + 2 + (10 * ward.chance("visitor refers on", who[sends])).astype(np.int64)
    return list(days.T)


def _child_welfare(ward: Ward, children: Development, numbers: Any) -> Ints:
    """Children under three who are placed in care are to be referred (CAPTA)."""
    placed = ward.placements
    day = np.full(len(children), NEVER, dtype=np.int64)
    row = children.place_of(placed.child)
    known = np.flatnonzero(row >= 0)
    np.minimum.at(day, row[known], placed.first[known])
    refers = ward.chance("welfare refers", children.child) < numbers.child_welfare
    wait = _days(numbers.child_welfare_days, ward.chance("welfare refers on", children.child))
    return np.where(refers & (day < NEVER), day + wait, NEVER)


def _by_chance(ward: Ward, children: Development, name: str, numbers: Any) -> Ints:
    """At a rate for each year that grows with the lag, from some age on."""
    one = numbers.by_rate[name]
    rate = one.rate * np.exp(one.by_lag * np.clip(children.lag - 1, -2, 3))
    if name == "wic":
        rate = rate * children.poor
    years = -np.log1p(-ward.chance(f"{name} notices", children.child)) / np.maximum(rate, 1e-9)
    years = np.minimum(years, 50)
    return np.asarray(children.birth + ((one.from_age + years) * YEAR), dtype=np.int64)


def _channels(ward: Ward, children: Development, on: Ints, sender: Ints) -> Ints:
    """Families and child care call; programs send electronically or by fax, as their office does in that year."""
    channel = np.zeros(on.shape, dtype=np.int64)
    sites = np.full(len(children), 0, dtype=np.int64)
    enrolled = ward.of(enrollments)
    sites[enrolled.row] = enrolled.site
    place = ward.tract(children.child, children.seen_from)
    direct = {"family": CHANNELS.index("phone"), "child_care": CHANNELS.index("phone")}
    for slot, code in enumerate(sender):
        name = SENDERS[code]
        if name in direct:
            channel[:, slot] = direct[name]
            continue
        office = sites if name == "home_visiting" else place
        channel[:, slot] = np.where(sends_electronically(ward, name, office, on[:, slot]), 0, CHANNELS.index("fax"))
    return channel


def sends_electronically(ward: Ward, sender: str, office: Ints, on: Ints) -> Bools:
    """Whether an office of a program is connected to the referral system on the day: more are in each year.

    Which offices come first is chance: it has nothing to do with the families they serve.
    """
    numbers = ward.parameters.referral_system.electronic[sender]
    turn = chances(f"office of {sender}", ward.seed, office)
    if sender == "home_visiting":  # few offices: ranked, so that small counties have both ways too
        sites = int(ward.parameters.home_visiting.sites)
        rank = np.argsort(np.argsort(chances(f"office of {sender}", ward.seed, np.arange(sites))))
        turn = ((rank + 0.5) / sites)[office]
    year = years_of(np.minimum(on, ward.span.last + 800))
    share = numbers.share + numbers.grows * (year - ward.parameters.referral_system.electronic_year)
    return np.asarray(turn < share)

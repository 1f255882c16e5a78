"""Police dispatch: what is called in, where and when, and who is named in it.

Crimes, crashes and drug sales follow the tract and the year; disturbances and checks follow the people they are about;
arrests, mobile crisis teams and police reports to the child welfare hotline have their call before them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Floats, Ints, choose
from infotrust.core.practice.facts.crisis import MOBILE, contacts
from infotrust.core.practice.facts.events import MINUTES, drawn, minutes
from infotrust.core.practice.facts.justice import CHARGES, bookings, in_jail
from infotrust.core.practice.facts.propensity import adults, homeless_in, middle, propensity, yearly
from infotrust.core.practice.facts.protection import REPORTERS, reports
from infotrust.core.practice.facts.substance import substance_use
from infotrust.core.practice.ward import Ward

TYPES = (
    "alarm",
    "noise",
    "theft",
    "burglary",
    "suspicious",
    "traffic",
    "vandalism",
    "violent_crime",
    "crash",
    "drug_sale",
    "disturbance",
    "domestic",
    "trespass",
    "welfare_check",
    "mental_health",
    "intoxicated",
    "warrant",
)
TYPE = {name: place for place, name in enumerate(TYPES)}
ROLES = ("subject", "victim", "driver", "complainant", "second_driver")
SUBJECT, VICTIM, DRIVER, COMPLAINANT, SECOND_DRIVER = range(len(ROLES))
NOBODY = -1
# The call that each charge begins with.
OF_CHARGE = {
    "violent": "violent_crime",
    "property": "theft",
    "drug": "drug_sale",
    "dui": "traffic",
    "public_order": "disturbance",
    "probation_violation": "warrant",
    "failure_to_appear": "warrant",
    "other": "suspicious",
}
# The role of who is named in a call that has no subject, by type; complainants where none is given.
OF_TYPE = {"violent_crime": VICTIM, "crash": DRIVER, "drug_sale": NOBODY}


@dataclass(frozen=True)
class Calls:
    """One element for each call, in order of day and minute."""

    day: Ints
    minute: Ints
    tract: Ints
    address: Ints  # as `Place` writes it out
    type: Ints  # place in TYPES
    subject: Ints  # whom the call is about; -1 where about nobody or somebody unknown
    arrest: Bools  # somebody is booked after it
    serial: Ints  # tells calls of one year apart that have one cause


@dataclass(frozen=True)
class Named:
    """One element for each person named in a call, in order of the calls."""

    call: Ints  # place in `Calls`
    person: Ints
    role: Ints  # place in ROLES


@dataclass(frozen=True)
class _Found:
    """Calls of one cause, not in order."""

    day: Ints
    minute: Ints
    tract: Ints
    type: Ints
    subject: Ints
    arrest: Bools


def calls(ward: Ward) -> Calls:
    found = [_of_place(ward, period) for period in ward.span.periods]
    found += [_about_people(ward, period) for period in ward.span.periods]
    found += [_before_bookings(ward), _with_mobile_team(ward), _before_reports(ward)]
    day, minute, tract, kind, subject = (
        np.concatenate([getattr(one, name) for one in found]) for name in ("day", "minute", "tract", "type", "subject")
    )
    arrest = np.concatenate([one.arrest for one in found])
    order = np.lexsort((subject, kind, tract, minute, day))
    day, minute, tract, kind, subject, arrest = (one[order] for one in (day, minute, tract, kind, subject, arrest))
    serial = _within_minute(day, minute)
    address = ward.place.draw_address(ward.chance("call: address", day, minute, serial), tract)
    home = _at_home(ward, kind, subject, day)
    address = np.where(home >= 0, ward.addresses.address[np.maximum(home, 0)], address)
    return Calls(day, minute, tract, address, kind, subject, arrest, serial)


def _within_minute(day: Ints, minute: Ints) -> Ints:
    """Numbers the calls of one minute from 0; calls are in order."""
    moment = day * MINUTES + minute
    first = np.searchsorted(moment, moment, side="left")
    return np.arange(len(moment)) - first


def _at_home(ward: Ward, kind: Ints, subject: Ints, day: Ints) -> Ints:
    """The row of `addresses` for calls about somebody at home, -1 for others."""
    inside = np.isin(kind, [TYPE[name] for name in ("domestic", "welfare_check", "mental_health")]) & (subject >= 0)
    row = np.full(len(kind), -1, dtype=np.int64)
    row[inside] = ward.home(subject[inside], day[inside])
    return row


# --- calls that belong to the place ---


def _of_place(ward: Ward, period: Period) -> _Found:
    """Crimes, crashes, drug sales and the many other calls of each tract, by the ward's residents of it."""
    place, numbers = ward.place, ward.parameters.police
    residents = np.bincount(ward.tract(ward.residents(middle(period)), middle(period)), minlength=place.tracts)
    violent = place.violent_crime[:, period.number]
    busy = (violent / violent.mean()) ** numbers.by_crime
    rates = {
        "violent_crime": violent / 1000,
        "crash": place.crashes[:, period.number] / 1000,
        "drug_sale": place.drug_sales[:, period.number] / 1000,
        "": numbers.other_calls_per_person * busy,
    }
    draw = ward.rng("calls of the place", period.number)
    counts = draw.poisson(np.concatenate([rate * residents for rate in rates.values()]))
    tract = np.repeat(np.tile(np.arange(place.tracts), len(rates)), counts)
    kind = np.repeat(np.repeat([TYPE.get(name, -1) for name in rates], place.tracts), counts)
    other = kind < 0
    kind[other] = choose(draw.random(int(other.sum())), numbers.other_calls)
    day = period.first + (draw.random(len(tract)) * (period.last - period.first + 1)).astype(np.int64)
    nobody = np.full(len(tract), NOBODY, dtype=np.int64)
    return _Found(
        day, minutes(draw.random(len(tract)), numbers.busiest_hour, numbers.all_day), tract, kind, nobody, nobody > 0
    )


# --- calls that belong to people ---


def _about_people(ward: Ward, period: Period) -> _Found:
    numbers = ward.parameters.police
    who = adults(ward, period, numbers.youngest)
    weight = propensity(ward, "police", who, period, numbers)
    events = drawn(ward, "police", period, who, yearly(ward, period, weight, numbers.about_people, numbers.most))
    person, day = events.person, events.day
    here = ward.present(person, day) & ~in_jail(ward, person, day)
    person, day, order = person[here], day[here], events.order[here]
    using = ward.of(substance_use).at(person, day)
    chance = ward.chance("police: type", person, day, order)
    kind = np.where(using, _types(chance, numbers.people_calls.substance), _types(chance, numbers.people_calls.others))
    at = ward.chance("police: minute", person, day, order)
    minute = minutes(at, numbers.busiest_hour_about_people, numbers.all_day)
    where = _where(ward, person, day, homeless_in(ward, period)[person])
    return _Found(day, minute, where, kind, person, np.zeros(len(day), dtype=np.bool_))


def _types(chance: Floats, shares: dict[str, float]) -> Ints:
    return np.array([TYPE[name] for name in shares])[choose(chance, shares)]


def _where(ward: Ward, person: Ints, day: Ints, homeless: Bools) -> Ints:
    """The tract in which somebody is met: that of the home, or any for those without one."""
    anywhere = (ward.chance("police: tract", person, day) * ward.place.tracts).astype(np.int64)
    return np.where(homeless, anywhere, ward.tract(person, day))


def _before_bookings(ward: Ward) -> _Found:
    every, numbers = ward.of(bookings), ward.parameters.police
    comes = ward.chance("police: booked", every.person, every.day) < numbers.bookings_dispatched
    person, day, charge = every.person[comes], every.day[comes], every.charge[comes]
    kind = np.array([TYPE[OF_CHARGE[name]] for name in CHARGES])[charge]
    wait = (numbers.before_booking_to - numbers.before_booking) * ward.chance("police: before", person, day)
    minute = np.maximum(every.minute[comes] - (numbers.before_booking + wait).astype(np.int64), 0)
    return _Found(day, minute, ward.tract(person, day), kind, person, np.ones(len(day), dtype=np.bool_))


def _with_mobile_team(ward: Ward) -> _Found:
    every = ward.of(contacts)
    comes = every.police & (every.mode == MOBILE)
    person, day = every.person[comes], every.day[comes]
    minute = np.maximum(every.minute[comes] - int(ward.parameters.police.before_mobile_team), 0)
    kind = np.full(len(day), TYPE["mental_health"])
    return _Found(day, minute, ward.tract(person, day), kind, person, np.zeros(len(day), dtype=np.bool_))


def _before_reports(ward: Ward) -> _Found:
    """Calls to homes after which the police report to the hotline. Nobody is named: the report is about children."""
    every, numbers = ward.of(reports), ward.parameters.police
    law = every.reporter == REPORTERS.index("law")
    law &= ward.chance("police: reports", every.child, every.day) < numbers.reports_dispatched
    child, day = every.child[law], every.day[law]
    minute = np.maximum(every.minute[law] - int(numbers.before_report), 0)
    calm = ward.chance("police: home", child, day) < numbers.welfare_checks
    kind = np.where(calm, TYPE["welfare_check"], TYPE["domestic"])
    mother = ward.people.mother[child]
    subject = np.where((mother >= 0) & ward.present(np.maximum(mother, 0), day), mother, NOBODY)
    tract = ward.tract(child, day)
    return _Found(day, minute, tract, kind, subject, np.zeros(len(day), dtype=np.bool_))


# --- who is named ---


def named(ward: Ward) -> Named:
    """Subjects of calls; and residents of the tract as victims, drivers or complainants."""
    every, shares = ward.of(calls), ward.parameters.police.named
    luck = ward.chance("call: named", every.day, every.minute, every.serial)
    role = np.full(len(TYPES), COMPLAINANT)
    role[list(map(TYPE.__getitem__, OF_TYPE))] = list(OF_TYPE.values())
    role = np.where(every.subject >= 0, SUBJECT, role[every.type])
    share = np.array([shares.get(name, 0.0) for name in ROLES] + [0.0])[role]
    call = np.flatnonzero(every.arrest | (luck < share))
    second = np.flatnonzero((every.type == TYPE["crash"]) & (luck < shares["second_driver"]) & (every.subject < 0))
    call = np.concatenate([call, second])
    role = np.concatenate([role[call[: len(call) - len(second)]], np.full(len(second), SECOND_DRIVER)])
    person = np.where(role == SUBJECT, every.subject[call], _somebody(ward, every, call, role))
    known = person >= 0
    named_once = call * len(ward) + person
    known &= ~((role == SECOND_DRIVER) & np.isin(named_once, named_once[role == DRIVER]))
    call, person, role = call[known], person[known], np.where(role == SECOND_DRIVER, DRIVER, role)[known]
    order = np.lexsort((role, call))
    return Named(call[order], person[order], role[order])


def _somebody(ward: Ward, every: Calls, call: Ints, role: Ints) -> Ints:
    """An adult of the call's tract who lives in the ward, each as likely as the other; -1 where there is none."""
    chance = ward.chance("call: somebody", every.day[call], every.minute[call], every.serial[call], role)
    found = np.full(len(call), NOBODY, dtype=np.int64)
    for period in ward.span.periods:
        here = np.flatnonzero((every.day[call] >= period.first) & (every.day[call] <= period.last))
        who = adults(ward, period, ward.parameters.police.youngest)
        tract = ward.tract(who, middle(period))
        who = who[np.argsort(tract, kind="stable")]
        ends = np.cumsum(np.bincount(tract, minlength=ward.place.tracts))
        wanted = every.tract[call[here]]
        size = np.diff(ends, prepend=0)[wanted]
        row = ends[wanted] - size + np.minimum((chance[here] * size).astype(np.int64), size - 1)
        found[here] = np.where(size > 0, who[np.maximum(row, 0)], NOBODY)
    return np.where((found >= 0) & ward.present(np.maximum(found, 0), every.day[call]), found, NOBODY)

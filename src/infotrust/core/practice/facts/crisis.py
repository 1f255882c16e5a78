"""Contacts with the county's crisis center: by telephone, with its mobile team, or at its door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Ints, choose
from infotrust.core.practice.facts.events import Events, drawn, joined, kept, minutes
from infotrust.core.practice.facts.justice import bookings, in_jail
from infotrust.core.practice.facts.propensity import adults, propensity, yearly
from infotrust.core.practice.facts.substance import substance_use
from infotrust.core.practice.ward import Ward

MODES = ("phone", "mobile", "walk_in")
PHONE, MOBILE, WALK_IN = range(len(MODES))
REASONS = ("suicidal_thoughts", "psychosis", "anxiety_or_panic", "substance_use", "family_conflict", "other")
DISPOSITIONS = ("resolved", "referred", "mobile_team_sent", "crisis_bed", "emergency", "police_custody")


@dataclass(frozen=True)
class Contacts:
    """One element for each contact, by person and day."""

    person: Ints
    day: Ints
    minute: Ints
    mode: Ints  # place in MODES
    named: Bools  # the center knows who it was
    reason: Ints  # place in REASONS
    disposition: Ints  # place in DISPOSITIONS
    nights: Ints  # in a crisis bed
    police: Bools  # the police asked the mobile team to come


def contacts(ward: Ward) -> Contacts:
    numbers = ward.parameters.crisis
    events = joined([*(_contacts_in(ward, period) for period in ward.span.periods), _after_jail(ward)])
    fits = (events.day <= ward.span.last) & ward.present(events.person, events.day)
    events = kept(events, fits & ~in_jail(ward, events.person, events.day))
    events = kept(events, np.lexsort((events.order, events.day, events.person)))
    who, key = events.person, (events.day, events.order)
    mode = choose(ward.chance("crisis: mode", who, *key), numbers.modes)
    using = ward.of(substance_use).at(who, events.day)
    why = ward.chance("crisis: reason", who, *key)
    reason = np.where(using, choose(why, numbers.reasons.substance), choose(why, numbers.reasons.others))
    disposition = _dispositions(ward, events, mode)
    nights = 1 + (ward.chance("crisis: nights", who, *key) * numbers.most_nights).astype(np.int64)
    return Contacts(
        who,
        events.day,
        minutes(ward.chance("crisis: minute", who, *key), numbers.busiest_hour, numbers.all_day),
        mode,
        (mode != PHONE) | (ward.chance("crisis: anonymous", who, *key) >= numbers.anonymous),
        reason,
        disposition,
        np.where(disposition == DISPOSITIONS.index("crisis_bed"), nights, 0),
        (mode == MOBILE) & (ward.chance("crisis: police", who, *key) < numbers.police_asked),
    )


def _contacts_in(ward: Ward, period: Period) -> Events:
    numbers = ward.parameters.crisis
    who = adults(ward, period, numbers.youngest)
    weight = propensity(ward, "crisis", who, period, numbers)
    return drawn(ward, "crisis", period, who, yearly(ward, period, weight, numbers.contacts_per_person, numbers.most))


def _after_jail(ward: Ward) -> Events:
    """Contacts in the weeks after release, of people with substance use or high need."""
    every, numbers = ward.of(bookings), ward.parameters.crisis
    prone = ward.of(substance_use).at(every.person, every.day)
    prone |= ward.people.need[every.person] >= numbers.high_need
    comes = prone & (ward.chance("crisis: after jail", every.person, every.day) < numbers.after_jail)
    who, last = every.person[comes], every.last[comes]
    wait = ward.chance("crisis: after jail day", who, last) * numbers.after_jail_days
    day = last + 1 + wait.astype(np.int64)
    return Events(who, day, np.full(len(who), 99, dtype=np.int64))


def _dispositions(ward: Ward, events: Events, mode: Ints) -> Ints:
    chance = ward.chance("crisis: disposition", events.person, events.day, events.order)
    chosen = np.empty(len(mode), dtype=np.int64)
    for place, name in enumerate(MODES):
        shares = ward.parameters.crisis.dispositions[name]
        places = np.array([DISPOSITIONS.index(one) for one in shares])
        chosen[mode == place] = places[choose(chance[mode == place], shares)]
    return chosen

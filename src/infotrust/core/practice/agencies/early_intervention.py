"""Early intervention (IDEA Part C): referrals, plans, services, exits, and the ratings of children's outcomes.

The record of a child is written at the referral, and seldom touched again after the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from infotrust.core.practice.agencies.records_of import numbered
from infotrust.core.practice.agencies.register import RACE_ABOUT, Register, latest
from infotrust.core.practice.agencies.words import worded, yes_no
from infotrust.core.practice.chance import Bools, Ints, Texts
from infotrust.core.practice.facts.development import CONDITIONS, OUTCOMES, development
from infotrust.core.practice.facts.early import EXITS, GROUNDS, PartC, Referrals, part_c, part_c_referrals
from infotrust.core.practice.facts.noticing import CHANNELS, SENDERS
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import LANGUAGES, NEVER, Ward

AGENCY = "early-intervention"
RESULT_CODES = ("", "served", "not_eligible", "declined", "not_reached", "too_late")

CHILDREN = Layout(
    AGENCY,
    "children",
    "Children whose referral arrived, before their third birthday",
    "child_id",
    {
        "child_id": "the program's number of the child",
        "given_name": "given name, as at the referral or the plan",
        "family_name": "family name",
        "birth_date": "YYYY-MM-DD",
        "sex": "M, F or U (unknown)",
        "race": RACE_ABOUT,
        "language": f"language at home: {', '.join(LANGUAGES)} (ISO 639-3; oth another)",
        "parent_name": "the parent who called or was called",
        "street": "home",
        "city": "city",
        "zip": "ZIP code",
        "phone": "telephone",
    },
    identity=True,
)
REFERRALS = Layout(
    AGENCY,
    "referrals",
    "Referrals that arrived",
    "referral_id",
    {
        "referral_id": "number of the referral; its year is that of the day",
        "child_id": "the child",
        "referral_date": "day of the referral",
        "referral_source": f"who referred: {', '.join(SENDERS)}",
        "received_by": f"how it came: {', '.join(CHANNELS)}",
        "contacted_on": "first contact with the family; empty where it was never reached",
        "evaluated_on": "day of the evaluation; empty where there was none",
        "eligibility": "delay, condition (a diagnosis), not_eligible; empty without an evaluation",
        "result": "served, not_eligible, declined, not_reached, too_late (too near the third birthday); empty while "
        "open",
        "closed_on": "day of that result; empty while open",
    },
)
ENROLLMENTS = Layout(
    AGENCY,
    "enrollments",
    "Children served: from the plan (IFSP) to the exit",
    "enrollment_id",
    {
        "enrollment_id": "number of the enrollment; its year is that of the plan",
        "child_id": "the child",
        "referral_id": "the referral that led to it",
        "plan_date": "day on which the first plan was signed",
        "eligible_by": "delay or condition",
        "diagnosis": f"{', '.join(CONDITIONS[1:])}; empty for none",
        "setting": "where services are mostly given: home, community, other",
        "transition_conference": "day of the conference about what follows at three; empty where none was held",
        "exit_date": "day of the exit, at the latest the third birthday; empty while served",
        "exit_reason": "part_b (eligible for preschool special education), age_three (not eligible for it), "
        "undetermined (not decided at three), goals_met, withdrawn (by the family), lost (no contact), moved, died",
    },
)
SERVICES = Layout(
    AGENCY,
    "services",
    "Services in the plan of an enrollment",
    "service_id",
    {
        "service_id": "number of the service; its year is that of its first day",
        "enrollment_id": "the enrollment",
        "service": "special_instruction, speech_language, occupational_therapy, physical_therapy, family_training, "
        "nutrition, audiology",
        "minutes_a_month": "as planned",
        "started_on": "first time given",
        "ended_on": "last day; empty while given",
    },
)
RATINGS = Layout(
    AGENCY,
    "outcome_ratings",
    "Child outcomes summary: three outcomes rated from 1 to 7 (6 and 7: as expected for the age) at entry and exit",
    "rating_id",
    {
        "rating_id": "number of the rating; its year is that of the day",
        "enrollment_id": "the enrollment",
        "point": "entry or exit; exit only after six months or more",
        "rated_on": "day of the rating",
        "social": "positive social and emotional skills, 1 to 7",
        "knowledge": "acquiring and using knowledge and skills, 1 to 7",
        "needs": "appropriate action to meet needs, 1 to 7",
        "social_progress": "at exit: Y if the child has any new skill since entry, else N",
        "knowledge_progress": "as above",
        "needs_progress": "as above",
    },
)
LAYOUTS = (CHILDREN, REFERRALS, ENROLLMENTS, SERVICES, RATINGS)


def tables(ward: Ward) -> Iterator[Table]:
    found, served, children = ward.of(part_c_referrals), ward.of(part_c), ward.of(development)
    came = np.flatnonzero(found.arrived)
    child = children.child[found.row]
    who, on = latest(np.concatenate([child[came], served.child]), np.concatenate([found.on[came], served.on]))
    register = Register(ward, AGENCY, who, on, "EI{:08d}")
    yield _children(ward, register)
    numbers = np.full(len(found.on), "", dtype=object)
    numbers[came] = numbered(ward, "part c referral", found.on[came], "R{}-{:08d}")
    yield _referrals(register, found, child, came, numbers)
    enrolled = numbered(ward, "part c enrollment", served.on, "E{}-{:08d}")
    yield _enrollments(ward, register, served, enrolled, numbers)
    yield _services(ward, served, enrolled)
    yield ratings(ward, RATINGS, served, enrolled, served.on, served.last)


def _children(ward: Ward, register: Register) -> Table:
    sheet = register.sheet
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    columns = {
        "child_id": register.keys,
        "given_name": given,
        "family_name": family,
        "birth_date": sheet.birth_dates("%Y-%m-%d"),
        "sex": sheet.sex("M", "F", "U"),
        "race": register.race(ward.parameters.habits.race_missing["early-intervention"]),
        "language": worded(LANGUAGES, ward.people.language[sheet.who]),
        "parent_name": sheet.parent(),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("({}) {:03d}-{:04d}"),
    }
    return Table(CHILDREN, columns, who=sheet.who, mistakes=sheet.mistakes)


def _referrals(register: Register, found: Referrals, child: Ints, came: Ints, numbers: Texts) -> Table:
    evaluated = found.evaluated[came] < NEVER
    grounds = worded(("not_eligible", *GROUNDS[1:]), found.grounds[came])
    columns = {
        "referral_id": numbers[came],
        "child_id": register.number(child[came], found.on[came]),
        "referral_date": day_column(found.on[came]),
        "referral_source": worded(SENDERS, found.sender[came]),
        "received_by": worded(CHANNELS, found.channel[came]),
        "contacted_on": day_column(found.contacted[came]),
        "evaluated_on": day_column(found.evaluated[came]),
        "eligibility": np.where(evaluated, grounds, "").astype(object),
        "result": worded(RESULT_CODES, found.result[came]),
        "closed_on": day_column(found.closed[came]),
    }
    return Table(REFERRALS, columns)


def _enrollments(ward: Ward, register: Register, served: PartC, enrolled: Texts, numbers: Texts) -> Table:
    settings = dict(ward.parameters.early_intervention.settings)
    condition = ward.of(development).condition[served.row]
    shown = np.where(served.grounds == GROUNDS.index("condition"), condition - 1, -1)
    chance = ward.chance("part c setting", served.child)
    setting = np.searchsorted(np.cumsum(list(settings.values())), chance, side="right")
    columns = {
        "enrollment_id": enrolled,
        "child_id": register.number(served.child, served.on),
        "referral_id": numbers[served.referral],
        "plan_date": day_column(served.on),
        "eligible_by": worded(GROUNDS, served.grounds),
        "diagnosis": worded(CONDITIONS[1:], shown),
        "setting": worded(tuple(settings), np.minimum(setting, len(settings) - 1)),
        "transition_conference": day_column(served.conference),
        "exit_date": day_column(served.last),
        "exit_reason": worded(("", *EXITS[1:]), served.exit),
    }
    return Table(ENROLLMENTS, columns)


def _services(ward: Ward, served: PartC, enrolled: Texts) -> Table:
    """Each child has at least special instruction or what the plan is for."""
    numbers, children = ward.parameters.early_intervention, ward.of(development)
    lag = np.clip(children.lag[served.row] * served.entry_left, 0.3, 3.0)
    parts, need = [], numbers.services_need
    for place, (name, share) in enumerate(numbers.services.items()):
        given = ward.chance(f"service {name}", served.child) < share * (need["base"] + need["by_lag"] * lag)
        parts.append((np.flatnonzero(given), place))
    none = np.setdiff1d(np.arange(len(served.child)), np.concatenate([rows for rows, _ in parts]))
    parts[0] = (np.sort(np.concatenate([parts[0][0], none])), 0)
    row = np.concatenate([rows for rows, _ in parts])
    kind = np.concatenate([np.full(len(rows), place) for rows, place in parts])
    who = served.child[row]
    late = ward.chance("service late", who, kind) < numbers.starts_late
    first = served.on[row] + 3 + (25 * ward.chance("service first", who, kind)).astype(np.int64) + 40 * late
    visits = 1 + lag[row] * numbers.visits_by_lag * (1 + 2 * ward.chance("service minutes", who, kind)) / 3
    minutes = (numbers.visit_minutes * np.round(visits)).astype(np.int64)
    given = np.flatnonzero((first <= ward.span.last) & (first < served.last[row]))
    row, kind, first, minutes = row[given], kind[given], first[given], minutes[given]
    columns = {
        "service_id": numbered(ward, "part c service", first, "S{}-{:08d}"),
        "enrollment_id": enrolled[row],
        "service": worded(tuple(numbers.services), kind),
        "minutes_a_month": minutes,
        "started_on": day_column(first),
        "ended_on": day_column(served.last[row]),
    }
    return Table(SERVICES, columns)


class Rated(Protocol):
    """What a program's children must have to be listed with their ratings."""

    @property
    def entry(self) -> Ints: ...
    @property
    def exit_rating(self) -> Ints: ...
    @property
    def new_skills(self) -> Bools: ...


def ratings(ward: Ward, layout: Layout, served: Rated, enrolled: Texts, first: Ints, last: Ints) -> Table:
    """Ratings at entry and at exit, for any program that has them (`layout` names the table)."""
    exits = np.flatnonzero(served.exit_rating[:, 0] > 0)
    day = np.concatenate([first, last[exits]])
    values = np.concatenate([served.entry, served.exit_rating[exits]])
    at_exit = np.arange(len(day)) >= len(first)
    row = np.concatenate([np.arange(len(first)), exits])
    columns = {
        "rating_id": numbered(ward, f"{layout.agency} rating", day, "C{}-{:08d}"),
        "enrollment_id": enrolled[row],
        "point": worded(("entry", "exit"), at_exit.astype(np.int64)),
        "rated_on": day_column(day),
    }
    columns |= {name: values[:, place] for place, name in enumerate(OUTCOMES)}
    for place, name in enumerate(OUTCOMES):
        made = yes_no(served.new_skills[row, place])
        columns[f"{name}_progress"] = np.where(at_exit, made, "").astype(object)
    return Table(layout, columns)

"""Referrals between programs: who sent whom where, by which way, when the family was reached, and what came of it.

Referrals to early intervention are those of `early`, as far as their senders take part in the shared system. All
others (home visitors' to WIC, food, housing, counseling, child care; hospitals' and WIC clinics' to home visiting)
follow the same mechanism here: a fax may never arrive, a family may not be reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, choose
from infotrust.core.practice.days import workday
from infotrust.core.practice.facts.development import development
from infotrust.core.practice.facts.early import part_c_referrals
from infotrust.core.practice.facts.noticing import SENDERS, sends_electronically
from infotrust.core.practice.facts.visiting import Enrollments, enrollments, screenings
from infotrust.core.practice.ward import NEVER, Ward

RECEIVERS = (
    "early_intervention", "home_visiting", "wic", "snap", "counseling", "housing", "food_pantry", "child_care",
    "parent_education",
)  # fmt: skip
REASONS = (
    "development", "diagnosis", "newborn_risk", "placed_in_care", "parent_support", "nutrition", "food", "depression",
    "housing", "child_care",
)  # fmt: skip
OUTCOMES = ("waiting", "started", "not_eligible", "declined", "lost", "too_late")
_FOR = {
    "wic": "nutrition", "snap": "food", "counseling": "depression", "housing": "housing", "food_pantry": "food",
    "child_care": "child_care", "parent_education": "parent_support",
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One element for each referral. `client` is the person referred, `about` the child of the family."""

    client: Ints
    about: Ints
    sender: Ints  # place in noticing.SENDERS
    office: Ints  # of the sender, counted from 0
    receiver: Ints  # place in RECEIVERS
    reason: Ints  # place in REASONS
    channel: Ints  # place in noticing.CHANNELS
    on: Ints
    contacted: Ints  # day of the first contact; NEVER where there was none
    outcome: Ints  # place in OUTCOMES
    closed: Ints  # NEVER while waiting


def sent(ward: Ward) -> Sent:
    """All referrals of the county's years that the shared system knows, in the order of days."""
    parts = [_to_early_intervention(ward), _by_visitors(ward), _to_home_visiting(ward)]
    columns = {name: np.concatenate([getattr(one, name) for one in parts]) for name in Sent.__annotations__}
    within = np.flatnonzero((columns["on"] >= ward.span.first) & (columns["on"] <= ward.span.last))
    order = within[np.lexsort((columns["client"][within], columns["on"][within]))]
    return Sent(**{name: column[order] for name, column in columns.items()})


def _to_early_intervention(ward: Ward) -> Sent:
    children, found, enrolled = ward.of(development), ward.of(part_c_referrals), ward.of(enrollments)
    numbers = ward.parameters.referral_system
    child = children.child[found.row]
    name = np.array(SENDERS, dtype=object)[found.sender]
    takes_part = np.isin(name, ("hospital", "home_visiting", "child_welfare", "wic"))
    takes_part |= (name == "doctor") & (ward.chance("doctor takes part", child) < numbers.doctors_take_part)
    office = ward.tract(child, children.seen_from[found.row])
    site = np.zeros(len(children), dtype=np.int64)
    site[enrolled.row] = enrolled.site
    office = np.where(name == "home_visiting", site[found.row], office)
    reason = np.full(len(child), REASONS.index("development"))
    reason[name == "hospital"] = REASONS.index("newborn_risk")
    reason[name == "child_welfare"] = REASONS.index("placed_in_care")
    keep = np.flatnonzero(takes_part)
    # The two lists of results agree but for the word for what was wanted.
    return Sent(
        client=child[keep],
        about=child[keep],
        sender=found.sender[keep],
        office=office[keep],
        receiver=np.full(len(keep), RECEIVERS.index("early_intervention")),
        reason=reason[keep],
        channel=found.channel[keep],
        on=found.on[keep],
        contacted=found.contacted[keep],
        outcome=found.result[keep],
        closed=found.closed[keep],
    )


def _by_visitors(ward: Ward) -> Sent:
    """Visitors refer mothers: depressed ones to counseling, poor families to benefits, food and housing."""
    enrolled, numbers = ward.of(enrollments), ward.parameters.referral_system
    leads = np.flatnonzero(enrolled.child == enrolled.family)
    parts = [_depressed(ward, enrolled, numbers)]
    income = ward.income(enrolled.mother[leads], enrolled.on[leads])
    for place, (name, one) in enumerate(numbers.visitors_refer.items()):
        child = enrolled.child[leads]
        share = np.where(income < 1, one["poorest"], np.where(income < 2, one["poor"], one["other"]))
        day = enrolled.on[leads] + 10 + (170 * ward.chance(f"refers to {name} on", child)).astype(np.int64)
        sends = (ward.chance(f"refers to {name}", child) < share) & (day <= enrolled.last[leads])
        rows, day = leads[sends], day[sends]
        parts.append((rows, day, np.full(len(rows), RECEIVERS.index(name)), place))
    made = [
        _followed(
            ward,
            enrolled.mother[rows],
            enrolled.child[rows],
            SENDERS.index("home_visiting"),
            enrolled.site[rows],
            receiver,
            _reasons(receiver),
            day,
            f"visitor {place}",
        )
        for rows, day, receiver, place in parts
    ]
    return Sent(*(np.concatenate([getattr(one, name) for one in made]) for name in Sent.__annotations__))


def _depressed(ward: Ward, enrolled: Enrollments, numbers: Any) -> tuple[Ints, Ints, Ints, int]:
    found = ward.of(screenings)
    low = np.flatnonzero((found.months == 0) & found.positive)
    rows = found.enrollment[low]
    sends = ward.chance("refers to counseling", enrolled.child[rows]) < numbers.depressed_referred
    rows, day = rows[sends], found.on[low][sends] + 2
    return rows, day, np.full(len(rows), RECEIVERS.index("counseling")), -1


def _reasons(receiver: Ints) -> Ints:
    reason = [REASONS.index(_FOR.get(name, "parent_support")) for name in RECEIVERS]
    return np.array(reason)[receiver]


def _to_home_visiting(ward: Ward) -> Sent:
    """Where enrolled families came from, and families who were referred and never enrolled."""
    enrolled, numbers, people = ward.of(enrollments), ward.parameters.referral_system, ward.people
    leads = np.flatnonzero(enrolled.child == enrolled.family)
    child = enrolled.child[leads]
    wait = 4 + (35 * ward.chance("enrolled after", child)).astype(np.int64)
    came = ward.chance("came by referral", child) < numbers.enrolled_by_referral
    rows = leads[came]
    mother, on = enrolled.mother[rows], enrolled.on[rows]
    sent = np.minimum(np.maximum(on - wait[came], people.arrival[mother] + 2), on)
    started = _referred_to_visits(ward, mother, enrolled.child[rows], sent)
    contacted = np.maximum(workday(on - wait[came] // 2), started.on)
    started = _with(started, contacted=contacted, outcome=1, closed=on)
    others = _not_enrolled(ward, numbers)
    day = people.birth[others] + (-60 + 200 * ward.chance("referred to visits on", others)).astype(np.int64)
    here = ward.present(people.mother[others], day) & (day >= ward.span.first) & (day <= ward.span.last)
    others, day = others[here], day[here]
    failed = _referred_to_visits(ward, people.mother[others], others, day)
    waits = np.isin(failed.outcome, [OUTCOMES.index("started")])
    outcome = np.where(waits, OUTCOMES.index("declined"), failed.outcome)
    parts = [started, _with(failed, outcome=outcome)]
    return Sent(*(np.concatenate([getattr(one, name) for one in parts]) for name in Sent.__annotations__))


def _not_enrolled(ward: Ward, numbers: Any) -> Ints:
    """Newborns of low-income mothers who were referred and did not enroll, the first of each delivery."""
    children, people = ward.of(development), ward.people
    enrolled = np.isin(children.child, ward.of(enrollments).child)
    mother = people.mother[children.child]
    candidates = ~enrolled & (mother >= 0) & children.poor & (people.birth_order[children.child] <= 1)
    drawn = ward.chance("referred to visits", children.child) < numbers.referred_not_enrolled
    return np.asarray(children.child[candidates & drawn])


def _referred_to_visits(ward: Ward, mother: Ints, child: Ints, day: Ints) -> Sent:
    shares = dict(ward.parameters.referral_system.senders_to_visits)
    names = np.array([SENDERS.index(name) for name in shares])
    sender = names[choose(ward.chance("sends to visits", child), shares)]
    receiver = np.full(len(child), RECEIVERS.index("home_visiting"))
    office = ward.tract(mother, day)
    reason = np.full(len(child), REASONS.index("parent_support"))
    return _followed(ward, mother, child, sender, office, receiver, reason, day, "to visits")


def _with(one: Sent, **changes: Any) -> Sent:
    columns = {name: getattr(one, name) for name in Sent.__annotations__}
    for name, value in changes.items():
        columns[name] = np.broadcast_to(np.asarray(value), one.on.shape).astype(np.int64)
    return Sent(**columns)


def _followed(
    ward: Ward,
    client: Ints,
    about: Ints,
    sender: Ints | int,
    office: Ints,
    receiver: Ints,
    reason: Ints,
    on: Ints,
    what: str,
) -> Sent:
    """What becomes of referrals: they arrive or not, the family is reached or not, agrees or not."""
    early, numbers = ward.parameters.early_intervention, ward.parameters.referral_system
    on = workday(on)
    sender = np.broadcast_to(np.asarray(sender), on.shape)

    def chance(step: str) -> Floats:
        return ward.chance(f"{what}: {step}", about)

    channel = np.where(_electronic(ward, sender, office, on), 0, 1)
    arrives = chance("arrives") >= np.array(list(early.lost_on_the_way.values()))[channel]
    wait = 1 + (-np.log1p(-chance("contact")) * np.array(list(early.days_to_contact.values()))[channel])
    wait = wait.astype(np.int64)
    reached = arrives & (chance("reached") < np.array(list(early.reached.values()))[channel])
    reached &= wait <= int(early.gives_up)
    accepts = chance("accepts") < np.array([numbers.accepts[name] for name in RECEIVERS])[receiver]
    eligible = chance("eligible") < np.array([numbers.eligible[name] for name in RECEIVERS])[receiver]
    outcome = np.select([~reached, ~accepts, ~eligible], [4, 3, 2], 1)
    closed = np.where(reached, on + wait + (25 * chance("closed")).astype(np.int64), on + int(early.gives_up))
    closed = np.maximum(workday(closed), on)
    gone = np.minimum(ward.people.departure[client], ward.people.death[client])
    seen = np.minimum(gone, ward.span.last + 1)
    contacted = np.maximum(workday(on + wait), on)
    contacted = np.where(reached & (contacted < seen), contacted, NEVER)
    return Sent(
        client=client,
        about=about,
        sender=sender,
        office=office,
        receiver=receiver,
        reason=reason,
        channel=channel,
        on=on,
        contacted=contacted,
        outcome=np.where(closed < seen, outcome, 0),
        closed=np.where(closed < seen, closed, NEVER),
    )


def _electronic(ward: Ward, sender: Ints, office: Ints, on: Ints) -> Bools:
    found = np.zeros(len(on), dtype=bool)
    for code in np.unique(sender):
        rows = np.flatnonzero(sender == code)
        found[rows] = sends_electronically(ward, SENDERS[code], office[rows], on[rows])
    return found

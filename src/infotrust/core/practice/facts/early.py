"""Early intervention (IDEA Part C) as it truly happens, from the first referral to the exit before the third birthday.

Somebody notices a child: the hospital, a doctor's screening, a visitor's questionnaire, a child welfare worker, the
family, a teacher in child care. Each of these is a referral that may get lost: faxed ones lie in a tray, telephones do
not answer. A child whose referral got lost may be noticed again later, or not before the age of three.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, normal
from infotrust.core.practice.days import workday
from infotrust.core.practice.facts.development import (
    CONDITIONS,
    Development,
    development,
    fading,
    rate_of_help,
    rating,
)
from infotrust.core.practice.facts.noticing import noticed
from infotrust.core.practice.ward import NEVER, YEAR, Ward

RESULTS = ("waiting", "served", "not_eligible", "declined", "lost", "too_late")
GROUNDS = ("none", "delay", "condition")
EXITS = ("active", "part_b", "age_three", "undetermined", "goals_met", "withdrawn", "lost", "moved", "died")
THIRD = int(3 * YEAR)


@dataclass(frozen=True)
class Referrals:
    """One element for each referral to early intervention, in the order of children, then of days."""

    row: Ints  # in `development`
    on: Ints
    sender: Ints  # place in noticing.SENDERS
    channel: Ints  # place in noticing.CHANNELS
    arrived: Bools
    contacted: Ints  # day of the first contact with the family; NEVER where there was none
    evaluated: Ints
    result: Ints  # place in RESULTS
    closed: Ints  # NEVER while waiting
    grounds: Ints  # place in GROUNDS


@dataclass(frozen=True)
class PartC:
    """One element for each child served, in the order of children."""

    row: Ints  # in `development`
    child: Ints
    referral: Ints  # row of the `Referrals` that led here
    on: Ints  # the plan (IFSP) is signed
    last: Ints  # exit; NEVER while active
    exit: Ints  # place in EXITS
    grounds: Ints
    conference: Ints  # transition conference; NEVER where there was none
    entry_left: Floats  # share of the child's first lag that is left on the first day, and at the exit
    exit_left: Floats
    rate: Floats  # at which the lag faded meanwhile
    entry: Ints  # child x outcome: ratings 1 to 7
    exit_rating: Ints  # child x outcome; 0 where not rated
    new_skills: Bools  # child x outcome: any progress between the two

    def place_of(self, rows: Ints) -> Ints:
        """The element of each row of `development`, -1 for children who were not served."""
        if len(self.row) == 0:
            return np.full(len(rows), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.row, rows), len(self.row) - 1)
        return np.where(self.row[place] == rows, place, -1)


def part_c_referrals(ward: Ward) -> Referrals:
    """Every referral: each child's next one is acted on once the one before has come to nothing."""
    children, numbers = ward.of(development), ward.parameters.early_intervention
    events = ward.of(noticed)
    day = events.on.copy()
    free_from = np.zeros(len(children), dtype=np.int64)
    rounds = []
    for turn in range(int(numbers.most_referrals)):
        usable = np.where(day >= free_from[:, None], day, NEVER)
        which = usable.argmin(axis=1)
        on = usable[np.arange(len(children)), which]
        rows = np.flatnonzero(on < NEVER)
        if len(rows) == 0:
            break
        sender, channel = events.sender[which[rows]], events.channel[rows, which[rows]]
        one = _followed(ward, children, rows, on[rows], sender, channel, turn)
        rounds.append(one)
        over = (one.result == RESULTS.index("served")) | (one.closed >= NEVER)
        free_from[rows] = np.where(over, NEVER, one.closed + int(numbers.pause))
        day[rows, which[rows]] = NEVER
    return _in_order(rounds)


def _in_order(rounds: list[Referrals]) -> Referrals:
    names = list(Referrals.__annotations__)
    columns = {name: np.concatenate([getattr(one, name) for one in rounds] or [np.zeros(0, int)]) for name in names}
    order = np.lexsort((columns["on"], columns["row"]))
    return Referrals(**{name: column[order] for name, column in columns.items()})


def _followed(
    ward: Ward, children: Development, rows: Ints, on: Ints, sender: Ints, channel: Ints, turn: int
) -> Referrals:
    """What becomes of one referral for each of `rows`."""
    numbers, who = ward.parameters.early_intervention, children.child[rows]

    def chance(what: str) -> Floats:
        return ward.chance(f"part c: {what}", who, turn)

    arrived = chance("arrives") >= np.array(list(numbers.lost_on_the_way.values()))[channel]
    reached = arrived & (chance("reached") < np.array(list(numbers.reached.values()))[channel])
    mean = np.array(list(numbers.days_to_contact.values()))[channel]
    wait = 1 + (-np.log1p(-chance("contact")) * mean).astype(np.int64)
    reached &= wait <= numbers.gives_up
    contacted = np.where(reached, np.maximum(workday(on + wait), on), NEVER)
    agrees = reached & (chance("agrees") < numbers.agrees)
    spread = numbers.evaluation_to - numbers.evaluation_from
    evaluated = np.where(agrees, contacted + (numbers.evaluation_from + spread * chance("evaluation")), NEVER)
    evaluated = np.where(agrees, workday(evaluated.astype(np.int64)), NEVER)
    grounds = _grounds(ward, children, rows, np.minimum(evaluated, NEVER - 1), turn)
    grounds = np.where(agrees, grounds, 0)
    plan = evaluated + (numbers.plan_from + (numbers.plan_to - numbers.plan_from) * chance("plan")).astype(np.int64)
    plan = np.maximum(workday(plan), evaluated)
    accepts = (grounds > 0) & (chance("accepts") < numbers.accepts)
    late = accepts & (plan > children.birth[rows] + THIRD - int(numbers.latest_plan))
    closed = np.select(
        [~reached, ~agrees, grounds == 0, ~accepts], [on + int(numbers.gives_up), contacted + 5, evaluated, plan], plan
    )
    result = np.select([~reached, ~agrees, grounds == 0, ~accepts, late], [4, 3, 2, 3, 5], 1)
    seen = np.minimum(children.seen_to[rows], ward.span.last + 1)
    open_ = closed >= seen
    return Referrals(
        row=rows,
        on=on,
        sender=sender,
        channel=channel,
        arrived=arrived,
        contacted=np.where(contacted < seen, contacted, NEVER),
        evaluated=np.where(evaluated < seen, evaluated, NEVER),
        result=np.where(open_, 0, result),
        closed=np.where(open_, NEVER, closed),
        grounds=np.where(evaluated < seen, grounds, 0),
    )


def _grounds(ward: Ward, children: Development, rows: Ints, on: Ints, turn: int) -> Ints:
    """Why a child is found eligible on the day of the evaluation, with its error."""
    numbers, shared = ward.parameters.early_intervention, ward.parameters.development
    who = children.child[rows]
    lag = fading(children.lag[rows], (on - children.birth[rows]) / YEAR, shared.fades_alone)
    error = normal(ward.chance("evaluation one", who, turn), ward.chance("evaluation two", who, turn))
    delayed = lag + shared.rating_error * error > numbers.eligible_lag
    diagnosed = (children.condition[rows] > 0) & (children.known[rows] <= on)
    return np.where(diagnosed, GROUNDS.index("condition"), np.where(delayed, GROUNDS.index("delay"), 0))


def part_c(ward: Ward) -> PartC:
    """The children who were served, to their exit."""
    children, referrals = ward.of(development), ward.of(part_c_referrals)
    shared = ward.parameters.development
    led = np.flatnonzero(referrals.result == RESULTS.index("served"))
    rows, on, grounds = referrals.row[led], referrals.closed[led], referrals.grounds[led]
    age = (on - children.birth[rows]) / YEAR
    rate = rate_of_help(children, rows, age, shared)
    entry_left = fading(np.ones(len(rows)), age, shared.fades_alone)
    last, why = _exits(ward, children, rows, on, grounds, entry_left, rate)
    end = np.minimum(last, ward.span.last + 1)
    exit_left = fading(entry_left, (end - on) / YEAR, rate)
    entry = rating(ward, "part c entry", children, rows, entry_left)
    rated = _rated(ward, children.child[rows], on, last, why)
    at_exit = rating(ward, "part c exit", children, rows, exit_left)
    conference = _conferences(ward, children, rows, on, last)
    return PartC(
        row=rows,
        child=children.child[rows],
        referral=led,
        on=on,
        last=last,
        exit=why,
        grounds=grounds,
        conference=conference,
        entry_left=entry_left,
        exit_left=exit_left,
        rate=rate,
        entry=entry,
        exit_rating=np.where(rated[:, None], at_exit, 0),
        new_skills=new_skills(ward, "part c", children, rows, entry, at_exit),
    )


def _exits(
    ward: Ward, children: Development, rows: Ints, on: Ints, grounds: Ints, left: Floats, rate: Floats
) -> tuple[Ints, Ints]:
    """The earliest of what can end the services, and why. On the third birthday they end for everybody."""
    numbers, who = ward.parameters.early_intervention, children.child[rows]
    lag = np.maximum(children.lag[rows] * left, 0.01)
    months = np.log(lag / numbers.goals_lag) / rate * YEAR
    review = int(numbers.days_between_reviews)
    reviews = np.maximum(np.ceil(months / review), 1).astype(np.int64)
    met = np.where(grounds == GROUNDS.index("delay"), on + reviews * review, NEVER)
    withdrawn = on + (-np.log1p(-ward.chance("part c: withdraws", who)) / numbers.withdraws * YEAR).astype(np.int64)
    lost = on + (-np.log1p(-ward.chance("part c: loses contact", who)) / numbers.loses_contact * YEAR).astype(np.int64)
    third = children.birth[rows] + THIRD
    people = ward.people
    days = np.stack([third, met, withdrawn, lost, people.departure[who], people.death[who]])
    which = days.argmin(axis=0)
    last = days.min(axis=0)
    early = np.array([EXITS.index(name) for name in ("goals_met", "withdrawn", "lost", "moved", "died")])
    why = np.where(which == 0, _at_three(ward, children, rows, on, left, rate), early[np.maximum(which - 1, 0)])
    over = last <= ward.span.last
    return np.where(over, last, NEVER), np.where(over, why, 0)


def _at_three(ward: Ward, children: Development, rows: Ints, on: Ints, left: Floats, rate: Floats) -> Ints:
    """At the third birthday: eligible for preschool special education, not eligible, or not determined in time."""
    numbers, who = ward.parameters.preschool_special_education, children.child[rows]
    years = (children.birth[rows] + THIRD - on) / YEAR
    lag = children.lag[rows] * fading(left, years, rate)
    error = normal(ward.chance("at three one", who), ward.chance("at three two", who))
    needs = lag + ward.parameters.development.rating_error * error > numbers.eligible_lag
    undetermined = ward.chance("part c: undetermined", who) < numbers.undetermined
    return np.where(
        undetermined, EXITS.index("undetermined"), np.where(needs, EXITS.index("part_b"), EXITS.index("age_three"))
    )


def _conferences(ward: Ward, children: Development, rows: Ints, on: Ints, last: Ints) -> Ints:
    """The transition conference, 90 days or more before the third birthday where it is on time."""
    numbers, who = ward.parameters.early_intervention, children.child[rows]
    planned = children.birth[rows] + THIRD - (90 + 150 * ward.chance("conference", who)).astype(np.int64)
    late = ward.chance("conference late", who) < numbers.conference_late
    planned = np.where(late, children.birth[rows] + THIRD - (20 + 60 * ward.chance("conference", who)), planned)
    planned = workday(np.maximum(planned.astype(np.int64), on + 14))
    held = (ward.chance("conference held", who) < numbers.conference_held) & (planned < np.minimum(last, NEVER))
    return np.where(held & (planned <= ward.span.last), planned, NEVER)


def _rated(ward: Ward, who: Ints, on: Ints, last: Ints, why: Ints) -> Bools:
    """Children are rated at the exit after six months of service or more; those who vanish seldom are."""
    numbers = ward.parameters.early_intervention
    gone = np.isin(why, [EXITS.index(name) for name in ("lost", "moved", "withdrawn")])
    likely = np.where(gone, numbers.rated_when_gone, numbers.rated)
    served = (last < NEVER) & (last - on >= int(numbers.rated_after))
    return np.asarray(served & (why != EXITS.index("died")) & (ward.chance("part c: rated", who) < likely))


def new_skills(ward: Ward, what: str, children: Development, rows: Ints, entry: Ints, exit_rating: Ints) -> Bools:
    """Whether a child learned anything new in each outcome; nearly all do, and all whose rating rose."""
    who, numbers = children.child[rows], ward.parameters.development
    severe = children.condition[rows] == CONDITIONS.index("genetic")
    none = np.where(severe, numbers.no_new_skills_severe, numbers.no_new_skills)
    chance = np.stack([ward.chance(f"{what} new skills {one}", who) for one in range(entry.shape[1])], axis=1)
    return np.asarray((chance >= none[:, None]) | (exit_rating > entry) | (exit_rating >= 6))

"""WIC: which mothers, infants and children under five are certified, from when to when, and how long infants nurse.

Mothers come in pregnancy or with the infant; children are certified anew at each birthday, and each time some families
stay away although they still could take part, so that fewer take part the older the children are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.facts.benefits import snap_receives
from infotrust.core.practice.facts.births import births
from infotrust.core.practice.facts.households import pregnancies
from infotrust.core.practice.facts.prenatal_wic import prenatal_wic, wic_eligible
from infotrust.core.practice.ward import NEVER, YEAR, Ward

CATEGORIES = ("P", "B", "N", "I", "C")
PREGNANT, BREASTFEEDING, NOT_BREASTFEEDING, INFANT, CHILD = range(5)
ENDS = ("", "expired", "left", "moved_away")
RUNNING, EXPIRED, LEFT, MOVED_AWAY = range(4)
OLDEST = 5  # birthday on which a child is too old
WEEK = 7
EARLY = 1.5  # most visits are early among the days in which families are seen
SOON = 30  # days: too few to be certified for, and before which nobody stays away
UNSEEN = 200  # days into the county: pregnancies of births before began before its first day
LONGEST_ONLY = 26  # weeks of nothing but breast milk; then other food begins (American Academy of Pediatrics)


@dataclass(frozen=True)
class WicCertifications:
    """One element for each certification, by person and first day; `last` is the day it runs out."""

    who: Ints
    category: Ints  # place in CATEGORIES
    first: Ints
    last: Ints
    ended: Ints  # last day on which the person took part; NEVER while it runs
    end: Ints  # place in ENDS
    adjunct: Ints  # BY_INCOME, BY_MEDICAID or BY_SNAP

    def covers(self, who: Ints, on: Ints | int) -> Bools:
        """Whether each person takes part on the day."""
        key = self.who * 10**7 + self.first
        row = np.searchsorted(key, who * 10**7 + np.asarray(on), side="right") - 1
        safe = np.maximum(row, 0)
        if len(self.who) == 0:
            return np.zeros(len(who), dtype=np.bool_)
        now = (row >= 0) & (self.who[safe] == who)
        return np.asarray(now & (np.minimum(self.ended, self.last)[safe] >= on))


@dataclass(frozen=True)
class Nursing:
    """For each person born in the county's years or shortly before: weeks of breastfeeding, 0 for never begun."""

    weeks: Floats
    exclusive: Floats


def nursing(ward: Ward) -> Nursing:
    """What mothers do; where a birth certificate tells of breastfeeding at discharge, it began."""
    numbers, known = ward.parameters.wic, ward.of(births)
    begun = ward.chance("breastfed") < numbers.breastfeeding_begun
    begun[known.child] = known.breastfed
    weeks = np.where(begun, -np.log1p(-ward.chance("breastfed weeks")) * numbers.breastfeeding_weeks, 0.0)
    alone = ward.chance("breastfed only") < numbers.exclusive_begun
    only = np.where(alone, -np.log1p(-ward.chance("breastfed only weeks")) * numbers.exclusive_weeks, 0.0)
    return Nursing(weeks, np.minimum(weeks, np.minimum(only, LONGEST_ONLY)))


def wic_certifications(ward: Ward) -> WicCertifications:
    children = _children(ward)
    parts = [*_mothers(ward, children), *(children.at(step) for step in range(OLDEST))]
    joined = {name: np.concatenate([part[name] for part in parts]).astype(np.int64) for name in parts[0]}
    ended, end = _ends(ward, joined)
    in_time = (joined["last"] >= ward.span.first) & (joined["first"] <= ward.span.last) & (ended >= joined["first"])
    order = np.lexsort((joined["first"], joined["who"]))
    order = order[in_time[order]]
    columns = joined | {"ended": ended, "end": end}
    return WicCertifications(**{name: values[order] for name, values in columns.items()})


# --- children ---


@dataclass
class _Children:
    """Everybody who is under five at some time of the county, and at which birthdays they were certified."""

    ward: Ward
    who: Ints
    day: Ints  # [birthday 0 to 4, child]
    taking_part: Bools  # likewise
    adjunct: Ints  # likewise

    def at(self, step: int) -> dict[str, Any]:
        now = self.taking_part[step]
        who, first = self.who[now], self.day[step][now]
        last = self.ward.people.birth[who] + int((step + 1) * YEAR)
        category = np.full(len(who), INFANT if step == 0 else CHILD)
        return {"who": who, "category": category, "first": first, "last": last, "adjunct": self.adjunct[step][now]}


def _children(ward: Ward) -> _Children:
    people, span = ward.people, ward.span
    who = np.flatnonzero((people.birth > span.first - OLDEST * YEAR) & (people.birth <= span.last))
    days, part, how = (np.zeros((OLDEST, len(who)), dtype=kind) for kind in (np.int64, bool, np.int64))
    taking = np.zeros(len(who), dtype=bool)
    for step in range(OLDEST):
        days[step] = _visit(ward, who, step)
        asked = np.clip(days[step], span.first, span.last)
        asked = np.maximum(asked, np.maximum(people.birth[who], people.arrival[who]))
        fits, how[step] = wic_eligible(ward, who, asked)
        rate = _rate(ward, who, step, asked, taking)
        here = (days[step] >= people.arrival[who]) & (days[step] <= span.last)
        taking = fits & here & (ward.chance("wic child", who, step) < rate)
        part[step] = taking
    return _Children(ward, who, days, part, how)


def _visit(ward: Ward, who: Ints, step: int) -> Ints:
    """The day on which each child is seen about the birthday `step`, or after coming to the county within that year."""
    people, after_days = ward.people, ward.parameters.wic.seen_after
    least, most = after_days["least"], after_days["most"]
    after = (least + (most - least) * ward.chance("wic visit", who, step) ** EARLY).astype(np.int64)
    day = people.birth[who] + int(step * YEAR) + after
    came = np.maximum(people.arrival[who], people.birth[who])
    late = (came > day) & (came < people.birth[who] + int((step + 1) * YEAR) - SOON)
    return np.asarray(np.where(late, came + after, day))


def _rate(ward: Ward, who: Ints, step: int, on: Ints, taking: Bools) -> Floats:
    """The chance of each child to be certified at the birthday `step`."""
    numbers = ward.parameters.wic
    if step:
        return np.asarray(np.where(taking, numbers.renews_at[step], numbers.joins_at[step]), dtype=np.float64)
    people = ward.people
    early = ward.of(prenatal_wic).received(people.mother[who], people.birth[who])
    before = people.birth[who] < ward.span.first + UNSEEN
    early |= before & (ward.chance("wic pregnant", who) < numbers.pregnant)
    missed = 1 - np.where(early, numbers.infant["mother_enrolled"], numbers.infant["mother_not"])
    missed = missed * np.where(snap_receives(ward, who, on), numbers.infant_missed_with_snap, 1.0)
    other = people.language[who] != 0
    return np.asarray(1 - missed * np.where(other, numbers.infant_missed_other_language, 1.0))


# --- mothers ---


def _mothers(ward: Ward, children: _Children) -> tuple[dict[str, Any], dict[str, Any]]:
    """Certifications in pregnancy, and after the birth of those whose infant is certified or who had one before."""
    held, early, numbers = ward.of(pregnancies), ward.of(prenatal_wic), ward.parameters.wic.postpartum_days
    born = held.born[early.pregnancy]
    before = {
        "who": early.mother,
        "category": np.full(len(early.mother), PREGNANT),
        "first": early.on,
        "last": born + int(numbers["pregnant"]),
        "adjunct": early.adjunct,
    }
    infant = np.zeros(len(ward), dtype=np.int64)
    infant[children.who[children.taking_part[0]]] = children.day[0][children.taking_part[0]]
    day = infant[held.first_child]
    weeks = ward.of(nursing).weeks[held.first_child]
    breast = weeks * WEEK >= np.maximum(day - held.born, 1)
    span = np.where(breast, numbers["breastfeeding"], numbers["not_breastfeeding"]).astype(np.int64)
    now = (day > 0) & (day <= held.born + span - SOON)
    now &= ward.present(held.mother, np.maximum(day, ward.span.first)) & (
        ward.chance("wic mother", held.first_child) < ward.parameters.wic.mother_with_infant
    )
    after = {
        "who": held.mother[now],
        "category": np.where(breast, BREASTFEEDING, NOT_BREASTFEEDING)[now],
        "first": day[now],
        "last": (held.born + span)[now],
        "adjunct": np.zeros(int(now.sum()), dtype=np.int64),
    }
    after["adjunct"] = wic_eligible(ward, after["who"], after["first"])[1]
    return before, after


def _ends(ward: Ward, rows: dict[str, Ints]) -> tuple[Ints, Ints]:
    """The last day of each certification as it truly was, and why."""
    who, first, last = rows["who"], rows["first"], rows["last"]
    early = ward.chance("wic leaves", who, first) < ward.parameters.wic.leaves_early
    room = np.maximum(last - first - SOON, 0)
    day = first + SOON + (ward.chance("wic leaves on", who, first) * room).astype(np.int64)
    ended = np.where(early, np.minimum(day, last), last)
    gone = np.minimum(ward.people.death, ward.people.departure)[who] - 1
    moved = gone < ended
    ended = np.minimum(ended, gone)
    again = _before_the_next(who, first)
    renewed = again < ended
    ended = np.minimum(ended, again)
    end = np.select([ended > ward.span.last, renewed, moved, early], [RUNNING, EXPIRED, MOVED_AWAY, LEFT], EXPIRED)
    return np.where(ended > ward.span.last, NEVER, ended), end


def _before_the_next(who: Ints, first: Ints) -> Ints:
    """The day before each certification's next one: who is certified as a mother is no longer certified as pregnant."""
    order = np.lexsort((first, who))
    found = np.full(len(who), NEVER, dtype=np.int64)
    follows = np.flatnonzero((who[order][1:] == who[order][:-1]) & (first[order][1:] > first[order][:-1]))
    found[order[follows]] = first[order[follows + 1]] - 1
    return found

"""Food assistance (SNAP): which households are certified, from when to when, and what they receive.

Month by month a household may apply where its income allows it and it is of those who ever apply; its certification
lasts 6 or 12 months; then it is certified again, found over the limit, or misses the date and, mostly, comes back
within a few months. A letter to an address the household has left makes a missed date more likely.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.days import last_days, months_of
from infotrust.core.practice.facts.conditions import CONDITIONS, conditions
from infotrust.core.practice.facts.dollars import fiscal_year, largest_benefits, of_year, poverty_guideline
from infotrust.core.practice.facts.health import month_name
from infotrust.core.practice.facts.households import Makeup, home_languages, makeup, months, ratio_of
from infotrust.core.practice.facts.members import members
from infotrust.core.practice.ward import NEVER, Ward

KINDS = ("families", "adults", "elders")
FAMILIES, ADULTS, ELDERS = range(3)
STEPS = ("initial", "recertification", "reopened")
INITIAL, RECERTIFICATION, REOPENED = range(3)
ENDS = ("", "renewed", "missed", "over_income", "moved_away")
RUNNING, RENEWED, MISSED, OVER_INCOME, MOVED_AWAY = range(5)
DAYS = 4 * NEVER  # more than there are, so that a household and a day make one number
LARGEST_CASE = 12  # persons; a larger household is a home or a shelter, which buys its food itself


@dataclass(frozen=True)
class Certifications:
    """One element for each certification of a household, by household and first day.

    `first` to `last` is what the household was certified for; `ended` is the last day on which it received benefits.
    """

    household: Ints
    applied: Ints
    first: Ints
    last: Ints
    ended: Ints  # NEVER while the certification runs
    end: Ints  # place in ENDS
    step: Ints  # place in STEPS
    kind: Ints  # place in KINDS
    size: Ints
    gross: Floats  # income, dollars a month
    net: Floats  # after deductions
    mail_returned: Bools  # the letter about recertification came back

    def in_force(self, household: Ints, on: Ints | int) -> Ints:
        """The certification of each household on the day, -1 for none."""
        row = self._latest(household, on)
        safe = np.maximum(row, 0)
        if len(self.first) == 0:
            return np.full(len(household), -1, dtype=np.int64)
        return np.where((row >= 0) & (self.ended[safe] >= on) & (self.last[safe] >= on), row, -1)

    def _latest(self, household: Ints, on: Ints | int) -> Ints:
        days = np.broadcast_to(np.asarray(on, dtype=np.int64), np.shape(household))
        row = np.searchsorted(self.household * DAYS + self.first, household * DAYS + days, side="right") - 1
        return np.where((row >= 0) & (self.household[np.maximum(row, 0)] == household), row, -1)


def snap_certifications(ward: Ward) -> Certifications:
    return _Office(ward).run()


def snap_receives(ward: Ward, who: Ints, on: int | Ints) -> Bools:
    """Whether each person lives in a household that is certified on the day."""
    found = ward.of(snap_certifications).in_force(ward.household(who, on), on)
    return np.asarray((found >= 0) & ward.present(who, on))


@dataclass
class _Book:
    columns: dict[str, list[Any]] = field(default_factory=dict)
    ended: list[tuple[Ints, Ints, int]] = field(default_factory=list)
    returned: list[Ints] = field(default_factory=list)
    undone: list[Ints] = field(default_factory=list)
    rows: int = 0

    def add(self, **columns: Any) -> Ints:
        for name, values in columns.items():
            self.columns.setdefault(name, []).append(values)
        count = len(columns["household"])
        self.rows += count
        return np.arange(self.rows - count, self.rows)

    def end(self, rows: Ints, day: Ints | int, why: int) -> None:
        self.ended.append((rows, np.broadcast_to(np.asarray(day), rows.shape), why))

    def undo(self, rows: Ints) -> None:
        """Take certifications back before their first day."""
        self.undone.append(rows)

    def certifications(self) -> Certifications:
        columns = {name: np.concatenate(values) for name, values in self.columns.items()}
        ended, end = np.full(self.rows, NEVER, dtype=np.int64), np.zeros(self.rows, dtype=np.int64)
        returned = np.zeros(self.rows, dtype=bool)
        for rows, day, why in self.ended:
            ended[rows], end[rows] = day, why
        for rows in self.returned:
            returned[rows] = True
        order = np.lexsort((columns["first"], columns["household"]))
        order = order[~np.isin(order, np.concatenate(self.undone))] if self.undone else order
        columns |= {"ended": ended, "end": end, "mail_returned": returned}
        return Certifications(**{name: values[order] for name, values in columns.items()})


class _Office:
    """The state of each household's case, moved forward month by month."""

    def __init__(self, ward: Ward) -> None:
        count, numbers = ward.households, ward.parameters.snap
        self.ward, self.numbers, self.book = ward, numbers, _Book()
        held = ward.addresses
        self.moves = np.sort(held.owner[held.first > 0] * DAYS + held.first[held.first > 0])
        self.row = np.full(count, -1, dtype=np.int64)  # the running certification
        self.before = np.full(count, -1, dtype=np.int64)  # the one that it follows without a break
        self.since = np.zeros(count, dtype=np.int64)  # its first day
        self.until = np.zeros(count, dtype=np.int64)  # its last month
        self.missed = np.full(count, -(10**6), dtype=np.int64)  # month in which recertification was missed
        self.barred = _by_kind(numbers.barred)
        self.never = _by_kind(numbers.never_applies)
        self.applies = 1 - np.exp(-_by_kind(numbers.applies) / 12)
        self.misses = _by_kind(numbers.misses_recertification)
        self.length = _by_kind(numbers.certified_months).astype(np.int64)
        self.every = np.arange(count)
        self.inclined = ward.household_chance("snap applies", self.every)
        self.bar = ward.household_chance("snap barred", self.every)
        self.other = ward.of(home_languages).other
        self.disabled_from = ward.of(conditions).onset[:, CONDITIONS.index("disability")]

    def run(self) -> Certifications:
        known = self.ward.of(months)
        for number in range(len(known)):
            self._month(number, int(known.name[number]), int(known.first[number]), int(known.last[number]))
        return self.book.certifications()

    def _month(self, number: int, month: int, first: int, last: int) -> None:
        made = makeup(self.ward, number)
        ratio, kind = ratio_of(self.ward, number, self.every), self._kinds(number, made, last)
        fits = self._fits(ratio, kind, made)
        if number:
            self._empty(made, first)
            self._recertify(fits, ratio, kind, made, month, last)
        if month % 12 == 6 and number:
            self._report(fits, month, last)
        self._apply(fits, ratio, kind, made, month, first, last, begins=number == 0)

    def _kinds(self, number: int, made: Makeup, last: int) -> Ints:
        """What kind of household each is: with children; with elderly or disabled members but no children; other."""
        home = self.ward.of(months).household[number]
        here = np.flatnonzero((home >= 0) & (self.disabled_from <= last))
        disabled = np.bincount(home[here], minlength=self.ward.households)
        only = made.elders + disabled >= np.maximum(made.size, 1)
        return np.select([made.children > 0, only], [FAMILIES, ELDERS], ADULTS)

    def _fits(self, ratio: Floats, kind: Ints, made: Makeup) -> Bools:
        limit = np.where(kind == ELDERS, self.numbers.elder_income_limit, self.numbers.gross_income_limit)
        poor = (ratio < limit) & (self.bar >= self.barred[kind])
        return np.asarray(poor & (made.size > 0) & (made.size <= LARGEST_CASE))

    def _empty(self, made: Makeup, first: int) -> None:
        """Cases whose household has dissolved, or is in the county no longer."""
        gone = np.flatnonzero((self.row >= 0) & (made.size == 0))
        never_began = gone[self.since[gone] >= first]
        self.book.undo(self.row[never_began])
        self.row[never_began] = self.before[never_began]
        self.book.end(self.row[gone], first - 1, MOVED_AWAY)
        self.row[gone] = -1

    def _recertify(self, fits: Bools, ratio: Floats, kind: Ints, made: Makeup, month: int, last: int) -> None:
        """Certifications that end with this month."""
        due = np.flatnonzero((self.row >= 0) & (self.until == month))
        returned = self._moved(due, last) & (
            self.ward.household_chance("snap address", due, month) < self.numbers.does_not_report_move
        )
        rate = self.misses[kind[due]] * np.where(returned, self.numbers.misses_after_returned_mail, 1.0)
        missed = self.ward.household_chance("snap recertification", due, month) < np.minimum(rate, 1.0)
        again, fit = due[fits[due] & ~missed], fits[due]
        self.book.returned.append(self.row[due[returned]])
        self.book.end(self.row[due[missed]], last, MISSED)
        self.book.end(self.row[due[~missed & ~fit]], last, OVER_INCOME)
        self.book.end(self.row[again], last, RENEWED)
        self.before[again] = self.row[again]
        self.row[due] = -1
        self.missed[due[missed]] = month
        applied = last - (self.ward.household_chance("snap renews", again, month) * 30).astype(np.int64)
        self._certify(again, applied, np.full(len(again), last + 1), RECERTIFICATION, ratio, kind, made, month + 1)

    def _moved(self, household: Ints, last: int) -> Bools:
        """Whether each household lives elsewhere than on the day it was certified."""
        until = np.searchsorted(self.moves, household * DAYS + last, side="right")
        return np.asarray(until > np.searchsorted(self.moves, household * DAYS + self.since[household], side="right"))

    def _report(self, fits: Bools, month: int, last: int) -> None:
        """In July incomes change: some who are over the limit now say so before the certification ends."""
        over = np.flatnonzero((self.row >= 0) & ~fits & (self.until > month))
        over = over[self.ward.household_chance("snap reports", over, month) < self.numbers.reports_higher_income]
        self.book.end(self.row[over], last, OVER_INCOME)
        self.row[over] = -1

    def _apply(
        self,
        fits: Bools,
        ratio: Floats,
        kind: Ints,
        made: Makeup,
        month: int,
        first: int,
        last: int,
        *,
        begins: bool,
    ) -> None:
        may = np.flatnonzero(fits & (self.row < 0))
        never = self.never[kind[may]] * np.where(self.other[may], self.numbers.never_applies_other_language, 1.0)
        may = may[self.inclined[may] >= never]
        back = (month - self.missed[may] <= self.numbers.back_within) & (month > self.missed[may])
        rate = np.where(back, self.numbers.back_each_month, self.applies[kind[may]])
        if begins:
            rate = np.full(len(may), self.numbers.on_the_rolls_at_first)
        now = self.ward.household_chance("snap application", may, month) < rate
        now &= month > self.missed[may]
        for step, where in ((INITIAL, now & ~back), (REOPENED, now & back)):
            who = may[where]
            day = first + (self.ward.household_chance("snap day", who, month) * 28).astype(np.int64)
            began = np.full(len(who), month)
            if begins:
                # Certified some months ago; none of these certifications ends in the very first month.
                passed = self.ward.household_chance("snap since", who) * (self.length[kind[who]] - 1)
                began = month - passed.astype(np.int64)
                day = last_days(began - 1) + 1 + day - first
            # A household that changes in between applies at the end of the month, as what it is then.
            alike = self._all_are_there(who, day, made)
            day, began = np.where(alike, day, last), np.where(alike, began, month)
            self._certify(who, day, day, step, ratio, kind, made, began)

    def _all_are_there(self, household: Ints, day: Ints, made: Makeup) -> Bools:
        """Whether the households have the members of `made` on the day, and on the county's first if that is later."""
        alike = np.ones(len(household), dtype=bool)
        for on in (day, np.maximum(day, self.ward.span.first)):
            there, _ = members(self.ward, household, on)
            alike &= np.bincount(there, minlength=len(household)) == made.size[household]
        return alike

    def _certify(
        self, who: Ints, applied: Ints, first: Ints, step: int, ratio: Floats, kind: Ints, made: Makeup, month: Any
    ) -> None:
        until = month + self.length[kind[who]] - 1
        size = made.size[who]
        gross = ratio[who] * poverty_guideline(self.ward.parameters.poverty_guidelines, first, size) / 12
        self.row[who] = self.book.add(
            household=who,
            applied=applied,
            first=first,
            last=last_days(until),
            step=np.full(len(who), step),
            kind=kind[who],
            size=size,
            gross=np.round(gross),
            net=net_income(self.ward, who, first, gross, kind[who], size),
        )
        self.since[who], self.until[who] = first, until


def _by_kind(values: Any) -> Floats:
    return np.array([values[name] for name in KINDS])


def net_income(ward: Ward, household: Ints, on: Ints, gross: Floats, kind: Ints, size: Ints) -> Floats:
    """Dollars a month after the deductions for earnings, the standard one, and that for the costs of the home."""
    numbers, held = ward.parameters.snap, ward.parameters.poverty_guidelines
    year = fiscal_year(on)
    earned = gross * _by_kind(numbers.earned_share)[kind] * numbers.earnings_not_counted
    left = np.maximum(gross - earned - of_year(numbers.standard_deduction, year, held.growth), 0)
    least, most = numbers.shelter_cost["least"], numbers.shelter_cost["most"]
    share = least + (most - least) * ward.household_chance("snap shelter", household)
    cost = share * poverty_guideline(held, on, size) / 12
    cap = np.where(kind == ELDERS, np.inf, of_year(numbers.largest_shelter_deduction, year, held.growth))
    return np.asarray(np.round(np.maximum(left - np.clip(cost - left / 2, 0, cap), 0)))


def usual_benefit(ward: Ward, on: Ints, size: Ints, net: Floats) -> Floats:
    """What the law gives a household of `size` with `net` income for the month of each day, in whole dollars."""
    numbers, growth = ward.parameters.snap, ward.parameters.poverty_guidelines.growth
    largest = largest_benefits(numbers, on, size, growth)
    least = np.round(numbers.least_benefit * largest_benefits(numbers, on, np.ones_like(size), growth))
    found = np.floor(largest - numbers.expected_to_spend * net)
    return np.asarray(np.maximum(found, np.where(size <= 2, least, 0)))


def monthly_benefit(ward: Ward, on: Ints, size: Ints, net: Floats) -> Floats:
    """What a household receives for the month of each day: the usual benefit, raised in the emergency."""
    numbers, usual = ward.parameters.snap, usual_benefit(ward, on, size, net)
    largest = largest_benefits(numbers, on, size, ward.parameters.poverty_guidelines.growth)
    held, month = numbers.emergency, months_of(on)
    raised = (month >= month_name(held.first)) & (month <= month_name(held.last))
    added = np.where(month >= month_name(held.at_least_from), held.at_least, 0)
    return np.where(raised, np.maximum(largest, usual + added), usual)

"""Who is a member of Medicaid, from when to when and in which aid category, month by month.

Members come and go by rules: income and age decide who may be one, a renewal every twelve months loses some who still
may, a pregnancy, a birth, a foster placement or a disability opens the door, and from March 2020 to March 2023 nobody
was put out. What members are ill with is in `conditions`, what their care costs in `claims`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.facts.conditions import CONDITIONS, conditions
from infotrust.core.practice.facts.households import home_languages, months, pregnancies, ratio_of
from infotrust.core.practice.ward import DISABILITIES, NEVER, YEAR, Spells, Ward

NOT_A_MEMBER = 0
CATEGORIES = ("none", "child", "chip", "pregnant", "adult", "disabled", "aged", "foster")
CHILD, CHIP, PREGNANT, ADULT, DISABLED, AGED, FOSTER = range(1, 8)
REASONS = ("", "income", "paperwork", "age", "end_of_pregnancy", "left_care", "moved", "died", "other_category")
OPEN, INCOME, PAPERWORK, AGE, END_OF_PREGNANCY, LEFT_CARE, MOVED, DIED, OTHER_CATEGORY = range(9)
HALF_A_YEAR = 180  # days: no pregnancy has been known for longer
GROWN_UP, OLD = 19.0, 65.0  # 42 USC 1396a(l)(1)(D) and 1396d(a)(iii): children to 18, the aged from 65 on


@dataclass(frozen=True)
class Members(Spells):
    """Spells of membership in one aid category, sorted by person, then day: `owner` from `first` to `last`.

    Both days are included; `last` is NEVER while the spell lasts. `began` is the first day of the unbroken membership
    that the spell belongs to, `renewed` the day on which the agency last looked at the member.
    """

    last: Ints
    category: Ints  # place in CATEGORIES
    reason: Ints  # place in REASONS: why it ended
    began: Ints
    renewed: Ints

    def covers(self, who: Ints, on: Ints | int) -> Bools:
        """Whether each person is a member on the day."""
        row = self.at(who, on)
        safe = np.maximum(row, 0)
        if len(self.last) == 0:
            return np.zeros(len(who), dtype=np.bool_)
        return np.asarray((row >= 0) & (self.first[safe] <= on) & (self.last[safe] >= on))


def medicaid_members(ward: Ward) -> Members:
    """All spells of membership in the county's years, and those that began before and still lasted."""
    return _Enrollment(ward).run()


@dataclass
class _Rules:
    """The parameters as arrays by category, and the months in which the rules changed."""

    never: Floats
    other_language: float
    applies: Floats
    lost: Floats
    continuous: tuple[int, int]
    unwinding: float
    longer_from: int

    @classmethod
    def of(cls, numbers: Any) -> _Rules:
        def by_category(values: Mapping[str, float]) -> Floats:
            return np.array([values.get(name, 0.0) for name in CATEGORIES])

        held = numbers.continuous
        return cls(
            by_category(numbers.never_applies),
            numbers.never_applies_other_language,
            1 - np.exp(-by_category(numbers.applies) / 12),
            by_category(numbers.lost_paperwork),
            (month_name(held.first), month_name(held.last)),
            numbers.unwinding_paperwork,
            month_name(numbers.postpartum_longer_from),
        )

    def lost_in(self, month: int) -> Floats:
        """The share of renewals lost to paperwork in a month, by category."""
        first, last = self.continuous
        if first <= month <= last:
            return np.zeros_like(self.lost)
        return np.minimum(self.lost * (self.unwinding if last < month <= last + 12 else 1.0), 1.0)


def month_name(when: Mapping[str, float]) -> int:
    """A parameter of year and month (1 to 12) as `Months.name` counts them."""
    return int(when["year"]) * 12 + int(when["month"]) - 1


@dataclass
class _Book:
    """Rows of spells as they are opened and closed, month after month."""

    who: list[Ints] = field(default_factory=list)
    first: list[Ints] = field(default_factory=list)
    category: list[Ints] = field(default_factory=list)
    began: list[Ints] = field(default_factory=list)
    closed: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)
    looked: list[tuple[Ints, int]] = field(default_factory=list)
    rows: int = 0

    def open(self, who: Ints, first: Ints, category: Ints, began: Ints) -> Ints:
        """Add spells; return their rows."""
        for column, values in zip(
            (self.who, self.first, self.category, self.began), (who, first, category, began), strict=True
        ):
            column.append(values)
        self.rows += len(who)
        return np.arange(self.rows - len(who), self.rows)

    def close(self, rows: Ints, last: Ints | int, reason: Ints | int) -> None:
        shape = rows.shape
        self.closed.append((rows, np.broadcast_to(last, shape), np.broadcast_to(reason, shape)))

    def members(self) -> Members:
        last, reason = np.full(self.rows, NEVER, dtype=np.int64), np.zeros(self.rows, dtype=np.int64)
        for rows, days, why in self.closed:
            last[rows], reason[rows] = days, why
        who, first = np.concatenate(self.who), np.concatenate(self.first)
        renewed = first.copy()
        for rows, day in self.looked:
            renewed[rows] = np.maximum(renewed[rows], day)
        renewed = np.maximum(np.minimum(renewed, last), first)  # what was found at the end led to the next spell
        order = np.lexsort((first, who))
        order = order[last[order] >= first[order]]
        columns = (who, first, last, np.concatenate(self.category), reason, np.concatenate(self.began), renewed)
        return Members(*(column[order].astype(np.int64) for column in columns))


class _Enrollment:
    """The state of every person of the ward, moved forward month by month."""

    def __init__(self, ward: Ward) -> None:
        count, numbers = len(ward), ward.parameters.medicaid
        self.ward, self.numbers, self.rules, self.book = ward, numbers, _Rules.of(numbers), _Book()
        self.category = np.zeros(count, dtype=np.int64)
        self.row = np.full(count, -1, dtype=np.int64)
        self.began = np.zeros(count, dtype=np.int64)
        self.renewal = np.zeros(count, dtype=np.int64)  # month in which it is due
        self.lapsed = np.full(count, -(10**6), dtype=np.int64)  # month in which paperwork was lost
        self.left = np.full(count, -(10**6), dtype=np.int64)  # month in which the latest membership ended
        self.deemed = np.zeros(count, dtype=np.int64)  # a member up to this day because the mother was one
        self.gone = np.minimum(ward.people.death, ward.people.departure)
        mother = ward.people.mother  # children and their mother are alike in this
        self.inclined = ward.chance("medicaid applies", np.where(mother >= 0, mother, np.arange(count)))
        self.waiver = self._waiver()
        onset = ward.of(conditions).onset
        self.disabled_from = onset[:, CONDITIONS.index("disability")]
        self.care_from = onset[:, CONDITIONS.index("long_term_care")]
        self.placed = _placed(ward)
        self.expecting = ward.of(pregnancies)

    def _waiver(self) -> Bools:
        named = [DISABILITIES.index(name) for name in DISABILITIES if name not in ("none", "speech")]
        chance = self.ward.chance("medicaid waiver") < self.numbers.child_waiver
        return np.asarray(np.isin(self.ward.people.disability, named) & chance)

    def run(self) -> Members:
        known = self.ward.of(months)
        for number in range(len(known)):
            self._month(number, int(known.name[number]), int(known.first[number]), int(known.last[number]))
        return self.book.members()

    def _month(self, number: int, month: int, first: int, last: int) -> None:
        home = self.ward.of(months).household[number].astype(np.int64)
        self._leave_the_county(home, month)
        fits = self._fits(number, month, home, first, last)
        if number == 0:
            self._begin(fits, home, month, first)
        else:
            self._renew(fits, month, last)
            self._change(fits, month, first, last)
            self._apply(fits, home, month, first)
        self._newborns(home, month, first, last)

    # --- who may be a member ---

    def _fits(self, number: int, month: int, home: Ints, first: int, last: int) -> Ints:
        """The aid category that fits each person in the month, 0 for none. A later line goes before an earlier one."""
        limit, people = self.numbers.income_limit, self.ward.people
        age, here = (last - people.birth) / YEAR, home >= 0
        ratio = ratio_of(self.ward, number, home) / np.where(self.category > 0, self.numbers.renewal_margin, 1.0)
        fits = np.zeros(len(home), dtype=np.int64)
        young, old = age < GROWN_UP, age >= OLD
        middle = ~young & ~old
        fits[middle & (ratio < limit["adult"])] = ADULT
        fits[young & (ratio < limit["chip"])] = CHIP
        fits[young & (ratio < limit["child"])] = CHILD
        fits[old & (ratio < limit["aged"])] = AGED
        fits[old & (self.care_from <= last) & (ratio < self.numbers.long_term_care_limit)] = AGED
        disabled = (self.disabled_from <= last) & ~old
        fits[disabled & (ratio < limit["disabled"])] = DISABLED
        fits[~old & (self.care_from <= last) & (ratio < self.numbers.long_term_care_limit)] = DISABLED
        fits[young & self.waiver] = DISABLED
        fits[young & (fits == 0) & (self.deemed >= last)] = CHILD
        mothers = self._expecting(month, first, last)
        mothers = mothers[(ratio[mothers] < limit["pregnant"]) & (fits[mothers] != DISABLED)]
        fits[mothers] = PREGNANT
        placed = self.placed.on(last)
        fits[placed[age[placed] < 21]] = FOSTER
        fits[~here] = NOT_A_MEMBER
        return fits

    def _expecting(self, month: int, first: int, last: int) -> Ints:
        """Women who are known to be pregnant, or within the time after a birth that is covered."""
        days = self.numbers.postpartum_days
        after = days["from_2022"] if month >= self.rules.longer_from else days["until_2022"]
        held = self.expecting
        known = held.conceived + self.numbers.pregnancy_known_days <= last
        return np.asarray(np.unique(held.mother[known & (held.born + after >= first)]))

    # --- what happens in a month ---

    def _begin(self, fits: Ints, home: Ints, month: int, first: int) -> None:
        """Those who are members on the first day, for up to some years already."""
        willing = self._willing(fits, home)
        now = np.flatnonzero(willing & (self.ward.chance("medicaid at first") < self.numbers.members_at_first))
        now = now[fits[now] > 0]
        years = self.numbers.years_before * self.ward.chance("medicaid since", now)
        people = self.ward.people
        begins = np.select([fits[now] == AGED, fits[now] == ADULT], [OLD, GROWN_UP], 0.0) * YEAR
        earliest = np.maximum(people.birth[now] + np.ceil(begins).astype(np.int64), people.arrival[now])
        since = np.maximum(first - (years * 12).astype(np.int64) * 30, earliest)
        since = np.where(fits[now] == PREGNANT, np.maximum(since, first - HALF_A_YEAR), since)
        self._open(now, since, fits[now])
        self.renewal[now] = month + 1 + (self.ward.chance("medicaid renewal", now) * 12).astype(np.int64)

    def _willing(self, fits: Ints, home: Ints) -> Bools:
        """Whether each person applies at all where `fits` opens the door: for most, one answer for a lifetime."""
        never = self.rules.never[fits]
        other = self.ward.of(home_languages).other[np.maximum(home, 0)] & (home >= 0)
        never = np.minimum(np.where(other, never * self.rules.other_language, never), 1.0)
        return np.asarray(self.inclined >= never)

    def _leave_the_county(self, home: Ints, month: int) -> None:
        gone = np.flatnonzero((self.category > 0) & (home < 0))
        died = self.ward.people.death[gone] <= self.ward.people.departure[gone]
        self._end(gone, self.gone[gone] - ~died, np.where(died, DIED, MOVED), month)

    def _renew(self, fits: Ints, month: int, last: int) -> None:
        due = np.flatnonzero((self.category > 0) & (self.renewal <= month))
        kept_on = self.rules.continuous[0] <= month <= self.rules.continuous[1]
        poor = fits[due] > 0
        lost = self.ward.chance("medicaid paperwork", due, month) < self.rules.lost_in(month)[self.category[due]]
        lost &= self.deemed[due] < last
        asked = self.ward.chance("medicaid asked to leave", due, month) < self.numbers.continuous.leaves_anyway
        stays = (poor & ~lost) | (kept_on & (poor | ~asked))
        self.renewal[due[stays]] += self.numbers.renewal_months
        self.book.looked.append((self.row[due[stays]], last))
        out = due[~stays]
        self._end(out, last, np.where(poor[~stays], PAPERWORK, INCOME), month)
        self.lapsed[out[poor[~stays]]] = month

    def _change(self, fits: Ints, month: int, first: int, last: int) -> None:
        """Members whose category no longer holds, or who come into one that goes before it."""
        was, age = self.category, (last - self.ward.people.birth) / YEAR
        over = (was == PREGNANT) & (fits != PREGNANT) | (was == FOSTER) & (fits != FOSTER)
        over |= ((was == CHILD) | (was == CHIP)) & (age >= GROWN_UP) | (was == ADULT) & (age >= OLD)
        better = (fits >= PREGNANT) & (fits != ADULT) & (fits != was) & (fits != AGED) & (was > 0)
        renewed = (was > 0) & (fits > 0) & (fits != was) & (self.renewal == month + self.numbers.renewal_months)
        moves = np.flatnonzero((over | better | renewed) & (fits > 0) & (was > 0))
        began = self.began[moves]
        self.book.close(self.row[moves], first - 1, OTHER_CATEGORY)
        self._open(moves, np.full(len(moves), first), fits[moves], began)
        if not self.rules.continuous[0] <= month <= self.rules.continuous[1]:
            out = np.flatnonzero(over & (fits == 0))
            why = np.select([was[out] == PREGNANT, was[out] == FOSTER], [END_OF_PREGNANCY, LEFT_CARE], AGE)
            self._end(out, last, why, month)

    def _apply(self, fits: Ints, home: Ints, month: int, first: int) -> None:
        may = np.flatnonzero((fits > 0) & (self.category == 0) & (self.left < month))
        may = may[self._willing(fits, home)[may]]
        rate = self.rules.applies[fits[may]]
        back = month - self.lapsed[may] <= self.numbers.back_within
        rate = np.where(back, self.numbers.back_each_month, rate)
        now = may[self.ward.chance("medicaid application", may, month) < rate]
        here = np.maximum(self.ward.people.birth[now], self.ward.people.arrival[now])
        self._open(now, np.maximum(first, here), fits[now])
        self.renewal[now] = month + self.numbers.renewal_months

    def _newborns(self, home: Ints, month: int, first: int, last: int) -> None:
        """Hospitals enroll mothers at a birth, and a member's newborn is a member from the first day."""
        people, held = self.ward.people, self.expecting
        born = np.arange(*np.searchsorted(held.born, [first, last + 1]))
        mother = held.mother[born]
        poor = ratio_of(self.ward, (month - self.ward.span.first_year * 12 - 6), home[mother])
        late = (
            (self.category[mother] == 0)
            & (self.left[mother] < month)
            & (home[mother] >= 0)
            & (poor < self.numbers.income_limit["pregnant"])
        )
        late &= self.ward.chance("medicaid at birth", mother, month) < self.numbers.enrolled_at_birth
        new = np.unique(mother[late])
        self._open(new, np.full(len(new), first), np.full(len(new), PREGNANT))
        self.renewal[new] = month + self.numbers.renewal_months
        babies = np.flatnonzero((people.birth >= first) & (people.birth <= last) & (people.mother >= 0) & (home >= 0))
        babies = babies[(self.category[people.mother[babies]] > 0) & (self.category[babies] == 0)]
        babies = babies[self.ward.chance("medicaid newborn", babies) < self.numbers.newborn_entered]
        self._open(babies, people.birth[babies], np.full(len(babies), CHILD))
        self.deemed[babies] = people.birth[babies] + 365
        self.renewal[babies] = month + self.numbers.renewal_months

    def _open(self, who: Ints, first: Ints, category: Ints, began: Ints | None = None) -> None:
        began = first if began is None else began
        self.row[who] = self.book.open(who, first, category, began)
        self.category[who], self.began[who] = category, began

    def _end(self, who: Ints, last: Ints | int, reason: Ints | int, month: int) -> None:
        self.book.close(self.row[who], last, reason)
        self.category[who], self.left[who] = NOT_A_MEMBER, month


@dataclass(frozen=True)
class _Placed:
    child: Ints
    first: Ints
    last: Ints

    def on(self, day: int) -> Ints:
        return np.asarray(np.unique(self.child[(self.first <= day) & (self.last > day)]))


def _placed(ward: Ward) -> _Placed:
    held = ward.placements
    return _Placed(held.child, held.first, held.last)

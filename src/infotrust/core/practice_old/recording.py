"""How an agency writes people down: their names, dates, addresses and numbers on the day it met them, with its habits.

A `Sheet` is an agency's records of one period. What it wrote is decided by chances that belong to the person and the
dataset, so a record that is delivered again a year later has the same mistakes. `mistakes` keeps each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from infotrust.core.practice_old import mistakes, names
from infotrust.core.practice_old.county import Bools, County, Floats, Ints, Texts
from infotrust.core.practice_old.parameters import Habits

SLIPS = ("keying", "phonetic", "swapped_names")


@dataclass
class Sheet:
    """Records of one dataset. `who` is the person of each record, `on` the day the agency last wrote it down.

    `copy` is 1 for the second record of a person entered twice; `as_of` is the last day of the period.
    """

    county: County
    dataset: str
    who: Ints
    on: Ints
    copy: Ints
    as_of: int
    mistakes: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.on = np.maximum(self.on, self.county.person.birth[self.who])
        self.mistakes = [[] for _ in self.who]

    def __len__(self) -> int:
        return len(self.who)

    @property
    def habits(self) -> Habits:
        return self.county.parameters.habits[self.dataset]

    def chance(self, what: str) -> Floats:
        first = self.county.chance(f"{self.dataset} {what}")[self.who]
        if not self.copy.any():
            return first
        return np.where(self.copy == 1, self.county.chance(f"{self.dataset} again {what}")[self.who], first)

    def happens(self, mechanism: str, where: Bools | None = None) -> Ints:
        """Records to which `mechanism` happens: the habit's rate, higher for names that are less familiar."""
        rate = np.full(len(self), float(getattr(self.habits, mechanism)))
        if mechanism in SLIPS:
            factor = self.county.parameters.slips_by_community
            rate *= np.array([factor.get(one, 1.0) for one in self.county.person.community[self.who]])
        found = self.chance(mechanism) < rate
        return np.flatnonzero(found if where is None else found & where)

    def change(self, values: Texts, rows: Ints, mechanism: str, change: Callable[[str, float], str]) -> None:
        """Change `values` in place at `rows`, and note the mechanism where a value did change."""
        chance = self.chance(f"{mechanism} which")
        for row in rows:
            made = change(values[row], float(chance[row]))
            if made != values[row]:
                values[row] = made
                self.mistakes[row].append(mechanism)

    # --- names ---

    def names(self) -> tuple[Texts, Texts]:
        """Given names and surnames as this agency wrote them."""
        given = self.county.person.given[self.who].copy()
        self.change(given, self.happens("nickname"), "nickname", _nickname)
        self._confuse_twins(given)
        family = self._surnames()
        for mechanism in ("phonetic", "keying"):
            rows = self.happens(mechanism)
            in_family = self.chance(f"{mechanism} part")[rows] < 0.55
            function = getattr(mistakes, mechanism)
            self.change(family, rows[in_family], mechanism, function)
            self.change(given, rows[~in_family], mechanism, function)
        for row in self.happens("swapped_names"):
            given[row], family[row] = family[row], given[row]
            self.mistakes[row].append("swapped_names")
        return self._cased(given), self._cased(family)

    def _surnames(self) -> Texts:
        first, second = self.county.surname_parts(self.who, self.on)
        family = first.copy()
        chance = self.chance("two surnames")
        one, joined = self.habits.one_surname, self.habits.joined_surname
        for row in np.flatnonzero(second != ""):
            if chance[row] < one:
                self.mistakes[row].append("one_surname")
            else:
                family[row] = f"{first[row]}{'-' if chance[row] < one + joined else ' '}{second[row]}"
        return family

    def _confuse_twins(self, given: Texts) -> None:
        person, last = self.county.person, len(self.county) - 1
        twin = person.delivery[self.who]
        before = (twin >= 0) & (person.delivery[np.maximum(self.who - 1, 0)] == twin) & (self.who > 0)
        after = (twin >= 0) & (person.delivery[np.minimum(self.who + 1, last)] == twin) & (self.who < last)
        for row in self.happens("twins_confused", before | after):
            other = self.who[row] - 1 if before[row] else self.who[row] + 1
            given[row] = person.given[other]
            self.mistakes[row].append("twins_confused")

    def middle(self, *, initial: bool = False) -> Texts:
        middle = self.county.person.middle[self.who].copy()
        middle[self.happens("middle_missing")] = ""
        if initial:
            middle = np.array([text[:1] for text in middle], dtype=object)
        return self._cased(middle)

    def suffix(self) -> Texts:
        return self._cased(self.county.person.suffix[self.who].copy())

    def _cased(self, values: Texts) -> Texts:
        if self.habits.capitals < 1:
            return values
        return np.array([text.upper() for text in values], dtype=object)

    def parent(self, *, family_first: bool = False) -> Texts:
        """Name of the mother, else the father, else the head of the household, on the day of the record."""
        person = self.county.person
        parent = np.where(person.mother[self.who] >= 0, person.mother[self.who], person.father[self.who])
        heads = np.flatnonzero(person.head)  # in the order of households
        parent = np.where(parent >= 0, parent, heads[person.household[self.who]])
        first, second = self.county.surname_parts(parent, self.on)
        family = np.array([f"{a} {b}".strip() for a, b in zip(first, second, strict=True)], dtype=object)
        given = person.given[parent]
        full = family + ", " + given if family_first else given + " " + family
        return self._cased(full)

    # --- dates, sex, numbers ---

    def birth_dates(self, date_format: str) -> Texts:
        days = self.county.person.birth[self.who].copy()
        chance = self.chance("birth_date_slip which")
        for mechanism in ("default_birthday", "day_month_swapped", "birth_date_slip"):
            for row in self.happens(mechanism):
                made = _wrong_birthday(mechanism, int(days[row]), float(chance[row]), self.as_of)
                if made != days[row]:
                    days[row] = made
                    self.mistakes[row].append(mechanism)
        dates = written(days, date_format)
        missing = self.happens("birth_date_missing")
        dates[missing] = ""
        for row in missing:
            self.mistakes[row].append("birth_date_missing")
        return dates

    def sex(self, male: str, female: str, unknown: str) -> Texts:
        truth = self.county.person.male[self.who].copy()
        wrong = self.happens("sex_wrong")
        truth[wrong] = ~truth[wrong]
        sex = np.where(truth, male, female).astype(object)
        missing = self.happens("sex_missing")
        sex[missing] = unknown
        for rows, mechanism in ((wrong, "sex_wrong"), (missing, "sex_missing")):
            for row in rows:
                self.mistakes[row].append(mechanism)
        return sex

    def ssn(self) -> Texts:
        """Nine digits, the last four, or nothing."""
        whose = self.who.copy()
        person = self.county.person
        heads = np.flatnonzero(person.head)
        borrowed = self.happens("ssn_borrowed")
        whose[borrowed] = np.where(
            person.mother[whose[borrowed]] >= 0,
            person.mother[whose[borrowed]],
            heads[person.household[whose[borrowed]]],
        )
        for row in borrowed[whose[borrowed] != self.who[borrowed]]:
            self.mistakes[row].append("ssn_borrowed")
        numbers = np.array([f"{number:09d}" for number in self.county.ssn(whose)], dtype=object)
        self.change(numbers, self.happens("ssn_slip"), "ssn_slip", mistakes.slip_of_number)
        draw, missing = self.chance("ssn_missing"), self.habits.ssn_missing
        numbers[draw < missing] = ""
        short = np.flatnonzero((draw >= missing) & (draw < missing + self.habits.ssn_last_four))
        numbers[short] = [text[-4:] for text in numbers[short]]
        for row in np.flatnonzero(draw < missing):
            self.mistakes[row].append("ssn_missing")
        for row in short:
            self.mistakes[row].append("ssn_last_four")
        return numbers

    # --- homes ---

    def address(self) -> tuple[Texts, Texts, Texts]:
        """Street, city and ZIP code of the household's home on the day of the record."""
        home = self.county.person.household[self.who]
        slot = self.county.slot(home, self.on)
        rows = self.county.addresses[self.county.household.address[home, slot]]
        places = names.book()["places"]
        streets, kinds, cities = places["streets"].split(), places["kinds"], places["cities"]
        street = np.array([_street(row, streets, kinds) for row in rows], dtype=object)
        city = np.array([cities[row[4]][0] for row in rows], dtype=object)
        zip_code = np.array([cities[row[4]][1] for row in rows], dtype=object)
        short = self.happens("address_abbreviated")
        street[short] = [mistakes.abbreviate(text) for text in street[short]]
        for row in np.flatnonzero(slot > self.county.slot(home, np.full(len(self), self.as_of))):
            self.mistakes[row].append("stale_address")
        for row in self.happens("address_missing"):
            street[row] = city[row] = zip_code[row] = ""
            self.mistakes[row].append("address_missing")
        return self._cased(street), self._cased(city), zip_code

    def phone(self, pattern: str) -> Texts:
        """Number of the household on the day of the record; area code 555 is nobody's. `pattern` has three slots."""
        home = self.county.person.household[self.who]
        number = self.county.household.phone[home, self.county.slot(home, self.on)]
        phone = np.array([pattern.format("555", one // 10_000, one % 10_000) for one in number], dtype=object)
        phone[self.happens("phone_missing")] = ""
        return phone


def _nickname(given: str, chance: float) -> str:
    known = names.nicknames().get(given)
    return known[min(int(chance * len(known)), len(known) - 1)] if known else given


def _wrong_birthday(mechanism: str, day: int, chance: float, latest: int) -> int:
    if mechanism == "default_birthday":
        return mistakes.first_of_january(day)
    if mechanism == "birth_date_slip":
        return mistakes.slip_of_date(day, chance, latest)
    swapped = mistakes.swap_day_and_month(day)
    return swapped if swapped <= latest else day


def _street(row: Ints, streets: list[str], kinds: list[str]) -> str:
    number, street, kind, unit = (int(value) for value in row[:4])
    text = f"{number} {streets[street]} {kinds[kind]}"
    return f"{text} Apt {unit}" if unit else text


def written(days: Ints, date_format: str) -> Texts:
    """Days as this agency writes them (`date_format` as for `strftime`, with %Y, %m and %d)."""
    unique, where = np.unique(days, return_inverse=True)
    texts = np.array([date.fromordinal(int(day)).strftime(date_format) for day in unique], dtype=object)
    return texts[where]

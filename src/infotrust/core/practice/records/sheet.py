"""How an agency writes people down: names, dates, addresses and numbers on the day it met them, with its habits.

A `Sheet` is a set of records of one system. What it wrote is decided by chances that belong to the person, the system
and the copy, so that a record that is delivered again a year later has the same mistakes. `mistakes` keeps each of
them as a bit (`MECHANISMS`). How names are written is in `naming`, addresses and telephones in `contacts`.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, Texts, chances
from infotrust.core.practice.records import contacts, dates, naming, numbers
from infotrust.core.practice.records.habits import LEVELS, Habits
from infotrust.core.practice.records.mechanisms import BIT, MECHANISMS
from infotrust.core.practice.records.relatives import keepers
from infotrust.core.practice.records.rows import merge_twins, with_duplicates
from infotrust.core.practice.ward import Ward

__all__ = ["MECHANISMS", "Sheet", "merge_twins", "with_duplicates"]

ADULT = 18.0


class Sheet:
    """Records of one system. `who` is the person of each record, `on` the day the agency last wrote it down.

    `copy` tells records of one person apart (see `with_duplicates`), `as_of` is the day the file is made: an address
    that is no longer that of this day is stale; `merged` marks records that stand for two twins (see `merge_twins`).
    """

    def __init__(
        self,
        ward: Ward,
        system: str,
        who: Ints,
        on: Ints | int,
        copy: Ints | None = None,
        as_of: int | None = None,
        *,
        merged: Bools | None = None,
    ) -> None:
        self.ward, self.system = ward, system
        self.who = np.asarray(who, dtype=np.int64)
        self.on = np.maximum(np.broadcast_to(on, self.who.shape), ward.people.birth[self.who]).astype(np.int64)
        self.copy = np.zeros(len(self.who), dtype=np.int64) if copy is None else np.asarray(copy, dtype=np.int64)
        self.as_of = ward.span.last if as_of is None else as_of
        self.habits = Habits(ward.parameters.habits, system)
        self.mistakes: Ints = np.zeros(len(self.who), dtype=np.int64)
        self._record = (ward.chance(f"{system} record", self.who, self.copy) * 2.0**53).astype(np.int64)
        self._level = (self.chance("carelessness") * LEVELS).astype(np.int64)
        self._names: tuple[Texts, Texts] | None = None
        self.note("entered_twice", self.copy > 0)
        if merged is not None:
            self.note("twins_merged", merged)

    def __len__(self) -> int:
        return len(self.who)

    # --- what happens ---

    def chance(self, what: str) -> Floats:
        """A number from 0 to 1 for each record, the same whenever the record is written."""
        return chances(what, self.ward.seed, self._record)

    def happens(self, mechanism: str, where: Bools | None = None, within: float = 1.0) -> Bools:
        """Records to which `mechanism` happens: more often to careless records, and to unfamiliar names.

        `where` are the records to which it can happen; where its rate counts all of them, `within` is their share.
        """
        if self.habits.rate(mechanism) <= 0:
            return np.zeros(len(self), dtype=bool)
        likely = self.habits.likelihood(mechanism, self._level, self.ward.people.community[self.who], within)
        found = self.chance(mechanism) < likely
        return found if where is None else found & where

    def which_of(self, mechanisms: tuple[str, ...]) -> Ints:
        """The place in `mechanisms` of the one that happens to each record, -1 for none: they exclude each other."""
        rates = np.array([self.habits.rate(mechanism) for mechanism in mechanisms])
        if not rates.sum():
            return np.full(len(self), -1, dtype=np.int64)
        likely = self.habits.spread(float(rates.sum()), self._level)
        edges = np.cumsum(rates) / rates.sum()
        place = np.searchsorted(edges, self.chance(f"{mechanisms[0]} or another which"), side="right")
        happens = self.chance(f"{mechanisms[0]} or another") < likely
        return np.where(happens, np.minimum(place, len(rates) - 1), -1)

    def note(self, mechanism: str, where: Bools | Ints) -> None:
        """Mark the records (a mask, or rows) with the bit of `mechanism`."""
        self.mistakes[where] |= BIT[mechanism]

    # --- names ---

    def given_and_family(self) -> tuple[Texts, Texts]:
        """Given names and surnames as this system wrote them."""
        if self._names is None:
            self._names = naming.given_and_family(self)
        given, family = self._names
        return given.copy(), family.copy()

    def middle(self, initial: bool = False) -> Texts:
        """Middle names, or only their first letters; often left out."""
        return naming.middle(self, initial=initial)

    def suffix(self) -> Texts:
        return naming.suffix(self)

    def parent(self, family_first: bool = False) -> Texts:
        """Name of the mother or father with whom the person lives, else of the household's eldest, on the day."""
        return naming.full_names(self, self.guardian(), family_first=family_first)

    def guardian(self) -> Ints:
        """The person whom the agency calls the parent: -1 for those who keep their household themselves."""
        ward, people, who = self.ward, self.ward.people, self.who
        household = ward.household(who, self.on)
        found = ward.of(keepers)[household]
        gone = (ward.household(found, self.on) != household) | ~ward.present(found, self.on)
        found = np.where((found == who) | gone | (ward.age(found, self.on) < ADULT), -1, found)
        for parent in (people.father[who], people.mother[who]):
            together = (parent >= 0) & (ward.household(np.maximum(parent, 0), self.on) == household)
            together &= people.death[np.maximum(parent, 0)] > self.on
            found = np.where(together, parent, found)
        child = ward.age(who, self.on) < ADULT
        return np.where((found < 0) & child, people.mother[who], found)

    # --- dates, sex ---

    def birth_days(self) -> Ints:
        """Dates of birth as written, as ordinals; 0 where missing."""
        return dates.birth_days(self)

    def birth_dates(self, date_format: str) -> Texts:
        """Dates of birth in the system's format (as for `strftime`), empty where missing."""
        return dates.written(self.birth_days(), date_format)

    def sex(self, male: str, female: str, unknown: str) -> Texts:
        wrong, missing = self.happens("sex_wrong"), self.happens("sex_missing")
        sex = np.where(self.ward.people.male[self.who] ^ wrong, male, female).astype(object)
        sex[missing] = unknown
        self.note("sex_wrong", wrong & ~missing)
        self.note("sex_missing", missing)
        return sex

    # --- numbers ---

    def keys(self, pattern: str, copies: int = 2) -> Texts:
        """The agency's own record numbers, such as `EI{:08d}`: distinct in the county, in no order of persons.

        `copies` is the largest number of records a person can have here.
        """
        found = numbers.record_keys(self.ward, self.system, self.who, self.copy, pattern, copies)
        return np.array([pattern.format(number) for number in found.tolist()], dtype=object)

    def ssn(self) -> Texts:
        """Nine digits, the last four, or nothing."""
        return numbers.ssn(self)

    # --- homes ---

    def address(self, at: Ints | None = None) -> tuple[Texts, Texts, Texts]:
        """Street, city and ZIP code of the home on the day of the record.

        `at` gives a place's address (a number of `Place`) that is written instead, such as a shelter's; -1 for none.
        """
        return contacts.address(self, at)

    def phone(self, pattern: str) -> Texts:
        """Telephone on the day of the record; `pattern` has three slots, such as `({}) {:03d}-{:04d}`."""
        return contacts.phone(self, pattern)

    def email(self) -> Texts:
        """An e-mail address at .example, or nothing."""
        return contacts.email(self)

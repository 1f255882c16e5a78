"""A county as values: its people, households and addresses, and what each of them is on a certain day.

Everything is decided once, up to the horizon, and looked at on a day: `County` answers who lives where and is called
what on that day. Days are proleptic ordinals (`datetime.date.toordinal`); persons and households are array indices.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from math import gcd

import numpy as np
from numpy.typing import NDArray

from infotrust.core.practice_old.parameters import Parameters

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

# The county has `people` inhabitants on this day; later periods see it after it.
BASE = date(2026, 6, 30).toordinal()
HORIZON = date(2029, 6, 30).toordinal()
YEAR = 365.25
ADDRESSES_KEPT = 6  # the present address and the five before it
UNCHANGED = -(10**6)  # the day of a name change that never was

# Numbers from 900 on, with groups 01-49, are issued to nobody: neither Social Security nor taxpayer numbers.
NUMBERS = 100 * 49 * 9999


@dataclass(frozen=True)
class Household:
    """One element for each household."""

    kind: Texts
    community: Texts
    income: Floats  # multiple of the federal poverty level
    moved_on: Ints  # households x (ADDRESSES_KEPT - 1), latest first
    address: Ints  # households x ADDRESSES_KEPT, latest first
    phone: Ints  # households x ADDRESSES_KEPT, latest first


@dataclass(frozen=True)
class People:
    """One element for each person, those born after BASE included. A missing parent is -1."""

    household: Ints
    birth: Ints
    male: Bools
    child: Bools
    head: Bools
    mother: Ints
    father: Ints
    delivery: Ints  # the same for twins; -1 for adults
    community: Texts
    given: Texts
    middle: Texts
    suffix: Texts
    first_surname: Texts  # at birth
    second_surname: Texts
    new_surname: Texts  # after `renamed_on`
    new_second: Texts
    renamed_on: Ints


@dataclass(frozen=True)
class County:
    people_asked: int
    seed: int
    parameters: Parameters
    household: Household
    person: People
    addresses: Ints  # addresses x (number, street, kind, unit or 0, city)

    def __len__(self) -> int:
        return len(self.person.birth)

    def chance(self, what: str) -> Floats:
        """A number from 0 to 1 for each person, always the same for the same `what`."""
        # Made anew each time: a million people would otherwise keep a gigabyte of chances.
        return stream(self.seed, what).random(len(self))

    def household_chance(self, what: str) -> Floats:
        """A number from 0 to 1 for each household, always the same for the same `what`."""
        return stream(self.seed, f"household {what}").random(len(self.household.income))

    def slot(self, households: Ints, on: Ints) -> Ints:
        """Which of a household's addresses (0 is the latest) it had on the days `on`."""
        return np.asarray((self.household.moved_on[households] > on[:, None]).sum(axis=1), dtype=np.int64)

    def surname_parts(self, persons: Ints, on: Ints) -> tuple[Texts, Texts]:
        """First and second surname of `persons` on the days `on`; the second is often empty."""
        renamed = self.person.renamed_on[persons] != UNCHANGED
        renamed &= self.person.renamed_on[persons] <= on
        first = np.where(renamed, self.person.new_surname[persons], self.person.first_surname[persons])
        second = np.where(renamed, self.person.new_second[persons], self.person.second_surname[persons])
        return first, second

    def ssn(self, persons: Ints) -> Ints:
        """A number of nine digits that nobody has, for each of `persons`; no two persons share one."""
        rng = stream(self.seed, "numbers")
        step, offset = int(rng.integers(10**6, 10**7)), int(rng.integers(NUMBERS))
        while gcd(step, NUMBERS) != 1:
            step += 1
        mixed = (persons * step + offset) % NUMBERS
        area, rest = mixed // (49 * 9999), mixed % (49 * 9999)
        return (900 + area) * 10**6 + (1 + rest // 9999) * 10**4 + 1 + rest % 9999


def stream(seed: int, what: str) -> np.random.Generator:
    """A random stream of its own for `what`."""
    return np.random.default_rng([seed, zlib.crc32(what.encode())])


def years_of(days: Ints) -> Ints:
    """The calendar year of each day."""
    return (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970

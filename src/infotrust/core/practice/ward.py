"""A ward: some tens of thousands of people of the county with their whole lives, as columns.

The county is simulated ward by ward: whoever marries, moves or takes a child in finds the others in the same ward, so
that wards can be made one after another, or side by side, in little memory. Homes lie anywhere in the county. Days are
proleptic ordinals (`datetime.date.toordinal`); persons and households are array indices within the ward. Nothing here
knows an agency: what happens to people is in `facts`, how agencies write it down in `agencies`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Bools, Floats, Ints, Texts, chances, generator

YEAR = 365.25
NEVER = 10**7  # a day after every other: not yet dead, never left
ALWAYS = -(10**7)  # a day before every other: lived here when the county began

Fact = TypeVar("Fact")


@dataclass(frozen=True)
class People:
    """One element for each person who ever lives in the ward. A missing parent is -1."""

    birth: Ints
    death: Ints  # NEVER where not within the county's years
    arrival: Ints  # ALWAYS for those here from the first day; a newborn's birthday
    departure: Ints  # first day elsewhere; NEVER
    male: Bools
    community: Ints  # place in `Communities.codes` of the parameters: naming, error rates
    race: Ints  # place in RACES
    language: Ints  # place in LANGUAGES: spoken most at home
    mother: Ints
    father: Ints
    delivery: Ints  # the same number for twins; -1 for those born before the county's first year and not twins
    plurality: Ints  # 1, 2 or 3 born together
    birth_order: Ints  # 1, 2, 3 within the delivery
    disability: Ints  # place in DISABILITIES
    need: Floats  # standard normal: the chronic need behind crises, arrests and costs
    given: Texts
    middle: Texts
    suffix: Texts


RACES = ("white", "black", "hispanic", "asian", "native", "pacific", "multiple")
LANGUAGES = ("eng", "spa", "vie", "zho", "ara", "oth")
DISABILITIES = ("none", "speech", "developmental_delay", "autism", "intellectual", "sensory", "physical", "emotional")


@dataclass(frozen=True)
class Spells:
    """What an owner has from a day on, until its next spell. Sorted by owner, then by first day."""

    owner: Ints
    first: Ints

    def at(self, owners: Ints, days: Ints | int) -> Ints:
        """The spell in force for each owner on the day; its first spell where the day is before it; -1 without any."""
        owners = np.asarray(owners)
        if len(self.owner) == 0:
            return np.full(owners.shape, -1, dtype=np.int64)
        nobody = len(self._begins) - 2
        owners = np.where((owners >= 0) & (owners < nobody), owners, nobody)
        begin, place = self._begins[owners], self._begins[owners]
        last = self._begins[owners + 1] - 1
        # Bisection within the owner's own spells, which are few: much faster than a search among everybody's.
        for _ in range(self._steps):
            middle = np.minimum((place + last + 1) >> 1, len(self.first) - 1)
            begun = (self.first[middle] <= days) & (middle <= last)
            place, last = np.where(begun, middle, place), np.where(begun, last, middle - 1)
        return np.where(self._begins[owners + 1] > begin, place, -1)

    @cached_property
    def _begins(self) -> Ints:
        """The first spell of each owner up to the last one, and of nobody: the end."""
        return np.searchsorted(self.owner, np.arange(int(self.owner[-1]) + 3))

    @cached_property
    def _steps(self) -> int:
        """How often the largest number of spells of an owner can be halved."""
        return int(np.diff(self._begins).max()).bit_length()


@dataclass(frozen=True)
class Surnames(Spells):
    """Each person's surname; `second` is the other surname of those who use two, else empty."""

    family: Texts
    second: Texts


@dataclass(frozen=True)
class Homes(Spells):
    """The household in which each person lives."""

    household: Ints


@dataclass(frozen=True)
class Addresses(Spells):
    """Each household's address (a number that `Place` writes out), tract and telephone.

    Telephones of a ward are numbered from 0 in the order in which households get them; `records.numbers` writes them.
    """

    address: Ints
    tract: Ints
    phone: Ints


@dataclass(frozen=True)
class Incomes(Spells):
    """Each household's income as a multiple of the federal poverty level, anew each July 1."""

    ratio: Floats


@dataclass(frozen=True)
class Unions:
    """Marriages and partnerships: two persons from a day to a day (NEVER: they still last)."""

    one: Ints
    other: Ints
    first: Ints
    last: Ints
    married: Bools


@dataclass(frozen=True)
class Placements:
    """Children in foster care: from when to when, where, and why they were removed (REMOVALS).

    A change of placement ends one row and begins another on the same day. Stays that ended before the county's first
    day are those of people who are grown by then, mothers among them; nobody knows where they were (`household` -1).
    """

    child: Ints
    first: Ints
    last: Ints  # NEVER: still in care
    household: Ints  # where the child is placed; the home spells say the same
    kind: Ints  # place in PLACEMENTS
    reason: Ints  # place in REMOVALS


PLACEMENTS = ("kinship", "foster_home", "group_home")
REMOVALS = ("neglect", "physical_abuse", "parental_drug_use", "abandonment", "other")


@dataclass(frozen=True)
class Ward:
    number: int
    seed: int
    span: Span
    parameters: Any  # parameters.Section
    place: Any  # place.Place
    people: People
    surnames: Surnames
    homes: Homes
    addresses: Addresses
    incomes: Incomes
    unions: Unions
    placements: Placements
    households: int
    _facts: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.people.birth)

    def of(self, fact: Callable[[Ward], Fact]) -> Fact:
        """What `fact` finds in this ward, worked out once: `ward.of(shelter_stays)`."""
        if fact not in self._facts:
            self._facts[fact] = fact(self)
        return cast(Fact, self._facts[fact])

    # --- chances ---

    def chance(self, what: str, who: Ints | None = None, *more: Any) -> Floats:
        """A number from 0 to 1 for each person (all of them where `who` is left out), the same in every run."""
        who = np.arange(len(self)) if who is None else who
        return chances(what, self.seed, self.number, who, *more)

    def household_chance(self, what: str, household: Ints, *more: Any) -> Floats:
        return chances(f"household {what}", self.seed, self.number, household, *more)

    def rng(self, what: str, *keys: int) -> np.random.Generator:
        return generator(what, self.seed, self.number, *keys)

    # --- looking at people on a day ---

    def number_of(self, who: Ints) -> Ints:
        """The county-wide number of persons: no two people of the county share one."""
        return np.asarray(self.number * self.span.numbers_in_a_ward + who, dtype=np.int64)

    def age(self, who: Ints, on: Ints | int) -> Floats:
        """Age in years, with its fraction; below 0 before birth."""
        return np.asarray((on - self.people.birth[who]) / YEAR)

    def present(self, who: Ints, on: Ints | int) -> Bools:
        """Whether persons are born, alive and in the county on the day."""
        people = self.people
        here = (people.birth[who] <= on) & (people.death[who] > on)
        return np.asarray(here & (people.arrival[who] <= on) & (people.departure[who] > on))

    def household(self, who: Ints, on: Ints | int) -> Ints:
        return np.asarray(self.homes.household[self.homes.at(who, on)])

    def home(self, who: Ints, on: Ints | int) -> Ints:
        """The row of `addresses` that is in force for each person's household on the day."""
        return self.addresses.at(self.household(who, on), on)

    def tract(self, who: Ints, on: Ints | int) -> Ints:
        return np.asarray(self.addresses.tract[self.home(who, on)])

    def income(self, who: Ints, on: Ints | int) -> Floats:
        """The household's income on the day as a multiple of the federal poverty level."""
        return self.household_income(self.household(who, on), on)

    def household_income(self, household: Ints, on: Ints | int) -> Floats:
        return np.asarray(self.incomes.ratio[self.incomes.at(household, on)])

    def surname(self, who: Ints, on: Ints | int) -> tuple[Texts, Texts]:
        row = self.surnames.at(who, on)
        return self.surnames.family[row], self.surnames.second[row]

    def residents(self, on: int) -> Ints:
        """Everybody present on the day."""
        return np.flatnonzero(self.present(np.arange(len(self)), on))

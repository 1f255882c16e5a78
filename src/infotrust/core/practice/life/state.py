"""The ward while it lives: who is here, who lives with whom, and the log of what has happened so far.

The modules of this package change it, step by step; `sealing` makes a `Ward` of it. Homes, surnames, addresses and
incomes are kept twice: as they are now (columns of persons and households) and as spells (logs).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Bools, Floats, Ints, generator
from infotrust.core.practice.life.columns import Columns
from infotrust.core.practice.life.rates import within
from infotrust.core.practice.ward import ALWAYS, NEVER, YEAR

USUAL, GROUP_HOME, ELDERS_HOME = 0, 1, 2  # kinds of household
PLAIN, HYPHEN, TWO = 0, 1, 2  # ways to write a surname of the roots `name_a` and `name_b`
ADULT = 18
QUARTERS = ((7, 1), (10, 1), (1, 1), (4, 1))  # month and day on which each quarter of a school year begins
MOST = Span.numbers_in_a_ward


def _persons() -> Columns:
    return Columns(
        birth=0,
        death=NEVER,
        arrival=ALWAYS,
        departure=NEVER,
        male=False,
        community=0,
        race=0,
        language=0,
        mother=-1,
        father=-1,
        delivery=-1,
        plurality=1,
        birth_order=1,
        disability=0,
        need=0.0,
        named_for=-1,  # the father whose names a son bears
        name_a=-1,  # surname in use: one or two roots, and how they are written
        name_b=-1,
        name_style=PLAIN,
        born_a=-1,  # surname at birth
        born_b=-1,
        born_style=PLAIN,
        here=True,
        household=-1,
        partner=-1,
        union=-1,
        married=False,
        placement=-1,  # the placement a child is in
        placements=0,  # how many it has had
        alternates=False,  # lives in turn with parents who have separated
        guardian=-1,  # who brings up a child instead of its parents
        guest=False,  # stays with kin for a while
        since=ALWAYS,  # first day in the present home
        skill=0.0,
        luck=0.0,
        idleness=0.0,  # standard normal; who has least of it works
        earns=0.0,  # income of the person in poverty thresholds of a single person
        last_birth=ALWAYS,
        births=0,
        busy=-9,  # the step in which something last happened
    )


def _households() -> Columns:
    return Columns(kind=USUAL, tract=0, address=0, phone=0, left=ALWAYS)


@dataclass(frozen=True)
class Step:
    """A quarter of a year. Days run from `first` to before `end`."""

    number: int
    quarter: int
    first: int
    end: int
    years: float = 0.25


@dataclass
class State:
    number: int
    seed: int
    span: Span
    parameters: Any  # parameters.Section
    place: Any  # place.Place
    persons: Columns = field(default_factory=_persons)
    households: Columns = field(default_factory=_households)
    roots: Columns = field(default_factory=lambda: Columns(community=0))  # surnames not yet written out
    homes: Columns = field(default_factory=lambda: Columns(owner=0, first=0, household=0))
    surnames: Columns = field(default_factory=lambda: Columns(owner=0, first=0, a=0, b=0, style=0))
    addresses: Columns = field(default_factory=lambda: Columns(owner=0, first=0, address=0, tract=0, phone=0))
    incomes: Columns = field(default_factory=lambda: Columns(owner=0, first=0, ratio=0.0))
    unions: Columns = field(default_factory=lambda: Columns(one=0, other=0, first=0, last=NEVER, married=False))
    placements: Columns = field(
        default_factory=lambda: Columns(child=0, first=0, last=NEVER, household=-1, kind=0, reason=0)
    )
    deliveries: int = 0
    phones: int = 0  # how many telephones households have had
    step: Step = Step(-1, 0, 0, 0)
    changes: int = 0  # raised whenever somebody comes, goes or changes homes or earnings
    _known: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    # --- chances ---

    def rng(self, what: str) -> np.random.Generator:
        """A random stream for `what` in this step, which does not depend on any other stream."""
        return generator(what, self.seed, self.number, self.step.number + 1)

    def happens(self, what: str, rate: Any) -> Bools:
        """Whether something with a yearly `rate` happens in this step, for each rate; some things have a season."""
        season = self.parameters.life.seasons.get(what, {}).get(QUARTERS[self.step.quarter][0], 1.0)
        return np.asarray(self.rng(what).random(np.shape(rate)) < within(np.asarray(rate) * season, self.step.years))

    def days(self, what: str, count: int) -> Ints:
        """Days in this step."""
        return self.rng(f"days of {what}").integers(self.step.first, self.step.end, count)

    # --- who is here ---

    def known(self, what: str, find: Callable[[], Any]) -> Any:
        """What `find` finds, kept until something changes."""
        now = self.changes, len(self.persons), len(self.households), self.step.number
        kept = self._known.get(what)
        if kept is None or kept[0] != now:
            found = find()
            found.setflags(write=False)
            kept = self._known[what] = now, found
        return kept[1]

    @property
    def here(self) -> Ints:
        return np.asarray(self.known("here", lambda: np.flatnonzero(self.persons.here)))

    def idle(self, who: Ints) -> Ints:
        """Those of `who` to whom nothing has happened in this step, so that days never contradict one another."""
        return np.asarray(who[self.persons.busy[who] != self.step.number])

    def occupy(self, who: Ints) -> None:
        self.persons.busy[who] = self.step.number

    def age(self, who: Ints) -> Floats:
        """Age in years on the first day of the step."""
        return np.asarray((self.step.first - self.persons.birth[who]) / YEAR)

    def sizes(self) -> Ints:
        """How many people live in each household."""
        return np.asarray(self.known("sizes", lambda: self._count(self.here)))

    def adults(self) -> Ints:
        """How many adults live in each household."""
        return np.asarray(self.known("adults", lambda: self._count(self.here[~self._young()])))

    def minors(self) -> Ints:
        return np.asarray(self.known("minors", lambda: self.here[self._young()]))

    def heads(self) -> Ints:
        """The oldest person of each household; -1 where nobody lives."""
        return np.asarray(self.known("heads", self._oldest))

    def _young(self) -> Bools:
        return np.asarray(self.persons.birth[self.here] > self.step.first - int(ADULT * YEAR))

    def _count(self, who: Ints) -> Ints:
        return np.bincount(self.persons.household[who], minlength=len(self.households)).astype(np.int64)

    def _oldest(self) -> Ints:
        here, nobody = self.here, np.iinfo(np.int64).max
        oldest = np.full(len(self.households), nobody)
        np.minimum.at(oldest, self.persons.household[here], self.persons.birth[here] * MOST + here)
        return np.where(oldest == nobody, -1, oldest % MOST)

    def together(self, one: Ints, other: Ints) -> Bools:
        """Whether each of `one` lives with `other` (a place of -1 is nobody)."""
        persons = self.persons
        home = persons.household
        return np.asarray((other >= 0) & persons.here[other] & persons.here[one] & (home[one] == home[other]))

    def with_parent(self, who: Ints) -> Bools:
        """Whether persons live with their mother or father."""
        persons = self.persons
        return self.together(who, persons.mother[who]) | self.together(who, persons.father[who])

    # --- changing homes ---

    def open_households(self, count: int) -> Ints:
        """New households without people or address; `homes.settle` gives them one."""
        return self.households.add(count)

    def followers(self, leaders: Ints) -> tuple[Ints, Ints]:
        """All who go where `leaders` go: partners, their minor children and grandchildren at home, and, where no adult
        would stay behind, all others. Returns the people, leaders among them, and the place of each one's leader."""
        persons, lead = self.persons, np.full(len(self.persons), -1)
        rows = np.arange(len(leaders))
        partner = persons.partner[leaders]
        both = self.together(leaders, partner)
        lead[partner[both]] = rows[both]
        lead[leaders] = rows
        minors = self.minors()
        for _ in range(2):
            for parent in (persons.mother[minors], persons.father[minors], persons.guardian[minors]):
                follows = self.together(minors, parent) & (lead[minors] < 0)
                lead[minors[follows]] = lead[parent[follows]]
        whole = np.full(len(self.households), -1)
        alone = self.adults()[persons.household[leaders]] <= 1 + both
        whole[persons.household[leaders[alone]]] = rows[alone]
        here = self.here
        rest = here[lead[here] < 0]
        lead[rest] = whole[persons.household[rest]]
        who = np.flatnonzero(lead >= 0)
        return who, lead[who]

    def go(self, leaders: Ints, household: Ints, day: Ints) -> None:
        """Leaders and all who follow them live in another household from a day on."""
        who, row = self.followers(leaders)
        self.rehome(who, household[row], day[row])
        self.occupy(leaders)

    def rehome(self, who: Ints, household: Any, day: Any) -> None:
        """Persons live in another household from a day on, or from the day of their last change where that is later."""
        persons = self.persons
        day = np.maximum(day, persons.since[who])
        persons.household[who], persons.since[who] = household, day
        self.changes += 1
        self.homes.add(len(who), owner=who, first=day, household=household)

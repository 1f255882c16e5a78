"""Marigold County: a place, and as many wards of people as it takes. Nobody in it exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from infotrust.core.errors import UserFacingError
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.parameters import Section, load_parameters
from infotrust.core.practice.place import Place, make_place
from infotrust.core.practice.ward import Ward

FEWEST_PEOPLE, MOST_PEOPLE = 200, 5_000_000
PEOPLE_IN_A_WARD = 25_000
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class County:
    """What to make: the same arguments make the same county, on any machine and with any number of workers."""

    people: int
    seed: int = 1
    span: Span = field(default_factory=Span)
    parameters: Section = field(default_factory=load_parameters, compare=False)
    people_in_a_ward: int = PEOPLE_IN_A_WARD  # another size makes another county

    def __post_init__(self) -> None:
        if not FEWEST_PEOPLE <= self.people <= MOST_PEOPLE:
            raise UserFacingError(
                f"A county of {self.people:,} people cannot be made.",
                next_step=f"Ask for {FEWEST_PEOPLE:,} to {MOST_PEOPLE:,} people.",
            )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise UserFacingError(
                f"{self.seed} is no seed for a county.", next_step=f"Give a whole number from 0 to {LARGEST_SEED}."
            )

    @property
    def wards(self) -> int:
        return max(1, round(self.people / self.people_in_a_ward))

    @cached_property
    def place(self) -> Place:
        return make_place(self.people, self.seed, self.span, self.parameters)

    def people_of(self, number: int) -> int:
        """Inhabitants of a ward on the first day; together the wards have all the county's."""
        return (number + 1) * self.people // self.wards - number * self.people // self.wards

    def ward(self, number: int) -> Ward:
        """The people of one ward with their lives, made anew at each call."""
        from infotrust.core.practice.life import make_ward

        if not 0 <= number < self.wards:
            raise IndexError(f"the county has wards 0 to {self.wards - 1}, no ward {number}")
        ward: Ward = make_ward(number, self.people_of(number), self.seed, self.span, self.parameters, self.place)
        return ward

    def each_ward(self) -> Iterator[Ward]:
        return (self.ward(number) for number in range(self.wards))

"""The county's years: school years from July 1 to June 30, and the days within them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from infotrust.core.errors import UserFacingError

FIRST_YEAR = 2016
FEWEST_YEARS, MOST_YEARS = 1, 20


@dataclass(frozen=True)
class Period:
    """A school year, July to June. `number` counts from the county's first year, from 0."""

    label: str
    first: int
    last: int
    number: int


@dataclass(frozen=True)
class Span:
    """The years a county is simulated for: `years` school years from July 1 of `first_year` on."""

    first_year: int = FIRST_YEAR
    years: int = 10

    # Room for all who ever live in a ward, so that numbers of two wards never meet.
    numbers_in_a_ward = 1_000_000

    def __post_init__(self) -> None:
        if not FEWEST_YEARS <= self.years <= MOST_YEARS:
            raise UserFacingError(
                f"A county of {self.years} years cannot be made.",
                next_step=f"Ask for {FEWEST_YEARS} to {MOST_YEARS} years.",
            )

    @property
    def first(self) -> int:
        return date(self.first_year, 7, 1).toordinal()

    @property
    def last(self) -> int:
        """The last day that is simulated."""
        return date(self.first_year + self.years, 6, 30).toordinal()

    @property
    def periods(self) -> tuple[Period, ...]:
        return tuple(self._period(self.first_year + number) for number in range(self.years))

    def _period(self, year: int) -> Period:
        label = f"{year}-{(year + 1) % 100:02d}"
        first, last = date(year, 7, 1).toordinal(), date(year + 1, 6, 30).toordinal()
        return Period(label, first, last, year - self.first_year)

    def period(self, label: str) -> Period:
        """The school year called `label`, such as 2025-26; raises `UserFacingError` where the county has none."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", label)
        for period in self.periods:
            if found and period.label == label:
                return period
        raise UserFacingError(
            f"The county knows no school year {label!r}.",
            next_step=f"Give one from {self.periods[0].label} to {self.periods[-1].label}.",
        )

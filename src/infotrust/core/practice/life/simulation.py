"""Makes a ward: the people of its first day, then quarter after quarter what happens to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.life import arriving, births, care, deaths, homes, incomes, leaving, migration, unions
from infotrust.core.practice.life.sealing import seal
from infotrust.core.practice.life.state import QUARTERS, State, Step
from infotrust.core.practice.ward import Ward

EVENTS: tuple[Callable[[State], None], ...] = (
    births.bear,
    deaths.die,
    unions.separate,
    unions.wed,
    unions.unite,
    unions.alternate,
    leaving.leave_home,
    leaving.double_up,
    leaving.grow_old,
    migration.emigrate,
    care.protect,
    migration.immigrate,
    homes.move,
)


def make_ward(number: int, people: int, seed: int, span: Span, parameters: Any, place: Any) -> Ward:
    """A ward with about `people` persons on the first day, and their lives to the end of the span.

    The same arguments make the same ward; one of more years is the same in its first years.
    """
    state = State(number, seed, span, parameters, place)
    state.step = Step(-1, 0, span.first, span.first)
    arriving.first_day(state, people)
    for step in steps(span):
        state.step = step
        if step.quarter == 0:
            incomes.yearly(state)
        for happens in EVENTS:
            happens(state)
    return seal(state)


def steps(span: Span) -> Iterator[Step]:
    """The quarters of the span, in order."""
    first_days = [
        date(span.first_year + year + (month < 7), month, day).toordinal()
        for year in range(span.years)
        for month, day in QUARTERS
    ]
    for number, (first, end) in enumerate(zip(first_days, [*first_days[1:], span.last + 1], strict=True)):
        yield Step(number, number % len(QUARTERS), first, end)

"""Dates of birth as they are written down."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from infotrust.core.practice.chance import Ints, Texts
from infotrust.core.practice.records import mistakes

if TYPE_CHECKING:
    from infotrust.core.practice.records.sheet import Sheet


WRONG = ("birth_date_missing", "age_estimated", "default_birthday", "day_month_swapped", "birth_date_slip")


def birth_days(sheet: Sheet) -> Ints:
    """Days of birth as written, 0 where missing."""
    days = sheet.ward.people.birth[sheet.who].copy()
    chance, happens = sheet.chance("birth_date which"), sheet.which_of(WRONG)
    for place, mechanism in enumerate(WRONG):
        rows = np.flatnonzero(happens == place)
        made = [_wrong(mechanism, sheet, row, int(days[row]), float(chance[row])) for row in rows.tolist()]
        changed = np.array(made, dtype=np.int64) != days[rows]
        days[rows] = made
        sheet.note(mechanism, rows[changed])
    return days


def _wrong(mechanism: str, sheet: Sheet, row: int, day: int, chance: float) -> int:
    """The wrong day, never after the record was written: a slip that would be falls the other way."""
    on = int(sheet.on[row])
    if mechanism == "birth_date_missing":
        return 0
    if mechanism == "age_estimated":
        return mistakes.estimated_birthday(day, on, chance)
    if mechanism == "default_birthday":
        return mistakes.default_birthday(day, chance)
    if mechanism == "birth_date_slip":
        return mistakes.slip_of_date(day, chance, min(on, max(day, sheet.ward.span.first)))
    swapped = mistakes.swap_day_and_month(day)
    return swapped if swapped <= on else day


def written(days: Ints, date_format: str) -> Texts:
    """Days in a format as for `strftime` (with %Y, %m and %d); empty where 0."""
    unique, where = np.unique(days, return_inverse=True)
    texts = [_written(day, date_format) if day > 0 else "" for day in unique.tolist()]
    return np.array(texts, dtype=object)[where]


@lru_cache(maxsize=500_000)  # the days of a century in each of the agencies' formats: the same in all wards
def _written(day: int, date_format: str) -> str:
    return date.fromordinal(day).strftime(date_format)

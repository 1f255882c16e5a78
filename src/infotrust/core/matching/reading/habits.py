"""What is decided once for a whole file, from what it says: dates it writes where none is known, numbers it made up.

A default date is one that far more people of a file seem to be born on than on the days around it. Neighbors are looked
at in three ways, so that neither a dense year of birth nor a file that knows only months, or only years, is mistaken
for it. What counts is how many surnames have the date: one person's hundred visits are no default.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.matching.compiled import IntArray, LongArray
from infotrust.core.matching.reading.contacts import TAXPAYER

# In the practice counties and pseudopeople's files no true date had more than four times the surnames of the days
# around it once there were twenty; a system's default begins at hundreds.
TIMES, AT_LEAST = 5, 20
_DAYS_AROUND, _MONTHS_AROUND, _YEARS_AROUND = 15, 12, 10
_MOSTLY = 0.5  # of a file's numbers: so many of the 900s are its system's way, fewer are somebody's excuse

Spread = tuple[IntArray, pa.Array]  # see `sources.Spread`


def default_dates(people: Mapping[str, int]) -> frozenset[str]:
    """Of standard dates and how many surnames of one file have each, those that the file writes where none is known."""
    return frozenset(day for day in _above_days_around(people) if people[day] > AT_LEAST + TIMES * _usual(day, people))


def _above_days_around(people: Mapping[str, int]) -> list[str]:
    """The dates that stand out from the days around them, and those that are none: a million records have thousands of
    dates with enough people, and only these few are looked at in all three ways."""
    ordinal = {day: _ordinal(day) for day in people}
    many = [day for day, count in people.items() if count > AT_LEAST]
    real = np.array([ordinal[day] for day in many if ordinal[day]], np.int64)
    if not len(real):
        return many
    first = max(int(real.min()) - _DAYS_AROUND, 1)
    counts = np.zeros(int(real.max()) + _DAYS_AROUND + 1 - first, np.int64)
    for day, count in people.items():
        if first <= ordinal[day] < first + len(counts):
            counts[ordinal[day] - first] = count
    around = np.append(np.arange(-_DAYS_AROUND, 0), np.arange(1, _DAYS_AROUND + 1))
    usual = np.median(counts[np.maximum(real[:, None] + around - first, 0)], axis=1)
    above = dict(zip(real.tolist(), counts[real - first] > AT_LEAST + TIMES * usual, strict=True))
    return [day for day in many if above.get(ordinal[day], True)]


def _ordinal(day: str) -> int:
    """The number of a day; 0 where there is no such day."""
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])).toordinal()
    except ValueError:
        return 0


def _usual(day: str, people: Mapping[str, int]) -> float:
    """How many surnames a date like this one has: the largest of the medians of three kinds of neighbors."""
    if not (ordinal := _ordinal(day)):
        return 0.0
    at = date.fromordinal(ordinal)
    days = [_written(number) for number in range(at.toordinal() - _DAYS_AROUND, at.toordinal() + _DAYS_AROUND + 1)]
    months = [_months_on(at, months) for months in range(-_MONTHS_AROUND, _MONTHS_AROUND + 1)]
    years = [f"{at.year + years:04d}{day[4:]}" for years in range(-_YEARS_AROUND, _YEARS_AROUND + 1)]
    return max(float(np.median([people.get(one, 0) for one in near if one != day])) for near in (days, months, years))


def _written(ordinal: int) -> str:
    return f"{date.fromordinal(max(ordinal, 1)):%Y%m%d}".zfill(8)


def _months_on(at: date, months: int) -> str:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return f"{year:04d}{month + 1:02d}{at.day:02d}"


def people_by_date(dates: Spread, names: Spread | None) -> dict[str, int]:
    """How many surnames have each standard date that more than AT_LEAST records have; of the others, how many records.

    names: the surnames of the same records (None: they have none, and each record counts).
    """
    codes, days = _codes(dates)
    counts = np.bincount(codes[codes >= 0], minlength=len(days))
    many = np.append(counts > AT_LEAST, False)[codes]
    if names is not None and many.any():
        counts[counts > AT_LEAST] = _surnames(codes[many], _codes(names)[0][many], len(counts))[counts > AT_LEAST]
    return dict(zip(days.to_pylist(), counts.tolist(), strict=True))


def _codes(spread: Spread) -> tuple[IntArray, pa.Array]:
    """Each record's standard form as a code, -1 where there is none, and the forms."""
    encoded = spread[1].dictionary_encode()
    return np.append(pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False), -1)[
        spread[0]
    ], encoded.dictionary


def _surnames(days: IntArray, names: IntArray, size: int) -> LongArray:
    """How many different names each day has: int64 [size]. Records without a name count as one."""
    pairs = np.unique(days.astype(np.int64) << 32 | (names.astype(np.int64) + 1))
    return np.bincount(pairs >> 32, minlength=size)


def keeps_made_up(numbers: Spread) -> bool:
    """Whether most of the file's numbers are of the 900s and no taxpayer's: then they are what its people have."""
    places, values = numbers
    records = np.bincount(places[places >= 0], minlength=len(values))
    full = pc.fill_null(pc.equal(pc.utf8_length(values), 9), False).to_numpy(zero_copy_only=False)
    ours = made_up(values).to_numpy(zero_copy_only=False)
    return mostly(int(records[ours].sum()), int(records[full].sum()))


def mostly(ours: int, full: int) -> bool:
    """Whether `ours` of so many whole numbers are so many that they are the system's way."""
    return ours >= _MOSTLY * max(full, 1)


def made_up(values: pa.Array) -> pa.Array:
    """Which standard numbers are of the 900s and no taxpayer's: boolean [values]."""
    nines = pc.and_(pc.starts_with(values, "9"), pc.equal(pc.utf8_length(values), 9))
    return pc.fill_null(pc.and_(nines, pc.invert(pc.match_substring_regex(values, f"^({TAXPAYER})$"))), False)

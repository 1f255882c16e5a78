"""Amounts that the law sets anew each year: the poverty guideline and what food assistance pays, in dollars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats, Ints
from infotrust.core.practice.days import years_of

LARGEST_LISTED = 8  # persons; beyond, each adds the same


def fiscal_year(days: Ints) -> Ints:
    """The federal fiscal year, October to September, named for the year in which it ends."""
    return years_of(np.asarray(days) + 92)


def of_year(table: Mapping[int, float], years: Ints, growth: float) -> Floats:
    """The amount of each year; before the first that is listed the first, after the last growing by `growth`."""
    listed = sorted(table)
    values = np.array([table[year] for year in listed])
    place = np.clip(np.searchsorted(listed, years, side="right") - 1, 0, len(listed) - 1)
    return np.asarray(values[place] * (1 + growth) ** np.maximum(np.asarray(years) - listed[-1], 0))


def poverty_guideline(numbers: Any, days: Ints, persons: Ints) -> Floats:
    """Dollars a year for a household of so many persons, by the guideline of the calendar year of each day."""
    years, growth = years_of(days), numbers.growth
    first = of_year(numbers.first_person, years, growth)
    return np.asarray(first + of_year(numbers.each_more, years, growth) * np.maximum(persons - 1, 0))


def largest_benefits(numbers: Any, days: Ints, persons: Ints, growth: float) -> Floats:
    """The largest SNAP benefit a month, in force on each day, for so many persons."""
    tables = {_from_name(name): table for name, table in numbers.largest_benefit.items()}
    starts = sorted(tables)
    amounts = np.array([[tables[start][size] for size in range(1, LARGEST_LISTED + 1)] for start in starts])
    more = np.array([tables[start]["more"] for start in starts])
    row = np.clip(np.searchsorted(starts, days, side="right") - 1, 0, len(starts) - 1)
    later = np.maximum(fiscal_year(days) - int(fiscal_year(np.array(starts[-1]))), 0)
    listed = amounts[row, np.clip(persons, 1, LARGEST_LISTED) - 1]
    beyond = more[row] * np.maximum(persons - LARGEST_LISTED, 0)
    return np.asarray(np.round((listed + beyond) * (1 + growth) ** later))


def _from_name(name: str) -> int:
    """The first day of `from_2020_10`."""
    _, year, month = name.split("_")
    return date(int(year), int(month), 1).toordinal()

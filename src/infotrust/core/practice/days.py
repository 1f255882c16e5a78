"""Days as numbers: which weekday, month and year each is, and what an office does on a weekend.

Days are counted as `datetime.date.toordinal` does; day 1 was a Monday.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.chance import Ints

EPOCH = 719_163  # January 1, 1970, from which NumPy counts
FRIDAY, SATURDAY = 4, 5
NOTHING = 10**7  # as `ward.NEVER`


def dates(days: Ints | int) -> Any:
    """Days as `datetime64[D]`."""
    return (np.asarray(days) - EPOCH).astype("datetime64[D]")


def ordinals(moments: Any) -> Ints:
    """The day of each `datetime64`; of months and years the first one."""
    return np.asarray(moments.astype("datetime64[D]").astype(np.int64) + EPOCH)


def weekday(day: Ints) -> Ints:
    """0 for Monday to 6 for Sunday."""
    return np.asarray((day - 1) % 7)


def workday(day: Ints) -> Ints:
    """A day from Monday to Friday for each day, the same or up to two days earlier: offices are closed on weekends.

    What falls on seven days alike is then spread over five alike, not heaped on Fridays; what came first stays first.
    Days of nothing (`ward.NEVER` and later) stay as they are.
    """
    week, place = np.divmod(np.asarray(day) - 1, 7)
    return np.where(day >= NOTHING, day, day - place + (5 * place + week % 5) // 7)


def years_of(days: Ints | int) -> Ints:
    """The calendar year of each day."""
    return np.asarray(dates(days).astype("datetime64[Y]").astype(np.int64) + 1970)


def months_of(days: Ints | int) -> Ints:
    """The month of each day, as year * 12 + month - 1."""
    return np.asarray(dates(days).astype("datetime64[M]").astype(np.int64) + 1970 * 12)


def last_days(month: Ints) -> Ints:
    """The last day of each month, counted as `months_of` does."""
    return ordinals((np.asarray(month) + 1 - 1970 * 12).astype("datetime64[M]")) - 1

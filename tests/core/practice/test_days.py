"""Days: the same weekdays, months and years as Python's calendar has."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.practice.days import dates, last_days, months_of, ordinals, weekday, workday, years_of
from infotrust.core.practice.groups import turns
from infotrust.core.practice.ward import NEVER

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_a_day_is_what_the_calendar_says(day: date) -> None:
    number = np.array([day.toordinal()])
    assert weekday(number)[0] == day.weekday()
    assert years_of(number)[0] == day.year
    assert months_of(number)[0] == day.year * 12 + day.month - 1
    assert dates(number)[0].item() == day
    assert ordinals(dates(number))[0] == day.toordinal()


@given(DAYS)
def test_the_last_day_of_a_month_is_before_the_first_of_the_next(day: date) -> None:
    last = date.fromordinal(int(last_days(months_of(day.toordinal()))))
    assert (last.year, last.month) == (day.year, day.month)
    assert (last + timedelta(days=1)).day == 1


@given(DAYS)
def test_offices_work_from_monday_to_friday_and_no_more_than_two_days_before(day: date) -> None:
    done = date.fromordinal(int(workday(np.array([day.toordinal()]))[0]))
    assert done.weekday() < 5
    assert timedelta(0) <= day - done <= timedelta(days=2)


def test_what_falls_on_seven_days_alike_is_spread_over_five_alike_and_in_order() -> None:
    days = np.arange(5 * 7 * 4) + date(2020, 1, 6).toordinal()
    done = workday(days)
    assert np.bincount(weekday(done)).tolist() == [4 * 7] * 5
    assert (np.diff(done) >= 0).all()
    assert workday(np.array([NEVER, NEVER + 3])).tolist() == [NEVER, NEVER + 3]


@given(st.lists(st.integers(0, 5), max_size=8))
def test_turns_count_each_owners_rows_from_zero(count: list[int]) -> None:
    assert turns(np.array(count, dtype=np.int64)).tolist() == [turn for one in count for turn in range(one)]

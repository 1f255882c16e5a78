"""Each mechanism makes its own kind of mistake, and only that."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.practice_old import mistakes

NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ' -áñ", min_size=1, max_size=30).filter(str.strip)
CHANCES = st.floats(0, 1, exclude_max=True)
DAYS = st.dates(date(1920, 1, 1), date(2026, 6, 30)).map(date.toordinal)
LATEST = date(2026, 6, 30).toordinal()


@given(NAMES, CHANCES)
def test_slip_of_a_finger_changes_the_name_by_one_letter(name, chance):
    made = mistakes.keying(name, chance)
    assert made.strip()
    assert made != name
    assert abs(len(made) - len(name)) <= 1


@given(NAMES, CHANCES)
def test_same_chance_makes_the_same_mistake(name, chance):
    for mechanism in (mistakes.keying, mistakes.phonetic):
        assert mechanism(name, chance) == mechanism(name, chance)


@given(st.sampled_from(["Katherine", "Stephen", "Nguyen", "Garcia", "Phillips", "Rae"]), CHANCES)
def test_name_written_as_heard_is_another_name_with_a_capital(name, chance):
    made = mistakes.phonetic(name, chance)
    assert made[0].isupper()
    assert made != name


@given(DAYS)
def test_day_and_month_swapped_twice_is_the_date_itself(day):
    swapped = mistakes.swap_day_and_month(day)
    assert mistakes.swap_day_and_month(swapped) == day
    assert (swapped == day) == (
        date.fromordinal(day).day > 12 or date.fromordinal(day).day == date.fromordinal(day).month
    )


@given(DAYS, CHANCES)
def test_slip_in_a_date_is_another_date_that_is_not_in_the_future(day, chance):
    made = mistakes.slip_of_date(day, chance, LATEST)
    assert made != day
    assert made <= LATEST
    assert abs(made - day) <= 366


@given(st.integers(100_000_000, 999_999_999), CHANCES)
def test_slip_in_a_number_keeps_its_nine_digits(number, chance):
    made = mistakes.slip_of_number(str(number), chance)
    assert (len(made), made.isdigit()) == (9, True)
    assert made != str(number)


def test_address_is_abbreviated_as_clerks_do():
    assert mistakes.abbreviate("12 Oak Street Apt 4") == "12 Oak St #4"

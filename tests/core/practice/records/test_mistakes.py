"""Each mechanism makes its own kind of mistake, and only that."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.practice import names
from infotrust.core.practice.records import mistakes

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
def test_same_chance_makes_the_same_mistake_and_never_an_empty_name(name, chance):
    for mechanism in (
        mistakes.keying, mistakes.phonetic, mistakes.ocr, mistakes.transliteration, mistakes.diacritics,
    ):  # fmt: skip
        assert mechanism(name, chance) == mechanism(name, chance)
        assert mechanism(name, chance).strip()


@given(st.sampled_from(["Katherine", "Stephen", "Nguyen", "Garcia", "Phillips", "Rae"]), CHANCES)
def test_name_written_as_heard_is_another_name_with_a_capital(name, chance):
    made = mistakes.phonetic(name, chance)
    assert made[0].isupper()
    assert made != name


@given(st.sampled_from(["Barnes", "Clark", "Olson", "Simmons", "Willow"]), CHANCES)
def test_scanner_takes_letters_for_those_that_look_alike(name, chance):
    made = mistakes.ocr(name, chance)
    assert made != name
    assert abs(len(made) - len(name)) <= 1


def test_scanner_reads_rn_as_m():
    assert "Bames" in {mistakes.ocr("Barnes", step / 40) for step in range(40)}


@given(CHANCES)
def test_name_of_another_script_is_written_in_another_of_its_spellings(chance):
    assert mistakes.transliteration("Mohamed", chance) in {"Mohammed", "Muhammad", "Mohammad"}
    assert mistakes.transliteration("Nguyen", chance) in {"Ngyuen", "Nguyn"}
    assert mistakes.transliteration("Smith", chance) == "Smith"


def test_no_name_is_a_spelling_of_itself_and_english_names_have_none():
    assert all(name not in others for name, others in mistakes.SPELLED.items())
    assert not {"Smith", "Lee", "Alexander", "Mary"} & set(mistakes.SPELLED)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("O'Brien", "OBrien"), ("De La Cruz", "Delacruz"), ("De León", "Deleón"), ("Smith-Jones", "Smith Jones"),
     ("St. Clair", "Stclair"), ("Garcia Lopez", "Garcia Lopez")],
)  # fmt: skip
def test_apostrophes_hyphens_and_particles_are_left_out(name, plain):
    assert mistakes.punctuation(name) == plain


def test_accents_are_left_out():
    assert mistakes.diacritics("José Muñoz") == "Jose Munoz"


@pytest.mark.parametrize(
    ("how", "written"),
    [("both", "Garcia Lopez"), ("one_surname", "Garcia"), ("other_surname", "Lopez"),
     ("joined_surname", "Garcia-Lopez"), ("reversed_surnames", "Lopez Garcia")],
)  # fmt: skip
def test_two_surnames_are_written_in_one_of_five_ways(how, written):
    assert mistakes.two_surnames("Garcia", "Lopez", how) == written


def test_hyphen_of_a_family_is_lost_where_another_would_gain_one():
    assert mistakes.two_surnames("Smith", "Jones", "both", "-") == "Smith-Jones"
    assert mistakes.two_surnames("Smith", "Jones", "joined_surname", "-") == "Smith Jones"


@given(DAYS)
def test_day_and_month_swapped_twice_is_the_date_itself(day):
    swapped = mistakes.swap_day_and_month(day)
    assert mistakes.swap_day_and_month(swapped) == day
    value = date.fromordinal(day)
    assert (swapped == day) == (value.day > 12 or value.day == value.month)


@given(DAYS, CHANCES)
def test_slip_in_a_date_is_another_date_that_is_not_in_the_future(day, chance):
    made = mistakes.slip_of_date(day, chance, LATEST)
    assert made != day
    assert made <= LATEST
    assert abs(made - day) <= 366


@given(DAYS, CHANCES)
def test_default_birthday_is_a_first_of_january(day, chance):
    made = date.fromordinal(mistakes.default_birthday(day, chance))
    assert (made.month, made.day) == (1, 1)
    assert made.year in (1900, date.fromordinal(day).year)


@given(DAYS, CHANCES)
def test_guessed_age_is_near_the_true_one_and_ends_in_0_or_5_for_adults(day, chance):
    made = mistakes.estimated_birthday(day, LATEST, chance)
    guessed, age = date.fromordinal(LATEST).year - date.fromordinal(made).year, (LATEST - day) / 365.25
    assert abs(guessed - age) <= 6
    assert age < 18 or guessed % 5 == 0


@given(st.integers(100_000_000, 999_999_999), CHANCES)
def test_slip_in_a_number_keeps_its_nine_digits(number, chance):
    made = mistakes.slip_of_number(str(number), chance)
    assert (len(made), made.isdigit()) == (9, True)
    assert made != str(number)


def test_address_is_abbreviated_as_clerks_do():
    assert mistakes.address_abbreviated("12 Oak Street Apt 4") == "12 Oak St #4"
    assert mistakes.address_abbreviated("7 North Elm Avenue") == "7 N Elm Ave"
    assert mistakes.address_abbreviated("7 West Court Street Unit 2") == "7 W Court St #2"
    assert mistakes.address_abbreviated("7 North Road") == "7 North Rd"


def test_capital_stays_first():
    assert {mistakes.keying("Li", step / 200) for step in range(200)} <= {
        "Il",
        "Ki",
        "Lli",
        "I",
        "L",
        "Lii",
        "Lu",
        "Lo",
    }


@given(CHANCES)
def test_address_goes_wrong_in_its_own_ways(chance):
    street = "1205 Maple Street Apt 4"
    assert mistakes.unit_missing(street) == "1205 Maple Street"
    assert mistakes.po_box(street, chance).startswith("PO Box ")
    assert mistakes.address_slip(street, chance) != street


def test_nearly_all_names_can_be_misheard():
    known = [name for name in names.nicknames() if len(name) > 4]
    assert sum(mistakes.phonetic(name, 0.3) != name for name in known) > 0.97 * len(known)

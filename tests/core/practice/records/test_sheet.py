"""What a system writes down: at the rates of its habits, with the same mistakes whenever the record is delivered."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from infotrust.core.practice.names import COMMUNITIES
from infotrust.core.practice.records.mechanisms import BIT, MECHANISMS, named
from infotrust.core.practice.records.sheet import Sheet, merge_twins, with_duplicates
from tests.core.practice.support import small_ward

MOTHER, FIRST_CHILD = 0, 2  # places in the families of `small_ward`


@pytest.fixture(scope="module")
def ward():
    return small_ward(3000)


def everybody(ward):
    return np.arange(len(ward))


def write(sheet):
    """All that a sheet writes, as rows."""
    given, family = sheet.given_and_family()
    columns = [
        given, family, sheet.middle(), sheet.suffix(), sheet.birth_dates("%Y-%m-%d"), sheet.sex("M", "F", "U"),
        sheet.ssn(), *sheet.address(), sheet.phone("{}-{:03d}-{:04d}"), sheet.parent(), sheet.email(),
    ]  # fmt: skip
    return list(zip(*columns, strict=True))


@cache
def written(system):
    ward = small_ward(3000)
    sheet = Sheet(ward, system, np.arange(len(ward)), ward.span.last)
    return sheet, write(sheet)


def share(sheet, mechanism, where=None):
    happened = sheet.mistakes & BIT[mechanism] != 0
    return happened[where].mean() if where is not None else happened.mean()


def test_mistakes_fit_into_the_bits_of_a_number():
    assert len(MECHANISMS) == len(set(MECHANISMS)) <= 62
    assert named(BIT["keying"] | BIT["sex_wrong"]) == ["keying", "sex_wrong"]


# --- the same again ---


@pytest.mark.parametrize("system", ["homeless-services", "snap"])
def test_record_is_the_same_in_each_years_delivery(ward, system):
    who = everybody(ward)
    on = np.full(len(who), ward.span.first + 600)
    one = Sheet(ward, system, who, on, as_of=ward.span.last - 365)
    other = Sheet(ward, system, who[::-1], on, as_of=ward.span.last)
    assert write(one) == write(other)[::-1]


def test_record_does_not_depend_on_who_else_is_written_down(ward):
    who = everybody(ward)
    assert (
        write(Sheet(ward, "police", who[40:60], ward.span.last))
        == write(Sheet(ward, "police", who, ward.span.last))[40:60]
    )


def test_two_systems_make_mistakes_of_their_own():
    one, other = written("child-welfare")[0], written("police")[0]
    both = (one.mistakes & other.mistakes & BIT["keying"] != 0).mean()
    assert both < 3 * share(one, "keying") * share(other, "keying")


def test_second_record_of_a_person_has_mistakes_of_its_own(ward):
    who = everybody(ward)
    first, second = (Sheet(ward, "referrals", who, ward.span.last, np.full(len(who), copy)) for copy in (0, 1))
    names = [list(zip(*sheet.given_and_family(), strict=True)) for sheet in (first, second)]
    assert names[0] != names[1]
    assert set(first.keys("R{:08d}")).isdisjoint(second.keys("R{:08d}"))


# --- rates ---

EVERYWHERE = (
    "birth_date_slip", "default_birthday", "birth_date_missing", "sex_missing", "ssn_placeholder", "address_missing",
    "phone_missing",
)  # fmt: skip


@pytest.mark.parametrize("system", ["homeless-services", "child-welfare", "crisis-center"])
@pytest.mark.parametrize("mechanism", EVERYWHERE)
def test_mistakes_happen_at_their_rate(system, mechanism):
    sheet, _ = written(system)
    rate = sheet.habits.rate(mechanism)
    spread = 4 * (rate * (1 - rate) / len(sheet)) ** 0.5
    assert share(sheet, mechanism) == pytest.approx(rate, abs=spread + 0.12 * rate)


def test_clients_without_a_full_number_are_as_many_as_in_the_parameters():
    sheet, rows = written("homeless-services")
    lengths = np.array([len(row[6]) for row in rows])
    assert set(lengths) <= {0, 4, 9}
    assert (lengths == 4).mean() == pytest.approx(sheet.habits.rate("ssn_last_four"), rel=0.2)
    assert share(sheet, "ssn_missing") == pytest.approx(sheet.habits.rate("ssn_missing"), rel=0.1)


def test_names_of_some_communities_are_misspelled_more_often():
    sheet, _ = written("child-welfare")
    community = sheet.ward.people.community
    english = share(sheet, "phonetic", community == COMMUNITIES.index("english"))
    hispanic = share(sheet, "phonetic", community == COMMUNITIES.index("hispanic"))
    assert hispanic / english == pytest.approx(1.6, rel=0.3)


def test_mistakes_come_together_in_careless_records():
    sheet, _ = written("crisis-center")
    dates = sheet.mistakes & (BIT["birth_date_slip"] | BIT["day_month_swapped"] | BIT["default_birthday"]) != 0
    assert share(sheet, "keying", dates) > 1.7 * share(sheet, "keying", ~dates)


def test_vital_records_are_cleaner_than_a_hotline():
    clean, hotline = written("vital-records")[0], written("crisis-center")[0]
    slips = sum(BIT[one] for one in ("keying", "phonetic", "birth_date_slip", "sex_wrong", "swapped_names"))
    assert (hotline.mistakes & slips != 0).mean() > 10 * (clean.mistakes & slips != 0).mean()


@pytest.mark.parametrize("mechanism", ["keying", "phonetic", "transliteration", "swapped_names", "nickname"])
def test_only_records_with_a_mistake_in_the_name_have_another_name(mechanism):
    sheet, rows = written("jail")
    first, second = sheet.ward.surname(sheet.who, sheet.on)
    truth = [
        (given.upper(), f"{one} {two}".strip().upper())
        for given, one, two in zip(sheet.ward.people.given, first, second, strict=True)
    ]
    for row in np.flatnonzero(sheet.mistakes & NAMES == 0)[:500]:
        assert rows[row][:2] == truth[row]
    mistaken = np.flatnonzero(sheet.mistakes & NAMES == BIT[mechanism])
    assert len(mistaken)
    assert all(rows[row][:2] != truth[row] for row in mistaken)


NAMES = sum(BIT[one] for one in MECHANISMS[: MECHANISMS.index("middle_missing")])


# --- whose is what ---


def test_borrowed_number_is_a_relatives(ward):
    sheet, rows = written("homeless-services")
    people = sheet.ward.people
    own = {row[6]: place for place, row in enumerate(write_clean(sheet.ward))}
    borrowed = np.flatnonzero((sheet.mistakes & BIT["ssn_borrowed"] != 0) & (sheet.mistakes & LESS == 0))
    assert len(borrowed) > 10
    for place in borrowed:
        lender = own[rows[place][6]]
        kin = lender in (people.mother[place], people.father[place]) or people.mother[lender] == people.mother[place]
        assert lender != place
        assert kin


LESS = BIT["ssn_last_four"] | BIT["ssn_slip"]


def write_clean(ward):
    """What a system without any mistake would write."""

    class Spotless(Sheet):
        def happens(self, *_arguments, **_named):
            return np.zeros(len(self), dtype=bool)

    rows = write(Spotless(ward, "schools", np.arange(len(ward)), ward.span.last))
    return [(*row[:6], f"{number:09d}", *row[7:]) for row, number in zip(rows, all_numbers(ward), strict=True)]


def all_numbers(ward):
    from infotrust.core.practice.records.numbers import social_security

    return social_security(ward, np.arange(len(ward))).tolist()


def test_confused_twin_bears_the_other_twins_name():
    sheet, rows = written("child-welfare")
    people, others = sheet.ward.people, NAMES & ~BIT["twins_confused"]
    confused = np.flatnonzero((sheet.mistakes & BIT["twins_confused"] != 0) & (sheet.mistakes & others == 0))
    assert len(confused) > 10
    for place in confused:
        twin = place + 1 if people.birth_order[place] == 1 else place - 1
        assert people.delivery[twin] == people.delivery[place]
        assert rows[place][0].lower() == people.given[twin].lower()


def test_person_goes_by_one_nickname_in_all_systems(ward):
    who = everybody(ward)
    only = BIT["nickname"]
    sheets = [Sheet(ward, system, who, ward.span.last) for system in ("home-visiting", "crisis-center")]
    given = [np.array([name.lower() for name in sheet.given_and_family()[0]]) for sheet in sheets]
    both = np.flatnonzero((sheets[0].mistakes & NAMES == only) & (sheets[1].mistakes & NAMES == only))
    assert len(both) > 10
    assert (given[0][both] == given[1][both]).all()


def test_child_is_said_to_be_its_mothers(ward):
    child = np.arange(FIRST_CHILD, 400, 4)
    sheet = Sheet(ward, "schools", child, ward.span.last)
    assert (sheet.guardian() == child - FIRST_CHILD).all()
    mother = ward.people.given[child - FIRST_CHILD]
    assert np.mean([text.startswith(name) for text, name in zip(sheet.parent(), mother, strict=True)]) > 0.9


# --- the day of the record ---


def test_surname_is_that_of_the_day_it_was_written(ward):
    wives = np.arange(MOTHER, len(ward), 8)
    maiden, married = (ward.surname(wives, ward.span.first + day)[0] for day in (50, 200))
    assert (maiden != married).mean() > 0.9
    for day, truth in ((50, maiden), (200, married)):
        sheet = Sheet(ward, "vital-records", wives, ward.span.first + day)
        _, family = sheet.given_and_family()
        right = sheet.mistakes & NAMES == 0
        assert right.mean() > 0.8
        assert all(
            text.startswith(name.upper().split("-")[0]) for text, name in zip(family[right], truth[right], strict=True)
        )


def test_address_of_an_old_record_is_stale_and_that_of_a_new_one_is_not(ward):
    who = everybody(ward)
    old, new = (Sheet(ward, "schools", who, ward.span.first + day) for day in (10, 900))
    for sheet in (old, new):
        sheet.address()
    grown = ward.people.birth < ward.span.first
    assert share(old, "stale_address", grown) > 0.99
    assert share(new, "stale_address") == 0


def test_shelters_address_stands_in_for_the_home(ward):
    at = np.where(np.arange(len(ward)) % 2 == 0, 7, -1)
    sheet = Sheet(ward, "homeless-services", everybody(ward), ward.span.last)
    street, _, _ = sheet.address(at)
    assert (sheet.mistakes & BIT["shared_address"] != 0).tolist() == (at >= 0).tolist()
    written_right = street[(at >= 0) & (sheet.mistakes & SLIPS == 0)]
    assert {text.title() for text in written_right} == set(ward.place.street([7]))


SLIPS = sum(BIT[one] for one in ("address_slip", "address_abbreviated", "unit_missing", "po_box", "address_missing"))


def test_small_child_is_reached_at_its_mothers_number(ward):
    child = np.flatnonzero((ward.people.mother >= 0) & (ward.age(np.arange(len(ward)), ward.span.last) < 10))
    told = BIT["shared_phone"] | BIT["phone_slip"] | BIT["phone_missing"]
    of_child, of_mother = (Sheet(ward, "schools", who, ward.span.last) for who in (child, ward.people.mother[child]))
    numbers = [sheet.phone("{}{:03d}{:04d}") for sheet in (of_child, of_mother)]
    right = (of_child.mistakes | of_mother.mistakes) & told == 0
    assert (numbers[0][right] == numbers[1][right]).all()


def test_shared_number_is_not_the_persons_own(ward):
    who = everybody(ward)
    shared, own = (Sheet(ward, system, who, ward.span.last) for system in ("homeless-services", "schools"))
    numbers = [sheet.phone("{}{:03d}{:04d}") for sheet in (shared, own)]
    other = (shared.mistakes & BIT["shared_phone"] != 0) & (
        own.mistakes & (BIT["phone_missing"] | BIT["phone_slip"]) == 0
    )
    assert other.sum() > 100
    assert (numbers[0][other] != numbers[1][other]).mean() > 0.9


def test_newborn_is_written_as_baby_boy_or_girl_until_it_has_a_name():
    ward = small_ward(3000)
    children = np.flatnonzero(ward.people.mother >= 0)
    birth = ward.people.birth[children]
    at_birth, later = (Sheet(ward, "medicaid", children, birth + day) for day in (2, 60))
    given, _ = at_birth.given_and_family()
    unnamed = at_birth.mistakes & BIT["unnamed_newborn"] != 0
    assert unnamed.mean() == pytest.approx(at_birth.habits.rate("unnamed_newborn"), abs=0.04)
    assert all(re.match(r"B|GIRL|NEWBORN", text) for text in given[unnamed])
    boys = ward.people.male[children]
    assert not [text for text in given[unnamed & boys] if "GIRL" in text or text.startswith("BG")]
    twins = unnamed & (ward.people.plurality[children] > 1)
    assert all(text.endswith((" A", " B")) for text in given[twins])
    later.given_and_family()
    assert share(later, "unnamed_newborn") == 0


def test_birth_date_is_never_after_the_day_of_the_record(ward):
    for system in ("crisis-center", "child-welfare"):
        children = np.flatnonzero(ward.people.mother >= 0)
        sheet = Sheet(ward, system, children, ward.people.birth[children] + 3)
        assert (sheet.birth_days() <= sheet.on).all()


# --- how systems write ---


def test_old_systems_write_short_capitals_without_accents():
    _, rows = written("snap")
    for given, family, *_ in rows:
        assert f"{given}{family}" == f"{given}{family}".upper()
        assert f"{given}{family}".isascii()
        assert len(given) <= 12
        assert len(family) <= 12
        assert "'" not in family


def test_no_name_is_empty_and_no_address_is_a_real_persons():
    for system in ("vital-records", "referrals", "crisis-center"):
        _, rows = written(system)
        assert all(row[0].strip() and row[1].strip() for row in rows)
        assert all(row[10] == "" or row[10].startswith("555-") for row in rows)
        assert all(row[12] == "" or re.fullmatch(r"[a-z]+\.[a-z]*\d+@[a-z]+\.example", row[12]) for row in rows)


# --- twice, or two in one ---


def test_people_entered_twice_have_an_older_second_record(ward):
    who = everybody(ward)
    on = np.full(len(who), ward.span.last)
    all_of, days, copy = with_duplicates(ward, "referrals", who, on)
    again = all_of[len(who) :]
    assert len(again) / len(who) == pytest.approx(0.06, rel=0.2)
    assert (copy == (np.arange(len(all_of)) >= len(who))).all()
    assert (days[len(who) :] < on[0]).all()
    assert share(Sheet(ward, "referrals", all_of, days, copy), "entered_twice", copy == 1) == 1


def test_merged_twins_leave_one_record_and_the_truth_knows():
    ward = small_ward(3000)
    children = np.flatnonzero(ward.people.mother >= 0)
    kept, merged = merge_twins(ward, "referrals", children)
    lost = np.setdiff1d(children, children[kept])
    pairs = (ward.people.plurality[children] > 1).sum() / 2
    assert len(lost) == merged.sum()
    assert len(lost) / pairs == pytest.approx(0.03, abs=0.02)
    assert set(ward.people.delivery[lost]) == set(ward.people.delivery[children[kept][merged]])
    sheet = Sheet(ward, "referrals", children[kept], ward.span.last, merged=merged)
    assert share(sheet, "twins_merged", merged) == 1


def test_twin_without_the_other_in_the_file_is_never_merged(ward):
    first = np.flatnonzero((ward.people.plurality > 1) & (ward.people.birth_order == 1))
    kept, merged = merge_twins(ward, "referrals", first)
    assert len(kept) == len(first)
    assert not merged.any()

"""Numbers stand for one person each, tell nothing of the order of persons, and are nobody's."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.records import numbers
from infotrust.core.practice.records.sheet import Sheet
from tests.core.practice.support import small_ward


def test_permutation_meets_each_number_once():
    assert sorted(numbers.permuted(np.arange(1200), 30, 40, "test", 5)) == list(range(1200))


def test_permutation_keeps_larger_numbers_distinct():
    made = numbers.permuted(np.arange(5000), 30, 40, "test", 5)
    assert len(set(made.tolist())) == 5000


def test_permutation_leaves_no_order():
    made = numbers.permuted(np.arange(10_000), 1000, 1000, "test", 5)
    assert abs(np.corrcoef(np.arange(10_000), made)[0, 1]) < 0.05
    assert len(np.unique(np.diff(made))) > 9000


def test_social_security_numbers_are_ones_that_are_issued_to_nobody():
    made = numbers.social_security(small_ward(200), np.arange(800))
    group, serial = made // 10_000 % 100, made % 10_000
    assert ((made // 10**6 >= 900) & (made // 10**6 <= 999)).all()
    assert ((group >= 1) & (group <= 49)).all()
    assert (serial > 0).all()
    assert len(set(made.tolist())) == 800


def test_two_wards_share_no_number():
    one, other = small_ward(200), small_ward(200, number=1)
    who = np.arange(800)
    assert not set(numbers.social_security(one, who).tolist()) & set(numbers.social_security(other, who).tolist())
    keys = [set(Sheet(ward, "snap", who, ward.span.last).keys("SN{:08d}")) for ward in (one, other)]
    assert len(keys[0] | keys[1]) == 1600


def test_no_two_people_or_households_share_a_telephone():
    wards = [small_ward(200, number=number) for number in (0, 1, 12)]
    who = np.arange(800)
    mobiles = [numbers.mobile(ward, who, np.full(800, turn)) for ward in wards for turn in range(3)]
    shared = [numbers.of_household(ward, who) for ward in wards]
    every = np.concatenate([*mobiles, *shared])
    assert len(set(every.tolist())) == len(every) == 800 * 12
    assert len({numbers.written_phone(one, "{}-{:03d}-{:04d}") for one in every.tolist()}) == len(every)


def test_telephones_have_area_codes_that_nobody_has():
    codes = numbers.AREA_CODES
    assert codes[0] == "555"
    assert len(set(codes)) == len(codes)
    assert all(code == "555" or code[:2] in ("37", "96") or code[1] == "9" for code in codes)
    assert numbers.written_phone(12 * numbers.LOCAL + 9_001_234, "({}) {:03d}-{:04d}") == "(961) 900-1234"


def test_keys_of_two_systems_have_nothing_in_common():
    ward, who = small_ward(200), np.arange(800)
    snap = Sheet(ward, "snap", who, ward.span.last).keys("{:08d}")
    wic = Sheet(ward, "wic", who, ward.span.last).keys("{:08d}")
    assert (snap == wic).sum() == 0


def test_key_needs_room_for_all_records_of_a_person():
    ward = small_ward(20)
    sheet = Sheet(ward, "police", np.zeros(3, dtype=np.int64), ward.span.last, np.arange(3))
    with pytest.raises(ValueError, match="copies"):
        sheet.keys("{:08d}")
    assert len(set(sheet.keys("{:08d}", copies=3))) == 3

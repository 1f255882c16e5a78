"""Addresses, telephones and e-mail as they are written down."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from infotrust.core.practice.chance import Ints, Texts, chances
from infotrust.core.practice.records import mistakes
from infotrust.core.practice.records.naming import cased
from infotrust.core.practice.records.numbers import LOCAL, mobile, of_household, written_phone
from infotrust.core.practice.ward import YEAR

if TYPE_CHECKING:
    from infotrust.core.practice.records.sheet import Sheet

FIRST_OFFICE, OFFICES = 1_000_000, 999_999
PROVIDERS = ("mail.example", "post.example", "inbox.example", "web.example")


def address(sheet: Sheet, at: Ints | None = None) -> tuple[Texts, Texts, Texts]:
    """Street, city and ZIP code on the day of the record, or of the address `at` where that is not -1."""
    ward, place = sheet.ward, sheet.ward.place
    number = ward.addresses.address[ward.home(sheet.who, sheet.on)]
    today = ward.addresses.address[ward.home(sheet.who, _until(sheet))]
    shared = np.zeros(len(sheet), dtype=bool) if at is None else at >= 0
    if at is not None:
        number = np.where(shared, at, number)
    street, city, code = place.street(number), place.city_of(number).copy(), place.zip_of(number).copy()
    sheet.note("shared_address", shared)
    sheet.note("stale_address", (number != today) & ~shared)
    street = _spoiled(sheet, street.copy())
    missing = sheet.happens("address_missing", ~shared)
    street[missing] = city[missing] = code[missing] = ""
    sheet.note("address_missing", missing)
    return cased(sheet, street), cased(sheet, city), code


def _until(sheet: Sheet) -> Ints:
    """The day the file is made, or the last on which the person still lived here."""
    people = sheet.ward.people
    gone = np.minimum(people.death[sheet.who], people.departure[sheet.who]) - 1
    return np.asarray(np.maximum(np.minimum(gone, sheet.as_of), sheet.on))


def _spoiled(sheet: Sheet, street: Texts) -> Texts:
    for mechanism in ("unit_missing", "address_slip", "address_abbreviated", "po_box"):
        which = sheet.chance(f"{mechanism} which")
        rows = np.flatnonzero(sheet.happens(mechanism))
        changed = []
        for row in rows.tolist():
            made = getattr(mistakes, mechanism)(street[row], float(which[row]))
            if made != street[row]:
                street[row] = made
                changed.append(row)
        sheet.note(mechanism, np.array(changed, dtype=np.int64))
    return street


def phone(sheet: Sheet, pattern: str) -> Texts:
    """The person's own mobile number, for a child the mother's, else the household's; nothing where missing."""
    number, today = _number(sheet, sheet.who, sheet.on), _number(sheet, sheet.who, _until(sheet))
    other = _others(sheet, number)
    missing = sheet.happens("phone_missing")
    shared = sheet.happens("shared_phone", ~missing)
    number = np.where(shared, other, number)
    slip = sheet.happens("phone_slip", ~missing)
    which = sheet.chance("phone_slip which")
    for row in np.flatnonzero(slip).tolist():
        area, local = divmod(int(number[row]), LOCAL)
        number[row] = area * LOCAL + int(mistakes.slip_of_number(f"{local:07d}", float(which[row])))
    written = np.array([written_phone(one, pattern) for one in number.tolist()], dtype=object)
    written[missing] = ""
    sheet.note("stale_phone", (number != today) & ~shared & ~slip & ~missing)
    for mechanism, where in (("shared_phone", shared), ("phone_slip", slip), ("phone_missing", missing)):
        sheet.note(mechanism, where)
    return written


def _others(sheet: Sheet, number: Ints) -> Ints:
    """The number that is not the person's: the mother's, or where that is the same or unknown, an office's."""
    mother = sheet.ward.people.mother[sheet.who]
    hers = _mobile(sheet, np.maximum(mother, 0), sheet.on)
    office = FIRST_OFFICE + int(chances(f"{sheet.system} office", sheet.ward.seed) * OFFICES)
    return np.asarray(np.where((mother >= 0) & (hers != number) & (hers > 0), hers, office))


def _number(sheet: Sheet, who: Ints, on: Ints) -> Ints:
    """The own mobile, the mother's for those who have none and live with her, or the household's telephone."""
    ward, people = sheet.ward, sheet.ward.people
    mother = np.maximum(people.mother[who], 0)
    own, hers = _mobile(sheet, who, on), _mobile(sheet, mother, on)
    together = (people.mother[who] >= 0) & (people.death[mother] > on)
    together &= ward.household(who, on) == ward.household(mother, on)
    number = np.where(together & (hers > 0), hers, of_household(ward, ward.addresses.phone[ward.home(who, on)]))
    return np.asarray(np.where(own > 0, own, number))


def _mobile(sheet: Sheet, who: Ints, on: Ints) -> Ints:
    """A mobile telephone that is kept for some years; 0 for those who have none of their own."""
    ward, habits = sheet.ward, sheet.ward.parameters.habits
    has = (ward.age(who, on) >= habits.mobile_from_age) & (ward.chance("own mobile", who) < habits.own_mobile)
    turn = np.floor(on / (habits.mobile_kept * YEAR) + ward.chance("mobile since", who)).astype(np.int64)
    return np.asarray(np.where(has, mobile(ward, who, turn), 0))


def email(sheet: Sheet) -> Texts:
    """An address at .example made from the true name, for those who give one."""
    ward, people = sheet.ward, sheet.ward.people
    gives = sheet.chance("email") < ward.parameters.habits.email_given
    gives &= ward.age(sheet.who, sheet.on) >= ward.parameters.habits.mobile_from_age
    texts = np.full(len(sheet), "", dtype=object)
    rows = np.flatnonzero(gives)
    family, _ = ward.surname(sheet.who[rows], people.birth[sheet.who[rows]])
    number = (ward.chance("email", sheet.who[rows]) * 900 + 100).astype(np.int64)
    for row, given, name, tail in zip(rows, people.given[sheet.who[rows]], family, number, strict=True):
        texts[row] = f"{_plain(given)}.{_plain(name)}{tail}@{PROVIDERS[tail % len(PROVIDERS)]}"
    return texts


@lru_cache(maxsize=200_000)
def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower())
    return "".join(one for one in letters if one.isascii() and one.isalpha())

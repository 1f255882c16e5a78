"""Numbers that stand for people: record numbers of agencies, Social Security numbers, telephone numbers.

They are made by permuting the county-wide number of the person, so that no two people share one, and the same in every
run. No number is anybody's: Social Security numbers from 900 on with groups 01 to 49 are issued to nobody, neither as
Social Security nor as taxpayer numbers (SSA: no area 900-999; IRS: taxpayer numbers have groups 50-65, 70-88, 90-92
and 94-99), and no telephone has the area code 555 or one of those that stay free in the North American Numbering Plan
(37X and 96X are set aside, N9X kept for longer numbers).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, Texts, chances, choose
from infotrust.core.practice.names import COMMUNITIES
from infotrust.core.practice.records import mistakes
from infotrust.core.practice.records.relatives import siblings
from infotrust.core.practice.ward import Ward

if TYPE_CHECKING:
    from infotrust.core.practice.records.sheet import Sheet

ROUNDS = 4
ROOM = 100_000  # numbers kept free for the people of a ward
AREAS, SERIALS = 100 * 49, 9999
PLACEHOLDERS = ("000000000", "999999999", "123456789", "111111111", "999990000")
# A larger county has several: one for ten wards of up to `ROOM` people, about 250,000.
AREA_CODES = ("555", *(str(370 + one) for one in range(10)), *(str(960 + one) for one in range(10)),
              *(f"{first}9{last}" for first in range(2, 10) for last in range(10)))  # fmt: skip
LOCAL = 10**7  # numbers in an area code; those of households begin with 9, of mobiles with 2 to 8, of offices with 1
FIRST_MOBILE, FIRST_OF_A_HOUSEHOLD = 2_000_000, 9_000_000
MOBILES_IN_A_LIFE = 7  # numbers that a person may have one after another; then the first is given again


def permuted(numbers: Ints, left: int, right: int, what: str, seed: int) -> Ints:
    """The numbers from 0 to left * right - 1, in no order: none is met twice (a Feistel network of `ROUNDS` rounds).

    Larger numbers keep how often they exceed the range, so that they too stay distinct.
    """
    beyond, within = np.divmod(numbers, left * right)
    high, low = np.divmod(within, right)
    for turn in range(ROUNDS):
        if turn % 2:
            low = (low + (chances(f"{what} {turn}", seed, high) * right).astype(np.int64)) % right
        else:
            high = (high + (chances(f"{what} {turn}", seed, low) * left).astype(np.int64)) % left
    return np.asarray(beyond * (left * right) + high * right + low, dtype=np.int64)


def compact_number(ward: Ward, who: Ints) -> Ints:
    """The persons' numbers in the county without the gaps between wards."""
    if len(ward) > ROOM:
        raise ValueError(f"A ward of {len(ward)} people has more than {ROOM}; make the wards smaller.")
    return np.asarray(ward.number * ROOM + who, dtype=np.int64)


def record_keys(ward: Ward, system: str, who: Ints, copy: Ints, pattern: str, copies: int) -> Ints:
    """A number for each record with as many digits as `pattern` asks for, or more where these do not suffice."""
    found = re.search(r"\{:0(\d+)d\}", pattern)
    digits = int(found.group(1)) if found else 8
    if len(copy) and int(copy.max()) >= copies:
        raise ValueError(f"Record {int(copy.max())} of a person, but room for {copies}; give `copies`.")
    number = compact_number(ward, who) * copies + copy
    return permuted(number, 10 ** (digits // 2), 10 ** (digits - digits // 2), f"{system} {pattern} keys", ward.seed)


def social_security(ward: Ward, who: Ints) -> Ints:
    """Nine digits that nobody has, for each person; no two people of a county of up to 12 million share one."""
    mixed = permuted(compact_number(ward, who) % (AREAS * SERIALS), AREAS, SERIALS, "numbers", ward.seed)
    area, rest = np.divmod(mixed, 49 * SERIALS)
    return np.asarray((900 + area) * 10**6 + (1 + rest // SERIALS) * 10**4 + 1 + rest % SERIALS, dtype=np.int64)


def mobile(ward: Ward, who: Ints, turn: Ints) -> Ints:
    """The mobile telephone of persons, the one after `turn` others: place of the area code in AREA_CODES and seven
    digits, as one number. No two people of a county of up to 25 million share one."""
    number = compact_number(ward, who) * MOBILES_IN_A_LIFE + turn % MOBILES_IN_A_LIFE
    area, local = np.divmod(permuted(number, 1000, 7000, "mobile", ward.seed), FIRST_OF_A_HOUSEHOLD - FIRST_MOBILE)
    return np.asarray(area * LOCAL + FIRST_MOBILE + local, dtype=np.int64)


def of_household(ward: Ward, number: Ints) -> Ints:
    """The telephone of a household, as `mobile`; `number` as in `Ward.addresses`."""
    room = LOCAL - FIRST_OF_A_HOUSEHOLD
    area, local = np.divmod(permuted(ward.number * ROOM + number, 1000, 1000, "telephone", ward.seed), room)
    return np.asarray(area * LOCAL + FIRST_OF_A_HOUSEHOLD + local, dtype=np.int64)


def written_phone(number: int, pattern: str) -> str:
    """A telephone in three parts, as `pattern` has them: area code, three digits and four."""
    area, local = divmod(number, LOCAL)
    return pattern.format(AREA_CODES[area % len(AREA_CODES)], *divmod(local, 10_000))


def without_number(ward: Ward, who: Ints) -> Bools:
    """Those who have no Social Security number, in any system: more often where families came lately."""
    habits = ward.parameters.habits
    rate = np.array([float(habits.no_ssn.get(code, 0.0)) for code in COMMUNITIES])[ward.people.community[who]]
    rate = np.where(ward.people.mother[who] >= 0, rate * habits.no_ssn_born_here, rate)
    return np.asarray(ward.chance("no ssn", who) < rate)


def ssn(sheet: Sheet) -> Texts:
    """Social Security numbers as written: nine digits, the last four, or nothing.

    A number is a placeholder, missing, borrowed, none at all, or the person's own; where it is borrowed or the
    person's own, only the last four may be written, or one digit may be wrong.
    """
    ward, who, asked = sheet.ward, sheet.who, 1 - sheet.habits.rate("ssn_missing")
    lender = _lender(sheet)
    placeholder = sheet.happens("ssn_placeholder")
    missing = sheet.happens("ssn_missing", ~placeholder)
    borrowed = sheet.happens("ssn_borrowed", ~placeholder & ~missing & (lender >= 0), within=asked)
    none = without_number(ward, who) & ~placeholder & ~missing & ~borrowed
    free = ~placeholder & ~missing & ~none
    short = sheet.happens("ssn_last_four", free, within=asked)
    slip = sheet.happens("ssn_slip", free, within=asked)
    numbers = social_security(ward, np.where(borrowed, lender, who))
    texts = np.full(len(sheet), "", dtype=object)
    texts[free] = [f"{number:09d}" for number in numbers[free].tolist()]
    which = sheet.chance("ssn which")
    for row in np.flatnonzero(slip).tolist():
        texts[row] = mistakes.slip_of_number(texts[row], float(which[row]))
    texts[short] = [text[-4:] for text in texts[short]]
    texts[placeholder] = np.array(PLACEHOLDERS, dtype=object)[(which[placeholder] * len(PLACEHOLDERS)).astype(np.int64)]
    happened = {"ssn_placeholder": placeholder, "ssn_none": none, "ssn_missing": missing, "ssn_last_four": short}
    for mechanism, where in {**happened, "ssn_borrowed": borrowed, "ssn_slip": slip}.items():
        sheet.note(mechanism, where)
    return texts


def _lender(sheet: Sheet) -> Ints:
    """Whose number would be written by mistake: the mother's, a sibling's or the father's; -1 for nobody's."""
    people, pick = sheet.ward.people, sheet.chance("ssn_borrowed which")
    mother, sibling, father = people.mother[sheet.who], sheet.ward.of(siblings)[sheet.who], people.father[sheet.who]
    lender = choose(pick, dict(sheet.ward.parameters.habits.ssn_borrowed_from))
    found = np.choose(lender, [mother, sibling, father])
    return np.where(found < 0, mother, found)

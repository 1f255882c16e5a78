"""What stands in an agency's file: the true values of the day, and what went wrong when they were written down.

Whole columns at a time; only values that go wrong are handled one by one, by the practice county's slips.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from infotrust.core.practice.chance import Bools, Floats, Ints, Texts
from infotrust.core.practice.records import mistakes
from infotrust.core.practice.records.numbers import AREA_CODES, LOCAL, PLACEHOLDERS

from .agencies import HASTE, Agency
from .dwellings import Dwellings
from .people import TODAY, YEAR, Homes, People, telephone_numbers

PLACEHOLDER_NAMES = (
    ("BABY GIRL", "BABYGIRL", "GIRL", "INFANT GIRL", "BG"),
    ("BABY BOY", "BABYBOY", "BOY", "INFANT BOY", "BB"),
)
SLIPS = (mistakes.keying, mistakes.keying, mistakes.phonetic, mistakes.ocr)  # how often each, for names and streets
SHELTERS = 25  # for a million people, more or fewer in proportion; at least two


@dataclass(frozen=True)
class Page:
    """Records of one agency: person and day of each, and chances drawn in one order from `rng`."""

    agency: Agency
    people: People
    homes: Homes
    dwellings: Dwellings
    person: Ints
    day: Ints
    rng: np.random.Generator

    def __len__(self) -> int:
        return len(self.person)

    @cached_property
    def haste(self) -> Floats:
        """How many times as many mistakes as usual; 1 on average."""
        return np.exp(self.rng.normal(-(HASTE**2) / 2, HASTE, len(self)))

    def happens(self, slip: str) -> Bools:
        """Where a mistake is made; what is left out or shortened as a habit does not come from haste."""
        rate = self.agency.rate(slip)
        return np.asarray(self.rng.random(len(self)) < (rate * self.haste if rate < 0.1 else rate))

    @cached_property
    def household(self) -> Ints:
        left = self.people.left[self.person]
        return np.where(self.day < left, self.people.before[self.person], self.people.household[self.person])


def fill(page: Page) -> pa.Table:
    """The records as the agency has them: a table of texts, null where a cell is empty."""
    given, family = _given(page), _family(page)
    swapped = page.happens("names_swapped")
    given[swapped], family[swapped] = family[swapped], given[swapped]
    values = {"given": given, "family": family, "middle": _middle(page), "suffix": _suffix(page), "sex": _sex(page)}
    values |= _address(page)
    if page.agency.upper:
        for name in ("given", "family", "middle", "line", "street", "city"):
            values[name] = _each(str.upper, values[name])
    columns = {name: pa.array(texts, pa.string()) for name, texts in values.items()}
    columns |= {"date": _date(page), "ssn": _ssn(page), "phone": _phone(page)}
    wanted = page.agency.columns.items()
    return pa.table({heading: _without_empty(columns[name]) for name, heading in wanted})


def _without_empty(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.if_else(pc.equal(column, ""), None, column)


def _each(change: Callable[[str], str], texts: Texts) -> Texts:
    changed = np.empty(len(texts), dtype=object)
    changed[:] = [change(text) for text in texts.tolist()]
    return changed


def _slip(page: Page, texts: Texts, where: Bools) -> None:
    rows = np.flatnonzero(where)
    how, chance = page.rng.integers(0, len(SLIPS), len(rows)), page.rng.random(len(rows))
    for row, kind, one in zip(rows.tolist(), how.tolist(), chance.tolist(), strict=True):
        if len(texts[row]) > 1:
            texts[row] = SLIPS[kind](texts[row], one)


def _given(page: Page) -> Texts:
    people, who = page.people, page.person
    given = people.given[who]
    short = page.happens("given_short") & (people.short[who] != "")
    given[short] = people.short[who][short]
    middle = page.happens("given_middle") & (people.middle[who] != "")  # called by the second name
    given[middle] = people.middle[who][middle]
    _slip(page, given, page.happens("given_slip"))
    initial = page.happens("given_initial")
    given[initial] = [text[:1] for text in given[initial]]
    baby = page.happens("placeholder") & (page.day - people.birth[who] < 30)
    for row in np.flatnonzero(baby).tolist():
        options = PLACEHOLDER_NAMES[int(people.male[who[row]])]
        given[row] = options[int(page.rng.random() * len(options))]
        if people.twin[who[row]]:
            given[row] += " B"
    given[page.happens("given_missing")] = ""
    return given


def _family(page: Page) -> Texts:
    people, who = page.people, page.person
    family = people.family[who]
    earlier = page.day < people.changed[who]
    family[earlier] = people.former[who][earlier]
    mother = people.mother[who]
    hers = page.happens("family_mothers") & (mother >= 0)
    family[hers] = people.former[mother[hers]]
    half = page.happens("family_half")
    for row in np.flatnonzero(half).tolist():
        text = family[row]
        parts = text.replace("-", " ").split(" ")
        if len(parts) == 2:
            which = page.rng.random()
            family[row] = parts[0] if which < 0.6 else parts[1] if which < 0.8 else f"{parts[0]}-{parts[1]}"
    _slip(page, family, page.happens("family_slip"))
    family[page.happens("family_missing")] = ""
    return family


def _middle(page: Page) -> Texts:
    middle = page.people.middle[page.person]
    _slip(page, middle, page.happens("middle_slip"))
    initial = page.happens("middle_initial")
    middle[initial] = [text[:1] for text in middle[initial]]
    middle[page.happens("middle_missing")] = ""
    return middle


def _suffix(page: Page) -> Texts:
    suffix = page.people.suffix[page.person]
    suffix[page.happens("suffix_missing")] = ""
    return suffix


def _sex(page: Page) -> Texts:
    male = page.people.male[page.person] ^ page.happens("sex_wrong")
    sex = np.array(page.agency.sexes, dtype=object)[male.astype(np.int64)]
    sex[page.happens("sex_missing")] = ""
    return sex


# --- dates and numbers ---


def _date(page: Page) -> pa.Array:
    day = page.people.birth[page.person].copy()
    swapped, slip, first = (page.happens(name) for name in ("date_swapped", "date_slip", "date_first"))
    chance = page.rng.random(len(page))
    for row in np.flatnonzero(swapped).tolist():
        day[row] = mistakes.swap_day_and_month(int(day[row]))
    for row in np.flatnonzero(slip).tolist():
        day[row] = mistakes.slip_of_date(int(day[row]), float(chance[row]), TODAY - 1)
    for row in np.flatnonzero(first).tolist():
        day[row] = date(date.fromordinal(int(day[row])).year, 1, 1).toordinal()
    days, where = np.unique(day, return_inverse=True)
    texts = pa.array([date.fromordinal(one).strftime(page.agency.date) for one in days.tolist()], pa.string())
    return texts.take(pa.array(where, mask=page.happens("date_missing")))


def _ssn(page: Page) -> pa.Array:
    people, who = page.people, page.person
    number = people.ssn[who].copy()
    mother = people.mother[who]
    relative = page.happens("ssn_relative") & (mother >= 0)
    number[relative] = people.ssn[mother[relative]]
    texts = np.empty(len(page), dtype=object)
    texts[:] = [f"{one:09d}" if one else "" for one in number.tolist()]
    chance = page.rng.random(len(page))
    for row in np.flatnonzero(page.happens("ssn_slip") & (number > 0)).tolist():
        texts[row] = mistakes.slip_of_number(texts[row], float(chance[row]))
    placeholder = page.happens("ssn_placeholder")
    texts[placeholder] = np.array(PLACEHOLDERS, dtype=object)[
        (chance[placeholder] * len(PLACEHOLDERS)).astype(np.int64)
    ]
    if page.agency.dashes:
        texts = _each(lambda text: f"{text[:3]}-{text[3:5]}-{text[5:]}" if text else "", texts)
    four = page.happens("ssn_four")
    texts[four] = [text[-4:] for text in texts[four]]
    texts[page.happens("ssn_missing")] = ""
    return pa.array(texts, pa.string())


def _phone(page: Page) -> pa.Array:
    """The own mobile, a child's mother's, or the household's; numbers change as the years go by."""
    people, who = page.people, page.person
    mother = people.mother[who]
    mobile = np.where(mother >= 0, people.phone[np.maximum(mother, 0)], people.phone[who])
    shared = page.homes.phone[page.household]
    number = np.where(mobile > 0, mobile, shared)
    # A quarter have another number after some years: a new one made from the old, the same in every file.
    since = TODAY - (number % 97) / 97 * 12 * YEAR
    changed = (number % 100 < 100 * page.agency.rate("phone_changed")) & (page.day < since)
    number = np.where(changed, number // LOCAL * LOCAL + 2_000_000 + (number * 7919) % 7_999_993, number)
    other = page.happens("phone_other")
    number[other] = np.where(mobile[other] > 0, shared[other], telephone_numbers(int(other.sum()), page.rng))
    pattern, texts = page.agency.phone, np.empty(len(page), dtype=object)
    texts[:] = [
        pattern.format(
            AREA_CODES[one // LOCAL % len(AREA_CODES)], f"{one % LOCAL // 10_000:03d}", f"{one % 10_000:04d}"
        )
        for one in number.tolist()
    ]
    chance = page.rng.random(len(page))
    for row in np.flatnonzero(page.happens("phone_slip")).tolist():
        texts[row] = texts[row][:-7] + mistakes.slip_of_number(texts[row][-7:].replace("-", "0"), float(chance[row]))
    texts[page.happens("phone_missing")] = ""
    return pa.array(texts, pa.string())


# --- addresses ---


def _address(page: Page) -> dict[str, Texts]:
    """The address in its parts, and as one line."""
    there, day = page.dwellings, page.day.copy()
    old = page.happens("address_old")  # nobody told the agency
    day[old] -= (page.rng.random(int(old.sum())) * 5 * YEAR).astype(np.int64)
    at = page.homes.at(page.household, day)
    shelter = page.happens("address_shelter")
    shelters = max(2, SHELTERS * len(page.people) // 10**6)
    at[shelter] = (page.rng.integers(0, shelters, int(shelter.sum())) * 104_729) % len(there)
    unit_number = there.unit[at]
    unit_number[page.happens("unit_missing")] = 0
    house, street = _numbers(there.house[at]), there.streets[there.street[at]]
    unit = _numbers(unit_number)
    unit[unit_number == 0] = ""
    city, zip_code = there.cities[there.city[at]], there.zip[at]
    short = page.happens("street_short")
    known = _each(lambda name: mistakes.address_abbreviated(f"1 {name}")[2:], there.streets)
    street[short] = known[there.street[at]][short]
    slip = page.happens("address_slip")
    _slip(page, street, slip & (page.rng.random(len(page)) < 0.5))
    chance = page.rng.random(len(page))
    for row in np.flatnonzero(slip & (chance < 0.5)).tolist():
        if len(house[row]) > 1:
            house[row] = mistakes.slip_of_number(house[row], float(chance[row] * 2))
    box = page.happens("po_box")
    street[box] = [mistakes.po_box("", one) for one in page.rng.random(int(box.sum())).tolist()]
    house[box] = unit[box] = ""
    missing = page.happens("address_missing")
    for part in (house, street, unit, city, zip_code):
        part[missing] = ""
    line = np.empty(len(page), dtype=object)
    line[:] = [
        f"{one} {two} Apt {three}" if three else f"{one} {two}".strip()
        for one, two, three in zip(house.tolist(), street.tolist(), unit.tolist(), strict=True)
    ]
    return {"house": house, "street": street, "unit": unit, "city": city, "zip": zip_code, "line": line}


def _numbers(numbers: Ints) -> Texts:
    texts = np.empty(len(numbers), dtype=object)
    texts[:] = [str(one) for one in numbers.tolist()]
    return texts

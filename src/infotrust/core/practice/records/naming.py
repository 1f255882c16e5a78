"""Names as they are written down: from what a person is called on the day to what stands in the record.

The order is that of life: first which name is given (a short form, the middle name, one of two surnames, a former
name), then how it is heard and spelled, then the slips of the hand and of the scanner, then the form of the system.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, Texts
from infotrust.core.practice.names import COMMUNITIES, nicknames
from infotrust.core.practice.records import mistakes
from infotrust.core.practice.records.relatives import other_twins

if TYPE_CHECKING:
    from infotrust.core.practice.records.sheet import Sheet

# Where the family name comes first at home, so that forms are often filled in that way.
FAMILY_FIRST = np.isin(COMMUNITIES, ("vietnamese", "chinese", "korean"))
# Where a hyphen belongs to the name: Al-Masri, Jean-Baptiste. Elsewhere it joins two surnames.
ONE_WITH_HYPHEN = np.isin(COMMUNITIES, ("arabic", "haitian"))
TWO_SURNAMES = ("one_surname", "other_surname", "joined_surname", "reversed_surnames")
NO_NAMES = (("UNKNOWN", "UNKNOWN"), ("DOE", "JOHN"), ("DOE", "JANE"), ("UNK", "UNK"), ("TEST", "TEST"), ("X", "X"))
NEWBORN = (
    ("Baby Boy", "BabyBoy", "BB", "Baby", "Boy", "Newborn"),
    ("Baby Girl", "BabyGirl", "BG", "Baby", "Girl", "Newborn"),
)
LETTERS = ("", " A", " B", " C")


def given_and_family(sheet: Sheet) -> tuple[Texts, Texts]:
    given, family = _given(sheet), _family(sheet)
    for mechanism in ("transliteration", "punctuation", "diacritics", "phonetic", "keying", "ocr"):
        _slip(sheet, mechanism, given, family)
    _swap(sheet, given, family)
    _unnamed(sheet, given, family)
    _no_name(sheet, given, family)
    return cased(sheet, _cut(sheet, given)), cased(sheet, _cut(sheet, family))


def _change(sheet: Sheet, values: Texts, mechanism: str, where: Bools, change: Callable[[str, float], str]) -> None:
    """Change `values` in place, and note the mechanism where a value did change."""
    which = sheet.chance(f"{mechanism} which")
    changed = []
    for row in np.flatnonzero(where).tolist():
        made = change(values[row], float(which[row]))
        if made != values[row]:
            values[row] = made
            changed.append(row)
    sheet.note(mechanism, np.array(changed, dtype=np.int64))


# --- which name ---


def _given(sheet: Sheet) -> Texts:
    """The given name, or what the person is called: a short form, the middle name, by mistake the other twin's."""
    ward, people = sheet.ward, sheet.ward.people
    given = people.given[sheet.who].copy()
    other = ward.of(other_twins)[sheet.who]
    confused = sheet.happens("twins_confused", other >= 0)
    given[confused] = people.given[other[confused]]
    sheet.note("twins_confused", confused)
    middle = people.middle[sheet.who]
    called = ward.chance("goes by middle", sheet.who) < ward.parameters.habits.goes_by_middle
    called &= sheet.happens("middle_as_first", middle != "")
    given[called] = middle[called]
    sheet.note("middle_as_first", called)
    # The same short form in each system that writes one: it is the person's.
    short, pick = nicknames(), ward.chance("nickname", sheet.who)
    changed = []
    for row in np.flatnonzero(sheet.happens("nickname", ~called)).tolist():
        known = short.get(mistakes.diacritics(given[row]))
        if known:
            given[row] = known[int(pick[row] * len(known))]
            changed.append(row)
    sheet.note("nickname", np.array(changed, dtype=np.int64))
    return given


def _family(sheet: Sheet) -> Texts:
    ward, who = sheet.ward, sheet.who
    first, second = (part.copy() for part in ward.surname(who, sheet.on))
    born_first, born_second = ward.surname(who, ward.people.birth[who])
    kept = sheet.happens("maiden_name", (born_first != first) | (born_second != second))
    first[kept], second[kept] = born_first[kept], born_second[kept]
    sheet.note("maiden_name", kept)
    mother = ward.people.mother[who]
    other, _ = ward.surname(np.maximum(mother, 0), sheet.on)
    alias = sheet.happens("alias", (mother >= 0) & (other != first) & ~kept)
    first[alias], second[alias] = other[alias], ""
    sheet.note("alias", alias)
    return _two_surnames(sheet, first, second)


def _two_surnames(sheet: Sheet, first: Texts, second: Texts) -> Texts:
    """One of five ways to write two surnames. The right one is both, with the family's blank or hyphen."""
    community = sheet.ward.people.community[sheet.who]
    hyphen = _hyphenated(first, second, community)
    family = first.copy()
    two = np.flatnonzero(second != "")
    chance, low = sheet.chance("two surnames")[two], 0.0
    style = np.full(len(two), "both", dtype=object)
    for mechanism in TWO_SURNAMES:
        rate = sheet.habits.rate(mechanism)
        style[(chance >= low) & (chance < low + rate)] = mechanism
        low += rate
    for row, how, joined in zip(two.tolist(), style, hyphen[two].tolist(), strict=True):
        family[row] = mistakes.two_surnames(first[row], second[row], how, "-" if joined else " ")
    for mechanism in TWO_SURNAMES:
        sheet.note(mechanism, two[style == mechanism])
    return family


def _hyphenated(first: Texts, second: Texts, community: Ints) -> Bools:
    """Take surnames with a hyphen for two, in place; where they were."""
    hyphen = np.zeros(len(first), dtype=bool)
    for row in np.flatnonzero((second == "") & ~ONE_WITH_HYPHEN[community]).tolist():
        if "-" in first[row]:
            first[row], _, second[row] = first[row].partition("-")
            hyphen[row] = True
    return hyphen


# --- slips ---


def _slip(sheet: Sheet, mechanism: str, given: Texts, family: Texts) -> None:
    function = getattr(mistakes, mechanism)
    happens = sheet.happens(mechanism)
    if mechanism in ("diacritics", "punctuation"):  # a habit of the system: all of the name
        for values in (given, family) if happens.any() else ():
            special = np.array([not text.isalpha() or not text.isascii() for text in values], dtype=bool)
            _change(sheet, values, mechanism, happens & special, function)
        return
    in_family = sheet.chance(f"{mechanism} part") < sheet.ward.parameters.habits.slips_in_family_name
    _change(sheet, family, mechanism, happens & in_family, function)
    _change(sheet, given, mechanism, happens & ~in_family, function)


def _swap(sheet: Sheet, given: Texts, family: Texts) -> None:
    """Given and family name in each other's place: a slip, or the custom of the family."""
    custom = FAMILY_FIRST[sheet.ward.people.community[sheet.who]]
    for mechanism, where in (("reversed_order", custom), ("swapped_names", ~custom)):
        rows = np.flatnonzero(sheet.happens(mechanism, where))
        given[rows], family[rows] = family[rows], given[rows]
        sheet.note(mechanism, rows)


def _unnamed(sheet: Sheet, given: Texts, family: Texts) -> None:
    """Newborns who have no name yet on the day of the record: "Baby Boy" and the mother's surname."""
    people, who = sheet.ward.people, sheet.who
    new = sheet.on - people.birth[who] <= sheet.ward.parameters.habits.unnamed_days
    rows = np.flatnonzero(sheet.happens("unnamed_newborn", new))
    mother = people.mother[who[rows]]
    hers, _ = sheet.ward.surname(np.maximum(mother, 0), sheet.on[rows])
    family[rows] = np.where(mother >= 0, hers, family[rows])
    pick = sheet.chance("unnamed_newborn which")[rows]
    for row, chance in zip(rows.tolist(), pick.tolist(), strict=True):
        forms = NEWBORN[0 if people.male[who[row]] else 1]
        many = people.plurality[who[row]] > 1
        given[row] = forms[int(chance**2 * len(forms))] + (LETTERS[people.birth_order[who[row]]] if many else "")
    sheet.note("unnamed_newborn", rows)


def _no_name(sheet: Sheet, given: Texts, family: Texts) -> None:
    rows = np.flatnonzero(sheet.happens("placeholder_name"))
    pick = sheet.chance("placeholder_name which")[rows]
    male = sheet.ward.people.male[sheet.who[rows]]
    for row, chance, boy in zip(rows.tolist(), pick.tolist(), male.tolist(), strict=True):
        place = int(chance * len(NO_NAMES))
        family[row], given[row] = NO_NAMES[place]
        if family[row] == "DOE":
            given[row] = "JOHN" if boy else "JANE"
    sheet.note("placeholder_name", rows)


# --- the form of the system ---


def _cut(sheet: Sheet, values: Texts) -> Texts:
    longest = sheet.ward.parameters.habits.longest_name.get(sheet.system)
    if longest is None or sheet.habits.rate("truncated") <= 0:
        return values
    rows = np.array([row for row, text in enumerate(values) if len(text) > longest], dtype=np.int64)
    values[rows] = [text[:longest].rstrip() for text in values[rows]]
    sheet.note("truncated", rows)
    return values


def cased(sheet: Sheet, values: Texts) -> Texts:
    """In capitals where the system writes so, or where the clerk does."""
    rate = sheet.habits.rate("capitals")
    if rate <= 0:
        return values
    if rate >= 1:
        return np.array([text.upper() for text in values], dtype=object)
    loud: Floats = sheet.chance("capitals")
    return np.array([text.upper() if c < rate else text for text, c in zip(values, loud, strict=True)], dtype=object)


def middle(sheet: Sheet, *, initial: bool) -> Texts:
    names = sheet.ward.people.middle[sheet.who].copy()
    missing = sheet.happens("middle_missing", names != "")
    names[missing] = ""
    sheet.note("middle_missing", missing)
    if initial:
        names = np.array([text[:1] for text in names], dtype=object)
    return cased(sheet, names)


def suffix(sheet: Sheet) -> Texts:
    names = sheet.ward.people.suffix[sheet.who].copy()
    missing = sheet.happens("suffix_missing", names != "")
    names[missing] = ""
    sheet.note("suffix_missing", missing)
    return cased(sheet, names)


def full_names(sheet: Sheet, who: Ints, *, family_first: bool) -> Texts:
    """Names of other people (-1: nobody) as they are given on the day of the record, in one text."""
    some = np.maximum(who, 0)
    given, (first, second) = sheet.ward.people.given[some], sheet.ward.surname(some, sheet.on)
    slip, pick = sheet.chance("parent keying") < sheet.habits.rate("keying"), sheet.chance("parent keying which")
    texts = []
    for row, (name, one, two) in enumerate(zip(given, first, second, strict=True)):
        family = f"{one} {two}" if two else one
        full = f"{family}, {name}" if family_first else f"{name} {family}"
        texts.append(mistakes.keying(full, float(pick[row])) if slip[row] else full)
    names = np.array(texts, dtype=object)
    names[who < 0] = ""
    return cased(sheet, names)

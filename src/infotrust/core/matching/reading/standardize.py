"""Write the same thing the same way: names, dates, addresses and numbers as agencies deliver them.

Every function takes one value and returns its standard form, or None when the value says nothing about the person:
empty, or a placeholder such as BABY BOY, 999-99-9999 or 01/01/1900. Nothing is guessed: a value that has the right
shape but cannot be right is kept: a typing error still resembles the truth. What a function did to a value it tells the
`Note` it is given, step by step; the delivered value stays in the source's table, beside its standard form.
US conventions first; Spanish compound surnames keep both words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from infotrust.core.matching.reading.addresses import STREET_WORDS, city, street_address
from infotrust.core.matching.reading.contacts import (
    MADE_UP,
    PLACEHOLDER_SSNS,
    email,
    is_made_up,
    phone,
    sex,
    ssn,
    zip_code,
)
from infotrust.core.matching.reading.dates import (
    DEFAULT,
    birth_date,
    days_come_first,
    more_days_first,
    parts_over_twelve,
)
from infotrust.core.matching.reading.names import (
    PARTICLES,
    SUFFIXES,
    TITLES,
    family_and_suffix,
    full_name,
    given_and_suffix,
    given_name,
    guardian_name,
    middle_name,
    name,
    suffix,
)
from infotrust.core.matching.reading.writing import NOTHING, Note, plain, silently

__all__ = [
    "NOTHING", "PARTICLES", "PLACEHOLDER_SSNS", "SEVERAL", "SINGLE", "SOUND", "STREET_WORDS", "SUFFIXES", "TITLES",
    "Habits", "birth_date", "city", "column", "days_come_first", "email", "full_name", "given_name", "guardian_name",
    "middle_name", "more_days_first", "name", "noted_column", "parts_over_twelve", "phone", "plain", "sex", "skeleton",
    "ssn", "street_address", "suffix", "words", "zip_code",
]  # fmt: skip


@dataclass(frozen=True)
class Habits:
    """What holds for a whole file, and is decided once for it.

    day_first: its dates begin with the day. default_dates: standard dates that it writes where none is known. made_up:
    numbers of the 900s that are no taxpayer numbers are its own and kept; else they say nothing.
    """

    day_first: bool = False
    default_dates: frozenset[str] = frozenset()
    made_up: bool = True


def words(value: str | None) -> list[str]:
    """The words of a standard name that tell people apart: particles only when there is nothing else."""
    if not value:
        return []
    everything = value.split()
    return [word for word in everything if word not in PARTICLES] or everything


SOUND = {"c": "k", "q": "k", "z": "s", "v": "f", "b": "p", "d": "t", "g": "k", "j": "k", "m": "n"}


def skeleton(word: str) -> str:
    """What is left of a word when spelling varies: its first letter and the kinds of consonants after it."""
    kept = ""
    for letter in word[:1] + re.sub("[aeiouyhw]", "", word[1:]):
        sound = SOUND.get(letter, letter)
        if not kept.endswith(sound):
            kept += sound
    return kept[:5]


# Semantic type -> the fields it becomes -> how. One function may give several fields.
SINGLE: dict[str, tuple[str, Callable[[str, Note], str | None]]] = {
    "middle_name": ("middle", middle_name),
    "name_suffix": ("suffix", suffix),
    "sex": ("sex", sex),
    "ssn": ("ssn", ssn),
    "city": ("city", city),
    "zip_code": ("zip", zip_code),
    "phone": ("phone", phone),
    "email": ("email", email),
    "guardian_name": ("guardian", guardian_name),
}
SEVERAL: dict[str, tuple[tuple[str, ...], Callable[[str, Note], tuple[str | None, ...]]]] = {
    "given_name": (("given", "suffix"), given_and_suffix),
    "family_name": (("family", "suffix"), family_and_suffix),
    "full_name": (("given", "middle", "family", "suffix"), full_name),
    "street_address": (("house", "street", "unit"), street_address),
}
KINDS = (*SINGLE, *SEVERAL, "birth_date")


def column(
    kind: str, values: Sequence[str], *, day_first: bool | None = None, habits: Habits | None = None
) -> dict[str, list[str | None]]:
    """Standardize the distinct values of one column of semantic type `kind`: field -> one entry per value.

    day_first: None: seen in the values. habits: instead, what was decided for the file.
    """
    return noted_column(kind, values, day_first=day_first, habits=habits)[0]


Steps = dict[str, list[int]]  # step -> places of the values that it changed


def noted_column(
    kind: str, values: Sequence[str], *, day_first: bool | None = None, habits: Habits | None = None
) -> tuple[dict[str, list[str | None]], Steps]:
    """As `column`, with the steps that were taken."""
    if habits is None:
        seen = days_come_first(values) if kind == "birth_date" and day_first is None else bool(day_first)
        habits = Habits(day_first=seen)
    fields, standard = _standard(kind, habits)
    steps: Steps = {}
    parts = []
    for place, value in enumerate(values):
        taken: list[str] = []
        parts.append(standard(value, taken.append))
        for step in taken:
            places = steps.setdefault(step, [])
            if not places or places[-1] != place:
                places.append(place)
    return {field: [part[at] for part in parts] for at, field in enumerate(fields)}, steps


def _standard(kind: str, habits: Habits) -> tuple[tuple[str, ...], Callable[[str, Note], tuple[str | None, ...]]]:
    if kind in SEVERAL:
        return SEVERAL[kind]
    if kind == "birth_date":
        return ("birth_date",), partial(_file_s_date, habits)
    if kind == "ssn":
        return ("ssn",), partial(_file_s_number, habits)
    field, single = SINGLE[kind]
    return (field,), lambda value, note: (single(value, note),)


def _file_s_date(habits: Habits, value: str, note: Note = silently) -> tuple[str | None]:
    found = birth_date(value, note, day_first=habits.day_first)
    if found in habits.default_dates:
        note(DEFAULT)
        return (None,)
    return (found,)


def _file_s_number(habits: Habits, value: str, note: Note = silently) -> tuple[str | None]:
    found = ssn(value, note)
    if found is not None and is_made_up(found):
        note(MADE_UP)
        return (found if habits.made_up else None,)
    return (found,)

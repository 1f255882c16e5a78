"""How a value is written: letters, case, spaces; and the names of the steps that standardizing takes.

A step says what it did to a value by calling the `Note` it was given with its name. Counting them, keeping them for one
record (`tracing`) or ignoring them is the caller's business; the standard form is the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

Note = Callable[[str], None]

# Steps of any value.
CASE = "letters in one case"
ACCENTS = "accents taken off"
SPACES = "spaces and invisible characters put right"
PUNCTUATION = "punctuation taken out"
PLACEHOLDER = "placeholder: says nothing"

NOTHING = frozenset({
    "na", "n/a", "n a", "nan", "none", "null", "nil", "unknown", "unk", "unkn", "missing", "refused", "declined",
    "test", "tbd", "blank", "x", "xx", "xxx", "xxxx", "nfn", "nmn", "nln", "fnu", "lnu", "noname", "notprovided",
    "no name", "not provided", "not applicable", "no last name", "no first name", "not given", "do not use",
    "unnamed", "anonymous", "confidential", "withheld", "not known", "not available", "not recorded", "no middle name",
    "void", "duplicate", "delete", "deleted", "testing", "testpatient", "test patient", "zztest", "ztest", "dummy",
    "desconocido", "desconocida", "sin nombre", "sin apellido", "no tiene", "no sabe", "ninguno", "ninguna",
})  # fmt: skip

# Letters that Unicode does not take apart into a plain one and a mark.
_PLAINLY = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
     "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "Th", "Æ": "Ae", "Œ": "Oe", "İ": "I"}
)  # fmt: skip


def silently(step: str) -> None:
    """The note of those who do not ask what was changed."""


def plain(value: str, note: Note = silently) -> str:
    """Lower case without accents, one space between words, no invisible characters."""
    text = value if value.isascii() else _unaccented(value, note)
    lower = text.lower()
    if lower != text:
        note(CASE)
    spaced = " ".join(lower.split())
    if not spaced.isprintable():
        spaced = " ".join("".join(letter if letter.isprintable() else " " for letter in spaced).split())
    if spaced != lower:
        note(SPACES)
    return spaced


def _unaccented(value: str, note: Note) -> str:
    decomposed = unicodedata.normalize("NFKD", value)
    # Marks of direction and width (Cf) are invisible and stand inside words: they are no spaces.
    kept = [one for one in decomposed if not unicodedata.combining(one) and unicodedata.category(one) != "Cf"]
    text = "".join(kept).translate(_PLAINLY)
    # Some letters come apart only when they are lower case, and some lower cases are accented themselves.
    if text != value:
        note(ACCENTS)
    return text


def is_nothing(text: str, note: Note = silently) -> bool:
    """Whether a plain text stands for "not known"."""
    if text in NOTHING:
        note(PLACEHOLDER)
        return True
    return False

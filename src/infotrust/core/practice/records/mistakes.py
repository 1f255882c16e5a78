"""How a value goes wrong when it is written down: a function for each mechanism, a value and a chance in, a value out.

`chance` is a number from 0 to 1 that decides which of the possible slips happens, so the same chance always makes
the same slip. Each function returns its input where the mechanism has nothing to work on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

# Neighbors on a US keyboard.
BESIDE = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip

# Written as heard: what is replaced, and by what.
SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("ie", "y"), ("ey", "y"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("th", "t"),
    ("ee", "ea"), ("ea", "ee"), ("ai", "ay"), ("ay", "ai"), ("ei", "ie"), ("ou", "oo"), ("c", "k"), ("k", "c"),
    ("z", "s"), ("y", "i"), ("x", "ks"), ("h", ""), ("s", "z"), ("i", "y"), ("e", "a"), ("o", "a"),
    ("n", "nn"), ("l", "ll"),
)  # fmt: skip

ABBREVIATIONS = {
    "Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Lane": "Ln", "Court": "Ct", "Boulevard": "Blvd",
    "Place": "Pl", "Circle": "Cir", "Apt": "#",
}  # fmt: skip


def _pick(options: Sequence[str], chance: float) -> str:
    return options[min(int(chance * len(options)), len(options) - 1)]


def _digits(chance: float) -> tuple[float, float]:
    """Two chances from one."""
    whole = chance * 997
    return whole % 1, (whole * 991) % 1


def keying(text: str, chance: float) -> str:
    """A slip of a finger: a letter doubled, dropped, swapped with the next, or replaced by its neighbor on the keys."""
    if not text:
        return text
    where, which = _digits(chance)
    at = min(int(where * len(text)), len(text) - 1)
    letter = text[at]
    doubled = text[:at] + letter + text[at:]
    dropped = text[:at] + text[at + 1 :]
    swapped = text[:at] + text[at + 1 : at + 2] + letter + text[at + 2 :]
    beside = BESIDE.get(letter.lower(), "")
    hit = text[:at] + _as(_pick(beside, which), letter) + text[at + 1 :] if beside else doubled
    made = _pick([swapped, hit, dropped, doubled], which)
    return made if made.strip() and made != text else doubled


def _as(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter


def phonetic(text: str, chance: float) -> str:
    """Written as heard: one sound spelled another way, the first letter kept in upper case."""
    low = text.lower()
    fitting = [(old, new) for old, new in SOUNDS if old in low[1:] or (low.startswith(old) and new)]
    if not fitting:
        return text
    old, new = fitting[min(int(chance * len(fitting)), len(fitting) - 1)]
    at = low.find(old, 1)
    at = 0 if at < 0 else at
    made = text[:at] + new + text[at + len(old) :]
    return made[:1].upper() + made[1:]


def swap_day_and_month(day: int) -> int:
    """Day and month in each other's place, where the day could be a month. Days are ordinals."""
    value = date.fromordinal(day)
    return value.replace(month=value.day, day=value.month).toordinal() if value.day <= 12 else day


def slip_of_date(day: int, chance: float, latest: int) -> int:
    """One part of a date wrong by one or ten, still a date, and not after `latest`."""
    value = date.fromordinal(day)
    changes = [
        ("day", 1),
        ("day", -1),
        ("month", 1),
        ("month", -1),
        ("day", 10),
        ("day", -10),
        ("year", -1),
        ("year", 1),
    ]
    first = int(chance * len(changes))
    for step in range(len(changes)):
        part, by = changes[(first + step) % len(changes)]
        try:
            made = value.replace(**{part: getattr(value, part) + by})
        except ValueError:
            continue
        if made.toordinal() <= latest:
            return made.toordinal()
    return day


def first_of_january(day: int) -> int:
    return date(date.fromordinal(day).year, 1, 1).toordinal()


def slip_of_number(text: str, chance: float) -> str:
    """One digit wrong, or two neighbors in each other's place."""
    where, which = _digits(chance)
    at = min(int(where * (len(text) - 1)), len(text) - 2)
    if which < 0.5 and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + str((int(text[at]) + 1 + int(which * 8)) % 10) + text[at + 1 :]


def abbreviate(address: str) -> str:
    """Street words in short."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in address.split(" ")).replace("# ", "#")

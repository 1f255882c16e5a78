"""How a value goes wrong when it is written down: a function for each mechanism, a value and a chance in, a value out.

`chance` is a number from 0 to 1 that decides which of the possible slips happens, so the same chance always makes
the same slip. Each function returns its input where the mechanism has nothing to work on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

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

KINDS = {
    "Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Lane": "Ln", "Court": "Ct", "Boulevard": "Blvd",
    "Place": "Pl", "Circle": "Cir", "Terrace": "Ter", "Highway": "Hwy", "Parkway": "Pkwy", "Trail": "Trl",
}  # fmt: skip
DIRECTIONS = {"North": "N", "South": "S", "East": "E", "West": "W"}
UNITS = (" Apt ", " Unit ", " # ", " #")


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
    if at == 0 and text[:1].isupper() and text[1:2].islower():
        made, doubled = _capital_first(made), _capital_first(doubled)
    return made if made.strip() and made != text else doubled


def _capital_first(text: str) -> str:
    """The capital stays first, whatever became of its letter: Uan, Jjuan and Ujan of Juan."""
    return text[:1].upper() + text[1:2].lower() + text[2:]


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


def default_birthday(day: int, chance: float) -> int:
    """January 1 of the right year, or (one in twenty) the first day the system knows, January 1, 1900."""
    return date(1900 if chance < 0.05 else date.fromordinal(day).year, 1, 1).toordinal()


def estimated_birthday(day: int, on: int, chance: float) -> int:
    """January 1 of the year that a guessed age points to: for adults ages end in 0 or 5, for children they are near."""
    age = (on - day) / 365.25
    guess = 5 * round((age + 6 * chance - 3) / 5) if age >= 18 else round(age + 2.4 * chance - 1.2)
    year = date.fromordinal(on).year - max(int(guess), 0)
    return min(date(year, 1, 1).toordinal(), on)


def slip_of_number(text: str, chance: float) -> str:
    """One digit wrong, or two neighbors in each other's place."""
    where, which = _digits(chance)
    at = min(int(where * (len(text) - 1)), len(text) - 2)
    if which < 0.5 and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + str((int(text[at]) + 1 + int(which * 8)) % 10) + text[at + 1 :]


def address_abbreviated(address: str, _chance: float = 0.0) -> str:
    """The direction, the kind of street and the unit in short: 7 N Court Ave #4."""
    number, _, rest = address.partition(" ")
    street, unit = _without_unit(rest)
    return f"{number} {_in_short(street)} #{unit}" if unit else f"{number} {_in_short(street)}".strip()


def _without_unit(address: str) -> tuple[str, str]:
    """Street and unit; the unit is empty where there is none."""
    for word in UNITS:
        street, _, unit = address.partition(word)
        if unit:
            return street, unit
    return address, ""


@lru_cache(maxsize=100_000)
def _in_short(street: str) -> str:
    words = street.split(" ")
    if len(words) > 1:
        words[-1] = KINDS.get(words[-1], words[-1])
    if len(words) > 2:
        words[0] = DIRECTIONS.get(words[0], words[0])
    return " ".join(words)


def unit_missing(address: str, _chance: float = 0.0) -> str:
    """Without the apartment."""
    return _without_unit(address)[0]


def po_box(_address: str, chance: float) -> str:
    """The box at the post office where the household has its mail."""
    return f"PO Box {10 + int(chance * 4000)}"


def address_slip(address: str, chance: float) -> str:
    """A slip in the house number, or in the name of the street."""
    number, _, rest = address.partition(" ")
    where, which = _digits(chance)
    if where < 0.5 and number.isdigit() and len(number) > 1 and rest:
        return f"{slip_of_number(number, which)} {rest}"
    return f"{number} {keying(rest, which)}" if rest else keying(number, which)


# Names of other scripts and tongues that are spelled in several ways: each of a line may stand for another of it.
SPELLINGS = (
    "Mohamed Mohammed Muhammad Mohammad", "Hussein Husain Hussain Hossain", "Ahmed Ahmad", "Hassan Hasan",
    "Abdullah Abdallah Abdulla", "Yusuf Youssef Yousef Yousuf", "Omar Umar", "Ibrahim Ebrahim", "Fatima Fatimah Fatma",
    "Aisha Ayesha Aishah", "Maryam Mariam Miriam", "Khalid Khaled", "Saleh Salih", "Said Saeed Sayed", "Karim Kareem",
    "Jamal Gamal", "Nasser Nasir", "Rahman Rehman", "Suleiman Sulaiman Soliman", "Mahmoud Mahmud", "Khadija Khadijah",
    "Nguyen Ngyuen Nguyn", "Huynh Hyunh Huyhn", "Vu Vo", "Hoang Huang Wong", "Pham Phan", "Phuong Phoung",
    "Thanh Than", "Zhang Chang Cheung", "Zeng Tseng", "Xu Hsu", "Zhao Chao", "Zhou Chou Chow", "Chen Chan Chin",
    "Li Lee", "Wang Wong", "Zheng Cheng", "Xie Hsieh", "Cai Tsai Choi", "Guo Kuo Kwok", "Zhu Chu", "Lin Lam Lum",
    "Jiang Chiang", "Qian Chien", "Kim Gim", "Lee Yi Rhee", "Park Pak Bak", "Choi Choe", "Jung Chung Jeong",
    "Kang Gang", "Cho Jo", "Yoon Yun", "Gonzalez Gonzales", "Hernandez Hernandes", "Rodriguez Rodrigues",
    "Vasquez Vazquez", "Velasquez Velazquez", "Cortez Cortes", "Valdez Valdes", "Martinez Martines", "Perez Peres",
    "Lopez Lopes", "Sanchez Sanches", "Espinoza Espinosa", "Jimenez Gimenez Ximenez", "Ibanez Ybanez", "Sergei Sergey",
    "Aleksandr Alexander Oleksandr", "Yulia Julia Iuliia", "Dmitri Dmitry Dmytro", "Natalia Nataliya Natalya",
    "Ekaterina Yekaterina", "Yuri Yuriy Iurii", "Singh Sing", "Krishna Krisna", "Patel Patil",
    "Chowdhury Choudhury Chaudhary", "Lakshmi Laxmi",
)  # fmt: skip
# Names that are as common in English: others may become these, but not these others.
COMMON_IN_ENGLISH = frozenset(("Alexander", "Chin", "Jo", "Julia", "Lee", "Martin"))
SPELLED = {
    one: tuple(other for other in line.split() if other != one)
    for line in SPELLINGS
    for one in line.split()
    if one not in COMMON_IN_ENGLISH
}

# What a reader of scanned paper takes for something else.
LOOKALIKES = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("l", "1"), ("I", "l"), ("O", "0"), ("o", "0"), ("S", "5"),
    ("B", "8"), ("vv", "w"), ("w", "vv"), ("e", "c"), ("c", "e"), ("h", "b"), ("nn", "m"), ("u", "ii"), ("a", "o"),
    ("g", "q"), ("i", "l"), ("t", "f"), ("Z", "2"), ("G", "6"),
)  # fmt: skip


def transliteration(text: str, chance: float) -> str:
    """One word of the name in another of its usual spellings."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if word in SPELLED:
            words[place] = _pick(SPELLED[word], chance)
            return " ".join(words)
    return text


def diacritics(text: str, _chance: float = 0.0) -> str:
    """Without accents and tildes."""
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def punctuation(text: str, _chance: float = 0.0) -> str:
    """Apostrophes left out; hyphens as a blank; particles joined to the name: OBrien, Garcia Lopez, Delacruz."""
    text = text.replace("'", "").replace("-", " ")
    for particle in ("De La ", "de la ", "De Los ", "De ", "de ", "Del ", "del ", "La ", "Van ", "Mc ", "St. "):
        if text.startswith(particle):
            rest = text[len(particle) :]
            return particle.replace(" ", "").replace(".", "").capitalize() + rest[:1].lower() + rest[1:]
    return text


def ocr(text: str, chance: float) -> str:
    """One letter, or two, misread from paper."""
    fitting = [(old, new) for old, new in LOOKALIKES if old in text]
    if not fitting:
        return text
    old, new = fitting[min(int(chance * len(fitting)), len(fitting) - 1)]
    return text.replace(old, new, 1)


def two_surnames(first: str, second: str, how: str, between: str = " ") -> str:
    """Two surnames in one of the ways they are written; `between` is what the family writes between them."""
    if how == "one_surname":
        return first
    if how == "other_surname":
        return second
    if how == "joined_surname":
        return f"{first}{'-' if between == ' ' else ' '}{second}"
    return f"{second}{between}{first}" if how == "reversed_surnames" else f"{first}{between}{second}"

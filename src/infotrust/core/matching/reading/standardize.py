"""Write the same thing the same way: names, dates, addresses and numbers as agencies deliver them.

Every function takes one value and returns its standard form, or None when the value says nothing about the person:
empty, or a placeholder such as BABY BOY, 999-99-9999 or 01/01/1900. Nothing is guessed: a value that has the right
shape but cannot be right (a 13th month, a letter in a number) is kept: a typing error still resembles the truth.
US conventions first; Spanish compound surnames keep both words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

NOTHING = frozenset({
    "na", "n/a", "n a", "nan", "none", "null", "nil", "unknown", "unk", "unkn", "missing", "refused", "declined",
    "test", "tbd", "blank", "x", "xx", "xxx", "xxxx", "nfn", "nmn", "nln", "fnu", "lnu", "noname", "notprovided",
    "no name", "not provided", "not applicable", "no last name", "no first name", "not given", "do not use",
})  # fmt: skip

# A newborn is often entered before it is named ("BABY BOY", "BG SMITH", "TWIN A").
UNNAMED_NEWBORN = re.compile(
    r"(baby|newborn|infant|bb|bg|b/b|b/g|twin|triplet|unborn)( ?(boy|girl|male|female|of|one|two|a|b|c|[1-4]))*"
    r"|(boy|girl|male|female|son|daughter|infant|newborn)( (a|b|c|[1-4]))?"
)
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "rev", "sr", "sra", "srta"})
SUFFIXES = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "2", "2nd": "2", "iii": "3", "3rd": "3", "iv": "4",
    "4th": "4",
}  # fmt: skip
# Words that name nobody alone: "de la Cruz" is found under "cruz".
PARTICLES = frozenset(
    {
        "de", "del", "la", "las", "los", "da", "do", "dos", "van", "von", "der", "den", "el", "al", "bin", "ibn",
        "y", "st", "san",
    }
)  # fmt: skip


def plain(value: str) -> str:
    """Lower case without accents, one space between words."""
    decomposed = unicodedata.normalize("NFKD", value)
    unaccented = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(unaccented.lower().split())


def name(value: str) -> str | None:
    """A name without title, suffix, punctuation or accents; hyphens part words; placeholders are None."""
    words = re.sub(r"[^\w\s]", " ", re.sub(r"['’`.]", "", plain(value).replace("b/b", "bb").replace("b/g", "bg")))
    kept = [word for word in words.replace("_", " ").split() if word not in TITLES]
    while len(kept) > 1 and kept[-1] in SUFFIXES:
        kept.pop()
    text = " ".join(kept)
    if not text or text in NOTHING or text.isdigit():
        return None
    return text


def given_name(value: str) -> str | None:
    text = name(value)
    return None if text is None or UNNAMED_NEWBORN.fullmatch(text) else text


def middle_name(value: str) -> str | None:
    text = name(value) if plain(value).strip(". ") != "x" else "x"
    return None if text is None or text == "nmi" else text


def guardian_name(value: str) -> str | None:
    """Given names first: "CRUZ, ANA" is "ana cruz"."""
    family, comma, given = value.partition(",")
    return name(f"{given} {family}" if comma else value)


def suffix(value: str) -> str | None:
    return SUFFIXES.get(re.sub(r"[^\w]", "", plain(value)))


def full_name(value: str) -> tuple[str | None, str | None, str | None]:
    """(given, middle, family) of "Family, Given Middle" or "Given Middle Family"."""
    if "," in value:
        family, _, rest = value.partition(",")
        if re.sub(r"[^\w]", "", plain(rest)) in SUFFIXES:
            return full_name(family)
        first, _, middle = (name(rest) or "").partition(" ")
        return given_name(first), name(middle), name(family)
    words = (name(value) or "").split()
    if len(words) < 2:
        return None, None, words[0] if words else None
    cut = len(words) - 1
    while cut > 1 and words[cut - 1] in PARTICLES:
        cut -= 1
    return given_name(words[0]), name(" ".join(words[1:cut])), " ".join(words[cut:])


_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {month: f"{number:02d}" for number, month in enumerate(_MONTH_NAMES, 1)}
# Entered when no date is known. 1900 and 1901 are the first days many systems can hold.
PLACEHOLDER_DATES = frozenset(
    {"19000101", "19010101", "18000101", "19700101", "11111111", "00000000", "99991231", "99999999", "19000100"}
)
IN_PARTS = re.compile(r"(\w{1,9})[-/., ]+(\w{1,9})[-/., ]+(\w{1,4})(?:[ t]\d{1,2}:\d{2}.*)?")


def birth_date(value: str, *, day_first: bool = False) -> str | None:
    """YYYYMMDD. Reads 2019-03-07, 3/7/2019, 03072019, 20190307, 7 Mar 2019, Mar 7, 2019 (day_first: 7/3/2019)."""
    text = plain(value)
    parts = IN_PARTS.fullmatch(text)
    if parts:
        year, month, day = _date_parts(*parts.groups(), day_first=day_first)
        text = f"{year:0>4}{month:0>2}{day:0>2}"
    elif re.fullmatch(r"\w{8}", text) and not _begins_with_year(text):
        text = text[4:] + (text[2:4] + text[:2] if day_first else text[:4])
    if not re.fullmatch(r"\w{8}", text) or text in PLACEHOLDER_DATES or text in NOTHING or text.startswith("9999"):
        return None
    return text


def _date_parts(first: str, second: str, third: str, *, day_first: bool) -> tuple[str, str, str]:
    if len(first) == 4 or (len(first) == 3 and first[:3] not in MONTHS):
        return first, MONTHS.get(second[:3], second[:2]), third
    year = third if len(third) > 2 or not third.isdigit() else _century(third)
    if first[:3] in MONTHS:
        return year, MONTHS[first[:3]], second
    if second[:3] in MONTHS:
        return year, MONTHS[second[:3]], first
    return (year, second[:2], first[:2]) if day_first else (year, first[:2], second[:2])


def _century(two_digits: str) -> str:
    """A two-digit year lies in the hundred years before 2030."""
    return ("20" if int(two_digits) < 30 else "19") + two_digits


def _begins_with_year(text: str) -> bool:
    return bool(re.match(r"(18|19|20)\d\d(0\d|1[0-2])[0-3]\d$", text)) or not text[4:].startswith(("18", "19", "20"))


def days_come_first(values: Iterable[str]) -> bool:
    """Whether a column writes 31/12/2019: some first part is over 12 and (nearly) no second part is."""
    return more_days_first(*parts_over_twelve(values))


def parts_over_twelve(values: Iterable[str]) -> tuple[int, int]:
    """How many dates have a first part, and how many a second part, that can be no month."""
    firsts = seconds = 0
    for value in values:
        parts = re.match(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}", value)
        if parts:
            firsts += int(parts[1]) > 12
            seconds += int(parts[2]) > 12
    return firsts, seconds


def more_days_first(firsts: int, seconds: int) -> bool:
    return firsts > 10 * seconds


# Woolworth's wallet card (078-05-1120) and the SSA's own pamphlet (219-09-9999) were copied by thousands.
PLACEHOLDER_SSNS = frozenset({"123456789", "987654321", "078051120", "219099999", "111223333", "123121234"})


def ssn(value: str) -> str | None:
    """Nine characters, or the last four where that is all there is. Taxpayer numbers (9xx) name a person too."""
    text = re.sub(r"[^0-9a-z]", "", plain(value))
    masked = re.sub(r"^[x*0]{5}(?=\d{4}$)", "", text)
    if len(masked) == 4 and masked.isdigit():
        return None if masked == "0000" else masked
    if len(text) in (7, 8) and text.isdigit():  # a spreadsheet dropped leading zeros
        text = text.zfill(9)
    if len(text) != 9 or len(set(text)) == 1 or text in PLACEHOLDER_SSNS:
        return None
    return text


STREET_WORDS = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "boulevard": "blvd", "place": "pl", "terrace": "ter", "circle": "cir", "highway": "hwy", "parkway": "pkwy",
    "square": "sq", "trail": "trl", "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne",
    "northwest": "nw", "southeast": "se", "southwest": "sw", "saint": "st", "mount": "mt", "fort": "ft",
}  # fmt: skip
UNIT = re.compile(r"(?:\b(?:apt|apartment|unit|ste|suite|lot|trlr|rm|room|bldg)\b\.?\s*#?\s*|#\s*)(\w[\w-]*)\s*$")
PO_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*|post office )box\s*(\w+)")


def street_address(value: str) -> tuple[str | None, str | None, str | None]:
    """(house number, street, unit): "123 North Main Street, Apt. 4B" gives "123", "n main st", "4b"."""
    text = plain(value)
    if text in NOTHING or text in ("homeless", "no fixed address", "general delivery"):
        return None, None, None
    box = PO_BOX.search(text)
    if box:
        return None, f"po box {box[1]}", None
    unit = UNIT.search(text)
    if unit:
        text = text[: unit.start()]
    words = re.sub(r"[^\w\s]", " ", text).split()
    house = (
        words.pop(0)
        if words and words[0][0].isdigit() and len(words) > 1 and not words[0].endswith(("st", "nd", "rd", "th"))
        else None
    )
    if not words or (len(words) == 1 and house is None and words[0].isdigit()):
        return house or (words[0] if words else None), None, unit[1] if unit else None
    return house, " ".join(STREET_WORDS.get(word, word) for word in words), unit[1] if unit else None


def city(value: str) -> str | None:
    text = re.sub(r"[^\w\s]", " ", plain(value))
    words = [STREET_WORDS.get(word, word) for word in text.split()]
    return None if not words or " ".join(words) in NOTHING else " ".join(words)


def zip_code(value: str) -> str | None:
    """The first five characters. A four-digit code lost its zero in a spreadsheet."""
    text = re.sub(r"[^0-9a-z]", "", plain(value).partition("-")[0].partition(".")[0])
    if text.isdigit() and len(text) in (3, 4):
        text = text.zfill(5)
    text = text[:5]
    return None if len(text) < 5 or text in ("00000", "99999") else text


def phone(value: str) -> str | None:
    """Ten digits, without the country code or an extension."""
    digits = re.sub(r"\D", "", re.split(r"[xX]|ext", value)[0])
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if len(digits) not in (7, 10) or len(set(digits[-7:])) == 1 or digits in ("1234567890", "5555555555"):
        return None
    return digits


def email(value: str) -> str | None:
    text = plain(value)
    local, _, host = text.partition("@")
    if not host or local in NOTHING or local in ("noemail", "no", "email", "noreply"):
        return None
    return text


# 1 and 2 are ISO 5218; HUD's HMIS writes 0 for a woman or girl.
SEXES = {
    "male": "m", "m": "m", "boy": "m", "man": "m", "1": "m",
    "female": "f", "f": "f", "girl": "f", "woman": "f", "2": "f", "0": "f",
    "nonbinary": "x", "non-binary": "x", "x": "x",
}  # fmt: skip


def sex(value: str) -> str | None:
    return SEXES.get(plain(value))


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
SINGLE: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "given_name": ("given", given_name),
    "middle_name": ("middle", middle_name),
    "family_name": ("family", name),
    "name_suffix": ("suffix", suffix),
    "sex": ("sex", sex),
    "ssn": ("ssn", ssn),
    "city": ("city", city),
    "zip_code": ("zip", zip_code),
    "phone": ("phone", phone),
    "email": ("email", email),
    "guardian_name": ("guardian", guardian_name),
}
SEVERAL: dict[str, tuple[tuple[str, ...], Callable[[str], tuple[str | None, ...]]]] = {
    "full_name": (("given", "middle", "family"), full_name),
    "street_address": (("house", "street", "unit"), street_address),
}


def column(kind: str, values: Sequence[str], *, day_first: bool | None = None) -> dict[str, list[str | None]]:
    """Standardize the distinct values of one column of semantic type `kind`: field -> one entry per value."""
    if kind == "birth_date":
        day_first = days_come_first(values) if day_first is None else day_first
        return {"birth_date": [birth_date(value, day_first=day_first) for value in values]}
    if kind in SEVERAL:
        fields, standard_parts = SEVERAL[kind]
        parts = [standard_parts(value) for value in values]
        return {field: [part[place] for part in parts] for place, field in enumerate(fields)}
    field, standard = SINGLE[kind]
    return {field: [standard(value) for value in values]}

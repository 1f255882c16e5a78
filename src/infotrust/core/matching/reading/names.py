"""Names in one form: titles and suffixes off, particles aside, newborns without a name recognized.

A compound surname ("Garcia Lopez", "García y López", "Lopez-Garcia") keeps its words, which are compared as a set
(`comparing.agree`): the same words in another order, or one of two, agree in a way of their own.
"""

from __future__ import annotations

import re

from infotrust.core.matching.reading.writing import PLACEHOLDER, PUNCTUATION, Note, is_nothing, plain, silently

TITLE = "title taken off"
SUFFIX = "suffix taken off"
PARTICLE = "particle set aside"
HYPHEN = "hyphenated parts written as words"
NEWBORN = "newborn without a name"
TURNED = "family name first, turned round"
PARTED = "full name parted"

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
# Of these, the ones that one agency writes and the next leaves out. Not "San Martin", "St John" or "El Amin": without
# its first word such a name is another one.
SET_ASIDE = frozenset({"de", "del", "la", "las", "los", "da", "dos", "van", "von", "der", "den", "y"})

# A newborn is often entered before it is named ("BABY BOY", "BG SMITH", "TWIN A", "BABY BOY OF MARIA", "BEBE NINA").
_KINDS = "baby|newborn|infant|bb|bg|nb|twin|triplet|unborn|bebe|recien nacid[oa]|gemel[oa]"
_WHICH = "boy|girl|male|female|one|two|a|b|c|[1-4]|nino|nina|varon|hembra"
UNNAMED_NEWBORN = re.compile(
    rf"({_KINDS})( ?({_WHICH}|of))*"
    rf"|({_KINDS}) ?({_WHICH})*( ?({_WHICH}))* (of|de) \w+( \w+)?"
    rf"|(boy|girl|male|female|son|daughter|infant|newborn|varon|hembra)( (a|b|c|[1-4]))?"
    rf"|(boy|girl|son|daughter|child|hijo|hija) (of|de) \w+( \w+)?"
)
# Nina and Nino are names of their own.
NEWBORN_BEGINS = frozenset(
    {"baby", "newborn", "infant", "bb", "bg", "nb", "twin", "triplet", "unborn", "bebe", "recien", "gemelo", "gemela",
     "boy", "girl", "male", "female", "son", "daughter", "varon", "hembra", "child", "hijo", "hija"}
)  # fmt: skip


def name(value: str, note: Note = silently) -> str | None:
    """A name without title, suffix, punctuation or accents; hyphens part words; placeholders are None."""
    text, _ = _parted(value, note)
    return text


def _parted(value: str, note: Note) -> tuple[str | None, str | None]:
    """(name, suffix)."""
    written = plain(value, note)
    written = written.replace("b/b", "bb").replace("b/g", "bg")
    closed = re.sub(r"['’`.]", "", written)
    spaced = re.sub(r"[^\w\s]|_", " ", closed)
    if closed != written or re.sub(r"[-\s]", "", spaced) != re.sub(r"[-\s]", "", closed):
        note(PUNCTUATION)
    if "-" in closed:
        note(HYPHEN)
    words = spaced.split()
    kept, suffix = words, None
    while len(kept) > 1 and kept[-1] in SUFFIXES:
        suffix = SUFFIXES[kept[-1]]
        kept = kept[:-1]
    if suffix:
        note(SUFFIX)
    untitled = [word for word in kept if word not in TITLES]
    if len(untitled) < len(kept):
        note(TITLE)
    while len(untitled) > 1 and untitled[-1] in SUFFIXES:
        suffix = SUFFIXES[untitled.pop()]
        note(SUFFIX)
    text = " ".join(untitled)
    if not text:
        return None, suffix
    if text.isdigit():
        note(PLACEHOLDER)
        return None, suffix
    return (None if is_nothing(text, note) else text), suffix


def given_name(value: str, note: Note = silently) -> str | None:
    return given_and_suffix(value, note)[0]


def given_and_suffix(value: str, note: Note = silently) -> tuple[str | None, str | None]:
    """A given name ("JOHN JR" is found in columns of given names too) and what stood behind it."""
    text, suffix = _parted(value, note)
    return (None if text is None or is_newborn(text, note) else text), suffix


def is_newborn(text: str, note: Note = silently) -> bool:
    if UNNAMED_NEWBORN.fullmatch(text):
        note(NEWBORN)
        return True
    return False


def family_and_suffix(value: str, note: Note = silently) -> tuple[str | None, str | None]:
    """A family name, particles aside: "DE LA CRUZ JR" is "cruz", "jr"; "García y López" is "garcia lopez"."""
    text, suffix = _parted(value, note)
    return (None if text is None else without_particles(text, note)), suffix


def without_particles(text: str, note: Note = silently) -> str:
    words = text.split()
    kept = [word for word in words if word not in SET_ASIDE]
    if not kept or len(kept) == len(words):
        return text
    note(PARTICLE)
    return " ".join(kept)


def middle_name(value: str, note: Note = silently) -> str | None:
    text = name(value, note) if plain(value).strip(". ") != "x" else "x"
    if text == "nmi":
        note(PLACEHOLDER)
        return None
    return text


def guardian_name(value: str, note: Note = silently) -> str | None:
    """Given names first: "CRUZ, ANA" is "ana cruz"."""
    family, comma, given = value.partition(",")
    if comma:
        note(TURNED)
    return name(f"{given.strip()} {family.strip()}" if comma else value, note)


def suffix(value: str, note: Note = silently) -> str | None:
    found = SUFFIXES.get(re.sub(r"[^\w]", "", plain(value, note)))
    if found is None and value.strip():
        note(PLACEHOLDER)
    return found


FullName = tuple[str | None, str | None, str | None, str | None]


def full_name(value: str, note: Note = silently) -> FullName:
    """(given, middle, family, suffix) of "Family, Given Middle" or "Given Middle Family"."""
    if "," in value:
        family, _, rest = value.partition(",")
        behind = re.sub(r"[^\w]", "", plain(rest))
        if behind in SUFFIXES:
            note(SUFFIX)
            return (*full_name(family, note)[:3], SUFFIXES[behind])
        note(TURNED)
        given_part, its_suffix = _parted(rest, note)
        first, _, middle = (given_part or "").partition(" ")
        family_part, other = family_and_suffix(family, note)
        return given_name(first, note), name(middle, note), family_part, its_suffix or other
    text, suffix = _parted(value, note)
    words = (text or "").split()
    if len(words) < 2:
        return None, None, words[0] if words else None, suffix
    note(PARTED)
    cut = len(words) - 1
    while cut > 1 and words[cut - 1] in PARTICLES:
        cut -= 1
    family = without_particles(" ".join(words[cut:]), note)
    return given_name(words[0], note), name(" ".join(words[1:cut]), note), family, suffix

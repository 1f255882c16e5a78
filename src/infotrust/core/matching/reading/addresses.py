"""Street addresses in their parts: house number, street, unit; post office boxes and rural routes; towns.

Words are shortened as the US Postal Service's Publication 28 does, so that "North Main Street" is "n main st"; Spanish
words for the same things too.
"""

from __future__ import annotations

import re

from infotrust.core.matching.reading.writing import PLACEHOLDER, Note, is_nothing, plain, silently

UNIT_PARTED = "unit parted from the street"
SHORTENED = "street words shortened"
BOX = "post office box"
ROUTE = "rural route or highway contract"
CARE_OF = "name after c/o taken off"
HOMELESS = "no fixed address"

STREET_WORDS = {
    "street": "st", "str": "st", "strt": "st", "avenue": "ave", "av": "ave", "aven": "ave", "avenida": "ave",
    "road": "rd", "drive": "dr", "drv": "dr", "lane": "ln", "court": "ct", "boulevard": "blvd", "boul": "blvd",
    "bvd": "blvd", "place": "pl", "terrace": "ter", "terr": "ter", "circle": "cir", "circ": "cir", "highway": "hwy",
    "parkway": "pkwy", "pky": "pkwy", "pkway": "pkwy", "square": "sq", "trail": "trl", "alley": "aly", "bend": "bnd",
    "bluff": "blf", "bridge": "brg", "causeway": "cswy", "center": "ctr", "centre": "ctr", "cove": "cv",
    "creek": "crk", "crescent": "cres", "crossing": "xing", "estates": "ests", "expressway": "expy",
    "extension": "ext", "freeway": "fwy", "gardens": "gdns", "garden": "gdn", "glen": "gln", "grove": "grv",
    "harbor": "hbr", "heights": "hts", "hill": "hl", "hills": "hls", "hollow": "holw", "junction": "jct",
    "knoll": "knl", "landing": "lndg", "manor": "mnr", "meadow": "mdw", "meadows": "mdws", "mountain": "mtn",
    "orchard": "orch", "plaza": "plz", "point": "pt", "ridge": "rdg", "river": "riv", "route": "rte",
    "spring": "spg", "springs": "spgs", "station": "sta", "turnpike": "tpke", "valley": "vly", "view": "vw",
    "village": "vlg", "vista": "vis", "wy": "way", "carretera": "carr", "calle": "calle", "north": "n", "south": "s",
    "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
    "norte": "n", "sur": "s", "este": "e", "oeste": "w", "saint": "st", "mount": "mt", "fort": "ft",
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
    "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
UNIT_WORDS = (
    "apt|apartment|apto|apartamento|unit|ste|suite|lot|trlr|trailer|rm|room|bldg|building|spc|space|fl|floor|dept|depto"
    "|departamento|pmb"
)
UNIT = re.compile(rf"(?:\b(?:{UNIT_WORDS})\b\.?\s*#?\s*|#\s*)(\w[\w-]*)\s*$")
UNIT_PLACES = "rear|front|upper|lower|upstairs|downstairs|basement|bsmt"
UNIT_ALONE = re.compile(rf"[\s,]+({UNIT_PLACES})\s*$")
# A number behind one of these is a unit ("12 Main St 4B"); behind "Hwy" or "Road" it is the street's own.
_BEFORE_UNIT = frozenset({"st", "ave", "ln", "ct", "blvd", "pl", "ter", "cir", "pkwy", "sq", "trl", "way", "dr"})
PO_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*|post office |postal )box\s*#?\s*(\w+)|\bapartado(?: postal)?\s*#?\s*(\d+)")
RURAL = re.compile(
    r"\b(r\.?\s?r\.?|rural r(?:oute|te)|rfd|h\.?\s?c\.?|highway contract(?: r(?:oute|te))?|star r(?:oute|te))"
    r"\s*#?\s*(\d+)\W+box\s*#?\s*(\w+)"
)
_CARE = re.compile(r"^(?:c/o|care of)\b[^\d]*?(?:,|(?=\d)|(?=\bp\.?\s*o\b))\s*")
NO_FIXED = frozenset(
    {"homeless", "no fixed address", "general delivery", "transient", "no address", "address unknown", "undomiciled",
     "sin domicilio", "no permanent address", "same", "street"}
)  # fmt: skip

Address = tuple[str | None, str | None, str | None]


def street_address(value: str, note: Note = silently) -> Address:
    """(house number, street, unit): "123 North Main Street, Apt. 4B" gives "123", "n main st", "4b"."""
    text = plain(value)
    if is_nothing(text):
        note(PLACEHOLDER)
        return None, None, None
    if text in NO_FIXED:
        note(HOMELESS)
        return None, None, None
    kept = _CARE.sub("", text)
    if kept != text:
        note(CARE_OF)
    return _parts(kept, note)


def _parts(text: str, note: Note) -> Address:
    rural = RURAL.search(text)
    if rural:
        note(ROUTE)
        kind = "hc" if rural[1].startswith("h") else "rr"
        return rural[3], f"{kind} {rural[2]}", None
    box = PO_BOX.search(text)
    if box:
        note(BOX)
        return None, f"po box {box[1] or box[2]}", None
    unit = UNIT.search(text) or UNIT_ALONE.search(text)
    if unit:
        note(UNIT_PARTED)
        text = text[: unit.start()]
    text = re.sub(r"^(\d+)[\s-]+1/2\b", r"\1half", text)
    text = re.sub(r"^(\d+)-(\d+)\b", r"\1\2", text)  # in Queens "112-15" is one number, often written 11215
    words = re.sub(r"[^\w\s]|_", " ", text).split()
    return _house_and_street(words, unit[1] if unit else None, note)


def _house_and_street(words: list[str], unit: str | None, note: Note) -> Address:
    house = (
        words.pop(0)
        if words and words[0][0].isdigit() and len(words) > 1 and not words[0].endswith(("st", "nd", "rd", "th"))
        else None
    )
    if not words or (len(words) == 1 and house is None and words[0].isdigit()):
        return house or (words[0] if words else None), None, unit
    short = [STREET_WORDS.get(word, word) for word in words]
    if short != words:
        note(SHORTENED)
    if unit is None and len(short) > 2 and short[-2] in _BEFORE_UNIT and re.fullmatch(r"\d+[a-z]?", short[-1]):
        note(UNIT_PARTED)
        unit = short.pop()
    return house, " ".join(short), unit


def city(value: str, note: Note = silently) -> str | None:
    text = re.sub(r"[^\w\s]|_", " ", plain(value))
    words = text.split()
    short = [STREET_WORDS.get(word, word) for word in words]
    if not words or is_nothing(" ".join(short), note):
        return None
    if short != words:
        note(SHORTENED)
    return " ".join(short)

"""Birth dates in one form, YYYYMMDD; dates that stand for "not known" are None.

Nothing is guessed: a date that cannot be (30 February, a 45th day) is kept, because a typing error still resembles the
truth. Only a 13th to 31st month beside a day up to 12 is no guess: they are swapped back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from infotrust.core.matching.reading.writing import PLACEHOLDER, Note, is_nothing, plain, silently

SWAPPED = "day and month swapped back"
TWO_DIGITS = "year of two digits completed"
SERIAL = "day number of a spreadsheet read as a date"
IMPOSSIBLE = "impossible date, kept as it is"
UNREADABLE = "no date in it"
DEFAULT = "default date: far too frequent in its file"

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {month: f"{number:02d}" for number, month in enumerate(_MONTH_NAMES, 1)} | {
    "ene": "01", "abr": "04", "ago": "08", "set": "09", "dic": "12",
}  # fmt: skip
# Entered when no date is known, or the first or last day that a system can hold: 1753 is SQL Server's, 1899-12-30 a
# spreadsheet's day 0, 1900 and 1901 those of many old systems, 1970 that of Unix.
PLACEHOLDER_DATES = frozenset(
    {
        "19000101", "19010101", "18000101", "19700101", "11111111", "00000000", "99991231", "99999999", "19000100",
        "17530101", "18991230", "18991231", "00010101", "29991231", "30001231", "20991231", "22001231", "12345678",
    }
)  # fmt: skip
IN_PARTS = re.compile(r"(\w{1,9})[-/., ]+(\w{1,9})[-/., ]+(\w{1,4})(?:[ t]\d{1,2}:\d{2}.*)?")
_DAY_ZERO = date(1899, 12, 30)  # of spreadsheets; day 60 is their 29 February 1900, which never was
_SERIALS = range(61, 73_051)  # until 2099


def birth_date(value: str, note: Note = silently, *, day_first: bool = False) -> str | None:
    """YYYYMMDD. Reads 2019-03-07, 3/7/2019, 03072019, 20190307, 7 Mar 2019, Mar 7, 2019 (day_first: 7/3/2019)."""
    text = plain(value).replace(" de ", " ")
    parts = IN_PARTS.fullmatch(text)
    if parts:
        year, month, day = _date_parts(parts[1], parts[2], parts[3], note, day_first=day_first)
        text = f"{year:0>4}{month:0>2}{day:0>2}"
    elif re.fullmatch(r"\d{5}", text) and int(text) in _SERIALS:
        note(SERIAL)
        text = f"{_DAY_ZERO + timedelta(days=int(text)):%Y%m%d}"
    elif re.fullmatch(r"\w{8}", text) and not _begins_with_year(text):
        text = text[4:] + (text[2:4] + text[:2] if day_first else text[:4])
    if text in PLACEHOLDER_DATES or text.startswith("9999") or is_nothing(text):
        note(PLACEHOLDER)
        return None
    if not re.fullmatch(r"\w{8}", text):
        note(UNREADABLE)
        return None
    return _in_order(text, note)


def _in_order(text: str, note: Note) -> str:
    if not re.fullmatch(r"[0-9]{8}", text):
        note(IMPOSSIBLE)
        return text
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if month > 12 >= day > 0 and month <= 31:
        note(SWAPPED)
        month, day = day, month
        text = f"{text[:4]}{month:02d}{day:02d}"
    try:
        date(max(year, 1), month, day)
    except ValueError:
        note(IMPOSSIBLE)
    return text


def _date_parts(first: str, second: str, third: str, note: Note, *, day_first: bool) -> tuple[str, str, str]:
    if len(first) == 4 or (len(first) == 3 and first[:3] not in MONTHS):
        return first, MONTHS.get(second[:3], second[:2]), third
    year = third if len(third) > 2 or not third.isdigit() else _century(third, note)
    if first[:3] in MONTHS:
        return year, MONTHS[first[:3]], second
    if second[:3] in MONTHS:
        return year, MONTHS[second[:3]], first
    return (year, second[:2], first[:2]) if day_first else (year, first[:2], second[:2])


def _century(two_digits: str, note: Note) -> str:
    """A two-digit year lies in the hundred years before 2030."""
    note(TWO_DIGITS)
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

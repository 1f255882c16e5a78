"""Standardize a whole column: plainly written values in bulk, the others one by one.

`standardize` says what the standard form is and by which steps; what is done here in bulk gives exactly the same (a
test compares). The bulk forms cover what nearly all values look like: ASCII letters, digits and the usual separators.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.matching.reading import addresses, contacts, dates, names, standardize
from infotrust.core.matching.reading.standardize import Habits
from infotrust.core.matching.reading.writing import CASE, NOTHING, PUNCTUATION, SPACES

Fields = dict[str, pa.Array]
Steps = dict[str, pa.Array]  # step -> whether it changed each value
Bulk = Callable[[pa.Array, Habits], tuple[pa.Array, Fields, Steps]]  # first: which values are done


def standard_columns(
    kind: str, values: pa.Array, *, day_first: bool | None = None, habits: Habits | None = None
) -> Fields:
    """The standard forms of distinct `values` (texts without nulls) of semantic type `kind`: field -> one each.

    day_first: whether dates begin with the day; None: seen in the values. habits: instead, what was decided for the
    file.
    """
    return noted_columns(kind, values, day_first=day_first, habits=habits)[0]


def noted_columns(
    kind: str, values: pa.Array, *, day_first: bool | None = None, habits: Habits | None = None
) -> tuple[Fields, Steps]:
    """As `standard_columns`, with the steps that were taken: step -> boolean, one each."""
    if kind == "birth_date" and habits is None:
        seen = standardize.days_come_first(values.to_pylist()) if day_first is None else day_first
        habits = Habits(day_first=seen)
    if kind in BULK and len(values) >= WORTH_IT:
        return in_bulk(kind, values, habits)
    return _one_by_one(kind, values, day_first, habits)


WORTH_IT = 2_000  # values; below, compiling the patterns takes longer


def in_bulk(kind: str, values: pa.Array, habits: Habits | None = None) -> tuple[Fields, Steps]:
    """The same where most values are written plainly; `kind` is one of BULK."""
    done, columns, steps = BULK[kind](values, habits or Habits())
    done = pc.fill_null(done, False)
    steps = {step: pc.and_(done, pc.fill_null(taken, False)) for step, taken in steps.items()}
    left = pc.invert(done)
    if pc.any(left).as_py():
        single, odd = _one_by_one(kind, values.filter(left), None, habits)
        columns = {field: pc.replace_with_mask(columns[field], left, one) for field, one in single.items()}
        for step, taken in odd.items():
            before = steps.get(step, pa.repeat(pa.scalar(False), len(values)))
            steps[step] = pc.replace_with_mask(before, left, taken)
    return columns, {step: taken for step, taken in steps.items() if pc.any(taken).as_py()}


def _one_by_one(kind: str, values: pa.Array, day_first: bool | None, habits: Habits | None) -> tuple[Fields, Steps]:
    columns, steps = standardize.noted_column(kind, values.to_pylist(), day_first=day_first, habits=habits)
    return (
        {field: pa.array(one, pa.string()) for field, one in columns.items()},
        {step: pa.array(np.isin(np.arange(len(values)), places)) for step, places in steps.items()},
    )


def _plain(values: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.ascii_lower(values))


def _is(values: pa.Array, pattern: str) -> pa.Array:
    return pc.match_substring_regex(values, pattern)


def _has(values: pa.Array, part: str) -> pa.Array:
    return pc.match_substring(values, part)


def _both(one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.and_(one, other)


def _not(one: pa.Array) -> pa.Array:
    return pc.invert(one)


def _words(words: frozenset[str] | set[str]) -> str:
    return "|".join(sorted(word for word in words if word.isalnum()))


def _any_word(words: frozenset[str] | set[str]) -> str:
    return rf"(^|[ '’`.\-])({_words(words)})($|[ '’`.\-])"


# A value with one of these words is left to `standardize`: titles, suffixes, placeholders.
_SPECIAL = _any_word(
    set(standardize.TITLES) | set(standardize.SUFFIXES) | set(NOTHING) | names.NEWBORN_BEGINS
    | {"no", "not", "do", "last", "first", "nmi", "sin", "test"}
)  # fmt: skip
_ASIDE = _any_word(names.SET_ASIDE)
_UNNAMED = f"^({_words(names.NEWBORN_BEGINS)})"


def _name(values: pa.Array) -> tuple[pa.Array, pa.Array, Steps]:
    """Names of letters, spaces, hyphens and apostrophes."""
    lower = pc.ascii_lower(values)
    raw = pc.utf8_trim_whitespace(lower)
    text = pc.replace_substring(pc.replace_substring(raw, "'", ""), "-", " ")
    simple = _both(_is(raw, r"^[a-z]+([ '\-][a-z]+)*$"), _is(text, r"[a-z]{2}"))
    steps = {
        CASE: pc.not_equal(lower, values),
        SPACES: pc.not_equal(raw, lower),
        PUNCTUATION: _has(raw, "'"),
        names.HYPHEN: _has(raw, "-"),
    }
    return _both(simple, _not(pc.or_(_is(raw, _SPECIAL), _is(text, _UNNAMED)))), text, steps


def _nothing(values: pa.Array) -> pa.Array:
    return pa.nulls(len(values), pa.string())


def _given_name(values: pa.Array, _: Habits) -> tuple[pa.Array, Fields, Steps]:
    simple, text, steps = _name(values)
    return simple, {"given": text, "suffix": _nothing(values)}, steps


def _family_name(values: pa.Array, _: Habits) -> tuple[pa.Array, Fields, Steps]:
    simple, text, steps = _name(values)
    return _both(simple, _not(_is(text, _ASIDE))), {"family": text, "suffix": _nothing(values)}, steps


def _middle_name(values: pa.Array, _: Habits) -> tuple[pa.Array, Fields, Steps]:
    simple, text, steps = _name(values)
    return simple, {"middle": text}, steps


def _guardian(values: pa.Array, _: Habits) -> tuple[pa.Array, Fields, Steps]:
    """Also "CRUZ, ANA"."""
    parts = pc.extract_regex(values, r"^(?P<family>[^,]*),(?P<given>[^,]*)$")
    given, family = (pc.utf8_trim_whitespace(pc.struct_field(parts, name)) for name in ("given", "family"))
    turned = pc.binary_join_element_wise(given, family, " ")
    simple, text, steps = _name(pc.coalesce(turned, values))
    return _both(simple, _not(_is(text, "  "))), {"guardian": text}, {**steps, names.TURNED: _has(values, ",")}


def _ssn(values: pa.Array, habits: Habits) -> tuple[pa.Array, Fields, Steps]:
    digits = pc.replace_substring(values, "-", "")
    simple = _both(_is(values, r"^(\d{9}|\d{3}-\d{2}-\d{4})$"), _not(_same_digits(digits)))
    known = pc.is_in(digits, value_set=pa.array(sorted(standardize.PLACEHOLDER_SSNS), digits.type))
    never = _is(digits, f"^({contacts.NEVER})$")
    made_up = _both(_has(pc.utf8_slice_codeunits(digits, 0, 1), "9"), _not(_is(digits, f"^({contacts.TAXPAYER})$")))
    kept = digits if habits.made_up else pc.if_else(made_up, None, digits)
    return _both(simple, _not(pc.or_(known, never))), {"ssn": kept}, {contacts.MADE_UP: made_up}


_MONTH_AND_DAY = (
    r"((0[1-9]|1[0-2]){0}(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2]){0}(29|30)|(0[13578]|1[02]){0}31)"  # no 30 February
)
_YEAR_FIRST = rf"^(18|19|20)\d\d({_MONTH_AND_DAY.format('')}|-{_MONTH_AND_DAY.format('-')})$"
_YEAR_LAST = r"^(?P<first>\d{1,2})[/\-](?P<second>\d{1,2})[/\-](?P<year>(?:18|19|20)\d\d)$"
_TWO_DIGITS, _A_MONTH, _A_DAY = r"^\d$", r"^(0?[1-9]|1[0-2])$", r"^(0?[1-9]|1\d|2[0-8])$"


def _birth_date(values: pa.Array, habits: Habits) -> tuple[pa.Array, Fields, Steps]:
    """Year first, and 3/7/2019 (7/3/2019 where days come first); the last days of a month only with the year first."""
    parts = pc.extract_regex(values, _YEAR_LAST)
    first, second, year = (pc.struct_field(parts, name) for name in ("first", "second", "year"))
    month, day = (second, first) if habits.day_first else (first, second)
    turned = pc.fill_null(_both(_is(month, _A_MONTH), _is(day, _A_DAY)), False)
    month, day = (pc.replace_substring_regex(part, _TWO_DIGITS, r"0\0") for part in (month, day))
    written = pc.coalesce(
        pc.binary_join_element_wise(year, month, day, ""), pc.replace_substring(values, "-", "")
    )  # fmt: skip
    nothing = pa.array(sorted(dates.PLACEHOLDER_DATES | habits.default_dates), pa.string())
    plainly = pc.or_(turned, _is(values, _YEAR_FIRST))
    return _both(plainly, _not(pc.is_in(written, value_set=nothing))), {"birth_date": written}, {}


def _same_digits(digits: pa.Array) -> pa.Array:
    return _is(digits, "^(" + "|".join(f"{digit}+" for digit in range(10)) + ")$")


def _phone(values: pa.Array, _: Habits) -> tuple[pa.Array, Fields, Steps]:
    simple = _is(values, r"^\(?[2-9]\d{2}\)?[ .\-]?\d{3}[ .\-]?\d{4}$")
    digits = pc.replace_substring_regex(values, r"[^\d]", "")
    repeated = _same_digits(pc.utf8_slice_codeunits(digits, 3))
    return _both(simple, _not(pc.or_(pc.equal(digits, "5555555555"), repeated))), {"phone": digits}, {}


def _email(values: pa.Array, _: Habits) -> tuple[pa.Array, Fields, Steps]:
    """Dots are taken out of Gmail's mailboxes; one with a tag is left to `standardize`."""
    text = _plain(values)
    nobody = _words(contacts.NOBODY | NOTHING)
    simple = _both(_is(text, r"^[a-z0-9._\-]*[a-z0-9_\-][a-z0-9._\-]*@[a-z0-9.\-]+$"), _not(_is(text, f"^({nobody})@")))
    at = pc.split_pattern(pc.if_else(simple, text, "x@x"), "@")
    box, host = pc.list_element(at, 0), pc.list_element(at, 1)
    gmail = pc.is_in(host, value_set=pa.array(["gmail.com", "googlemail.com"]))
    plainly = pc.if_else(gmail, pc.replace_substring(box, ".", ""), box)
    whole = pc.binary_join_element_wise(plainly, pc.if_else(gmail, "gmail.com", host), "@")
    steps = {CASE: pc.not_equal(text, pc.utf8_trim_whitespace(values)), contacts.TAG: pc.not_equal(plainly, box)}
    return simple, {"email": whole}, steps


_ADDRESS = (
    r"^(?P<house>\d+[a-z]?) (?P<street>[a-z0-9][a-z0-9 .'\-]*?)"
    rf"(?P<end>,? +(?:(?:{addresses.UNIT_WORDS})\.? ?#? ?|# ?)(?P<unit>[a-z0-9][a-z0-9\-]*))?$"
)


def _street_address(values: pa.Array, _: Habits) -> tuple[pa.Array, Fields, Steps]:
    """House, street and unit by one pattern; the street, of which there are few, by `standardize`."""
    text = _plain(values)
    parts = pc.extract_regex(text, _ADDRESS)
    house, street, unit = (pc.struct_field(parts, name) for name in ("house", "street", "unit"))
    odd = _is(text, r"\bbox\b|\bapartado\b|\bp\.?\s*o\b|#.*#|  ")
    simple = _both(pc.fill_null(pc.is_valid(parts), False), _not(odd))
    # With a unit's word inside the street the pattern and `standardize` might cut at different places.
    inner = pc.fill_null(_is(street, rf"\b({addresses.UNIT_WORDS}|{addresses.UNIT_PLACES})\b"), True)
    simple = _both(simple, _not(inner))
    spread = pc.fill_null(street, "").dictionary_encode()
    named, shortened = _streets(spread.dictionary.to_pylist())
    unit = pc.if_else(pc.equal(unit, ""), None, unit)
    street = named.take(spread.indices)
    steps = {addresses.UNIT_PARTED: pc.is_valid(unit), addresses.SHORTENED: shortened.take(spread.indices)}
    return _both(simple, pc.is_valid(street)), {"house": house, "street": street, "unit": unit}, steps


def _streets(texts: list[str]) -> tuple[pa.Array, pa.Array]:
    """The standard form of each street without number and unit (null: it has one), and whether a word was shortened."""
    found = [_street(text) for text in texts]
    return pa.array([street for street, _ in found], pa.string()), pa.array([short for _, short in found], pa.bool_())


@lru_cache(maxsize=100_000)  # the agencies of one county write the same streets
def _street(text: str) -> tuple[str | None, bool]:
    steps: list[str] = []
    house, street, unit = standardize.street_address(f"1 {text}", steps.append)
    return (street if house == "1" and unit is None else None), addresses.SHORTENED in steps


BULK: dict[str, Bulk] = {
    "given_name": _given_name,
    "family_name": _family_name,
    "middle_name": _middle_name,
    "guardian_name": _guardian,
    "birth_date": _birth_date,
    "ssn": _ssn,
    "phone": _phone,
    "email": _email,
    "street_address": _street_address,
}

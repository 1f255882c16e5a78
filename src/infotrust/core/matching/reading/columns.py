"""Standardize a whole column: plainly written values in bulk, the others one by one.

`standardize` says what the standard form is; what is done here in bulk gives exactly the same (a test compares). The
bulk forms cover what nearly all values look like: ASCII letters, digits and the usual separators.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.matching.reading import standardize

Bulk = Callable[[pa.Array], tuple[pa.Array, dict[str, pa.Array]]]


def standard_columns(kind: str, values: pa.Array, *, day_first: bool | None = None) -> dict[str, pa.Array]:
    """The standard forms of distinct `values` (texts without nulls) of semantic type `kind`: field -> one each.

    day_first: whether dates begin with the day; None: seen in the values.
    """
    return in_bulk(kind, values) if kind in BULK and len(values) >= WORTH_IT else _one_by_one(kind, values, day_first)


WORTH_IT = 2_000  # values; below, compiling the patterns takes longer


def in_bulk(kind: str, values: pa.Array) -> dict[str, pa.Array]:
    """The same where most values are written plainly; `kind` is one of BULK."""
    done, columns = BULK[kind](values)
    left = pc.invert(pc.fill_null(done, False))
    if not pc.any(left).as_py():
        return columns
    single = _one_by_one(kind, values.filter(left))
    return {field: pc.replace_with_mask(columns[field], left, one) for field, one in single.items()}


def _one_by_one(kind: str, values: pa.Array, day_first: bool | None = None) -> dict[str, pa.Array]:
    columns = standardize.column(kind, values.to_pylist(), day_first=day_first)
    return {field: pa.array(one, pa.string()) for field, one in columns.items()}


def _plain(values: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.ascii_lower(values))


def _is(values: pa.Array, pattern: str) -> pa.Array:
    return pc.match_substring_regex(values, pattern)


def _both(one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.and_(one, other)


def _not(one: pa.Array) -> pa.Array:
    return pc.invert(one)


def _any_word(words: frozenset[str] | set[str]) -> str:
    return r"(^|[ '’`.\-])(" + "|".join(sorted(word for word in words if word.isalnum())) + r")($|[ '’`.\-])"


# A value with one of these words is left to `standardize`: titles, suffixes, placeholders.
_SPECIAL = _any_word(
    set(standardize.TITLES) | set(standardize.SUFFIXES) | set(standardize.NOTHING)
    | {"baby", "newborn", "infant", "bb", "bg", "twin", "triplet", "unborn", "boy", "girl", "male", "female", "son",
       "daughter", "no", "not", "do", "last", "first", "nmi"}
)  # fmt: skip


_UNNAMED = r"^(baby|newborn|infant|bb|bg|twin|triplet|unborn|boy|girl|male|female|son|daughter)"


def _name(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Names of letters, spaces, hyphens and apostrophes."""
    raw = _plain(values)
    text = pc.replace_substring(pc.replace_substring(raw, "'", ""), "-", " ")
    simple = _both(_is(raw, r"^[a-z]+([ '\-][a-z]+)*$"), _is(text, r"[a-z]{2}"))
    return _both(simple, _not(pc.or_(_is(raw, _SPECIAL), _is(text, _UNNAMED)))), text


def _names(field: str) -> Bulk:
    def bulk(values: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
        simple, text = _name(values)
        return simple, {field: text}

    return bulk


def _guardian(values: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    """Also "CRUZ, ANA"."""
    parts = pc.extract_regex(values, r"^(?P<family>[^,]*),(?P<given>[^,]*)$")
    turned = pc.binary_join_element_wise(pc.struct_field(parts, "given"), pc.struct_field(parts, "family"), " ")
    simple, text = _name(pc.coalesce(turned, values))
    return _both(simple, _not(_is(text, "  "))), {"guardian": text}


def _ssn(values: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    digits = pc.replace_substring(values, "-", "")
    simple = _both(_is(values, r"^(\d{9}|\d{3}-\d{2}-\d{4})$"), _not(_same_digits(digits)))
    known = pc.is_in(digits, value_set=pa.array(sorted(standardize.PLACEHOLDER_SSNS), digits.type))
    return _both(simple, _not(known)), {"ssn": digits}


def _same_digits(digits: pa.Array) -> pa.Array:
    return _is(digits, "^(" + "|".join(f"{digit}+" for digit in range(10)) + ")$")


def _phone(values: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    simple = _is(values, r"^\(?\d{3}\)?[ .\-]?\d{3}[ .\-]?\d{4}$")
    digits = pc.replace_substring_regex(values, r"[^\d]", "")
    known = pc.is_in(digits, value_set=pa.array(["1234567890", "5555555555"], digits.type))
    repeated = _same_digits(pc.utf8_slice_codeunits(digits, 3))
    return _both(simple, _not(pc.or_(known, repeated))), {"phone": digits}


def _email(values: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    text = _plain(values)
    nobody = "|".join(sorted({"noemail", "no", "email", "noreply"} | {w for w in standardize.NOTHING if w.isalnum()}))
    return _both(_is(text, r"^[a-z0-9._+\-]+@[a-z0-9.\-]+$"), _not(_is(text, f"^({nobody})@"))), {"email": text}


_ADDRESS = (
    r"^(?P<house>\d+[a-z]?) (?P<street>[a-z0-9][a-z0-9 .'\-]*?)"
    r"(?P<end>,? +(?:(?:apt|apartment|unit|ste|suite|lot|trlr|rm|room|bldg)\.? ?#? ?|# ?)"
    r"(?P<unit>[a-z0-9][a-z0-9\-]*))?$"
)


def _street_address(values: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    """House, street and unit by one pattern; the street, of which there are few, by `standardize`."""
    text = _plain(values)
    parts = pc.extract_regex(text, _ADDRESS)
    house, street, unit = (pc.struct_field(parts, name) for name in ("house", "street", "unit"))
    simple = _both(pc.fill_null(pc.is_valid(parts), False), _not(_is(text, r"\bbox\b|\bp\.?\s*o\b|#.*#|  ")))
    # With a unit's word inside the street the pattern and `standardize` might cut at different places.
    inner = pc.fill_null(_is(street, r"\b(apt|apartment|unit|ste|suite|lot|trlr|rm|room|bldg)\b"), True)
    simple = _both(simple, _not(inner))
    spread = pc.fill_null(street, "").dictionary_encode()
    whole = [standardize.street_address(f"1 {one}") for one in spread.dictionary.to_pylist()]
    streets = pa.array([one[1] if one[0] == "1" and one[2] is None else None for one in whole], pa.string())
    named = streets.take(spread.indices)
    simple = _both(simple, pc.is_valid(named))
    return simple, {"house": house, "street": named, "unit": pc.if_else(pc.equal(unit, ""), None, unit)}


BULK: dict[str, Bulk] = {
    "given_name": _names("given"),
    "family_name": _names("family"),
    "middle_name": _names("middle"),
    "guardian_name": _guardian,
    "ssn": _ssn,
    "phone": _phone,
    "email": _email,
    "street_address": _street_address,
}

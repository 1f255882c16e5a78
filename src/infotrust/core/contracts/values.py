"""One column of a batch: what each cell means, and which cells are not what the contract says.

Cells are compared and stored without spaces around them; an empty cell is no value.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.contracts.model import Column
from infotrust.core.elements import DataType

Problems = list[tuple[str, pa.BooleanArray]]

# What a spreadsheet takes for a formula (OWASP, "CSV Injection"), with the full-width signs it also accepts.
FORMULA = r"^[=@＝＠+\-＋－]"
FORMULA_BLANKS = r"^[\t\r]"
# A signed number or a telephone number cannot call anything: no letter, no quotation mark, no exclamation mark.
HARMLESS = r"^[+\-][0-9 ()./,\-]*$"
ISO = "%Y-%m-%d"
INTEGER = r"^[+-]?[0-9]{1,18}$"
DECIMAL = r"^[+-]?([0-9]{1,15}(\.[0-9]{0,10})?|\.[0-9]{1,10})$"
YES, NO = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")

ARROW_TYPES: dict[DataType, pa.DataType] = {
    DataType.TEXT: pa.string(),
    DataType.CODE: pa.string(),
    DataType.INTEGER: pa.int64(),
    DataType.DECIMAL: pa.float64(),
    DataType.DATE: pa.date32(),
    DataType.BOOLEAN: pa.bool_(),
}


def read_column(raw: pa.StringArray, column: Column) -> tuple[pa.Array, pa.StringArray, Problems]:
    """Return the typed values (null where empty or wrong), the trimmed text, and the problems as (code, mask)."""
    text = pc.utf8_trim_whitespace(raw)
    empty = pc.equal(text, "")
    problems: Problems = []
    if column.key:
        problems.append(("key.empty", empty))
    elif column.required:
        problems.append(("value.missing", empty))
    problems.append(("value.too_long", pc.greater(pc.utf8_length(text), column.max_length)))
    values, wrong = READERS[column.type](text, column)
    problems += [(code, pc.and_not(mask, empty)) for code, mask in wrong]
    if column.type in {DataType.TEXT, DataType.CODE} and not column.codes:
        problems.append(("value.formula", _formulas(raw, text)))
    return pc.if_else(empty, pa.scalar(None, values.type), values), text, problems


def _formulas(raw: pa.StringArray, text: pa.StringArray) -> pa.BooleanArray:
    begins = pc.match_substring_regex(text, FORMULA)
    begins = pc.and_not(begins, pc.match_substring_regex(text, HARMLESS))
    # An empty cell of blanks only is no formula.
    blanks = pc.and_(pc.match_substring_regex(raw, FORMULA_BLANKS), pc.not_equal(text, ""))
    return pc.or_(begins, blanks)


def _read_text(text: pa.StringArray, _column: Column) -> tuple[pa.Array, Problems]:
    return text, []


def _read_code(text: pa.StringArray, column: Column) -> tuple[pa.Array, Problems]:
    if not column.codes:
        return text, []
    known = pc.is_in(text, value_set=pa.array(column.codes, pa.string()))
    return text, [("value.not_in_codes", pc.invert(known))]


def _read_number(text: pa.StringArray, pattern: str, kind: pa.DataType) -> tuple[pa.Array, pa.BooleanArray]:
    good = pc.match_substring_regex(text, pattern)
    plain = pc.utf8_ltrim(text, characters="+")
    return pc.cast(pc.if_else(good, plain, None), kind), pc.invert(good)


def _read_integer(text: pa.StringArray, _column: Column) -> tuple[pa.Array, Problems]:
    values, wrong = _read_number(text, INTEGER, pa.int64())
    return values, [("value.not_integer", wrong)]


def _read_decimal(text: pa.StringArray, _column: Column) -> tuple[pa.Array, Problems]:
    values, wrong = _read_number(text, DECIMAL, pa.float64())
    return values, [("value.not_number", wrong)]


def _read_boolean(text: pa.StringArray, _column: Column) -> tuple[pa.Array, Problems]:
    lower = pc.utf8_lower(text)
    yes = pc.is_in(lower, value_set=pa.array(YES))
    known = pc.or_(yes, pc.is_in(lower, value_set=pa.array(NO)))
    return pc.if_else(known, yes, None), [("value.not_boolean", pc.invert(known))]


def _read_date(text: pa.StringArray, column: Column) -> tuple[pa.Array, Problems]:
    # Dates repeat: each different one is read once, by Python's own exact calendar.
    encoded = text.dictionary_encode()
    days = [_day(each, column.date_format) for each in encoded.dictionary.to_pylist()]
    values = pc.take(pa.array(days, pa.date32()), encoded.indices)
    return values, [("value.not_date", pc.is_null(values))]


@lru_cache(maxsize=1 << 16)
def _day(text: str, date_format: str) -> date | None:
    try:
        return datetime.strptime(text, date_format or ISO).date()
    except ValueError:
        return None


READERS: dict[DataType, Callable[[pa.StringArray, Column], tuple[pa.Array, Problems]]] = {
    DataType.TEXT: _read_text,
    DataType.CODE: _read_code,
    DataType.INTEGER: _read_integer,
    DataType.DECIMAL: _read_decimal,
    DataType.BOOLEAN: _read_boolean,
    DataType.DATE: _read_date,
}

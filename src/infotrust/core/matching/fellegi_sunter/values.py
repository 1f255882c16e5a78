"""What a model looks at, of every record, laid out for the compiled pass: codes, texts, numbers, frequencies.

A column is coded once; whatever SQL makes of it is asked of DuckDB once for each distinct value, never for a pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.compiled import ByteArray, FloatArray, HashArray, IntArray, LongArray
from infotrust.core.matching.fellegi_sunter import alike
from infotrust.core.matching.fellegi_sunter.model import DISTANCES, SIMILARITIES, FellegiSunter, Measure, Value
from infotrust.core.matching.reading.sources import Coded
from infotrust.core.matching.reading.texts import Texts

Columns = Mapping[str, Coded]
CodedValues = Mapping[Value, Coded]


class Values(NamedTuple):
    """Every value that a model's levels look at, in the order of `FellegiSunter.compared`.

    codes: int32 [n, values], -1 not known. The distinct values' texts, numbers, hashes and log2 shares of the records
    lie end to end; text_at, number_at, hash_at, share_at: int64 [values], where each value's begin, -1: not needed.
    """

    codes: IntArray
    text_at: LongArray
    number_at: LongArray
    hash_at: LongArray
    share_at: LongArray
    words: HashArray
    data: ByteArray
    start: LongArray
    numbers: FloatArray
    hashes: HashArray
    log_shares: FloatArray


def columns_of(table: pa.Table, names: Iterable[str]) -> dict[str, Coded]:
    """Code the named columns of a table; an empty cell is not known. Raises UserFacingError when one is missing."""
    return {name: _coded(table, name) for name in names}


def _coded(table: pa.Table, name: str) -> Coded:
    if name not in table.column_names:
        raise UserFacingError(
            f"The records have no column {name!r}, which the model compares.",
            next_step=f"They have: {', '.join(table.column_names)}.",
        )
    encoded = table[name]
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    encoded = encoded.unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], encoded.type)
    codes = encoded.indices if encoded.null_count == 0 else pc.fill_null(encoded.indices, -1)
    return Coded(codes.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), encoded.dictionary)


def code_values(columns: Columns, wanted: Iterable[Value]) -> dict[Value, Coded]:
    """Each value of each record. Raises UserFacingError where DuckDB cannot work out a value of these columns."""
    found: dict[Value, Coded] = {}
    connection = None
    for value in wanted:
        if not value.sql:
            found[value] = columns[value.column]
            continue
        connection = connection or _closed_connection()
        found[value] = _worked_out(connection, value, columns[value.column])
    return found


def _closed_connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"enable_external_access": False, "threads": 1})


def _worked_out(connection: duckdb.DuckDBPyConnection, value: Value, coded: Coded) -> Coded:
    distinct = pa.table({value.column: coded.values})
    try:
        made = connection.from_arrow(distinct).project(f"{value.sql} AS made").to_arrow_table()["made"]
    except duckdb.Error:
        raise UserFacingError(
            f"{value.sql} cannot be worked out for this column of type {coded.values.type}.",
            next_step="Give the column the type that the model was trained on.",
        ) from None
    remade = _coded(pa.table({"made": made}), "made")
    return Coded(np.append(remade.codes, np.int32(-1))[coded.codes], remade.values)


def lay_out(model: FellegiSunter, coded: CodedValues) -> Values:
    """Prepare what this model's levels look at. Raises UserFacingError when a column has the wrong type."""
    wanted = model.compared
    place = {value: at for at, value in enumerate(wanted)}
    needed = _needed(model)
    text_at, texts = _end_to_end([_texts(value, coded[value]) if value in needed.texts else None for value in wanted])
    numbers = [_numbers(value, coded[value]) if value in needed.numbers else None for value in wanted]
    hashes = [_texts(value, coded[value]).hashes if value in needed.hashes else None for value in wanted]
    shares = [_log_shares(coded[value]) if value in needed.shares else None for value in wanted]
    number_at, all_numbers = _stacked(numbers, np.float64)
    hash_at, all_hashes = _stacked(hashes, np.uint64)
    share_at, all_shares = _stacked(shares, np.float64)
    codes = np.empty((len(coded[wanted[0]].codes), len(wanted)), np.int32)
    for value in wanted:
        codes[:, place[value]] = coded[value].codes
    lines = alike.lines_of(texts)
    return Values(
        codes, text_at, number_at, hash_at, share_at, lines.words, lines.data, lines.start, all_numbers, all_hashes,
        all_shares,
    )  # fmt: skip


class _Needed(NamedTuple):
    texts: set[Value]
    numbers: set[Value]
    hashes: set[Value]
    shares: set[Value]


def _needed(model: FellegiSunter) -> _Needed:
    needed = _Needed(set(), set(), set(), set())
    for level in (level for comparison in model.comparisons for level in comparison.levels):
        if level.frequency:
            needed.shares.add(level.frequency.value)
        for test in (test for tests in level.when for test in tests):
            sides = {side for side in (test.left, test.right) if side}
            if test.measure in SIMILARITIES | DISTANCES:
                needed.texts.update(sides)
            elif test.measure == Measure.DIFFERENCE:
                needed.numbers.update(sides)
            elif test.measure == Measure.EQUAL and len(sides) == 2:
                needed.hashes.update(sides)
    return needed


def _texts(value: Value, coded: Coded) -> Texts:
    if not (pa.types.is_string(coded.values.type) or pa.types.is_large_string(coded.values.type)):
        raise UserFacingError(
            f"{value} holds {coded.values.type}, but the model compares it as text.",
            next_step="Give the column the type that the model was trained on.",
        )
    return coded.texts


def _numbers(value: Value, coded: Coded) -> FloatArray:
    try:
        numbers: FloatArray = coded.values.cast(pa.float64()).to_numpy(zero_copy_only=False)
        return numbers
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise UserFacingError(
            f"{value} holds {coded.values.type}, but the model takes differences of it.",
            next_step="Give the column the type that the model was trained on.",
        ) from None


def _log_shares(coded: Coded) -> FloatArray:
    shares: FloatArray = np.log2(np.maximum(coded.counts, 1) / max(coded.filled, 1))
    return shares


def _end_to_end(several: list[Texts | None]) -> tuple[LongArray, Texts]:
    at = np.full(len(several), -1, np.int64)
    data, start = [np.empty(0, np.uint8)], [np.zeros(1, np.int64)]
    texts, length = 0, 0
    for place, one in enumerate(several):
        if one is None:
            continue
        at[place] = texts
        begin, end = one.start[0], one.start[-1]
        data.append(one.data[begin:end])
        start.append(one.start[1:] - begin + length)
        texts, length = texts + len(one), length + int(end - begin)
    return at, Texts(np.concatenate(data), np.concatenate(start))


def _stacked(several: list, kind: type) -> tuple[LongArray, np.ndarray]:  # type: ignore[type-arg]
    at = np.full(len(several), -1, np.int64)
    known = [place for place, one in enumerate(several) if one is not None]
    lengths = [len(several[place]) for place in known]
    at[known] = np.cumsum([0, *lengths[:-1]]) if known else []
    return at, np.concatenate([several[place] for place in known]) if known else np.empty(0, kind)

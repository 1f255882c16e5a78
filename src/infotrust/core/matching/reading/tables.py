"""Tables of many kinds become Arrow, and Arrow becomes the kind it was given as. Imports neither pandas nor polars:
whoever gives a frame of theirs has them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow.interchange import from_dataframe

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.reading import files


def to_arrow(given: Any, name: str) -> pa.Table:
    """Any table, stream, frame or path as an Arrow table. Raises UserFacingError that calls it by `name`."""
    if isinstance(given, str | Path):
        return files.read_table(Path(given))
    table = _arrow_of(given, name)
    doubled = sorted({column for column in table.column_names if table.column_names.count(column) > 1})
    if doubled:
        raise UserFacingError(f"{name} has two columns {doubled[0]!r}.", next_step="Give each column its own name.")
    return table


def _arrow_of(given: Any, name: str) -> pa.Table:
    if isinstance(given, pa.Table):
        return given
    if isinstance(given, pa.RecordBatch):
        return pa.Table.from_batches([given])
    if _is_pandas(given):
        return _of_pandas(given)
    if _is_polars(given) and hasattr(given, "collect"):  # a lazy frame
        given = given.collect()
    if hasattr(given, "__arrow_c_stream__"):
        return pa.table(given)
    if hasattr(given, "__dataframe__"):
        return from_dataframe(given)
    raise UserFacingError(
        f"{name} is no table: {type(given).__name__}.",
        next_step="Give an Arrow table, a DuckDB relation, a pandas or polars frame, or the path of a file.",
    )


def with_columns(given: Any, table: pa.Table, added: pa.Table) -> Any:
    """What was given, of the same kind, with more columns; `table` is the same as Arrow. Raises UserFacingError."""
    for column in added.column_names:
        if column in table.column_names:
            raise UserFacingError(
                f"The table has a column {column!r} of its own.", next_step="Rename it, or take `to_arrow()` and join."
            )
    if _is_pandas(given):
        return given.assign(**{name: added[name].to_pandas().to_numpy() for name in added.column_names})
    whole = table
    for name in added.column_names:
        whole = whole.append_column(name, added[name])
    if _is_polars(given):
        return polars_frame(whole)
    return duckdb.from_arrow(whole) if isinstance(given, duckdb.DuckDBPyRelation) else whole


def polars_frame(table: pa.Table) -> Any:
    import polars  # type: ignore[import-not-found, unused-ignore]  # only for those who have it

    return polars.from_arrow(table)


def _is_pandas(given: Any) -> bool:
    return "pandas" in sys.modules and isinstance(given, sys.modules["pandas"].DataFrame)


def _is_polars(given: Any) -> bool:
    polars = sys.modules.get("polars")
    return polars is not None and isinstance(given, polars.DataFrame | polars.LazyFrame)


def _of_pandas(frame: Any) -> pa.Table:
    """Column by column: one that holds things of several kinds, which Arrow cannot, becomes text."""
    columns = {}
    for place, name in enumerate(frame.columns):
        values = frame.iloc[:, place]
        try:
            columns[place] = (str(name), pa.Array.from_pandas(values))
        except (pa.ArrowException, TypeError):
            texts = [None if _is_missing(value) else str(value) for value in values]
            columns[place] = (str(name), pa.array(texts, pa.string()))
    return pa.Table.from_arrays([column for _, column in columns.values()], [name for name, _ in columns.values()])


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float | np.floating) and bool(np.isnan(value)))

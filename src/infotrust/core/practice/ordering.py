"""Puts the rows of all wards into the order of their key, so that no run of rows shows who lives in one ward.

The wards' rows come one ward after another; left so, two agencies' records of one person would lie in the same of some
forty runs of a million people. DuckDB sorts on disk what does not fit into memory. In CSV every value stays the text it
was.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY = "1500MB"
CSV_THREADS = 2
PARQUET_THREADS = 1  # several threads cut row groups as they please: the same county would be other bytes


def write_in_order(rows: Path, to: Path, *, form: str, key: str, kinds: dict[str, str], scratch: Path) -> None:
    """Write the rows of the file `rows` to `to` in the order of `key`; both are CSV with a header, or Parquet.

    Rows with one key keep their order.
    `kinds` are the columns' (see `columns`). Raises OSError where the disk is full.
    """
    with duckdb.connect() as sql:
        sql.execute(f"SET memory_limit = '{MEMORY}'")
        sql.execute(f"SET threads = {CSV_THREADS if form == 'csv' else PARQUET_THREADS}")
        sql.execute(f"SET temp_directory = {_quoted(str(scratch / 'spill'))}")
        try:
            sql.execute(_csv(rows, to, key, kinds) if form == "csv" else _parquet(rows, to, key))
        except duckdb.IOException as problem:
            raise OSError(None, "the disk refused, or is full") from problem


def _csv(rows: Path, to: Path, key: str, kinds: dict[str, str]) -> str:
    texts = ", ".join(f'"{name}"' for name, kind in kinds.items() if kind == "text")
    quoted = f", FORCE_QUOTE ({texts})" if texts else ""
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in kinds)
    written = "header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, nullstr = ''"
    source = f"read_csv({_quoted(str(rows))}, {written}, columns = {{{columns}}}, max_line_size = 10000000)"
    by = f'CAST("{key}" AS BIGINT)' if kinds[key] == "whole" else f'"{key}"'
    return (
        f"COPY ({_ordered(source, by)}) TO {_quoted(str(to))} "
        f"(FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''{quoted})"
    )


def _parquet(rows: Path, to: Path, key: str) -> str:
    ordered = _ordered(f"read_parquet({_quoted(str(rows))})", f'"{key}"')
    return f"COPY ({ordered}) TO {_quoted(str(to))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


def _ordered(source: str, by: str) -> str:
    numbered = f"SELECT *, row_number() OVER () AS place_before FROM {source}"  # noqa: S608
    return f"SELECT * EXCLUDE (place_before) FROM ({numbered}) ORDER BY {by}, place_before"  # noqa: S608


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

"""A written county as tables of DuckDB, brought in when a question reads them.

The SQL is put together from the county's own manifest and questions, never from what a user types (hence `noqa: S608`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

SQL_TYPES = {"text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE", "day": "DATE", "yes_no": "BOOLEAN"}
MEMORY = "2500MB"  # the processes that made the wards are gone by now; together they had more
THREADS = 2
DIGITS = 6  # the order in which threads add must not show in an answer


class Library:
    """The tables of a county: `early-intervention/children` is `early_intervention.children` in SQL."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any], scratch: Path) -> None:
        self.folder, self.form, self.people = folder, manifest["format"], int(manifest["people"])
        self.files = {
            name.removesuffix(f".{self.form}"): entry for name, entry in manifest["files"].items() if "columns" in entry
        }
        self._there: set[str] = set()
        self._sql = duckdb.connect(str(scratch / "county.duckdb"))
        self._sql.execute(f"SET memory_limit = '{MEMORY}'")
        self._sql.execute(f"SET threads = {THREADS}")
        self._sql.execute("SET preserve_insertion_order = false")  # else tables are kept in memory to keep their order
        self._sql.execute(f"SET temp_directory = {_quoted(str(scratch / 'spill'))}")

    def close(self) -> None:
        self._sql.close()

    def missing(self, paths: Collection[str]) -> list[str]:
        return [path for path in paths if path not in self.files]

    def ask(self, code: str, sql: str, reads: Collection[str]) -> None:
        """Bring in what the question of that code reads, and keep its rows as the table `answer`.

        Raises ValueError, naming the question, where its SQL does not run; MemoryError where MEMORY is too little
        for it, even with the disk's help; OSError where the disk is full.
        """
        try:
            for path in reads:
                self._bring(path)
            self._sql.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {sql.rstrip().rstrip(';')}")
        except duckdb.OutOfMemoryException as problem:
            raise MemoryError(f"questions/{code}.yaml needs more than {MEMORY}") from problem
        except duckdb.IOException as problem:
            raise OSError(None, "there is no room to answer the county's questions") from problem
        except duckdb.Error as problem:
            raise ValueError(f"questions/{code}.yaml: {problem}") from problem

    def rows(self) -> list[dict[str, Any]]:
        """The rows of `answer`, in the order of their values."""
        found = self._sql.execute("SELECT * FROM answer ORDER BY ALL")
        names = [column[0] for column in found.description]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in found.fetchall()]

    def number(self, sql: str) -> float | None:
        row = self._sql.execute(sql).fetchone()
        value = None if row is None or row[0] is None else float(row[0])
        return None if value is None or math.isnan(value) else value

    def _bring(self, path: str) -> None:
        if path in self._there:
            return
        agency, _, table = path.partition("/")
        schema = agency.replace("-", "_")
        self._sql.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        kind = "TABLE" if self.form == "csv" else "VIEW"
        self._sql.execute(f'CREATE {kind} "{schema}"."{table}" AS {self._with_person(agency, table)}')
        self._there.add(path)

    def _with_person(self, agency: str, table: str) -> str:
        """The table's rows, with the true person where it holds identifiers."""
        rows, truth = self._scan(f"{agency}/{table}"), f"truth/records/{agency}-{table}"
        if truth not in self.files:
            return f"SELECT * FROM {rows}"  # noqa: S608
        key = next(iter(self.files[truth]["columns"]))
        persons = f'SELECT "{key}", any_value(person_id) AS person_id FROM {self._scan(truth)} GROUP BY ALL'  # noqa: S608
        return f'SELECT rows.*, person_id FROM {rows} AS rows LEFT JOIN ({persons}) USING ("{key}")'  # noqa: S608

    def _scan(self, path: str) -> str:
        file = _quoted(str(self.folder / f"{path}.{self.form}"))
        if self.form == "parquet":
            return f"read_parquet({file})"
        kinds = self.files[path]["columns"]
        typed = ", ".join(f"{_quoted(name)}: '{SQL_TYPES[kind]}'" for name, kind in kinds.items())
        settings = "header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, nullstr = ''"
        return f"read_csv({file}, {settings}, columns = {{{typed}}})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(value: Any) -> Any:
    """A value as JSON has it; fractions with so many digits as are sure."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int | str) or value is None:
        return value
    number = float(value)
    return float(f"{number:.{DIGITS}g}") if math.isfinite(number) else None

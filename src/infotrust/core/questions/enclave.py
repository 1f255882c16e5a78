"""Answer a locked query behind closed doors, and nothing else.

The caller hands over a prepared DuckDB connection (encrypted Parquet readable, temporary files encrypted) and says,
as SQL, where the rows of each view and of the register are. This module copies the permitted columns into the
connection's own temporary tables under a random number for each person, then shuts every door (no files, no network,
no settings) and only then runs the statement: it can reach what was copied, because nothing else is there. The copy
spills to the encrypted temporary folder when it is larger than memory.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from infotrust.core.elements import DataType
from infotrust.core.errors import UserFacingError
from infotrust.core.questions.language import NAME, PERIOD, PERSON
from infotrust.core.questions.locking import LockedQuery

TYPES: Mapping[str, str] = {
    DataType.TEXT: "VARCHAR",
    DataType.CODE: "VARCHAR",
    DataType.INTEGER: "BIGINT",
    DataType.DECIMAL: "DOUBLE",
    DataType.DATE: "DATE",
    DataType.BOOLEAN: "BOOLEAN",
}


NUMBERS = frozenset({"BIGINT", "DOUBLE"})
# How the plan of a statement writes the turning of a value into another type.
CAST = re.compile(r"CAST\(((?:'[^']*'|[^'\n])*?) AS ([A-Z]+)[^)\n]*\)")


class QueryFailed(UserFacingError):
    """The statement could not be answered. On real data it carries no text of the database, which may quote a value."""


@dataclass(frozen=True)
class View:
    """`rows` is SQL that stands after FROM and has `record_id` and each of `columns`, and `period` where it is named.

    It is written by the caller, never by the author of a question.
    """

    name: str
    columns: tuple[str, ...]
    rows: str


@dataclass(frozen=True)
class Limits:
    """What one run may use. `seconds` covers reading and answering; `rows` is the longest output."""

    seconds: float = 120.0
    memory: str = "2GB"
    threads: int = 2
    rows: int = 5_000


@dataclass(frozen=True)
class Answer:
    """The output table, and what is worth keeping about how it was made.

    `records` counts the rows of each view; `unlinked` counts those whose person is not in the register: they could not
    be counted.
    """

    table: pa.Table
    seconds: float
    records: dict[str, int] = field(default_factory=dict)
    unlinked: dict[str, int] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


def rehearse(locked: LockedQuery, types: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Run the statement on empty tables and return its output columns with their DuckDB types.

    `types` maps each view to its columns and their `DataType`. Raise `QueryFailed` where the statement does not fit
    (a date compared with a number, say). There is no data here, so the database's own explanation is shown.
    """
    con = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false"})
    try:
        for view in sorted(locked.views):
            columns = {PERSON: "BIGINT", PERIOD: "VARCHAR"} | {name: TYPES[kind] for name, kind in types[view].items()}
            listed = ", ".join(f"{_quoted(name)} {kind}" for name, kind in columns.items())
            con.execute(f"CREATE TEMP TABLE {_quoted(view)} ({listed})")
        con.execute("SET explain_output = 'all'")
        con.execute("PRAGMA disable_optimizer")
        _shut(con)
        numbers = {name for view in locked.views for name, kind in types[view].items() if TYPES[kind] in NUMBERS}
        _require_no_hidden_casts(con, locked, numbers)
        result = con.execute(locked.sql)
        return {column[0]: str(column[1]) for column in result.description}
    except duckdb.Error as problem:
        explanation = str(problem).split("\n")[0]
        raise QueryFailed(
            f"The statement does not fit the fields it reads: {explanation}",
            next_step="Compare each field with values of its own type.",
        ) from None
    finally:
        con.close()


def _require_no_hidden_casts(con: duckdb.DuckDBPyConnection, locked: LockedQuery, numbers: set[str]) -> None:
    """Refuse a comparison for which the database would turn field values into another type.

    It would fail on a value that does not fit, and whether it fails would tell something about the value.
    """
    plans = con.execute(f"EXPLAIN (FORMAT json) {locked.sql}").fetchall()
    for plan in plans:
        for value, kind in CAST.findall(str(plan[1])):
            literal = value.startswith("'") or value.isdigit()
            if not (literal or kind in {"VARCHAR", "BOOLEAN"} or value in numbers):
                raise QueryFailed(
                    f"The statement does not fit its fields: {value} is compared with a value of another type.",
                    next_step="Compare each field with values of its own type; text stands in quotes.",
                )


def run(
    locked: LockedQuery,
    *,
    connection: duckdb.DuckDBPyConnection,
    views: Sequence[View],
    register: str,
    limits: Limits | None = None,
) -> Answer:
    """Answer `locked` on `views`, joined to the people of `register`, and close `connection`.

    `register` is SQL that stands after FROM: (record_id, person_id), one row for each record. Person numbers are
    drawn anew for each run, so that two outputs cannot be joined. Raise `QueryFailed` on a limit, on records that were
    never linked, and on anything the database cannot do.
    """
    limits = limits or Limits()
    started = time.monotonic()
    try:
        with _within(connection, limits):
            records, unlinked = _fill(connection, locked, views, register)
            _shut(connection)
            table = _answer(connection, locked, limits)
        return Answer(table, time.monotonic() - started, records, unlinked, {"duckdb": duckdb.__version__})
    finally:
        connection.close()


def _fill(
    con: duckdb.DuckDBPyConnection, locked: LockedQuery, views: Sequence[View], register: str
) -> tuple[dict[str, int], dict[str, int]]:
    """Copy what the statement reads, and no more, into temporary tables; return rows and rows without a person."""
    con.execute(
        # A shuffle, numbered: the number says nothing about the person, nor about the order of the register.
        f"""CREATE TEMP TABLE "_people" AS SELECT record_id, drawn.number FROM {register} AS register
            JOIN (SELECT {PERSON}, row_number() OVER (ORDER BY random()) AS number
                  FROM (SELECT DISTINCT {PERSON} FROM {register} AS once)) AS drawn USING ({PERSON})"""  # noqa: S608
    )
    records: dict[str, int] = {}
    unlinked: dict[str, int] = {}
    for view in views:
        wanted = [name for name in view.columns if (view.name, name) in locked.reads]
        if not wanted:
            continue
        if view.name in locked.by_period:
            wanted.append(PERIOD)
        records[view.name], unlinked[view.name] = _copy(con, view, wanted)
    missing = locked.views - set(records)
    if missing:
        raise QueryFailed(
            f"There are no records for the view {sorted(missing)[0]}.", next_step="Wait for a delivery of this dataset."
        )
    con.execute('DROP TABLE "_people"')
    return records, unlinked


def _copy(con: duckdb.DuckDBPyConnection, view: View, wanted: list[str]) -> tuple[int, int]:
    listed = ", ".join(f"content.{_quoted(name)}" for name in wanted)
    con.execute(
        f"""CREATE TEMP TABLE {_quoted(view.name)} AS SELECT people.number AS {PERSON}, {listed}
            FROM {view.rows} AS content JOIN "_people" AS people USING (record_id)"""  # noqa: S608
    )
    known = _number(con, f"SELECT count(*) FROM {_quoted(view.name)}")  # noqa: S608
    total = _number(con, f"SELECT count(*) FROM {view.rows} AS content")  # noqa: S608
    if total and not known:
        raise QueryFailed(
            f"None of the {total:,} records of {view.name} has been linked to a person yet.",
            next_step="Ask a linkage officer to link the records, then run the question again.",
        )
    return total, total - known


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _shut(con: duckdb.DuckDBPyConnection) -> None:
    """From here on the connection can open no file and no address, and cannot be talked into it again."""
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")


def _answer(con: duckdb.DuckDBPyConnection, locked: LockedQuery, limits: Limits) -> pa.Table:
    result = con.execute(locked.sql)
    names = [column[0] for column in result.description]
    rows = result.fetchmany(limits.rows + 1)
    if len(rows) > limits.rows:
        raise QueryFailed(
            f"The output has more than {limits.rows:,} rows.", next_step="Use fewer or coarser categories."
        )
    table = pa.table({name: [row[index] for row in rows] for index, name in enumerate(names)})
    _require_one_category_each(table[locked.measure].to_pylist(), _number(con, locked.everyone))
    return table


def _require_one_category_each(counts: list[int], people: int) -> None:
    """The disclosure check adds counts up to totals; that is right only if nobody is counted in two of them."""
    if sum(counts) != people:
        raise QueryFailed(
            "Some people fall into more than one category, so the counts do not add up to the people.",
            next_step=f"Decide one category for each person first, in a part with GROUP BY {PERSON}.",
        )


@contextmanager
def _within(con: duckdb.DuckDBPyConnection, limits: Limits) -> Iterator[None]:
    """Keep to `limits`; turn what the database reports into words that carry none of its text."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        con.interrupt()

    timer = threading.Timer(limits.seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        con.execute(f"SET threads = {int(limits.threads)}")
        con.execute(f"SET memory_limit = '{limits.memory}'")
        yield
        if late.is_set():
            raise duckdb.InterruptException("late")
    except duckdb.InterruptException:
        raise QueryFailed(
            f"The question was stopped after {limits.seconds:g} seconds.", next_step="Ask a smaller question."
        ) from None
    except duckdb.OutOfMemoryException:
        raise QueryFailed(
            f"The question needs more than {limits.memory} of memory.", next_step="Ask a smaller question."
        ) from None
    except duckdb.Error as problem:
        raise QueryFailed(
            f"The database could not answer the question ({type(problem).__name__}).",
            next_step="Check the question with the Check button; if it passes, tell an administrator.",
        ) from None
    finally:
        timer.cancel()


def _quoted(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"A view or column cannot be called {name!r}.")
    return f'"{name}"'

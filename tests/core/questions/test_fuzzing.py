"""Statements nobody thought of: whatever is locked keeps the promises, and whatever is not is refused in words.

The promises are checked on made-up tables, by what the answers do: leaving one person out changes no count by more than
one, and giving everyone another number changes nothing at all.
"""

from __future__ import annotations

from contextlib import suppress

import duckdb
import pyarrow as pa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from infotrust.core.questions import QueryRefused, lock
from tests.core.questions.test_locking import ACCEPTED, PERMITTED, REFUSED

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = sorted(
    {word for sql in (*ACCEPTED.values(), *(sql for _, sql in REFUSED.values())) for word in sql.split()[:60]}
)
COLUMNS = {
    "snap": {"months": "BIGINT", "status": "VARCHAR", "tract": "VARCHAR", "opened_on": "DATE"},
    "school": {"grade": "VARCHAR", "residence": "VARCHAR", "site": "VARCHAR"},
    "shelter": {"entry": "DATE", "project": "VARCHAR"},
}
PEOPLE = 7


@given(st.text(max_size=200))
@QUICK
def test_any_text_is_locked_or_refused_in_words(text):
    # Any other exception is a defect, and fails this test.
    with suppress(QueryRefused):
        lock(text, PERMITTED)


@st.composite
def mangled(draw):
    """An accepted statement with some words left out, repeated, or put in from all the statements of this folder."""
    words = draw(st.sampled_from(sorted(ACCEPTED.values()))).split()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(words)))
        kind = draw(st.sampled_from(["drop", "put", "swap", "copy"]))
        if kind == "put":
            words[at:at] = [draw(st.sampled_from(WORDS))]
        elif kind == "drop":
            words[at : at + 1] = []
        elif kind == "swap":
            words[at : at + 1] = [draw(st.sampled_from(WORDS))]
        else:
            words[at:at] = words[draw(st.integers(0, max(len(words) - 1, 0))) :][:3]
    return " ".join(words)


KEY = st.sampled_from(
    ["a.status", "s.grade", "a.months", "coalesce(s.site, 'none')", "a.months > s_n", "year(a.opened_on)"]
)
CONDITION = st.sampled_from(
    [
        "a.months > 2",
        "s.grade = 'K'",
        "a.person_id IS NOT NULL",
        "NOT EXISTS (SELECT 1 FROM shelter h WHERE h.person_id = a.person_id AND h.project = 'es')",
        "a.person_id IN (SELECT person_id FROM shelter WHERE project <> 'es')",
        "s.person_id = a.person_id OR s.site IS NULL",
        "a.status LIKE 'o%'",
    ]
)


@st.composite
def composed(draw):
    """A statement over two views, joined in any way, with any conditions and categories."""
    join = draw(st.sampled_from(["JOIN", "LEFT JOIN", "FULL JOIN", "RIGHT JOIN", "CROSS JOIN"]))
    on = draw(
        st.sampled_from(
            ["a.person_id = s.person_id", "a.person_id = s.person_id AND a.months > 1", "a.status = s.grade"]
        )
    )
    keys = draw(st.lists(KEY.filter(lambda key: "s_n" not in key), unique=True, max_size=3))
    where = draw(st.lists(CONDITION, max_size=2))
    who = draw(st.sampled_from(["a.person_id", "s.person_id", "coalesce(a.person_id, s.person_id)"]))
    only = draw(st.sampled_from(["", " FILTER (WHERE a.months > 1)"]))
    shown = "".join(f"{key} AS k{index}, " for index, key in enumerate(keys))
    grouped = f" GROUP BY {', '.join(map(str, range(1, len(keys) + 1)))}" if keys else ""
    filtered = f" WHERE {' AND '.join(f'({each})' for each in where)}" if where else ""
    source = f"snap a {join} school s" + ("" if join == "CROSS JOIN" else f" ON {on}")
    return f"SELECT {shown}count(DISTINCT {who}){only} AS n FROM {source}{filtered}{grouped}"


row = st.tuples(st.integers(1, PEOPLE), st.integers(0, 2), st.integers(0, 2))
tables = st.fixed_dictionaries({view: st.lists(row, max_size=8) for view in COLUMNS})


def filled(rows: dict, leave_out: int = 0, renumber: dict[int, int] | None = None) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": 1})
    number = renumber or {}
    for view, columns in COLUMNS.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        con.execute(f"CREATE TABLE {view} (person_id BIGINT, {listed})")
        written = []
        kept = [each for each in rows[view] if each[0] != leave_out]
        for person, one, two in kept:
            values = [value(kind, (one, two)[index % 2]) for index, kind in enumerate(columns.values())]
            written.append(", ".join(map(literal, [number.get(person, person), *values])))
        if written:
            con.execute(f"INSERT INTO {view} VALUES ({'), ('.join(written)})")
    return con


def value(kind: str, choice: int) -> object:
    return {
        "BIGINT": [0, 2, 4],
        "DATE": ["2024-12-31", "2025-01-01", None],
        "VARCHAR": ["open", "K", "es"],
    }[kind][choice]


def literal(value: object) -> str:
    return "NULL" if value is None else repr(value)


def answer(sql: str, con: duckdb.DuckDBPyConnection) -> dict[tuple, int]:
    """The count of each cell. Cells that are not there are 0."""
    with con:
        table: pa.Table = con.execute(sql).to_arrow_table()
    return {tuple(list(row.values())[:-1]): list(row.values())[-1] for row in table.to_pylist()}


def keeps_promises(sql: str, rows: dict) -> None:
    locked = lock(sql, PERMITTED)
    try:
        everyone = answer(locked.sql, filled(rows))
    except duckdb.Error:
        return  # `rehearse` shows these to the author; they depend on no value
    assert lock(locked.sql, PERMITTED) == locked
    assert all(0 <= count <= PEOPLE for count in everyone.values())
    other_numbers = {person: 1000 - 3 * person for person in range(1, PEOPLE + 1)}
    assert answer(locked.sql, filled(rows, renumber=other_numbers)) == everyone
    for person in {each[0] for each in (*rows["snap"], *rows["school"])}:
        without = answer(locked.sql, filled(rows, leave_out=person))
        cells = set(without) | set(everyone)
        assert all(abs(everyone.get(cell, 0) - without.get(cell, 0)) <= 1 for cell in cells)


@given(mangled(), tables)
@QUICK
def test_mangled_statements_keep_the_promises_or_are_refused(sql, rows):
    try:
        lock(sql, PERMITTED)
    except QueryRefused:
        return
    keeps_promises(sql, rows)


@given(composed(), tables)
@settings(QUICK, max_examples=40)
def test_composed_statements_keep_the_promises_or_are_refused(sql, rows):
    try:
        lock(sql, PERMITTED)
    except QueryRefused:
        assume(False)
    keeps_promises(sql, rows)

"""A view holds one delivery for each period: a question says which it means, and its lock knows."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from infotrust.core.questions import QueryRefused, View, lock, rehearse, run

TYPES = {"snap": {"status": "code"}, "school": {"grade": "code"}}
PERMITTED = {view: set(columns) for view, columns in TYPES.items()}
COUNT = "count(DISTINCT person_id) AS people"

LIMITED = {
    f"SELECT status, {COUNT} FROM snap GROUP BY status": {"snap": None},
    f"SELECT status, {COUNT} FROM snap WHERE period = '2025-26' GROUP BY status": {"snap": {"2025-26"}},
    f"SELECT status, {COUNT} FROM snap WHERE '2025-26' = (period) GROUP BY status": {"snap": {"2025-26"}},
    f"SELECT status, {COUNT} FROM snap WHERE period IN ('a', 'b') AND status = 'x' GROUP BY status": {
        "snap": {"a", "b"}
    },
    f"SELECT status, {COUNT} FROM snap WHERE period IN ('a', 'b') AND period = 'a' GROUP BY status": {"snap": {"a"}},
    # Anything else limits the rows too, perhaps, but is not read as doing so.
    f"SELECT status, {COUNT} FROM snap WHERE period = 'a' OR status = 'x' GROUP BY status": {"snap": None},
    f"SELECT status, {COUNT} FROM snap WHERE period <> 'a' GROUP BY status": {"snap": None},
    f"SELECT status, {COUNT} FROM snap WHERE NOT period = 'a' GROUP BY status": {"snap": None},
    f"SELECT status, {COUNT} FROM snap WHERE period = status GROUP BY status": {"snap": None},
    # Each place that reads a view counts.
    f"""WITH a AS (SELECT person_id, status FROM snap WHERE period = 'a'
         UNION SELECT person_id, status FROM snap WHERE period = 'b')
       SELECT status, {COUNT} FROM a GROUP BY status""": {"snap": {"a", "b"}},
    f"""WITH a AS (SELECT person_id, status FROM snap WHERE period = 'a'
         UNION SELECT person_id, status FROM snap)
       SELECT status, {COUNT} FROM a GROUP BY status""": {"snap": None},
    """SELECT s.grade, count(DISTINCT s.person_id) AS n FROM school s WHERE s.period = 'a' AND EXISTS
       (SELECT 1 FROM snap WHERE snap.person_id = s.person_id AND snap.period = 'b' AND snap.status = 'x')
       GROUP BY s.grade""": {"school": {"a"}, "snap": {"b"}},
    """SELECT s.grade, count(DISTINCT s.person_id) AS n FROM school s LEFT JOIN snap
       ON snap.person_id = s.person_id AND snap.period = 'b' AND s.period = 'a' AND snap.status = 'x'
       GROUP BY s.grade""": {"school": None, "snap": {"b"}},
    """SELECT s.grade, count(DISTINCT s.person_id) AS n FROM school s FULL JOIN snap
       ON snap.person_id = s.person_id AND snap.period = 'b' AND snap.status = 'x' GROUP BY s.grade""": {
        "school": None,
        "snap": None,
    },
}


@pytest.mark.parametrize("sql", LIMITED)
def test_lock_knows_which_periods_a_statement_is_limited_to(sql):
    locked = lock(sql, PERMITTED)
    rehearse(locked, TYPES)
    assert locked.periods == LIMITED[sql]
    assert not any(column == "period" for _, column in locked.reads)


def test_period_needs_no_permission_and_gives_none():
    locked = lock(f"SELECT period, {COUNT} FROM snap WHERE status = 'x' GROUP BY period", PERMITTED)
    assert (locked.reads, locked.by_period, locked.labels) == ({("snap", "status")}, {"snap"}, {"period": frozenset()})
    with pytest.raises(QueryRefused) as refused:
        lock(f"SELECT period, {COUNT} FROM snap WHERE period = 'a' GROUP BY period", PERMITTED)
    assert refused.value.rule == "membership"


def test_no_field_can_take_the_name():
    with pytest.raises(ValueError, match="period"):
        lock(f"SELECT {COUNT} FROM snap WHERE period = 'a'", {"snap": {"period"}})


def test_only_rows_of_the_named_period_are_counted():
    con = duckdb.connect(config={"threads": 1})
    con.register("rows", pa.table({"record_id": ["1", "2", "1"], "period": ["a", "a", "b"], "status": ["x", "x", "y"]}))
    con.register("register", pa.table({"record_id": ["1", "2"], "person_id": ["ann", "bob"]}))
    locked = lock(f"SELECT status, {COUNT} FROM snap WHERE period = 'b' GROUP BY status", PERMITTED)
    view = View("snap", ("status",), "(SELECT record_id, period, status FROM rows)")
    answer = run(locked, connection=con, views=(view,), register="register")
    assert answer.table.to_pylist() == [{"status": "y", "people": 1}]

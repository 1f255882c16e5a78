"""What happens behind the closed doors: right counts, limits that bite, and nothing of the data in an error."""

from __future__ import annotations

import secrets

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.questions import Limits, QueryFailed, View, lock, rehearse, run
from infotrust.core.questions.enclave import _shut

PERMITTED = {"snap": ["status", "months"], "school": ["grade"]}
OVERLAP = """
    WITH served AS (SELECT person_id, 'snap' AS program FROM snap WHERE status = 'open'
                    UNION ALL SELECT person_id, 'school' AS program FROM school WHERE grade <> '12'),
         person AS (SELECT person_id, bool_or(program = 'snap') AS in_snap, bool_or(program = 'school') AS in_school
                    FROM served GROUP BY person_id)
    SELECT in_snap, in_school, count(DISTINCT person_id) AS children FROM person GROUP BY in_snap, in_school"""


def table(*rows: tuple) -> pa.Table:
    """Rows of (record, value, ...) as a view's rows; columns are named by the caller's view."""
    columns = zip(*rows, strict=True)
    return pa.table({name: list(values) for name, values in zip(("record_id", "a", "b"), columns, strict=False)})


def ask(sql, *, snap, school, register, limits=None, con=None):
    con = con or duckdb.connect(config={"threads": 1})
    con.register("snap_rows", snap)
    con.register("school_rows", school)
    con.register("register_rows", register)
    views = (
        View("snap", ("status", "months"), "(SELECT record_id, a AS status, b AS months FROM snap_rows)"),
        View("school", ("grade",), "(SELECT record_id, a AS grade FROM school_rows)"),
    )
    return run(lock(sql, PERMITTED), connection=con, views=views, register="register_rows", limits=limits)


def people(**person_of_record) -> pa.Table:
    return pa.table({"record_id": list(person_of_record), "person_id": list(person_of_record.values())})


SNAP = table(("s1", "open", 3), ("s2", "open", 1), ("s3", "closed", 9))
SCHOOL = table(("k1", "K", None), ("k2", "1", None), ("k3", "12", None))
REGISTER = people(s1="ann", s2="bob", s3="cem", k1="ann", k2="dot", k3="bob")


def cells(answer) -> dict:
    return {tuple(list(row.values())[:-1]): list(row.values())[-1] for row in answer.table.to_pylist()}


def test_people_are_counted_once_across_programs():
    answer = ask(OVERLAP, snap=SNAP, school=SCHOOL, register=REGISTER)
    assert cells(answer) == {(True, True): 1, (True, False): 1, (False, True): 1}
    assert answer.records == {"snap": 3, "school": 3}
    assert answer.versions["duckdb"] == duckdb.__version__


record = st.tuples(st.integers(1, 6), st.sampled_from(["open", "closed"]), st.sampled_from(["K", "12"]))


@given(st.lists(record, min_size=1, max_size=20))
@settings(max_examples=12, deadline=None)
def test_overlaps_equal_those_of_plain_sets(records):
    ids = [secrets.token_hex(8) for _ in records]
    snap = table(*((f"s{each}", status, 1) for each, (_, status, _) in zip(ids, records, strict=True)))
    school = table(*((f"k{each}", grade, None) for each, (_, _, grade) in zip(ids, records, strict=True)))
    register = people(
        **{f"{kind}{each}": str(who) for each, (who, _, _) in zip(ids, records, strict=True) for kind in "sk"}
    )
    in_snap = {who for who, status, _ in records if status == "open"}
    in_school = {who for who, _, grade in records if grade != "12"}
    expected = {
        (True, True): len(in_snap & in_school),
        (True, False): len(in_snap - in_school),
        (False, True): len(in_school - in_snap),
    }
    found = cells(ask(OVERLAP, snap=snap, school=school, register=register))
    assert found == {cell: count for cell, count in expected.items() if count}


def test_records_without_a_person_are_left_out_and_reported():
    answer = ask(OVERLAP, snap=SNAP, school=SCHOOL, register=people(s1="ann", k1="ann", k2="dot", k3="bob"))
    assert answer.unlinked == {"snap": 2, "school": 0}
    assert cells(answer) == {(True, True): 1, (False, True): 1}


def test_a_view_that_was_never_linked_is_refused():
    with pytest.raises(QueryFailed, match=r"None of the 3 records of snap"):
        ask(OVERLAP, snap=SNAP, school=SCHOOL, register=people(k1="ann"))


def test_person_numbers_are_drawn_anew_and_are_not_the_registers(monkeypatch):
    con = duckdb.connect(config={"threads": 1})
    monkeypatch.setattr("infotrust.core.questions.enclave._shut", lambda con: seen.append(numbers(con)))
    seen: list[list[int]] = []

    def numbers(con):
        return [number for (number,) in con.execute("SELECT person_id FROM snap ORDER BY months").fetchall()]

    register = people(**{f"s{n}": f"person-{n}" for n in range(200)})
    snap = table(*((f"s{n}", "open", n) for n in range(200)))
    for _ in range(2):
        ask(
            "SELECT count(DISTINCT person_id) AS n FROM snap WHERE months >= 0",
            snap=snap,
            school=SCHOOL,
            register=register,
            con=con,
        )
        con = duckdb.connect(config={"threads": 1})
    assert sorted(seen[0]) == sorted(seen[1]) == list(range(1, 201))
    assert seen[0] != seen[1]


def test_only_what_the_statement_reads_is_copied(monkeypatch):
    copied = {}

    def look(con):
        copied["tables"] = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        copied["columns"] = [row[0] for row in con.execute("DESCRIBE snap").fetchall()]

    monkeypatch.setattr("infotrust.core.questions.enclave._shut", look)
    ask(
        "SELECT status, count(DISTINCT person_id) AS n FROM snap GROUP BY status",
        snap=SNAP,
        school=SCHOOL,
        register=REGISTER,
    )
    assert copied == {"tables": {"snap"}, "columns": ["person_id", "status"]}


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM read_parquet('{file}')",
        "SELECT * FROM '{file}'",
        "COPY snap TO '{folder}/out.csv'",
        "ATTACH '{folder}/x.db' AS x",
        "SET enable_external_access = true",
        "SET threads = 1",
        "SET allowed_directories = ['/']",
        "INSTALL spatial",
    ],
)
def test_a_shut_connection_opens_nothing(tmp_path, attempt):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "x.parquet")
    con = duckdb.connect(config={"threads": 1})
    con.execute("CREATE TABLE snap (a INT)")
    _shut(con)
    with pytest.raises(duckdb.Error):
        con.execute(attempt.format(file=tmp_path / "x.parquet", folder=tmp_path))


def test_a_question_is_stopped_when_its_time_is_over():
    many = pa.table({"record_id": [f"s{n}" for n in range(3_000)], "a": ["open"] * 3_000, "b": list(range(3_000))})
    one = people(**{f"s{n}": "ann" for n in range(3_000)})
    heavy = (
        "SELECT a.status, count(DISTINCT a.person_id) AS n FROM snap a JOIN snap b ON a.person_id = b.person_id "
        "JOIN snap c ON c.person_id = a.person_id AND c.months + b.months <> a.months GROUP BY a.status"
    )
    with pytest.raises(QueryFailed, match=r"stopped after 0.3 seconds"):
        ask(heavy, snap=many, school=SCHOOL, register=one, limits=Limits(seconds=0.3))


def test_an_output_with_too_many_rows_is_refused():
    with pytest.raises(QueryFailed, match="more than 1 rows"):
        ask(OVERLAP, snap=SNAP, school=SCHOOL, register=REGISTER, limits=Limits(rows=1))


def test_people_in_two_categories_are_refused_until_the_question_decides():
    twice = table(("k1", "K", None), ("k2", "1", None))
    same = people(k1="ann", k2="ann")
    both = "SELECT grade, count(DISTINCT person_id) AS n FROM school GROUP BY grade"
    with pytest.raises(QueryFailed, match="more than one category"):
        ask(both, snap=SNAP, school=twice, register=same)
    decided = (
        "WITH child AS (SELECT person_id, CASE WHEN bool_or(grade = '1') THEN '1' ELSE 'K' END AS grade FROM school "
        "GROUP BY person_id) SELECT grade, count(DISTINCT person_id) AS n FROM child GROUP BY grade"
    )
    assert cells(ask(decided, snap=SNAP, school=twice, register=same)) == {("1",): 1}


def test_a_failure_never_quotes_a_value():
    # The view itself fails on a value, as a damaged file might; the words of the database would quote it.
    con = duckdb.connect(config={"threads": 1})
    con.register("rows", pa.table({"record_id": ["s1"], "status": ["Annabel Secret"]}))
    con.register("register_rows", people(s1="ann"))
    view = View("snap", ("months",), "(SELECT record_id, CAST(status AS INTEGER) AS months FROM rows)")
    locked = lock("SELECT count(DISTINCT person_id) AS n FROM snap WHERE months = 1", {"snap": ["months"]})
    with pytest.raises(QueryFailed) as failed:
        run(locked, connection=con, views=(view,), register="register_rows")
    assert "Annabel" not in str(failed.value)
    assert failed.value.__cause__ is None


def test_the_connection_is_closed_afterwards():
    con = duckdb.connect(config={"threads": 1})
    ask(OVERLAP, snap=SNAP, school=SCHOOL, register=REGISTER, con=con)
    with pytest.raises(duckdb.ConnectionException):
        con.execute("SELECT 1")


def test_a_rehearsal_gives_the_output_columns_and_explains_what_does_not_fit():
    types = {"snap": {"status": "code", "months": "integer"}, "school": {"grade": "code"}}
    assert rehearse(lock(OVERLAP, PERMITTED), types) == {
        "in_snap": "BOOLEAN",
        "in_school": "BOOLEAN",
        "children": "BIGINT",
    }
    wrong = lock("SELECT count(DISTINCT person_id) AS n FROM snap WHERE year(status) = 2025", PERMITTED)
    with pytest.raises(QueryFailed, match="does not fit"):
        rehearse(wrong, types)


@pytest.mark.parametrize(
    "condition",
    ["status = 1", "status IN (1, 2)", "lower(status) = 1", "CASE WHEN months = 1 THEN status = 7 ELSE months = 2 END"],
)
def test_a_comparison_that_could_fail_on_a_value_is_refused_before_any_data(condition):
    types = {"snap": {"status": "code", "months": "integer"}}
    with pytest.raises(QueryFailed, match="another type"):
        rehearse(lock(f"SELECT count(DISTINCT person_id) AS n FROM snap WHERE {condition}", PERMITTED), types)


@pytest.mark.parametrize("condition", ["status = '1'", "months = 1", "months > 2 AND status LIKE 'o%'", "months = '7'"])
def test_a_comparison_of_one_type_is_rehearsed(condition):
    types = {"snap": {"status": "code", "months": "integer"}}
    assert rehearse(lock(f"SELECT count(DISTINCT person_id) AS n FROM snap WHERE {condition}", PERMITTED), types)

"""What a question may and may not say. Each refused statement is tried as an author would try it."""

from __future__ import annotations

import pytest

from infotrust.core.questions import QueryRefused, lock

PERMITTED = {
    "snap": {"months", "status", "tract", "opened_on"},
    "school": {"grade", "residence", "site"},
    "shelter": {"entry", "project"},
}
COUNT = "count(DISTINCT person_id)"

ACCEPTED = {
    "one view": f"SELECT status, {COUNT} AS people FROM snap GROUP BY status",
    "total only": f"SELECT {COUNT} AS people FROM snap WHERE months > 3",
    "filter": f"SELECT status, {COUNT} FILTER (WHERE months >= 6) AS people FROM snap GROUP BY status",
    "by number": f"SELECT status, {COUNT} AS people FROM snap GROUP BY 1 ORDER BY 1",
    "case": f"SELECT CASE WHEN months > 5 THEN 'long' ELSE 'short' END AS stay, {COUNT} AS people FROM snap GROUP BY 1",
    "comment": f"SELECT status, {COUNT} AS people FROM snap GROUP BY status -- by status",
    "inner join": "SELECT a.status, count(DISTINCT a.person_id) AS people FROM snap a JOIN school s "
    "ON a.person_id = s.person_id AND s.grade = 'K' GROUP BY a.status",
    "using": "SELECT a.status, s.grade, count(DISTINCT person_id) AS people FROM snap a FULL JOIN school s "
    "USING (person_id) GROUP BY a.status, s.grade",
    "not exists": "SELECT s.grade, count(DISTINCT s.person_id) AS pupils FROM school s WHERE NOT EXISTS "
    "(SELECT 1 FROM shelter h WHERE h.person_id = s.person_id AND h.project = 'es') GROUP BY s.grade",
    "in": f"SELECT grade, {COUNT} AS pupils FROM school WHERE person_id IN "
    "(SELECT person_id FROM shelter WHERE project = 'es') GROUP BY grade",
    "flags": """WITH served AS (SELECT person_id, 'snap' AS program FROM snap WHERE status = 'open'
        UNION ALL SELECT person_id, 'school' FROM school WHERE grade = 'K'),
        child AS (SELECT person_id, bool_or(program = 'snap') AS in_snap, count(*) AS n FROM served
                  GROUP BY person_id HAVING count(DISTINCT program) >= 1)
        SELECT in_snap, count(DISTINCT person_id) AS children FROM child GROUP BY in_snap""",
    "dates": f"SELECT year(opened_on) AS y, {COUNT} AS n FROM snap WHERE opened_on >= DATE '2025-01-01' GROUP BY 1",
    "upper case": "SELECT STATUS, COUNT(DISTINCT PERSON_ID) AS PEOPLE FROM SNAP GROUP BY STATUS",
}

REFUSED = {
    # Reaching outside the views
    "read_csv": ("word", f"SELECT {COUNT} AS n FROM read_csv('/etc/passwd')"),
    "read_parquet": ("word", f"SELECT a, {COUNT} AS n FROM read_parquet('x.parquet') GROUP BY a"),
    "file as table": ("name", f"SELECT {COUNT} AS n FROM '/etc/passwd'"),
    "quoted file": ("name", f'SELECT {COUNT} AS n FROM "x.parquet"'),
    "glob": ("word", f"SELECT {COUNT} AS n FROM glob('*')"),
    "range": ("word", f"SELECT {COUNT} AS n FROM range(10)"),
    "duckdb_settings": ("word", f"SELECT {COUNT} AS n FROM duckdb_settings()"),
    "pragma table": ("word", f"SELECT {COUNT} AS n FROM pragma_table_info('snap')"),
    "query function": ("word", f"SELECT {COUNT} AS n FROM query('SELECT 1')"),
    "query_table": ("word", f"SELECT {COUNT} AS n FROM query_table('snap')"),
    "information_schema": ("word", f"SELECT {COUNT} AS n FROM information_schema.tables"),
    "pg_catalog": ("word", f"SELECT {COUNT} AS n FROM pg_catalog.pg_class"),
    "sqlite_master": ("view", f"SELECT {COUNT} AS n FROM sqlite_master"),
    "other view": ("view", f"SELECT {COUNT} AS n FROM vault"),
    "register": ("view", f"SELECT {COUNT} AS n FROM persons"),
    "people table": ("view", f'SELECT {COUNT} AS n FROM "_people"'),
    "schema": ("word", f"SELECT {COUNT} AS n FROM main.snap WHERE months = 1"),
    "getenv": ("word", f"SELECT getenv('HOME') AS h, {COUNT} AS n FROM snap GROUP BY 1"),
    "current_setting": ("word", f"SELECT current_setting('threads') AS h, {COUNT} AS n FROM snap GROUP BY 1"),
    "current_user": ("word", f"SELECT current_user AS h, {COUNT} AS n FROM snap GROUP BY 1"),
    "random": ("word", f"SELECT random() AS h, {COUNT} AS n FROM snap GROUP BY 1"),
    "now": ("word", f"SELECT {COUNT} AS n FROM snap WHERE opened_on < now()"),
    "current_date": ("word", f"SELECT {COUNT} AS n FROM snap WHERE opened_on < current_date"),
    "variable": ("word", f"SELECT {COUNT} AS n FROM snap WHERE status = getvariable('x')"),
    # Other statements
    "copy": ("one-select", "COPY snap TO 'x.csv'"),
    "attach": ("one-select", "ATTACH 'x.db'"),
    "set": ("one-select", "SET threads = 1"),
    "pragma": ("one-select", "PRAGMA database_list"),
    "install": ("one-select", "INSTALL httpfs"),
    "load": ("one-select", "LOAD httpfs"),
    "create": ("one-select", "CREATE TABLE x AS SELECT * FROM snap"),
    "drop": ("one-select", "DROP TABLE snap"),
    "insert": ("one-select", "INSERT INTO snap VALUES (1)"),
    "update": ("one-select", "UPDATE snap SET months = 1"),
    "explain": ("one-select", f"EXPLAIN SELECT {COUNT} AS n FROM snap"),
    "describe": ("one-select", "DESCRIBE snap"),
    "call": ("one-select", "CALL pragma_version()"),
    "two statements": ("one-select", f"SELECT {COUNT} AS n FROM snap WHERE months = 1; DROP TABLE snap"),
    "values": ("one-select", "VALUES (1)"),
    "from first": ("star", "FROM snap"),
    "nothing": ("one-select", ""),
    "prose": ("syntax", "how many children ( are there"),
    "into": ("word", f"SELECT {COUNT} AS n INTO x FROM snap"),
    "recursive": (
        "word",
        "WITH RECURSIVE t AS (SELECT person_id FROM snap) SELECT count(DISTINCT person_id) AS n FROM t",
    ),
    "placeholder": ("word", f"SELECT {COUNT} AS n FROM snap WHERE months = ?"),
    "parameter": ("word", f"SELECT {COUNT} AS n FROM snap WHERE months = $1"),
    # Single people
    "rows": ("group", "SELECT status FROM snap"),
    "star": ("star", "SELECT * FROM snap"),
    "star of view": ("star", f"SELECT snap.*, {COUNT} AS n FROM snap"),
    "exclude": ("word", "SELECT * EXCLUDE (months) FROM snap"),
    "columns": ("word", "SELECT COLUMNS('.*') FROM snap"),
    "person shown": ("person", f"SELECT person_id, {COUNT} AS n FROM snap GROUP BY person_id"),
    "person renamed": (
        "person",
        "WITH t AS (SELECT person_id AS status FROM snap WHERE months = 1) "
        "SELECT status, count(DISTINCT status) AS n FROM t GROUP BY status",
    ),
    "person in case": (
        "person",
        f"SELECT CASE WHEN months > 1 THEN person_id END AS x, {COUNT} AS n FROM snap GROUP BY 1",
    ),
    "person compared": ("person", f"SELECT {COUNT} AS n FROM snap WHERE months = 1 AND person_id = 17"),
    "person less": ("person", f"SELECT {COUNT} AS n FROM snap WHERE months = 1 AND person_id < 100"),
    "person between": ("person", f"SELECT {COUNT} AS n FROM snap WHERE months = 1 AND person_id BETWEEN 1 AND 5"),
    "person in list": ("person", f"SELECT {COUNT} AS n FROM snap WHERE months = 1 AND person_id IN (1, 2)"),
    "person equals field": ("person", f"SELECT {COUNT} AS n FROM snap WHERE person_id = months"),
    "field equals person": ("person", f"SELECT {COUNT} AS n FROM snap WHERE months = person_id"),
    "person plus": ("person", f"SELECT {COUNT} AS n FROM snap WHERE months = 1 AND person_id + 0 = person_id"),
    "person like": ("person", f"SELECT {COUNT} AS n FROM snap WHERE months = 1 AND person_id LIKE '1%'"),
    "person coalesce field": (
        "person",
        f"SELECT coalesce(months, person_id) AS x, {COUNT} AS n FROM snap GROUP BY 1",
    ),
    "person nullif": ("person", f"SELECT {COUNT} AS n FROM snap WHERE nullif(person_id, 5) IS NULL AND months = 1"),
    "min": ("word", f"SELECT min(months) AS m, {COUNT} AS n FROM snap"),
    "max": ("word", f"SELECT max(months) AS m, {COUNT} AS n FROM snap"),
    "sum": ("word", "SELECT sum(months) AS m FROM snap"),
    "avg": ("word", "SELECT avg(months) AS m FROM snap"),
    "median": ("word", "SELECT median(months) AS m FROM snap"),
    "any_value": ("word", f"SELECT any_value(status) AS m, {COUNT} AS n FROM snap"),
    "first": ("word", f"SELECT first(status) AS m, {COUNT} AS n FROM snap"),
    "arg_min": ("word", f"SELECT arg_min(status, months) AS m, {COUNT} AS n FROM snap"),
    "list": ("word", f"SELECT list(status) AS m, {COUNT} AS n FROM snap"),
    "string_agg": ("word", f"SELECT string_agg(status, ',') AS m, {COUNT} AS n FROM snap"),
    "histogram": ("word", f"SELECT histogram(status) AS m, {COUNT} AS n FROM snap"),
    "mode": ("word", f"SELECT mode(status) AS m, {COUNT} AS n FROM snap"),
    "struct": ("word", f"SELECT {{'a': status}} AS m, {COUNT} AS n FROM snap GROUP BY 1"),
    "array": ("word", f"SELECT [status] AS m, {COUNT} AS n FROM snap GROUP BY 1"),
    "row value": ("word", f"SELECT (status, tract) AS m, {COUNT} AS n FROM snap GROUP BY 1"),
    "lambda": ("word", f"SELECT list_transform([months], x -> x + 1) AS m, {COUNT} AS n FROM snap GROUP BY 1"),
    "concat": ("word", f"SELECT status || tract AS m, {COUNT} AS n FROM snap GROUP BY 1"),
    "concat function": ("word", f"SELECT concat(status, tract) AS m, {COUNT} AS n FROM snap GROUP BY 1"),
    "md5": ("word", f"SELECT md5(tract) AS m, {COUNT} AS n FROM snap GROUP BY 1"),
    "window": ("word", "SELECT row_number() OVER () AS r, count(DISTINCT person_id) AS n FROM snap GROUP BY 1"),
    "qualify": ("word", f"SELECT status, {COUNT} AS n FROM snap GROUP BY 1 QUALIFY row_number() OVER () = 1"),
    "limit": ("word", f"SELECT status, {COUNT} AS n FROM snap GROUP BY 1 LIMIT 1"),
    "offset": ("word", f"SELECT status, {COUNT} AS n FROM snap GROUP BY 1 OFFSET 5"),
    "sample": ("word", f"SELECT status, {COUNT} AS n FROM snap USING SAMPLE 1% GROUP BY 1"),
    "tablesample": ("word", f"SELECT {COUNT} AS n FROM snap TABLESAMPLE 1%"),
    "distinct on": ("word", "SELECT DISTINCT ON (status) status FROM snap"),
    "pivot": ("star", "SELECT * FROM snap PIVOT (count(*) FOR status IN ('open'))"),
    "unnest": ("word", f"SELECT unnest([1,2]) AS u, {COUNT} AS n FROM snap GROUP BY 1"),
    "rollup": ("word", f"SELECT status, {COUNT} AS n FROM snap GROUP BY ROLLUP (status)"),
    "cube": ("word", f"SELECT status, {COUNT} AS n FROM snap GROUP BY CUBE (status)"),
    "grouping sets": ("word", f"SELECT status, {COUNT} AS n FROM snap GROUP BY GROUPING SETS ((status), ())"),
    "group by all": ("word", f"SELECT status, {COUNT} AS n FROM snap GROUP BY ALL"),
    "order by all": ("word", f"SELECT status, {COUNT} AS n FROM snap GROUP BY status ORDER BY ALL"),
    # Failures that answer
    "cast": ("cast", f"SELECT {COUNT} AS n FROM snap WHERE CAST(status AS INTEGER) = 1"),
    "colon cast": ("cast", f"SELECT {COUNT} AS n FROM snap WHERE status::INTEGER = 1"),
    "date of field": ("cast", f"SELECT {COUNT} AS n FROM snap WHERE CAST(status AS DATE) = DATE '2025-01-01'"),
    "bad date": ("value", f"SELECT {COUNT} AS n FROM snap WHERE opened_on = DATE 'yesterday'"),
    "division": ("word", f"SELECT {COUNT} AS n FROM snap WHERE 1 / months = 1"),
    "modulo": ("word", f"SELECT {COUNT} AS n FROM snap WHERE months % 2 = 1"),
    "error": ("word", f"SELECT {COUNT} AS n FROM snap WHERE error(status) IS NULL"),
    "float": ("value", f"SELECT {COUNT} AS n FROM snap WHERE months > 1.5"),
    "huge number": ("value", f"SELECT {COUNT} AS n FROM snap WHERE months + 9223372036854775807 > 0"),
    # Numbers that are not counts of people
    "count rows": ("count-people", "SELECT status, count(*) AS n FROM snap GROUP BY status"),
    "count field": ("count-people", "SELECT count(months) AS n FROM snap"),
    "count distinct field": ("count-people", "SELECT count(DISTINCT tract) AS n FROM snap"),
    "count person twice": ("count-people", "SELECT count(person_id) AS n FROM snap WHERE months = 1"),
    "count plus": ("count-people", f"SELECT {COUNT} + 10 AS n FROM snap WHERE months = 1"),
    "two counts": ("one-count", f"SELECT {COUNT} AS n, {COUNT} FILTER (WHERE months = 1) AS m FROM snap"),
    "no count": ("one-count", "SELECT status FROM snap GROUP BY status"),
    "not grouped": ("group", f"SELECT status, {COUNT} AS n FROM snap"),
    "hidden group": ("group", f"SELECT {COUNT} AS n FROM snap GROUP BY status"),
    "having": ("final-filter", f"SELECT status, {COUNT} AS n FROM snap GROUP BY status HAVING {COUNT} < 5"),
    "distinct": ("final-filter", f"SELECT DISTINCT status, {COUNT} AS n FROM snap GROUP BY status"),
    "final union": (
        "one-table",
        f"SELECT status, {COUNT} AS n FROM snap GROUP BY status UNION ALL SELECT 'all', {COUNT} FROM snap",
    ),
    "five categories": (
        "dimensions",
        f"SELECT status, tract, months, opened_on, year(opened_on) AS y, {COUNT} AS n FROM snap GROUP BY 1, 2, 3, 4, 5",
    ),
    "unnamed": ("name", f"SELECT year(opened_on), {COUNT} AS n FROM snap GROUP BY 1"),
    # Counts blown up beyond the threshold, or another person's
    "cross join": (
        "join",
        "SELECT s.site, count(DISTINCT a.person_id) AS n FROM school s CROSS JOIN snap a WHERE a.months = 1 GROUP BY 1",
    ),
    "comma join": (
        "join-person",
        "SELECT s.site, count(DISTINCT a.person_id) AS n FROM school s, snap a WHERE a.months = 1 GROUP BY s.site",
    ),
    "join on field": (
        "join-person",
        "SELECT s.site, count(DISTINCT a.person_id) AS n FROM school s JOIN snap a ON s.site = a.tract GROUP BY s.site",
    ),
    "join or": (
        "join-person",
        "SELECT s.site, count(DISTINCT a.person_id) AS n FROM school s JOIN snap a "
        "ON s.person_id = a.person_id OR a.months = 1 GROUP BY s.site",
    ),
    "join not": (
        "join-person",
        "SELECT s.site, count(DISTINCT a.person_id) AS n FROM school s JOIN snap a "
        "ON NOT (s.person_id = a.person_id) AND a.months = 1 GROUP BY s.site",
    ),
    "join to itself": (
        "join-person",
        "SELECT s.site, count(DISTINCT a.person_id) AS n FROM school s JOIN snap a "
        "ON a.person_id = a.person_id AND a.months = 1 GROUP BY s.site",
    ),
    "natural join": (
        "word",
        "SELECT s.site, count(DISTINCT s.person_id) AS n FROM school s NATURAL JOIN snap GROUP BY 1",
    ),
    "asof join": (
        "word",
        "SELECT s.site, count(DISTINCT s.person_id) AS n FROM school s ASOF JOIN snap a "
        "ON s.person_id = a.person_id AND s.grade >= a.status GROUP BY 1",
    ),
    "lateral": (
        "word",
        "SELECT s.site, count(DISTINCT s.person_id) AS n FROM school s, LATERAL (SELECT 1 FROM snap) t GROUP BY 1",
    ),
    "exists of anyone": (
        "exists",
        f"SELECT {COUNT} AS n FROM snap WHERE months > 0 AND EXISTS (SELECT 1 FROM school WHERE site = 'x')",
    ),
    "scalar subquery": (
        "subquery",
        f"SELECT {COUNT} AS n FROM snap WHERE tract = (SELECT site FROM school WHERE grade = 'K')",
    ),
    "field in subquery": ("whose-row", f"SELECT {COUNT} AS n FROM snap WHERE tract IN (SELECT site FROM school)"),
    "part without person": (
        "whose-row",
        "WITH t AS (SELECT status FROM snap) SELECT status, count(DISTINCT status) AS n FROM t GROUP BY status",
    ),
    "part over all": (
        "group-by-person",
        "WITH t AS (SELECT person_id, count(*) AS c FROM snap) SELECT c, count(DISTINCT person_id) n FROM t GROUP BY 1",
    ),
    "membership": (
        "membership",
        f"SELECT grade, {COUNT} AS n FROM school WHERE person_id IN (SELECT person_id FROM shelter) GROUP BY grade",
    ),
    "just members": ("membership", f"SELECT {COUNT} AS n FROM shelter"),
    # Names
    "unknown column": ("column", f"SELECT ssn, {COUNT} AS n FROM snap GROUP BY ssn"),
    "record id": ("column", f"SELECT record_id, {COUNT} AS n FROM snap GROUP BY 1"),
    "rowid": ("column", f"SELECT rowid, {COUNT} AS n FROM snap GROUP BY 1"),
    "shadowed view": (
        "shadow",
        "WITH snap AS (SELECT person_id FROM school) SELECT count(DISTINCT person_id) AS n FROM snap",
    ),
    "same alias": (
        "name",
        "SELECT count(DISTINCT a.person_id) AS n FROM snap a JOIN school a ON a.person_id = a.person_id",
    ),
    "odd name": ("name", f'SELECT status AS "a""; DROP", {COUNT} AS n FROM snap GROUP BY status'),
    "inner with": (
        "with",
        "SELECT count(DISTINCT person_id) AS n FROM (WITH t AS (SELECT person_id FROM snap WHERE months = 1) "
        "SELECT person_id FROM t) AS u",
    ),
    # Wearing the parser out
    "brackets": ("size", "SELECT " + "(" * 5000 + "1" + ")" * 5000),
    "nots": ("size", f"SELECT {COUNT} AS n FROM snap WHERE " + "NOT " * 3000 + "months = 1"),
    "minuses": ("size", f"SELECT {COUNT} AS n FROM snap WHERE months = " + "- " * 3000 + "1"),
    "cases": ("size", "SELECT " + "CASE WHEN 1 = 1 THEN " * 900 + "1" + " END" * 900),
    "long": ("size", "SELECT " + "1, " * 10_000 + "1"),
    "wide": ("size", f"SELECT {COUNT} AS n FROM snap WHERE months IN ({', '.join(['1'] * 2500)})"),
}


@pytest.mark.parametrize("sql", ACCEPTED.values(), ids=ACCEPTED)
def test_a_count_of_people_is_locked(sql):
    locked = lock(sql, PERMITTED)
    assert lock(locked.sql, PERMITTED) == locked
    assert locked.reads
    assert "--" not in locked.sql


@pytest.mark.parametrize(("rule", "sql"), REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_with_its_rule(rule, sql):
    with pytest.raises(QueryRefused) as refused:
        lock(sql, PERMITTED)
    assert refused.value.rule == rule
    assert refused.value.next_step


def test_every_field_that_decides_is_reported_as_read():
    locked = lock(ACCEPTED["not exists"], PERMITTED)
    assert locked.reads == {("school", "grade"), ("shelter", "project")}
    assert locked.views == {"school", "shelter"}
    assert (locked.dimensions, locked.measure) == (("grade",), "pupils")


def test_labels_come_from_what_is_shown_not_from_what_is_compared():
    locked = lock(
        "WITH t AS (SELECT person_id, coalesce(tract, 'none') AS place, months > 3 AS long FROM snap)"
        "SELECT CASE WHEN long THEN place ELSE 'short stay' END AS x, long, count(DISTINCT person_id) AS n FROM t "
        "GROUP BY 1, 2",
        PERMITTED,
    )
    assert locked.labels == {"x": {("snap", "tract")}, "long": frozenset()}


def test_the_digest_ignores_layout_and_notices_meaning():
    one, same, other = (
        lock(f"SELECT status, {COUNT} AS n {gap} FROM snap WHERE months > {least} GROUP BY 1", PERMITTED).digest
        for gap, least in (("", 3), ("\n\n", 3), ("", 4))
    )
    assert one == same
    assert one != other


def test_a_refusal_names_the_word():
    with pytest.raises(QueryRefused, match=r"read_csv"):
        lock("SELECT count(DISTINCT person_id) AS n FROM read_csv('x')", PERMITTED)


def test_a_view_cannot_be_called_anything():
    for name in ("Snap", "a b", "person_id", 'x"'):
        with pytest.raises(ValueError, match="cannot be called"):
            lock("SELECT 1", {"snap": {name}})

"""What a data office checks first in files that arrive: do the tables of each agency fit together, and fit life?

A small county is put into DuckDB as it would be written. Most checks go over every layout, so that a new table or
column is checked without anybody thinking of it; what is allowed to differ is named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from infotrust.core.practice import columns
from infotrust.core.practice.agencies import systems
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.records.mechanisms import BIT
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import Ward

COUNTY = County(6000, 11, Span(years=4), people_in_a_ward=3000)
LAYOUTS = {layout.path: layout for system in systems().values() for layout in system.LAYOUTS}
IDENTITY = [layout for layout in LAYOUTS.values() if layout.identity]

# Tables with several rows for each value of the column that orders them.
SEVERAL_ROWS = {
    "schools/enrollments", "schools/pupil_years", "schools/attendance", "schools/report_cards",
    "schools/report_card_releases", "schools/discipline", "child-welfare/report_persons", "police/call_persons",
}  # fmt: skip
# Two incidents of a pupil on one day may be alike.
ALIKE_ROWS = {"schools/discipline"}
# Two registers of one agency that number their certificates alike.
OTHER_KEYS = {
    ("vital-records/births", "vital-records/deaths"), ("vital-records/parents", "vital-records/deaths"),
    ("vital-records/deaths", "vital-records/births"),
}  # fmt: skip
# Families are visited before the birth, and such visits end before it too.
BEFORE_BIRTH = {
    "home-visiting/enrollments.enrolled_on", "home-visiting/enrollments.ended_on", "home-visiting/visits.visited_on",
}  # fmt: skip
# Decided, given out or planned without the person: after they moved away or died.
AFTER_LEAVING = {
    "wic/certifications.certified_to", "child-welfare/reports.disposition_date", "schools/report_cards.release_date",
    "jail/bookings.release_date", "homeless-services/Exit.ExitDate", "vital-records/births.registered_on",
}  # fmt: skip
# Birth dates as told, which may be wrong.
AS_TOLD = {"homeless-services/Client.DOB"}
# Days of each table in the order in which they can happen; empty ones are left out.
IN_ORDER = {
    "early-intervention/referrals": ("referral_date", "contacted_on", "evaluated_on", "closed_on"),
    "early-intervention/enrollments": ("plan_date", "transition_conference", "exit_date"),
    "early-intervention/services": ("started_on", "ended_on"),
    "preschool-special-education/programs": ("referred_on", "evaluated_on", "began_on", "ended_on"),
    "home-visiting/enrollments": ("enrolled_on", "ended_on"),
    "wic/certifications": ("certified_on", "ended_on", "certified_to"),
    "referrals/referrals": ("sent_on", "contacted_on", "closed_on"),
    "schools/enrollments": ("entry_date", "exit_date"),
    "homeless-services/Enrollment": ("DateToStreetESSH", "EntryDate", "MoveInDate"),
    "snap/certifications": ("applied_on", "certified_from", "ended_on", "certified_to"),
    "snap/cases": ("opened_on", "closed_on"),
    "medicaid/eligibility": ("begins", "renewed_on", "ends"),
    "medicaid/claims": ("from_date", "to_date"),
    "child-welfare/placements": ("removal_date", "end_date"),
    "child-welfare/reports": ("received_date", "disposition_date"),
    "jail/bookings": ("booked_date", "release_date"),
}  # fmt: skip
# What offices do from Monday to Friday.
OFFICE_DAYS = {
    "early-intervention/referrals.referral_date", "early-intervention/referrals.evaluated_on",
    "home-visiting/visits.visited_on", "schools/discipline.incident_date",
}  # fmt: skip
NAME_MISTAKES = (
    "keying", "phonetic", "ocr", "swapped_names", "nickname", "middle_as_first", "one_surname", "other_surname",
    "joined_surname", "reversed_surnames", "reversed_order", "transliteration", "diacritics", "punctuation",
    "truncated", "maiden_name", "alias", "twins_confused", "twins_merged", "unnamed_newborn", "placeholder_name",
)  # fmt: skip
DATE_MISTAKES = (
    "day_month_swapped", "birth_date_slip", "default_birthday", "age_estimated", "birth_date_missing", "twins_merged",
)  # fmt: skip
DATE_FORMATS = ("%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%Y%m%d")


@pytest.fixture(scope="module")
def wards() -> list[Ward]:
    return list(COUNTY.each_ward())


@pytest.fixture(scope="module")
def tables(wards: list[Ward]) -> dict[str, list[tuple[Ward, Table]]]:
    found: dict[str, list[tuple[Ward, Table]]] = {path: [] for path in LAYOUTS}
    for ward in wards:
        for system in systems().values():
            for table in system.tables(ward):
                found[table.layout.path].append((ward, table))
    return found


@pytest.fixture(scope="module")
def county(wards: list[Ward], tables: dict[str, list[tuple[Ward, Table]]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables as views named like their files; `truth` of each identity table (`key`, `person`); `person`."""
    sql = duckdb.connect()
    sql.execute("SET threads = 1")
    for path, parts in tables.items():
        sql.register(path, pa.concat_tables([columns.to_arrow(table) for _, table in parts]))
        if LAYOUTS[path].identity:
            key = LAYOUTS[path].key
            rows = [
                pa.table({"key": table.columns[key], "person": ward.number_of(table.who)})
                for ward, table in parts
                if table.who is not None
            ]
            sql.register(f"truth {path}", pa.concat_tables(rows))
    people = [
        pa.table(
            {
                "person": ward.number_of(np.arange(len(ward))),
                "birth": day_column(ward.people.birth),
                "death": day_column(ward.people.death),
                "arrival": day_column(ward.people.arrival),
                "departure": day_column(ward.people.departure),
            }
        )
        for ward in wards
    ]
    sql.register("person", pa.concat_tables(people))
    yield sql
    sql.close()


def number(county: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = county.execute(sql).fetchone()
    assert row is not None
    return int(row[0] or 0)


def day_columns(county: duckdb.DuckDBPyConnection, path: str) -> list[str]:
    return [row[0] for row in county.execute(f'DESCRIBE "{path}"').fetchall() if row[1] == "DATE"]


# --- keys ---


def test_every_key_tells_rows_apart(county: duckdb.DuckDBPyConnection) -> None:
    for path, layout in LAYOUTS.items():
        if path not in SEVERAL_ROWS:
            assert number(county, f'SELECT count(*) - count(DISTINCT "{layout.key}") FROM "{path}"') == 0, path


def test_no_two_rows_are_alike(county: duckdb.DuckDBPyConnection) -> None:
    for path in LAYOUTS:
        if path not in ALIKE_ROWS:
            alike = number(county, f'SELECT count(*) FROM "{path}"') - number(
                county, f'SELECT count(*) FROM (SELECT DISTINCT * FROM "{path}")'
            )
            assert alike == 0, path


def referring() -> list[tuple[Layout, Layout]]:
    """A table with a column that is the key of another one of the same agency, and that one."""
    return [
        (one, other)
        for one in LAYOUTS.values()
        for other in LAYOUTS.values()
        if one is not other
        and one.agency == other.agency
        and other.key in one.about
        and other.path not in SEVERAL_ROWS
        and (one.path, other.path) not in OTHER_KEYS
        and (other.identity or not any(other.key == who.key for who in IDENTITY if who.agency == other.agency))
    ]


def test_what_a_table_refers_to_is_there(county: duckdb.DuckDBPyConnection) -> None:
    assert len(referring()) > 30
    for one, other in referring():
        lost = f'"{other.key}" NOT IN (SELECT "{other.key}" FROM "{other.path}")'
        missing = number(county, f'SELECT count(*) FROM "{one.path}" WHERE "{other.key}" IS NOT NULL AND {lost}')
        assert missing == 0, (one.path, other.path)


# --- codes ---


def test_codes_are_those_that_the_layout_lists(county: duckdb.DuckDBPyConnection) -> None:
    """Where a column's meaning lists most of its few values, it lists all of them."""
    lists = 0
    for path, layout in LAYOUTS.items():
        for column, meaning in layout.about.items():
            values = county.execute(f'SELECT DISTINCT "{column}"::VARCHAR FROM "{path}" WHERE "{column}" IS NOT NULL')
            found = [row[0] for row in values.fetchmany(41)]
            words = {word.lower() for word in re.findall(r"[A-Za-z0-9_]+", meaning)}
            unknown = [one for one in found if one.lower() not in words]
            if not 2 <= len(found) <= 40 or len(unknown) * 2 >= len(found):
                continue
            if any(re.search(r"^\d+$", one) for one in unknown) and " to " in meaning:
                continue  # numbers from one to another
            lists += 1
            assert not unknown, (path, column)
    assert lists > 50


# --- life ---


def with_persons(layout: Layout) -> Iterator[str]:
    """FROM clauses that bring together a table's rows (`x`) and the persons they are about (`p`)."""
    if layout.identity:
        keys = [layout]
    else:
        keys = [one for one in IDENTITY if one.agency == layout.agency and one.key in layout.about]
    for one in keys:
        if (layout.path, one.path) not in OTHER_KEYS:
            truth = f'JOIN "truth {one.path}" AS t ON x."{one.key}" = t.key JOIN person AS p USING (person)'
            yield f'"{layout.path}" AS x {truth}'
    if keys:
        return
    for middle in LAYOUTS.values():
        if middle.agency != layout.agency or middle.identity or middle.key not in layout.about or middle is layout:
            continue
        for one in IDENTITY:
            if one.agency == layout.agency and one.key in middle.about and middle.path not in SEVERAL_ROWS:
                links = f'JOIN "{middle.path}" AS m USING ("{middle.key}")'
                truth = f'JOIN "truth {one.path}" AS t ON m."{one.key}" = t.key JOIN person AS p USING (person)'
                yield f'"{layout.path}" AS x {links} {truth}'


def dated() -> Iterator[tuple[Layout, str]]:
    for layout in LAYOUTS.values():
        for rows in with_persons(layout):
            yield layout, rows


def test_nothing_happens_before_birth(county: duckdb.DuckDBPyConnection) -> None:
    checked = 0
    for layout, rows in dated():
        for day in day_columns(county, layout.path):
            if f"{layout.path}.{day}" not in BEFORE_BIRTH | AS_TOLD:
                checked += 1
                assert number(county, f'SELECT count(*) FROM {rows} WHERE x."{day}" < birth') == 0, (rows, day)
    assert checked > 40


def test_nothing_happens_after_death_or_elsewhere(county: duckdb.DuckDBPyConnection) -> None:
    for layout, rows in dated():
        for day in day_columns(county, layout.path):
            if f"{layout.path}.{day}" not in AFTER_LEAVING | AS_TOLD:
                late = f'x."{day}" > least(coalesce(death, departure), coalesce(departure, death))'
                assert number(county, f"SELECT count(*) FROM {rows} WHERE {late}") == 0, (rows, day)


@pytest.mark.parametrize("path", IN_ORDER)
def test_days_come_in_the_order_of_events(county: duckdb.DuckDBPyConnection, path: str) -> None:
    days = IN_ORDER[path]
    for place, one in enumerate(days):
        for other in days[place + 1 :]:
            assert number(county, f'SELECT count(*) FROM "{path}" WHERE "{one}" > "{other}"') == 0, (one, other)


@pytest.mark.parametrize("column", sorted(OFFICE_DAYS))
def test_office_days_are_spread_over_the_week(county: duckdb.DuckDBPyConnection, column: str) -> None:
    """None at weekends, and no more on one day than two of seven would be."""
    path, day = column.split(".")
    counts = county.execute(f'SELECT dayofweek("{day}"), count(*) FROM "{path}" WHERE "{day}" IS NOT NULL GROUP BY 1')
    found = dict(counts.fetchall())
    assert set(found) == {1, 2, 3, 4, 5}
    assert max(found.values()) < 2 / 7 * sum(found.values())


# --- tables that must agree ---

MUST_BE_NONE = {
    "claims outside membership": """
        SELECT count(*) FROM "medicaid/claims" AS c WHERE NOT EXISTS (
          SELECT 1 FROM "medicaid/eligibility" AS e WHERE e.medicaid_id = c.medicaid_id
          AND c.from_date BETWEEN e.begins AND coalesce(e.ends, c.from_date))""",
    "certifications of other sizes than their members": """
        SELECT count(*) FROM "snap/certifications" LEFT JOIN (
          SELECT certification_number, count(*) AS counted, count(*) FILTER (role = 'H') AS heads
          FROM "snap/certification_members" GROUP BY ALL) USING (certification_number)
        WHERE household_size IS DISTINCT FROM counted OR heads <> 1""",
    "certifications for food that overlap": """
        SELECT count(*) FROM (SELECT coalesce(ended_on, certified_to) AS ended,
          lead(certified_from) OVER (PARTITION BY case_number ORDER BY certified_from) AS following
          FROM "snap/certifications") WHERE following <= ended""",
    "certifications for WIC that overlap": """
        SELECT count(*) FROM (SELECT coalesce(ended_on, certified_to) AS ended,
          lead(certified_on) OVER (PARTITION BY person ORDER BY certified_on) AS following
          FROM "wic/certifications" JOIN "truth wic/participants" ON key = participant_id) WHERE following <= ended""",
    "benefits without a certification": """
        SELECT count(*) FROM "snap/issuances" AS i WHERE NOT EXISTS (
          SELECT 1 FROM "snap/certifications" AS c WHERE c.case_number = i.case_number
          AND c.certified_from < i.quarter + INTERVAL 3 MONTH AND coalesce(c.ended_on, c.certified_to) >= i.quarter)""",
    "placements that overlap": """
        SELECT count(*) FROM (SELECT coalesce(end_date, DATE '2900-01-01') AS ended,
          lead(removal_date) OVER (PARTITION BY person ORDER BY removal_date, end_date NULLS LAST) AS following
          FROM "child-welfare/placements" JOIN "truth child-welfare/clients" ON key = client_id)
        WHERE following < ended""",
    "bookings of somebody in jail": """
        SELECT count(*) FROM (SELECT coalesce(release_date, DATE '2900-01-01') AS ended,
          lead(booked_date) OVER (PARTITION BY inmate_number ORDER BY booked_date, booked_time) AS following
          FROM "jail/bookings") WHERE following < ended""",
    "stays in two schools on a day": """
        SELECT count(*) FROM (SELECT exit_date,
          lead(entry_date) OVER (PARTITION BY person ORDER BY entry_date) AS following
          FROM "schools/enrollments" JOIN "truth schools/pupils" ON key = pupil_id) WHERE following <= exit_date""",
    "report cards of pupils who are not in the school": """
        SELECT count(*) FROM "schools/report_cards" ANTI JOIN "schools/enrollments"
        USING (pupil_id, school_year, school)""",
    "attendance of pupils who are not enrolled": """
        SELECT count(*) FROM "schools/attendance" ANTI JOIN "schools/enrollments" USING (pupil_id, school_year)""",
    "more days missed than there were": """
        SELECT count(*) FROM "schools/attendance" WHERE days_absent > days_enrolled OR days_excused > days_absent""",
    "early intervention past the third birthday": """
        SELECT count(*) FROM "early-intervention/enrollments" JOIN "truth early-intervention/children"
        ON key = child_id JOIN person USING (person)
        WHERE coalesce(exit_date, DATE '2020-06-30') > birth + INTERVAL 3 YEAR""",
    "preschool special education before the third birthday": """
        SELECT count(*) FROM "preschool-special-education/programs" JOIN "truth preschool-special-education/children"
        ON key = student_id JOIN person USING (person) WHERE began_on < birth + INTERVAL 3 YEAR - INTERVAL 2 DAY""",
    "children of five and older in WIC": """
        SELECT count(*) FROM "wic/certifications" JOIN "truth wic/participants" ON key = participant_id
        JOIN person USING (person) WHERE category IN ('I', 'C') AND certified_to > birth + INTERVAL 5 YEAR""",
    "visits outside an enrollment": """
        SELECT count(*) FROM "home-visiting/visits" JOIN "home-visiting/enrollments" USING (enrollment_id)
        WHERE visited_on < enrolled_on OR visited_on > ended_on""",
    "diplomas on a weekend": """SELECT count(*) FROM "schools/graduates" WHERE dayofweek(diploma_date) IN (0, 6)""",
}


@pytest.mark.parametrize("what", MUST_BE_NONE)
def test_there_are_no(county: duckdb.DuckDBPyConnection, what: str) -> None:
    assert number(county, MUST_BE_NONE[what]) == 0


# --- records and people ---


def test_a_name_without_a_mistake_is_the_persons(tables: dict[str, list[tuple[Ward, Table]]]) -> None:
    slips = sum(BIT[name] for name in NAME_MISTAKES)
    for layout in IDENTITY:
        given = next(name for name in layout.about if name.lower() in ("given_name", "first_name", "firstname"))
        for ward, table in tables[layout.path]:
            assert table.who is not None
            assert table.mistakes is not None
            clean = np.flatnonzero((table.mistakes & slips) == 0)
            true = ward.people.given[table.who[clean]]
            written = table.columns[given][clean]
            assert [one.upper() for one in written] == [one.upper() for one in true], layout.path


def test_a_birth_date_without_a_mistake_is_the_persons(tables: dict[str, list[tuple[Ward, Table]]]) -> None:
    slips = sum(BIT[name] for name in DATE_MISTAKES)
    for layout in IDENTITY:
        column = next((name for name in layout.about if name.lower() in ("birth_date", "dob")), None)
        for ward, table in tables[layout.path] if column else ():
            assert table.who is not None
            assert table.mistakes is not None
            clean = np.flatnonzero((table.mistakes & slips) == 0)
            true = day_column(ward.people.birth[table.who[clean]])
            written = table.columns[column][clean]
            if written.dtype.kind == "M":
                assert (written == true).all(), layout.path
                continue
            forms = [[one.strftime(form) for one in true.tolist()] for form in DATE_FORMATS]
            assert list(written) in forms, layout.path

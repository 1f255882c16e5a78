"""What a file does as a whole: it writes a date where none is known; it makes numbers up."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.elements import SemanticType as S
from infotrust.core.matching.reading import habits
from infotrust.core.matching.reading.sources import Source, noted_fields, read_records
from infotrust.core.matching.reading.standardize import Habits

random = np.random.default_rng(5)


def days(first: str, last: str, each: int) -> dict[str, int]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return {f"{begin + timedelta(days=n):%Y%m%d}": each for n in range((end - begin).days)}


def test_a_date_that_far_too_many_have_is_a_default() -> None:
    people = days("1950-01-01", "2000-01-01", 2) | {"19740615": 60}
    assert habits.default_dates(people) == {"19740615"}


def test_a_dense_year_is_no_default() -> None:
    people = days("1940-01-01", "2018-01-01", 1) | days("2019-01-01", "2021-01-01", 300)
    assert habits.default_dates(people) == frozenset()


def test_a_file_that_knows_only_months_or_years_has_no_default() -> None:
    months = {f"{year}{month:02d}01": 80 for year in range(1990, 2010) for month in range(1, 13)}
    years = {f"{year}0101": 100 for year in range(1940, 2010)}
    assert habits.default_dates(months) == habits.default_dates(years) == frozenset()
    assert habits.default_dates(years | {"19800101": 900}) == {"19800101"}


def test_one_person_s_hundred_visits_are_no_default() -> None:
    born = [f"{1950 + n % 70}-{1 + n % 12}-{1 + n % 28}" for n in range(300)]
    one = pa.table({"last": ["Cruz"] * 300 + [f"N{n}" for n in range(300)], "born": ["2015-03-02"] * 300 + born})
    columns = {S.FAMILY_NAME: "last", S.BIRTH_DATE: "born"}
    assert noted_fields(Source("a", one, columns)).habits.default_dates == frozenset()
    many = pa.table(
        {"last": [f"N{n}" for n in range(300)], "born": ["1985-06-15"] * 90 + one["born"].to_pylist()[390:]}
    )
    found = noted_fields(Source("a", many, columns))
    assert found.habits.default_dates == {"19850615"}
    places, values = found.fields["birth_date"]
    assert values.take(pa.array(places)).to_pylist()[:90] == [None] * 90
    assert [(one.what, one.records) for one in found.noted if "default" in one.step] == [("birth_date", 90)]


def test_a_file_s_own_made_up_numbers_are_kept_and_a_few_are_not() -> None:
    ours = [f"9{n:02d}-1{n % 10}-{1000 + n}" for n in range(50)]
    issued = [f"2{n:02d}-1{n % 10}-{1000 + n}" for n in range(50)]
    taxpayers = [f"9{n:02d}-7{n % 10}-{1000 + n}" for n in range(50)]

    def filled(numbers: list[str]) -> int:
        table = pa.table({"ssn": numbers, "last": [f"N{n}" for n in range(len(numbers))]})
        return read_records([Source("a", table, {S.SSN: "ssn", S.FAMILY_NAME: "last"})]).fields["ssn"].filled

    assert filled(ours) == 50
    assert filled(taxpayers + issued) == 100
    assert filled(ours[:10] + issued) == 50


def test_what_was_decided_before_is_gone_by() -> None:
    table = pa.table({"born": ["1985-06-15", "1985-06-16"], "last": ["Cruz", "Chen"], "ssn": ["900-12-3456"] * 2})
    columns = {S.BIRTH_DATE: "born", S.FAMILY_NAME: "last", S.SSN: "ssn"}
    said = Habits(default_dates=frozenset({"19850615"}), made_up=False)
    fields = noted_fields(Source("a", table, columns, habits=said)).fields
    assert fields["birth_date"][1].to_pylist() == [None, "19850616"]
    assert fields["ssn"][1].to_pylist() == [None]


@given(st.lists(st.tuples(st.sampled_from(["20150101", "20150102", None]), st.integers(-1, 3)), max_size=80))
def test_people_are_counted_as_a_plain_loop_counts_them(records: list) -> None:
    spread = (np.arange(len(records), dtype=np.int32), pa.array([day for day, _ in records], pa.string()))
    names = (np.array([name for _, name in records], np.int32), pa.array(["a", "b", "c", "d"]))
    found = habits.people_by_date(spread, names)
    for day in {day for day, _ in records if day}:
        rows = [name for other, name in records if other == day]
        assert found[day] == (len(rows) if len(rows) <= habits.AT_LEAST else len(set(rows)))


@given(
    st.dictionaries(
        st.dates(date(1998, 1, 1), date(1999, 12, 31)).map(lambda day: f"{day:%Y%m%d}") | st.sampled_from(["19980230"]),
        st.integers(0, 400),
        max_size=60,
    )
)
def test_looking_first_at_the_days_around_finds_the_same_dates(people: dict[str, int]) -> None:
    slowly = {day for day, count in people.items() if count > 20 and count > 20 + 5 * habits._usual(day, people)}
    assert habits.default_dates(people) == slowly

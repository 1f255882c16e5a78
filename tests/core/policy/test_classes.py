""" "De-identified" and "limited" are decided by a test, not by what someone wrote above a column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.elements import SemanticType
from infotrust.core.policy.classes import TERMS, Because, ColumnSpec, DataClass, classify

S = SemanticType
GRADE = ColumnSpec("grade", S.GRADE)


def of(*columns):
    return classify([GRADE, *columns])


@pytest.mark.parametrize(
    ("column", "expected", "rule"),
    [
        (ColumnSpec("given", S.GIVEN_NAME), DataClass.IDENTIFIED, "direct-identifier"),
        (ColumnSpec("number", S.LOCAL_ID), DataClass.IDENTIFIED, "direct-identifier"),
        (ColumnSpec("street", S.STREET_ADDRESS), DataClass.IDENTIFIED, "direct-identifier"),
        (ColumnSpec("token", S.OTHER, made_from=S.SSN), DataClass.ENCODED, "made-from-identifier"),
        (ColumnSpec("born", S.BIRTH_DATE), DataClass.LIMITED, "date-finer-than-year"),
        (ColumnSpec("born", S.BIRTH_DATE, precision="month"), DataClass.LIMITED, "date-finer-than-year"),
        (ColumnSpec("visit", S.EVENT_DATE), DataClass.LIMITED, "date-finer-than-year"),
        (ColumnSpec("zip", S.ZIP_CODE), DataClass.LIMITED, "place-smaller-than-state"),
        (ColumnSpec("tract", S.TRACT), DataClass.LIMITED, "place-smaller-than-state"),
        (ColumnSpec("school", S.SITE_CODE), DataClass.LIMITED, "place-smaller-than-state"),
    ],
)
def test_one_column_decides_and_is_named(column, expected, rule):
    found = of(column)
    assert found.data_class == expected
    assert found.because == (Because(column.name, rule),)


@pytest.mark.parametrize(
    "column",
    [
        ColumnSpec("born", S.BIRTH_DATE, precision="year"),
        ColumnSpec("zip", S.ZIP_CODE, precision="3"),
        ColumnSpec("state", S.STATE),
        ColumnSpec("sex", S.SEX),
        ColumnSpec("race", S.RACE_ETHNICITY),
        # An age made from a date of birth is no code for the person.
        ColumnSpec("age", S.MEASURE, made_from=S.BIRTH_DATE),
    ],
)
def test_what_safe_harbor_leaves(column):
    assert of(column).data_class == DataClass.DEIDENTIFIED


def test_a_table_of_groups_is_aggregate_and_one_without_columns_is_nothing():
    assert classify([GRADE], rows_are_people=False).data_class == DataClass.AGGREGATE
    with pytest.raises(ValueError, match="without columns"):
        classify([])


def test_every_class_has_its_word_with_test_and_source():
    assert list(TERMS) == list(DataClass)
    assert all(term.cite and term.test and "nonym" not in term.title for term in TERMS.values())


COLUMNS = st.lists(
    st.builds(
        ColumnSpec,
        st.sampled_from("abcdefgh"),
        st.sampled_from(list(S)),
        st.none() | st.sampled_from(list(S)),
        st.sampled_from(["", "day", "month", "year", "3", "5"]),
    ),
    min_size=1,
    max_size=6,
)


@given(COLUMNS, COLUMNS)
def test_more_columns_never_make_a_table_less_identified(some, more):
    order = list(DataClass)
    assert order.index(classify([*some, *more]).data_class) <= order.index(classify(some).data_class)


@given(COLUMNS)
def test_nothing_with_a_name_or_a_code_made_from_one_is_called_de_identified(columns):
    if classify(columns).data_class == DataClass.DEIDENTIFIED:
        kinds = {S.GIVEN_NAME, S.FAMILY_NAME, S.SSN, S.LOCAL_ID, S.PHONE, S.EMAIL, S.STREET_ADDRESS, S.FULL_NAME}
        assert not any(one.semantic in kinds or one.made_from in kinds for one in columns)


@given(COLUMNS)
def test_every_reason_names_a_column_of_the_table(columns):
    names = {one.name for one in columns}
    assert all(reason.column in names for reason in classify(columns).because)

"""The same thing written in many ways becomes one; what says nothing becomes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.matching.reading import standardize as std


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("  José  ", "jose"),
        ("O'Brien", "obrien"),
        ("Garcia-Lopez", "garcia lopez"),
        ("DE LA CRUZ", "de la cruz"),
        ("Smith Jr.", "smith"),
        ("UNKNOWN", None),
        ("n/a", None),
        ("123", None),
        ("  ", None),
    ],
)
def test_names(written: str, standard: str | None) -> None:
    assert std.name(written) == standard


@pytest.mark.parametrize("placeholder", ["BABY BOY", "Baby Girl A", "BB", "B/G", "Twin B", "Newborn male", "INFANT"])
def test_an_unnamed_newborn_has_no_given_name(placeholder: str) -> None:
    assert std.given_name(placeholder) is None


@pytest.mark.parametrize(
    "written",
    ["2019-03-07", "3/7/2019", "03-07-2019", "20190307", "03072019", "7 Mar 2019", "March 7, 2019", "3/7/19",
     "2019-03-07 00:00:00", "2019-3-7"],
)  # fmt: skip
def test_birth_dates_in_many_forms_are_one(written: str) -> None:
    assert std.birth_date(written) == "20190307"


@pytest.mark.parametrize(
    "placeholder", ["01/01/1900", "1901-01-01", "9999-12-31", "00/00/0000", "11/11/1111", "unknown", ""]
)
def test_a_default_date_is_no_birth_date(placeholder: str) -> None:
    assert std.birth_date(placeholder) is None


def test_a_column_that_writes_the_day_first_is_read_so() -> None:
    assert std.column("birth_date", ["31/12/2019", "07/03/2019"])["birth_date"] == ["20191231", "20190307"]


@pytest.mark.parametrize("placeholder", ["999-99-9999", "000000000", "123-45-6789", "078-05-1120", "xxx-xx-0000", "12"])
def test_an_invented_number_is_no_ssn(placeholder: str) -> None:
    assert std.ssn(placeholder) is None


@pytest.mark.parametrize(
    ("written", "standard"), [("536-22-8726", "536228726"), ("XXX-XX-8726", "8726"), ("12345678", "012345678")]
)
def test_ssns(written: str, standard: str) -> None:
    assert std.ssn(written) == standard


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("123 North Main Street, Apt. 4B", ("123", "n main st", "4b")),
        ("4512 145th st", ("4512", "145th st", None)),
        ("145th st", (None, "145th st", None)),
        ("P.O. Box 88", (None, "po box 88", None)),
        ("77 Elm Rd #12", ("77", "elm rd", "12")),
        ("homeless", (None, None, None)),
    ],
)
def test_addresses(written: str, parts: tuple) -> None:
    assert std.street_address(written) == parts


def test_full_names_in_both_orders_are_one() -> None:
    assert std.full_name("Cruz, Ana Maria") == ("ana", "maria", "cruz")
    assert std.full_name("Ana Maria de la Cruz") == ("ana", "maria", "de la cruz")


@given(st.text(max_size=40))
def test_whatever_is_written_a_second_pass_changes_nothing(written: str) -> None:
    for standard in (std.name, std.city, std.zip_code, std.phone):
        once = standard(written)
        assert once is None or standard(once) == once


@given(st.text(max_size=30))
def test_no_text_breaks_any_column(written: str) -> None:
    for kind in (*std.SINGLE, *std.SEVERAL, "birth_date"):
        fields = std.column(kind, [written])
        assert fields, kind
        assert all(len(values) == 1 for values in fields.values())


def test_whether_days_come_first_can_be_counted_in_parts() -> None:
    one, other = ["31/12/2019", "1/2/2020"], ["13/1/2018", "x"]
    parts = [std.parts_over_twelve(values) for values in (one, other)]
    assert parts == [(1, 0), (1, 0)]
    assert std.more_days_first(2, 0) is std.days_come_first(one + other) is True


def test_a_decision_about_days_holds_for_values_that_do_not_show_it() -> None:
    assert std.column("birth_date", ["1/2/2020"], day_first=True) == {"birth_date": ["20200201"]}

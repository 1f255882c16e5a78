"""The same thing written in many ways becomes one; what says nothing becomes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.matching.reading import standardize as std
from infotrust.core.matching.reading.names import family_and_suffix
from infotrust.core.matching.reading.nicknames import possible_names


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
    assert std.full_name("Cruz, Ana Maria") == ("ana", "maria", "cruz", None)
    assert std.full_name("Ana Maria de la Cruz") == ("ana", "maria", "cruz", None)
    assert std.full_name("Luis Cruz Jr.") == std.full_name("Cruz, Luis, Jr") == ("luis", None, "cruz", "jr")


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


@pytest.mark.parametrize(
    ("written", "family", "suffix"),
    [
        ("DE LA CRUZ", "cruz", None),
        ("García y López", "garcia lopez", None),
        ("Garcia-Lopez", "garcia lopez", None),
        ("van der Berg III", "berg", "3"),
        ("St. John", "st john", None),
        ("San Martín", "san martin", None),
        ("de la", "de la", None),
        ("Mr. Smith Sr.", "smith", "sr"),
        ("SMITH, JR", "smith", "jr"),
        ("Łukasiewicz", "lukasiewicz", None),
        ("Strauß", "strauss", None),
        ("\u202eCruz\u200b\x07", "cruz", None),
        ("Cruz\nVega", "cruz vega", None),
        ("😀", None, None),
        ("sin apellido", None, None),
        ("محمد", "محمد", None),
    ],
)
def test_family_names_keep_their_words_and_give_up_their_particles(
    written: str, family: str | None, suffix: str | None
) -> None:
    assert family_and_suffix(written) == (family, suffix)


def test_a_name_of_five_thousand_letters_or_of_one_is_a_name() -> None:
    assert std.name("x" * 4_999 + "y") == "x" * 4_999 + "y"
    assert std.given_name("J") == "j"


@pytest.mark.parametrize(
    "placeholder",
    ["BABYBOY 2", "Baby boy of Maria", "BEBE NIÑA", "NB male", "Gemela B", "hijo de Ana", "TEST", "Recién nacido"],
)
def test_a_placeholder_is_no_given_name(placeholder: str) -> None:
    assert std.given_name(placeholder) is None


@pytest.mark.parametrize("name", ["Nina", "Nino", "Sonia", "Bebeto", "Girlie", "Boyd", "Babette", "Testa"])
def test_a_name_that_begins_like_a_placeholder_is_a_name(name: str) -> None:
    assert std.given_name(name) == name.lower()


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("2019-13-05", "20190513"),
        ("31/12/2019", "20191231"),
        ("02/30/2019", "20190230"),  # cannot be, and yet resembles the truth
        ("43531", "20190307"),
        ("7 de marzo de 2019", "20190307"),
        ("12-dic-2019", "20191212"),
        ("9999-01-01", None),
        ("1753-01-01", None),
        ("never", None),
    ],
)
def test_dates_that_cannot_be(written: str, standard: str | None) -> None:
    assert std.birth_date(written) == standard


@pytest.mark.parametrize("number", ["000-12-3456", "666-12-3456", "123-00-4567", "123-45-0000", "457-55-5462"])
def test_a_number_never_issued_says_nothing(number: str) -> None:
    assert std.ssn(number) is None
    assert std.ssn("912-70-1234") == "912701234"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("RR 2 Box 45", ("45", "rr 2", None)),
        ("Rural Route 2, Box #45", ("45", "rr 2", None)),
        ("HC 1 Box 3A", ("3a", "hc 1", None)),
        ("Apartado Postal 12", (None, "po box 12", None)),
        ("c/o Maria Cruz, 12 Elm Street", ("12", "elm st", None)),
        ("12 Elm St Rear", ("12", "elm st", "rear")),
        ("12 Elm St 4B", ("12", "elm st", "4b")),
        ("12 County Road 4", ("12", "county rd 4", None)),
        ("12 1/2 Elm St", ("12half", "elm st", None)),
        ("112-15 Queens Boulevard", ("11215", "queens blvd", None)),
        ("12 First Avenue Apto 3", ("12", "1st ave", "3")),
        ("500 Avenida Juarez", ("500", "ave juarez", None)),
        ("No Fixed Address", (None, None, None)),
    ],
)
def test_more_addresses(written: str, parts: tuple) -> None:
    assert std.street_address(written) == parts


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("Ana.Cruz+school@GMail.com", "anacruz@gmail.com"),
        ("a.b@mail.example", "a.b@mail.example"),
        ("noreply@mail.example", None),
        ("@mail.example", None),
        ("+x@mail.example", "+x@mail.example"),
    ],
)
def test_mailboxes(written: str, standard: str | None) -> None:
    assert std.email(written) == standard


@pytest.mark.parametrize(
    ("written", "standard"),
    [("+1 (312) 555-0199 ext. 4", "3125550199"), ("012-555-0199", None), ("555-0199", "5550199"), ("911", None)],
)
def test_telephones(written: str, standard: str | None) -> None:
    assert std.phone(written) == standard


@pytest.mark.parametrize(
    ("short", "full"),
    [("beto", "humberto"), ("chayo", "rosario"), ("kike", "enrique"), ("chema", "jose"), ("neto", "ernesto"),
     ("archie", "archibald"), ("hattie", "harriet"), ("memo", "guillermo"), ("lupita", "guadalupe"),
     ("goyo", "gregorio")],
)  # fmt: skip
def test_a_short_form_may_stand_for_its_full_name(short: str, full: str) -> None:
    assert full in possible_names(short)
    assert possible_names(full) & possible_names(short)

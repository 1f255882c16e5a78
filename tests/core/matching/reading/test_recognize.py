"""Columns are recognized by name and content, and a name alone is not believed."""

import pyarrow as pa
import pytest

from infotrust.core.elements import SemanticType as S
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns

ROWS = 40


def table(**columns: list) -> pa.Table:
    return pa.table({name: (values * ROWS)[:ROWS] for name, values in columns.items()})


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("FirstName", "Ana", S.GIVEN_NAME),
        ("CHILD_LAST_NAME", "Cruz", S.FAMILY_NAME),
        ("patientDOB", "2019-01-02", S.BIRTH_DATE),
        ("DATE OF BIRTH", "01/02/2019", S.BIRTH_DATE),
        ("soc_sec_id", "536228726", S.SSN),
        ("gender", "F", S.SEX),
        ("mailing_address_zipcode", "34801", S.ZIP_CODE),
        ("home phone", "555-201-0199", S.PHONE),
        ("mother_name", "Rosa Cruz", S.GUARDIAN_NAME),
        ("apellidos", "Cruz", S.FAMILY_NAME),
        ("wages", "100", None),
        ("event_date", "2019-01-02", None),
        ("employer_city", "Marigold", None),
        ("spouse_first_name", "Luis", None),
    ],
)
def test_names_are_understood_as_people_write_them(name: str, value: str, meaning: S | None) -> None:
    assert recognize_columns(table(**{name: [value]}))[name].type == meaning


def test_a_column_whose_values_belie_its_name_is_left_out_with_the_reason() -> None:
    found = recognize_columns(table(birth_date=["north", "south"]))["birth_date"]
    assert found.type is None
    assert "100%" in found.reason


def test_unmistakable_content_is_recognized_under_any_name() -> None:
    numbers = [f"{300 + n}-{10 + n}-{1000 + n}" for n in range(ROWS)]
    assert recognize_columns(table(F7=numbers))["F7"].type == S.SSN


def test_an_address_in_parts_is_put_together_and_the_person_s_own_columns_win() -> None:
    columns = choose_columns(
        recognize_columns(
            table(street_number=["12"], street_name=["Elm St"], employer_street_name=["Oak Rd"], po_box=["7"])
        )
    )
    assert columns == {S.STREET_ADDRESS: ("street_number", "street_name", "", "po_box")}


def test_reasons_never_show_a_value() -> None:
    found = recognize_columns(
        table(first_name=["Zebulon"], birth_date=["north"], notes=["secret"], ssn=["536-22-8726"])
    )
    told = " ".join(f"{one.reason} {one.how}" for one in found.values())
    assert not any(value in told for value in ("Zebulon", "north", "secret", "536"))

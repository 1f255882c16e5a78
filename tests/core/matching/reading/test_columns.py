"""Standardizing in bulk gives what standardizing one by one gives, for plain values and for odd ones."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.reading import columns, standardize
from infotrust.core.matching.reading.standardize import Habits

PIECES = [
    "St", "Apt", "4B", "#", "Main Street", "N", "Box", "PO", "P.O.", "Unit", "Jr", "Mr", "Baby", "Boy", "de la",
    "O'Brien", "Smith-Jones", "García", "unknown", "x", "123", "12", "7a", "Apartment 3", "lot", "9th", "1st", "Ave.",
    "NMI", "no", "Ste 100-A", "B/B", "CRUZ, ANA", "ANA", "@mail.example", "a.b+c", "555-123-4567", "(555) 123-4567",
    "x12", "123456789", "078-05-1120", "111-11-1111", "1234", "A", "rm", "STREET APT 4", "123 Oak Ave #4", "twin a",
    "bba", "y", "del", "sin nombre", "Nina", "bebe", "hijo de", "1/2", "12-14", "rear", "RR 2", "c/o", "Main St 4",
    "Sr", "900121234", "900-71-1234", "666-12-1234", "123-00-1234", "a.b@gmail.com", "c+d@gmail.com", ".@gmail.com",
    "01/01/1900", "1985-06-15", "6/15/1985", "19850615", "1/1/1", "1900-01-01", "9999-12-31",
    "e@googlemail.com", "(055) 123-4567", "fl", "Second",
]  # fmt: skip
VALUE = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map(" ".join),
    st.dates(date(1799, 1, 1), date(2101, 1, 1)).flatmap(
        lambda day: st.sampled_from(
            [f"{day}", f"{day:%Y%m%d}", f"{day:%m/%d/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%m-%d-%y}"]
        )
    ),
    st.builds("{}-{:02d}-{:02d}".format, st.integers(1890, 2020), st.integers(0, 13), st.integers(0, 32)),
    st.builds("{}/{}/{}".format, st.integers(0, 32), st.integers(0, 32), st.integers(1890, 2020)),
    st.text(alphabet="abcdeiozABZ'-.,#0129/()@é’ ", min_size=1, max_size=10),
    st.builds(
        "{} {} {}".format, st.integers(1, 9999), st.sampled_from(PIECES), st.sampled_from(["St", "Road", "Ln Apt 3"])
    ),
).map(str.strip).filter(bool)  # fmt: skip


@pytest.mark.parametrize("kind", sorted(columns.BULK))
@given(values=st.lists(VALUE, min_size=1, max_size=25, unique=True), made_up=st.booleans(), day_first=st.booleans())
@settings(deadline=None, max_examples=120)
def test_in_bulk_as_one_by_one(kind: str, values: list[str], made_up: bool, day_first: bool) -> None:
    habits = Habits(day_first=day_first, default_dates=frozenset({"19850615"}), made_up=made_up)
    bulk, taken = columns.in_bulk(kind, pa.array(values, pa.string()), habits)
    single, steps = standardize.noted_column(kind, values, habits=habits)
    assert {field: column.to_pylist() for field, column in bulk.items()} == single
    assert {step: np.flatnonzero(places).tolist() for step, places in taken.items()} == steps


def test_plain_values_are_done_in_bulk() -> None:
    """Else a million of them would take minutes, and nothing would say so."""
    plain = {
        "given_name": "Maria", "family_name": "O'Brien-Lopez", "middle_name": "Lee", "guardian_name": "CRUZ, ANA",
        "birth_date": "3/7/2019", "ssn": "900-12-3456", "phone": "(555) 234-5678", "email": "ana@mail.example",
        "street_address": "12 N Oak St Apt 4",
    }  # fmt: skip
    assert set(plain) == set(columns.BULK)
    for kind, value in plain.items():
        done, _, _ = columns.BULK[kind](pa.array([value]), Habits())
        assert done.to_pylist() == [True], kind

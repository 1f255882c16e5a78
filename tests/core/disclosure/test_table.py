"""An output's rows become a table of counts, or are refused with what to mend."""

from __future__ import annotations

import pytest

from infotrust.core.disclosure import CountTable, TableRefused

ROWS = [
    {"program": "SNAP", "age": "0-2", "children": 40},
    {"program": "SNAP", "age": "3-5", "children": 50},
    {"program": "Home visits", "age": "0-2", "children": 12},
]


def make(rows, **options):
    return CountTable.from_rows(rows, dimensions=["program", "age"], measure="children", **options)


def test_rows_become_cells_in_the_order_in_which_they_came():
    table = make(ROWS, titles={"age": "Age in years"})
    assert [d.values for d in table.dimensions] == [("SNAP", "Home visits"), ("0-2", "3-5")]
    assert table.dimensions[1].title == "Age in years"
    assert table.counts.tolist() == [[40, 50], [12, 0]]


def test_the_cube_holds_every_total():
    assert make(ROWS).cube.tolist() == [[40, 50, 90], [12, 0, 12], [52, 50, 102]]


def test_only_the_totals_asked_for_are_printed():
    table = make(ROWS, margins=[["program"]])
    printed = [key for key, is_printed in zip(table.keys, table.printed, strict=True) if is_printed]
    assert ("SNAP", None) in printed
    assert (None, "0-2") not in printed
    assert (None, None) not in printed


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([{"program": None, "age": "0-2", "children": 1}], "no value for 'program'"),
        ([{"program": "SNAP", "age": " ", "children": 1}], "no value for 'age'"),
        ([{"program": "SNAP", "age": "0-2", "children": 1.5}], "no whole number"),
        ([{"program": "SNAP", "age": "0-2", "children": -1}], "no whole number"),
        ([{"program": "SNAP", "age": "0-2", "children": True}], "no whole number"),
        ([{"program": "SNAP", "age": "0-2"}], "no whole number"),
        ([ROWS[0], ROWS[0]], "Two rows stand for the same group"),
        ([], "empty"),
    ],
)
def test_an_output_that_is_no_table_of_counts_is_refused(rows, what):
    with pytest.raises(TableRefused, match=what):
        make(rows)


def test_a_refusal_names_no_count_and_no_group():
    with pytest.raises(TableRefused) as refused:
        make([{"program": "Rare disorder clinic", "age": "0-2", "children": 7.25}])
    assert "Rare" not in str(refused.value)
    assert "7.25" not in str(refused.value)


def test_a_total_over_an_unknown_dimension_is_refused():
    with pytest.raises(TableRefused, match="'school'"):
        make(ROWS, margins=[["school"]])


def test_a_table_too_large_to_prove_is_refused():
    rows = [{"program": str(p), "age": str(a), "children": 20} for p in range(150) for a in range(150)]
    with pytest.raises(TableRefused, match="more than 20000 cells"):
        make(rows)

"""The sentence of an answer says what the table shows, and nothing that it hides."""

from __future__ import annotations

import pytest

from infotrust.core.disclosure import CountTable, TableRefused, fill, protect

ROWS = [
    {"programs": "one", "children": 1200},
    {"programs": "two", "children": 300},
    {"programs": "three", "children": 25},
    {"programs": "four", "children": 4},
]
RELEASED = protect(CountTable.from_rows(ROWS, dimensions=["programs"], measure="children"))
FIGURES = {
    "all": {},
    "one": {"programs": "one"},
    "several": {"programs": ["two", "three", "four"]},
    "three": {"programs": "three"},
    "four": {"programs": "four"},
    "seven": {"programs": "seven"},
    "by_school": {"school": "one"},
}


def say(template):
    return fill(template, RELEASED, figures=FIGURES, instead="some")


def test_figures_are_filled_from_shown_counts():
    assert say("Of {all} children, {one} use one program.").text == "Of 1,529 children, 1,200 use one program."


def test_groups_together_are_what_remains_of_the_total():
    # Three and four are hidden; together with two they are the total less those in one program, which is public.
    assert say("{several} children").text == "329 children"


def test_a_share_is_a_whole_percent_of_the_total():
    assert say("{percent several}").text == "22%"


@pytest.mark.parametrize("slot", ["four", "three", "percent four"])
def test_a_hidden_count_is_never_said(slot):
    sentence = say("{" + slot + "} children")
    assert sentence.text == "some children"
    assert sentence.missing == (slot,)


def test_a_group_that_nobody_was_in_counts_zero():
    assert say("{seven} children").text == "0 children"


@pytest.mark.parametrize(("slot", "what"), [("nonsense", "no figure"), ("by_school", "no dimension of the table")])
def test_a_figure_that_names_nothing_of_the_table_is_refused(slot, what):
    with pytest.raises(TableRefused, match=what):
        say("{" + slot + "}")


def test_a_remainder_below_the_threshold_is_not_said():
    rows = [{"g": "a", "n": 50}, {"g": "b", "n": 5}, {"g": "c", "n": 5}]
    released = protect(CountTable.from_rows(rows, dimensions=["g"], measure="n"))
    assert fill("{few}", released, figures={"few": {"g": ["b", "c"]}}, instead="some").text == "some"

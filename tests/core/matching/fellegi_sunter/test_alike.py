"""Every measure against DuckDB's own, which is what Splink's levels are made of."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infotrust.core.matching.fellegi_sunter import alike
from infotrust.core.matching.reading.texts import Texts

LETTERS = st.text(alphabet="abcdeé ", max_size=12)
LONG = st.text(alphabet="ab1", min_size=30, max_size=70)
MEASURES = {
    "jaro_similarity": lambda lines, most, x, y: alike.jaro(*lines, alike.room_to_work(), x, y, 0.0),
    "jaro_winkler_similarity": lambda lines, most, x, y: alike.jaro_winkler(*lines, alike.room_to_work(), x, y, 0.0),
    "levenshtein": lambda lines, most, x, y: alike.edits(*lines, alike.room_to_work(), x, y, most, False),
    "damerau_levenshtein": lambda lines, most, x, y: alike.edits(*lines, alike.room_to_work(), x, y, most, True),
}


def as_duckdb_says(measure: str, pairs: list[tuple[str, str]]) -> list[float]:
    asked = pa.table({"x": [one for one, _ in pairs], "y": [other for _, other in pairs], "place": range(len(pairs))})
    with duckdb.connect() as connection:
        connection.register("asked", asked)
        return [row[0] for row in connection.execute(f"SELECT {measure}(x, y) FROM asked ORDER BY place").fetchall()]


def ours(measure: str, pairs: list[tuple[str, str]], most: int) -> list[float]:
    lines = alike.lines_of(Texts.of([text for pair in pairs for text in pair]))
    return [MEASURES[measure](lines, most, 2 * at, 2 * at + 1) for at in range(len(pairs))]


@pytest.mark.parametrize("measure", ["jaro_similarity", "jaro_winkler_similarity"])
@settings(max_examples=40, deadline=None)
@given(pairs=st.lists(st.tuples(LETTERS | LONG, LETTERS | LONG), min_size=20, max_size=40))
@example(pairs=[("martha", "marhta"), ("", ""), ("", "a"), ("aaaaaaaaaa", "aaaaaaaab"), ("dixon", "dicksonx")])
def test_similarity_is_duckdbs(measure: str, pairs: list[tuple[str, str]]) -> None:
    np.testing.assert_allclose(ours(measure, pairs, 0), as_duckdb_says(measure, pairs), rtol=0, atol=1e-12)


@pytest.mark.parametrize("measure", ["levenshtein", "damerau_levenshtein"])
@settings(max_examples=40, deadline=None)
@given(pairs=st.lists(st.tuples(LETTERS | LONG, LETTERS | LONG), min_size=20, max_size=40), most=st.integers(1, 4))
@example(pairs=[("ca", "abc"), ("", "abc"), ("a" * 40, "a" * 39), ("1985-01-12", "1985-10-12")], most=2)
def test_edits_are_duckdbs_up_to_the_most_that_matters(measure: str, pairs: list[tuple[str, str]], most: int) -> None:
    expected = [min(edits, most + 1) for edits in as_duckdb_says(measure, pairs)]
    assert ours(measure, pairs, most) == expected


@settings(deadline=None)
@given(pair=st.tuples(LETTERS | LONG, LETTERS | LONG), least=st.floats(0.1, 1))
def test_nothing_that_is_alike_enough_is_given_up(pair: tuple[str, str], least: float) -> None:
    lines = alike.lines_of(Texts.of(list(pair)))
    for measure in (alike.jaro, alike.jaro_winkler):
        whole = measure(*lines, alike.room_to_work(), 0, 1, 0.0)
        if whole >= least:
            assert measure(*lines, alike.room_to_work(), 0, 1, least) == whole

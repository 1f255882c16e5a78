"""The compiled similarities give what rapidfuzz gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from infotrust.core.matching.comparing.similarity import edits, jaro_winkler
from infotrust.core.matching.reading.texts import WIDTH, Texts

WORDS = st.text(alphabet="abcde 12", max_size=WIDTH)


@given(WORDS, WORDS)
@settings(deadline=None, max_examples=300)
def test_jaro_winkler_is_rapidfuzz_s(one: str, other: str) -> None:
    words, (m, n) = Texts.of([one, other]).matrix()
    expected = JaroWinkler.similarity(one, other) if one and other else 0.0
    assert jaro_winkler(words, 0, m, 1, n) == pytest.approx(expected)


@given(WORDS, WORDS, st.integers(1, 4))
@settings(deadline=None, max_examples=300)
def test_edits_are_rapidfuzz_s_optimal_string_alignment_up_to_the_most_asked_for(
    one: str, other: str, most: int
) -> None:
    words, (m, n) = Texts.of([one, other]).matrix()
    assert edits(words, 0, m, 1, n, most) == min(OSA.distance(one, other), most + 1)


def test_a_value_of_a_million_letters_is_cut_not_refused() -> None:
    matrix, lengths = Texts.of(["x" * 1_000_000, ""]).matrix()
    assert matrix.shape == (2, WIDTH)
    assert lengths.tolist() == [WIDTH, 0]

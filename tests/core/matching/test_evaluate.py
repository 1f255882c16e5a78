"""Pairwise and B-cubed figures are those of their definitions."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.matching.evaluate import b_cubed, pairwise

LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25)


@given(LABELS)
def test_pairwise_counts_pairs(labels: list[tuple[int, int]]) -> None:
    found, truth = zip(*labels, strict=True)
    joined = {(a, b) for a, b in combinations(range(len(labels)), 2) if found[a] == found[b]}
    belong = {(a, b) for a, b in combinations(range(len(labels)), 2) if truth[a] == truth[b]}
    quality = pairwise(found, truth)
    assert quality.precision == pytest.approx(len(joined & belong) / len(joined) if joined else 1)
    assert quality.recall == pytest.approx(len(joined & belong) / len(belong) if belong else 1)


@given(LABELS)
def test_b_cubed_averages_over_records(labels: list[tuple[int, int]]) -> None:
    found, truth = zip(*labels, strict=True)
    everyone = range(len(labels))
    group = {a: {b for b in everyone if found[a] == found[b]} for a in everyone}
    own = {a: {b for b in everyone if truth[a] == truth[b]} for a in everyone}
    quality = b_cubed(found, truth)
    assert quality.precision == pytest.approx(
        sum(len(group[a] & own[a]) / len(group[a]) for a in everyone) / len(labels)
    )
    assert quality.recall == pytest.approx(sum(len(group[a] & own[a]) / len(own[a]) for a in everyone) / len(labels))


def test_labels_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        pairwise([1, 2], [1])

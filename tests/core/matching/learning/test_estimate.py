"""EM finds again the parameters that made the patterns."""

import numpy as np
import pytest

from infotrust.core.matching.comparing.compare import Comparison
from infotrust.core.matching.learning.beginning import group_patterns
from infotrust.core.matching.learning.estimate import fit, left_by_chance, level_shares, seeds
from infotrust.core.matching.learning.patterns import distinct_patterns
from infotrust.core.matching.learning.score import log_odds


def _comparison(field: str, likely: list[float]) -> Comparison:
    levels = ("not known", "different", "alike", "same")
    return Comparison(field, levels, np.array([0, *likely]), (2, 3), False)


@pytest.fixture
def planted():
    """40,000 pairs, 5 % of them one person's, over six fields with known shares of each level."""
    random = np.random.default_rng(5)
    matches = random.random(40_000) < 0.05
    likely, chance = [0.05, 0.1, 0.85], [0.9, 0.07, 0.03]
    levels = np.zeros((40_000, 6), np.uint8)
    for place in range(6):
        drawn = np.where(matches, random.choice(3, 40_000, p=likely), random.choice(3, 40_000, p=chance)) + 1
        levels[:, place] = np.where(random.random(40_000) < 0.1, 0, drawn)
    comparisons = [_comparison(f"field{place}", [0.2, 0.2, 0.6]) for place in range(6)]
    return matches, likely, chance, levels, comparisons


def test_em_recovers_planted_shares_and_tells_the_pairs_apart(planted) -> None:
    matches, likely, chance, levels, comparisons = planted
    random_shares = [np.array([0, *chance])] * 6
    start = seeds(levels, random_shares, comparisons, 1000)
    patterns = distinct_patterns(levels)
    per_pattern = np.bincount(patterns.of, weights=start) / patterns.counts
    model, _ = fit(patterns, per_pattern, comparisons, classes=2, strength=2.0, chance=random_shares)
    assert model.share[0] == pytest.approx(0.05, abs=0.005)
    for table in model.levels:
        np.testing.assert_allclose(table[1:, 0], likely, atol=0.03)
        np.testing.assert_allclose(table[1:, 1], chance, atol=0.01)
    assert np.mean((log_odds(model, levels) > 0) == matches) > 0.99


def test_a_field_that_is_not_known_says_nothing(planted) -> None:
    _, _, chance, levels, comparisons = planted
    shares = [np.array([0, *chance])] * 6
    patterns = distinct_patterns(levels)
    model, _ = fit(patterns, np.full(len(patterns.counts), 0.1), comparisons, classes=2, strength=2.0, chance=shares)
    nothing = log_odds(model, np.zeros((1, 6), np.uint8))[0]
    assert nothing == pytest.approx(np.log(model.share[0] / model.share[1]))


def test_pairs_that_chance_alone_brings_may_be_nobodys() -> None:
    """Of 10,000 pairs chance brings 100 alike in both fields: 100 there are no evidence, of 500 most are."""
    random = np.array([[3, 3]] * 100 + [[3, 1]] * 900 + [[1, 3]] * 900 + [[1, 1]] * 8_100, np.uint8)
    for there, least, most in ((100, 0.0, 0.0), (500, 0.74, 0.78)):
        patterns = distinct_patterns(np.array([[3, 3]] * there + [[1, 1]] * 9_000, np.uint8))
        left = left_by_chance(patterns, random, 10_000)
        assert least <= left[patterns.of[0]] <= most


def test_of_a_pattern_no_larger_share_than_is_left_becomes_one_persons(planted) -> None:
    _, _, chance, levels, comparisons = planted
    patterns = distinct_patterns(levels)
    shares = [np.array([0, *chance])] * 6
    most = np.full(len(patterns.counts), 0.25)
    _, belongs = fit(patterns, np.full(len(most), 0.5), comparisons, classes=3, strength=2.0, chance=shares, most=most)
    assert belongs[:, 0].max() == pytest.approx(0.25)
    np.testing.assert_allclose(belongs.sum(1), 1)


def test_patterns_count_every_pair_once_even_when_they_do_not_fit_into_64_bits() -> None:
    levels = np.random.default_rng(1).integers(0, 11, (500, 30)).astype(np.uint8)
    patterns = distinct_patterns(np.vstack([levels, levels]))
    assert patterns.counts.sum() == 1000
    np.testing.assert_array_equal(patterns.levels[patterns.of], np.vstack([levels, levels]))


def test_level_shares_are_probabilities_without_the_unknown(planted) -> None:
    *_, levels, comparisons = planted
    for shares in level_shares(levels, comparisons):
        assert shares[0] == 0
        assert shares.sum() == pytest.approx(1)


def test_grouping_parts_two_heaps_without_chance() -> None:
    points = np.array([[0.0, 0], [0, 1], [9, 9], [9, 8]])
    groups = group_patterns(points, np.ones(4), 2)
    assert groups[0] == groups[1] != groups[2] == groups[3]

"""Rules are tried on samples: what a sample says of a rule is what counting everything says, about."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.fellegi_sunter import choosing
from infotrust.core.matching.fellegi_sunter.model import BlockingRule, Value

RULES = tuple(BlockingRule((Value(name),)) for name in ("a", "b", "c"))


def keys_of(codes: np.ndarray) -> np.ndarray:
    """Keys as hashes of codes: uint64 [rules, n]."""
    mixed = (codes.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return np.where(codes < 0, np.uint64(0), mixed * np.uint64(0xBF58476D1CE4E5B9))


def pairs_of(codes: np.ndarray) -> set[tuple[int, int]]:
    n = len(codes)
    return {(i, j) for i in range(n) for j in range(i + 1, n) if codes[i] == codes[j] >= 0}


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(-1, 9), min_size=40, max_size=40), min_size=1, max_size=3))
def test_a_sample_of_all_blocks_is_every_pair_with_its_rules(columns: list[list[int]]) -> None:
    codes = np.array(columns)
    sample = choosing.sample_pairs(keys_of(codes), seed=1)
    every = [pairs_of(column) for column in codes]
    assert sample.pairs.tolist() == pytest.approx([len(pairs) for pairs in every], abs=1)
    together: dict[tuple[int, int], float] = {}
    for i, j, weight, covers in zip(sample.left, sample.right, sample.weight, sample.covers, strict=True):
        assert covers.tolist() == [(i, j) in pairs for pairs in every]
        together[i, j] = together.get((i, j), 0.0) + weight
    assert together == pytest.approx(dict.fromkeys(set().union(*every), 1.0))


def test_a_sample_of_some_blocks_stands_for_all() -> None:
    codes = np.random.default_rng(1).integers(0, 200_000, (1, 400_000))
    true = (np.bincount(codes[0]).astype(float) ** 2 - np.bincount(codes[0])).sum() / 2
    sample = choosing.sample_pairs(keys_of(codes), seed=1)
    assert len(sample.left) <= choosing.SAMPLED_PAIRS
    assert sample.weight.sum() == pytest.approx(true, rel=0.02)
    assert sample.pairs[0] == pytest.approx(true, rel=0.02)


def sampled(covers: list[list[bool]], pairs: list[int]) -> choosing.Sample:
    n = len(covers)
    places = np.arange(n, dtype=np.int32)
    return choosing.Sample(places, places + 1, np.ones(n), np.array(covers), np.array(pairs))


def test_what_is_found_already_is_worth_nothing_and_the_budget_is_kept() -> None:
    covers = [[True, True, False]] * 90 + [[False, False, True]] * 10
    sample = sampled(covers, [100, 200, 5_000])
    chosen = choosing.choose(RULES, sample, np.ones(100), budget=1_000)
    assert [str(one.rule) for one in chosen.tried] == ['"a"']
    assert chosen.tried[0].finds == pytest.approx(0.9)
    both = choosing.choose(RULES, sample, np.ones(100), budget=10_000)
    assert [str(one.rule) for one in both.tried] == ['"a"', '"c"']
    assert both.tried[1].adds == pytest.approx(0.1)


def test_rules_that_are_all_too_costly_are_refused() -> None:
    with pytest.raises(UserFacingError, match="affordable"):
        choosing.choose(RULES, sampled([[True, True, True]], [900, 900, 900]), np.ones(1), budget=100)

"""EM finds the shares that pairs were made with, and the field that tells a home's members apart keeps its bound."""

import numpy as np

from infotrust.core.matching.fellegi_sunter import learning
from infotrust.core.matching.fellegi_sunter.fields import MOST_DIFFERENT
from infotrust.core.matching.fellegi_sunter.model import Comparison, FellegiSunter, Level

M = {"given": (0.9, 0.07, 0.03), "family": (0.8, 0.1, 0.1), "street": (0.6, 0.2, 0.2), "zip": (0.7, 0.1, 0.2)}
U = {"given": (0.01, 0.02, 0.97), "family": (0.02, 0.03, 0.95), "street": (0.01, 0.01, 0.98), "zip": (0.1, 0.1, 0.8)}
NAMES = ("same", "alike", "different")


def model() -> FellegiSunter:
    comparisons = tuple(
        Comparison(name, (Level("not known", (), None, None), *(Level(n, (), 0.4, 0.3) for n in NAMES))) for name in M
    )
    return FellegiSunter(comparisons, (), 0.1)


def drawn(table: dict[str, tuple[float, ...]], pairs: int, random: np.random.Generator) -> np.ndarray:
    return np.stack([random.choice(3, pairs, p=shares) + 1 for shares in table.values()], axis=1).astype(np.uint8)


def test_em_finds_the_shares_that_pairs_were_made_with() -> None:
    random = np.random.default_rng(1)
    levels = np.concatenate([drawn(M, 8_000, random), drawn(U, 12_000, random)])
    levels[random.random(levels.shape) < 0.1] = 0
    start = np.where((levels == 1).sum(1) > 1, 0.9, 0.1)
    found = learning.learn(model(), levels, np.ones(len(levels)), start)
    for comparison in found.comparisons:
        learned = [level.m for level in comparison.levels[1:]]
        np.testing.assert_allclose(learned, M[comparison.name], atol=0.02)
        assert comparison.levels[0].m is None


def test_a_pair_that_stands_for_many_counts_as_many() -> None:
    random = np.random.default_rng(2)
    levels = np.concatenate([drawn(M, 2_000, random), drawn(U, 2_000, random)])
    start = np.where((levels == 1).sum(1) > 1, 0.9, 0.1)
    counts = random.integers(1, 4, len(levels))
    weighed = learning.learn(model(), levels, counts.astype(float), start)
    repeated = learning.learn(model(), levels.repeat(counts, 0), np.ones(counts.sum()), start.repeat(counts))
    for one, other in zip(weighed.comparisons, repeated.comparisons, strict=True):
        np.testing.assert_allclose([x.m or 0 for x in one.levels], [x.m or 0 for x in other.levels], atol=1e-6)


def test_siblings_alike_in_all_else_do_not_settle_as_matches() -> None:
    random = np.random.default_rng(3)
    sibling = {**M, "given": (0.01, 0.01, 0.98)}
    levels = np.concatenate([drawn(M, 3_000, random), drawn(sibling, 3_000, random), drawn(U, 2_000, random)])
    start = np.where((levels == 1).sum(1) > 1, 0.9, 0.1)
    found = learning.learn(model(), levels, np.ones(len(levels)), start)
    assert found.comparisons[0].levels[-1].m <= MOST_DIFFERENT["given"] + 1e-9

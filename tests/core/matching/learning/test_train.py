"""The alarm for a bad start: rung by unmistakable pairs that are lost, and not by strangers alike by chance."""

import numpy as np

from infotrust.core.matching.comparing.compare import Frequencies, choose_comparisons
from infotrust.core.matching.compiled import FloatArray
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.patterns import Patterns
from infotrust.core.matching.learning.train import unmistakable_lost

OFTEN = Frequencies(np.array([1, 50], np.int64), np.array([500, 10], np.int64))
COMPARISONS = choose_comparisons({"given": OFTEN, "birth_date": OFTEN}, 1_000, ["births"])
GIVEN, BORN = (comparison.levels for comparison in COMPARISONS)


def lost(pairs: int, given: str, chance_of_name: float) -> float:
    """The share lost by a model that calls nothing a match, of so many pairs alike in given name and birth date."""
    levels = np.array([[GIVEN.index(given), BORN.index("same")], [GIVEN.index("different"), BORN.index("different")]])
    patterns = Patterns(levels.astype(np.uint8), np.array([float(pairs), 5_000.0]), np.zeros(0, np.int64))
    chance: list[FloatArray] = []
    for comparison in COMPARISONS:
        shares = np.full(len(comparison.levels), 1e-3)
        chance.append(shares)
    chance[0][GIVEN.index(given)] = chance_of_name
    chance[1][BORN.index("same")] = 1 / 3_650
    tables = tuple(np.full((len(comparison.levels), 2), 0.1) for comparison in COMPARISONS)
    model = Model(("given", "birth_date"), tables, np.array([1e-6, 1 - 1e-6]), np.array([True, False]), 0.0, 1)
    return unmistakable_lost(patterns, COMPARISONS, chance, 1_000, model)


def test_many_pairs_alike_in_a_rare_name_and_birth_date_that_are_lost_ring_it() -> None:
    assert lost(60, "same, very rare", 1e-5) == 1.0


def test_a_few_strangers_of_one_name_born_on_one_day_do_not() -> None:
    assert lost(2, "same, common", 5e-3) == 0.0


def test_nor_do_many_where_chance_has_as_many() -> None:
    assert lost(60, "same, very common", 0.1) == 0.0

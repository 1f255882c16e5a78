"""A regression that starts from known odds learns what is there, and nothing where nothing is."""

import numpy as np

from infotrust.core.matching.compiled import BoolArray, FloatArray
from infotrust.core.matching.learning import ridge


def data(answers: int, slips: float, shift: FloatArray, seed: int) -> tuple[FloatArray, FloatArray, BoolArray]:
    random = np.random.default_rng(seed)
    columns = random.normal(size=(answers, len(shift)))
    offset = random.normal(scale=3, size=answers)
    yes = random.random(answers) < ridge.likely(offset + columns @ shift)
    return columns, offset, yes ^ (random.random(answers) < slips)


def fitted(columns: FloatArray, offset: FloatArray, yes: BoolArray) -> ridge.Fit:
    return ridge.fit(columns, offset, yes, np.arange(len(yes)) % ridge.FOLDS)


def test_it_learns_the_change_and_how_often_people_slip() -> None:
    shift = np.array([2.0, -2.0, 0.0, 0.0])
    fit = fitted(*data(3_000, 0.1, shift, seed=1))
    assert np.allclose(fit.weights, shift, atol=0.35)
    assert fit.slips in (0.05, 0.1, 0.15)
    assert fit.loss < fit.before


def test_odds_that_are_right_already_are_left_nearly_as_they_are() -> None:
    for seed in range(5):
        columns, offset, yes = data(60, 0.0, np.zeros(20), seed=seed)
        change = columns @ fitted(columns, offset, yes).weights
        assert np.abs(change).mean() < 1.0


def test_the_weights_are_the_least_of_the_penalized_loss() -> None:
    columns, offset, yes = data(200, 0.05, np.array([1.0, 0.5, 0.0]), seed=2)
    fit = fitted(columns, offset, yes)

    def lost(weights: FloatArray) -> float:
        return float(
            ridge.losses(offset + columns @ weights, yes, fit.slips).sum() + fit.strength / 2 * weights @ weights
        )

    for step in np.eye(3) * 0.01:
        assert lost(fit.weights) <= min(lost(fit.weights + step), lost(fit.weights - step))

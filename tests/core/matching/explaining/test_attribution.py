"""Contributions sum to the weight for any model, and are the average over all orders of telling the fields."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.explaining.attribution import BITS, attribute
from infotrust.core.matching.explaining.pair import weigh_levels
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.score import log_odds


@st.composite
def models(draw: st.DrawFn) -> tuple[Model, np.ndarray]:
    """Any latent-class model of up to nine fields, and a pattern of it; some fields are not known."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    fields, classes = draw(st.integers(1, 9)), draw(st.integers(2, 7))
    same = np.arange(classes) == 0
    same[1:-1] = random.random(classes - 2) < 0.3
    tables = []
    for _ in range(fields):
        table = random.gamma(0.2, size=(draw(st.integers(2, 6)) + 1, classes)) + 1e-9
        table[0] = 0
        table /= table.sum(0)
        table[0] = 1
        tables.append(table)
    share = random.gamma(0.5, size=classes) + 1e-6
    levels = np.array([random.integers(0, len(table)) for table in tables], np.uint8)
    names = tuple(f"field {place}" for place in range(fields))
    return Model(names, tuple(tables), share / share.sum(), same, 0.0, 1), levels


@settings(max_examples=60, deadline=None)
@given(models())
def test_prior_and_contributions_sum_to_the_weight_the_linkage_goes_by(made: tuple[Model, np.ndarray]) -> None:
    model, levels = made
    weighed = weigh_levels(model, tuple(tuple(map(str, range(9))) for _ in model.fields), levels)
    assert weighed.weight == pytest.approx(float(log_odds(model, levels[None])[0]) * BITS, abs=1e-6)
    assert weighed.prior + sum(one.weight for one in weighed.fields) == pytest.approx(weighed.weight, abs=1e-9)
    assert sum(one.probability for one in weighed.classes) == pytest.approx(1)
    said = sum(one.probability for one in weighed.classes if one.same_person)
    assert said == pytest.approx(weighed.probability, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(models())
def test_a_field_that_is_not_known_adds_nothing(made: tuple[Model, np.ndarray]) -> None:
    model, levels = made
    weighed = weigh_levels(model, tuple(tuple(map(str, range(9))) for _ in model.fields), levels)
    assert all(one.weight == 0 for one in weighed.fields if one.code == 0)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(2, 4), st.integers(0, 2**32))
def test_a_contribution_is_the_mean_over_all_orders(fields: int, classes: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = np.log(random.random((fields, classes)))
    share = np.log(random.dirichlet(np.ones(classes)))
    same = np.arange(classes) == 0

    def odds(told: tuple[int, ...]) -> float:
        sums = np.exp(share + scores[list(told)].sum(0))
        return float(np.log(sums[same].sum() / sums[~same].sum()))

    expected = np.zeros(fields)
    orders = list(permutations(range(fields)))
    for order in orders:
        for place, field in enumerate(order):
            expected[field] += odds(order[: place + 1]) - odds(order[:place])
    assert attribute(scores, share, same)[1] == pytest.approx(expected / len(orders) * BITS)


def test_of_two_classes_a_field_is_worth_what_fellegi_and_sunter_say() -> None:
    scores = np.log(np.array([[0.9, 0.1], [0.2, 0.8]]))
    prior, parts = attribute(scores, np.log([0.25, 0.75]), np.array([True, False]))
    assert [prior, *parts] == pytest.approx(np.log2([1 / 3, 9, 1 / 4]))


def test_more_fields_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be told apart"):
        attribute(np.full((21, 2), -1.0), np.log([0.5, 0.5]), np.array([True, False]))

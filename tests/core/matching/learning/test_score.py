"""Giving a pair up early changes no odds above the bottom."""

import numpy as np
import pytest

from infotrust.core.matching.comparing.candidates import Pairs, find_candidates
from infotrust.core.matching.comparing.compare import agreement, plan_comparisons
from infotrust.core.matching.learning import score
from infotrust.core.matching.learning.train import train
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.reading.sources import read_records


@pytest.fixture(scope="module")
def fitted(make_town):
    records = read_records(make_town(500))
    plan = plan_comparisons(records)
    pairs = find_candidates(records, per_record=20, widest_key=200, least_information=8)
    return len(records), plan, pairs, train(records, plan, pairs, fit_pairs=300_000, seed=1)


def test_odds_are_those_of_the_whole_pattern_or_the_bottom(fitted) -> None:
    n, plan, pairs, model = fitted
    random = np.random.default_rng(3).integers(0, n, (2, 4000)).astype(np.int32)
    some = Pairs(np.append(pairs.first, random[0]), np.append(pairs.second, random[1]))
    found = score.odds_of_pairs(model, plan, some, weakest=-cluster.SURE)
    whole = score.log_odds(model, agreement(plan, some))
    np.testing.assert_allclose(found, np.maximum(whole, -cluster.SURE), atol=1e-3)
    assert (found == -cluster.SURE).sum() > 4000 / 2  # most strangers are given up
    assert (found > 0).sum() > n / 4

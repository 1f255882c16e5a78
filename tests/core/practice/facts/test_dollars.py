"""Poverty guidelines and largest benefits, as published."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from infotrust.core.practice.facts.dollars import fiscal_year, largest_benefits, of_year, poverty_guideline
from infotrust.core.practice.parameters import Section, load_parameters


@pytest.fixture(scope="module")
def numbers() -> Section:
    return load_parameters()


def on(year: int, month: int, day: int = 1) -> np.ndarray:
    return np.array([date(year, month, day).toordinal()])


@pytest.mark.parametrize(
    ("year", "persons", "dollars"), [(2017, 1, 12_060), (2019, 4, 25_750), (2021, 4, 26_500), (2024, 3, 25_820)]
)
def test_the_poverty_guideline_is_the_published_one(numbers: Section, year: int, persons: int, dollars: int) -> None:
    assert poverty_guideline(numbers.poverty_guidelines, on(year, 8), np.array([persons])) == dollars


@pytest.mark.parametrize(
    ("year", "month", "persons", "dollars"),
    [
        (2016, 7, 4, 649),
        (2020, 12, 1, 204),
        (2021, 1, 1, 234),
        (2023, 9, 4, 939),
        (2023, 10, 4, 973),
        (2026, 6, 9, 2007),
    ],
)
def test_the_largest_benefit_changes_in_october(
    numbers: Section, year: int, month: int, persons: int, dollars: int
) -> None:
    assert largest_benefits(numbers.snap, on(year, month), np.array([persons]), 0.026) == dollars


def test_amounts_grow_after_the_last_that_is_listed(numbers: Section) -> None:
    table = {2024: 100.0, 2025: 110.0}
    assert of_year(table, np.array([2020, 2024, 2025, 2027]), 0.1) == pytest.approx([100, 100, 110, 133.1])
    later = largest_benefits(numbers.snap, on(2027, 11), np.array([1]), 0.05)
    assert later == np.round(298 * 1.05**2)


def test_the_fiscal_year_begins_in_october() -> None:
    assert fiscal_year(np.concatenate([on(2020, 9, 30), on(2020, 10, 1)])).tolist() == [2020, 2021]

"""The figures of the county's people that checks name: each is one number from `Lives`, in the unit of its check."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from docs.plausible.lives import Lives


def share(part: Any, whole: Any) -> float:
    """Percent that `part` is of `whole`; nothing of nothing is nothing."""
    return float(100 * part / whole) if whole else 0.0


def under_18(lives: Lives) -> float:
    return share(lives.income[:, 1].sum(), lives.people)


def from_65(lives: Lives) -> float:
    return share(lives.age_sex[13:].sum(), lives.people)


def age_difference(lives: Lives, figures: dict[str, Any]) -> float:
    county = 100 * lives.age_sex.sum(axis=1) / lives.people
    return float(np.abs(county - np.array(figures["age_shares"]["percent"])).max())


def birth_rate(lives: Lives) -> float:
    return float(1000 * lives.births_by_year.sum() / lives.lived_by_year.sum())


def twin_rate(lives: Lives) -> float:
    return 10 * share(lives.plurality[2], lives.plurality.sum())


def triplet_rate(lives: Lives) -> float:
    return 1000 * share(lives.plurality[3:].sum(), lives.plurality.sum())


def same_sex_twins(lives: Lives) -> float:
    return share(lives.same_sex_pairs[1], lives.same_sex_pairs.sum())


def boys_for_girls(lives: Lives) -> float:
    return 10 * share(lives.boys, lives.plurality.sum() - lives.boys)


def teen_birth_rate(lives: Lives) -> float:
    return 10 * share(lives.mothers[15:20].sum(), lives.lived[15:20, 0].sum())


def mothers_age(lives: Lives) -> float:
    return float((lives.mothers * (np.arange(120) + 0.5)).sum() / lives.mothers.sum())


def death_rate(lives: Lives) -> float:
    return 10 * share(lives.deaths.sum(), lives.lived.sum())


def infant_mortality(lives: Lives) -> float:
    return 10 * share(lives.deaths[0], lives.births_by_year.sum())


def persons_in_a_household(lives: Lives) -> float:
    return float(lives.people / lives.household_size.sum())


def living_alone(lives: Lives) -> float:
    return share(lives.household_size[1], lives.household_size.sum())


def two_parents(lives: Lives) -> float:
    return share(lives.parents[3], lives.parents.sum())


def mother_only(lives: Lives) -> float:
    return share(lives.parents[1], lives.parents.sum())


def married(lives: Lives) -> float:
    return share(lives.married[1], lives.married.sum())


def poor(lives: Lives) -> float:
    return share(lives.income[:2].sum(), lives.income.sum())


def poor_children(lives: Lives) -> float:
    return share(lives.income[:2, 1].sum(), lives.income[:, 1].sum())


def low_income(lives: Lives) -> float:
    return share(lives.income[:4].sum(), lives.income.sum())


def movers(lives: Lives) -> float:
    return share(lives.moved[:, 1:3].sum(), lives.moved[:, :3].sum())


def movers_into(lives: Lives) -> float:
    return share(lives.moved[:, 2].sum(), lives.moved[:, 1:3].sum())


def other_language(lives: Lives) -> float:
    return share(lives.language.total() - lives.language["eng"], lives.language.total())


def top_surname(lives: Lives) -> float:
    return 1000 * _most_common(lives.surnames, 1)


def top_10_surnames(lives: Lives) -> float:
    return _most_common(lives.surnames, 10)


def top_100_surnames(lives: Lives) -> float:
    return _most_common(lives.surnames, 100)


def top_1000_surnames(lives: Lives) -> float:
    return _most_common(lives.surnames, 1000)


def top_names_boys_1960(lives: Lives) -> float:
    return _most_common(lives.given[1956, "boys"], 10)


def top_names_girls_2008(lives: Lives) -> float:
    return _most_common(lives.given[2004, "girls"], 10)


def _most_common(names: Counter[str], count: int) -> float:
    return share(sum(number for _, number in names.most_common(count)), names.total())

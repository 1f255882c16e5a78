"""The county's tracts as a landscape: where they lie, who lives in which, and what differs between tracts and years.

Poverty and communities cluster on the plane. Each measure (rent, vacancy, crime, crashes, drug sales) shares something
with poverty and has a pattern of its own that no other measure has, so that a regression can tell them apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Floats, Ints, chances, generator, normal

MEASURES = ("rent", "vacancy", "violent_crime", "crashes", "drug_sales")
INCOME_EDGES = np.array([1.0, 2.0, 4.0])  # the classes of `place.income.shares`, in multiples of the poverty level
MILE = 1.4  # side of a tract: about 2 square miles, as in suburban counties


def lie(tracts: int, seed: int) -> tuple[Floats, Floats]:
    """Coordinates of the tracts' centers in miles, around (0, 0).

    Tracts are the cells of a round piece of a grid, shaken, and numbered along Hilbert's curve: tracts with numbers
    that follow each other are neighbors, and so are most of a run of them.
    """
    side = 1 << int(np.ceil(np.log2(np.sqrt(tracts * 1.3))))
    along = np.arange(side * side)
    column, row = _hilbert(side, along)
    away = np.hypot(column - (side - 1) / 2, row - (side - 1) / 2)
    inside = np.sort(np.argsort(away, kind="stable")[:tracts])
    rng = generator("place plane", seed)
    shaken = rng.uniform(-0.35, 0.35, (2, tracts))
    middle = (side - 1) / 2
    return (column[inside] - middle + shaken[0]) * MILE, (row[inside] - middle + shaken[1]) * MILE


def _hilbert(side: int, along: Ints) -> tuple[Ints, Ints]:
    """Column and row of each step along Hilbert's curve through a square of `side` cells, a power of 2."""
    x, y, rest, size = np.zeros_like(along), np.zeros_like(along), along.copy(), 1
    while size < side:
        right = 1 & (rest // 2)
        up = 1 & (rest ^ right)
        flip = (up == 0) & (right == 1)
        x, y = np.where(flip, size - 1 - x, x), np.where(flip, size - 1 - y, y)
        x, y = np.where(up == 0, y, x), np.where(up == 0, x, y)
        x, y = x + size * right, y + size * up
        rest, size = rest // 4, size * 2
    return x, y


class Patterns:
    """Patterns over the tracts, alike between neighbors, each uncorrelated with all before it where tracts suffice."""

    def __init__(self, x: Floats, y: Floats, seed: int, reach: float) -> None:
        self.x, self.y, self.seed = x, y, seed
        square = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
        near = reach * max(float(np.ptp(x)), float(np.ptp(y)), MILE)
        # What is a tract's own, beside what it shares with its neighbors.
        self._kernel = np.exp(-square / (2 * near**2)) + 0.5 * np.eye(len(x))
        self._taken: list[Floats] = []

    def draw(self, what: str) -> Floats:
        """A pattern with mean 0 and standard deviation 1, correlated by chance with others."""
        noise = generator(f"place {what}", self.seed).standard_normal(len(self.x))
        return standard(self._kernel @ noise)

    def take(self, pattern: Floats) -> Floats:
        """The part of a pattern that no pattern taken before has, standardized; none of those taken later has it."""
        if len(self._taken) < len(pattern) // 2:
            for one in self._taken:
                pattern = pattern - one * float(pattern @ one) / len(pattern)
            self._taken.append(standard(pattern))
        return standard(pattern)


def standard(values: Floats) -> Floats:
    """With mean 0 and standard deviation 1."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (spread or 1.0))


def poverty_index(patterns: Patterns, toward_center: float) -> Floats:
    """Poverty of each tract, standardized; `toward_center`: the part of its variance that is nearness to the center."""
    center = standard(-np.hypot(patterns.x, patterns.y))
    away = patterns.draw("poverty")
    away = standard(away - center * float(away @ center) / len(center))
    return patterns.take(np.sqrt(toward_center) * center + np.sqrt(1 - toward_center) * away)


# --- who lives where ---


def income_classes(poverty: Floats, share: Floats, wanted: Any, sorting: float = 1.0) -> Floats:
    """Tract x income class: the shares of each tract's households; together they are the county's.

    `sorting`: how much more strongly they sort than households do on the whole.
    """
    levels = np.array(list(wanted.income.shares.values()))
    lean = np.linspace(0.5, -0.5, len(levels)) * wanted.income_sorting * sorting
    return _fitted(np.exp(poverty[:, None] * lean) * levels, share, levels)


def community_mix(patterns: Patterns, poverty: Floats, share: Floats, wanted: Any, communities: Any) -> Floats:
    """Tract x community: the shares of each tract's people; together they are the county's."""
    pull = []
    for name in communities:
        lean = float(wanted.community_in_poverty.get(name, 0.0))
        pull.append(lean * poverty + np.sqrt(max(0.0, 1 - lean**2)) * patterns.draw(f"community {name}"))
    wishes = np.exp(wanted.segregation * np.stack(pull, axis=1))
    levels = np.array(list(communities.values()))
    return _fitted(wishes * levels, share, levels)


def _fitted(weights: Floats, rows: Floats, columns: Floats) -> Floats:
    """Rows that add up to 1 each and, weighted with `rows`, to `columns` (Deming and Stephan 1940)."""
    table = weights * rows[:, None]
    for _ in range(200):
        table *= (columns / np.maximum(table.sum(axis=0), 1e-300))[None, :]
        table *= (rows / table.sum(axis=1))[:, None]
    return np.asarray(table / rows[:, None])


def settling(share: Floats, mix: Floats, incomes: Floats) -> Floats:
    """Community x income class x tract: cumulative shares of where households of that kind live."""
    joint = share[None, None, :] * mix.T[:, None, :] * incomes.T[None, :, :]
    edges = np.cumsum(joint, axis=2)
    last = edges[:, :, -1:]
    return np.where(last > 0, edges / np.where(last > 0, last, 1), np.cumsum(share))


# --- what differs between tracts and years ---


def measures(patterns: Patterns, poverty: Floats, seed: int, span: Span, wanted: Any) -> dict[str, Floats]:
    """Tract x year number, for each of MEASURES."""
    return {name: _measure(name, patterns, poverty, seed, span, wanted[name]) for name in MEASURES}


def _measure(name: str, patterns: Patterns, poverty: Floats, seed: int, span: Span, wanted: Any) -> Floats:
    """Lasting differences between tracts, partly with poverty, and a year's own that fade from year to year."""
    own = patterns.take(patterns.draw(name))
    lasting = wanted.spread * (wanted.poverty * poverty + np.sqrt(1 - wanted.poverty**2) * own)
    tract, years = np.arange(len(own)), []
    passing = np.zeros(len(own))
    for number in range(span.years):
        year = span.first_year + number
        new = normal(*(chances(f"place {name} {part}", seed, tract, year) for part in ("one", "two")))
        keep = wanted.memory if number else 0.0
        passing = keep * passing + np.sqrt(1 - keep**2) * new
        years.append(wanted.middle * np.exp(lasting + wanted.yearly * passing + wanted.growth * number))
    values = np.stack(years, axis=1)
    return np.minimum(values, 1.0) if name == "vacancy" else values

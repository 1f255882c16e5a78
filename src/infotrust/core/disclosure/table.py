"""A table of counts with all its totals.

A count table has one to a few dimensions; every cell counts each person once, so that a total is the sum of its
cells. The cube holds each cell and each total, shown or not, because a total that is not printed can be derived.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infotrust.core.disclosure.rules import LARGEST_TABLE, TableRefused

# A cell's key: one value for each dimension, None where the dimension is summed up.
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Dimension:
    """One way in which the table divides people. `values` are in the order in which they are printed."""

    name: str
    title: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class CountTable:
    """`counts` has one axis for each dimension; `measure` says what is counted.

    `margins` lists the totals that the release shows, each as the set of dimensions it keeps (the empty set is
    the grand total); None shows them all. The cells themselves are always in the release.
    """

    dimensions: tuple[Dimension, ...]
    counts: NDArray[np.int64]
    measure: str = "count"
    margins: frozenset[frozenset[str]] | None = None

    def __post_init__(self) -> None:
        names = [dimension.name for dimension in self.dimensions]
        if not names or len(set(names)) != len(names):
            raise TableRefused("The table needs dimensions, each named once.", next_step="Name the question's groups.")
        shape = tuple(len(dimension.values) for dimension in self.dimensions)
        if self.counts.shape != shape or not np.issubdtype(self.counts.dtype, np.integer):
            raise TableRefused("The counts do not fit the table's dimensions.", next_step="Run the question again.")
        if 0 in shape or (self.counts < 0).any():
            raise TableRefused("The table is empty or has a count below zero.", next_step="Correct the question.")
        if int(np.prod([size + 1 for size in shape])) > LARGEST_TABLE:
            raise TableRefused(
                f"The table has more than {LARGEST_TABLE} cells.", next_step="Ask for fewer groups, or for two tables."
            )
        for kept in self.margins or ():
            if unknown := sorted(kept - set(names)):
                raise TableRefused(f"A total keeps {unknown[0]!r}, which is no dimension of the table.")

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Mapping[str, Any]],
        *,
        dimensions: Sequence[str],
        measure: str,
        titles: Mapping[str, str] | None = None,
        margins: Collection[Collection[str]] | None = None,
    ) -> CountTable:
        """Make the table from an output's rows: the dimensions' values and one whole number in each.

        A combination without a row counts zero. Raises TableRefused where a value is missing, a combination
        comes twice, or a count is not a whole number of zero or more.
        """
        values = {name: tuple(dict.fromkeys(_named(row, name) for row in rows)) for name in dimensions}
        place = {name: {value: at for at, value in enumerate(values[name])} for name in dimensions}
        counts = np.zeros([len(values[name]) for name in dimensions], dtype=np.int64)
        seen = set()
        for row in rows:
            at = tuple(place[name][_named(row, name)] for name in dimensions)
            if at in seen:
                raise TableRefused(
                    f"Two rows stand for the same group of {', '.join(dimensions)}.",
                    next_step="Group by every dimension and by nothing else, so that each person is counted once.",
                )
            seen.add(at)
            counts[at] = _whole(row, measure)
        shown = None if margins is None else frozenset(frozenset(kept) for kept in margins)
        named = tuple(Dimension(name, (titles or {}).get(name, name), values[name]) for name in dimensions)
        return cls(named, counts, measure, shown)

    @cached_property
    def cube(self) -> NDArray[np.int64]:
        """Every cell and every total: one place more on each axis, the last one being the sum."""
        cube = self.counts
        for axis in range(cube.ndim):
            cube = np.concatenate([cube, cube.sum(axis=axis, keepdims=True)], axis=axis)
        return cube

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The keys of the cube's cells, in its own (row-major) order."""
        labels = [(*dimension.values, None) for dimension in self.dimensions]
        return tuple(tuple(labels[axis][at] for axis, at in enumerate(place)) for place in np.ndindex(self.cube.shape))

    @cached_property
    def printed(self) -> NDArray[np.bool_]:
        """Which cells of the cube the release shows at all, in the cube's row-major order."""
        return np.array([self._is_printed(key) for key in self.keys], dtype=bool)

    def _is_printed(self, key: Key) -> bool:
        kept = frozenset(d.name for d, value in zip(self.dimensions, key, strict=True) if value is not None)
        return self.margins is None or len(kept) == len(self.dimensions) or kept in self.margins

    def lines(self) -> Iterator[NDArray[np.int64]]:
        """The sums that hold: for each, the positions of the parts and, last, of their total."""
        positions = np.arange(self.cube.size).reshape(self.cube.shape)
        for axis in range(self.cube.ndim):
            yield from np.moveaxis(positions, axis, -1).reshape(-1, self.cube.shape[axis])


def all_margins(dimensions: Sequence[str]) -> frozenset[frozenset[str]]:
    """Every total of a table with these dimensions."""
    sizes = range(len(dimensions))
    return frozenset(frozenset(kept) for size in sizes for kept in combinations(dimensions, size))


def _named(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None or str(value).strip() == "":
        raise TableRefused(
            f"A row of the output has no value for {name!r}.",
            next_step="Let the question name those people's group, for example 'not stated'.",
        )
    return str(value)


def _whole(row: Mapping[str, Any], measure: str) -> int:
    value = row.get(measure)
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
        raise TableRefused(
            f"A row of the output has no whole number in {measure!r}.",
            next_step="A release shows counts of people. Averages and shares are worked out from them afterwards.",
        )
    return int(value)

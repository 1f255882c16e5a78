"""Chooses which cells of a table to hide, so that no small count can be worked out from the rest.

A small count is hidden for its own sake (primary). Others are hidden with it (complementary), one cheapest detour at
a time, until the attacker fails at every small count; then each of them is tried in the open again, so that none is
hidden without need. The choice is not proven to be the smallest; that it protects is proven by `audit`.

What "protects" means here: to a reader of the release, each small count could still be as little as if everything were
hidden, and could just as well be the threshold or more. So nobody can tell even that it is small.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from infotrust.core.disclosure.attacker import DOWN, UP, Attacker, Bools, new_solver
from infotrust.core.disclosure.rules import SMALLEST_SHOWN, CannotProtect, Rules, Status, ZeroRule
from infotrust.core.disclosure.table import CountTable, Dimension, Key

# Each step up to a total is dearer to hide: a reader misses a total more than one of its cells.
COST_OF_A_TOTAL = 8.0
# Trying a cell in the open runs the whole proof again. Beyond this many cells times tries none is tried.
MOST_WORK_TO_TRY_OPEN = 20_000


@dataclass(frozen=True)
class Cell:
    """A cell of the release. `value` is None where it is hidden: the count itself is not kept here."""

    key: Key
    value: int | None
    status: Status


@dataclass(frozen=True)
class ProtectedTable:
    """The table as it may be released. It holds no hidden count."""

    dimensions: tuple[Dimension, ...]
    measure: str
    rules: Rules
    cells: tuple[Cell, ...]
    _by_key: Mapping[Key, Cell] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {cell.key: cell for cell in self.cells})

    def cell(self, *key: str | None) -> Cell:
        """The cell of this key: one value for each dimension, None for a total."""
        return self._by_key[key]

    def get(self, key: Key) -> Cell | None:
        return self._by_key.get(key)

    def hidden(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.status is not Status.SHOWN)

    def as_json(self) -> dict[str, Any]:
        """The public form: a hidden cell is null, whatever it was hidden for."""
        return {
            "dimensions": [{"name": d.name, "title": d.title, "values": list(d.values)} for d in self.dimensions],
            "measure": self.measure,
            "threshold": self.rules.threshold,
            "zeros": self.rules.zeros.value,
            "rows": [{"key": list(cell.key), "value": cell.value} for cell in self.cells],
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the public form: what the checker approves is what is published."""
        return digest_of(self.as_json())


def digest_of(public: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a released table's public form, also as it comes back from the database."""
    return hashlib.sha256(json.dumps(public, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def protect(
    table: CountTable,
    *,
    threshold: int = SMALLEST_SHOWN,
    zeros: ZeroRule = ZeroRule.SHOWN,
    known: Collection[Key] = (),
) -> ProtectedTable:
    """Return the table with its small counts hidden, and with what must be hidden beside them.

    `known`: cells whose present value is public already; hiding them would protect nothing. Raises CannotProtect
    where these make protection impossible.
    """
    rules = Rules(threshold, zeros)
    search = _Search(table, rules, frozenset(known))
    return _released(table, rules, search.run())


def primaries(table: CountTable, rules: Rules) -> NDArray[np.int64]:
    """Positions in the cube of every small count, of totals too, also of those that the release leaves out."""
    small = np.array([rules.is_small(int(count)) for count in table.cube.ravel()], dtype=bool)
    if rules.zeros is ZeroRule.HIDDEN:
        small &= table.printed | (table.cube.ravel() > 0)
    return np.flatnonzero(small)


def _released(table: CountTable, rules: Rules, hidden: Bools) -> ProtectedTable:
    small = set(primaries(table, rules).tolist())
    cells = []
    for at, (key, count) in enumerate(zip(table.keys, table.cube.ravel().tolist(), strict=True)):
        if not table.printed[at]:
            continue
        status = Status.SHOWN if not hidden[at] else Status.PRIMARY if at in small else Status.COMPLEMENTARY
        cells.append(Cell(key, count if status is Status.SHOWN else None, status))
    return ProtectedTable(table.dimensions, table.measure, rules, tuple(cells))


class _Search:
    """The search for cells to hide. Positions are those of the cube in row-major order."""

    def __init__(self, table: CountTable, rules: Rules, known: frozenset[Key]) -> None:
        self.table, self.rules = table, rules
        self.attacker = Attacker(table, rules)
        self.true = self.attacker.true
        self.small = primaries(table, rules)
        self.open = np.array([key in known for key in table.keys], dtype=bool)
        if self.open[self.small].any():
            raise CannotProtect(
                "A count that must be hidden is public already, in an earlier release.",
                next_step="Withdraw the earlier release first, or ask the agreement's parties.",
            )
        self.left_out = ~table.printed & ~self.open
        # A zero that is shown by rule cannot hide anything: its readers know that it is zero.
        frozen = (self.true == 0) if rules.zeros is ZeroRule.SHOWN else np.zeros(self.true.size, dtype=bool)
        self.can_hide = ~self.open & ~frozen
        depth = np.array([sum(value is None for value in key) for key in table.keys], dtype=float)
        self.cost = np.sqrt(self.true + 1.0) * COST_OF_A_TOTAL**depth

    def run(self) -> Bools:
        hidden = self.left_out.copy()
        hidden[self.small] = True
        while shortfalls := self._shortfalls(hidden):
            before = hidden.copy()
            for cell, way in shortfalls:
                hidden |= self._detour(cell, way, hidden)
            if (hidden == before).all():
                # The program sees a detour in fractions that whole counts cannot take.
                hidden[self._cheapest_beside(shortfalls[0][0], hidden)] = True
        return self._without_needless(hidden)

    def _shortfalls(self, hidden: Bools) -> list[tuple[int, int]]:
        """Each small count that the attacker can still narrow down, and on which side."""
        self.attacker.look(hidden)
        small = self.small.tolist()
        return [(cell, way) for way in (UP, DOWN) for cell in self.attacker.unprotected(small, way)]

    def _detour(self, cell: int, way: int, hidden: Bools) -> Bools:
        """The cheapest further cells through which `cell` could take the value it must leave open."""
        size, true = self.true.size, self.true.astype(float)
        free = hidden | self.can_hide
        rise = np.where(free, self.attacker.ceiling - true, 0.0)
        fall = np.where(free, true - self.attacker.floor, 0.0)
        move = abs(int(self.attacker.targets([cell], way)[0]) - true[cell])
        least = np.zeros(2 * size)
        least[cell if way == UP else size + cell] = move
        most = np.concatenate([rise, fall])
        most[size + cell if way == UP else cell] = 0.0
        price = np.where(hidden, 0.0, self.cost)
        found = _cheapest(self.attacker.lines, size, np.concatenate([price, price]), least, most)
        if found is None:
            raise CannotProtect(
                "The table cannot be protected beside what is public already.",
                next_step="Release fewer groups or fewer totals, or withdraw the earlier release.",
            )
        moved: Bools = free & ((found[:size] > 1e-7) | (found[size:] > 1e-7))
        return moved

    def _cheapest_beside(self, cell: int, hidden: Bools) -> int:
        beside = np.zeros(self.true.size, dtype=bool)
        for line in self.attacker.lines:
            if cell in line:
                beside[line] = True
        for candidates in (beside & self.can_hide & ~hidden, self.can_hide & ~hidden):
            if candidates.any():
                places = np.flatnonzero(candidates)
                return int(places[np.argmin(self.cost[places])])
        raise CannotProtect("The table cannot be protected.", next_step="Release fewer groups or fewer totals.")

    def _without_needless(self, hidden: Bools) -> Bools:
        """Show again, dearest first, each cell that the proof can do without."""
        small = set(self.small.tolist())
        extra = [at for at in np.flatnonzero(hidden & ~self.left_out).tolist() if at not in small]
        if len(extra) * self.true.size > MOST_WORK_TO_TRY_OPEN:
            return hidden
        for cell in sorted(extra, key=lambda at: (-self.cost[at], at)):
            hidden[cell] = False
            if self._shortfalls(hidden):
                hidden[cell] = True
        return hidden


def _cheapest(
    lines: list[NDArray[np.int32]],
    size: int,
    price: NDArray[np.float64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
) -> NDArray[np.float64] | None:
    """Rises and falls (2 x size, each from `least` to `most`) at the lowest price under which every sum still holds."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = 2 * size, len(lines)
    program.col_cost_, program.col_lower_, program.col_upper_ = price, least, most
    program.row_lower_ = program.row_upper_ = np.zeros(len(lines))
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *(2 * len(line) for line in lines)]).astype(np.int32)
    program.a_matrix_.index_ = np.concatenate([np.concatenate([line, line + size]) for line in lines]).astype(np.int32)
    signs = [np.append(np.ones(len(line) - 1), -1.0) for line in lines]
    program.a_matrix_.value_ = np.concatenate([np.concatenate([sign, -sign]) for sign in signs])
    solver = new_solver()
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(solver.getSolution().col_value, dtype=float)

"""Someone who works out hidden counts from shown ones, played by a linear program.

The attacker knows every shown cell, that totals are sums, that counts are whole numbers, and the least that a
hidden cell can be. What the attacker cannot rule out is shown by witnesses: whole tables of counts that agree with
everything published. A witness is checked in whole-number arithmetic, so a proof does not rest on the solver.
Solver: HiGHS. Never load it beside ortools: the two clash in one process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray

from infotrust.core.disclosure.rules import Rules
from infotrust.core.disclosure.table import CountTable

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]

UP, DOWN = 1, -1
# Whole-number searches are cut off by nodes, not by the clock, so that the same table is always treated alike.
SEARCH_NODES = 2_000
NEAR = 1e-6


class Attacker:
    """Holds one table's sums; `look` says which cells are hidden, the questions follow."""

    def __init__(self, table: CountTable, rules: Rules) -> None:
        self.true: Counts = table.cube.ravel().astype(np.int64)
        self.lines = [np.asarray(line, dtype=np.int32) for line in table.lines()]
        # The least each cell can be: a total is at least the sum of what its cells are at least.
        lowest = replace(table, counts=np.minimum(table.counts, rules.floor))
        self.floor: Counts = lowest.cube.ravel().astype(np.int64)
        self.threshold = rules.threshold
        # A ceiling far beyond every count keeps programs bounded. It only makes proofs harder, never easier.
        self.ceiling = int(self.true.max()) + 10 * rules.threshold
        self._columns = np.arange(self.true.size, dtype=np.int32)
        self._solver = _sums_program(self.true.size, self.lines)
        self.hidden: Bools = np.zeros(self.true.size, dtype=bool)

    def look(self, hidden: Bools) -> None:
        """Take `hidden` (cells not shown) as what the attacker does not know."""
        self.hidden = hidden
        self.lower = np.where(hidden, self.floor, self.true).astype(float)
        self.upper = np.where(hidden, self.ceiling, self.true).astype(float)

    def unprotected(self, cells: Sequence[int], way: int) -> list[int]:
        """Those of `cells` for which no table is found with the cell at its threshold (UP) or at its floor (DOWN).

        Many cells are proven by one table: it is asked to bring as many as it can to the target at once.
        """
        open_cells = list(cells)
        failed: list[int] = []
        while open_cells:
            proven = self._reached(self._push(open_cells, way), open_cells, way)
            if not proven:
                first = open_cells[0]
                proven = {first}
                if self.witness(first, way) is None:
                    failed.append(first)
            open_cells = [cell for cell in open_cells if cell not in proven]
        return failed

    def targets(self, cells: Sequence[int], way: int) -> Counts:
        """What each cell must be able to be: the threshold or more (UP), the least it can be (DOWN)."""
        at = list(cells)
        return np.maximum(self.threshold, self.floor[at]) if way == UP else self.floor[at]

    def witness(self, cell: int, way: int) -> Counts | None:
        """A table that agrees with all that is shown and has `cell` at its target or beyond, or None."""
        target = int(self.targets([cell], way)[0])
        lower, upper = self.lower.copy(), self.upper.copy()
        if way == UP:
            lower[cell] = max(lower[cell], target)
        else:
            upper[cell] = min(upper[cell], target)
        if lower[cell] > upper[cell]:
            return None
        found = self._solve(lower, upper, np.zeros(self.true.size))
        if found is None:
            return None
        counts = self.agreeing(found)
        if counts is None:
            counts = self._whole(lower, upper)
        return counts if counts is not None and (counts[cell] - target) * way >= 0 else None

    def bounds(self, cell: int) -> tuple[int, int | None]:
        """The least and the most the attacker must allow for `cell`; None where there is no limit.

        From the linear program: the truth for whole numbers may be narrower, which the witnesses settle.
        """
        costs = np.zeros(self.true.size)
        costs[cell] = 1.0
        low = self._solve(self.lower, self.upper, costs)
        high = self._solve(self.lower, self.upper, -costs)
        if low is None or high is None:  # the true table always agrees with itself
            raise ArithmeticError("The solver lost a table that is known to exist.")
        least, most = int(np.ceil(low[cell] - NEAR)), int(np.floor(high[cell] + NEAR))
        if most <= self.true.max():
            return least, most
        # Does the ceiling hold it, or the table? Only the table is a limit.
        higher = self._solve(self.lower, np.where(self.hidden, 2.0 * self.ceiling, self.true), -costs)
        return least, None if higher is None or higher[cell] > most + 0.5 else most

    def agreeing(self, found: NDArray[np.float64]) -> Counts | None:
        """`found` as whole numbers, if these agree exactly with everything that is shown; else None."""
        counts = np.rint(found).astype(np.int64)
        if np.abs(counts - found).max(initial=0.0) > NEAR * 100 or not self.is_consistent(counts):
            return None
        return counts

    def is_consistent(self, counts: Counts) -> bool:
        """Whether `counts` could be the table: same shown cells, sums that hold, nothing below its floor."""
        if (counts < np.where(self.hidden, self.floor, 0)).any():
            return False
        if (counts[~self.hidden] != self.true[~self.hidden]).any():
            return False
        return all(counts[line[:-1]].sum() == counts[line[-1]] for line in self.lines)

    def _push(self, cells: Sequence[int], way: int) -> NDArray[np.float64] | None:
        upper, costs, at = self.upper.copy(), np.zeros(self.true.size), list(cells)
        costs[at] = -way
        if way == UP:
            # No further than the target: the slack is left to the other cells.
            upper[at] = np.minimum(upper[at], self.targets(at, UP))
        return self._solve(self.lower, upper, costs)

    def _reached(self, found: NDArray[np.float64] | None, cells: Sequence[int], way: int) -> set[int]:
        counts = None if found is None else self.agreeing(found)
        if counts is None:
            return set()
        targets = self.targets(cells, way)
        return {cell for cell, target in zip(cells, targets, strict=True) if (counts[cell] - target) * way >= 0}

    def _solve(
        self, lower: NDArray[np.float64], upper: NDArray[np.float64], costs: NDArray[np.float64]
    ) -> NDArray[np.float64] | None:
        solver = self._solver
        solver.changeColsBounds(self.true.size, self._columns, lower, upper)
        solver.changeColsCost(self.true.size, self._columns, costs)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.asarray(solver.getSolution().col_value, dtype=float)

    def _whole(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> Counts | None:
        """Search among whole numbers: with three dimensions or more a linear program may answer in fractions."""
        solver = _sums_program(self.true.size, self.lines)
        solver.changeColsBounds(self.true.size, self._columns, lower, upper)
        whole = np.full(self.true.size, highspy.HighsVarType.kInteger)
        solver.changeColsIntegrality(self.true.size, self._columns, whole)
        solver.setOptionValue("mip_max_nodes", SEARCH_NODES)
        solver.run()
        values = np.asarray(solver.getSolution().col_value, dtype=float)
        return self.agreeing(values) if values.size == self.true.size else None


def new_solver() -> highspy.Highs:
    """A silent solver that uses one thread, so that the same table is always treated alike."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


def _sums_program(size: int, lines: Sequence[NDArray[np.int32]]) -> highspy.Highs:
    """An empty program over `size` cells in which every total is the sum of its parts."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = size, len(lines)
    program.col_cost_ = program.col_lower_ = program.col_upper_ = np.zeros(size)
    program.row_lower_ = program.row_upper_ = np.zeros(len(lines))
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *(len(line) for line in lines)]).astype(np.int32)
    program.a_matrix_.index_ = np.concatenate(lines)
    program.a_matrix_.value_ = np.concatenate([np.append(np.ones(len(line) - 1), -1.0) for line in lines])
    solver = new_solver()
    solver.passModel(program)
    return solver

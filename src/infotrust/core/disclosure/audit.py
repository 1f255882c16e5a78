"""Proves that a released table gives no small count away, or says which one it gives away.

The proof looks at the released table alone, not at how it was made. For every small count of the true table, totals
included, it needs two witnesses: whole tables of counts that agree with everything released, one with that count at
the least it can be if everything were hidden, and one with it at the threshold or more.

Not covered, and said on the checker's page: what a reader knows from elsewhere about the people in the table, what
follows from knowing that all of a group share one answer, and other questions' releases over the same people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.disclosure.attacker import DOWN, UP, Attacker, Bools
from infotrust.core.disclosure.protect import ProtectedTable, primaries
from infotrust.core.disclosure.rules import TableRefused
from infotrust.core.disclosure.table import CountTable, Key
from infotrust.core.errors import Finding

# Exact limits for this many hidden cells are worked out for the checker to see; the proof is made for all of them.
MOST_BOUNDS_SHOWN = 200


@dataclass(frozen=True)
class Bound:
    """What a reader of the release must allow for one small count: from `least` to `most` (None: no limit).

    `proven` says that both witnesses were found. `printed` is false for a total that the release leaves out.
    """

    key: Key
    least: int
    most: int | None
    proven: bool
    printed: bool


@dataclass(frozen=True)
class Audit:
    """`checked`: how many small counts the proof covers. `holds` is true when there is no finding."""

    checked: int
    bounds: tuple[Bound, ...]
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        return not self.findings


def audit(table: CountTable, released: ProtectedTable) -> Audit:
    """Check `released` against the true `table`.

    Findings: `wrong-count` (a shown cell is not the true count), `small-count-shown`, `small-count-derivable`
    (the facts give the limits a reader can work out). Raises TableRefused where the two are not the same table.
    """
    hidden = _hidden(table, released)
    rules, true = released.rules, table.cube.ravel()
    attacker = Attacker(table, rules)
    attacker.look(hidden)
    small = primaries(table, rules)
    shown = [int(at) for at in small if not hidden[at]]
    kept = [int(at) for at in small if hidden[at]]
    failed = set(attacker.unprotected(kept, UP)) | set(attacker.unprotected(kept, DOWN))
    findings = [Finding("wrong-count", _where(table.keys[at])) for at in _wrong(table, released)]
    findings += [Finding("small-count-shown", _where(table.keys[at]), {"count": int(true[at])}) for at in shown]
    bounds = []
    for at in sorted(failed) + [at for at in kept if at not in failed][:MOST_BOUNDS_SHOWN]:
        least, most = attacker.bounds(at)
        bounds.append(Bound(table.keys[at], least, most, at not in failed, bool(table.printed[at])))
    for bound in bounds:
        if not bound.proven:
            limits: dict[str, str | int | float] = {"least": bound.least, "most": bound.most or "no limit"}
            findings.append(Finding("small-count-derivable", _where(bound.key), limits))
    return Audit(len(small), tuple(sorted(bounds, key=lambda bound: table.keys.index(bound.key))), tuple(findings))


def _hidden(table: CountTable, released: ProtectedTable) -> Bools:
    if table.dimensions != released.dimensions:
        raise TableRefused("The released table is not the table that was checked.", next_step="Submit it again.")
    values = [(cell := released.get(key)) is None or cell.value is None for key in table.keys]
    return np.array(values, dtype=bool)


def _wrong(table: CountTable, released: ProtectedTable) -> list[int]:
    pairs = zip(table.keys, table.cube.ravel().tolist(), strict=True)
    return [
        at
        for at, (key, count) in enumerate(pairs)
        if (cell := released.get(key)) is not None and cell.value is not None and cell.value != count
    ]


def _where(key: Key) -> tuple[str, ...]:
    return tuple("Total" if value is None else value for value in key)

"""Holds a table against the tables of the same question that are public already.

Done exactly: a cell whose present count was shown before stays public, so it can hide nothing now (`known_cells`, which
goes to `protect`). Reported, for a person to judge: changes so small that they speak of few people.
Not yet: what follows from releases of other questions about the same people, or from tables that group them otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infotrust.core.disclosure.protect import ProtectedTable
from infotrust.core.disclosure.table import CountTable, Dimension, Key
from infotrust.core.errors import Finding


@dataclass(frozen=True)
class EarlierTable:
    """A table that was published before. `public` is its public form (`ProtectedTable.as_json`)."""

    name: str
    public: Mapping[str, Any]


def known_cells(table: CountTable, earlier: Sequence[EarlierTable]) -> frozenset[Key]:
    """Cells of `table` whose present count was shown in an earlier release."""
    now = dict(zip(table.keys, table.cube.ravel().tolist(), strict=True))
    shown = (pair for one in earlier for pair in _shown_cells(table.dimensions, one))
    return frozenset(key for key, value in shown if now.get(key) == value)


def compare(table: CountTable, released: ProtectedTable, earlier: Sequence[EarlierTable]) -> tuple[Finding, ...]:
    """What the new release tells together with the earlier ones.

    Findings: `hidden-but-public` (a hidden cell's count was shown before), `small-change` (a cell shown in both
    changed by fewer people than the threshold), `not-compared` (an earlier table groups people otherwise).
    """
    findings = []
    known = known_cells(table, earlier)
    findings += [Finding("hidden-but-public", _where(cell.key)) for cell in released.hidden() if cell.key in known]
    for one in earlier:
        if not _same_groups(table.dimensions, one):
            findings.append(Finding("not-compared", (one.name,)))
        for key, before in _shown_cells(table.dimensions, one):
            cell = released.get(key)
            if cell is None or cell.value is None:
                continue
            change = cell.value - before
            if 0 < abs(change) < released.rules.threshold:
                findings.append(Finding("small-change", _where(key), {"change": change, "earlier": one.name}))
    return tuple(findings)


def _same_groups(dimensions: Sequence[Dimension], one: EarlierTable) -> bool:
    return {d["name"] for d in one.public["dimensions"]} <= {d.name for d in dimensions}


def _shown_cells(dimensions: Sequence[Dimension], one: EarlierTable) -> Iterator[tuple[Key, int]]:
    """The counts that `one` shows, under the keys they have in a table of `dimensions`."""
    if not _same_groups(dimensions, one):
        return
    place = {d["name"]: at for at, d in enumerate(one.public["dimensions"])}
    for row in one.public["rows"]:
        if row["value"] is not None:
            yield tuple(row["key"][place[d.name]] if d.name in place else None for d in dimensions), row["value"]


def _where(key: Key) -> tuple[str, ...]:
    return tuple("Total" if value is None else value for value in key)

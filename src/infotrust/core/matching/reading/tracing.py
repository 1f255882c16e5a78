"""From one record back: what was delivered, what it became, and by which steps. For those who may see values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infotrust.core.elements import SemanticType
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.coded import Coded
from infotrust.core.matching.reading.shared import STEP, Shared, set_aside
from infotrust.core.matching.reading.sources import Source, distinct_texts, noted_fields
from infotrust.core.matching.reading.standardize import Habits


@dataclass(frozen=True)
class Traced:
    """What one column (or an address of several) says of a record: `delivered` became `standard` by `steps`.

    standard: field -> value, None where it says nothing.
    """

    element: SemanticType
    delivered: str
    standard: Mapping[str, str | None]
    steps: tuple[str, ...]


def trace(
    source: Source, row: int, *, habits: Habits | None = None, shared: Shared | None = None
) -> tuple[Traced, ...]:
    """Row `row` (from 0) of the source, element by element; empty cells are left out.

    habits, shared: what was decided for the whole file and for all records (`Records.habits`, `Records.shared`);
    without them habits are seen in the file, and nothing is shared.
    """
    decided = habits or source.habits or noted_fields(source).habits
    one = Source(source.name, source.table.slice(row, 1), source.columns, day_first=source.day_first, habits=decided)
    found = []
    for kind in one.columns:
        if kind in standardize.KINDS:
            places, values = distinct_texts(one, kind)
            if places[0] >= 0:
                delivered = values.to_pylist()[places[0]]
                columns, steps = standardize.noted_column(kind, [delivered], habits=decided)
                standard = {field: entries[0] for field, entries in columns.items()}
                found.append(Traced(kind, delivered, standard, tuple(steps)))
    return tuple(_without_shared(found, shared)) if shared else tuple(found)


def _without_shared(found: list[Traced], shared: Shared) -> list[Traced]:
    said = {field: value for one in reversed(found) for field, value in one.standard.items() if value is not None}
    fields = {field: Coded.of([value]) for field, value in said.items()}
    kept, where = set_aside(fields, shared)
    if not any(at.any() for at in where.values()):
        return found
    gone = {field for field, coded in kept.items() if coded.codes[0] < 0}
    return [
        Traced(
            one.element,
            one.delivered,
            {field: None if field in gone else value for field, value in one.standard.items()},
            (*one.steps, STEP) if gone & set(one.standard) else one.steps,
        )
        for one in found
    ]

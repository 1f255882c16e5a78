"""Lays a released table out in rows and columns, for pages: the last dimension across, the others down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

# A cell's key: one value for each dimension, None where the dimension is summed up.
Key = tuple[str | None, ...]

# Above this many columns a reader finds rows easier.
MOST_ACROSS = 6


@dataclass(frozen=True)
class Slot:
    """`kind`: shown, small or companion; `hidden` for a reader who is not told which."""

    text: str
    kind: str


@dataclass(frozen=True)
class Line:
    heads: tuple[str, ...]
    slots: tuple[Slot, ...]
    total: bool


@dataclass(frozen=True)
class Grid:
    """`stubs` head the columns of row names; `columns` head the counts."""

    stubs: tuple[str, ...]
    across: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def grid_of(public: Mapping[str, Any]) -> Grid:
    """The table as everyone sees it: a hidden cell says that it is not shown, and not why."""
    slots = {}
    for row in public["rows"]:
        key = tuple(row["key"])
        if row["value"] is None:
            slots[key] = Slot(_("not shown"), "hidden")
        else:
            slots[key] = Slot(f"{row['value']:,}", "shown")
    return lay_out(public, slots)


def words_for(public: Mapping[str, Any], key: Sequence[str | None]) -> str:
    """A cell's place in words."""
    return ", ".join(word_of(one, value) for one, value in zip(public["dimensions"], key, strict=True))


def lay_out(public: Mapping[str, Any], slots: Mapping[Key, Slot]) -> Grid:
    """Arrange cells in rows and columns, totals last."""
    dimensions = public["dimensions"]
    last = dimensions[-1] if len(dimensions) > 1 and len(dimensions[-1]["values"]) <= MOST_ACROSS else None
    down = dimensions[:-1] if last else dimensions
    ends: list[str | None] = [*last["values"], None] if last else []
    lines = []
    for head in product(*([*one["values"], None] for one in down)):
        keys = [(*head, end) for end in ends] if last else [head]
        row = tuple(slots.get(key, Slot("", "shown")) for key in keys)
        heads = tuple(word_of(one, value) for one, value in zip(down, head, strict=True))
        lines.append(Line(heads, row, None in head))
    return Grid(
        stubs=tuple(one["title"] for one in down),
        across=last["title"] if last else "",
        columns=tuple(word_of(last, end) for end in ends) if last else (public.get("title", public["measure"]),),
        lines=tuple(lines),
    )


def word_of(dimension: Mapping[str, Any], value: str | None) -> str:
    """The word for a value of a dimension; None is the total."""
    return _("Total") if value is None else str(dimension.get("words", {}).get(value, value))

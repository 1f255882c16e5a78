"""Lays a table of counts out in rows and columns, for pages: the last dimension across, the others down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from infotrust.core.disclosure import CountTable, Key

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


def before_grid(table: CountTable, public: Mapping[str, Any], hidden: Sequence[Mapping[str, Any]]) -> Grid:
    """The true table, with the cells marked that the release hides."""
    counts = dict(zip(table.keys, table.cube.ravel().tolist(), strict=True))
    why = {tuple(one["key"]): one["why"] for one in hidden}
    return _grid(public, {key: Slot(f"{count:,}", why.get(key, "shown")) for key, count in counts.items()})


def after_grid(public: Mapping[str, Any], hidden: Sequence[Mapping[str, Any]] = ()) -> Grid:
    """The table as it would be published."""
    why = {tuple(one["key"]): one["why"] for one in hidden}
    slots = {}
    for row in public["rows"]:
        key = tuple(row["key"])
        shown = row["value"] is not None
        slots[key] = Slot(f"{row['value']:,}", "shown") if shown else Slot(_("not shown"), why.get(key, "hidden"))
    return _grid(public, slots)


def words_for(public: Mapping[str, Any], key: Sequence[str | None]) -> str:
    """A cell's place in words."""
    return ", ".join(_word(one, value) for one, value in zip(public["dimensions"], key, strict=True))


def _grid(public: Mapping[str, Any], slots: Mapping[Key, Slot]) -> Grid:
    dimensions = public["dimensions"]
    last = dimensions[-1] if len(dimensions) > 1 and len(dimensions[-1]["values"]) <= MOST_ACROSS else None
    down = dimensions[:-1] if last else dimensions
    ends: list[str | None] = [*last["values"], None] if last else []
    lines = []
    for head in product(*([*one["values"], None] for one in down)):
        keys = [(*head, end) for end in ends] if last else [head]
        row = tuple(slots.get(key, Slot("", "shown")) for key in keys)
        heads = tuple(_word(one, value) for one, value in zip(down, head, strict=True))
        lines.append(Line(heads, row, None in head))
    return Grid(
        stubs=tuple(one["title"] for one in down),
        across=last["title"] if last else "",
        columns=tuple(_word(last, end) for end in ends) if last else (public.get("title", public["measure"]),),
        lines=tuple(lines),
    )


def _word(dimension: Mapping[str, Any], value: str | None) -> str:
    return _("Total") if value is None else str(dimension.get("words", {}).get(value, value))

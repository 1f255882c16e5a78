"""Writes the sentence of an answer from the released table alone, so that words cannot say what the table hides.

A sentence such as "{several} of {all} children are helped by more than one program." comes with its figures: which rows
each of them adds up, `{"several": {"programs": ["two", "three"]}, "all": {}}`. `{percent several}` is its share of the
grand total, in whole percent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from infotrust.core.disclosure.protect import ProtectedTable
from infotrust.core.disclosure.rules import TableRefused

Figures = Mapping[str, Mapping[str, str | Sequence[str]]]
_SLOT = re.compile(r"\{([^{}]+)\}")
_PERCENT = "percent "


@dataclass(frozen=True)
class Sentence:
    """`missing`: the figures that only a hidden count could fill."""

    text: str
    missing: tuple[str, ...] = ()


def fill(template: str, released: ProtectedTable, *, figures: Figures, instead: str) -> Sentence:
    """Fill the slots of `template` from shown counts; `instead` stands where a count is hidden.

    Raises TableRefused for a slot without a figure, and for a figure that names no dimension of the table.
    """
    missing = []

    def value_of(found: re.Match[str]) -> str:
        slot = found.group(1).strip()
        count = _count(_rows(slot.removeprefix(_PERCENT), figures, released), released)
        if slot.startswith(_PERCENT):
            count = _percent(count, _count({}, released))
        if count is None:
            missing.append(slot)
            return instead
        return f"{count:,}%" if slot.startswith(_PERCENT) else f"{count:,}"

    return Sentence(_SLOT.sub(value_of, template), tuple(missing))


def _percent(part: int | None, whole: int | None) -> int | None:
    # Both counts are in the open; their share then tells nothing more.
    return None if part is None or not whole else round(100 * part / whole)


def _count(rows: Mapping[str, tuple[str, ...]], released: ProtectedTable) -> int | None:
    shown = _sum(rows, released)
    if shown is not None:
        return shown
    # Together the wanted groups may be what remains of a total when the others are taken away.
    for name, wanted in rows.items():
        whole = _sum({key: values for key, values in rows.items() if key != name}, released)
        others = tuple(value for value in _values(released, name) if value not in wanted)
        rest = _sum({**rows, name: others}, released)
        if len(wanted) > 1 and whole is not None and rest is not None and whole - rest >= released.rules.threshold:
            return whole - rest
    return None


def _sum(rows: Mapping[str, tuple[str, ...]], released: ProtectedTable) -> int | None:
    """The sum of the cells in `rows`, or None where one of them is hidden or left out."""
    choices = [rows.get(dimension.name, (None,)) for dimension in released.dimensions]
    cells = [released.get(key) for key in product(*choices)]
    values = [None if cell is None else cell.value for cell in cells]
    return None if None in values else sum(value for value in values if value is not None)


def _rows(name: str, figures: Figures, released: ProtectedTable) -> dict[str, tuple[str, ...]]:
    """The rows of a figure. A value that no row has counts nobody: the question may not have met it this time."""
    if name not in figures:
        raise TableRefused(f"The sentence has no figure {name!r}.", next_step="Say which rows it adds up.")
    wanted = {}
    for dimension, chosen in figures[name].items():
        known = _values(released, dimension)
        if not known:
            raise TableRefused(
                f"The figure {name!r} chooses rows by {dimension!r}, which is no dimension of the table.",
                next_step="Correct the question's figures.",
            )
        chosen = (chosen,) if isinstance(chosen, str) else tuple(chosen)
        wanted[dimension] = tuple(value for value in dict.fromkeys(chosen) if value in known)
    return wanted


def _values(released: ProtectedTable, name: str) -> tuple[str, ...]:
    return next((dimension.values for dimension in released.dimensions if dimension.name == name), ())

"""What an answer's page shows beside its table: shares, a summary in words, a chart and files to take away.

Everything here is made from the released table. What it hides cannot be had from here.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.shared.catalogue.grids import Grid, grid_of, word_of

if TYPE_CHECKING:
    from infotrust.shared.catalogue.models import PublishedAnswer


# A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# More bars than this are read more easily as a table.
MOST_BARS = 40
WIDEST_LABEL = 22


@dataclass(frozen=True)
class Picture:
    """`spec`: Vega-Lite with its rows; `label`: what the picture shows, for those who do not see it.

    `by` names the dimensions drawn. `gaps`: a number of these groups is not shown, so that a bar is missing.
    """

    spec: dict[str, Any]
    label: str
    by: str
    gaps: bool


def grid(answer: PublishedAnswer) -> Grid:
    return grid_of(answer.table)


def shares(answer: PublishedAnswer) -> list[str]:
    """Each row's share of the total in whole percent, for a table of one dimension whose total is shown; else empty."""
    if len(answer.table["dimensions"]) != 1:
        return []
    values = [row["value"] for row in answer.table["rows"]]
    total = values[-1]
    if not total:
        return []
    return ["–" if value is None else f"{100 * value / total:.0f}%" for value in values]


def summary(answer: PublishedAnswer) -> str:
    """The table in a few sentences. Where a number is hidden, nothing is called the largest group: it may not be."""
    cells = _cells(answer)
    shown = [(name, row["value"]) for name, row in cells if row["value"]]
    total = answer.table["rows"][-1]
    parts = []
    if total["value"] is not None and set(total["key"]) == {None}:
        parts.append(_("The total is %(count)s.") % {"count": f"{total['value']:,}"})
    if shown:
        name, most = max(shown, key=lambda one: one[1])
        text = (
            _("The largest group is “%(name)s”, with %(count)s.")
            if all(row["value"] is not None for _name, row in cells)
            else _("The largest number shown is %(count)s, for “%(name)s”.")
        )
        parts.append(text % {"name": name, "count": f"{most:,}"})
    if hidden := hidden_count(answer):
        parts.append(
            ngettext("%(count)s number is not shown.", "%(count)s numbers are not shown.", hidden) % {"count": hidden}
        )
    return " ".join(parts)


def hidden_count(answer: PublishedAnswer) -> int:
    """How many numbers of the table, totals included, are not shown."""
    return sum(row["value"] is None for row in answer.table["rows"])


def picture(answer: PublishedAnswer) -> Picture | None:
    """A bar for each shown count; none for a table too long to draw or with nothing to show.

    A table of several dimensions with hidden cells is drawn by one of them that hides none: the last, if it can be.
    That one stands across the table, as what the question asks.
    """
    dimensions, rows = _drawn(answer)
    bars = [
        {
            "group": _wrapped(word_of(dimensions[0], row["key"][0])),
            "part": ", ".join(word_of(d, v) for d, v in zip(dimensions[1:], row["key"][1:], strict=True)),
            "count": row["value"],
        }
        for row in rows
        if row["value"] is not None
    ]
    if not bars or len(bars) > MOST_BARS:
        return None
    return Picture(
        _spec(bars, divided=len(dimensions) > 1),
        _("Bar chart. %(title)s The table on this page has the same numbers.") % {"title": answer.title},
        ", ".join(d["title"] for d in dimensions),
        len(bars) < len(rows),
    )


def _drawn(answer: PublishedAnswer) -> tuple[list[Any], list[dict[str, Any]]]:
    """The dimensions and rows of the picture; a row's key has one value for each of these dimensions."""
    dimensions, every = answer.table["dimensions"], answer.table["rows"]
    whole = [row for row in every if None not in row["key"]]
    if len(dimensions) > 1 and any(row["value"] is None for row in whole):
        sides = [(at, _side(every, at)) for at in range(len(dimensions))]
        shown = [(at, side) for at, side in sides if side and all(row["value"] is not None for row in side)]
        if shown:
            at, side = shown[-1]
            return [dimensions[at]], side
    return dimensions, whole


def _side(rows: list[dict[str, Any]], at: int) -> list[dict[str, Any]]:
    """The totals by one dimension alone."""
    side = [row for row in rows if [place for place, value in enumerate(row["key"]) if value is not None] == [at]]
    return [{"key": [row["key"][at]], "value": row["value"]} for row in side]


def as_csv(answer: PublishedAnswer) -> str:
    """The released table as CSV: a column for each dimension, the count, and whether it is shown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    dimensions = answer.table["dimensions"]
    writer.writerow([_safe(d["title"]) for d in dimensions] + [_safe(_measure(answer)), "status"])
    for row in answer.table["rows"]:
        names = [_safe(word_of(d, value)) for d, value in zip(dimensions, row["key"], strict=True)]
        shown = row["value"] is not None
        writer.writerow([*names, row["value"] if shown else "", "shown" if shown else "not shown"])
    return out.getvalue()


def as_json(answer: PublishedAnswer) -> dict[str, Any]:
    """The notes that belong to the CSV, and the table itself."""
    names = ("title", "sentence", "meaning", "unit", "period", "population", "definitions", "limits", "threshold")
    about = {name: getattr(answer, name) for name in names}
    return about | {
        "agreements": answer.agreements,
        "sources": answer.sources,
        "published_at": answer.published_at.isoformat(),
        "edition": answer.edition,
        "fingerprint_sha256": answer.digest,
        "hidden_cells": _("A count that is null is not shown, to protect people."),
        "table": answer.table,
    }


def _cells(answer: PublishedAnswer) -> list[tuple[str, Mapping[str, Any]]]:
    """The table's cells without its totals, each with its name."""
    dimensions = answer.table["dimensions"]
    return [
        (", ".join(word_of(d, value) for d, value in zip(dimensions, row["key"], strict=True)), row)
        for row in answer.table["rows"]
        if None not in row["key"]
    ]


def _measure(answer: PublishedAnswer) -> str:
    return str(answer.table.get("title") or answer.unit)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _wrapped(name: str) -> str:
    return "\n".join(textwrap.wrap(name, WIDEST_LABEL)) or name


def _centered() -> dict[str, Any]:
    """Moves a label of several lines up, so that its middle stands beside its bar."""
    lines = "length(split(datum.label, '\\n'))"
    tests = [{"test": f"{lines} === {count}", "value": -8.5 * (count - 1)} for count in (2, 3, 4)]
    return {"condition": tests, "value": 0}


def _spec(bars: list[dict[str, Any]], *, divided: bool) -> dict[str, Any]:
    y = {
        "field": "group",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {
            "labelExpr": "split(datum.label, '\\n')",
            "labelLimit": 0,
            "labelOffset": _centered(),
            "domain": False,
            "ticks": False,
        },
    }
    x = {"field": "count", "type": "quantitative", "axis": None, "scale": {"zero": True, "padding": 0}}
    encoding: dict[str, Any] = {"y": y, "x": x}
    words = "format(datum.count, ',')"
    if divided:
        # Each bar carries its own name, so that color is never the only sign.
        encoding["yOffset"] = {"field": "part", "sort": None}
        words += " + '  ' + datum.part"
    # The picture speaks through its label; its single marks would repeat the table.
    bar = {"type": "bar", "aria": False, "color": "#0d4a4e", "cornerRadiusEnd": 3, "height": {"band": 0.72}}
    text = {"type": "text", "aria": False, "align": "left", "dx": 6, "fontSize": 14, "color": "#1d2528"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": {"step": 30 if divided else 48},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": None,
        "data": {"values": bars},
        "encoding": encoding,
        "transform": [{"calculate": words, "as": "words"}],
        "layer": [
            {"mark": bar},
            {"mark": text, "encoding": {"text": {"field": "words"}}},
        ],
        "config": {
            "aria": False,
            "view": {"stroke": None},
            "font": "Source Sans Pro Web, Helvetica Neue, Arial, sans-serif",
            "axis": {"labelFontSize": 14, "labelColor": "#1d2528", "labelPadding": 8},
        },
    }

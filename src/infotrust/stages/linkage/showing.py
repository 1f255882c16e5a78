"""A run's manifest in words, for its page: overlaps, weights, what became of persons, what was used and left out.

Figures are counts of records and persons, never a value. Small counts of persons are shown as "1 to 10".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# CMS cell suppression policy (2020): counts of 1 to 10 persons are not shown.
SMALLEST_SHOWN = 11

CHANGES: dict[str, Promise] = {
    "created": gettext_lazy("New persons"),
    "merged": gettext_lazy("Persons found to be the same as another"),
    "split": gettext_lazy("Persons found to be several"),
    "ended": gettext_lazy("Persons no longer known from any record"),
}
CAUSES: dict[str, Promise] = {
    "new records": gettext_lazy("new records came in"),
    "records linked differently": gettext_lazy("records were linked differently"),
    "records no longer there": gettext_lazy("records are no longer there"),
}
# Log2 odds in words a reader can weigh: 2 to the power of 5 is about 30, of 10 about 1,000, and so on.
ODDS: dict[float, Promise] = {
    0: gettext_lazy("even odds"),
    5: gettext_lazy("30 to 1"),
    10: gettext_lazy("1,000 to 1"),
    15: gettext_lazy("30,000 to 1"),
    20: gettext_lazy("a million to 1"),
    30: gettext_lazy("a billion to 1"),
}


@dataclass(frozen=True)
class OverlapRow:
    """One dataset's line in the table of overlaps: persons shared with each dataset; in its own column, all of its."""

    title: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Bar:
    """Records whose strongest link has a weight in this range; `percent` of all linked records."""

    label: str
    odds: str
    count: int
    percent: float


@dataclass(frozen=True)
class Line:
    """A count with what it counts and why."""

    label: str
    why: str
    count: int


@dataclass(frozen=True)
class StepLine:
    step: str
    counts: str
    seconds: float


def overlap_table(manifest: Mapping[str, Any]) -> list[OverlapRow]:
    """Return how many persons each two datasets with a common agreement share, small counts not told exactly."""
    pairs = zip(manifest.get("datasets", []), manifest.get("overlaps", []), strict=False)
    return [OverlapRow(dataset["title"], tuple(shown(count) for count in row)) for dataset, row in pairs]


def shown(count: int | None) -> str:
    if count is None:
        return _("no common agreement")
    return _("1 to 10") if 0 < count < SMALLEST_SHOWN else f"{count:,}"


def weight_bars(manifest: Mapping[str, Any]) -> list[Bar]:
    """Return the histogram of the records' strongest links, weakest first."""
    bins: list[dict[str, Any]] = manifest.get("weights", [])
    total = sum(one["count"] for one in bins) or 1
    return [Bar(*_range(one["from"], one["to"]), one["count"], round(100 * one["count"] / total, 1)) for one in bins]


def _range(low: float | None, high: float | None) -> tuple[str, str]:
    if low is None:
        return _("below %(high)d") % {"high": high}, _("less than even odds")
    if high is None:
        return _("%(low)d and above") % {"low": low}, _("more than %(odds)s") % {"odds": ODDS.get(low, "")}
    words = {"low": ODDS.get(low, ""), "high": ODDS.get(high, "")}
    return _("%(low)d to %(high)d") % {"low": low, "high": high}, _("%(low)s up to %(high)s") % words


def weak_links(manifest: Mapping[str, Any]) -> int:
    """Return how many records hang on a link below 1,000 to 1: those a review would begin with."""
    return sum(one["count"] for one in manifest.get("weights", []) if one["to"] is not None and one["to"] <= 10)


def events(manifest: Mapping[str, Any]) -> list[Line]:
    """Return what became of persons: new, merged, split, ended, each with its cause."""
    return [
        Line(str(CHANGES.get(one["change"], one["change"])), str(CAUSES.get(one["cause"], one["cause"])), one["count"])
        for one in manifest.get("events", [])
    ]


def steps(manifest: Mapping[str, Any]) -> list[StepLine]:
    """Return the steps of the linkage in order, each with what it counted and how long it took."""
    return [
        StepLine(one["step"], ", ".join(f"{name}: {value:,}" for name, value in one["counts"].items()), one["seconds"])
        for one in manifest.get("steps", [])
    ]


def used(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each linked dataset with the identifiers used and the agreements they were used under."""
    return [
        one
        | {
            "titles": ", ".join(field["title"] for field in one["fields"]),
            "agreements": sorted({field["agreement"] for field in one["fields"] if field["agreement"]}),
        }
        for one in manifest.get("datasets", [])
    ]


def left_out(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what was not used: datasets left out whole, and single fields, grouped by the rules that refused them."""
    return [one | {"refusals": refusals(one["fields"])} for one in manifest.get("left_out", [])]


def refusals(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Group refused fields by their reasons, so that a rule is told once: [{titles, reasons}]."""
    grouped: dict[tuple[str, ...], dict[str, Any]] = {}
    for field in fields:
        key = tuple(reason["rule"] for reason in field["reasons"])
        group = grouped.setdefault(key, {"names": [], "reasons": field["reasons"]})
        group["names"].append(field["title"])
    return [group | {"titles": ", ".join(group["names"])} for group in grouped.values()]

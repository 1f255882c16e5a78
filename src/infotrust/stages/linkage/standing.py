"""How a whole linkage stands, worded for its page. Counts of 1 to 10 are not told exactly, nor shares that tell one.

`core.matching.explaining.standing` counts it in the job; a run's manifest keeps it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from infotrust.stages.linkage.explaining import KINDS
from infotrust.stages.linkage.showing import SMALLEST_SHOWN, shown
from infotrust.stages.linkage.sidebyside import Bar, signed
from infotrust.stages.linkage.terms import field_word, level_word

LEAST_PROBABILITY = 1e-6  # a weight from less is told as beyond


@dataclass(frozen=True)
class Range:
    """Compared pairs with a weight in this range. percent: of the highest bar, for the meter; hidden where small."""

    label: str
    together: str
    apart: str
    together_percent: int
    apart_percent: int


@dataclass(frozen=True)
class Level:
    word: str
    seen: str
    is_seen: bool
    m: str
    u: str
    weight: str
    bar: Bar
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    title: str
    unknown: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Rate:
    """How many of these records were put together with another, and with one of another dataset."""

    title: str
    records: str
    linked: str
    elsewhere: str


@dataclass(frozen=True)
class Missed:
    """One person's pairs of records, put together and probably missed, with limits that hold nine times of ten."""

    title: str
    together: str
    missed: str
    low: str
    high: str


@dataclass(frozen=True)
class Errors:
    """How often the records of each dataset say of a person something else than other records: by field."""

    title: str
    by: tuple[tuple[str, str, str, str, str], ...]  # dataset, pairs, slips, different, own records that err


@dataclass(frozen=True)
class Told:
    """Everything of the page; `has` is false where a run has no diagnostics."""

    has: bool
    weights: tuple[Range, ...] = ()
    classes: tuple[dict[str, Any], ...] = ()
    fields: tuple[Field, ...] = ()
    unlinkable: tuple[tuple[str, str, str], ...] = ()
    keys: tuple[dict[str, Any], ...] | None = ()
    sizes: tuple[tuple[str, str], ...] = ()
    chains: tuple[tuple[str, str], ...] = ()
    sources: tuple[Rate, ...] = ()
    years: tuple[Rate, ...] = ()
    areas: tuple[Rate, ...] = ()
    missed: tuple[Missed, ...] = ()
    rules: bool = False  # chose the pairs, so that what was never compared is not counted
    errors: tuple[Errors, ...] = ()


def told(manifest: Mapping[str, Any]) -> Told:
    standing = manifest.get("standing")
    if not standing:
        return Told(False)
    titles = {one["code"]: one["title"] for one in manifest.get("datasets", ())}
    rates = standing["rates"]
    return Told(
        True,
        _weights(standing["weights"]),
        tuple(
            {"title": str(KINDS.get(one["name"], one["name"])), "share": _percent(one["share"]), "same": one["same"]}
            for one in standing["classes"]
        ),
        tuple(_field(one) for one in standing["fields"]),
        tuple(
            (titles.get(one["source"], one["source"]), f"{one['records']:,}", shown(one["count"]))
            for one in standing["unlinkable"]
        ),
        None if standing["keys"] is None else tuple(_key(one) for one in standing["keys"]),
        tuple((_size(one["from"], one["to"]), shown(one["persons"])) for one in standing["sizes"]),
        tuple((shown(one["records"]), shown(one["persons"])) for one in standing["chains"]),
        tuple(_rate(titles.get(one["name"], one["name"]), one) for one in rates["source"]),
        tuple(_rate(one["name"], one) for one in _large(rates["year"], _("other years"))),
        tuple(_rate(one["name"], one) for one in _large(rates["area"], _("other areas"))),
        _missed(standing.get("missed"), manifest),
        (standing.get("missed") or {"never": 0})["never"] is None,
        tuple(_errors(one, titles) for one in standing.get("errors", ())),
    )


def _missed(missed: dict[str, Any] | None, manifest: Mapping[str, Any]) -> tuple[Missed, ...]:
    """In all, and between each two datasets that one agreement covers: nothing is counted across agreements."""
    if not missed:
        return ()
    codes = [one["code"] for one in manifest.get("datasets", ())]
    titles = {one["code"]: one["title"] for one in manifest.get("datasets", ())}
    lines = [_line(_("All datasets"), missed)]
    for one in missed["between"]:
        x, y = (codes.index(code) if code in codes else None for code in one["sources"])
        if x is None or y is None or manifest["overlaps"][x][y] is None:
            continue
        one_title, other_title = titles[codes[x]], titles[codes[y]]
        joined = _("%(one)s and %(other)s") % {"one": one_title, "other": other_title}
        lines.append(_line(_("Within %(dataset)s") % {"dataset": one_title} if x == y else joined, one))
    return tuple(lines)


def never_compared(manifest: Mapping[str, Any]) -> str:
    """About how many pairs of one person were never compared; empty where nobody estimated it."""
    missed = (manifest.get("standing") or {}).get("missed") or {}
    return "" if missed.get("never") is None else shown(round(missed["never"]))


def _line(title: str, one: dict[str, Any]) -> Missed:
    limits = one["missed"]
    return Missed(title, shown(one["together"]), *(shown(round(limits[name])) for name in ("value", "low", "high")))


def _errors(one: dict[str, Any], titles: Mapping[str, str]) -> Errors:
    return Errors(
        field_word(one["field"]),
        tuple(
            (
                titles.get(by["source"], by["source"]), shown(by["known"]), _share(by["slips"], by["known"]),
                _share(by["different"], by["known"]), _own(by),
            )
            for by in one["by"]
            if by["known"]
        ),
    )  # fmt: skip


def _own(by: dict[str, Any]) -> str:
    """Rounded to a tenth of a percent; not told where the pairs it rests on are not."""
    if by["own"] is None or by["known"] < 10 * SMALLEST_SHOWN:
        return "–"
    return f"{100 * by['own']:.1f} %"


def _large(rates: list[dict[str, Any]], others: str) -> list[dict[str, Any]]:
    """Those of more than ten records; the others together."""
    large = [one for one in rates if one["records"] >= SMALLEST_SHOWN]
    small = [one for one in rates if 0 < one["records"] < SMALLEST_SHOWN]
    if small:
        counts = ("records", "linked", "elsewhere")
        large.append({"name": others} | {name: sum(one[name] for one in small) for name in counts})
    return large


def _weights(ranges: list[dict[str, Any]]) -> tuple[Range, ...]:
    most = max((max(one["together"], one["apart"]) for one in ranges[1:]), default=1) or 1

    def percent(count: int) -> int:
        return 0 if count < SMALLEST_SHOWN else min(round(100 * count / most), 100)

    return tuple(
        Range(
            _range(one["from"], one["to"]), shown(one["together"]), shown(one["apart"]),
            percent(one["together"]), percent(one["apart"]),
        )
        for one in ranges
    )  # fmt: skip


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return _("given up at once")
    if high is None:
        return _("%(low)d and above") % {"low": low}
    return _("%(low)s to %(high)s") % {"low": signed(round(low)), "high": signed(high)}


def _field(one: dict[str, Any]) -> Field:
    return Field(field_word(one["field"]), shown(one["unknown"]), tuple(map(_level, one["levels"])))


def _level(one: dict[str, Any]) -> Level:
    m, u = max(one["m"], LEAST_PROBABILITY), max(one["u"], LEAST_PROBABILITY)
    weight = math.log2(m / u)
    return Level(
        level_word(one["level"]),
        shown(one["seen"]),
        one["seen"] > 0,
        _percent(one["m"]),
        _percent(one["u"]),
        signed(weight),
        Bar.of(weight),
        tuple(_percent(share) for share in one["classes"]),
    )


def _percent(share: float) -> str:
    """With as many decimals as a small share needs."""
    told = 100 * share
    return f"{told:.1f}" if told >= 1 or told == 0 else f"{told:.3f}"


def _key(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": one["kind"],
        "keys": shown(one["keys"]),
        "middle": shown(one["middle"]),
        "widest": shown(one["widest"]),
        "too_wide": shown(one["too wide"]),
    }


def _size(low: int, high: int | None) -> str:
    if high is None:
        return _("%(low)d and more") % {"low": low}
    return str(low) if high == low + 1 else _("%(low)d to %(high)d") % {"low": low, "high": high - 1}


def _rate(title: str, one: dict[str, Any]) -> Rate:
    return Rate(
        title, shown(one["records"]), _share(one["linked"], one["records"]), _share(one["elsewhere"], one["records"])
    )


def _share(count: int, whole: int) -> str:
    """In percent; not told where it would give away that 1 to 10 records are, or are not, meant."""
    if whole == 0:
        return "–"
    if whole < SMALLEST_SHOWN or 0 < count < SMALLEST_SHOWN or 0 < whole - count < SMALLEST_SHOWN:
        return _("too few to tell")
    return f"{100 * count / whole:.1f} %"

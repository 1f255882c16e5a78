"""Shares with their limits, for pages: in percent, and as places on a scale that begins where they do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from infotrust.core.matching.reviewing.intervals import Interval
from infotrust.stages.linkage.queries.accuracy import Measured

SCALE = 100.0  # units of a bar


@dataclass(frozen=True)
class Told:
    """A share in percent with its limits, and where value and limits lie on the bar of its table."""

    value: str
    low: str
    high: str
    at: float
    begin: float
    width: float

    @property
    def is_exact(self) -> bool:
        """Nothing was left to chance: every pair concerned was looked at."""
        return self.low == self.high


@dataclass(frozen=True)
class Line:
    """One community, or all: its shares (None: too few answers) and how many answers they rest on."""

    title: str
    precision: Told | None
    recall: Told | None
    answers: int


def percent(share: float) -> str:
    """With one decimal; what is not quite all or nothing is never told as all or nothing."""
    told = 100 * share
    if 0 < share < 1:
        told = min(max(told, 0.1), 99.9)
    return f"{told:.1f}"


def decimal(value: float) -> str:
    """A measure of agreement with two decimals; a dash where it cannot be worked out."""
    return "–" if math.isnan(value) else f"{value:.2f}"


def told(interval: Interval | None, begins: float = 0.0) -> Told | None:
    """begins: the share at the left end of the bar."""
    if interval is None:
        return None
    at, low, high = (round(SCALE * (part - begins) / (1 - begins), 1) for part in _parts(interval))
    value, least, most = map(percent, _parts(interval))
    return Told(value, least, most, at, low, round(max(high - low, 0.5), 1))


def _parts(interval: Interval) -> tuple[float, float, float]:
    return interval.value, interval.low, interval.high


def begins(intervals: Sequence[Interval | None]) -> float:
    """Where a scale for all of them begins: a tenth at or below the lowest limit, at most nine tenths."""
    lowest = min((one.low for one in intervals if one), default=0.0)
    return min(math.floor(lowest * 10) / 10, 0.9)


def lines(found: Measured) -> tuple[list[Line], float]:
    """Each community, those with most answers first; and where the scale of their bars begins."""
    left = begins([share for _name, one in found.by for share in (one.precision, one.recall)])
    ordered = sorted(found.by, key=lambda named: -named[1].answers)
    return [Line(name, told(one.precision, left), told(one.recall, left), one.answers) for name, one in ordered], left

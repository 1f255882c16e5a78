"""The linkage's error as a random sample of reviewed pairs shows it: precision and recall with intervals.

Precision: of the pairs of records that were put together, the share that is one person's. Recall: of one person's
pairs, the share that was put together. Only pairs drawn at random count here, each stratum with its own chance; pairs
chosen because their answer changes much would make the linkage look worse than it is. What nobody could tell is left
out, and how far it could move the result is told. No value about a person is needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from infotrust.core.matching.reviewing.intervals import Interval, Sampled, ratio, share

MOST_TIMES = 4096.0  # as many answers as there are; more is no plan
FEWEST_ANSWERS = 10  # on fewer, an interval covers nearly everything and is not told


@dataclass(frozen=True)
class Cell:
    """A stratum of the sample. accepted: put together by the linkage; band: 0.. by weight, weakest first; given_up:
    scored no further than "hopeless".

    pairs: all pairs in it; asked: drawn and answered match or no match; matches: of these; cannot_tell: drawn,
    and nobody could tell.
    """

    accepted: bool
    band: int
    community: str
    pairs: int
    asked: int
    matches: int
    cannot_tell: int = 0
    given_up: bool = False


@dataclass(frozen=True)
class Accuracy:
    """What the sample says. Each interval is None while too few answers are there.

    precision; recall: among the pairs that were weighed to the end; recall_of_compared: pairs given up early counted
    too (of these there are so many that a small sample allows for many matches among them).
    missed: matches among the weighed pairs that were not put together, estimated. unseen: matches that were never
    compared, which no sample of compared pairs can find, where the search estimated them; None: not estimated.
    if_cannot_tell: precision if all that nobody could tell were no match, and if all were matches.
    merged: strata without an answer, which are taken to be like their neighbor.
    """

    answers: int
    cannot_tell: int
    pairs: int
    accepted_pairs: int
    precision: Interval | None
    recall: Interval | None
    recall_of_compared: Interval | None
    missed: Interval | None
    if_cannot_tell: tuple[float, float] | None
    merged: int
    unseen: float | None = None


def measure(cells: Sequence[Cell], *, unseen: float | None = None) -> Accuracy:
    """Estimate from all strata, or from those of one community. `unseen`: see `Accuracy`; it lowers both recalls."""
    accepted, merged = _with_answers([cell for cell in cells if cell.accepted])
    others = [cell for cell in cells if not cell.accepted]
    weighed, merged_weighed = _with_answers([cell for cell in others if not cell.given_up])
    hopeless, merged_hopeless = _with_answers([cell for cell in others if cell.given_up])
    precision = _share(accepted)
    found = _total(accepted)
    missed = _total(weighed)
    dropped = _total(hopeless)
    return Accuracy(
        answers=sum(cell.asked for cell in cells),
        cannot_tell=sum(cell.cannot_tell for cell in cells),
        pairs=sum(cell.pairs for cell in cells),
        accepted_pairs=sum(cell.pairs for cell in cells if cell.accepted),
        precision=precision,
        recall=_recall(found, [missed], unseen),
        recall_of_compared=_recall(found, [missed, dropped], unseen),
        missed=missed,
        if_cannot_tell=_bounds(accepted),
        merged=merged + merged_weighed + merged_hopeless,
        unseen=unseen,
    )


def by_community(cells: Sequence[Cell]) -> dict[str, Accuracy]:
    """The same for each community by itself."""
    names = sorted({cell.community for cell in cells})
    return {name: measure([cell for cell in cells if cell.community == name]) for name in names}


def answers_needed(cells: Sequence[Cell], width: float, what: str = "precision") -> int | None:
    """How many answers more make the interval of "precision" or "recall" at most so wide, if they fall as so far.

    The answers of every stratum are taken to grow alike, up to all of its pairs. 0: it is that narrow already; None:
    there are too few answers yet to say, or no number of them would do.
    """
    cells = [cell for cell in cells if cell.accepted or (what != "precision" and not cell.given_up)]
    now = getattr(measure(cells), what)
    if now is None:
        return None
    if now.high - now.low <= width:
        return 0
    low, high = 1.0, 2.0
    while _width(cells, high, what) > width:
        low, high = high, high * 2
        if high > MOST_TIMES:
            return None
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if _width(cells, middle, what) <= width else (middle, high)
    return sum(_grown(cell, high).asked - cell.asked for cell in cells)


def _width(cells: Sequence[Cell], times: float, what: str) -> float:
    found = getattr(measure([_grown(cell, times) for cell in cells]), what)
    return 1.0 if found is None else float(found.high - found.low)


def _grown(cell: Cell, times: float) -> Cell:
    asked = min(cell.pairs - cell.cannot_tell, math.ceil(cell.asked * times - 1e-9))
    share = cell.matches / cell.asked if cell.asked else 0.0
    return replace(cell, asked=max(asked, cell.asked), matches=round(share * max(asked, cell.asked)))


def _share(cells: Sequence[Cell]) -> Interval | None:
    if sum(cell.asked for cell in cells) < min(FEWEST_ANSWERS, sum(cell.pairs for cell in cells)) or not cells:
        return None
    return share([Sampled(cell.pairs, cell.asked, cell.matches) for cell in cells])


def _total(cells: Sequence[Cell]) -> Interval | None:
    """How many matches there are among all pairs of the cells; certainly none where there is no pair."""
    size = sum(cell.pairs for cell in cells)
    if size == 0:
        return Interval(0.0, 0.0, 0.0)
    found = _share(cells)
    return found and Interval(size * found.value, size * found.low, size * found.high)


def _recall(found: Interval | None, missed: Sequence[Interval | None], unseen: float | None) -> Interval | None:
    """found / (found + missed): as 1 / (1 + missed / found), which rises with the one and falls with the other."""
    known = [one for one in missed if one is not None]
    if found is None or len(known) < len(missed) or found.low <= 0:
        return None
    odds = ratio(_sum(known, unseen or 0.0), found)
    return Interval(1 / (1 + odds.value), 1 / (1 + odds.high), 1 / (1 + odds.low))


def _sum(parts: Sequence[Interval], more: float) -> Interval:
    """Sum of independent estimates, by the distances of their limits (Zou, Huang and Zhang 2009)."""
    value = sum(part.value for part in parts)
    low = value - sum((part.value - part.low) ** 2 for part in parts) ** 0.5
    high = value + sum((part.high - part.value) ** 2 for part in parts) ** 0.5
    return Interval(value + more, max(low, 0.0) + more, high + more)


def _bounds(cells: Sequence[Cell]) -> tuple[float, float] | None:
    total = sum(cell.pairs for cell in cells)
    if not total or any(cell.asked == 0 for cell in cells):
        return None
    low = sum(cell.pairs * cell.matches / (cell.asked + cell.cannot_tell) for cell in cells)
    high = sum(cell.pairs * (cell.matches + cell.cannot_tell) / (cell.asked + cell.cannot_tell) for cell in cells)
    return low / total, high / total


def _with_answers(cells: Sequence[Cell]) -> tuple[list[Cell], int]:
    """Join each cell without an answer to the nearest one that has some; how many were joined.

    Nearest: of the same band first, then by the band's distance, then the one with most answers.
    """
    filled = [cell for cell in cells if cell.asked > 0]
    empty = [cell for cell in cells if cell.asked == 0 and cell.pairs > 0]
    if not filled:
        return list(empty), 0
    for cell in empty:
        at = min(range(len(filled)), key=lambda place: (abs(filled[place].band - cell.band), -filled[place].asked))
        to = filled[at]
        filled[at] = replace(to, pairs=to.pairs + cell.pairs, cannot_tell=to.cannot_tell + cell.cannot_tell)
    return filled, len(empty)

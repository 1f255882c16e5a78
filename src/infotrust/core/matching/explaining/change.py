"""What would change it: the least change of one field, or of the cut, that turns a decision about two records round.

The records of the two persons concerned are grouped anew with the changed pair; all other persons are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import Comparison, agreement
from infotrust.core.matching.compiled import ByteArray, LongArray
from infotrust.core.matching.explaining.attribution import BITS
from infotrust.core.matching.explaining.person import Links, height
from infotrust.core.matching.learning import score
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.pipeline import Evidence

_NEVER_SEEN = 1e-6  # a level that no class of pairs ever shows is not a change that could happen


@dataclass(frozen=True)
class LevelChange:
    """If one field agreed otherwise: from which level to which, and the pair's weight then (log2 odds)."""

    field: str
    level: str
    to: str
    weight: float


@dataclass(frozen=True)
class WhatIf:
    """What would turn the decision round.

    together: the decision now; holds_up_to: the highest cut (log2 odds) at which the two are together, -inf if they
    never are; cut: the linkage's; changes: for each field the least change that would do, the least first. Empty when
    no single field of this pair could.
    """

    together: bool
    holds_up_to: float
    cut: float
    changes: tuple[LevelChange, ...]


def what_would_change(evidence: Evidence, one: int, other: int, *, cut: float) -> WhatIf:
    """Try every change of one field of two records (places in `evidence.records`). cut: log2 odds."""
    members = np.flatnonzero(np.isin(evidence.group, evidence.group[[one, other]])).astype(np.int64)
    links = Links.among(evidence.scored, members, evidence.constraints)
    both = Pairs(np.array([min(one, other)], np.int32), np.array([max(one, other)], np.int32))
    levels = agreement(evidence.plan, both)[0]
    return changes_of(links, one, other, evidence.model, evidence.plan.comparisons, levels, cut=cut)


def changes_of(
    links: Links, one: int, other: int, model: Model, comparisons: tuple[Comparison, ...], levels: ByteArray, *,
    cut: float,
) -> WhatIf:  # fmt: skip
    """The same from the links among the records and the pair's own levels."""
    x, y = (int(np.flatnonzero(links.records == record)[0]) for record in (one, other))
    now = height(links, x, y)
    together = now * BITS >= cut
    weight = float(score.log_odds(model, levels[None])[0])
    useful = [one for one in _alternatives(model, comparisons, levels) if (one[1] < weight) == together]
    found: dict[str, LevelChange] = {}
    for (place, level), odds in sorted(useful, key=lambda one: (abs(one[1] - weight), one[0])):
        comparison = comparisons[place]
        if comparison.field not in found and (_height_with(links, x, y, odds) * BITS >= cut) != together:
            before, after = comparison.levels[levels[place]], comparison.levels[level]
            found[comparison.field] = LevelChange(comparison.field, before, after, odds * BITS)
    return WhatIf(together, now * BITS, cut, tuple(found.values()))


def _height_with(links: Links, x: int, y: int, odds: float) -> float:
    changed = links.odds.copy()
    changed[x, y] = changed[y, x] = odds
    return height(Links(links.records, changed, links.alone), x, y)


def _alternatives(
    model: Model, comparisons: tuple[Comparison, ...], levels: ByteArray
) -> list[tuple[tuple[int, int], float]]:
    """((field, level), natural log odds of the pair) for every level that a field could have instead."""
    changes = list(_levels_instead(model, comparisons, levels))
    if not changes:
        return []
    patterns = np.repeat(levels[None], len(changes), axis=0)
    places: LongArray = np.array(changes, np.int64)
    patterns[np.arange(len(changes)), places[:, 0]] = places[:, 1]
    return list(zip(changes, score.log_odds(model, patterns).tolist(), strict=True))


def _levels_instead(model: Model, comparisons: tuple[Comparison, ...], levels: ByteArray) -> Iterator[tuple[int, int]]:
    """How rare a shared value is cannot change: of several levels of the same value only a change to them counts."""
    for place, comparison in enumerate(comparisons):
        if comparison.field == "source":
            continue
        now, same = int(levels[place]), comparison.same
        for level in range(len(comparison.levels)):
            other_rarity = now in same and level in same
            if level != now and not other_rarity and (level == 0 or model.levels[place][level].max() > _NEVER_SEEN):
                yield place, level

"""How right a linkage is, where the truth is known: pairs and B-cubed.

Pairwise figures answer "of the pairs called one person, how many are?"; large persons weigh most. B-cubed (Bagga and
Baldwin 1998) asks it of each record and averages, so that every record weighs the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infotrust.core.matching.compiled import LongArray

Labels = Sequence[object] | npt.NDArray[np.generic]


@dataclass(frozen=True)
class Quality:
    """precision: of what was joined, how much is right; recall: of what belongs together, how much was joined."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairwise(found: Labels, truth: Labels) -> Quality:
    """Over all pairs of records. found, truth: one label per record. Nothing joined counts as precision 1."""
    cells, found_sizes, true_sizes, _, _ = _overlap(found, truth)
    right, joined, belonging = _pairs(cells), _pairs(found_sizes), _pairs(true_sizes)
    return Quality(right / joined if joined else 1.0, right / belonging if belonging else 1.0)


def b_cubed(found: Labels, truth: Labels) -> Quality:
    """Averaged over records: the share of its group that is right, the share of its true group that was found."""
    cells, found_sizes, true_sizes, found_of, true_of = _overlap(found, truth)
    if not len(cells):
        return Quality(1.0, 1.0)
    total = cells.sum()
    return Quality(
        float((cells**2 / found_sizes[found_of]).sum() / total), float((cells**2 / true_sizes[true_of]).sum() / total)
    )


def _overlap(found: Labels, truth: Labels) -> tuple[LongArray, LongArray, LongArray, LongArray, LongArray]:
    """Sizes of the cells of found x truth, of the groups, and which group each cell lies in."""
    if len(found) != len(truth):
        raise ValueError(f"{len(found)} labels cannot be compared with {len(truth)}")
    _, one = np.unique(np.asarray(found), return_inverse=True)
    _, other = np.unique(np.asarray(truth), return_inverse=True)
    width = int(other.max(initial=0)) + 1
    packed, cells = np.unique(one.astype(np.int64) * width + other, return_counts=True)
    return cells.astype(np.int64), np.bincount(one), np.bincount(other), packed // width, packed % width


def _pairs(sizes: LongArray) -> int:
    return int((sizes * (sizes - 1) // 2).sum())

"""How right a linkage is, where the truth is known: pairs and B-cubed.

Pairwise figures answer "of the pairs called one person, how many are?"; large persons weigh most. B-cubed (Bagga and
Baldwin 1998) asks it of each record and averages, so that every record weighs the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infotrust.core.matching.compiled import BoolArray, LongArray

_AT_ONCE = 100_000  # groups

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


@dataclass(frozen=True)
class Standing:
    """How each record stands: int64 [n] each. found: records of its group; true: of its person; right: of both."""

    found: LongArray
    true: LongArray
    right: LongArray

    def pairwise(self, chosen: BoolArray | None = None) -> Quality:
        """Over the pairs that the chosen records are in (all). Nothing joined counts as precision 1."""
        found, true, right = self._of(chosen)
        joined, belonging, both = (found - 1).sum(), (true - 1).sum(), (right - 1).sum()
        return Quality(float(both / joined) if joined else 1.0, float(both / belonging) if belonging else 1.0)

    def b_cubed(self, chosen: BoolArray | None = None) -> Quality:
        """Averaged over the chosen records (all): shares of its group that are right, of its person that were found."""
        found, true, right = self._of(chosen)
        return Quality(float((right / found).mean()), float((right / true).mean())) if len(right) else Quality(1.0, 1.0)

    def _of(self, chosen: BoolArray | None) -> tuple[LongArray, LongArray, LongArray]:
        return (self.found, self.true, self.right) if chosen is None else (
            self.found[chosen], self.true[chosen], self.right[chosen]
        )  # fmt: skip


@dataclass(frozen=True)
class Mistakes:
    """Where the errors lie. split: persons whose records lie in several groups; merged: groups of several persons.

    wrong, missed: int64 [sources, sources], symmetric: pairs of two sources (the diagonal: of one) that were joined
    and should not have been, and the other way round.
    """

    persons: int
    split: int
    groups: int
    merged: int
    wrong: LongArray
    missed: LongArray


def pairwise(found: Labels, truth: Labels) -> Quality:
    """Over all pairs of records. found, truth: one label per record. Nothing joined counts as precision 1."""
    return standing(found, truth).pairwise()


def b_cubed(found: Labels, truth: Labels) -> Quality:
    """Averaged over records: the share of its group that is right, the share of its true group that was found."""
    return standing(found, truth).b_cubed()


def standing(found: Labels, truth: Labels) -> Standing:
    """Compare labels, one per record. Raises ValueError when there are not as many of both."""
    one, other, cell = _coded(found, truth)
    return Standing(
        *(np.bincount(codes)[codes].astype(np.int64) if len(codes) else codes for codes in (one, other, cell))
    )


def mistakes(found: Labels, truth: Labels, source: LongArray, sources: int) -> Mistakes:
    """Count split and merged persons, and wrong and missed pairs by where the two records come from.

    source: int64 [n], the number of each record's source, below `sources`.
    """
    one, other, cell = _coded(found, truth)
    _, first = np.unique(cell, return_index=True)
    groups_of_person, persons_of_group = np.bincount(other[first]), np.bincount(one[first])
    joined, belonging, right = (_pairs_by_source(codes, source, sources) for codes in (one, other, cell))
    return Mistakes(
        len(groups_of_person), int((groups_of_person > 1).sum()), len(persons_of_group),
        int((persons_of_group > 1).sum()), joined - right, belonging - right,
    )  # fmt: skip


def _coded(found: Labels, truth: Labels) -> tuple[LongArray, LongArray, LongArray]:
    """Codes of the groups, of the persons, and of the cells of both."""
    if len(found) != len(truth):
        raise ValueError(f"{len(found)} labels cannot be compared with {len(truth)}")
    one, other = (np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64) for labels in (found, truth))
    width = int(other.max(initial=0)) + 1
    return one, other, np.unique(one * width + other, return_inverse=True)[1].astype(np.int64)


def _pairs_by_source(codes: LongArray, source: LongArray, sources: int) -> LongArray:
    """Pairs of records with one code, by the sources of the two: int64 [sources, sources], symmetric."""
    pairs = np.zeros((sources, sources), np.int64)
    order = np.argsort(codes, kind="stable")
    # Some groups at a time: a million groups of fourteen sources at once would be large.
    groups = int(codes.max(initial=-1)) + 1
    at_once = min(_AT_ONCE, max(groups, 1))
    edges = np.searchsorted(codes[order], np.arange(0, groups + at_once, at_once))
    for begin, end in itertools.pairwise(edges):
        some = order[begin:end]
        counts = np.bincount((codes[some] % at_once) * sources + source[some], minlength=at_once * sources)
        table = counts.reshape(at_once, sources).astype(np.float64)
        pairs += (table.T @ table).astype(np.int64)
    own = np.diag_indices(sources)
    pairs[own] = (pairs[own] - np.bincount(source, minlength=sources)) // 2
    return pairs

"""A random sample of the frame's pairs, for measuring: how many of each stratum, which, and in what order to ask.

Within a stratum each pair has the same, known chance. The order is mixed so that whoever stops early leaves a sample
of every stratum behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.compiled import FloatArray, LongArray
from infotrust.core.matching.reviewing.frame import Frame

LEAST = 3  # answers a stratum needs to say anything
# Half of the questions measure precision, the rest recall; of these a third go to the pairs that were given up early,
# which are many and nearly never match.
TO_ACCEPTED, TO_GIVEN_UP = 0.5, 1 / 6
LEAST_SPREAD = 0.01  # a stratum's share is never taken to be surer than this, whatever the model says


@dataclass(frozen=True)
class Sample:
    """pair: places in the frame's pairs, in the order to ask, int64; drawn: how many of each stratum."""

    pair: LongArray
    drawn: LongArray


def draw(frame: Frame, *, size: int, seed: int) -> Sample:
    """About `size` pairs (at least LEAST of each stratum), and all that were answered before. The same by seed."""
    drawn = allocate(frame, size)
    rng = np.random.default_rng(seed)
    members = np.argsort(frame.stratum, kind="stable")
    edges = np.append(0, np.cumsum([stratum.pairs for stratum in frame.strata]))
    chosen: list[LongArray] = []
    turn: list[FloatArray] = []
    for place, count in enumerate(drawn):
        chosen.append(members[edges[place] + rng.choice(edges[place + 1] - edges[place], count, replace=False)])
        turn.append((np.arange(count) + rng.uniform(0.3, 0.7)) / max(count, 1))
    order = np.argsort(np.concatenate(turn), kind="stable") if turn else np.empty(0, np.int64)
    return Sample(np.concatenate(chosen)[order] if chosen else order, drawn)


def allocate(frame: Frame, size: int) -> LongArray:
    """How many to draw of each stratum, int64: by the root of its pairs and by how divided the model is (Bankier 1988).

    Neyman's rule itself would spend nearly all on the many pairs that hardly ever match.
    """
    pairs = np.array([stratum.pairs for stratum in frame.strata], np.int64)
    likely = 1 / (1 + np.exp(-frame.odds))
    divided = np.bincount(frame.stratum, likely * (1 - likely), minlength=len(pairs)) / np.maximum(pairs, 1)
    need = np.sqrt(pairs * np.sqrt(np.maximum(divided, LEAST_SPREAD * (1 - LEAST_SPREAD))))
    known = np.array([stratum.known for stratum in frame.strata], bool)
    accepted = np.array([stratum.accepted for stratum in frame.strata], bool)
    given_up = np.array([stratum.given_up for stratum in frame.strata], bool)
    counts = np.zeros(len(pairs), np.int64)
    for part, share in (
        (accepted, TO_ACCEPTED),
        (given_up, TO_GIVEN_UP),
        (~accepted & ~given_up, 1 - TO_ACCEPTED - TO_GIVEN_UP),
    ):
        part = part & ~known
        if part.any():
            counts[part] = np.rint(share * size * need[part] / need[part].sum())
    counts = np.minimum(np.maximum(counts, LEAST), pairs)
    counts[known] = pairs[known]
    return counts

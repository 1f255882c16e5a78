"""What must or may not be one person, whatever the evidence between two records says.

Three authorities: people who looked (their answers), sources that are declared to hold each person once, and facts that
cannot be one person's. All in canonical places, translated once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import FloatArray, HashArray, IntArray, SmallFloatArray
from infotrust.core.matching.persons.settled import Asked, Settled

MOST_UNIQUE = 64  # files that hold each person once: a bit of one word each
NOBODY = np.empty(0, np.int32)
NONE = Pairs(NOBODY, NOBODY)


@dataclass(frozen=True)
class Constraints:
    """together, apart: pairs that people say are, or are not, one person; unique_source: int32 [n], the number of the
    record's source among those that hold each person once, -1 for any other; empty where there are none; asked: all
    that people said, of which together and apart are what stands (`settled`)."""

    together: Pairs = NONE
    apart: Pairs = NONE
    unique_source: IntArray = field(default_factory=lambda: NOBODY)
    asked: Asked | None = None

    def by(self, settled: Settled) -> Constraints:
        """The same with what stands of the answers."""
        return replace(self, together=settled.together, apart=settled.apart)

    def without_answers(self) -> Constraints:
        return replace(self, together=NONE, apart=NONE)

    def masks(self, n: int) -> HashArray:
        """One bit for the record's unique source: uint64 [n]; two groups with a bit in common stay apart."""
        masks = np.zeros(n, np.uint64)
        if len(self.unique_source):
            told = self.unique_source >= 0
            masks[told] = np.uint64(1) << self.unique_source[told].astype(np.uint64)
        return masks

    def applied(self, n: int, pairs: Pairs, odds: FloatArray, sure: float) -> tuple[Pairs, FloatArray, SmallFloatArray]:
        """The pairs with those that people spoke about, their odds, and their weights: up to `sure`, or infinite."""
        weight = np.clip(odds, -sure, sure).astype(np.float32)
        for said, sign in ((self.apart, -np.inf), (self.together, np.inf)):
            if not len(said):
                continue
            asked = said.first.astype(np.int64) * n + said.second
            packed = pairs.first.astype(np.int64) * n + pairs.second
            place = np.flatnonzero(np.isin(packed, asked))
            weight[place] = sign
            odds = odds.copy()
            odds[place] = sign
            fresh = ~np.isin(asked, packed)
            pairs = Pairs(np.append(pairs.first, said.first[fresh]), np.append(pairs.second, said.second[fresh]))
            added = np.full(int(fresh.sum()), sign)
            odds, weight = np.append(odds, added), np.append(weight, added.astype(np.float32))
        return pairs, odds, weight


FREE = Constraints()

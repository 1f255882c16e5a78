"""The pairs a sample can be drawn from, and their strata: side of the decision, band of weight, community.

All pairs that were compared, and all pairs inside a person. A pair that was never compared and never put together is
in no frame: no sample finds the matches among those (see `Frame.never_compared`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import BoolArray, FloatArray, IntArray, LongArray
from infotrust.core.matching.learning import score
from infotrust.core.matching.persons.cluster import SURE, Scored
from infotrust.core.matching.pipeline import Evidence

# Log2 odds that part the pairs put together, and those not put together (below the first of these: given up).
ACCEPTED_BANDS = (0.0, 10.0)
OTHER_BANDS = (-SURE * score.BITS + 1e-3, -3.0)
LARGEST_PERSON = 1_000  # records; of a larger group only the compared pairs are in the frame
MOST_COMMUNITIES = 8  # each needs answers of its own; the smaller ones are told together
REST = "all others"


@dataclass(frozen=True)
class Stratum:
    """Pairs that are drawn from together. band: 0.. by weight, weakest first; known: answered before this linkage."""

    accepted: bool
    band: int
    community: str
    known: bool
    pairs: int

    @property
    def given_up(self) -> bool:
        return not self.accepted and self.band == 0 and not self.known


@dataclass(frozen=True)
class Frame:
    """pairs, odds (natural log), accepted, stratum (a place in strata): all [pairs].

    never_compared: pairs of records that are in no frame; left_out: pairs inside persons of more than LARGEST_PERSON
    records that were not compared.
    """

    pairs: Pairs
    odds: FloatArray
    accepted: BoolArray
    stratum: LongArray
    strata: tuple[Stratum, ...]
    never_compared: int
    left_out: int


def frame_of(evidence: Evidence, communities: IntArray, names: Sequence[str], known: LongArray) -> Frame:
    """Lay out the strata.

    communities: int32 [n], of each record, canonical order; names: of the communities. A pair of two communities
    belongs to a community of such pairs. known: int64, pairs answered before (as `packed`), asked all.
    """
    group, n = evidence.group, len(evidence.group)
    inside, left_out = unscored_inside(evidence.scored, group)
    fresh = score.odds_of_pairs(evidence.model, evidence.plan, inside, weakest=-SURE)
    scored = evidence.scored.pairs
    pairs = Pairs(np.concatenate([scored.first, inside.first]), np.concatenate([scored.second, inside.second]))
    odds = np.concatenate([evidence.scored.odds, fresh]).astype(np.float64)
    accepted = group[pairs.first] == group[pairs.second]
    band = np.where(
        accepted, np.digitize(odds * score.BITS, ACCEPTED_BANDS), np.digitize(odds * score.BITS, OTHER_BANDS)
    )
    of_pair, names = pair_communities(communities[pairs.first], communities[pairs.second], names, accepted)
    answered = np.isin(packed(pairs.first, pairs.second, n), known)
    band[answered] = 0  # asked all, whatever their weight
    width = len(ACCEPTED_BANDS) + 1
    code = ((answered * 2 + accepted) * width + band) * len(names) + of_pair
    present, stratum, counts = np.unique(code, return_inverse=True, return_counts=True)
    strata = tuple(_stratum(int(one), names, width, int(count)) for one, count in zip(present, counts, strict=True))
    never = n * (n - 1) // 2 - len(pairs) - left_out
    return Frame(pairs, odds, accepted, stratum.astype(np.int64), strata, never, left_out)


def packed(first: IntArray | LongArray, second: IntArray | LongArray, n: int) -> LongArray:
    """Each pair as one number, whichever record comes first: int64 [pairs]."""
    one, other = np.minimum(first, second).astype(np.int64), np.maximum(first, second).astype(np.int64)
    return one * n + other


def unscored_inside(scored: Scored, group: LongArray) -> tuple[Pairs, int]:
    """The pairs inside persons that have no score, and how many of very large persons were left out."""
    n = len(group)
    first, second = scored.pairs.first, scored.pairs.second
    together = group[first] == group[second]
    sizes = np.bincount(group, minlength=n).astype(np.int64)
    missing = sizes * (sizes - 1) // 2 - np.bincount(group[first[together]], minlength=n)
    left_out = int(missing[sizes > LARGEST_PERSON].sum())
    wanted = (missing > 0) & (sizes <= LARGEST_PERSON)
    members = np.flatnonzero(wanted[group])
    members = members[np.argsort(group[members], kind="stable")]
    ones: list[LongArray] = []
    others: list[LongArray] = []
    size_of = sizes[group[members]]
    for size in np.unique(size_of):
        rows = members[size_of == size].reshape(-1, size)
        x, y = np.triu_indices(size, 1)
        ones.append(rows[:, x].ravel())
        others.append(rows[:, y].ravel())
    one, other = (np.concatenate(part) if part else np.empty(0, np.int64) for part in (ones, others))
    fresh = ~np.isin(packed(one, other, n), packed(first[together], second[together], n))
    one, other = np.minimum(one, other)[fresh], np.maximum(one, other)[fresh]
    return Pairs(one.astype(np.int32), other.astype(np.int32)), left_out


def pair_communities(
    one: IntArray, other: IntArray, names: Sequence[str], accepted: BoolArray
) -> tuple[LongArray, list[str]]:
    """The community of each pair, [pairs], and their names: the same twice, "a and b", or REST for the smaller ones.

    The MOST_COMMUNITIES with most pairs that were put together keep a name of their own.
    """
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other).astype(np.int64)
    present, of = np.unique(low * len(names) + high, return_inverse=True)
    size = np.bincount(of, accepted + 1e-9, minlength=len(present))
    own = np.sort(np.argsort(-size, kind="stable")[: MOST_COMMUNITIES if len(present) > MOST_COMMUNITIES else None])
    place = np.full(len(present), len(own))
    place[own] = np.arange(len(own))
    told = [
        names[x] if x == y else f"{names[x]} and {names[y]}"
        for x, y in (divmod(int(present[at]), len(names)) for at in own)
    ]
    return place[of], [*told, REST]


def _stratum(code: int, names: Sequence[str], width: int, pairs: int) -> Stratum:
    code, community = divmod(code, len(names))
    flags, band = divmod(code, width)
    known, accepted = divmod(flags, 2)
    return Stratum(bool(accepted), band, names[community], bool(known), pairs)

"""Records of one source that say the same in everything: the first of them are compared and stand for all others.

A thousand copies of a record would make its every key too frequent to follow, and half a million pairs that all say the
same. So of each set of copies `MOST_ALIKE` take part (they are enough to weigh them, and to let the model see how alike
they are), and the others go where these go: into one person where all of them became one. Where they did not, because
what they say is too little or their source holds each person once, each of the others stays by itself, too.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import BoolArray, FloatArray, IntArray, LongArray
from infotrust.core.matching.persons.constraints import Constraints
from infotrust.core.matching.reading.sources import MOST_ALIKE


def unfold(group: LongArray, spare: BoolArray, constraints: Constraints) -> LongArray:
    """The groups with the records that were set aside: int64 [n], each named by its smallest member.

    group: the grouping of those that took part, each of the others by itself or where people put it; spare: bool [n]
    (or empty), which were set aside, each behind those that stand for it (`sources.spares`). What people said of a
    record that was set aside stands: it stays where they put it, and those with it follow its copies only if nobody
    told any of them apart from something.
    """
    first = stand_ins(spare)
    places = np.flatnonzero(first >= 0)
    if not len(places):
        return group
    together = _all_of_one(group, first[places])
    places = places[together]
    told = np.union1d(constraints.apart.first, constraints.apart.second)
    parted = np.isin(places, told)
    spoken = np.isin(places, np.union1d(constraints.together.first, constraints.together.second)) & ~parted
    found = group.copy()
    free = places[~parted & ~spoken]
    found[free] = found[first[free]]
    for place in places[spoken]:  # few: each was answered by hand
        found = _follow(found, int(place), int(first[place]), told, constraints)
    return found


def stand_ins(spare: BoolArray) -> LongArray:
    """For each record that was set aside the place of the first of those that stand for it, -1 for all others."""
    if not spare.any():
        return np.full(len(spare), -1, np.int64)
    last = np.maximum.accumulate(np.where(spare, -1, np.arange(len(spare))))
    return np.where(spare, last - (MOST_ALIKE - 1), -1)


def ties(spare: BoolArray) -> Pairs:
    """Pairs of neighbors that tie each set of copies together, those set aside with those that stand for them."""
    first = stand_ins(spare)
    tied = spare.copy()
    starts = np.unique(first[first >= 0])
    tied[(starts[:, None] + np.arange(1, MOST_ALIKE)).ravel()] = True
    places = np.flatnonzero(tied).astype(np.int32)
    return Pairs(places - np.int32(1), places)


def weights_of_spares(weight: FloatArray, group: LongArray, spare: BoolArray) -> FloatArray:
    """The strongest links of all records, those of records that were set aside by their copies': float64 [n]."""
    first = stand_ins(spare)
    places = np.flatnonzero(first >= 0)
    places = places[group[places] == group[first[places]]]
    if len(places):
        weight = weight.copy()
        weight[places] = weight[first[places]]
    return weight


def _all_of_one(group: LongArray, first: LongArray) -> BoolArray:
    """Whether all that stand for each became one person."""
    firsts, of = np.unique(first, return_inverse=True)
    inside = group[firsts[:, None] + np.arange(MOST_ALIKE)]
    same: BoolArray = (inside == inside[:, :1]).all(1)[of.ravel()]
    return same


def _follow(group: LongArray, place: int, first: int, told: IntArray, constraints: Constraints) -> LongArray:
    """A record that people put together with others takes them with it to its copies, unless something forbids it."""
    ours, theirs = np.flatnonzero(group == group[place]), np.flatnonzero(group == group[first])
    masks = constraints.masks(len(group))
    shared = np.bitwise_or.reduce(masks[ours]) & np.bitwise_or.reduce(masks[theirs])
    if shared or np.isin(ours, told).any():
        return group
    found = group.copy()
    found[np.concatenate([ours, theirs])] = min(group[place], group[first])
    return found

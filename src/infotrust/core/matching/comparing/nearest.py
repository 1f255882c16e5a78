"""Each record's nearest others: those with which it shares most information, by one pass over an index.

Each two records meet once, at the lower of their places; what they share is kept with the pair, and afterwards each of
the two chooses among all it met. That is half of the trips to memory that each choosing for itself would take.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.matching.comparing.index import Index, PlaceArray, WidthArray
from infotrust.core.matching.compiled import IntArray, LongArray, SmallFloatArray, compiled, in_parallel


def nearest_pairs(
    index: Index, per_record: int, least_information: float, least_share: float
) -> tuple[IntArray, IntArray, SmallFloatArray]:
    """first < second: int32 [pairs], sorted, where one is among the `per_record` that share most with the other, ties
    to the lowest place; and float32 [n], what the last of a record's nearest shares with it (nats), or the least where
    they are fewer. least_share: of the information of the poorer of two, what they share at least."""
    n, least = len(index), np.float32(least_information)
    parts = in_parallel(
        lambda start, end: met_after(
            index.start, index.following, index.left, index.width, index.holders, index.worth, index.own, least,
            np.float32(least_share), start, end,
        ),
        n,
        load=load_before(index.start, index.left),
    )  # fmt: skip
    many, met, shared = (np.concatenate([part[at] for part in parts]) for at in range(3))
    del parts
    enough, highest = limits(many, met, shared, per_record, least)
    return (*chosen(many, met, shared, enough, highest), enough)


@compiled
def load_before(start: LongArray, left: WidthArray) -> LongArray:
    """How many meetings the records before each have, and all: int64 [n + 1]."""
    load = np.zeros(len(start), np.int64)
    for record in range(len(start) - 1):
        load[record + 1] = load[record] + 1
        for key in range(start[record], start[record + 1]):
            load[record + 1] += left[key]
    return load


@compiled
def met_after(
    start: LongArray, following: PlaceArray, left: WidthArray, width: WidthArray, holders: IntArray,
    worth: SmallFloatArray, own: SmallFloatArray, least: np.float32, least_share: np.float32, begin: int, end: int,
) -> tuple[IntArray, IntArray, SmallFloatArray]:  # fmt: skip
    """For each record in [begin, end) those behind it that share enough with it: how many, which, and how much.

    Three short loops instead of one: in each the trips to memory do not wait for each other.
    """
    n = len(own)
    sums = np.empty((n, 2), np.float32)  # what is shared, beside what is asked next of the same record
    for record in range(n):
        sums[record, 0] = 0
        sums[record, 1] = own[record] * least_share
    most = 0
    for record in range(begin, end):
        meeting = 0
        for key in range(start[record], start[record + 1]):
            meeting += left[key]
        most = max(most, meeting)
    meet, worths = np.empty(most, np.int32), np.empty(most, np.float32)
    touched = np.empty(most + 1, np.int32)
    many = np.zeros(end - begin, np.int32)
    met, shared = np.empty(16 * (end - begin), np.int32), np.empty(16 * (end - begin), np.float32)
    found = 0
    for record in range(begin, end):
        meeting = 0
        for key in range(start[record], start[record + 1]):
            said = worth[width[key]]
            place = following[key]
            for at in range(left[key]):
                meet[meeting + at] = holders[place + at]
                worths[meeting + at] = said
            meeting += left[key]
        count = 0
        for at in range(meeting):
            other = meet[at]
            before = sums[other, 0]
            touched[count] = other  # no branch: whether it is new cannot be foreseen, and a wrong guess costs more
            count += before == 0
            sums[other, 0] = before + worths[at]
        if found + count >= len(met):
            met = np.append(met, np.empty(len(met) + count, np.int32))
            shared = np.append(shared, np.empty(len(shared) + count, np.float32))
        mine = sums[record, 1]
        first = found
        for at in range(count):
            other = touched[at]
            both = sums[other, 0]
            met[found] = other
            shared[found] = both
            found += (both >= least) & (both >= min(mine, sums[other, 1]))
            sums[other, 0] = 0
        many[record - begin] = found - first
    return many, met[:found].copy(), shared[:found].copy()


@compiled
def limits(
    many: IntArray, met: IntArray, shared: SmallFloatArray, per_record: int, least: np.float32
) -> tuple[SmallFloatArray, IntArray]:
    """What each record's nearest share with it at least, and of those that share just that the highest place taken."""
    n = len(many)
    enough = np.full(n, least, np.float32)
    highest = np.full(n, n, np.int32)
    degree = np.zeros(n, np.int32)
    pair = 0
    for record in range(n):
        degree[record] += many[record]
        for _ in range(many[record]):
            degree[met[pair]] += 1
            pair += 1
    slot = np.empty(n + 1, np.int64)  # of those who met more than they may keep
    slot[0] = 0
    for record in range(n):
        slot[record + 1] = slot[record] + (degree[record] if degree[record] > per_record else 0)
    place, strength = np.empty(slot[n], np.int32), np.empty(slot[n], np.float32)
    following = slot[:-1].copy()
    pair = 0
    for record in range(n):
        for _ in range(many[record]):
            other = met[pair]
            if degree[record] > per_record:
                place[following[record]] = other
                strength[following[record]] = shared[pair]
                following[record] += 1
            if degree[other] > per_record:
                place[following[other]] = record
                strength[following[other]] = shared[pair]
                following[other] += 1
            pair += 1
    for record in range(n):
        if degree[record] > per_record:
            begin, end = slot[record], slot[record + 1]
            last = np.partition(strength[begin:end], degree[record] - per_record)[degree[record] - per_record]
            ties = per_record  # how many that share exactly so much may still be taken
            equal = 0
            for at in range(begin, end):
                ties -= strength[at] > last
            for at in range(begin, end):
                if strength[at] == last:
                    place[begin + equal] = place[at]
                    equal += 1
            enough[record] = last
            if equal > ties:
                highest[record] = np.sort(place[begin : begin + equal])[ties - 1]
    return enough, highest


@compiled
def chosen(
    many: IntArray, met: IntArray, shared: SmallFloatArray, enough: SmallFloatArray, highest: IntArray
) -> tuple[IntArray, IntArray]:
    """The pairs that one of the two chose, sorted."""
    first, second = np.empty(len(met), np.int32), np.empty(len(met), np.int32)
    kept = 0
    pair = 0
    for record in range(len(many)):
        begin = kept
        for _ in range(many[record]):
            other, both = met[pair], shared[pair]
            pair += 1
            if (
                both > enough[record] or (both == enough[record] and other <= highest[record])
                or both > enough[other] or (both == enough[other] and record <= highest[other])
            ):  # fmt: skip
                at = kept
                while at > begin and second[at - 1] > other:
                    second[at] = second[at - 1]
                    at -= 1
                first[kept], second[at] = record, other
                kept += 1
    return first[:kept].copy(), second[:kept].copy()

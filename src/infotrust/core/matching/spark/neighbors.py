"""The strongest neighbors of a block of records, from the whole lists of the keys that they hold.

On one machine each two records meet once (`comparing.nearest`). Here each of a block's records chooses for itself: what
the others of a list share is known in other blocks only.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.matching.compiled import IntArray, LongArray, SmallFloatArray, compiled


@compiled
def keys_by_record(records: IntArray, key_start: LongArray, n: int) -> tuple[LongArray, IntArray]:
    """The other way round: for each record where its keys begin, and the keys."""
    start = np.zeros(n + 1, np.int64)
    for record in records:
        start[record + 1] += 1
    for place in range(n):
        start[place + 1] += start[place]
    following = start[:-1].copy()
    keys = np.empty(len(records), np.int32)
    for key in range(len(key_start) - 1):
        for place in range(key_start[key], key_start[key + 1]):
            record = records[place]
            keys[following[record]] = key
            following[record] += 1
    return start, keys


@compiled
def strongest_neighbors(
    key_start: LongArray,
    keys: IntArray,
    record_start: LongArray,
    records: IntArray,
    information: SmallFloatArray,
    own: SmallFloatArray,
    per_record: int,
    least_information: float,
    least_share: float,
    start: int,
    end: int,
) -> tuple[IntArray, IntArray, SmallFloatArray]:
    """For each record in [start, end) the `per_record` others that share most with it, ties to the lowest place.

    own: `information_of` each record. Third: what the last of them shares, or the least where there are fewer.

    Four short loops instead of one: in each the trips to memory do not wait for each other.
    """
    n = len(key_start) - 1
    sums = np.empty((n, 2), np.float32)  # what is shared, beside what is asked next of the same record
    widest = 0
    most_keys = 0
    for i in range(n):
        sums[i, 0] = 0
        sums[i, 1] = own[i] * np.float32(least_share)
        most_keys = max(most_keys, key_start[i + 1] - key_start[i])
    for key in range(len(information)):
        widest = max(widest, record_start[key + 1] - record_start[key])
    begins, ends = np.empty(most_keys, np.int64), np.empty(most_keys, np.int64)
    worths = np.empty(most_keys, np.float32)
    holders, weights = np.empty(most_keys * widest, np.int32), np.empty(most_keys * widest, np.float32)
    touched, strength = np.empty(most_keys * widest + 1, np.int32), np.empty(most_keys * widest + 1, np.float32)
    one = np.empty((end - start) * per_record, np.int32)
    other = np.empty((end - start) * per_record, np.int32)
    last = np.empty(end - start, np.float32)
    least = np.float32(least_information)
    found = 0
    for i in range(start, end):
        many = key_start[i + 1] - key_start[i]
        for at in range(many):
            key = keys[key_start[i] + at]
            begins[at], ends[at] = record_start[key], record_start[key + 1]
            worths[at] = information[key]
        holding = 0
        for at in range(many):
            worth = worths[at]
            for place in range(begins[at], ends[at]):
                holders[holding] = records[place]
                weights[holding] = worth
                holding += 1
        count = 0
        for at in range(holding):
            j = holders[at]
            before = sums[j, 0]
            touched[count] = j  # no branch: whether it is new cannot be foreseen, and a wrong guess costs more
            count += before == 0
            sums[j, 0] = before + weights[at]
        sums[i, 0] = 0
        mine = sums[i, 1]
        strong = 0
        for at in range(count):
            j = touched[at]
            shared = sums[j, 0]
            touched[strong] = j
            strength[strong] = shared
            strong += (shared >= least) & (shared >= min(mine, sums[j, 1])) & (j != i)
            sums[j, 0] = 0
        enough = least
        ties = per_record  # how many that share exactly `enough` may still be taken
        highest = np.int32(n)
        if strong > per_record:
            enough = np.partition(strength[:strong], strong - per_record)[strong - per_record]
            equal = 0
            for at in range(strong):
                ties -= strength[at] > enough
                if strength[at] == enough:
                    holders[equal] = touched[at]
                    equal += 1
            if equal > ties:
                highest = np.sort(holders[:equal])[ties - 1]
        last[i - start] = enough
        for at in range(strong):
            if strength[at] > enough or (strength[at] == enough and touched[at] <= highest):
                one[found] = i
                other[found] = touched[at]
                found += 1
    return one[:found], other[:found], last

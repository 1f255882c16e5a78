"""The compiled half of `cluster`: average linkage within each component, the closest two groups first.

A pair's weight may be infinite: +inf must come together and does so first, -inf keeps apart every two groups that it
lies between. Both travel through sums by themselves.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.matching.compiled import (
    BoolArray,
    FloatArray,
    HashArray,
    IntArray,
    LongArray,
    SmallFloatArray,
    Whole,
    compiled,
)


@compiled
def root_of(parent: IntArray, record: Whole) -> Whole:
    """The smallest record that is known to hang together with this one. Shortens the way for the next who asks."""
    while parent[record] != record:
        parent[record] = parent[parent[record]]
        record = parent[record]
    return record


@compiled
def hang_together(n: int, first: IntArray, second: IntArray) -> IntArray:
    """int32 [n]: the smallest record of each component, over the pairs."""
    parent = np.arange(n, dtype=np.int32)
    for pair in range(len(first)):
        one, other = root_of(parent, first[pair]), root_of(parent, second[pair])
        if one < other:
            parent[other] = one
        else:
            parent[one] = other
    for record in range(n):
        parent[record] = root_of(parent, record)
    return parent


@compiled
def members_of(component: IntArray) -> tuple[LongArray, IntArray, IntArray]:
    """Components of two or more records: where each begins, its records in order, and each record's component or -1."""
    n = len(component)
    size = np.zeros(n, np.int32)
    for record in range(n):
        size[component[record]] += 1
    number = np.full(n, -1, np.int32)
    count = 0
    records = 0
    for record in range(n):
        if size[record] > 1:
            number[record] = count
            records += size[record]
            count += 1
    start = np.zeros(count + 1, np.int64)
    for record in range(n):
        if number[record] >= 0:
            start[number[record] + 1] = size[record]
    for place in range(count):
        start[place + 1] += start[place]
    following = start[:-1].copy()
    member = np.empty(records, np.int32)
    of = np.full(n, -1, np.int32)
    for record in range(n):
        place = number[component[record]]
        of[record] = place
        if place >= 0:
            member[following[place]] = record
            following[place] += 1
    return start, member, of


@compiled
def pairs_by_component(
    component: IntArray, count: int, first: IntArray, second: IntArray
) -> tuple[LongArray, LongArray]:
    """The pairs inside each component: where they begin, and which they are, in their order."""
    start = np.zeros(count + 1, np.int64)
    for pair in range(len(first)):
        place = component[first[pair]]
        if place >= 0 and place == component[second[pair]]:
            start[place + 1] += 1
    for place in range(count):
        start[place + 1] += start[place]
    following = start[:-1].copy()
    inside = np.empty(start[-1], np.int64)
    for pair in range(len(first)):
        place = component[first[pair]]
        if place >= 0 and place == component[second[pair]]:
            inside[following[place]] = pair
            following[place] += 1
    return start, inside


@compiled
def merges_of(
    member_start: LongArray, member: IntArray, pair_start: LongArray, first: IntArray, second: IntArray,
    weight: SmallFloatArray, strong: BoolArray, mask: HashArray, unseen: float, lowest: float, largest: int,
    begin: int, end: int,
) -> tuple[IntArray, IntArray, FloatArray]:  # fmt: skip
    """Merge within the components [begin, end): (a record of one group, of the other, height) in order.

    first, second, weight, strong: the pairs by component. The closest two groups join first, while their mean weight
    (`unseen` for pairs that are not there) is `lowest` or more and at least one pair between them is strong. A height
    is the mean weight, but never above that of a merge it builds on: so every cut of the list is a whole grouping.
    """
    widest = 0
    most = 0
    for place in range(begin, end):
        widest = max(widest, member_start[place + 1] - member_start[place])
        most = max(most, pair_start[place + 1] - pair_start[place])
    records = member_start[end] - member_start[begin]
    out_one = np.empty(records, np.int32)
    out_other = np.empty(records, np.int32)
    out_height = np.empty(records)
    found = 0
    side = np.empty(2 * most, np.int32)  # the groups at both ends of each pair of groups
    total = np.empty(most)
    count = np.empty(most, np.int64)
    close = np.empty(most, np.bool_)
    gone = np.empty(most, np.int32)  # -1 while it is there, else what it became part of, or itself
    after, before = np.empty(2 * most, np.int32), np.empty(2 * most, np.int32)
    head, degree = np.empty(widest, np.int32), np.empty(widest, np.int32)
    size = np.empty(widest, np.int64)
    kinds = np.empty(widest, np.uint64)
    bound = np.empty(widest)
    between = np.full(widest, -1, np.int32)
    keys, queue = np.empty(2 * most + 1), np.empty(2 * most + 1, np.int32)
    local = np.empty(len(mask), np.int32)
    for component in range(begin, end):
        base = member_start[component]
        m = member_start[component + 1] - base
        for node in range(m):
            record = member[base + node]
            local[record] = node
            head[node], degree[node], size[node], bound[node] = -1, 0, 1, np.inf
            kinds[node] = mask[record]
        offset = pair_start[component]
        waiting = 0
        for pair in range(pair_start[component + 1] - offset):
            one, other = local[first[offset + pair]], local[second[offset + pair]]
            side[2 * pair], side[2 * pair + 1] = one, other
            total[pair], count[pair] = weight[offset + pair], 1
            close[pair], gone[pair] = strong[offset + pair], -1
            for half in (2 * pair, 2 * pair + 1):
                node = side[half]
                after[half], before[half] = head[node], -1
                if head[node] >= 0:
                    before[head[node]] = half
                head[node] = half
                degree[node] += 1
            if close[pair] and total[pair] >= lowest:
                waiting = push(keys, queue, waiting, total[pair], pair)
        while waiting > 0:
            key, pair = keys[0], queue[0]
            waiting = pop(keys, queue, waiting)
            while gone[pair] >= 0 and gone[pair] != pair:
                pair = gone[pair]
            if gone[pair] == pair:
                continue
            one, other = side[2 * pair], side[2 * pair + 1]
            height = total[pair]
            if height < np.inf:
                if kinds[one] & kinds[other] or size[one] + size[other] > largest:
                    continue
                across = size[one] * size[other]
                height = (height + unseen * (across - count[pair])) / across
            if height < lowest:
                continue
            if height < key:
                waiting = push(keys, queue, waiting, height, pair)
                continue
            if degree[one] > degree[other]:
                one, other = other, one
            bound[other] = min(height, min(bound[one], bound[other]))
            out_one[found], out_other[found] = member[base + one], member[base + other]
            out_height[found] = bound[other]
            found += 1
            size[other] += size[one]
            kinds[other] |= kinds[one]
            half = head[other]
            while half >= 0:
                between[side[half ^ 1]] = half >> 1
                half = after[half]
            half = head[one]
            while half >= 0:
                following = after[half]
                now = half >> 1
                third = side[half ^ 1]
                if third == other:
                    gone[now] = now
                    unhook(head, degree, after, before, other, half ^ 1)
                elif between[third] >= 0:
                    kept = between[third]
                    total[kept] += total[now]
                    count[kept] += count[now]
                    gone[now] = kept
                    unhook(head, degree, after, before, third, half ^ 1)
                    if close[now] != close[kept]:  # what was not waiting may lift what was
                        close[kept] = True
                        across = size[other] * size[third]
                        mean = (total[kept] + unseen * (across - count[kept])) / across
                        waiting = push(keys, queue, waiting, mean, kept)
                else:
                    side[half] = other
                    after[half], before[half] = head[other], -1
                    if head[other] >= 0:
                        before[head[other]] = half
                    head[other] = half
                    degree[other] += 1
                half = following
            half = head[other]
            while half >= 0:
                between[side[half ^ 1]] = -1
                half = after[half]
            between[one] = -1
    return out_one[:found].copy(), out_other[:found].copy(), out_height[:found].copy()


@compiled
def unhook(head: IntArray, degree: IntArray, after: IntArray, before: IntArray, node: int, half: int) -> None:
    """Take half a pair out of its group's list."""
    if before[half] >= 0:
        after[before[half]] = after[half]
    else:
        head[node] = after[half]
    if after[half] >= 0:
        before[after[half]] = before[half]
    degree[node] -= 1


@compiled
def push(keys: FloatArray, queue: IntArray, waiting: int, key: float, pair: int) -> int:
    """Into the heap: the highest key first, of equal ones the first pair. Returns how many wait now."""
    place = waiting
    while place > 0:
        parent = (place - 1) >> 1
        if keys[parent] > key or (keys[parent] == key and queue[parent] < pair):
            break
        keys[place], queue[place] = keys[parent], queue[parent]
        place = parent
    keys[place], queue[place] = key, pair
    return waiting + 1


@compiled
def pop(keys: FloatArray, queue: IntArray, waiting: int) -> int:
    """Drop the first of the heap."""
    waiting -= 1
    key, pair = keys[waiting], queue[waiting]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= waiting:
            break
        right = child + 1
        if right < waiting and (
            keys[right] > keys[child] or (keys[right] == keys[child] and queue[right] < queue[child])
        ):
            child = right
        if key > keys[child] or (key == keys[child] and pair < queue[child]):
            break
        keys[place], queue[place] = keys[child], queue[child]
        place = child
    keys[place], queue[place] = key, pair
    return waiting


@compiled
def grouped(n: int, one: IntArray, other: IntArray, height: FloatArray, cut: float) -> LongArray:
    """Each record's group at a cut, named by its smallest member: int64 [n]."""
    parent = np.arange(n, dtype=np.int32)
    for merge in range(len(one)):
        if height[merge] >= cut:
            x, y = root_of(parent, one[merge]), root_of(parent, other[merge])
            if x < y:
                parent[y] = x
            else:
                parent[x] = y
    group = np.empty(n, np.int64)
    for record in range(n):
        group[record] = root_of(parent, record)
    return group


@compiled
def pairs_missing(
    member_start: LongArray, member: IntArray, pair_start: LongArray, first: IntArray, second: IntArray
) -> tuple[IntArray, IntArray]:
    """All pairs inside each group that are not among its pairs, the lower place first."""
    most = 0
    widest = 0
    for group in range(len(member_start) - 1):
        size = member_start[group + 1] - member_start[group]
        widest = max(widest, size)
        most += size * (size - 1) // 2
    known = np.zeros((widest, widest), np.bool_)
    one = np.empty(most, np.int32)
    other = np.empty(most, np.int32)
    found = 0
    local = np.empty(max(member.max() + 1 if len(member) else 1, 1), np.int32)
    for group in range(len(member_start) - 1):
        base = member_start[group]
        size = member_start[group + 1] - base
        for place in range(size):
            local[member[base + place]] = place
        for pair in range(pair_start[group], pair_start[group + 1]):
            known[local[first[pair]], local[second[pair]]] = True
        for x in range(size):
            for y in range(x + 1, size):
                if not known[x, y] and not known[y, x]:
                    one[found], other[found] = member[base + x], member[base + y]
                    found += 1
        known[:size, :size] = False
    return one[:found].copy(), other[:found].copy()

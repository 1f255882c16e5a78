"""The compiled pass: blocks are paired and scored at once, and no list of pairs is ever made.

For each pair first what costs nothing (not known, the same), then, as long as the highest weight that is still possible
reaches the threshold, the costly questions, those that can cost it most first.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.matching.compiled import (
    BoolArray,
    ByteArray,
    FloatArray,
    HashArray,
    IntArray,
    LongArray,
    SmallFloatArray,
    Whole,
    compiled,
)
from infotrust.core.matching.fellegi_sunter import alike
from infotrust.core.matching.fellegi_sunter.program import (
    DAMERAU,
    DIFFERENCE,
    EQUAL,
    EQUAL_CROSSWISE,
    JARO,
    JARO_WINKLER,
    UNKNOWN,
    Program,
)
from infotrust.core.matching.fellegi_sunter.values import Values


@compiled
def level_of(
    i: Whole, j: Whole, alternative: Whole, last: Whole, otherwise: Whole,
    alternative_level: LongArray, alternative_test: LongArray, measure: ByteArray, left: IntArray, right: IntArray,
    at: FloatArray, reach: FloatArray, question: LongArray, turned: BoolArray,
    codes: IntArray, text_at: LongArray, number_at: LongArray, hash_at: LongArray, words: HashArray, data: ByteArray,
    start: LongArray, numbers: FloatArray, hashes: HashArray,
) -> Whole:  # fmt: skip
    """The level of records i (the left one) and j: that of the first of the alternatives whose tests all hold."""
    known_question = np.int64(-1)
    known_answer = 0.0
    while alternative < last:
        holds = True
        for test in range(alternative_test[alternative], alternative_test[alternative + 1]):
            x, y, kind = left[test], right[test], measure[test]
            if kind == UNKNOWN:
                one = codes[i, x] if x >= 0 else codes[j, y]
                holds = (one < 0) != turned[test]
            else:
                one, other = codes[i, x], codes[j, y]
                if one < 0 or other < 0:
                    holds = False
                elif kind == EQUAL:
                    holds = (one == other) != turned[test]
                elif kind == EQUAL_CROSSWISE:
                    holds = (hashes[hash_at[x] + one] == hashes[hash_at[y] + other]) != turned[test]
                else:
                    if question[test] != known_question:
                        known_question = question[test]
                        if kind == DIFFERENCE:
                            known_answer = abs(numbers[number_at[x] + one] - numbers[number_at[y] + other])
                        elif kind == JARO_WINKLER:
                            known_answer = alike.jaro_winkler(
                                words, data, start, text_at[x] + one, text_at[y] + other, reach[test]
                            )
                        elif kind == JARO:
                            known_answer = alike.jaro(
                                words, data, start, text_at[x] + one, text_at[y] + other, reach[test]
                            )
                        else:
                            known_answer = float(
                                alike.edits(
                                    words, data, start, text_at[x] + one, text_at[y] + other, np.int64(reach[test]),
                                    kind == DAMERAU,
                                )
                            )  # fmt: skip
                    if kind in (JARO_WINKLER, JARO):
                        holds = (known_answer >= at[test]) != turned[test]
                    else:
                        holds = (known_answer <= at[test]) != turned[test]
            if not holds:
                break
        if holds:
            return np.int64(alternative_level[alternative])
        alternative += 1
    return otherwise


@compiled
def weight_of(
    level: Whole, i: Whole, j: Whole, weight: FloatArray, frequency_value: IntArray, frequency_weight: FloatArray,
    frequency_agreement: FloatArray, frequency_least: FloatArray, codes: IntArray, share_at: LongArray,
    log_shares: FloatArray,
) -> float:  # fmt: skip
    """The weight of a level, moved by how frequent the more frequent of the two values is."""
    value = frequency_value[level]
    if value < 0:
        return float(weight[level])
    one, other = codes[i, value], codes[j, value]
    if one < 0 and other < 0:
        return float(weight[level])
    share = frequency_least[level]
    if one >= 0:
        share = max(share, log_shares[share_at[value] + one])
    if other >= 0:
        share = max(share, log_shares[share_at[value] + other])
    return float(weight[level] + frequency_weight[level] * (frequency_agreement[level] - share))


@compiled
def block_and_score(
    order: IntArray, block_start: LongArray, keys: HashArray, rule: Whole, source: IntArray, across_only: bool,
    prior: float, threshold: float, p: Program, v: Values,
) -> tuple[IntArray, IntArray, SmallFloatArray, int]:  # fmt: skip
    """The pairs of these blocks that reach the threshold: left, right, weight; and how many were looked at.

    keys: uint64 [n, rules]; a pair that an earlier rule has is left to it. source: int32 [n]; across_only: only pairs
    of two sources.
    """
    return scan(
        order, block_start, keys, rule, source, across_only, prior, threshold,
        p.known, p.equal, p.begin, p.end, p.alternative_level, p.alternative_test, p.measure, p.left, p.right, p.at,
        p.reach, p.question, p.turned, p.first_level, p.else_level, p.weight, p.frequency_value, p.frequency_weight,
        p.frequency_agreement, p.frequency_least, p.most_open, p.order,
        v.codes, v.text_at, v.number_at, v.hash_at, v.share_at, v.words, v.data, v.start, v.numbers, v.hashes,
        v.log_shares,
    )  # fmt: skip


@compiled
def scan(
    members: IntArray, block_start: LongArray, keys: HashArray, rule: Whole, source: IntArray, across_only: bool,
    prior: float, threshold: float,
    known: IntArray, equal: IntArray, begin: LongArray, end: LongArray, alternative_level: LongArray,
    alternative_test: LongArray, measure: ByteArray, left: IntArray, right: IntArray, at: FloatArray, reach: FloatArray,
    question: LongArray, turned: BoolArray, first_level: LongArray, else_level: LongArray, weight: FloatArray,
    frequency_value: IntArray, frequency_weight: FloatArray, frequency_agreement: FloatArray,
    frequency_least: FloatArray, most_open: FloatArray, order: LongArray,
    codes: IntArray, text_at: LongArray, number_at: LongArray, hash_at: LongArray, share_at: LongArray,
    words: HashArray, data: ByteArray, start: LongArray, numbers: FloatArray, hashes: HashArray, log_shares: FloatArray,
) -> tuple[IntArray, IntArray, SmallFloatArray, int]:  # fmt: skip
    lefts, rights = np.empty(1024, np.int32), np.empty(1024, np.int32)
    weights = np.empty(1024, np.float32)
    found = 0
    looked_at = 0
    comparisons = len(known)
    still_open = np.zeros(comparisons, np.bool_)
    for block in range(len(block_start) - 1):
        for x in range(block_start[block], block_start[block + 1]):
            i = members[x]
            for y in range(x + 1, block_start[block + 1]):
                j = members[y]
                if keys[i, rule] != keys[j, rule] or (across_only and source[i] == source[j]):
                    continue
                earlier = False
                for before in range(rule):
                    if keys[i, before] == keys[j, before] and keys[i, before] != 0:
                        earlier = True
                        break
                if earlier:
                    continue
                looked_at += 1
                total = prior
                possible = 0.0  # what the open comparisons can add at most
                for comparison in range(comparisons):
                    still_open[comparison] = False
                    value = known[comparison]
                    if value >= 0:
                        one, other = codes[i, value], codes[j, value]
                        if one < 0 or other < 0:
                            continue
                        same = equal[comparison]
                        if same != value:
                            one, other = codes[i, same], codes[j, same]
                        if one == other and one >= 0:
                            total += weight_of(
                                first_level[comparison] + 1, i, j, weight, frequency_value, frequency_weight,
                                frequency_agreement, frequency_least, codes, share_at, log_shares,
                            )  # fmt: skip
                            continue
                    still_open[comparison] = True
                    possible += most_open[comparison]
                if total + possible < threshold:
                    continue
                hopeless = False
                for turn in range(comparisons):
                    comparison = order[turn]
                    if not still_open[comparison]:
                        continue
                    level = level_of(
                        i, j, begin[comparison], end[comparison], else_level[comparison], alternative_level,
                        alternative_test, measure, left, right, at, reach, question, turned, codes, text_at, number_at,
                        hash_at, words, data, start, numbers, hashes,
                    )  # fmt: skip
                    total += weight_of(
                        level, i, j, weight, frequency_value, frequency_weight, frequency_agreement, frequency_least,
                        codes, share_at, log_shares,
                    )  # fmt: skip
                    possible -= most_open[comparison]
                    if total + possible < threshold - 1e-9:
                        hopeless = True
                        break
                if hopeless or total < threshold:
                    continue
                if found == len(lefts):
                    lefts = np.append(lefts, np.empty_like(lefts))
                    rights = np.append(rights, np.empty_like(rights))
                    weights = np.append(weights, np.empty_like(weights))
                lefts[found] = i
                rights[found] = j
                weights[found] = total
                found += 1
    return lefts[:found].copy(), rights[:found].copy(), weights[:found].copy(), looked_at


@compiled
def levels_of(first: IntArray, second: IntArray, p: Program, v: Values) -> ByteArray:
    """The level of each pair in each comparison, counted from 0 within it: uint8 [pairs, comparisons]."""
    levels = np.empty((len(first), len(p.known)), np.uint8)
    for pair in range(len(first)):
        for comparison in range(len(p.known)):
            levels[pair, comparison] = level_of(
                first[pair], second[pair], p.begin_all[comparison], p.end[comparison], p.else_level[comparison],
                p.alternative_level, p.alternative_test, p.measure, p.left, p.right, p.at, p.reach, p.question,
                p.turned, v.codes, v.text_at, v.number_at, v.hash_at, v.words, v.data, v.start, v.numbers, v.hashes,
            ) - p.first_level[comparison]  # fmt: skip
    return levels

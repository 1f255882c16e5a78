"""The compiled pass: blocks are paired and scored at once, and no list of pairs is ever made.

For each pair first what costs nothing (not known, the same), then, as long as the highest weight that is still possible
reaches the threshold, the costly questions, those that can cost it most first. The records of some hundred blocks are
copied side by side before they are paired: fetching them one by one out of a million costs more than comparing them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.matching.comparing.blocks import Blocks
from infotrust.core.matching.compiled import (
    BoolArray,
    ByteArray,
    FloatArray,
    HashArray,
    IntArray,
    LongArray,
    SmallFloatArray,
    Whole,
    compiled_without_counting,
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


@dataclass(frozen=True)
class Links:
    """Pairs at or above the threshold, each once: left < right int32, places of records; weight: float32, log2 odds.

    looked_at: pairs that each rule was the first to bring together.
    """

    left: IntArray
    right: IntArray
    weight: SmallFloatArray
    looked_at: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.left)


@compiled_without_counting
def alikeness(
    kind: Whole, words: HashArray, data: ByteArray, start: LongArray, room: LongArray, x: Whole, y: Whole, reach: float
) -> float:
    """What a measure of two texts says, worked out as far as `reach`."""
    if kind == JARO_WINKLER:
        return alike.jaro_winkler(words, data, start, room, x, y, reach)
    if kind == JARO:
        return alike.jaro(words, data, start, room, x, y, reach)
    return float(alike.edits(words, data, start, room, x, y, np.int64(reach), kind == DAMERAU))


@compiled_without_counting
def level_of(
    i: Whole, j: Whole, alternative: Whole, last: Whole, otherwise: Whole,
    alternative_level: LongArray, alternative_test: LongArray, measure: ByteArray, left: IntArray, right: IntArray,
    at: FloatArray, reach: FloatArray, question: LongArray, turned: BoolArray,
    codes: IntArray, text_at: LongArray, number_at: LongArray, hash_at: LongArray, words: HashArray, data: ByteArray,
    start: LongArray, numbers: FloatArray, hashes: HashArray, room: LongArray,
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
                        else:
                            known_answer = alikeness(
                                kind, words, data, start, room, text_at[x] + one, text_at[y] + other, reach[test]
                            )
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


@compiled_without_counting
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


_GATHERED = 2_048  # records copied side by side at a time: what they are coded in stays in the processor's own memory


_KEPT = 65_536  # links found before they are taken away


def block_and_score(
    blocks: Blocks, keys: HashArray, rule: int, source: IntArray, across_only: bool, prior: float, home_prior: float,
    threshold: float, program: Program, values: Values, *, begin: int, end: int,
) -> Links:  # fmt: skip
    """The pairs of the blocks [begin, end) that reach the threshold.

    keys: uint64 [n, rules]; a pair that an earlier rule has is left to it. source: int32 [n]; across_only: only pairs
    of two sources.
    """
    start = blocks.start[begin : end + 1]
    largest = int(np.diff(start).max(initial=0))
    kept = max(_KEPT, 2 * largest)
    left, right, weight = np.empty(kept, np.int32), np.empty(kept, np.int32), np.empty(kept, np.float32)
    here = np.empty((max(_GATHERED, largest), values.codes.shape[1]), np.int32)
    keys_here = np.empty((len(here), rule + 1), np.uint64)
    still_open, room = np.zeros(len(program.known), np.bool_), alike.room_to_work()
    parts = []
    done = np.zeros(4, np.int64)
    while True:
        work: Callable[..., None] = scan
        work(
            blocks.order, start, keys, rule, source, across_only, prior, home_prior, threshold,
            *_by_name(program, _OF_PROGRAM), *_by_name(values, _OF_VALUES),
            here, keys_here, still_open, room, left, right, weight, done,
        )  # fmt: skip
        found = int(done[FOUND])
        parts.append((left[:found].copy(), right[:found].copy(), weight[:found].copy()))
        if done[BLOCK] == len(start) - 1:
            break
    one, other, weights = (np.concatenate([part[place] for part in parts]) for place in range(3))
    return Links(one, other, weights, (int(done[LOOKED_AT]),))


BLOCK, ROW, FOUND, LOOKED_AT = range(4)
_OF_PROGRAM = (
    "known", "equal", "begin", "end", "alternative_level", "alternative_test", "measure", "left", "right", "at",
    "reach", "question", "turned", "first_level", "else_level", "weight", "frequency_value", "frequency_weight",
    "frequency_agreement", "frequency_least", "most_open", "home_weight", "home_most_open", "order",
)  # fmt: skip
_OF_VALUES = (
    "codes", "text_at", "number_at", "hash_at", "share_at", "words", "data", "start", "numbers", "hashes",
    "log_shares",
)  # fmt: skip


def _by_name(tables: Program | Values, names: tuple[str, ...]) -> list[Any]:
    return [getattr(tables, name) for name in names]


@compiled_without_counting
def scan(
    members: IntArray, block_start: LongArray, keys: HashArray, rule: Whole, source: IntArray, across_only: bool,
    prior: float, home_prior: float, threshold: float,
    known: IntArray, equal: IntArray, begin: LongArray, end: LongArray, alternative_level: LongArray,
    alternative_test: LongArray, measure: ByteArray, left: IntArray, right: IntArray, at: FloatArray, reach: FloatArray,
    question: LongArray, turned: BoolArray, first_level: LongArray, else_level: LongArray, weight: FloatArray,
    frequency_value: IntArray, frequency_weight: FloatArray, frequency_agreement: FloatArray,
    frequency_least: FloatArray, most_open: FloatArray, home_weight: FloatArray, home_most_open: FloatArray,
    order: LongArray,
    codes: IntArray, text_at: LongArray, number_at: LongArray, hash_at: LongArray, share_at: LongArray,
    words: HashArray, data: ByteArray, start: LongArray, numbers: FloatArray, hashes: HashArray, log_shares: FloatArray,
    here: IntArray, keys_here: HashArray, still_open: BoolArray, room: LongArray,
    lefts: IntArray, rights: IntArray, weights: SmallFloatArray, done: LongArray,
) -> None:  # fmt: skip
    """Go on where `done` says, until the blocks end or the room for links may not do for one more record's pairs.

    done: int64 [4], see BLOCK to LOOKED_AT. here, keys_here, still_open, room: places to work in.
    """
    found = 0
    looked_at = done[LOOKED_AT]
    comparisons = len(known)
    gathered = np.int64(0)  # up to this place, the members are here
    base = np.int64(0)
    first_row = done[ROW]
    for block in range(done[BLOCK], len(block_start) - 1):
        if block_start[block + 1] > gathered:
            base = block_start[block]
            until = block + 1
            while until < len(block_start) - 1 and block_start[until + 1] - base <= len(here):
                until += 1
            gathered = block_start[until]
            for place in range(base, gathered):
                for value in range(codes.shape[1]):
                    here[place - base, value] = codes[members[place], value]
                for value in range(rule + 1):
                    keys_here[place - base, value] = keys[members[place], value]
        size = block_start[block + 1] - block_start[block]
        for row in range(first_row, size):
            if found + size > len(lefts):
                done[BLOCK], done[ROW], done[FOUND], done[LOOKED_AT] = block, row, found, looked_at
                return
            i = block_start[block] - base + row
            for j in range(i + 1, block_start[block + 1] - base):
                if keys_here[i, rule] != keys_here[j, rule]:
                    continue
                if across_only and source[members[base + i]] == source[members[base + j]]:
                    continue
                earlier = False
                for before in range(rule):
                    if keys_here[i, before] == keys_here[j, before] and keys_here[i, before] != 0:
                        earlier = True
                        break
                if earlier:
                    continue
                looked_at += 1
                total = prior
                possible = 0.0  # what the open comparisons can add at most
                home_total = home_prior
                home_possible = 0.0
                for comparison in range(comparisons):
                    still_open[comparison] = False
                    value = known[comparison]
                    if value >= 0:
                        one, other = here[i, value], here[j, value]
                        if one < 0 or other < 0:
                            continue
                        same = equal[comparison]
                        if same != value:
                            one, other = here[i, same], here[j, same]
                        if one == other and one >= 0:
                            total += weight_of(
                                first_level[comparison] + 1, i, j, weight, frequency_value, frequency_weight,
                                frequency_agreement, frequency_least, here, share_at, log_shares,
                            )  # fmt: skip
                            home_total += home_weight[first_level[comparison] + 1]
                            continue
                    still_open[comparison] = True
                    possible += most_open[comparison]
                    home_possible += home_most_open[comparison]
                if total + possible < threshold or home_total + home_possible < threshold:
                    continue
                hopeless = False
                for turn in range(comparisons):
                    comparison = order[turn]
                    if not still_open[comparison]:
                        continue
                    level = level_of(
                        i, j, begin[comparison], end[comparison], else_level[comparison], alternative_level,
                        alternative_test, measure, left, right, at, reach, question, turned, here, text_at, number_at,
                        hash_at, words, data, start, numbers, hashes, room,
                    )  # fmt: skip
                    total += weight_of(
                        level, i, j, weight, frequency_value, frequency_weight, frequency_agreement, frequency_least,
                        here, share_at, log_shares,
                    )  # fmt: skip
                    home_total += home_weight[level]
                    possible -= most_open[comparison]
                    home_possible -= home_most_open[comparison]
                    if min(total + possible, home_total + home_possible) < threshold - 1e-9:
                        hopeless = True
                        break
                if hopeless:
                    continue
                if home_total < total + 30:  # else homes are no rival that could be seen in the sum
                    least = min(total, home_total)
                    total = least - np.log2(1.0 + np.exp2(least - max(total, home_total)))
                if total < threshold:
                    continue
                lefts[found] = members[base + i]
                rights[found] = members[base + j]
                weights[found] = total
                found += 1
        first_row = np.int64(0)
    done[BLOCK], done[ROW], done[FOUND], done[LOOKED_AT] = len(block_start) - 1, 0, found, looked_at


def levels_of(first: IntArray, second: IntArray, program: Program, values: Values) -> ByteArray:
    """The level of each pair in each comparison, counted from 0 within it: uint8 [pairs, comparisons]."""
    levels = np.empty((len(first), len(program.known)), np.uint8)
    work: Callable[..., None] = fill_levels
    work(
        first, second, levels, program.begin_all, program.first_level, program.else_level,
        *_by_name(program, ("end", *_OF_PROGRAM[4:13])), *_by_name(values, _OF_LEVELS), alike.room_to_work(),
    )  # fmt: skip
    return levels


_OF_LEVELS = ("codes", "text_at", "number_at", "hash_at", "words", "data", "start", "numbers", "hashes")


@compiled_without_counting
def fill_levels(
    first: IntArray, second: IntArray, levels: ByteArray, begin_all: LongArray, first_level: LongArray,
    else_level: LongArray, end: LongArray, alternative_level: LongArray, alternative_test: LongArray,
    measure: ByteArray, left: IntArray, right: IntArray, at: FloatArray, reach: FloatArray, question: LongArray,
    turned: BoolArray, codes: IntArray, text_at: LongArray, number_at: LongArray, hash_at: LongArray,
    words: HashArray, data: ByteArray, start: LongArray, numbers: FloatArray, hashes: HashArray, room: LongArray,
) -> None:  # fmt: skip
    for pair in range(len(first)):
        for comparison in range(len(end)):
            level = level_of(
                first[pair], second[pair], begin_all[comparison], end[comparison], else_level[comparison],
                alternative_level, alternative_test, measure, left, right, at, reach, question, turned, codes, text_at,
                number_at, hash_at, words, data, start, numbers, hashes, room,
            )  # fmt: skip
            levels[pair, comparison] = level - first_level[comparison]

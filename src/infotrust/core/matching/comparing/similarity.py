"""How alike two words are: Jaro-Winkler and optimal string alignment, compiled.

A word is a row of `Texts.matrix` and its length; no row is cut out, because counting references to it costs more than
comparing it. Tests hold all of them against rapidfuzz.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.matching.compiled import ByteArray, Whole, compiled_without_counting

_WINKLER_FROM = 0.7  # Winkler (1990) rewards a common beginning only above this similarity


@compiled_without_counting
def jaro_winkler(words: ByteArray, x_word: Whole, a_length: Whole, y_word: Whole, b_length: Whole) -> float:
    """Similarity in [0, 1]; two empty words are unlike."""
    if a_length == 0 or b_length == 0:
        return 0.0
    window = max(max(a_length, b_length) // 2 - 1, 0)
    one = np.uint64(1)
    in_a = np.uint64(0)
    in_b = np.uint64(0)
    common = 0
    for x in range(a_length):
        for y in range(max(0, x - window), min(b_length, x + window + 1)):
            if words[y_word, y] == words[x_word, x] and not (in_b >> np.uint64(y)) & one:
                in_b |= one << np.uint64(y)
                in_a |= one << np.uint64(x)
                common += 1
                break
    if common == 0:
        return 0.0
    out_of_order = 0
    y = 0
    for x in range(a_length):
        if (in_a >> np.uint64(x)) & one:
            while not (in_b >> np.uint64(y)) & one:
                y += 1
            if words[x_word, x] != words[y_word, y]:
                out_of_order += 1
            y += 1
    jaro = (common / a_length + common / b_length + (common - out_of_order // 2) / common) / 3.0
    if jaro <= _WINKLER_FROM:
        return jaro
    prefix = 0
    while prefix < min(4, a_length, b_length) and words[x_word, prefix] == words[y_word, prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1.0 - jaro)


@compiled_without_counting
def what_differs(
    words: ByteArray, x_word: Whole, a_length: Whole, y_word: Whole, b_length: Whole
) -> tuple[Whole, Whole, Whole]:
    """Where the words begin to differ, and where each of them ends to."""
    begin: Whole = 0
    while begin < a_length and begin < b_length and words[x_word, begin] == words[y_word, begin]:
        begin += 1
    while a_length > begin and b_length > begin and words[x_word, a_length - 1] == words[y_word, b_length - 1]:
        a_length -= 1
        b_length -= 1
    return begin, a_length, b_length


@compiled_without_counting
def edits(words: ByteArray, x_word: Whole, a_length: Whole, y_word: Whole, b_length: Whole, most: int) -> int:
    """Optimal string alignment distance (a swap of neighbors is one edit), or most + 1 when it is larger.

    A column of the table of distances is one machine word (Hyyrö 2003, with his transposition term).
    """
    if a_length - b_length > most or b_length - a_length > most:
        return most + 1
    begin, a_length, b_length = what_differs(words, x_word, a_length, y_word, b_length)
    if a_length == begin or b_length == begin:
        return int(min(max(a_length, b_length) - begin, most + 1))
    one, zero = np.uint64(1), np.uint64(0)
    last = one << np.uint64(a_length - begin - 1)
    up, down, diagonal, matched = ~zero, zero, zero, zero
    distance = a_length - begin
    for y in range(begin, b_length):
        before = matched
        matched = zero
        for x in range(begin, a_length):
            if words[x_word, x] == words[y_word, y]:
                matched |= one << np.uint64(x - begin)
        swapped = ((~diagonal & matched) << one) & before
        diagonal = (((matched & up) + up) ^ up) | matched | down | swapped
        right = down | ~(diagonal | up)
        left = diagonal & up
        if right & last:
            distance += 1
        elif left & last:
            distance -= 1
        right = (right << one) | one
        up = (left << one) | ~(diagonal | right)
        down = right & diagonal
    return int(min(distance, most + 1))


@compiled_without_counting
def one_edit_apart(words: ByteArray, x_word: Whole, a_length: Whole, y_word: Whole, b_length: Whole) -> bool:
    """Whether `edits` is one at most: what the words do not share at their ends is one letter, or two swapped."""
    if a_length - b_length > 1 or b_length - a_length > 1:
        return False
    begin, a_length, b_length = what_differs(words, x_word, a_length, y_word, b_length)
    if a_length - begin <= 1 and b_length - begin <= 1:
        return True
    if a_length - begin != 2 or b_length - begin != 2:
        return False
    return bool(words[x_word, begin] == words[y_word, begin + 1] and words[x_word, begin + 1] == words[y_word, begin])

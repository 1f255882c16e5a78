"""How alike two texts are, as DuckDB says it, eight letters at a time: Jaro, Jaro-Winkler and three edit distances.

A text is one line of 64 bytes, as the processor reads them: 40 letters, how many there are, and how often each letter
occurs. What the letters alone rule out is not compared at all. Longer texts, which are few, are compared letter by
letter, the first 255 of them. Bytes are compared, not characters, and Jaro looks for the letters of the second text in
the first: both as DuckDB does, so that Splink's levels come out the same. Tests hold every measure against DuckDB's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from infotrust.core.matching.compiled import ByteArray, HashArray, LongArray, Whole, compiled, compiled_without_counting
from infotrust.core.matching.reading.texts import Texts

LETTERS = 40  # bytes of a text in its line; five words of eight
_LENGTH, _LOST = 40, 41  # bytes of a line: the length (255: longer), and letters that the counts below leave out
_ONCE_AND_TWICE, _MORE = 6, 7  # words of a line: 32 kinds of letters, whether they occur 1, 2, 3, 4 times
_LONGER = 255
LONGEST = 255  # letters that are compared
_WINKLER_FROM = 0.7  # Winkler (1990) rewards a common beginning only above this similarity
_ONES = np.uint64(0x0101010101010101)
_LOW = np.uint64(0x7F7F7F7F7F7F7F7F)
_GATHER = np.uint64(0x0102040810204080)
_ONE, _ZERO = np.uint64(1), np.uint64(0)


class Lines(NamedTuple):
    """Texts for the compiled loops. words: uint64 [texts, 8], see the module; data, start: the texts end to end."""

    words: HashArray
    data: ByteArray
    start: LongArray


def room_to_work() -> LongArray:
    """What the measures need beside the texts; one for each thread."""
    return np.zeros((LONGEST + 2) ** 2 + 256, np.int64)


def lines_of(texts: Texts) -> Lines:
    """Pack texts. A text's place in the lines is its place in `texts`."""
    words = np.zeros((len(texts), 8), np.uint64)
    write_lines(words.view(np.uint8), words, texts.data, texts.start)
    return Lines(words, texts.data, texts.start)


@compiled
def write_lines(lines: ByteArray, words: HashArray, data: ByteArray, start: LongArray) -> None:
    for text in range(len(start) - 1):
        length = start[text + 1] - start[text]
        lines[text, _LENGTH] = min(length, _LONGER)
        if length > LETTERS:
            lines[text, _LENGTH] = _LONGER
            continue
        lost = 0
        for place in range(length):
            letter = data[start[text] + place]
            lines[text, place] = letter
            kind = _ONE << np.uint64(letter & 31)
            other = kind << np.uint64(32)
            if not words[text, _ONCE_AND_TWICE] & kind:
                words[text, _ONCE_AND_TWICE] |= kind
            elif not words[text, _ONCE_AND_TWICE] & other:
                words[text, _ONCE_AND_TWICE] |= other
            elif not words[text, _MORE] & kind:
                words[text, _MORE] |= kind
            elif not words[text, _MORE] & other:
                words[text, _MORE] |= other
            else:
                lost += 1
        lines[text, _LOST] = lost


@compiled_without_counting
def bits(word: np.uint64) -> Whole:
    """How many bits are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * _ONES) >> np.uint64(56))


@compiled_without_counting
def length_of(words: HashArray, text: Whole) -> Whole:
    return np.int64(words[text, 5] & np.uint64(0xFF))


@compiled_without_counting
def in_common(words: HashArray, x: Whole, y: Whole) -> Whole:
    """No more letters than this are in both texts."""
    lost_x, lost_y = (words[x, 5] >> np.uint64(8)) & np.uint64(0xFF), (words[y, 5] >> np.uint64(8)) & np.uint64(0xFF)
    shared = bits(words[x, 6] & words[y, 6]) + bits(words[x, 7] & words[y, 7])
    return shared + min(np.int64(lost_x), np.int64(lost_y))


@compiled_without_counting
def places_of(words: HashArray, text: Whole, letter: np.uint64, length: Whole) -> np.uint64:
    """One bit for each place of the text that has this letter."""
    wanted = letter * _ONES
    found = _ZERO
    for word in range((length + 7) >> 3):
        apart = words[text, word] ^ wanted
        same = ~(((apart & _LOW) + _LOW) | apart | _LOW)
        found |= (((same >> np.uint64(7)) * _GATHER) >> np.uint64(56)) << np.uint64(8 * word)
    return found


@compiled_without_counting
def letter_at(words: HashArray, text: Whole, place: Whole) -> np.uint64:
    return np.uint64((words[text, place >> 3] >> np.uint64(8 * (place & 7))) & np.uint64(0xFF))


@compiled_without_counting
def jaro(
    words: HashArray, data: ByteArray, start: LongArray, room: LongArray, x: Whole, y: Whole, least: float
) -> float:
    """Jaro similarity of texts x (the left) and y; 0 where it is certain to be below `least`."""
    m, n = length_of(words, x), length_of(words, y)
    if m == _LONGER or n == _LONGER:
        return long_jaro(data, start, room, x, y)
    if m == 0 or n == 0:
        return 0.0
    most = in_common(words, x, y)
    if most == 0 or (most / m + most / n + 1.0) / 3.0 < least - 1e-9:
        return 0.0
    window = max(max(m, n) // 2 - 1, 0)
    taken_x, taken_y = _ZERO, _ZERO
    common = 0
    within = (_ONE << np.uint64(m)) - _ONE
    for place in range(min(n, m + window)):
        low = max(place - window, 0)
        near = ((_ONE << np.uint64(place + window + 1)) - _ONE) & ~((_ONE << np.uint64(low)) - _ONE) & within
        found = places_of(words, x, letter_at(words, y, place), m) & near & ~taken_x
        if found:
            taken_x |= found & (~found + _ONE)
            taken_y |= _ONE << np.uint64(place)
            common += 1
    if common == 0:
        return 0.0
    out_of_order = 0
    at = 0
    for place in range(n):
        if (taken_y >> np.uint64(place)) & _ONE:
            while not (taken_x >> np.uint64(at)) & _ONE:
                at += 1
            out_of_order += letter_at(words, y, place) != letter_at(words, x, at)
            at += 1
    return float((common / m + common / n + (common - out_of_order // 2) / common) / 3.0)


@compiled_without_counting
def long_jaro(data: ByteArray, start: LongArray, room: LongArray, x: Whole, y: Whole) -> float:
    m, n = min(start[x + 1] - start[x], LONGEST), min(start[y + 1] - start[y], LONGEST)
    if m == 0 or n == 0:
        return 0.0
    window = max(max(m, n) // 2 - 1, 0)
    room[: m + n] = 0  # which letters of x, then of y, are taken
    common = 0
    for place in range(n):
        for at in range(max(place - window, 0), min(place + window + 1, m)):
            if not room[at] and data[start[x] + at] == data[start[y] + place]:
                room[at] = room[m + place] = 1
                common += 1
                break
    if common == 0:
        return 0.0
    out_of_order = 0
    at = 0
    for place in range(n):
        if room[m + place]:
            while not room[at]:
                at += 1
            out_of_order += data[start[y] + place] != data[start[x] + at]
            at += 1
    return float((common / m + common / n + (common - out_of_order // 2) / common) / 3.0)


@compiled_without_counting
def jaro_winkler(
    words: HashArray, data: ByteArray, start: LongArray, room: LongArray, x: Whole, y: Whole, least: float
) -> float:
    """The same with a reward for a common beginning of up to four letters."""
    # A common beginning adds at most .4 of what is missing: below this Jaro the rest is not worth knowing.
    alike = jaro(words, data, start, room, x, y, min(least, max((least - 0.4) / 0.6, _WINKLER_FROM)))
    if alike <= _WINKLER_FROM:
        return alike
    prefix = 0
    shortest = min(start[x + 1] - start[x], start[y + 1] - start[y], 4)
    while prefix < shortest and data[start[x] + prefix] == data[start[y] + prefix]:
        prefix += 1
    return alike + prefix * 0.1 * (1.0 - alike)


@compiled_without_counting
def edits(
    words: HashArray, data: ByteArray, start: LongArray, room: LongArray, x: Whole, y: Whole, most: Whole, swaps: bool
) -> Whole:
    """Edits from one text to the other, or most + 1 when there are more.

    Levenshtein's; with `swaps` Damerau's, in which two neighbors that changed places are one edit, also when letters
    came or went between them. A column of the table of distances is one machine word (Hyyrö 2003, with his term for
    swaps of neighbors that stayed neighbors); where only letters between them can make the difference, the whole table.
    """
    m, n = length_of(words, x), length_of(words, y)
    if m == _LONGER or n == _LONGER:
        return min(edits_in_full(data, start, room, x, y, swaps), most + 1)
    if max(m, n) - in_common(words, x, y) > most:
        return most + 1
    if m == 0 or n == 0:
        return min(max(m, n), most + 1)
    last = _ONE << np.uint64(m - 1)
    up, down, diagonal, matched = ~_ZERO, _ZERO, _ZERO, _ZERO
    distance = m
    for place in range(n):
        before = matched
        matched = places_of(words, x, letter_at(words, y, place), m)
        swapped = ((~diagonal & matched) << _ONE) & before if swaps else _ZERO
        diagonal = (((matched & up) + up) ^ up) | matched | down | swapped
        right = down | ~(diagonal | up)
        left = diagonal & up
        if right & last:
            distance += 1
        elif left & last:
            distance -= 1
        right = (right << _ONE) | _ONE
        up = (left << _ONE) | ~(diagonal | right)
        down = right & diagonal
    # A swap with letters between costs this distance one edit more than Damerau's, and each takes two of them at least.
    if swaps and most < distance <= most + most // 2:
        distance = edits_in_full(data, start, room, x, y, True)
    return min(distance, most + 1)


@compiled_without_counting
def edits_in_full(data: ByteArray, start: LongArray, room: LongArray, x: Whole, y: Whole, swaps: bool) -> Whole:
    """The whole table of distances (Lowrance and Wagner 1975 for swaps)."""
    m, n = min(start[x + 1] - start[x], LONGEST), min(start[y + 1] - start[y], LONGEST)
    width = n + 2
    rows_of = (m + 2) * width  # then, for each letter, the last row of x that has it
    room[rows_of : rows_of + 256] = 0
    for row in range(m + 2):
        room[row * width] = m + n
        room[row * width + 1] = m + n if row == 0 else row - 1
    for column in range(n + 1):
        room[column + 1] = m + n
        room[width + column + 1] = column
    for row in range(1, m + 1):
        letter = data[start[x] + row - 1]
        last_column = 0
        for column in range(1, n + 1):
            other = data[start[y] + column - 1]
            swap_row, swap_column = room[rows_of + other], last_column
            if letter == other:
                last_column = column
            above = row * width + column
            best = min(room[above] + (letter != other), room[above + width] + 1, room[above + 1] + 1)
            if swaps:
                between = (row - swap_row - 1) + (column - swap_column - 1)
                best = min(best, room[swap_row * width + swap_column] + between + 1)
            room[above + width + 1] = best
        room[rows_of + letter] = row
    return np.int64(room[(m + 1) * width + n + 1])

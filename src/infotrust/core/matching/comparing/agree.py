"""The compiled half of `compare`: how two records agree in each field, and whether they can still be one person.

All fields' values lie end to end in one set of arrays, so that one loop serves any choice of fields.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from infotrust.core.matching.comparing.similarity import edits, jaro_winkler, one_edit_apart
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
    compiled_without_counting,
)

TEXT, CODE, DATE, NUMBER, SOURCE = range(5)
DATE_SAME, GENERATION_APART, SWAPPED, SHORT_FORM = 8, 10, 10, 11
GENERATION = 13  # years: between a parent's birth and a child's; who errs so far on a date took another person's
# Two records whose letters differ this much cannot be this alike; see `cannot_reach`.
SLIGHTLY, ALIKE, NEARLY, CROSSWISE = 0.7, 0.85, 0.92, 0.95


# A value's line, 64 bytes long as the processor reads them: text, length, rarity, then words of 64 bits.
LENGTH, BAND = 32, 33
LETTERS, FIRST_WORD, LAST_WORD = 5, 6, 7

# Of eight classes at most sixteen pairs have one that is one person's and one that is not. Always so many, the unused
# ones filled with zeros: a loop whose length the compiler knows takes a fraction of the time.
DUELS = 16


class Columns(NamedTuple):
    """The fields of all records. A value's place is its field's base plus its code.

    kind, slips: per field; codes: int32 [n, fields], -1 unknown; lines: uint8 [values, 64], and words: the same as
    uint64 [values, 8] (see LENGTH to LAST_WORD: all that is asked of a value lies together, for one trip to memory);
    full_names: of given names; given, family: their places, -1 where there are none; source: rank of each record's
    file; files: level of each pair of files.
    """

    kind: ByteArray
    codes: IntArray
    base: LongArray
    lines: ByteArray
    words: HashArray
    full_names: IntArray
    slips: BoolArray
    given: int
    family: int
    source: IntArray
    files: LongArray


@compiled_without_counting
def fill_lines(
    lines: ByteArray, words: HashArray, at: Whole, matrix: ByteArray, length: IntArray, band: ByteArray,
    first_word: HashArray, last_word: HashArray,
) -> None:  # fmt: skip
    """Write a field's values into the lines from `at` on. Letters: one bit for each that occurs (digits share them)."""
    for value in range(len(length)):
        bag = np.uint64(0)
        for place in range(length[value]):
            lines[at + value, place] = matrix[value, place]
            bag |= np.uint64(1) << np.uint64(matrix[value, place] & 31)
        lines[at + value, LENGTH] = length[value]
        lines[at + value, BAND] = band[value]
        words[at + value, LETTERS] = bag
        words[at + value, FIRST_WORD] = first_word[value]
        words[at + value, LAST_WORD] = last_word[value]


@compiled_without_counting
def bits(bag: np.uint64) -> Whole:
    """How many bits of the lower 32 are set."""
    word = np.int64(bag)
    word = word - ((word >> 1) & 0x55555555)
    word = (word & 0x33333333) + ((word >> 2) & 0x33333333)
    word = (word + (word >> 4)) & 0x0F0F0F0F
    return ((word * 0x01010101) & 0xFFFFFFFF) >> 24


@compiled_without_counting
def most_alike(lines: ByteArray, words: HashArray, x: Whole, y: Whole) -> float:
    """Jaro-Winkler at most: letters that the other word lacks are not in common; the beginning may be the same."""
    m, n = np.int64(lines[x, LENGTH]), np.int64(lines[y, LENGTH])
    one, other = words[x, LETTERS], words[y, LETTERS]
    common = min(m - bits(one & ~other), n - bits(other & ~one))
    if common <= 0:
        return 0.0
    jaro = (common / m + common / n + 1.0) / 3.0
    return jaro + 0.4 * (1.0 - jaro) if jaro > 0.7 else jaro


@compiled_without_counting
def text_level(lines: ByteArray, words: HashArray, x: Whole, y: Whole) -> int:
    """TEXT_LEVELS of two different values: bands of Jaro-Winkler at .7, .85 and .92."""
    m, n = np.int64(lines[x, LENGTH]), np.int64(lines[y, LENGTH])
    level = 1
    if most_alike(lines, words, x, y) >= SLIGHTLY:
        alike = jaro_winkler(lines, x, m, y, n)
        level = 1 + (alike >= SLIGHTLY) + (alike >= ALIKE) + (alike >= NEARLY)
    if level < 3 and min(m, n) > 2 and one_edit(lines, words, x, y):
        level = 3  # one slip in a short name costs it much of its Jaro-Winkler
    if level == 4:
        return level
    if (m == 1 or n == 1) and m > 0 and n > 0 and lines[x, 0] == lines[y, 0]:
        return 9
    first, last = words[x, FIRST_WORD], words[x, LAST_WORD]
    other_first, other_last = words[y, FIRST_WORD], words[y, LAST_WORD]
    shared = first in (other_first, other_last)
    if shared or last in (other_first, other_last):
        return 9
    return level


@compiled_without_counting
def one_edit(lines: ByteArray, words: HashArray, x: Whole, y: Whole) -> bool:
    """Whether the values are one edit apart; one edit changes at most two kinds of letters."""
    if bits(words[x, LETTERS] ^ words[y, LETTERS]) > 2:
        return False
    return bool(one_edit_apart(lines, x, np.int64(lines[x, LENGTH]), y, np.int64(lines[y, LENGTH])))


@compiled_without_counting
def crosswise(lines: ByteArray, words: HashArray, x: Whole, y: Whole) -> bool:
    """Whether the given name at x is the family name at y, but for a slip: .95 of Jaro-Winkler."""
    if most_alike(lines, words, x, y) < CROSSWISE:
        return False
    return bool(jaro_winkler(lines, x, np.int64(lines[x, LENGTH]), y, np.int64(lines[y, LENGTH])) >= CROSSWISE)


@compiled_without_counting
def one_shared(full_names: IntArray, x: Whole, y: Whole) -> bool:
    """Whether two given names may stand for one full name."""
    for one in range(full_names.shape[1]):
        if full_names[x, one] < 0:
            break
        for other in range(full_names.shape[1]):
            if full_names[x, one] == full_names[y, other]:
                return True
    return False


@compiled_without_counting
def number(lines: ByteArray, row: Whole, begin: int, end: int) -> Whole:
    """The digits of a value as a number; -1 where one is no digit."""
    found: Whole = 0
    for place in range(begin, end):
        digit = np.int64(lines[row, place]) - 48
        if digit < 0 or digit > 9:
            return -1
        found = found * 10 + digit
    return found


@compiled_without_counting
def year_of(text: np.uint64) -> Whole:
    """The number that the first four of eight digits are."""
    digits = np.int64(text & np.uint64(0x0F0F0F0F))
    return (digits & 15) * 1000 + ((digits >> 8) & 15) * 100 + ((digits >> 16) & 15) * 10 + (digits >> 24)


@compiled_without_counting
def eight_digits(text: np.uint64) -> bool:
    """Whether all eight bytes are digits: none is below "0", and none above "9"."""
    offset = text ^ np.uint64(0x3030303030303030)
    return bool((((offset + np.uint64(0x7676767676767676)) | offset) & np.uint64(0x8080808080808080)) == 0)


@compiled_without_counting
def date_level(lines: ByteArray, words: HashArray, x: Whole, y: Whole) -> int:
    """DATE_LEVELS of two different values YYYYMMDD."""
    one, other = words[x, 0], words[y, 0]  # the first byte is the lowest, as on all machines numba compiles for
    if eight_digits(one) and eight_digits(other):  # nearly always: year, month and day are parts of one word
        differ = one ^ other
        same_year = (differ & np.uint64(0xFFFFFFFF)) == 0
        same_month = (differ & np.uint64(0xFFFF00000000)) == 0
        same_day = (differ >> np.uint64(48)) == 0
        swapped = ((one >> np.uint64(32)) & np.uint64(0xFFFF)) == (other >> np.uint64(48)) and (
            (other >> np.uint64(32)) & np.uint64(0xFFFF)
        ) == (one >> np.uint64(48))
        year, other_year = year_of(one), year_of(other)
    else:
        year, other_year = number(lines, x, 0, 4), number(lines, y, 0, 4)
        month, other_month = number(lines, x, 4, 6), number(lines, y, 4, 6)
        day, other_day = number(lines, x, 6, 8), number(lines, y, 6, 8)
        same_year = year == other_year and year >= 0
        same_month = month == other_month and month >= 0
        same_day = day == other_day and day >= 0
        swapped = month == other_day and day == other_month
    if same_year and swapped:
        return 9
    same = int(same_year) + int(same_month) + int(same_day)
    slip = one_edit(lines, words, x, y)
    if same == 2:
        return 7 if slip else 6
    if slip:
        return 5
    if same_year:
        return 4
    if same < 2 and year >= 0 and other_year >= 0 and not -GENERATION < year - other_year < GENERATION:
        return GENERATION_APART
    if year >= 0 and other_year >= 0 and -2 <= year - other_year <= 2:
        return 3
    return 2 if same == 1 else 1


@compiled_without_counting
def number_level(lines: ByteArray, words: HashArray, x: Whole, y: Whole) -> int:
    """NUMBER_LEVELS of two different values of nine digits, or of their last four."""
    m, n = np.int64(lines[x, LENGTH]), np.int64(lines[y, LENGTH])
    if m == 4 or n == 4:
        for back in range(1, 5):
            if lines[x, m - back] != lines[y, n - back]:
                return 1
        return 4
    if bits(words[x, LETTERS] ^ words[y, LETTERS]) > 4:  # two edits change at most four kinds of digits
        return 1
    return int(4 - min(edits(lines, x, m, y, n, 2), 3))


@compiled_without_counting
def same_level(kind: int, band: int, length: int) -> int:
    """The level of two values that are the same."""
    if kind == TEXT:
        return 5 + band
    if kind == CODE:
        return 3 + band
    if kind == DATE:
        return DATE_SAME
    if length == 4:
        return 4
    return 6 if band >= 3 else 5


@compiled_without_counting
def given_level(
    level: int, codes: IntArray, base: LongArray, lines: ByteArray, words: HashArray, full_names: IntArray, given: int,
    family: int, i: int, j: int,
) -> int:  # fmt: skip
    """The level of two given names, once they are neither the same nor nearly: short forms, names swapped."""
    if level == 4:
        return level
    if one_shared(full_names, codes[i, given], codes[j, given]):
        return SHORT_FORM
    if level == 9 or family < 0:
        return level
    x, y = base[given] + codes[i, given], base[given] + codes[j, given]
    p, q = codes[i, family], codes[j, family]
    if q >= 0 and crosswise(lines, words, x, base[family] + q):
        return SWAPPED
    if p >= 0 and crosswise(lines, words, y, base[family] + p):
        return SWAPPED
    return level


@compiled_without_counting
def other_level(kind: int, slips: bool, lines: ByteArray, words: HashArray, x: Whole, y: Whole) -> int:
    """The level of two values that are known and not the same."""
    if kind == TEXT:
        return text_level(lines, words, x, y)
    if kind == CODE:
        return 2 if slips and one_edit(lines, words, x, y) else 1
    if kind == DATE:
        return date_level(lines, words, x, y)
    return number_level(lines, words, x, y)


@compiled
def levels_of(c: Columns, first: IntArray, second: IntArray) -> ByteArray:
    """The agreement pattern of each pair: uint8 [pairs, fields]."""
    # The loops take the arrays one by one: handing the tuple on would copy all of it at each call.
    levels = np.zeros((len(first), len(c.kind)), np.uint8)
    fill_levels(
        levels, c.kind, c.codes, c.base, c.lines, c.words, c.full_names, c.slips, c.given, c.family, c.source, c.files,
        first, second,
    )  # fmt: skip
    return levels


@compiled_without_counting
def fill_levels(
    levels: ByteArray, kind: ByteArray, codes: IntArray, base: LongArray, lines: ByteArray, words: HashArray,
    full_names: IntArray, slips: BoolArray, given: int, family: int, source: IntArray, files: LongArray,
    first: IntArray, second: IntArray,
) -> None:  # fmt: skip
    fields = len(kind)
    for pair in range(len(first)):
        i, j = first[pair], second[pair]
        for field in range(fields):
            if kind[field] == SOURCE:
                levels[pair, field] = files[source[i], source[j]]
                continue
            if codes[i, field] < 0 or codes[j, field] < 0:
                continue
            x, y = base[field] + codes[i, field], base[field] + codes[j, field]
            if x == y:
                levels[pair, field] = same_level(kind[field], lines[x, BAND], lines[x, LENGTH])
                continue
            level = other_level(kind[field], slips[field], lines, words, x, y)
            if field == given:
                level = given_level(level, codes, base, lines, words, full_names, given, family, i, j)
            levels[pair, field] = level
        if given >= 0 and levels[pair, given] == SWAPPED:  # one fact, told once
            levels[pair, family] = 0


@compiled
def odds_of(
    c: Columns, first: IntArray, second: IntArray, tables: FloatArray, log_share: FloatArray, same: BoolArray,
    order: LongArray, ahead: FloatArray, gain: FloatArray, open_gain: FloatArray, weakest: float,
) -> SmallFloatArray:  # fmt: skip
    """Natural log odds that each pair is one person's, or `weakest` as soon as it is certain to be no more.

    tables: log P(level | class) [fields, levels, classes]. For each two classes k (one person's) and m (not), ahead
    [DUELS] is what k has before anything is known, gain [fields, levels, DUELS] what a level adds to k against m, and
    open_gain [fields, DUELS] the most that any level of two different values may add: so a pair is given up before its
    costly comparisons.
    """
    fields = len(c.kind)
    odds = np.empty(len(first), np.float32)
    fill_odds(
        odds, np.zeros(fields, np.int64), np.zeros(fields, np.bool_), np.empty(DUELS), np.empty(len(same)),
        c.kind, c.codes, c.base, c.lines, c.words, c.full_names, c.slips, c.given, c.family, c.source, c.files, first,
        second, tables, log_share, same, order, ahead, gain, open_gain, weakest,
    )  # fmt: skip
    return odds


@compiled_without_counting
def fill_odds(
    odds: SmallFloatArray, levels: LongArray, still_open: BoolArray, lead: FloatArray, scores: FloatArray,
    kind: ByteArray, codes: IntArray, base: LongArray, lines: ByteArray, words: HashArray, full_names: IntArray,
    slips: BoolArray, given: int, family: int, source: IntArray, files: LongArray, first: IntArray, second: IntArray,
    tables: FloatArray, log_share: FloatArray, same: BoolArray, order: LongArray, ahead: FloatArray, gain: FloatArray,
    open_gain: FloatArray, weakest: float,
) -> None:  # fmt: skip
    fields = len(kind)
    winners = 0
    for k in range(len(same)):
        winners += same[k]
    rivals = len(same) - winners
    enough = weakest - np.log(winners)
    for pair in range(len(first)):
        i, j = first[pair], second[pair]
        for duel in range(DUELS):
            lead[duel] = ahead[duel]
        for field in range(fields):
            level = 0
            still_open[field] = False
            if kind[field] == SOURCE:
                level = files[source[i], source[j]]
            elif codes[i, field] >= 0 and codes[j, field] >= 0:
                x = base[field] + codes[i, field]
                if codes[i, field] == codes[j, field]:
                    level = same_level(kind[field], lines[x, BAND], lines[x, LENGTH])
                else:
                    still_open[field] = True
                    for duel in range(DUELS):
                        lead[duel] += open_gain[field, duel]
            levels[field] = level
            if level > 0:
                for duel in range(DUELS):
                    lead[duel] += gain[field, level, duel]
        hopeless = highest(lead, winners, rivals) <= enough
        for at in range(fields):
            if hopeless:
                break
            field = order[at]
            if not still_open[field]:
                continue
            x, y = base[field] + codes[i, field], base[field] + codes[j, field]
            level = other_level(kind[field], slips[field], lines, words, x, y)
            if field == given:
                level = given_level(level, codes, base, lines, words, full_names, given, family, i, j)
            levels[field] = level
            for duel in range(DUELS):
                lead[duel] += gain[field, level, duel] - open_gain[field, duel]
            if field == given and level == SWAPPED:  # the family name is told with it
                for duel in range(DUELS):
                    lead[duel] -= open_gain[family, duel] if still_open[family] else gain[family, levels[family], duel]
                still_open[family] = False
                levels[family] = 0
            hopeless = highest(lead, winners, rivals) <= enough
        odds[pair] = weakest if hopeless else max(weakest, log_odds_of(levels, tables, log_share, same, scores))


@compiled_without_counting
def highest(lead: FloatArray, winners: Whole, rivals: Whole) -> float:
    """An upper bound of the log odds, but for log(winners): the best of one person's classes against its strongest
    rival."""
    best = -1e300
    for k in range(winners):
        worst = 1e300
        for m in range(rivals):
            worst = min(worst, lead[k * rivals + m])
        best = max(best, worst)
    return best


@compiled_without_counting
def log_odds_of(
    levels: LongArray | ByteArray, tables: FloatArray, log_share: FloatArray, same: BoolArray, scores: FloatArray
) -> float:
    """Log of (sum over one person's classes / sum over the others). scores: [classes], to work in."""
    for k in range(len(scores)):
        scores[k] = log_share[k]
    for field in range(len(levels)):
        for k in range(len(scores)):
            scores[k] += tables[field, levels[field], k]
    top = -1e300
    for k in range(len(scores)):
        top = max(top, scores[k])
    yes = 0.0
    no = 0.0
    for k in range(len(scores)):
        if same[k]:
            yes += np.exp(scores[k] - top)
        else:
            no += np.exp(scores[k] - top)
    return float(np.log(yes + 1e-300) - np.log(no + 1e-300))

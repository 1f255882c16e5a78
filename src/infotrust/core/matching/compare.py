"""How a pair agrees, field by field, as small whole numbers: the agreement pattern.

Level 0 is always "not known on one side" and counts neither for nor against. Agreement on a value is split by how rare
the value is, so that what a shared rare name is worth is learned from the data and not assumed (term frequency).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching import standardize
from infotrust.core.matching.candidates import Pairs
from infotrust.core.matching.compiled import (
    ByteArray,
    FloatArray,
    IntArray,
    compiled,
    in_parallel,
)
from infotrust.core.matching.nicknames import possible_names
from infotrust.core.matching.similarity import as_bytes, edits, jaro_winkler
from infotrust.core.matching.sources import Coded, Records

# Agreed values fall into four classes of rarity, by nats of log(records / records with the value).
RARITY = np.array([3.0, 6.0, 8.0])
_BY_RARITY = tuple(f"same, {how}" for how in ("very common", "common", "rare", "very rare"))
_MANY_VALUES = 300  # a code with fewer distinct values is a category: one letter off is another category

_OF_HOUSEHOLD = frozenset({"family", "street", "house", "unit", "zip", "city", "phone", "email", "guardian"})

TEXT_LEVELS = (
    "not known", "different", "slightly alike", "alike", "nearly the same", *_BY_RARITY, "one word the same", "swapped",
    "short form",
)  # fmt: skip
CODE_LEVELS = ("not known", "different", "one edit apart", *_BY_RARITY)
DATE_LEVELS = (
    "not known", "different", "one part the same", "years within two", "same year", "one edit apart",
    "two parts the same", "two parts the same, one edit apart", "same", "day and month swapped",
)  # fmt: skip
NUMBER_LEVELS = (
    "not known",
    "different",
    "two edits apart",
    "one edit apart",
    "last four the same",
    "same, shared",
    "same",
)


@dataclass(frozen=True)
class Comparison:
    """One field compared. `likely`: how a person's own two records agree, before any data (one share per level).

    `personal`: differs between the members of a household (given name, birth date, number). `most_different`: the
    largest share of a person's own pairs that may disagree on it; without such a bound the children of one home, alike
    in ten other fields, can become one person.
    """

    field: str
    levels: tuple[str, ...]
    likely: FloatArray
    agree: tuple[int, ...]
    personal: bool
    compare: Callable[[Pairs], ByteArray]
    most_different: float = 1.0

    @property
    def same(self) -> tuple[int, ...]:
        """The levels at which the values are the same, not only alike."""
        return tuple(at for at, name in enumerate(self.levels) if name.startswith("same") and name != "same year")

    @property
    def of_household(self) -> bool:
        """Whether the members of a household share it."""
        return self.field in _OF_HOUSEHOLD


def plan_comparisons(records: Records) -> list[Comparison]:
    """What can be compared in these records, in a fixed order; the pair of sources last."""
    fields = records.fields
    planned = [_text(records, field, personal=field == "given") for field in ("given", "family") if field in fields]
    if "middle" in fields:
        planned.append(_text(records, "middle"))
    if "birth_date" in fields:
        planned.append(_date(fields["birth_date"]))
    if "ssn" in fields:
        planned.append(_number(fields["ssn"]))
    planned += [_text(records, field) for field in ("street", "guardian", "email") if field in fields]
    planned += [
        _code(field, fields[field]) for field in ("house", "unit", "zip", "phone", "sex", "suffix") if field in fields
    ]
    # City and ZIP code say the same thing twice: the city counts only where few ZIP codes are known.
    if "city" in fields and ("zip" not in fields or fields["zip"].filled < len(records) / 2):
        planned.append(_text(records, "city"))
    if len(records.source_names) > 1:
        planned.append(_sources(records))
    return planned


def agreement(comparisons: list[Comparison], pairs: Pairs) -> ByteArray:
    """The patterns of all pairs: uint8 [pairs, comparisons]."""
    levels = np.zeros((len(pairs), len(comparisons)), np.uint8)
    for place, comparison in enumerate(comparisons):
        levels[:, place] = comparison.compare(pairs)
    fields = [comparison.field for comparison in comparisons]
    if "given" in fields and "family" in fields:  # one fact, told once: swapped names count under the given name
        swapped = levels[:, fields.index("given")] == TEXT_LEVELS.index("swapped")
        levels[swapped, fields.index("family")] = 0
    return levels


def rarity(coded: Coded) -> ByteArray:
    """The class of rarity of each value, 0 (very common) to 3: uint8 [values]."""
    information = np.log(max(coded.filled, 1) / np.maximum(coded.counts, 1))
    return np.digitize(information, RARITY).astype(np.uint8)


def _agreed_by_rarity(coded: Coded, mass: float) -> list[float]:
    """Split the share of agreement over the classes of rarity as the records' values fall into them."""
    weights = np.bincount(rarity(coded), weights=coded.counts, minlength=4) + 0.5
    return [float(share) for share in mass * weights / weights.sum()]


def _text(records: Records, field: str, *, personal: bool = False) -> Comparison:
    coded = records.fields[field]
    swap = records.fields["family"] if field == "given" and "family" in records.fields else None
    matrix, lengths = as_bytes(coded.values)
    first, last = _end_words(coded, both_ends=field not in ("street", "email"))
    fulls = _full_names(coded, short_forms=field == "given")
    bands = rarity(coded)
    if swap is None:
        swap_codes, swap_matrix, swap_lengths = np.full(len(records), -1, np.int32), matrix, lengths
    else:
        swap_codes, (swap_matrix, swap_lengths) = swap.codes, as_bytes(swap.values)

    def compare(pairs: Pairs) -> ByteArray:
        return _in_slices(
            pairs,
            lambda a, b: text_levels(
                a,
                b,
                coded.codes,
                matrix,
                lengths,
                first,
                last,
                fulls,
                bands,
                swap_codes,
                swap_matrix,
                swap_lengths,
            ),
        )

    likely = np.array([0, 0.05, 0.02, 0.03, 0.06, *_agreed_by_rarity(coded, 0.78), 0.04, 0.01, 0.01])
    return Comparison(field, TEXT_LEVELS, likely, tuple(range(3, 12)), personal, compare, 0.05 if personal else 1.0)


def _end_words(coded: Coded, *, both_ends: bool) -> tuple[IntArray, IntArray]:
    words = [standardize.words(value) or [""] for value in coded.values]
    place = {word: at for at, word in enumerate(sorted({word for some in words for word in (some[0], some[-1])}))}
    first = np.array([place[some[0]] for some in words], np.int32)
    return first, np.array([place[some[-1]] for some in words], np.int32) if both_ends else first


def _full_names(coded: Coded, *, short_forms: bool) -> IntArray:
    """int32 [values, most]: numbers of the full names that each first word may stand for, -1 past the last."""
    if not short_forms:
        return np.full((len(coded.values), 1), -1, np.int32)
    names = [sorted(possible_names((standardize.words(value) or [""])[0])) for value in coded.values]
    number = {name: at for at, name in enumerate(sorted({name for some in names for name in some}))}
    fulls = np.full((len(names), max(map(len, names), default=1)), -1, np.int32)
    for row, some in enumerate(names):
        fulls[row, : len(some)] = [number[name] for name in some]
    return fulls


def _code(field: str, coded: Coded) -> Comparison:
    matrix, lengths = as_bytes(coded.values)
    bands = rarity(coded)
    most = 1 if len(coded.values) > _MANY_VALUES or field in ("phone", "zip") else 0

    def compare(pairs: Pairs) -> ByteArray:
        return _in_slices(pairs, lambda a, b: code_levels(a, b, coded.codes, matrix, lengths, bands, most))

    slip = 0.05 if most else 0.0
    likely = np.array([0, 0.15, slip, *_agreed_by_rarity(coded, 0.85 - slip)])
    if field == "sex":
        likely = np.array([0, 0.02, 0, *_agreed_by_rarity(coded, 0.98)])
    return Comparison(field, CODE_LEVELS, likely, (2, 3, 4, 5, 6), False, compare)


def _date(coded: Coded) -> Comparison:
    matrix, lengths = as_bytes(coded.values)
    parts = np.array(
        [[int(part) if part.isdigit() else -1 for part in (v[:4], v[4:6], v[6:])] for v in coded.values],
        np.int32,
    )

    def compare(pairs: Pairs) -> ByteArray:
        return _in_slices(pairs, lambda a, b: date_levels(a, b, coded.codes, matrix, lengths, parts))

    likely = np.array([0, 0.01, 0.01, 0.005, 0.01, 0.01, 0.015, 0.03, 0.9, 0.01])
    return Comparison("birth_date", DATE_LEVELS, likely, (5, 6, 7, 8, 9), True, compare, most_different=0.05)


def _number(coded: Coded) -> Comparison:
    matrix, lengths = as_bytes(coded.values)
    bands = rarity(coded)

    def compare(pairs: Pairs) -> ByteArray:
        return _in_slices(pairs, lambda a, b: number_levels(a, b, coded.codes, matrix, lengths, bands))

    return Comparison(
        "ssn",
        NUMBER_LEVELS,
        np.array([0, 0.05, 0.01, 0.04, 0.05, 0.1, 0.75]),
        (3, 4, 5, 6),
        True,
        compare,
        most_different=0.2,
    )


def _sources(records: Records) -> Comparison:
    """Which two files a pair comes from: how they err differs (the latent classes learn it)."""
    count = len(records.source_names)
    code = {pair: at for at, pair in enumerate(((x, y) for x in range(count) for y in range(x, count)), 1)}
    table = np.array([[code[min(x, y), max(x, y)] for y in range(count)] for x in range(count)], np.int64)
    order = sorted(range(count), key=lambda place: records.source_names[place])
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    if len(code) > 250:  # levels are bytes; past 21 files only whether it is the same file
        table = np.where(np.eye(count, dtype=bool), 1, 2)
    source = rank[records.source]
    size = int(table.max())

    def compare(pairs: Pairs) -> ByteArray:
        return table[source[pairs.first], source[pairs.second]].astype(np.uint8)

    levels = (
        ("not known", *(f"files {x} and {y}" for x, y in code))
        if size > 2 or count == 2
        else ("not known", "same file", "two files")
    )
    return Comparison("source", levels[: size + 1], np.append(0, np.full(size, 1 / size)), (), False, compare)


def _in_slices(pairs: Pairs, work: Callable[[IntArray, IntArray], ByteArray]) -> ByteArray:
    parts = in_parallel(lambda start, end: work(pairs.first[start:end], pairs.second[start:end]), len(pairs))
    return np.concatenate(parts)


@compiled
def text_levels(
    a: IntArray, b: IntArray, codes: IntArray, matrix: ByteArray, lengths: IntArray, first: IntArray, last: IntArray,
    fulls: IntArray, bands: ByteArray, swap_codes: IntArray, swap_matrix: ByteArray, swap_lengths: IntArray,
) -> ByteArray:  # fmt: skip
    """TEXT_LEVELS of each pair: bands of Jaro-Winkler at .7, .85 and .92; .95 crosswise is a swap."""
    levels = np.zeros(len(a), np.uint8)
    for pair in range(len(a)):
        x, y = codes[a[pair]], codes[b[pair]]
        if x < 0 or y < 0:
            continue
        if x == y:
            levels[pair] = 5 + bands[x]
            continue
        alike = jaro_winkler(matrix[x], lengths[x], matrix[y], lengths[y])
        level = 1 + (alike >= 0.7) + (alike >= 0.85) + (alike >= 0.92)
        if (
            level < 3
            and edits(matrix[x], lengths[x], matrix[y], lengths[y], 1) <= 1
            and min(lengths[x], lengths[y]) > 2
        ):
            level = 3  # one slip in a short name costs it much of its Jaro-Winkler
        if level < 4 and one_shared(fulls[x], fulls[y]):
            level = 11
        elif level < 4:
            short = lengths[x] == 1 or lengths[y] == 1
            if (short and matrix[x, 0] == matrix[y, 0]) or (
                first[x] == first[y] or first[x] == last[y] or last[x] == first[y] or last[x] == last[y]
            ):
                level = 9
            else:
                p, q = swap_codes[a[pair]], swap_codes[b[pair]]
                if (q >= 0 and jaro_winkler(matrix[x], lengths[x], swap_matrix[q], swap_lengths[q]) >= 0.95) or (
                    p >= 0 and jaro_winkler(matrix[y], lengths[y], swap_matrix[p], swap_lengths[p]) >= 0.95
                ):
                    level = 10
        levels[pair] = level
    return levels


@compiled
def one_shared(some: IntArray, others: IntArray) -> bool:
    for one in some:
        if one < 0:
            break
        for other in others:
            if one == other:
                return True
    return False


@compiled
def code_levels(
    a: IntArray, b: IntArray, codes: IntArray, matrix: ByteArray, lengths: IntArray, bands: ByteArray, most: int
) -> ByteArray:
    """CODE_LEVELS of each pair; `most` edits (0 or 1) still count as close."""
    levels = np.zeros(len(a), np.uint8)
    for pair in range(len(a)):
        x, y = codes[a[pair]], codes[b[pair]]
        if x < 0 or y < 0:
            continue
        if x == y:
            levels[pair] = 3 + bands[x]
        elif most > 0 and edits(matrix[x], lengths[x], matrix[y], lengths[y], most) <= most:
            levels[pair] = 2
        else:
            levels[pair] = 1
    return levels


@compiled
def date_levels(
    a: IntArray, b: IntArray, codes: IntArray, matrix: ByteArray, lengths: IntArray, parts: IntArray
) -> ByteArray:
    """DATE_LEVELS of each pair of YYYYMMDD values; parts: [values, 3] year, month, day, -1 when not a number."""
    levels = np.zeros(len(a), np.uint8)
    for pair in range(len(a)):
        x, y = codes[a[pair]], codes[b[pair]]
        if x < 0 or y < 0:
            continue
        if x == y:
            levels[pair] = 8
            continue
        year = parts[x, 0] == parts[y, 0] and parts[x, 0] >= 0
        month = parts[x, 1] == parts[y, 1] and parts[x, 1] >= 0
        day = parts[x, 2] == parts[y, 2] and parts[x, 2] >= 0
        same = int(year) + int(month) + int(day)
        apart = edits(matrix[x], lengths[x], matrix[y], lengths[y], 2)
        if year and parts[x, 1] == parts[y, 2] and parts[x, 2] == parts[y, 1]:
            levels[pair] = 9
        elif same == 2:
            levels[pair] = 7 if apart == 1 else 6
        elif apart <= 1:
            levels[pair] = 5
        elif year:
            levels[pair] = 4
        elif parts[x, 0] >= 0 and parts[y, 0] >= 0 and abs(parts[x, 0] - parts[y, 0]) <= 2:
            levels[pair] = 3
        else:
            levels[pair] = 2 if same == 1 else 1
    return levels


@compiled
def number_levels(
    a: IntArray, b: IntArray, codes: IntArray, matrix: ByteArray, lengths: IntArray, bands: ByteArray
) -> ByteArray:
    """NUMBER_LEVELS of each pair of nine-digit numbers, or of their last four."""
    levels = np.zeros(len(a), np.uint8)
    for pair in range(len(a)):
        x, y = codes[a[pair]], codes[b[pair]]
        if x < 0 or y < 0:
            continue
        if lengths[x] == 4 or lengths[y] == 4:
            same = True
            for back in range(1, 5):
                same = same and matrix[x, lengths[x] - back] == matrix[y, lengths[y] - back]
            levels[pair] = 4 if same else 1
        elif x == y:
            levels[pair] = 6 if bands[x] >= 3 else 5
        else:
            levels[pair] = 4 - min(edits(matrix[x], lengths[x], matrix[y], lengths[y], 2), 3)
    return levels

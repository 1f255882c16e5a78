"""A model as tables of numbers, which the compiled pass works off for any choice of fields."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, IntArray, LongArray
from infotrust.core.matching.fellegi_sunter.model import (
    DISTANCES,
    SIMILARITIES,
    Comparison,
    FellegiSunter,
    Level,
    Measure,
    Test,
    Value,
)
from infotrust.core.matching.fellegi_sunter.values import Values

UNKNOWN, EQUAL, EQUAL_CROSSWISE, JARO, JARO_WINKLER, LEVENSHTEIN, DAMERAU, DIFFERENCE = range(8)
_CODES = {
    Measure.UNKNOWN: UNKNOWN,
    Measure.EQUAL: EQUAL,
    Measure.JARO: JARO,
    Measure.JARO_WINKLER: JARO_WINKLER,
    Measure.LEVENSHTEIN: LEVENSHTEIN,
    Measure.DAMERAU_LEVENSHTEIN: DAMERAU,
    Measure.DIFFERENCE: DIFFERENCE,
}


class Program(NamedTuple):
    """Comparisons as ranges of alternatives, alternatives as ranges of tests; levels numbered through.

    known, equal: int32 [comparisons], the values that most pairs need no more than: not known on a side, level 0 of
    the comparison; the same, level 1; -1 where it is not built so. begin: the first alternative to try once they are
    neither, begin_all: the first of all, end: past the last. alternative_level, alternative_test: [alternatives (+ 1)].
    measure, left, right, at, reach, question, turned: per test; reach: how far the measure must be worked out for all
    tests of one question. first_level: [comparisons + 1]; else_level: [comparisons].
    weight, frequency...: per level. most_open: the highest weight of a pair that is neither unknown nor the same;
    home_...: the same against members of one home. order: comparisons, those that ask for no likeness of texts first,
    and of the rest those that can cost a pair most.
    """

    known: IntArray
    equal: IntArray
    begin: LongArray
    begin_all: LongArray
    end: LongArray
    alternative_level: LongArray
    alternative_test: LongArray
    measure: ByteArray
    left: IntArray
    right: IntArray
    at: FloatArray
    reach: FloatArray
    question: LongArray
    turned: BoolArray
    first_level: LongArray
    else_level: LongArray
    weight: FloatArray
    frequency_value: IntArray
    frequency_weight: FloatArray
    frequency_agreement: FloatArray
    frequency_least: FloatArray
    most_open: FloatArray
    home_weight: FloatArray
    home_most_open: FloatArray
    order: LongArray


def compile_model(model: FellegiSunter, values: Values) -> Program:
    """The tables for a model. `values` says how rare the rarest value is: what a shared one can weigh at most."""
    place = {value: at for at, value in enumerate(model.compared)}
    levels = [level for comparison in model.comparisons for level in comparison.levels]
    alternatives = [(tests, at) for at, level in enumerate(levels) for tests in level.when]
    tests = [test for some, _ in alternatives for test in some]
    first_level = np.cumsum([0] + [len(comparison.levels) for comparison in model.comparisons])
    owner = np.repeat(np.arange(len(model.comparisons)), np.diff(first_level))
    alternative_level = np.array([at for _, at in alternatives], np.int64)
    begin_all = np.searchsorted(alternative_level, first_level[:-1]).astype(np.int64)
    end = np.searchsorted(alternative_level, first_level[1:]).astype(np.int64)
    shapes = [_usual_shape(comparison) for comparison in model.comparisons]
    begin = begin_all + np.array([3 if shape else 0 for shape in shapes])
    highest = np.array([_highest(level, place, values) for level in levels])
    home_weight = np.array([level.home_weight for level in levels])
    most_open, home_most_open = (
        np.array(
            [most[first + (2 if shape else 0) : last].max()
             for shape, first, last in zip(shapes, first_level, first_level[1:], strict=False)]
        )
        for most in (highest, home_weight)
    )  # fmt: skip
    costly = [
        any(test.measure not in (Measure.EQUAL, Measure.UNKNOWN)
            for level in comparison.levels for some in level.when for test in some)
        for comparison in model.comparisons
    ]  # fmt: skip
    weights = np.array([level.weight for level in levels])
    questions, reach = _questions(tests, [int(owner[at]) for some, at in alternatives for _ in some])
    return Program(
        known=np.array([place[shape[0]] if shape else -1 for shape in shapes], np.int32),
        equal=np.array([place[shape[1]] if shape else -1 for shape in shapes], np.int32),
        begin=begin,
        begin_all=begin_all,
        end=end,
        alternative_level=alternative_level,
        alternative_test=np.cumsum([0] + [len(some) for some, _ in alternatives]),
        measure=np.array([_code(test) for test in tests], np.uint8),
        left=np.array([place[test.left] if test.left else -1 for test in tests], np.int32),
        right=np.array([place[test.right] if test.right else -1 for test in tests], np.int32),
        at=np.array([test.at for test in tests], np.float64),
        reach=reach,
        question=questions,
        turned=np.array([test.turned for test in tests], np.bool_),
        first_level=first_level,
        else_level=first_level[1:] - 1,
        weight=weights,
        frequency_value=np.array([place[x.frequency.value] if x.frequency else -1 for x in levels], np.int32),
        frequency_weight=np.array([x.frequency.weight if x.frequency else 0.0 for x in levels]),
        frequency_agreement=np.array([math.log2(x.frequency.agreement) if x.frequency else 0.0 for x in levels]),
        frequency_least=np.array(
            [math.log2(x.frequency.least) if x.frequency and x.frequency.least else -1074.0 for x in levels]
        ),
        most_open=most_open,
        home_weight=home_weight,
        home_most_open=home_most_open,
        order=np.lexsort((weights[first_level[1:] - 1] - most_open, costly)).astype(np.int64),
    )


def _code(test: Test) -> int:
    return EQUAL_CROSSWISE if test.measure == Measure.EQUAL and test.left != test.right else _CODES[test.measure]


def _usual_shape(comparison: Comparison) -> tuple[Value, Value] | None:
    """(known, equal) of a comparison that begins: one side not known; both the same."""
    if len(comparison.levels) < 3 or comparison.levels[0].m is not None:
        return None
    unknown, same = comparison.levels[0].when, comparison.levels[1].when
    one_side = [tests[0] for tests in unknown if len(tests) == 1 and tests[0].measure == Measure.UNKNOWN]
    sides = {(test.left or test.right, test.left is None) for test in one_side if not test.turned}
    named = {value for value, _ in sides}
    if len(unknown) != 2 or len(one_side) != 2 or len(sides) != 2 or len(named) != 1:
        return None
    if len(same) != 1 or len(same[0]) != 1:
        return None
    test = same[0][0]
    if test.measure != Measure.EQUAL or test.turned or test.left != test.right or test.left is None:
        return None
    (known,) = named
    return (known, test.left) if known else None


def _highest(level: Level, place: dict[Value, int], values: Values) -> float:
    """The most that a pair on this level can gain."""
    if level.frequency is None:
        return level.weight
    begin = values.share_at[place[level.frequency.value]]
    codes = values.codes[:, place[level.frequency.value]]
    shares = values.log_shares[begin : begin + codes.max(initial=-1) + 1]
    # Of a value that is not known there is no adjustment.
    rarest, commonest = (min(shares.min(initial=0.0), 0.0), shares.max(initial=-1074.0))
    least = math.log2(level.frequency.least) if level.frequency.least else -1074.0
    ends = [math.log2(level.frequency.agreement) - max(end, least) for end in (rarest, commonest)]
    return level.weight + max(0.0, *(float(level.frequency.weight * end) for end in ends))


def _questions(tests: list[Test], owners: list[int]) -> tuple[LongArray, FloatArray]:
    """The same measure of the same values is worked out once, as far as the comparison's most generous test needs."""
    asked: dict[tuple[int, Measure, Value | None, Value | None], list[int]] = {}
    for at, (test, owner) in enumerate(zip(tests, owners, strict=True)):
        asked.setdefault((owner, test.measure, test.left, test.right), []).append(at)
    question, reach = np.zeros(len(tests), np.int64), np.zeros(len(tests))
    for number, ((_, measure, _, _), places) in enumerate(asked.items()):
        bounds = [tests[place].at for place in places]
        question[places] = number
        reach[places] = min(bounds) if measure in SIMILARITIES else math.floor(max(bounds))
        if measure in DISTANCES:
            reach[places] = max(reach[places[0]], 0)
    return question, reach

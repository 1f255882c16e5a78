"""What the classes of pairs mean, and how the estimate is held to it: tables they share, and shares they keep within.

Unbounded, a class drifts to whatever is most frequent: the home's class off its meaning, and the children of one home
fall to the first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from infotrust.core.matching.comparing.compare import Comparison
from infotrust.core.matching.compiled import FloatArray
from infotrust.core.matching.learning.patterns import Patterns

# What the classes mean, in this order; a fit with fewer has the first of them and free ones.
PERSON, HOME, TWINS, NAMESAKES, BORN_ALIKE, PERSON_MOVED, HOME_MOVED, NEIGHBORS = range(8)
MEANINGS = 8
STAYED, MOVED = [PERSON, HOME, TWINS], [PERSON_MOVED, HOME_MOVED]
MOST_DIFFERENT_AT_HOME = 0.2  # some of a home have another surname, telephone or an older address
# Of a person's own pairs, those born a generation apart: next to none, for such dates are two people's. Learned without
# a bound it grows with the fathers and sons of one name whom it should keep apart (of 108 in a county 31 were one).
MOST_A_GENERATION_APART = 0.00001
# Where most pairs have a number to tell father from son, a date that is all wrong is a mistake like any other: bounded
# as tightly, FEBRL 3 loses .005 of B-cubed and FEBRL 4 .002.
MOST_WITH_A_NUMBER = 0.003
# Of two people of one home or one name, at least. In a file of children hardly any are, and the first father in it
# would be taken for his son of the same name.
LEAST_A_GENERATION_APART = 0.1
MOST_ALIKE_AT_HOME = 0.02  # father and son of one name, sisters Ana and Anna
MOST_ALIKE_STRANGERS, TIMES_CHANCE = 0.003, 1.5  # strangers alike in given name and birth date are so by chance
MOST_COINCIDING = 0.9  # share of namesakes, or of those born on one day, that may coincide in the other too


def ties_of(comparisons: Sequence[Comparison], classes: int) -> list[tuple[int, list[int]]]:
    """(comparison, classes that have one table for it): whose records they are and where they live are two things.

    What a home shares is worth the same for one person as for two of one home: they move and change numbers together.
    So only given name, birth date, number and the like tell one from two, whoever moved.
    """
    if classes < 4:
        return []
    ties = []
    for place, comparison in enumerate(comparisons):
        if comparison.of_household:
            ties += [(place, STAYED), (place, MOVED)]
        else:
            ties += [(place, [PERSON, PERSON_MOVED]), (place, [HOME, HOME_MOVED])]
    return [(place, tied) for place, tied in ties if max(tied) < classes]


def tied(counts: FloatArray, ties: Sequence[tuple[int, list[int]]]) -> FloatArray:
    """Give tied classes one table; of those who stayed, the person's: strangers of one address shall not shape it."""
    for place, tied in ties:
        leading = tied[:1] if tied == STAYED else tied
        counts[place][:, tied] = counts[place][:, leading].sum(1, keepdims=True)
    return counts


def most_apart(patterns: Patterns, comparisons: Sequence[Comparison]) -> float:
    """The largest share of a person's own pairs that may be born a generation apart."""
    fields = [comparison.field for comparison in comparisons]
    known = patterns.levels[:, fields.index("ssn")] > 0 if "ssn" in fields else np.zeros(len(patterns.counts), bool)
    mostly = 2 * patterns.counts[known].sum() > patterns.counts.sum()
    return MOST_WITH_A_NUMBER if mostly else MOST_A_GENERATION_APART


def bounds_of(
    comparisons: Sequence[Comparison], classes: int, most_apart: float
) -> list[tuple[int, int, list[int], float]]:
    """(class, comparison, levels, largest share of them) where a class must keep its meaning.

    One person's own records seldom differ in person; people of one home seldom in what a home shares, twins nor in the
    birth date. Unbounded, the home's class drifts off and the children of one home fall to the first.
    """
    bounds = []
    for place, comparison in enumerate(comparisons):
        different = [level for level in range(1, len(comparison.levels)) if level not in comparison.agree]
        persons, homes = within([PERSON, PERSON_MOVED], classes), within([HOME, HOME_MOVED], classes)
        bounds += [(named, place, different, comparison.most_different) for named in persons]
        if comparison.field == "birth_date":
            apart = [comparison.levels.index("a generation apart")]
            bounds += [(named, place, apart, most_apart) for named in persons]
        if comparison.of_household:
            bounds += [(named, place, different, MOST_DIFFERENT_AT_HOME) for named in (1, 2) if classes >= named + 2]
        elif comparison.field == "birth_date" and classes >= 4:
            bounds.append((TWINS, place, different, comparison.most_different))
        elif comparison.personal:  # given name and number tell those of one home apart
            alike = list(comparison.agree)
            bounds += [(named, place, alike, MOST_ALIKE_AT_HOME) for named in (*homes, *([TWINS] * (classes >= 4)))]
    return [bound for bound in bounds if bound[3] < 1]


def within(named: Sequence[int], classes: int) -> list[int]:
    return [one for one in named if one < classes - (classes < 4)]


def bounds_of_strangers(
    comparisons: Sequence[Comparison], classes: int, chance: Sequence[FloatArray]
) -> list[tuple[int, int, list[int], float]]:
    """Strangers share a given name or a birthday; both only as often as chance has it. Else they were one person."""
    fields = [comparison.field for comparison in comparisons]
    if classes <= BORN_ALIKE or not {"given", "birth_date"} <= set(fields):
        return []
    bounds = []
    for named, field in ((NAMESAKES, "birth_date"), (BORN_ALIKE, "given"), (NEIGHBORS, "birth_date")):
        if named >= classes:
            continue
        place = fields.index(field)
        alike = list(comparisons[place].same)
        by_chance = TIMES_CHANCE * float(chance[place][alike].sum())
        bounds.append((named, place, alike, min(max(MOST_ALIKE_STRANGERS, by_chance), MOST_COINCIDING)))
    return bounds


def chosen_bound(bound: tuple[int, int, list[int], float], size: FloatArray, coincidences: float) -> float:
    """The bound where the pairs were chosen for what they share: then strangers alike in both are most of those that
    there are, the more the more records: among a million 100,000 pairs, of which chance alone would allow a tenth."""
    return min(max(bound[3], TIMES_CHANCE * coincidences / float(size[bound[0]])), MOST_COINCIDING)


def bounded(counts: FloatArray, bounds: Sequence[tuple[int, int, list[int], float]]) -> FloatArray:
    """Scale the bounded levels down to their largest share wherever a class exceeds it."""
    for named, place, levels, most in bounds:
        inside = counts[place, levels, named].sum()
        outside = counts[place, 1:, named].sum() - inside
        if inside > most / (1 - most) * outside:
            counts[place, levels, named] *= most / (1 - most) * outside / max(inside, 1e-12)
    return counts


def of_ages(counts: FloatArray, comparisons: Sequence[Comparison]) -> FloatArray:
    """Raise the share of those a generation apart, among two people of one home or name, to the least there is."""
    for place, comparison in enumerate(comparisons):
        if comparison.field == "birth_date":
            level = comparison.levels.index("a generation apart")
            for named in within([HOME, NAMESAKES, HOME_MOVED], counts.shape[2]):
                others = counts[place, 1:, named].sum() - counts[place, level, named]
                least = LEAST_A_GENERATION_APART / (1 - LEAST_A_GENERATION_APART) * others
                counts[place, level, named] = max(counts[place, level, named], least)
    return counts

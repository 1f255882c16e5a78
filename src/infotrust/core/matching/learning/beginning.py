"""Where the estimate begins: which class each pattern looks like, and what each class is like before any data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from infotrust.core.matching.comparing.compare import Comparison
from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, LongArray
from infotrust.core.matching.learning.meanings import (
    BORN_ALIKE,
    HOME,
    HOME_MOVED,
    MEANINGS,
    NAMESAKES,
    NEIGHBORS,
    PERSON_MOVED,
    TWINS,
)  # fmt: skip
from infotrust.core.matching.learning.patterns import Patterns

_OF_PLACE = frozenset({"street", "zip", "city"})  # what neighbors share


def membership_to_start(
    patterns: Patterns, start: FloatArray, classes: int, comparisons: Sequence[Comparison]
) -> FloatArray:
    """Where EM begins: the first class by `start`, then one home, twins (from four classes), the rest by grouping."""
    membership = np.zeros((len(start), classes))
    membership[:, 0] = start
    if classes == 2:
        membership[:, 1] = 1 - start
        return membership
    home, twins = one_household(patterns.levels, comparisons)
    told_apart = {"given", "birth_date"} <= {comparison.field for comparison in comparisons}
    if classes == MEANINGS and told_apart:
        group = _strangers(patterns, comparisons)
    else:
        named = 2 if classes >= 4 else 1
        free = classes - 1 - named - (2 if classes == MEANINGS else 0)
        agrees = (patterns.levels > patterns.levels.max(0) / 2).astype(np.float64)
        weights = np.where(home, 0, patterns.counts * (1 - start)) + 1e-9
        group = named + group_patterns(agrees, weights, free)
        group[home] = 0
        if named == 2:
            group[twins] = 1
    if classes == MEANINGS:
        group = group if told_apart else _named(group, patterns, comparisons)
        person, other = moved(patterns.levels, comparisons)
        group[home] = HOME - 1
        group[twins] = TWINS - 1
        group[person], group[other] = PERSON_MOVED - 1, HOME_MOVED - 1
    for other_class in range(1, classes):
        membership[:, other_class] = (1 - start) * np.where(group == other_class - 1, 0.9, 0.1 / (classes - 2))
    shares: FloatArray = membership / membership.sum(1, keepdims=True)
    return shares


def _strangers(patterns: Patterns, comparisons: Sequence[Comparison]) -> LongArray:
    """Three groups of strangers: those born on one day, those of one name, and the rest, mostly of one neighborhood."""
    alike = {
        comparison.field: np.isin(patterns.levels[:, at], comparison.agree)
        for at, comparison in enumerate(comparisons)
        if comparison.field in ("given", "family", "birth_date")
    }
    names = alike["given"] | alike.get("family", alike["given"])
    return np.where(alike["birth_date"], BORN_ALIKE, np.where(names, NAMESAKES, NEIGHBORS)).astype(np.int64) - 1


def _named(group: LongArray, patterns: Patterns, comparisons: Sequence[Comparison]) -> LongArray:
    """The same where given name or birth date is not compared: the groups that were found, of which that with most
    shared given names is the namesakes'."""
    place = {comparison.field: at for at, comparison in enumerate(comparisons)}
    found = group.copy()
    found[group == PERSON_MOVED - 1] = NEIGHBORS - 1  # the third free group
    if "given" not in place:
        return found
    told = np.isin(patterns.levels[:, place["given"]], comparisons[place["given"]].agree) * patterns.counts
    shares = {
        one: told[found == one - 1].sum() / max(patterns.counts[found == one - 1].sum(), 1)
        for one in (NAMESAKES, BORN_ALIKE, NEIGHBORS)
    }
    most = max(shares, key=lambda one: shares[one])
    swapped: LongArray = np.where(found == most - 1, NAMESAKES - 1, np.where(found == NAMESAKES - 1, most - 1, found))
    return swapped


def moved(levels: ByteArray, comparisons: Sequence[Comparison]) -> tuple[BoolArray, BoolArray]:
    """Patterns like one person who moved, and like two of one home who did: bool [patterns] each.

    Alike in at least two personal fields and unlike in none, or unlike in one; alike in less than half of what a home
    shares, but in something.
    """
    unlike, like, known, alike = np.zeros((4, len(levels)), np.int64)
    for place, comparison in enumerate(comparisons):
        told = levels[:, place] > 0
        agrees = np.isin(levels[:, place], comparison.agree)
        if comparison.personal:
            unlike += told & ~agrees
            like += agrees
        elif comparison.of_household:
            known += told
            alike += agrees
    away = (2 * alike < known) & (alike >= 1)
    return away & (unlike == 0) & (like >= 2), away & (unlike > 0) & (alike >= 2)


def one_household(levels: ByteArray, comparisons: Sequence[Comparison]) -> tuple[BoolArray, BoolArray]:
    """Patterns like two people of one home, and those like twins among them: bool [patterns] each.

    Unlike in person, alike in at least half of what a home shares; twins are born on the same day.
    """
    unlike = np.zeros(len(levels), np.int64)
    known, alike = unlike.copy(), unlike.copy()
    same_day = np.zeros(len(levels), bool)
    for place, comparison in enumerate(comparisons):
        told = levels[:, place] > 0
        agrees = np.isin(levels[:, place], comparison.agree)
        if comparison.personal:
            unlike += told & ~agrees
        elif comparison.of_household:
            known += told
            alike += agrees
        if comparison.field == "birth_date":
            same_day = agrees
    home: BoolArray = (unlike > 0) & (alike >= 2) & (2 * alike >= known)
    twins: BoolArray = home & same_day
    return home, twins


def expected_of(comparisons: Sequence[Comparison], chance: Sequence[FloatArray], classes: int) -> FloatArray:
    """What each class is like before any data: float64 [comparisons, most levels, classes].

    A person's own records as `Comparison.likely`; one home as that in what a home shares; twins also in the birth date;
    everything else as chance has it.
    """
    expected = np.zeros((len(comparisons), max(len(comparison.levels) for comparison in comparisons), classes))
    for place, comparison in enumerate(comparisons):
        size = len(comparison.levels)
        expected[place, :size] = chance[place][:, None]
        expected[place, :size, 0] = comparison.likely
        if comparison.of_household and classes >= 3:
            expected[place, :size, 1] = comparison.likely
        if (comparison.of_household or comparison.field == "birth_date") and classes >= 4:
            expected[place, :size, 2] = comparison.likely
        if classes == MEANINGS:
            half = (comparison.likely + chance[place]) / 2  # of movers, half of what a home shares has changed
            moved_to = half if comparison.of_household else comparison.likely
            expected[place, :size, PERSON_MOVED] = moved_to
            expected[place, :size, HOME_MOVED] = half if comparison.of_household else chance[place]
            expected[place, :size, NEIGHBORS] = half if comparison.field in _OF_PLACE else chance[place]
    return expected


def group_patterns(points: FloatArray, weights: FloatArray, groups: int, rounds: int = 30) -> LongArray:
    """Weighted k-means that starts from the heaviest mean and then the farthest points: nothing random in it."""
    centers = [np.average(points, axis=0, weights=weights)]
    nearest = ((points - centers[0]) ** 2).sum(1)
    centers = []
    for _ in range(groups):
        chosen = points[int(np.argmax(nearest * weights))]
        centers.append(chosen)
        distance = ((points - chosen) ** 2).sum(1)
        nearest = np.minimum(nearest, distance) if len(centers) > 1 else distance
    group = np.zeros(len(points), np.int64)
    middle = np.array(centers)
    for _ in range(rounds):
        distances = (points**2).sum(1)[:, None] - 2 * points @ middle.T + (middle**2).sum(1)[None, :]
        now = distances.argmin(1)
        if (now == group).all():
            break
        group = now
        for place in range(groups):
            inside = group == place
            if inside.any():
                middle[place] = np.average(points[inside], axis=0, weights=weights[inside])
    return group

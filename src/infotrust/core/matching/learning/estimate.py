"""What each kind of agreement is worth, learned from the pairs themselves without any labels.

A pair belongs to one of a few unseen classes; given its class, the fields agree independently (Fellegi and Sunter 1969
is the case of two classes). Eight classes have a meaning: one person, one home, twins, namesakes, people born on one
day, one person or one home of whom one record is from another address, and neighbors. That matters: measured against
random pairs, the members of a household look like one person, the more so the more pairs are compared; and without a
class for neighbors these take that of the namesakes, who then pass for one person who moved. EM over distinct patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.compare import Comparison
from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, LongArray, compiled

LIKELY_ENOUGH = 0.98  # where a class starts for a pair that agrees on (nearly) all it tells
SEED_INFORMATION = 3.0  # nats of evidence, above the odds of a random pair, that a seed needs
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
_OF_PLACE = frozenset({"street", "zip", "city"})  # what neighbors share
DEVIATIONS = 2.0  # standard deviations by which chance may bring more pairs than expected
SEED_FIELDS = 3  # fields that both records of a seed fill


@dataclass(frozen=True)
class Model:
    """levels: P(level | class), one [levels, classes] table per comparison; share: of each class among the pairs.

    `same_person`: which classes are one person's records (movers and badly typed records may form one of their own).
    """

    fields: tuple[str, ...]
    levels: tuple[FloatArray, ...]
    share: FloatArray
    same_person: BoolArray
    log_likelihood: float
    rounds: int

    def tables(self) -> FloatArray:
        """Log probabilities padded to one array: float64 [comparisons, most levels, classes]."""
        widest = max(len(table) for table in self.levels)
        tables = np.full((len(self.levels), widest, len(self.share)), -30.0)
        for place, table in enumerate(self.levels):
            tables[place, : len(table)] = np.log(np.maximum(table, 1e-12))
        return tables


@dataclass(frozen=True)
class Patterns:
    """Distinct agreement patterns. levels: uint8 [patterns, comparisons]; counts: pairs; of: a pair's pattern."""

    levels: ByteArray
    counts: FloatArray
    of: LongArray


def distinct_patterns(levels: ByteArray) -> Patterns:
    packed = np.zeros(len(levels), np.int64)
    for column in levels.T:
        base = int(column.max(initial=0)) + 1
        if packed.max(initial=0) > 2**62 // base:
            packed = np.unique(packed, return_inverse=True)[1].astype(np.int64)
        packed = packed * base + column
    _, first, of, counts = np.unique(packed, return_index=True, return_inverse=True, return_counts=True)
    return Patterns(np.ascontiguousarray(levels[first]), counts.astype(np.float64), of.astype(np.int64))


def level_shares(levels: ByteArray, comparisons: Sequence[Comparison]) -> list[FloatArray]:
    """How often each level occurs where the field is known on both sides, smoothed: one [levels] per comparison."""
    shares = []
    for place, comparison in enumerate(comparisons):
        counts = np.bincount(levels[:, place], minlength=len(comparison.levels)).astype(np.float64)
        counts[0] = 0
        counts[1:] = (counts[1:] + 0.3) / (counts.sum() + 0.3 * (len(counts) - 1))
        shares.append(counts)
    return shares


def seeds(
    levels: ByteArray, chance: Sequence[FloatArray], comparisons: Sequence[Comparison], records: int
) -> FloatArray:
    """How likely each pair is one person's, to start from: float64 [pairs].

    chance: level shares among random pairs. A level speaks for a match as far as it is more frequent among these pairs.
    """
    evidence = np.full(len(levels), -np.log(max(records, 2)))
    against = np.zeros(len(levels), np.int64)
    known = np.zeros(len(levels), np.int64)
    for place, (comparison, random) in enumerate(zip(comparisons, chance, strict=True)):
        if comparison.field == "source":
            continue
        here = np.bincount(levels[:, place], minlength=len(random)).astype(np.float64)
        here[0] = 0
        excess = np.maximum(here / max(here.sum(), 1) - 0.5 * random, 1e-3)
        excess[0] = 0
        weight = np.log(excess / excess.sum() + 1e-9) - np.log(np.maximum(random, 1e-9))
        weight[0] = 0
        evidence += weight[levels[:, place]]
        against += weight[levels[:, place]] < 0
        if comparison.personal:  # one personal difference is one too many: twins share all the rest
            against += 2 * ((levels[:, place] > 0) & ~np.isin(levels[:, place], comparison.agree))
        known += levels[:, place] > 0
    sure = (against <= 1) & (known >= SEED_FIELDS) & (evidence > SEED_INFORMATION)
    return np.where(sure, LIKELY_ENOUGH, np.where(evidence < 0, 0.005, 0.05))


def left_by_chance(patterns: Patterns, random: ByteArray, pairs: float) -> FloatArray:
    """Of each pattern's pairs the largest share that may be one person's: those that chance alone does not account for.

    random: uint8 [pairs, comparisons], how pairs of records at random agree; pairs: how many pairs of records there
    are for those that the patterns were drawn from. As many as chance brings are expected where the fields agree
    independently; what depends on one another (names and languages, streets and ZIP codes) only makes more.
    Without it, in a file that holds each person once, those most alike pass for one person (of 20,000 people of one
    surname at one address 13,721 were found).
    """
    expected = np.full(len(patterns.counts), float(pairs))
    for place, column in enumerate(patterns.levels.T):
        counts = np.bincount(random[:, place], minlength=int(column.max(initial=0)) + 1).astype(np.float64)
        expected *= ((counts + 0.3) / (counts.sum() + 0.3 * len(counts)))[column]
    left: FloatArray = np.maximum(patterns.counts - expected - DEVIATIONS * np.sqrt(expected), 0) / patterns.counts
    return left


def fit(
    patterns: Patterns, start: FloatArray, comparisons: Sequence[Comparison], *, classes: int, strength: float,
    chance: Sequence[FloatArray], coincidences: float = 0.0, most: FloatArray | None = None, rounds: int = 80,
    enough: float = 1e-5,
) -> tuple[Model, FloatArray]:  # fmt: skip
    """EM. start: P(match) per pattern; returns the model and P(class | pattern) [patterns, classes].

    strength: how many pairs the expectation before any data weighs: with few records it steadies the estimate, with
    many it vanishes. coincidences: how many of the pairs may be strangers' of one given name and one birth date.
    most: the largest share of each pattern's pairs that may be one person's (`left_by_chance`); None: any.
    """
    persons = np.isin(np.arange(classes), _within([PERSON, PERSON_MOVED], classes))
    most = np.ones(len(start)) if most is None else most
    membership = _start(patterns, np.minimum(start, most), classes, comparisons)
    bounds = _bounds(comparisons, classes, _most_apart(patterns, comparisons))
    of_strangers = _bounds_of_strangers(comparisons, classes, chance)
    ties = _ties(comparisons, classes)
    expected = _expected(comparisons, chance, classes)
    prior = strength * expected + 0.02 * (expected > 0)
    counts = np.zeros_like(prior)
    share = np.zeros(classes)
    _count_levels(patterns.levels, patterns.counts, membership, counts)
    likelihood, total = -np.inf, patterns.counts.sum()
    done = 0
    while done < rounds:
        done += 1
        size = (membership * patterns.counts[:, None]).sum(0) + 1e-3
        share = size / size.sum()
        drawn = [(*bound[:3], _chosen(bound, size, coincidences)) for bound in of_strangers]
        tables = _log_tables(_of_ages(_bounded(_tied(counts + prior, ties), [*bounds, *drawn]), comparisons))
        counts[:] = 0
        now = expectation(patterns.levels, patterns.counts, tables, np.log(share), persons, most, membership, counts)
        now /= total
        if abs(now - likelihood) < enough:
            break
        likelihood = now
    levels = []
    for place, comparison in enumerate(comparisons):
        table = np.exp(tables[place, : len(comparison.levels)])
        levels.append(table)
    fields = tuple(comparison.field for comparison in comparisons)
    first = np.arange(classes) == 0
    return Model(fields, tuple(levels), share, first, float(now), done), membership


def _ties(comparisons: Sequence[Comparison], classes: int) -> list[tuple[int, list[int]]]:
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


def _tied(counts: FloatArray, ties: Sequence[tuple[int, list[int]]]) -> FloatArray:
    """Give tied classes one table; of those who stayed, the person's: strangers of one address shall not shape it."""
    for place, tied in ties:
        leading = tied[:1] if tied == STAYED else tied
        counts[place][:, tied] = counts[place][:, leading].sum(1, keepdims=True)
    return counts


def _most_apart(patterns: Patterns, comparisons: Sequence[Comparison]) -> float:
    """The largest share of a person's own pairs that may be born a generation apart."""
    fields = [comparison.field for comparison in comparisons]
    known = patterns.levels[:, fields.index("ssn")] > 0 if "ssn" in fields else np.zeros(len(patterns.counts), bool)
    mostly = 2 * patterns.counts[known].sum() > patterns.counts.sum()
    return MOST_WITH_A_NUMBER if mostly else MOST_A_GENERATION_APART


def _bounds(
    comparisons: Sequence[Comparison], classes: int, most_apart: float
) -> list[tuple[int, int, list[int], float]]:
    """(class, comparison, levels, largest share of them) where a class must keep its meaning.

    One person's own records seldom differ in person; people of one home seldom in what a home shares, twins nor in the
    birth date. Unbounded, the home's class drifts off and the children of one home fall to the first.
    """
    bounds = []
    for place, comparison in enumerate(comparisons):
        different = [level for level in range(1, len(comparison.levels)) if level not in comparison.agree]
        persons, homes = _within([PERSON, PERSON_MOVED], classes), _within([HOME, HOME_MOVED], classes)
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


def _within(named: Sequence[int], classes: int) -> list[int]:
    return [one for one in named if one < classes - (classes < 4)]


def _bounds_of_strangers(
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


def _chosen(bound: tuple[int, int, list[int], float], size: FloatArray, coincidences: float) -> float:
    """The bound where the pairs were chosen for what they share: then strangers alike in both are most of those that
    there are, the more the more records: among a million 100,000 pairs, of which chance alone would allow a tenth."""
    return min(max(bound[3], TIMES_CHANCE * coincidences / float(size[bound[0]])), MOST_COINCIDING)


def _bounded(counts: FloatArray, bounds: Sequence[tuple[int, int, list[int], float]]) -> FloatArray:
    """Scale the bounded levels down to their largest share wherever a class exceeds it."""
    for named, place, levels, most in bounds:
        inside = counts[place, levels, named].sum()
        outside = counts[place, 1:, named].sum() - inside
        if inside > most / (1 - most) * outside:
            counts[place, levels, named] *= most / (1 - most) * outside / max(inside, 1e-12)
    return counts


def _of_ages(counts: FloatArray, comparisons: Sequence[Comparison]) -> FloatArray:
    """Raise the share of those a generation apart, among two people of one home or name, to the least there is."""
    for place, comparison in enumerate(comparisons):
        if comparison.field == "birth_date":
            level = comparison.levels.index("a generation apart")
            for named in _within([HOME, NAMESAKES, HOME_MOVED], counts.shape[2]):
                others = counts[place, 1:, named].sum() - counts[place, level, named]
                least = LEAST_A_GENERATION_APART / (1 - LEAST_A_GENERATION_APART) * others
                counts[place, level, named] = max(counts[place, level, named], least)
    return counts


def _log_tables(counts: FloatArray) -> FloatArray:
    """Log P(level | class) from weighted counts [comparisons, levels, classes]; level 0 (not known) says nothing."""
    counts[:, 0] = 0
    tables = np.log(np.maximum(counts / np.maximum(counts.sum(1, keepdims=True), 1e-12), 1e-12))
    tables[:, 0] = 0
    whole: FloatArray = tables
    return whole


def _start(patterns: Patterns, start: FloatArray, classes: int, comparisons: Sequence[Comparison]) -> FloatArray:
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


def _expected(comparisons: Sequence[Comparison], chance: Sequence[FloatArray], classes: int) -> FloatArray:
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


@compiled
def expectation(
    levels: ByteArray, weights: FloatArray, tables: FloatArray, log_share: FloatArray, persons: BoolArray,
    most: FloatArray, membership: FloatArray, counts: FloatArray,
) -> float:  # fmt: skip
    """P(class | pattern) into `membership`, weighted level counts added to `counts`; returns the log likelihood.

    persons: bool [classes], those of one person, whose sum is `most` of each pattern at most; others take the rest.
    """
    classes = len(log_share)
    total = 0.0
    score = np.empty(classes)
    for row in range(len(levels)):
        for k in range(classes):
            score[k] = log_share[k]
        for c in range(levels.shape[1]):
            for k in range(classes):
                score[k] += tables[c, levels[row, c], k]
        top = score.max()
        whole = 0.0
        for k in range(classes):
            score[k] = np.exp(score[k] - top)
            whole += score[k]
        total += weights[row] * (top + np.log(whole))
        own = 0.0
        for k in range(classes):
            membership[row, k] = score[k] / whole
            own += membership[row, k] * persons[k]
        if own > most[row]:
            others = max(1 - own, 1e-12)
            for k in range(classes):
                membership[row, k] *= most[row] / own if persons[k] else (1 - most[row]) / others
        for c in range(levels.shape[1]):
            for k in range(classes):
                counts[c, levels[row, c], k] += weights[row] * membership[row, k]
    return total


def _count_levels(levels: ByteArray, weights: FloatArray, membership: FloatArray, counts: FloatArray) -> None:
    for c in range(levels.shape[1]):
        for k in range(membership.shape[1]):
            here = np.bincount(levels[:, c], weights=weights * membership[:, k], minlength=counts.shape[1])
            counts[c, :, k] += here

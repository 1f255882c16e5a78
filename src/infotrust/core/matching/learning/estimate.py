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
from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, compiled
from infotrust.core.matching.learning.beginning import expected_of, membership_to_start
from infotrust.core.matching.learning.meanings import (
    PERSON,
    PERSON_MOVED,
    bounded,
    bounds_of,
    bounds_of_strangers,
    chosen_bound,
    most_apart,
    of_ages,
    tied,
    ties_of,
    within,
)  # fmt: skip
from infotrust.core.matching.learning.patterns import Patterns

LIKELY_ENOUGH = 0.98  # where a class starts for a pair that agrees on (nearly) all it tells
SEED_INFORMATION = 3.0  # nats of evidence, above the odds of a random pair, that a seed needs
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
    persons = np.isin(np.arange(classes), within([PERSON, PERSON_MOVED], classes))
    most = np.ones(len(start)) if most is None else most
    membership = membership_to_start(patterns, np.minimum(start, most), classes, comparisons)
    bounds = bounds_of(comparisons, classes, most_apart(patterns, comparisons))
    of_strangers = bounds_of_strangers(comparisons, classes, chance)
    ties = ties_of(comparisons, classes)
    expected = expected_of(comparisons, chance, classes)
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
        drawn = [(*bound[:3], chosen_bound(bound, size, coincidences)) for bound in of_strangers]
        tables = _log_tables(of_ages(bounded(tied(counts + prior, ties), [*bounds, *drawn]), comparisons))
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


def _log_tables(counts: FloatArray) -> FloatArray:
    """Log P(level | class) from weighted counts [comparisons, levels, classes]; level 0 (not known) says nothing."""
    counts[:, 0] = 0
    tables = np.log(np.maximum(counts / np.maximum(counts.sum(1, keepdims=True), 1e-12), 1e-12))
    tables[:, 0] = 0
    whole: FloatArray = tables
    return whole


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

"""Why some records are one person, or are not: the joins in their order, the weakest of them, what keeps two apart.

The grouping is done once more for the few records asked about, step by step, so that each step can be shown. Weights
are log2 odds; a pair that was never compared counts as `cluster.UNSEEN`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import FloatArray, LongArray
from infotrust.core.matching.explaining.attribution import BITS
from infotrust.core.matching.persons.cluster import STARTS, SURE, UNSEEN, Scored
from infotrust.core.matching.persons.constraints import FREE, Constraints
from infotrust.core.matching.pipeline import Evidence

LARGEST = 500  # records; the steps of a larger group are no explanation any more


@dataclass(frozen=True)
class Links:
    """The pairs among a few records. records: int64 [m], their places; odds: float64 [m, m], natural log odds, nan
    where a pair was never compared. alone: int64 [m], the source that has one record for a person, else -1."""

    records: LongArray
    odds: FloatArray
    alone: LongArray

    def __len__(self) -> int:
        return len(self.records)

    @staticmethod
    def of(
        records: Sequence[int] | LongArray, pairs: Iterable[tuple[int, int, float]], alone: Sequence[int] | None = None
    ) -> Links:
        """From (record, other record, odds); pairs with any other record are left out."""
        places = np.asarray(sorted(records), np.int64)
        local = {int(record): at for at, record in enumerate(places)}
        odds = np.full((len(places), len(places)), np.nan)
        for one, other, weight in pairs:
            if one in local and other in local:
                odds[local[one], local[other]] = odds[local[other], local[one]] = weight
        none = np.full(len(places), -1, np.int64)
        return Links(places, odds, none if alone is None else np.asarray(alone, np.int64))

    @staticmethod
    def among(scored: Scored, records: LongArray, constraints: Constraints = FREE) -> Links:
        """The linkage's own pairs among the records. Raises UserFacingError for more than LARGEST of them."""
        if len(records) > LARGEST:
            raise UserFacingError(
                f"{len(records):,} records are too many to be explained together (at most {LARGEST}).",
                next_step="Ask about two of them.",
            )
        inside = _inside(scored.pairs, records)
        found = [(scored.pairs.first[inside], scored.pairs.second[inside], scored.odds[inside])]
        for said, odds in ((constraints.apart, -np.inf), (constraints.together, np.inf)):  # as clustering applies them
            told = _inside(said, records)
            found.append((said.first[told], said.second[told], np.full(len(told), odds)))
        pairs = ((int(one), int(other), float(odds)) for part in found for one, other, odds in zip(*part, strict=True))
        unique = constraints.unique_source
        return Links.of(records, pairs, unique[np.sort(records)].tolist() if len(unique) else None)


def _inside(pairs: Pairs, records: LongArray) -> LongArray:
    found: LongArray = np.flatnonzero(np.isin(pairs.first, records) & np.isin(pairs.second, records))
    return found


@dataclass(frozen=True)
class LinkBetween:
    """A compared pair: its places and its weight, in log2 odds."""

    first: int
    second: int
    weight: float


@dataclass(frozen=True)
class Between:
    """What lies between two groups. mean: over all their pairs, as clustering counts it; compared: pairs weighed."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    mean: float
    compared: int
    strongest: LinkBetween | None
    weakest: LinkBetween | None
    one_source: bool = False

    @property
    def pairs(self) -> int:
        return len(self.left) * len(self.right)


@dataclass(frozen=True)
class PersonExplained:
    """A person's records, how they were joined step by step, and every link between two of them, the strongest first.

    complete: whether the joins, made anew for these records alone, bring all of them together.
    """

    records: tuple[int, ...]
    joins: tuple[Between, ...]
    links: tuple[LinkBetween, ...]
    complete: bool

    @property
    def weakest(self) -> Between | None:
        """The join with the lowest mean: where the person would come apart first."""
        return min(self.joins, key=lambda join: join.mean, default=None)


class Why(StrEnum):
    """Why two groups of records did not become one person."""

    NOTHING_STRONG = "no pair between them is near even odds"
    BELOW_THE_CUT = "their mean link is below the cut"
    ONE_SOURCE = "a source that has one record for each person has records in both"
    TOLD_APART = "someone said that they are not one person"
    TOLD_TOGETHER_ELSEWHERE = "each joined others first"


@dataclass(frozen=True)
class Apart:
    """Why two persons are not one: the mean link between them against the cut, both in log2 odds."""

    between: Between
    cut: float
    why: Why


def explain_person(evidence: Evidence, record: int, *, cut: float) -> PersonExplained:
    """Explain the person of a record (a place in `evidence.records`). cut: log2 odds, as in the report."""
    members = _compared(evidence, record)
    return explain_links(Links.among(evidence.scored, members, evidence.constraints), cut=cut)


def _compared(evidence: Evidence, record: int) -> LongArray:
    """The records of this one's person that were compared, and itself: not those that their copies stand for."""
    members = np.flatnonzero(evidence.group == evidence.group[record]).astype(np.int64)
    spare = evidence.records.spare
    return members[~spare[members] | (members == record)] if len(spare) else members


def explain_links(links: Links, *, cut: float) -> PersonExplained:
    """Explain a person from the links among its records."""
    groups, joins = regroup(links, cut=cut / BITS)
    return PersonExplained(tuple(links.records.tolist()), joins, all_links(links), len(groups) == 1)


def explain_apart(evidence: Evidence, one: int, other: int, *, cut: float) -> Apart:
    """Explain why two records are of two persons. Raises ValueError when they are of one."""
    if evidence.group[one] == evidence.group[other]:
        raise ValueError("the two records are of one person")
    left, right = _compared(evidence, one), _compared(evidence, other)
    links = Links.among(evidence.scored, np.concatenate([left, right]), evidence.constraints)
    return apart(links, left.tolist(), right.tolist(), cut=cut)


def apart(links: Links, left: Sequence[int], right: Sequence[int], *, cut: float) -> Apart:
    """The same from the links among the records of both."""
    local = {int(record): at for at, record in enumerate(links.records)}
    found = _between(links, [local[record] for record in left], [local[record] for record in right])
    return Apart(found, cut, _why(found, cut))


def _why(between: Between, cut: float) -> Why:
    if between.mean == -np.inf:
        return Why.TOLD_APART
    if between.one_source:
        return Why.ONE_SOURCE
    if between.strongest is None or between.strongest.weight < STARTS * BITS:
        return Why.NOTHING_STRONG
    return Why.BELOW_THE_CUT if between.mean < cut else Why.TOLD_TOGETHER_ELSEWHERE


def all_links(links: Links) -> tuple[LinkBetween, ...]:
    first, second = np.triu_indices(len(links), 1)
    told = ~np.isnan(links.odds[first, second])
    found = zip(first[told].tolist(), second[told].tolist(), strict=True)
    return tuple(sorted((_link(links, x, y) for x, y in found), key=lambda link: -link.weight))


def regroup(links: Links, *, cut: float) -> tuple[list[list[int]], tuple[Between, ...]]:
    """Average linkage of the few records: the groups (places in `links`) and the joins in their order.

    The closest two groups join first, as long as their mean (natural log odds) reaches the cut and a pair between them
    is near even odds (`cluster.STARTS`).
    """
    groups = [[at] for at in range(len(links))]
    joins = []
    while len(groups) > 1:
        means = _means(links, groups)
        x, y = divmod(int(np.argmax(means)), len(groups))
        if means[x, y] < cut or means[x, y] == -np.inf:
            break
        joins.append(_between(links, groups[x], groups[y]))
        groups[min(x, y)] = sorted(groups[x] + groups[y])
        del groups[max(x, y)]
    return groups, tuple(joins)


def height(links: Links, one: int, other: int) -> float:
    """The highest cut (natural log odds) at which two records are still together; -inf if they never are.

    one, other: places in `links`.
    """
    groups = [[at] for at in range(len(links))]
    lowest = np.inf
    while len(groups) > 1:
        means = _means(links, groups)
        x, y = divmod(int(np.argmax(means)), len(groups))
        if means[x, y] == -np.inf:
            return -np.inf
        lowest = min(lowest, float(means[x, y]))
        groups[min(x, y)] = sorted(groups[x] + groups[y])
        del groups[max(x, y)]
        if any(one in group and other in group for group in groups):
            return lowest
    return lowest


def _means(links: Links, groups: Sequence[Sequence[int]]) -> FloatArray:
    """The mean odds between each two groups; -inf where they cannot join, and below the diagonal."""
    belongs = np.zeros((len(groups), len(links)))
    for at, group in enumerate(groups):
        belongs[at, group] = 1
    counted = np.where(np.isnan(links.odds), UNSEEN, np.clip(links.odds, -SURE, SURE))
    sizes = belongs.sum(1)
    means = belongs @ counted @ belongs.T / np.outer(sizes, sizes)
    strong = belongs @ (np.nan_to_num(links.odds, nan=-np.inf) >= STARTS) @ belongs.T > 0
    never = belongs @ (links.odds == -np.inf) @ belongs.T > 0
    always = belongs @ (links.odds == np.inf) @ belongs.T > 0
    shared = (links.alone[:, None] == links.alone[None, :]) & (links.alone[:, None] >= 0)
    conflict = belongs @ shared @ belongs.T > 0
    means[always] = np.inf
    means[~strong | never | (conflict & ~always)] = -np.inf
    means[np.tril_indices(len(groups))] = -np.inf
    found: FloatArray = means
    return found


def _between(links: Links, left: Sequence[int], right: Sequence[int]) -> Between:
    odds = links.odds[np.ix_(left, right)]
    told = ~np.isnan(odds)
    counted = np.where(told, np.clip(odds, -SURE, SURE), UNSEEN)
    mean = -np.inf if (odds == -np.inf).any() else np.inf if (odds == np.inf).any() else float(counted.mean()) * BITS
    alone = set(links.alone[left].tolist()) & set(links.alone[right].tolist()) - {-1}
    strongest = weakest = None
    if told.any():
        x, y = divmod(int(np.argmax(np.where(told, odds, -np.inf))), len(right))
        strongest = _link(links, left[x], right[y])
        x, y = divmod(int(np.argmin(np.where(told, odds, np.inf))), len(right))
        weakest = _link(links, left[x], right[y])
    records = links.records
    return Between(
        tuple(records[left].tolist()), tuple(records[right].tolist()), mean, int(told.sum()), strongest, weakest,
        bool(alone),
    )  # fmt: skip


def _link(links: Links, x: int, y: int) -> LinkBetween:
    one, other = sorted((int(links.records[x]), int(links.records[y])))
    return LinkBetween(one, other, float(links.odds[x, y]) * BITS)

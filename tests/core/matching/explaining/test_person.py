"""Joins shown step by step are those of average linkage, and what keeps two persons apart is named."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.explaining.attribution import BITS
from infotrust.core.matching.explaining.person import (
    Links,
    Why,
    apart,
    explain_apart,
    explain_links,
    explain_person,
    height,
    regroup,
)  # fmt: skip
from infotrust.core.matching.persons.cluster import STARTS, SURE, UNSEEN

ODDS = st.one_of(st.none(), st.floats(-9, 9).map(lambda odds: round(odds, 3)))


@st.composite
def some_links(draw: st.DrawFn) -> Links:
    size = draw(st.integers(2, 7))
    drawn = [(x, y, draw(ODDS)) for x, y in combinations(range(size), 2)]
    # No two weights are the same: of two joins that are as good as each other either may come first.
    pairs = [(x, y, odds + 0.000137 * 1.01**at) for at, (x, y, odds) in enumerate(drawn) if odds is not None]
    return Links.of(list(range(size)), pairs)


def by_mean(join: tuple[float, frozenset[int], frozenset[int]]) -> float:
    return join[0]


def naive(links: Links, cut: float) -> set[frozenset[int]]:
    groups = [frozenset([at]) for at in range(len(links))]

    def mean(one: frozenset[int], other: frozenset[int]) -> float:
        odds = [links.odds[x, y] for x in one for y in other]
        if not any(weight >= STARTS for weight in odds):
            return -np.inf
        return float(np.mean([UNSEEN if np.isnan(weight) else min(max(weight, -SURE), SURE) for weight in odds]))

    while len(groups) > 1:
        *_, (best, one, other) = ranked = sorted(
            ((mean(*both), *both) for both in combinations(groups, 2)), key=by_mean
        )
        # As good as another join, or as the cut, but for the last digit: the order of adding would decide.
        assume(best - cut < -1e-9 or best - cut > 1e-9)
        assume(best < cut or len(ranked) == 1 or best - ranked[-2][0] > 1e-9)
        if best < cut:
            break
        groups = [group for group in groups if group not in (one, other)] + [one | other]
    return set(groups)


@settings(max_examples=80, deadline=None)
@given(some_links(), st.sampled_from([0.5, 0.0, -1.0]))
def test_the_joins_are_those_of_average_linkage(links: Links, cut: float) -> None:
    groups, joins = regroup(links, cut=cut)
    assert {frozenset(group) for group in groups} == naive(links, cut)
    assert len(joins) == len(links) - len(groups)


@settings(max_examples=80, deadline=None)
@given(some_links(), st.sampled_from([0.5, 0.0, -1.0]))
def test_two_records_are_together_up_to_their_height(links: Links, cut: float) -> None:
    together = any({0, 1} <= set(group) for group in regroup(links, cut=cut)[0])
    assert (height(links, 0, 1) >= cut) == together


def test_every_person_of_a_town_comes_together_again(town) -> None:
    evidence, cut = town.evidence, town.report.cut
    sizes = np.bincount(evidence.group, minlength=len(evidence.group))
    persons = np.flatnonzero(sizes > 1)
    explained = [explain_person(evidence, int(person), cut=cut) for person in persons]
    assert len(explained) > 50
    for person, found in zip(persons, explained, strict=True):
        assert len(found.records) == sizes[person]
        assert found.complete
        assert len(found.joins) == len(found.records) - 1
        assert found.weakest.mean >= cut - 1e-3


def test_two_neighbors_that_are_two_persons_are_told_apart_by_their_mean_against_the_cut(town) -> None:
    evidence, cut = town.evidence, town.report.cut
    pairs, odds = evidence.scored.pairs, evidence.scored.odds
    near = np.flatnonzero((evidence.group[pairs.first] != evidence.group[pairs.second]) & (odds > -SURE))
    at = near[np.argmax(odds[near])]
    found = explain_apart(evidence, int(pairs.first[at]), int(pairs.second[at]), cut=cut)
    assert found.between.strongest.weight == pytest.approx(float(odds[at]) * BITS)
    assert found.why in (Why.BELOW_THE_CUT, Why.NOTHING_STRONG)
    assert (found.between.mean < cut) or found.why is Why.NOTHING_STRONG


def test_records_of_one_person_are_not_explained_as_apart(town) -> None:
    evidence = town.evidence
    one = int(np.flatnonzero(np.bincount(evidence.group) > 1)[0])
    other = next(at for at in np.flatnonzero(evidence.group == one).tolist() if at != one)
    with pytest.raises(ValueError, match="of one person"):
        explain_apart(evidence, one, other, cut=0.0)


def test_a_source_with_one_record_each_keeps_two_strong_records_apart() -> None:
    links = Links.of([0, 1, 2], [(0, 1, 5.0), (1, 2, 4.0), (0, 2, 3.0)], alone=[7, -1, 7])
    assert explain_links(links, cut=0.0).complete is False
    assert apart(links, [0, 1], [2], cut=0.0).why is Why.ONE_SOURCE


def test_someones_word_counts_more_than_any_weight() -> None:
    links = Links.of([0, 1, 2], [(0, 1, -np.inf), (1, 2, 4.0), (0, 2, np.inf)])
    groups, joins = regroup(links, cut=0.0)
    assert {frozenset(group) for group in groups} == {frozenset([0, 2]), frozenset([1])}
    assert joins[0].mean == np.inf
    assert apart(links, [0, 2], [1], cut=0.0).why is Why.TOLD_APART


def test_groups_without_a_strong_pair_are_said_so() -> None:
    links = Links.of([4, 9], [(4, 9, -0.6)])
    assert apart(links, [4], [9], cut=-1.0).why is Why.NOTHING_STRONG


def test_a_giant_group_is_refused_with_a_next_step(town) -> None:
    with pytest.raises(UserFacingError, match="too many"):
        Links.among(town.evidence.scored, np.arange(501))

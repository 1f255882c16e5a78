"""Answers put right pairs that nobody was asked about, whatever their order, and a wrong one is found out."""

from collections.abc import Callable

import numpy as np
import pytest

from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.answers import Answer, Verdict
from infotrust.core.matching.compiled import BoolArray
from infotrust.core.matching.evaluate import b_cubed
from infotrust.core.matching.learning.surroundings import level_weights
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.persons.told import constraints_of
from infotrust.core.matching.pipeline import Evidence, Linkage, link_again
from infotrust.core.matching.reviewing.review import plan_review

Town = Callable[..., list[Source]]


@pytest.fixture(scope="module")
def town(make_town: Town) -> tuple[list[Source], Linkage, list[str]]:
    """A town and its linkage without answers, and the truth."""
    sources = make_town(500, seed=7)
    people = [person for source in sources for person in source.table["person"].to_pylist()]
    return sources, link_tables(sources), people


def answers_about(town: tuple[list[Source], Linkage, list[str]], count: int, wrong: float) -> list[Answer]:
    sources, linkage, people = town
    clerk = np.random.default_rng(3)
    review = plan_review(
        linkage, communities=[0] * len(people), names=["all"], answered={}, sample=count // 2, telling=count
    )
    assert linkage.record_id is not None
    keys = [(sources[linkage.source_index[at]].name, linkage.record_id[at]) for at in range(len(people))]
    return [
        Answer(keys[one.one], keys[one.other], Verdict.MATCH if same else Verdict.NO_MATCH)
        for one in review.questions[:count]
        for same in [(people[one.one] == people[one.other]) != (clerk.random() < wrong)]
    ]


def test_linking_again_is_linking_with_the_answers_in_any_order(town: tuple[list[Source], Linkage, list[str]]) -> None:
    sources, linkage, _ = town
    answers = answers_about(town, 120, wrong=0.05)
    whole = link_tables(sources, answers=answers)
    again = link_again(linkage, sources, answers[::-1])
    assert (whole.person == again.person).all()
    assert whole.evidence is not None
    assert again.evidence is not None
    assert (whole.evidence.scored.odds == again.evidence.scored.odds).all()
    back = link_again(again, sources, [])
    assert (back.person == linkage.person).all()


def test_answers_make_pairs_that_nobody_was_asked_about_clearer(town: tuple[list[Source], Linkage, list[str]]) -> None:
    sources, linkage, people = town
    answers = answers_about(town, 300, wrong=0.05)
    again = link_again(linkage, sources, answers)
    evidence, correction = again.evidence, again.evidence and again.evidence.correction
    assert evidence is not None
    assert correction is not None
    assert correction.learned
    assert 0.01 <= correction.slips <= 0.1
    match = true_matches(evidence, people)
    unasked = np.ones(len(match), bool)
    asked = evidence.constraints.asked
    assert asked is not None
    n = len(evidence.group)
    unasked &= ~np.isin(packed(evidence.scored.pairs, n), packed(asked.pairs, n))
    unasked &= correction.before.odds > -6
    assert loss(correction.odds[unasked], match[unasked]) < loss(correction.before.odds[unasked], match[unasked])
    # Nine of the answers are wrong: taken at their word they join and part people who are not.
    _, taken_at_their_word = cluster.choose_cut(
        n, correction.before, constraints_of(sources, evidence.records, answers)
    )
    assert b_cubed(again.person, people).f1 > b_cubed(taken_at_their_word[evidence.original], people).f1
    assert correction.settled.doubted.sum() >= 5


def test_few_answers_decide_their_own_pairs_and_teach_nothing(town: tuple[list[Source], Linkage, list[str]]) -> None:
    sources, linkage, _ = town
    again = link_again(linkage, sources, answers_about(town, 20, wrong=0.0))
    assert again.evidence is not None
    assert again.evidence.correction is not None
    assert linkage.evidence is not None
    assert (again.evidence.correction.odds == linkage.evidence.scored.odds).all()
    assert again.evidence.correction.used == 0
    assert again.evidence.constraints.asked is not None
    assert len(again.evidence.constraints.together) + len(again.evidence.constraints.apart) == 20


def test_a_field_that_is_not_known_says_nothing(town: tuple[list[Source], Linkage, list[str]]) -> None:
    _, linkage, _ = town
    assert linkage.model is not None
    assert all(weights[0] == 0 for weights in level_weights(linkage.model))


def true_matches(evidence: Evidence, people: list[str]) -> BoolArray:
    person = np.empty(len(people), dtype=object)
    person[evidence.original] = people
    match: BoolArray = (person[evidence.scored.pairs.first] == person[evidence.scored.pairs.second]).astype(bool)
    return match


def packed(pairs, n):  # type: ignore[no-untyped-def]
    return pairs.first.astype(np.int64) * n + pairs.second


def loss(odds, match):  # type: ignore[no-untyped-def]
    return np.log1p(np.exp(-np.clip(np.where(match, odds, -odds), -30, 30))).mean()

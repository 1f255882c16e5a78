"""A review of a whole linkage: unbiased by its sample, the same in any order of rows, and without a value."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from infotrust.core.matching import Options, link_tables
from infotrust.core.matching.answers import Verdict
from infotrust.core.matching.reviewing.accuracy import Cell, measure
from infotrust.core.matching.reviewing.frame import frame_of
from infotrust.core.matching.reviewing.review import plan_review
from infotrust.core.matching.reviewing.sample import draw


@pytest.fixture(scope="module")
def town(make_town):
    """A linkage that is wrong often enough to be measured: cut too high, so that matches are missed."""
    sources = make_town(300, seed=4)
    linkage = link_tables(sources, options=Options(threshold=6.0))
    people = np.array([value for source in sources for value in source.table["person"].to_pylist()])
    return sources, linkage, people


def reviewed(linkage, people, **numbers):
    of = list(linkage.source_index)
    return plan_review(linkage, communities=of, names=["clinic", "school"], answered=numbers.pop("answered", {}),
                       **({"sample": 80, "telling": 40} | numbers))  # fmt: skip


def test_the_sample_measures_precision_and_recall_without_bias_and_with_limits_that_hold(town):
    _, linkage, people = town
    evidence = linkage.evidence
    person = np.empty(len(people), people.dtype)
    person[evidence.original] = people
    frame = frame_of(evidence, evidence.records.source, evidence.records.source_names, np.empty(0, np.int64))
    match = person[frame.pairs.first] == person[frame.pairs.second]
    given_up = np.array([one.given_up for one in frame.strata])[frame.stratum]
    # The town's errors lie in one stratum; some more, at random, put them everywhere.
    match ^= np.random.default_rng(3).random(len(match)) < np.where(given_up, 0.001, 0.08)
    precision = match[frame.accepted].mean()
    recall = match[frame.accepted].sum() / match[~given_up].sum()
    assert 0.3 < precision < 0.97, "the town would not test anything"
    assert 0.3 < recall < 0.99
    estimates, held = [], Counter()
    reviews = 150
    for seed in range(reviews):
        sample = draw(frame, size=150, seed=seed)
        hits = np.bincount(frame.stratum[sample.pair], match[sample.pair], len(frame.strata))
        cells = [
            Cell(one.accepted, one.band, one.community, one.pairs, int(asked), int(hit), given_up=one.given_up)
            for one, asked, hit in zip(frame.strata, sample.drawn, hits, strict=True)
        ]
        found = measure(cells)
        estimates.append((found.precision.value, found.recall.value))
        held["precision"] += found.precision.low <= precision <= found.precision.high
        held["recall"] += found.recall.low <= recall <= found.recall.high
    # Five standard errors of the mean of so many reviews.
    off = 5 * np.std(estimates, axis=0) / np.sqrt(reviews)
    assert abs(np.mean(estimates, axis=0)[0] - precision) < off[0]
    assert abs(np.mean(estimates, axis=0)[1] - recall) < off[1] + 0.002  # a ratio's bias is of the order 1 / answers
    assert held["precision"] / reviews >= 0.91
    assert held["recall"] / reviews >= 0.91


def test_whoever_stops_early_leaves_a_sample_of_every_stratum(town):
    _, linkage, people = town
    review = reviewed(linkage, people, sample=200, telling=0)
    third = Counter(one.stratum for one in review.questions[: len(review.questions) // 3])
    for place, count in enumerate(review.drawn):
        if count >= 9:
            assert third[place] == pytest.approx(count / 3, abs=1.1)


def test_questions_are_the_same_in_any_order_of_rows_and_files(make_town):
    def asked(sources):
        linkage = link_tables(sources)
        of = [sorted(s.name for s in sources).index(sources[at].name) for at in linkage.source_index]
        review = plan_review(linkage, communities=of, names=["clinic", "school"], answered={}, sample=50, telling=30)
        ids = linkage.record_id
        return [(frozenset((ids[one.one], ids[one.other])), one.weight, one.stratum) for one in review.questions]

    assert asked(make_town(150, seed=2)) == asked(make_town(150, seed=2, shuffled=9))


def test_a_questions_fields_add_up_to_its_weight(town):
    _, linkage, people = town
    for one in reviewed(linkage, people).questions[:20]:
        told = one.prior + sum(field.weight for field in one.fields)
        assert told == pytest.approx(one.weight, abs=0.02)


def test_what_was_answered_before_is_known_and_never_asked_to_put_right_again(town):
    _, linkage, people = town
    first = reviewed(linkage, people)
    answered = {
        (one.one, one.other): Verdict.MATCH if people[one.one] == people[one.other] else Verdict.NO_MATCH
        for one in first.questions
    }
    again = reviewed(linkage, people, answered=answered)
    for one in again.questions:
        is_known = (one.one, one.other) in answered or (one.other, one.one) in answered
        assert one.known == is_known
        assert not (is_known and one.worth)
    assert sum(one.pairs for one in again.strata if one.known) == sum(one.known for one in again.questions)


def test_the_questions_hold_no_value(town):
    sources, linkage, people = town
    told = repr(reviewed(linkage, people))
    for value in {value for source in sources for value in source.table["street"].to_pylist()}:
        assert value not in told


def test_where_nothing_was_compared_there_is_nothing_to_ask(make_town):
    linkage = replace(link_tables(make_town(20)), evidence=None)
    review = plan_review(linkage, communities=[0], names=["clinic"], answered={}, sample=5, telling=5)
    assert review.questions == ()

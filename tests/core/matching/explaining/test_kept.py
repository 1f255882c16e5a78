"""What is kept of a linkage explains it as the linkage itself does, and holds no value."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.answers import Answer, Verdict
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import agreement
from infotrust.core.matching.explaining import kept
from infotrust.core.matching.explaining.pair import shared_keys, weigh
from infotrust.core.matching.explaining.person import explain_links, explain_person


@pytest.fixture(scope="module")
def whole(town) -> kept.Kept:
    found = kept.keep(town.evidence, cut=town.report.cut)
    return kept.Kept(json.loads(json.dumps(found.about)), found.records, found.pairs, found.patterns)


def among(whole: kept.Kept, places) -> tuple[pa.Table, pa.Table]:
    chosen = pa.array(np.asarray(places), pa.int32())
    records = whole.records.filter(pc.is_in(whole.records["place"], chosen))
    both = pc.and_(pc.is_in(whole.pairs["first"], chosen), pc.is_in(whole.pairs["second"], chosen))
    return records, whole.pairs.filter(both)


def test_a_person_is_explained_as_by_the_linkage_itself(town, whole):
    evidence = town.evidence
    largest = np.bincount(evidence.group).argmax()
    for group in (largest, *np.unique(evidence.group)[:5]):
        places = np.flatnonzero(evidence.group == group)
        told = explain_links(kept.links_of(*among(whole, places)), cut=whole.about["cut"])
        direct = explain_person(evidence, int(places[0]), cut=town.report.cut)
        assert told.records == direct.records
        assert [join.mean for join in told.joins] == pytest.approx([join.mean for join in direct.joins], abs=1e-4)


def test_a_kept_pair_has_the_levels_and_the_weight_it_was_linked_by(town, whole):
    model, comparisons = kept.model_of(whole.about), kept.comparisons_of(whole.about)
    levels = dict(zip(whole.patterns["pattern"].to_pylist(), whole.patterns["levels"].to_pylist(), strict=True))
    weighed = whole.pairs.filter(pc.not_equal(whole.pairs["pattern"], kept.NO_PATTERN)).slice(0, 200).to_pylist()
    assert weighed
    for pair in weighed:
        told = weigh(model, comparisons, kept.levels_of(levels[pair["pattern"]]))
        assert told.weight * np.log(2) == pytest.approx(pair["odds"], abs=1e-3)


def test_any_two_records_agree_by_their_values_alone_as_they_do_among_all(make_town):
    sources = make_town(120, seed=6)
    linkage = link_tables(sources)
    evidence = linkage.evidence
    whole = kept.keep(evidence, cut=linkage.report.cut)
    rng = np.random.default_rng(1)
    n = len(evidence.group)
    chosen = [(int(x), int(y)) for x, y in rng.integers(0, n, (150, 2)) if x != y]
    scored = evidence.scored.pairs
    chosen += list(zip(scored.first[:150].tolist(), scored.second[:150].tolist(), strict=True))
    wrong = 0
    for x, y in chosen:
        first, second = min(x, y), max(x, y)
        both = [one_row(sources, evidence, place) for place in (first, second)]
        rows = whole.records.take([first, second])
        pair = Pairs(np.array([first], np.int32), np.array([second], np.int32))
        wrong += not np.array_equal(kept.levels_between(whole.about, both, rows), agreement(evidence.plan, pair)[0])
    assert wrong == 0


def one_row(sources, evidence, place: int) -> Source:
    source = sources[int(evidence.records.source[place])]
    row = source.table.slice(int(evidence.records.row[place]), 1)
    return Source(source.name, row, source.columns, source.record_id)


def test_what_people_said_is_kept_and_stands(make_town):
    sources = make_town(30, seed=3)
    ids = [source.table[source.record_id].to_pylist() for source in sources]
    told = Answer((sources[0].name, str(ids[0][0])), (sources[0].name, str(ids[0][1])), Verdict.MATCH)
    linkage = link_tables(sources, answers=[told])
    whole = kept.keep(linkage.evidence, cut=linkage.report.cut)
    said = whole.pairs.filter(pc.equal(whole.pairs["said"], 1)).to_pylist()
    assert len(said) == 1
    links = kept.links_of(*among(whole, [said[0]["first"], said[0]["second"]]))
    assert links.odds[0, 1] == np.inf


def test_nothing_that_is_kept_is_a_value(town, whole):
    told = json.dumps(whole.about) + str(whole.records.to_pydict()) + str(whole.pairs.slice(0, 50).to_pydict())
    for coded in town.evidence.records.fields.values():
        for value in coded.values.to_pylist():
            digits = value.isdigit() and len(value) < 8  # a probability may have these digits
            assert len(value) < 5 or digits or value not in told


def test_pairs_given_up_are_left_out_where_there_are_too_many(town, monkeypatch):
    monkeypatch.setattr(kept, "MOST_PAIRS", 10)
    few = kept.keep(town.evidence, cut=town.report.cut)
    assert not few.about["whole"]
    assert pc.all(pc.not_equal(few.pairs["pattern"], kept.NO_PATTERN)).as_py()


def test_two_records_share_the_kinds_of_keys_that_the_linkage_found_them_by(make_town):
    sources = make_town(120, seed=6)
    linkage = link_tables(sources)
    evidence = linkage.evidence
    whole = kept.keep(evidence, cut=linkage.report.cut)
    together = next(group for group in range(len(evidence.group)) if (evidence.group == group).sum() > 1)
    first, second = np.flatnonzero(evidence.group == together)[:2].tolist()
    both = [one_row(sources, evidence, place) for place in (first, second)]
    told = kept.shared_kinds(kept.two_records(whole.about, both, whole.records.take([first, second])))
    direct = {key.name for key in shared_keys(evidence.records, first, second)}
    assert set(told) == direct != set()

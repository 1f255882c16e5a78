"""How many pairs were missed: an estimate without labels, held against the truth of made-up towns."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.matching import Options, Source, link_tables
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.explaining import missed as estimates
from infotrust.core.matching.explaining.missed import chao, kinds_telling, limits, missed_pairs


def truly_missed(linkage, sources) -> int:
    """Pairs of records of one true person that are not together, counted one by one."""
    true = [one for source in sources for one in source.table["person"].to_pylist()]
    persons: dict[str, list[int]] = {}
    for place, person in enumerate(true):
        persons.setdefault(person, []).append(place)
    return sum(
        linkage.person[one] != linkage.person[other]
        for places in persons.values()
        for at, one in enumerate(places)
        for other in places[at + 1 :]
    )


def spoiled(sources: list[Source], share: float, seed: int) -> list[Source]:
    """The same with given name and birth date gone from some records of the second source: their pairs get missed."""
    random = np.random.default_rng(seed)
    table = sources[1].table
    gone = random.random(table.num_rows) < share
    for name in (sources[1].columns[what] for what in sources[1].columns if what.value in ("given_name", "birth_date")):
        table = table.set_column(
            table.column_names.index(name), name,
            pa.array([None if lost else one for lost, one in zip(gone, table[name].to_pylist(), strict=True)]),
        )  # fmt: skip
    return [sources[0], Source(sources[1].name, table, sources[1].columns, sources[1].record_id)]


def test_nine_in_ten_limits_hold_what_was_truly_missed(make_town):
    """Twelve towns of 600 records: of half, a tenth of one file lost given name and birth date. Ten or more must hold;
    `./run bench missed_pairs` counts it on 80 larger linkages."""
    held = 0
    for seed in range(6):
        for share in (0.0, 0.1):
            sources = spoiled(make_town(220, seed=seed), share, seed)
            linkage = link_tables(sources)
            told = missed_pairs(linkage.evidence, cut=linkage.report.cut)
            held += bool(told.missed.low <= truly_missed(linkage, sources) <= told.missed.high)
            assert told.together == sum(size * (size - 1) // 2 for size in np.bincount(linkage.person))
    assert held >= 10


def test_more_spoiled_records_are_more_missed_pairs(make_town):
    linked = [link_tables(spoiled(make_town(220, seed=3), share, 3)) for share in (0.0, 0.4)]
    told = [missed_pairs(one.evidence, cut=one.report.cut).missed.value for one in linked]
    assert told[1] > 2 * told[0]


def test_a_cut_that_people_set_too_high_is_told_to_miss_many(make_town):
    """At 10 nothing is put together: every pair of one person is missed."""
    sources = make_town(220, seed=4)
    for cut in (5.0, 10.0):
        strict = link_tables(sources, options=Options(threshold=cut))
        told, lost = missed_pairs(strict.evidence, cut=strict.report.cut), truly_missed(strict, sources)
        assert lost >= 35
        assert 0.7 < told.missed.value / lost < 1.4


def test_it_is_told_between_each_two_sources_and_adds_up(town):
    told = missed_pairs(town.evidence, cut=town.report.cut)
    assert sum(one.together for one in told.between) == told.together
    assert sum(one.missed.value for one in told.between) == pytest.approx(told.missed.value, abs=0.5 * 4)
    assert told.missed.value == pytest.approx(told.compared + told.never)
    assert told.recall.low <= told.recall.value <= told.recall.high <= 1


def test_where_rules_choose_the_pairs_nobody_says_how_many_they_left_out(make_town):
    linkage = link_tables(make_town(220, seed=1), options=Options(rules=(parse_rule("birth_date"),)))
    told = missed_pairs(linkage.evidence, cut=linkage.report.cut)
    assert told.never is None
    assert told.missed.value == told.compared


def test_pairs_that_people_parted_are_not_missed(make_town):
    sources = make_town(220, seed=2)
    linkage = link_tables(sources)
    pairs, group = linkage.evidence.scored.pairs, linkage.evidence.group
    near = np.flatnonzero((group[pairs.first] != group[pairs.second]) & (linkage.evidence.scored.odds > -3))
    assert len(near)
    apart = Pairs(pairs.first[near], pairs.second[near])
    evidence = replace(linkage.evidence, constraints=replace(linkage.evidence.constraints, apart=apart))
    assert (
        missed_pairs(evidence, cut=linkage.report.cut).compared
        < missed_pairs(linkage.evidence, cut=linkage.report.cut).compared
    )


def test_a_sample_of_the_pairs_tells_nearly_what_all_tell(town, monkeypatch):
    whole = missed_pairs(town.evidence, cut=town.report.cut)
    monkeypatch.setattr(estimates, "MOST_SAMPLED", 400)
    assert missed_pairs(town.evidence, cut=town.report.cut).missed.value == pytest.approx(
        whole.missed.value, rel=0.5, abs=3
    )


def test_it_holds_counts_and_names_of_sources_only(town):
    told = json.dumps(missed_pairs(town.evidence, cut=town.report.cut).told())
    for field in ("given", "family", "street"):
        for value in town.evidence.records.fields[field].values.to_pylist():
            assert f'"{value}"' not in told


def test_a_pair_that_agrees_in_everything_is_told_by_every_kind_it_knows(town):
    places = np.arange(50, dtype=np.int32)
    told, known = kinds_telling(town.evidence.plan, Pairs(places, places))
    assert (told <= known).all()
    assert (known >= 2).any()


@given(st.integers(2, 6), st.floats(0.2, 0.7))
def test_chao_finds_what_independent_occasions_leave_out(occasions, chance):
    """10,000 things, each seen on each occasion with one chance: expected counts of seen once and twice."""
    seen = [
        10_000 * chance**times * (1 - chance) ** (occasions - times) * _choose(occasions, times) for times in range(3)
    ]
    if seen[2] > 200 and seen[0] < seen[2]:
        assert chao(seen[1], seen[2], occasions) == pytest.approx(seen[0], rel=0.02)
    assert chao(seen[1], seen[2], occasions) <= seen[2]


def _choose(of: int, many: int) -> int:
    return [1, of, of * (of - 1) // 2][many]


@given(st.floats(0, 1e6))
def test_limits_hold_the_estimate_and_widen_with_fewer(estimate):
    found = limits(estimate)
    assert 0 <= found.low <= found.value <= found.high
    assert limits(estimate * 10).high / max(estimate * 10, 1) <= found.high / max(estimate, 1) + 1e-9

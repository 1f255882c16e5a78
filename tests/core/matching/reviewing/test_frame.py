"""Every pair that was compared or put together can be drawn; what cannot is counted."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from infotrust.core.matching import link_tables
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.persons.cluster import Scored
from infotrust.core.matching.reviewing.frame import REST, frame_of, packed, pair_communities, unscored_inside


@given(some.lists(some.integers(0, 5), min_size=2, max_size=14), some.integers(0, 2**20))
def test_the_unscored_pairs_inside_persons_are_all_found(labels, seed):
    first_of = {label: labels.index(label) for label in labels}
    group = np.array([first_of[label] for label in labels], np.int64)
    every = list(combinations(range(len(group)), 2))
    scored = [pair for pair in every if np.random.default_rng((seed, *pair)).random() < 0.5]
    pairs = Pairs(*np.array(scored, np.int32).reshape(-1, 2).T)
    found, left_out = unscored_inside(Scored(pairs, np.zeros(len(pairs))), group)
    wanted = {(x, y) for x, y in every if group[x] == group[y]} - set(scored)
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == wanted
    assert left_out == 0


def test_each_pair_lies_in_one_stratum_and_all_pairs_are_accounted_for(make_town):
    linkage = link_tables(make_town(200))
    evidence = linkage.evidence
    n = len(evidence.group)
    known = packed(evidence.scored.pairs.first[:5], evidence.scored.pairs.second[:5], n)
    frame = frame_of(evidence, evidence.records.source, evidence.records.source_names, known)
    counts = np.bincount(frame.stratum, minlength=len(frame.strata))
    assert counts.tolist() == [one.pairs for one in frame.strata]
    assert len(frame.pairs) + frame.never_compared + frame.left_out == n * (n - 1) // 2
    assert sum(one.pairs for one in frame.strata if one.known) == 5
    persons = np.bincount(linkage.person)
    assert sum(one.pairs for one in frame.strata if one.accepted) == (persons * (persons - 1) // 2).sum()
    assert {one.community for one in frame.strata} == {"clinic", "school", "clinic and school"}
    assert len(np.unique(packed(frame.pairs.first, frame.pairs.second, n))) == len(frame.pairs)


def test_small_communities_are_told_together():
    one = np.arange(12, dtype=np.int32)
    accepted = np.arange(12) < 3
    of, names = pair_communities(one, one, [f"c{number}" for number in range(12)], accepted)
    assert names[-1] == REST
    assert {names[place] for place in of[:3]} == {"c0", "c1", "c2"}
    assert (of == len(names) - 1).sum() == 4

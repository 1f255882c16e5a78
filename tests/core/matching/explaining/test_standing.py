"""How a whole linkage stands: counted as a naive count has it, and without a value of a person."""

from __future__ import annotations

import json
from collections import Counter, defaultdict

import numpy as np
import pyarrow as pa
import pytest

from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.explaining.standing import KEYS_UP_TO, standing


@pytest.fixture(scope="module")
def found(town):
    return standing(town.evidence, cut=town.report.cut)


def test_it_is_plain_and_holds_no_name(town, found):
    told = json.dumps(found)
    for field in ("given", "family", "street"):
        for value in town.evidence.records.fields[field].values.to_pylist():
            assert f'"{value}"' not in told


def test_every_compared_pair_is_in_one_range_of_weights(town, found):
    assert sum(one["together"] + one["apart"] for one in found["weights"]) == len(town.evidence.scored.pairs)
    assert found["weights"][-1]["apart"] == 0, "no pair beyond a billion to one is left apart in this town"


def test_match_rates_are_those_of_a_count_by_hand(town, found):
    evidence = town.evidence
    members = defaultdict(list)
    for place, group in enumerate(evidence.group.tolist()):
        members[group].append(int(evidence.records.source[place]))
    linked, elsewhere = Counter(), Counter()
    for sources in members.values():
        for source in sources:
            linked[source] += len(sources) > 1
            elsewhere[source] += len(set(sources)) > 1
    for at, one in enumerate(found["rates"]["source"]):
        assert (one["linked"], one["elsewhere"]) == (linked[at], elsewhere[at])
    for kind in ("year", "area"):
        assert 0 < sum(one["records"] for one in found["rates"][kind]) <= len(evidence.group)
    assert sum(one["persons"] for one in found["sizes"]) == len(members)


def test_levels_have_what_they_are_worth_and_how_often_they_were_seen(town, found):
    weighed = int((town.evidence.scored.odds > -6.0).sum())
    for field in found["fields"]:
        assert field["unknown"] + sum(level["seen"] for level in field["levels"]) == weighed
        assert sum(level["m"] for level in field["levels"]) == pytest.approx(1, abs=0.01)
    given = next(field for field in found["fields"] if field["field"] == "given")
    different = next(level for level in given["levels"] if level["level"] == "different")
    assert different["u"] > different["m"]


def test_a_record_that_says_next_to_nothing_is_unlinkable(make_town):
    sources = make_town(120, seed=6)
    one = sources[0]
    columns = {name: one.table[name].to_pylist() for name in one.table.column_names}
    for name in one.columns.values():
        if isinstance(name, str) and name != one.columns.get("zip_code"):
            columns[name][0] = None
    bare = Source(one.name, pa.table(columns), one.columns, one.record_id)
    linkage = link_tables([bare, *sources[1:]])
    told = standing(linkage.evidence, cut=linkage.report.cut)
    assert told["unlinkable"][0]["count"] >= 1
    assert told["unlinkable"][0]["records"] == bare.table.num_rows


def test_keys_are_counted_and_chains_are_told_by_how_they_were_cut(town, found):
    assert len(town.evidence.records) <= KEYS_UP_TO
    named = {one["kind"]: one for one in found["keys"]}
    codes = town.evidence.records.fields["birth_date"].codes
    shared = [count for code, count in Counter(codes[codes >= 0].tolist()).items() if count > 1]
    assert named["birth date"]["keys"] == len(shared)
    assert named["birth date"]["widest"] == max(shared)
    assert named["birth date"]["middle"] == int(np.median(shared))
    for one in found["chains"]:
        assert 1 < one["persons"] <= one["records"]

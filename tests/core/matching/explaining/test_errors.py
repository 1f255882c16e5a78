"""How often each source's fields err: counted by hand, and found again where files were spoiled on purpose."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from infotrust.core.matching import Options, Source, link_tables
from infotrust.core.matching.explaining.errors import error_rates, own_rates, rates_between


def sloppy(source: Source, column: str, share: float, seed: int) -> Source:
    """Another day of birth in so many of the records: the last digit of the day goes up by one."""
    random = np.random.default_rng(seed)
    values = [
        value[:-1] + str((int(value[-1]) + 1) % 9) if random.random() < share else value
        for value in source.table[column].to_pylist()
    ]
    table = source.table.set_column(source.table.column_names.index(column), column, pa.array(values))
    return Source(source.name, table, source.columns, source.record_id)


def of(found, field, source):
    by = next(one for one in found if one["field"] == field)["by"]
    return next(one for one in by if one["source"] == source)


def test_the_sloppy_file_is_named_and_its_share_found(make_town):
    clinic, school = make_town(220, seed=5)
    other = make_town(220, seed=5, shuffled=1)[0]
    third = Source("shelter", other.table, other.columns, other.record_id)
    linkage = link_tables([clinic, sloppy(school, "born", 0.2, 1), third])
    found = error_rates(linkage.evidence)
    rates = {name: of(found, "birth_date", name)["own"] for name in ("clinic", "school", "shelter")}
    assert rates["school"] == pytest.approx(0.2 + 0.05, abs=0.06)
    assert max(rates["clinic"], rates["shelter"]) < 0.1
    counted = of(found, "birth_date", "school")
    assert counted["slips"] > counted["different"], "one digit of the day is a slip"


def test_counts_are_those_of_a_count_by_hand(town):
    found = error_rates(town.evidence)
    evidence = town.evidence
    codes = evidence.records.fields["zip"].codes
    pairs = evidence.scored.pairs
    known = same = 0
    for one, other in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        together = evidence.group[one] == evidence.group[other]
        if together and min(codes[one], codes[other]) >= 0 and 0 in evidence.records.source[[one, other]]:
            known += 1
            same += codes[one] == codes[other]
    told = of(found, "zip", evidence.records.source_names[0])
    assert told["known"] == known
    assert told["known"] - told["slips"] - told["different"] == same


def test_two_files_without_duplicates_cannot_say_whose_the_mistakes_are():
    one, other = np.zeros(10, np.int64), np.ones(10, np.int64)
    many, rate = rates_between(one, other, np.arange(10) < 3, 2)
    assert own_rates(many, rate) is None
    assert rate[0, 1] == pytest.approx(0.3)


@given(arrays.arrays(np.float64, 4, elements=st.floats(0, 0.4)), st.integers(0, 2**16))
def test_what_adds_up_is_found_exactly(own, seed):
    """Rates that are sums of two: found, whatever the numbers of pairs; a source that is in no pair stays out."""
    random = np.random.default_rng(seed)
    many = np.triu(random.integers(1, 500, (4, 4)).astype(float))
    rate = np.triu(own[:, None] + own[None, :])
    assert own_rates(many, rate) == pytest.approx(own, abs=1e-3)


def test_a_linkage_that_put_nothing_together_has_no_rates(make_town):
    linkage = link_tables(make_town(60, seed=1), options=Options(threshold=60.0))
    assert error_rates(linkage.evidence) == []

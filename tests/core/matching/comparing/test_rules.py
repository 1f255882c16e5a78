"""Blocking rules bring together what a plain double loop brings together, and refuse what would never end."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.blocks import blocks_of
from infotrust.core.matching.comparing.rules import Part, Rule, pairs_by_rules, parse_rule
from infotrust.core.matching.reading.sources import Coded, Records

NAMES = st.one_of(st.none(), st.sampled_from(["ana", "anna", "bo", "ann", "cy"]))
ROWS = st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=25)
RULES = (Rule((Part("given"),)), Rule((Part("family", 0, 2), Part("given", 0, 1))), Rule((Part("family", 1),)))


def records_of(rows: list[tuple[str | None, str | None]]) -> Records:
    fields = {}
    for place, field in enumerate(("given", "family")):
        column = [row[place] for row in rows]
        values = sorted({value for value in column if value})
        codes = np.array([values.index(value) if value else -1 for value in column], np.int32)
        fields[field] = Coded(codes, pa.array(values, pa.string()))
    count = len(rows)
    return Records(np.zeros(count, np.int32), np.arange(count), ("one",), fields)


def holds(rule: Rule, one: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    for part in rule.parts:
        place = ("given", "family").index(part.field)
        x, y = ((row[place] or "")[part.begin : part.end or None] for row in (one, other))
        if not x or x != y:
            return False
    return True


@given(ROWS, st.lists(st.sampled_from(RULES), min_size=1, max_size=3))
@settings(deadline=None, max_examples=150)
def test_rules_make_the_pairs_of_a_plain_double_loop_each_once(rows, rules) -> None:
    pairs = pairs_by_rules(records_of(rows), rules)
    expected = [
        (i, j) for i, j in combinations(range(len(rows)), 2) if any(holds(rule, rows[i], rows[j]) for rule in rules)
    ]
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == expected


def test_a_rule_is_read_as_it_is_written() -> None:
    rule = parse_rule("family[:4] and birth_date & given[2:]")
    assert rule == Rule((Part("family", 0, 4), Part("birth_date"), Part("given", 2)))
    assert str(rule) == "family[:4] and birth_date and given[2:]"


@pytest.mark.parametrize("text", ["", "family or given", "family[4:2]", "family ==", "and family"])
def test_a_rule_that_is_not_understood_is_said_and_not_guessed(text: str) -> None:
    with pytest.raises(UserFacingError, match="not understood"):
        parse_rule(text)


def test_a_rule_over_a_field_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UserFacingError, match=r"'zip'.*They have: given, family"):
        pairs_by_rules(records_of([("ana", "cy"), ("bo", "cy")]), [parse_rule("zip")])


def test_a_rule_that_makes_too_many_pairs_is_refused_with_its_sizes_and_no_value() -> None:
    records = records_of([("ana", "cy")] * 30)
    with pytest.raises(UserFacingError) as refused:
        pairs_by_rules(records, [parse_rule("family"), parse_rule("given")], most_pairs=400)
    assert "870 pairs, more than 400" in str(refused.value)
    assert "30 records" in str(refused.value)
    assert "ana" not in str(refused.value)


def test_records_without_a_key_are_in_no_block() -> None:
    blocks = blocks_of(np.array([0, 7 << 40, 0, 7 << 40, 9 << 40], np.uint64))
    assert blocks.order.tolist() == [1, 3]
    assert blocks.sizes.tolist() == [2]
    assert len(blocks_of(np.zeros(3, np.uint64))) == 0

"""`--effort fast`: right on the made-up town, the same in any order, under constraints, and told in full."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Options, Source, link_tables, summary
from infotrust.core.matching.answers import Answer, Verdict
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.evaluate import b_cubed
from infotrust.core.matching.fellegi_sunter import splink
from infotrust.core.matching.fellegi_sunter.fields import FULL, with_full_names
from infotrust.core.matching.fellegi_sunter.model import FellegiSunter
from infotrust.core.matching.reading.sources import Coded

FAST = Options(effort="fast")


def groups(linkage) -> set[frozenset[str]]:
    found = defaultdict(set)
    for record, person in zip(linkage.record_id, linkage.person.tolist(), strict=True):
        found[person].add(record)
    return {frozenset(records) for records in found.values()}


def test_two_files_are_linked_well_without_settings(make_town, truth) -> None:
    sources = make_town(400)
    assert b_cubed(link_tables(sources, options=FAST).person, truth(sources)).f1 > 0.97


def test_order_of_rows_and_files_changes_nothing(make_town) -> None:
    one, other = (link_tables(make_town(250, **how), options=FAST) for how in ({}, {"shuffled": 7}))
    assert groups(one) == groups(other)
    assert one.by_rules.chosen == other.by_rules.chosen


def test_twins_and_children_of_one_home_stay_apart(make_town, truth) -> None:
    sources = make_town(400, seed=3)
    people = defaultdict(set)
    for person, true in zip(link_tables(sources, options=FAST).person.tolist(), truth(sources), strict=True):
        people[person].add(true)
    assert sum(len(true) > 1 for true in people.values()) / len(people) < 0.02


def test_answers_and_files_that_hold_each_person_once_stand(make_town) -> None:
    sources = make_town(100)
    free = link_tables(sources, options=FAST)
    joined = next(link for link in free.links.to_pylist() if link["accepted"])
    said = Answer(*(_key(free, sources, joined[side]) for side in ("first", "second")), Verdict.NO_MATCH)
    parted = link_tables(sources, options=FAST, answers=[said])
    assert parted.person[joined["first"]] != parted.person[joined["second"]]
    doubled = pa.concat_tables([sources[0].table, sources[0].table])
    once = link_tables([Source("a", doubled, sources[0].columns, unique=True), sources[1]], options=FAST)
    assert len(set(once.person[once.source_index == 0].tolist())) == doubled.num_rows


def _key(linkage, sources, record) -> tuple[str, str]:
    return sources[linkage.source_index[record]].name, linkage.record_id[record]


def test_the_rules_their_cost_and_the_model_are_told(make_town) -> None:
    sources = make_town(250)
    linkage = link_tables(sources, options=FAST)
    told = json.loads(json.dumps(summary.manifest(linkage, sources)))
    assert [rule["pairs"] for rule in told["blocking_rules"]] == [t.pairs for t in linkage.by_rules.chosen.tried]
    assert told["blocking_rules"][0]["finds"] > 0.5
    against_strangers = _without_homes(linkage.by_rules.model)
    assert splink.read_settings(told["splink_settings"]).model == against_strangers
    assert any("Blocking rules" in str(table.title) for table in summary.tables(linkage, ["a", "b"]))


def _without_homes(model: FellegiSunter) -> FellegiSunter:
    comparisons = tuple(
        replace(one, levels=tuple(replace(level, home=None) for level in one.levels)) for one in model.comparisons
    )
    return replace(model, comparisons=comparisons, home_share=None)


def test_short_forms_and_initials_are_levels_of_their_own(make_town) -> None:
    columns = with_full_names({"given": Coded(np.arange(4, dtype=np.int32), pa.array(["ana", "bob", "robert", "xq"]))})
    full = [columns[name].values.to_pylist()[columns[name].codes[1]] for name in FULL]
    assert "robert" in full
    linkage = link_tables(make_town(100), options=FAST)
    names = [level.name for level in linkage.by_rules.model.comparisons[0].levels]
    assert names[2:6] == ["swapped", "nearly the same", "short form", "initial"]


def test_rules_that_are_named_are_the_ones_used(make_town, truth) -> None:
    sources = make_town(250)
    rules = (parse_rule("given and family[:3]"), parse_rule("birth_date"))
    linkage = link_tables(sources, options=Options(effort="fast", rules=rules))
    assert [str(one.rule) for one in linkage.by_rules.chosen.tried] == ["given and family[:3]", "birth_date"]
    scored = linkage.by_rules.scored.pairs
    fields = linkage.by_rules.records.fields
    texts = {name: np.append(fields[name].values.to_pylist(), None)[fields[name].codes] for name in fields}
    for i, j in zip(scored.first.tolist(), scored.second.tolist(), strict=True):
        named = texts["given"][i] == texts["given"][j] and texts["family"][i][:3] == texts["family"][j][:3]
        assert named or texts["birth_date"][i] == texts["birth_date"][j]


def test_a_rule_of_a_field_that_is_missing_is_named(make_town) -> None:
    with pytest.raises(UserFacingError, match="'ssn'"):
        link_tables(make_town(30), options=Options(effort="fast", rules=(parse_rule("ssn"),)))


def test_fields_that_allow_no_rule_are_refused_with_a_next_step() -> None:
    table = pa.table({"sex": ["f", "m"] * 20})
    with pytest.raises(UserFacingError, match="too little") as refused:
        link_tables([Source("a", table, {SemanticType.SEX: "sex"})], options=FAST)
    assert refused.value.next_step

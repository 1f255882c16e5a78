"""A model that Splink trained gives here, level by level and weight by weight, what Splink itself found with it."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.fellegi_sunter import kernel, link, splink
from infotrust.core.matching.fellegi_sunter.model import weight_of
from infotrust.core.matching.fellegi_sunter.program import compile_model
from infotrust.core.matching.fellegi_sunter.values import code_values, columns_of, lay_out

FOLDER = Path(__file__).parent / "from_splink"
WORDS = ("first_name", "surname", "dob", "ssn", "street", "email", "sex")


@pytest.fixture(scope="module")
def records() -> pa.Table:
    return csv.read_csv(
        FOLDER / "records.csv",
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(WORDS, pa.string()), strings_can_be_null=True, quoted_strings_can_be_null=True
        ),
    )


@pytest.fixture(scope="module")
def pairs() -> pa.Table:
    return csv.read_csv(FOLDER / "pairs.csv")


@pytest.fixture
def saved() -> dict[str, Any]:
    return json.loads((FOLDER / "model.json").read_text())


def placed(pairs: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    return tuple(pairs[side].to_numpy().astype(np.int32) for side in ("unique_id_l", "unique_id_r"))


def test_every_pair_is_on_the_level_where_splink_saw_it(records: pa.Table, pairs: pa.Table, saved: Any) -> None:
    model = splink.read_settings(saved, as_splink=True).model
    values = lay_out(model, code_values(columns_of(records, model.columns), model.values))
    found = kernel.levels_of(*placed(pairs), compile_model(model, values), values)
    for place, comparison in enumerate(model.comparisons):
        last = len(comparison.levels) - 1
        unknown = comparison.levels[0].m is None
        # Splink counts from the last level up, -1 where a value is not known.
        level = np.where(unknown & (found[:, place] == 0), -1, last - found[:, place].astype(np.int64))
        np.testing.assert_array_equal(level, pairs[f"gamma_{comparison.name}"].to_numpy(), err_msg=comparison.name)


@pytest.mark.parametrize("probability", [0.0001, 0.5, 0.95])
def test_the_same_pairs_with_the_same_weights(
    records: pa.Table, pairs: pa.Table, saved: Any, probability: float
) -> None:
    model = splink.read_settings(saved, as_splink=True).model
    threshold = weight_of(probability)
    links = link.score_blocks(model, columns_of(records, model.columns), threshold=threshold)
    found = {(i, j): weight for i, j, weight in zip(links.left, links.right, links.weight, strict=True)}
    left, right = placed(pairs)
    weights = pairs["match_weight"].to_numpy()
    expected = {(i, j): weight for i, j, weight in zip(left, right, weights, strict=True) if weight >= threshold}
    assert set(found) == set(expected)
    assert len(expected) > 100
    np.testing.assert_allclose([found[pair] for pair in expected], list(expected.values()), atol=1e-4)
    assert sum(links.looked_at) == len(pairs)


def test_every_pair_of_splinks_rules_is_looked_at_once(records: pa.Table, pairs: pa.Table, saved: Any) -> None:
    model = splink.read_settings(saved, as_splink=True).model
    links = link.score_blocks(model, columns_of(records, model.columns), threshold=-10_000)
    found = set(zip(links.left.tolist(), links.right.tolist(), strict=True))
    assert len(found) == len(links)
    assert found == set(zip(*(side.tolist() for side in placed(pairs)), strict=True))


def test_groups_are_those_that_hang_together(records: pa.Table, pairs: pa.Table, saved: Any) -> None:
    model = splink.read_settings(saved, as_splink=True).model
    links = link.score_blocks(model, columns_of(records, model.columns), threshold=weight_of(0.95))
    group = link.components(records.num_rows, links)
    assert (group[links.left] == group[links.right]).all()
    assert (group <= np.arange(len(group))).all()
    linked = set(zip(links.left.tolist(), links.right.tolist(), strict=True))
    alone = set(range(records.num_rows)) - {record for pair in linked for record in pair}
    assert all(group[record] == record for record in alone)


def test_levels_that_training_never_saw_are_named(saved: Any) -> None:
    missing = [
        (comparison["output_column_name"], level["label_for_charts"], share)
        for comparison in saved["comparisons"]
        for level in comparison["comparison_levels"]
        for share in ("m", "u")
        if not level.get("is_null_level") and f"{share}_probability" not in level
    ]
    unobserved = splink.read_settings(saved).unobserved
    assert [(one.comparison, one.level, share) for one in unobserved for share in one.missing] == missing
    assert missing
    assert "training saw none of" in str(unobserved[0])


def test_a_level_that_training_never_saw_weighs_what_those_beside_it_weigh(saved: Any) -> None:
    street = next(one for one in saved["comparisons"] if one["output_column_name"] == "street")
    exact, close, alike, _ = street["comparison_levels"][1:]
    for share in ("m_probability", "u_probability"):
        close.pop(share, None)
    exact.pop("m_probability")
    exact["u_probability"] = 0.03
    alike |= {"m_probability": 0.04, "u_probability": 0.01}
    model = splink.read_settings(saved).model
    levels = next(one for one in model.comparisons if one.name == "street").levels
    # Nothing above the two that are missing: both weigh what the next below weighs.
    assert [level.weight for level in levels[1:4]] == pytest.approx([2.0, 2.0, 2.0])
    assert levels[1].u == 0.03


def test_a_model_written_and_read_again_is_the_same(saved: Any) -> None:
    model = splink.read_settings(saved).model
    assert splink.read_settings(json.loads(json.dumps(splink.write_settings(model)))).model == model


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('jaccard("ssn_l", "ssn_r") >= 0.9', "comparison is not known"),
        ('list_max("ssn_l") = list_max("ssn_r")', "function"),
        ('"ssn_l" || "dob_l" = "ssn_r" || "dob_r"', "more than one column"),
        ('random() < 0.5', "not known"),
        ('"ssn_l" = "dob_l"', "with itself"),
        ("levenshtein(\"ssn_l\", \"ssn_r\") >= 2", "not known"),
        ("read_text('x') = \"ssn_r\"", "not known"),
        ("this is not SQL (", "no SQL condition"),
    ],
)  # fmt: skip
def test_a_level_that_cannot_be_worked_off_is_refused_by_name(saved: Any, condition: str, said: str) -> None:
    changed = copy.deepcopy(saved)
    ssn = next(one for one in changed["comparisons"] if one["output_column_name"] == "ssn")
    ssn["comparison_levels"][2]["sql_condition"] = condition
    with pytest.raises(UserFacingError, match=said) as refused:
        splink.read_settings(changed)
    assert "ssn, level 3" in str(refused.value)


@pytest.mark.parametrize("rule", ['l."a" = r."b"', "l.a = r.a OR l.b = r.b", "levenshtein(l.a, r.a) < 2"])
def test_a_rule_that_cannot_be_worked_off_is_refused_by_name(saved: Any, rule: str) -> None:
    changed = saved | {"blocking_rules_to_generate_predictions": [{"blocking_rule": rule}]}
    with pytest.raises(UserFacingError, match="Blocking rule 1"):
        splink.read_settings(changed)


def test_a_column_that_the_records_lack_is_named(records: pa.Table, saved: Any) -> None:
    model = splink.read_settings(saved).model
    with pytest.raises(UserFacingError, match="'email'"):
        columns_of(records.drop(["email"]), model.columns)


def test_a_pair_is_weighed_against_members_of_one_home_too(records: pa.Table, saved: Any) -> None:
    """By hand: the odds against either, from the weights against each."""
    model = splink.read_settings(saved, as_splink=True).model
    columns = columns_of(records, model.columns)
    comparisons = tuple(
        replace(one, levels=tuple(replace(level, home=level.m and 0.3) for level in one.levels))
        for one in model.comparisons
    )
    twice = replace(model, comparisons=comparisons, home_share=3 * model.share)
    alone = link.score_blocks(model, columns, threshold=-1_000)
    both = link.score_blocks(twice, columns, threshold=-1_000)
    values = lay_out(twice, code_values(columns, twice.values))
    levels = kernel.levels_of(alone.left, alone.right, compile_model(twice, values), values)
    home = np.full(len(alone), twice.home_prior)
    for place, one in enumerate(twice.comparisons):
        home += np.array([level.home_weight for level in one.levels])[levels[:, place]]
    expected = -np.logaddexp2(-alone.weight.astype(np.float64), -home)
    kept = dict(zip(zip(both.left, both.right, strict=True), both.weight, strict=True))
    assert len(kept) > 100
    for i, j, weight in zip(alone.left, alone.right, expected, strict=True):
        assert weight < -999 or kept[i, j] == pytest.approx(weight, abs=1e-3)

"""The example agreements fit the example datasets, field by field, and leave some of each out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from infotrust.core.elements import is_direct_identifier

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "marigold"
AGREEMENTS = {one["code"]: one for one in yaml.safe_load((FOLDER / "agreements.yaml").read_text())["agreements"]}
DATASETS = {one["code"]: one for one in yaml.safe_load((FOLDER / "datasets.yaml").read_text())["datasets"]}
PAIRS = [(code, dataset) for code, one in AGREEMENTS.items() for dataset in one["datasets"]]


@pytest.mark.parametrize(("code", "dataset"), PAIRS)
def test_agreed_fields_exist_and_are_used_as_their_kind_allows(code, dataset):
    described = {field["name"]: field for field in DATASETS[dataset]["fields"]}
    agreed = AGREEMENTS[code]["datasets"][dataset]
    assert set(agreed) <= set(described)
    for name, uses in agreed.items():
        identifies = is_direct_identifier(described[name].get("semantic", "other"))
        assert described[name].get("availability") != "unavailable"
        assert "contribute" in uses
        assert not ("link" in uses and not identifies)
        assert not ("aggregate" in uses and identifies)


@pytest.mark.parametrize(("code", "dataset"), PAIRS)
def test_the_key_is_agreed_and_the_owner_is_a_party(code, dataset):
    keys = {field["name"] for field in DATASETS[dataset]["fields"] if field.get("key")}
    assert keys <= set(AGREEMENTS[code]["datasets"][dataset])
    assert DATASETS[dataset]["agency"] in AGREEMENTS[code]["parties"]


@pytest.mark.parametrize("dataset", sorted(DATASETS))
def test_at_least_one_column_of_each_dataset_is_agreed_by_nobody(dataset):
    agreed = {name for one in AGREEMENTS.values() for name in one["datasets"].get(dataset, {})}
    assert agreed < {field["name"] for field in DATASETS[dataset]["fields"]}

"""The county's files, put to the same check as a partner's: just the rows meant to be rejected are."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from infotrust.core.contracts import Column, Contract, check
from infotrust.core.elements import DataType, SemanticType
from infotrust.core.practice_old import make_county, write_files

MARIGOLD = Path(__file__).parents[3] / "examples" / "marigold"
DATASETS = yaml.safe_load((MARIGOLD / "datasets.yaml").read_text(encoding="utf-8"))["datasets"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    county = make_county(5_000, seed=11)
    folders = {period: tmp_path_factory.mktemp("practice") / period for period in ("2025-26", "2026-27")}
    for period, folder in folders.items():
        write_files(county, folder, period)
    return folders


def contract_of(dataset: dict) -> Contract:
    columns = tuple(
        Column(
            field["name"],
            DataType(field.get("type", "text")),
            SemanticType(field.get("semantic", "other")),
            required=field.get("required", True),
            key=field.get("key", False),
            codes=tuple(field.get("codes", ())),
            date_format=field.get("date_format", "%Y-%m-%d"),
        )
        for field in dataset["fields"]
        if field.get("availability") != "unavailable"
    )
    return Contract(dataset["code"], dataset["title"], "1", ("DSA-TEST",), columns)


@pytest.mark.parametrize("period", ["2025-26", "2026-27"])
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset["code"])
def test_check_rejects_just_the_rows_that_were_spoiled(folders, dataset, period):
    folder = folders[period]
    name = f"{dataset['code']}.csv"
    with (folder / name).open("rb") as stream:
        checked = check(stream, contract_of(dataset), name=name)
        batches = list(checked)
    rejected = {line for batch in batches for line in batch.rejected["line"].to_pylist()}
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = [row for row in csv.DictReader(file) if row["dataset"] == dataset["code"]]
    assert sum(batch.accepted.num_rows for batch in batches) == len(truth) - len(rejected)
    # A row's line in the file is one more than its number: the header is line 1.
    assert rejected == {int(row["row"]) + 1 for row in truth if row["rejected"]}

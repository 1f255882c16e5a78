"""The folder of deliveries: whole or not at all, the same bytes for the same seed, and taken by the check as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from infotrust import cli
from infotrust.core.contracts import Column, Contract, check
from infotrust.core.elements import DataType, SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.practice import County, Span, write_deliveries
from infotrust.core.practice.deliveries import DATASETS, folder
from tests.core.practice.deliveries.conftest import LATER, MARIGOLD, PERIOD
from tests.core.practice.deliveries.test_answers import read

DESCRIBED = yaml.safe_load((MARIGOLD / "datasets.yaml").read_text(encoding="utf-8"))["datasets"]
SMALL = County(500, 1, Span(2016, 2))


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


@pytest.mark.parametrize("period", [PERIOD, LATER])
@pytest.mark.parametrize("dataset", DESCRIBED, ids=lambda dataset: dataset["code"])
def test_check_rejects_just_the_rows_that_were_spoiled(folders, dataset, period):
    name = f"{dataset['code']}.csv"
    with (folders[period] / name).open("rb") as stream:
        batches = list(check(stream, contract_of(dataset), name=name))
    rejected = {line for batch in batches for line in batch.rejected["line"].to_pylist()}
    truth = [row for row in read(folders[period] / "truth.csv") if row["dataset"] == dataset["code"]]
    assert sum(batch.accepted.num_rows for batch in batches) == len(truth) - len(rejected)
    # A row's line in the file is one more than its number: the header is line 1.
    assert rejected == {int(row["row"]) + 1 for row in truth if row["rejected"]}


def test_truth_names_the_person_of_each_row(deliveries, folders):
    truth = read(folders[PERIOD] / "truth.csv")
    for code, delivery in deliveries.items():
        rows = read(folders[PERIOD] / f"{code}.csv")
        mine = [row for row in truth if row["dataset"] == code]
        assert [row["key"] for row in mine] == [row[delivery.key] for row in rows]
        assert [int(row["row"]) for row in mine] == list(range(1, len(rows) + 1))
        assert [int(row["person"]) for row in mine] == delivery.person.tolist()
        assert any(row["mistakes"] for row in mine)


def test_brothers_and_sisters_share_a_household_in_the_truth(folders):
    homes: dict[str, set[str]] = {}
    for row in read(folders[PERIOD] / "truth.csv"):
        homes.setdefault(row["household"], set()).add(row["person"])
    assert sum(len(persons) > 1 for persons in homes.values()) > 0.3 * len(homes)


def test_same_seed_writes_the_same_bytes(tmp_path):
    first = write_deliveries(SMALL, tmp_path / "first", "2017-18")
    again = write_deliveries(SMALL, tmp_path / "again", "2017-18")
    other = write_deliveries(County(500, 2, Span(2016, 2)), tmp_path / "other", "2017-18")
    assert first == again == json.loads((tmp_path / "first" / "manifest.json").read_text())
    assert other["sha256"] != first["sha256"]


def test_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(UserFacingError, match="already holds"):
        write_deliveries(SMALL, tmp_path, "2017-18")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_interrupted_writing_leaves_nothing_that_looks_whole(tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "write_json", full)
    with pytest.raises(UserFacingError, match="No space left"):
        write_deliveries(SMALL, tmp_path / "out", "2017-18")
    assert list(tmp_path.iterdir()) == []


def practice(out: Path, *words: str) -> int:
    return cli.main(["practice", "--people", "500", "--years", "2", "--out", str(out), *words])


def test_command_writes_deliveries_of_a_school_year(tmp_path, capsys):
    out = tmp_path / "out"
    assert practice(out, "--deliveries", "2017-18") == 0
    assert "truth.csv: whose each row is" in capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == {
        *(f"{name}.csv" for name in DATASETS),
        "truth.csv",
        "answers.json",
        "manifest.json",
    }


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--deliveries", "2025-26"), "no school year"),
        (("--deliveries", "2017-18", "--agencies", "jail"), "five agencies"),
        (("--deliveries", "2017-18", "--format", "parquet"), "CSV"),
    ],
)
def test_command_refuses_deliveries_it_cannot_make(tmp_path, capsys, words, says):
    assert practice(tmp_path / "out", *words) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []

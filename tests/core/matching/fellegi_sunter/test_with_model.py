"""`infotrust link --model`: a model saved from Splink gives the links and persons that Splink found with it."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import csv

from infotrust.cli import main
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Source
from infotrust.core.matching.fellegi_sunter import splink
from infotrust.core.matching.fellegi_sunter.command import link_files
from infotrust.core.matching.fellegi_sunter.model import weight_of
from infotrust.core.matching.fellegi_sunter.with_model import link_by_model, numeric_columns

FOLDER = Path(__file__).parent / "from_splink"
MODEL, RECORDS = FOLDER / "model.json", FOLDER / "records.csv"
MODELED = ("--model", str(MODEL), "--as-splink")


def splinks_links(threshold: float) -> set[tuple[int, int]]:
    pairs = csv.read_csv(FOLDER / "pairs.csv").to_pydict()
    rows = zip(pairs["unique_id_l"], pairs["unique_id_r"], pairs["match_weight"], strict=True)
    return {(left, right) for left, right, weight in rows if weight >= threshold}


def chained(links: set[tuple[int, int]], n: int) -> list[int]:
    """Each record's group when every link counts, by following them one at a time."""
    group = list(range(n))
    for left, right in sorted(links):
        old, new = sorted((group[left], group[right]), reverse=True)
        group = [new if one == old else one for one in group]
    return group


def same_grouping(one: list, other: list) -> bool:
    return len(set(one)) == len(set(other)) == len(set(zip(one, other, strict=True)))


def test_the_persons_are_those_of_splinks_links(tmp_path):
    out = tmp_path / "linked.csv"
    assert main(["link", str(RECORDS), *MODELED, "--out", str(out), "--id", "unique_id"]) == 0
    linked = csv.read_csv(out).to_pydict()
    expected = chained(splinks_links(weight_of(0.95)), len(linked["row"]))
    assert same_grouping(linked["person"], expected)
    assert linked["id"] == csv.read_csv(RECORDS)["unique_id"].to_pylist()
    alone = [weight is None for weight in linked["weight"]]
    assert alone == [expected.count(one) == 1 for one in expected]


def test_files_are_linked_as_if_they_were_one(tmp_path):
    """Cut into two files the records keep their order, so links and persons are the same."""
    table = csv.read_csv(RECORDS, convert_options=csv.ConvertOptions(strings_can_be_null=True))
    csv.write_csv(table.slice(0, 150), tmp_path / "a.csv")
    csv.write_csv(table.slice(150), tmp_path / "b.csv")
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    files = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    assert main(["link", str(RECORDS), "--model", str(MODEL), "--out", str(whole)]) == 0
    assert main(["link", *files, "--model", str(MODEL), "--out", str(parts)]) == 0
    assert csv.read_csv(whole)["person"].to_pylist() == csv.read_csv(parts)["person"].to_pylist()


def test_a_higher_threshold_joins_what_splink_joins_there(tmp_path):
    out = tmp_path / "linked.csv"
    assert main(["link", str(RECORDS), *MODELED, "--threshold", "12", "--out", str(out)]) == 0
    linked = csv.read_csv(out).to_pydict()
    assert same_grouping(linked["person"], chained(splinks_links(12), len(linked["row"])))


def test_what_is_exported_is_the_same_model_again(tmp_path):
    exported = tmp_path / "again.json"
    out = tmp_path / "linked.csv"
    words = ["link", str(RECORDS), "--model", str(MODEL), "--out", str(out), "--export-model", str(exported)]
    assert main(words) == 0
    before, after = splink.read_file(MODEL).model, splink.read_file(exported).model
    assert [one.levels for one in before.comparisons] == [one.levels for one in after.comparisons]
    assert (before.rules, before.share, before.link_type) == (after.rules, after.share, after.link_type)
    again = tmp_path / "again.csv"
    assert main(["link", str(RECORDS), "--model", str(exported), "--out", str(again)]) == 0
    assert again.read_text() == out.read_text()


def test_the_fast_efforts_model_is_written_for_splink(tmp_path, make_town):
    files = []
    for source in make_town(150, seed=3):
        files.append(tmp_path / f"{source.name}.csv")
        csv.write_csv(source.table.drop_columns(["person", "home"]), files[-1])
    exported, out = tmp_path / "model.json", tmp_path / "linked.csv"
    words = ["link", *map(str, files), "--out", str(out), "--effort", "fast", "--export-model", str(exported)]
    assert main(words) == 0
    settings = json.loads(exported.read_text())
    assert splink.read_settings(settings).model.rules
    assert settings["blocking_rules_to_generate_predictions"]


def test_what_the_model_decides_cannot_be_set_beside_it(tmp_path, capsys):
    out = str(tmp_path / "out.csv")
    words = ["link", str(RECORDS), "--model", str(MODEL), "--out", out, "--rule", "family", "--effort", "fast"]
    assert main(words) == 2
    assert "--rule, --effort" in capsys.readouterr().err
    assert main(["link", str(RECORDS), "--export-model", str(tmp_path / "model.json"), "--out", out]) == 2
    assert "--effort fast" in capsys.readouterr().err
    assert main(["link", str(RECORDS), "--as-splink", "--out", out]) == 2
    assert not Path(out).exists()


def test_words_where_the_model_takes_differences_are_refused_by_name(tmp_path):
    model = splink.read_file(MODEL).model
    assert numeric_columns(model) == {"income"}
    table = csv.read_csv(RECORDS)
    words = table.set_column(table.column_names.index("income"), "income", pa.array(["many"] * table.num_rows))
    with pytest.raises(UserFacingError, match="'income': the model takes differences"):
        link_by_model([Source("records", words, {})], model)


def test_a_file_without_a_column_of_the_model_is_named():
    model = splink.read_file(MODEL).model
    table = pa.table({"first_name": ["a", "b"]})
    with pytest.raises(UserFacingError, match=r"clinic\.csv has no column"):
        link_by_model([Source("clinic.csv", table, {})], model)


def test_a_model_is_not_overwritten(tmp_path):
    with pytest.raises(UserFacingError, match="one of the files to read"):
        link_files([RECORDS], model=MODEL, out=tmp_path / "out.csv", export=MODEL)

"""`infotrust practice`: what it makes and tells, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infotrust import cli


def practice(out: Path, *arguments: str) -> int:
    return cli.main(["practice", "--out", str(out), "--workers", "1", *arguments])


SMALL = ("--people", "300", "--years", "2")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cli") / "practice"
    assert practice(out, *SMALL) == 0
    return out


def test_it_makes_all_agencies_with_the_truth_and_the_answers(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    assert len(manifest["agencies"]) == 14
    folders = {path.name for path in made.iterdir() if path.is_dir()}
    assert folders == {*manifest["agencies"], "place", "truth"}
    told = json.loads((made / "truth/answers.json").read_text())
    assert told["answers"]
    assert told["unanswered"] == {}


def test_it_tells_what_was_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert practice(tmp_path / "out", *SMALL, "--agencies", "jail,snap", "--seed", "7", "--format", "parquet") == 0
    told = capsys.readouterr()
    assert told.out.startswith("A county of 300 people, 2 school years from 2016, seed 7, in ")
    agencies = [line.split()[0] for line in told.out.splitlines()[1:-1]]
    assert agencies == ["place/", "snap/", "jail/", "truth/"]
    assert told.err == ""
    assert (tmp_path / "out" / "truth" / "persons.parquet").exists()


def test_a_file_of_ones_own_numbers_is_used(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("place:\n  fewest_tracts: 9\n")
    assert practice(tmp_path / "out", *SMALL, "--agencies", "jail", "--parameters", str(tmp_path / "mine.yaml")) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["files"]["place/tracts.csv"]["rows"] == 9 * 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--people", "199"], "A county of 199 people cannot be made.\nAsk for 200 to 5,000,000 people."),
        (["--people", "5000001"], "A county of 5,000,001 people cannot be made."),
        (["--people", "-3"], "A county of -3 people cannot be made."),
        (["--years", "0"], "A county of 0 years cannot be made.\nAsk for 1 to 20 years."),
        (["--years", "21"], "A county of 21 years cannot be made."),
        (["--agencies", "schools,museum"], "The county has no agency 'museum'.\nChoose from vital-records, "),
        (["--agencies", "School"], "The county has no agency 'School'.\nDid you mean schools?"),
        (["--agencies", ","], "No agency is named."),
        (["--format", "xlsx"], "There is no format 'xlsx'.\nChoose csv or parquet."),
        (["--seed", "-1"], "-1 is no seed"),
        (["--workers", "0"], "0 processes cannot work side by side."),
        (["--workers", "65"], "65 processes cannot work side by side."),
        (["--parameters", "nowhere.yaml"], "The parameters file nowhere.yaml cannot be read"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert practice(tmp_path / "out", *arguments) == 2
    assert f"infotrust practice: {says}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--people", "many"], ["--years", "2.5"], ["--seed", ""]])
def test_a_text_for_a_number_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        practice(tmp_path / "out", *arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_files_is_named_before_any_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").touch()
    assert practice(tmp_path, "--people", "5000000", "--years", "20") == 2
    assert f"The folder {tmp_path} already holds files." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]

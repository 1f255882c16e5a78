"""`infotrust link --register`, `infotrust lookup` and `infotrust register`, as typed."""

import csv
from pathlib import Path

import pytest

from infotrust.cli import main

COLUMNS = {"given": "FIRST_NAME", "family": "LAST_NAME", "born": "DOB", "street": "ADDRESS", "zip": "ZIP"}


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["ID", *COLUMNS.values()])
        out.writerows([row["record"], *(row[column] for column in COLUMNS)] for row in rows)


def persons(path: Path) -> dict[str, str]:
    with path.open(newline="") as file:
        return {row["id"]: row["person"] for row in csv.DictReader(file)}


@pytest.fixture
def folder(make_town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """clinic.csv, and the school's records in two deliveries; the town's first register is not yet made."""
    monkeypatch.chdir(tmp_path)
    clinic, school = (source.table.to_pylist() for source in make_town(60))
    write(tmp_path / "clinic.csv", clinic)
    write(tmp_path / "autumn.csv", school[:50])
    write(tmp_path / "spring.csv", school[50:])
    return tmp_path


def test_persons_keep_their_identifiers_over_deliveries_and_are_looked_up(folder: Path, capsys) -> None:
    linking = ["link", "--id", "ID", "--register", "register", "--out"]
    assert main([*linking, "first.csv", "clinic.csv", "--unique", "clinic.csv"]) == 0
    assert main([*linking, "second.csv", "autumn.csv", "--source", "school"]) == 0
    assert "All was linked as a whole" in capsys.readouterr().out
    assert main([*linking, "third.csv", "spring.csv", "--source", "school", "--refit", "never"]) == 0
    told = capsys.readouterr().out
    assert "Linked to what is there" in told
    assert "persons created" in told
    assert main(["register", "export", "register", "all.csv"]) == 0
    with Path("all.csv").open(newline="") as file:
        everyone = list(csv.DictReader(file))
    assert {row["source"] for row in everyone} == {"clinic.csv", "school"}
    now = {row["record_id"]: row["person"] for row in everyone}
    first = persons(Path("first.csv"))
    assert sum(now[record] == person for record, person in first.items()) / len(first) > 0.95

    with Path("clinic.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    capsys.readouterr()
    asked = ["--given", row["FIRST_NAME"].upper(), "--family", row["LAST_NAME"], "--birth-date", row["DOB"]]
    assert main(["lookup", "register", *asked, "--address", row["ADDRESS"]]) == 0
    answer = capsys.readouterr().out
    assert "Found: one person" in answer
    assert now[row["ID"]][:8] in answer
    assert main(["lookup", "register", "--given", "Zebulon", "--birth-date", "1931-02-03"]) == 1
    assert "Found: nobody" in capsys.readouterr().out
    assert main(["register", "show", "register"]) == 0
    assert row["LAST_NAME"] not in capsys.readouterr().out


def test_what_people_said_is_kept_and_told_with_what_it_counts_for(folder: Path, capsys) -> None:
    Path("said.csv").write_text(
        "file_1,row_1,file_2,row_2,verdict,by\n"
        "clinic.csv,1,autumn.csv,40,match,Ana\n"
        "clinic.csv,1,autumn.csv,40,no match,Luis\n"
        "clinic.csv,2,autumn.csv,41,no match,Ana\n"
        "clinic.csv,2,autumn.csv,41,match,Ana\n"
    )
    linking = ["link", "clinic.csv", "autumn.csv", "--id", "ID", "--register", "r", "--out", "out.csv"]
    assert main([*linking, "--answers", "said.csv"]) == 0
    assert "2 answers are doubted" in " ".join(capsys.readouterr().out.split())
    assert main(["register", "answers", "r", "answers.csv"]) == 0
    with Path("answers.csv").open(newline="") as file:
        said = [(row["verdict"], row["by"], row["counts"].partition(":")[0]) for row in csv.DictReader(file)]
    assert sorted(said) == [("match", "Ana", "decides"), ("match", "Ana", "doubted"), ("no match", "Luis", "doubted")]
    assert main(["register", "show", "r"]) == 0
    assert "version 1, fitted on" in " ".join(capsys.readouterr().out.split())


def test_a_file_of_records_is_looked_up(folder: Path, capsys) -> None:
    assert main(["link", "clinic.csv", "autumn.csv", "--id", "ID", "--register", "r", "--out", "out.csv"]) == 0
    assert main(["lookup", "r", "--file", "autumn.csv", "--map", "birth_date=DOB", "--out", "found.csv"]) == 0
    with Path("found.csv").open(newline="") as file:
        found = [row for row in csv.DictReader(file) if row["joins"] == "true"]
    linked = list(persons(Path("out.csv")).items())[-50:]
    right = sum(linked[int(row["row"]) - 1][1] == row["person"] for row in found)
    assert right / len(linked) > 0.95
    assert found[0]["agrees"].startswith("given: ")


def test_an_old_identifier_is_followed_and_records_are_taken_out(folder: Path, capsys) -> None:
    assert main(["link", "clinic.csv", "--id", "ID", "--register", "r", "--out", "out.csv"]) == 0
    record, person = next(iter(persons(Path("out.csv")).items()))
    assert main(["register", "resolve", "r", person]) == 0
    assert "The identifier stands." in capsys.readouterr().out
    Path("gone.csv").write_text(f"source,id\nclinic.csv,{record}\nclinic.csv,nobody\n")
    assert main(["register", "remove", "r", "gone.csv"]) == 0
    told = capsys.readouterr().out
    assert "records removed" in told
    assert "not there" in told
    assert main(["register", "refit", "r"]) == 0
    assert main(["register", "resolve", "r", person]) == 0
    assert main(["register", "resolve", "r", "0" * 32]) == 2
    assert "never gave this identifier" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["lookup", "none", "--given", "Ana"], "holds no register"),
        (["lookup", "none"], "Nothing is said"),
        (["lookup", "none", "--file", "a.csv"], "--file FILE --out OUT"),
        (["link", "a.csv", "--out", "b.csv", "--source", "clinic"], "--register DIR"),
        (["link", "a.csv", "--out", "b.csv", "--register", "r", "--review", "q.csv"], "Leave --review"),
        (
            ["link", "a.csv", "--out", "b.csv", "--register", "r", "--effort", "fast"],
            "Leave --effort and --export-model out",
        ),
        (["link", "a.csv", "--out", "b.csv", "--register", "r", "--manifest", "m.json"], "register show"),
    ],
)
def test_what_cannot_be_done_is_told_with_a_next_step(typed, said, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(typed) == 2
    assert said in capsys.readouterr().err

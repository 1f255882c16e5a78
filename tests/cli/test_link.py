"""`infotrust link` and `infotrust evaluate`, as typed."""

from pathlib import Path

import pytest

from infotrust.cli import main

PEOPLE = [
    ("Ana", "Cruz", "2015-03-02", "12 Elm St"),
    ("Luis", "Cruz", "2012-07-09", "12 Elm St"),
    ("Mei", "Chen", "2014-11-30", "7 Oak Ave"),
    ("Omar", "Haddad", "2016-01-17", "99 Mill Ln"),
    ("Grace", "Okafor", "2013-05-21", "4 Bay Rd"),
    ("Felix", "Novak", "2011-09-14", "31 Hill Rd"),
]


@pytest.fixture
def two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """clinic.csv and school.csv with the same six people, the second in other words and in another order."""
    monkeypatch.chdir(tmp_path)
    clinic = ["no,first_name,last_name,dob,address", *(f"C{n},{','.join(p)}" for n, p in enumerate(PEOPLE))]
    school = ["PUPIL,FNAME,LNAME,BORN,STREET"]
    for n, (given, family, born, street) in reversed(list(enumerate(PEOPLE))):
        year, month, day = born.split("-")
        school.append(f"S{n},{given.upper()},{family.upper()},{month}/{day}/{year},{street.upper()}")
    (tmp_path / "clinic.csv").write_text("\n".join(clinic) + "\n")
    (tmp_path / "school.csv").write_text("\n".join(school) + "\n")
    truth = ["file,row,person"]
    truth += [f"clinic.csv,{n + 1},{n}" for n in range(6)] + [f"school.csv,{6 - n},{n}" for n in range(6)]
    (tmp_path / "truth.csv").write_text("\n".join(truth) + "\n")
    return tmp_path


def test_two_files_are_linked_and_agree_with_the_truth(two_files: Path, capsys) -> None:
    assert main(["link", "clinic.csv", "school.csv", "--map", "school.csv:birth_date=BORN", "--out", "linked.csv"]) == 0
    assert (two_files / "linked.csv").read_text().splitlines()[0] == '"file","row","person","weight"'
    assert "6 persons" in capsys.readouterr().out
    assert main(["evaluate", "linked.csv", "truth.csv"]) == 0
    assert "1.0000" in capsys.readouterr().out
    assert main(["evaluate", "linked.csv", "--truth", "truth.csv", "--by", "file"]) == 0
    assert "By file" in capsys.readouterr().out
    assert main(["evaluate", "linked.csv"]) == 2
    assert "Which file is the truth?" in capsys.readouterr().err


def test_nothing_about_a_person_is_printed(two_files: Path, capsys) -> None:
    both = ["link", "clinic.csv", "school.csv", "--map", "school.csv:birth_date=BORN", "--out", "linked.csv"]
    assert main(both) == 0
    assert main([*both, "--id", "no-such-column"]) != 0
    assert main(["link", "clinic.csv", "--out", "linked.parquet", "--manifest", "manifest.json"]) == 0
    shown = "".join(capsys.readouterr()) + (two_files / "manifest.json").read_text()
    assert "6 persons" in shown
    for person in PEOPLE:
        assert not any(value.lower() in shown.lower() for value in person)


def test_own_record_numbers_are_copied(two_files: Path) -> None:
    assert main(["link", "clinic.csv", "--id", "no", "--out", "linked.csv"]) == 0
    assert '"clinic.csv",1,"C0"' in (two_files / "linked.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.csv"], "cannot be read"),
        (["clinic.csv", "clinic.csv"], "named twice"),
        (["clinic.csv", "--map", "first=FNAME"], "'first' is not an element"),
        (["clinic.csv", "--map", "given_name=NOBODY"], "NOBODY"),
        (["clinic.csv", "--map", "nothing"], "not understood"),
        (["clinic.csv", "--ignore", "nothing_here"], "nothing_here"),
        (["clinic.csv", "--id", "number"], "no column 'number'"),
    ],
)
def test_a_mistake_is_told_without_a_traceback_and_writes_nothing(
    two_files: Path, capsys, arguments: list[str], told: str
) -> None:
    assert main(["link", *arguments, "--out", "linked.csv"]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error
    assert not (two_files / "linked.csv").exists()


def test_an_output_of_another_kind_or_over_an_input_is_refused(two_files: Path, capsys) -> None:
    assert main(["link", "clinic.csv", "--out", "linked.xlsx"]) == 2
    assert main(["link", "clinic.csv", "--out", "clinic.csv"]) == 2
    assert "one of the files to link" in capsys.readouterr().err


def test_columns_can_be_written_corrected_and_linked_with(two_files: Path, capsys) -> None:
    both = ["clinic.csv", "school.csv"]
    assert main(["profile", *both, "--write", "columns.yaml"]) == 0
    shown = capsys.readouterr().out + (two_files / "columns.yaml").read_text()
    assert not any(value.lower() in shown.lower() for person in PEOPLE for value in person)
    text = (two_files / "columns.yaml").read_text()
    assert "    - BORN" in text  # a name that says too little; its reader knows better
    (two_files / "columns.yaml").write_text(text.replace("    - BORN", "  birth_date: BORN\n    #"))
    assert main(["profile", *both, "--write", "columns.yaml"]) == 2
    assert "columns.yaml exists" in capsys.readouterr().err
    assert main(["link", *both, "--columns", "columns.yaml", "--out", "one.csv"]) == 0
    assert main(["link", *both, "--map", "school.csv:birth_date=BORN", "--out", "other.csv"]) == 0
    assert (two_files / "one.csv").read_text() == (two_files / "other.csv").read_text()

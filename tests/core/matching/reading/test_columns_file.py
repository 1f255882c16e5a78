"""What columns mean can be written down, corrected and read again; a slip is told with its line and the word meant."""

from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from infotrust.core.elements import SemanticType as S
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.reading import columns_file, said
from infotrust.core.matching.reading.said import Said

ROWS = 30
CLINIC = pa.table(
    {
        "FNAME": ["Ana", "Luis", "Mei"] * ROWS,
        "LNAME": ["Cruz", "Chen", "Okafor"] * ROWS,
        "birth_date": ["2015-03-02", "2012-07-09", "2014-11-30"] * ROWS,
        "street_number": ["12", "7", "99"] * ROWS,
        "street_name": ["Elm St", "Oak Rd", "Mill Ln"] * ROWS,
        "No: 1": [f"C{n}" for n in range(3 * ROWS)],
        "yes": [""] * 3 * ROWS,
    }
)
FILES = {"clinic.csv": CLINIC.column_names, "school.csv": ["FNAME", "BORN"]}


def read(folder: Path, text: str, files: dict = FILES) -> dict[str, Said]:
    path = folder / "columns.yaml"
    path.write_text(text, encoding="utf-8")
    return columns_file.read(path, files)


def test_one_file_s_section_counts_more_than_that_of_every_file(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "every_file:\n  given_name: FNAME\n  ssn:\n  unique: true\n"
        "clinic:\n  given_name: LNAME\n  street_address: [street_number, street_name, '', ~]\n"
        "  ignore: ['No: 1', birth_date]\n  record_id: 'No: 1'\n  unique: no\n  day_first: true\n",
    )
    assert found["clinic.csv"] == Said(
        {S.GIVEN_NAME: "LNAME", S.SSN: None, S.STREET_ADDRESS: ("street_number", "street_name", "", "")},
        ("No: 1", "birth_date"), "No: 1", False, True,
    )  # fmt: skip
    assert found["school.csv"] == Said({S.GIVEN_NAME: "FNAME", S.SSN: None}, unique=True)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("clinik.csv:\n  given_name: FNAME\n", 1, "Did you mean clinic.csv?"),
        ("clinic.csv:\n  given_nam: FNAME\n", 2, "Did you mean given_name?"),
        ("clinic.csv:\n  dob: birth_date\n", 2, "Did you mean birth_date?"),
        ("clinic.csv:\n\n  given_name: FNAMES\n", 3, "Did you mean FNAME?"),
        ("school.csv:\n  given_name: LNAME\n", 2, "no column 'LNAME'"),
        ("clinic.csv:\n  given_name: [FNAME, LNAME]\n", 2, "only street_address"),
        ("clinic.csv:\n  unique: perhaps\n", 2, "true or false"),
        ("clinic.csv:\n  given_name: FNAME\n  given_name: LNAME\n", 3, "said twice"),
        ("clinic.csv: FNAME\n", 1, "an element is expected"),
        ("- clinic.csv\n", 1, "name of a file"),
        ("clinic.csv:\n  given_name: FNAME: x\n", 2, "no YAML"),
        ("clinic.csv:\n  given_name: {a: b}\n", 2, "name of a column"),
        ("clinic.csv: {[a]: b}\n", 1, "an element is expected"),
    ],
)
def test_a_slip_is_told_with_its_line_and_what_was_meant(tmp_path: Path, text: str, line: int, told: str) -> None:
    with pytest.raises(UserFacingError) as problem:
        read(tmp_path, text)
    assert f"columns.yaml, line {line}: " in str(problem.value)
    assert told in str(problem.value)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match="cannot be read"):
        columns_file.read(tmp_path / "nothing.yaml", FILES)
    for data, told in ((b"\xff\xfe", "not UTF-8"), (b"a: \x00", "does not allow"), (b"#" * 2_000_000, "too large")):
        (tmp_path / "odd.yaml").write_bytes(data)
        with pytest.raises(UserFacingError, match=told):
            columns_file.read(tmp_path / "odd.yaml", FILES)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "# nothing yet\n") == {name: Said() for name in FILES}


def test_what_is_written_reads_back_as_the_same_columns_whatever_they_are_called(tmp_path: Path) -> None:
    source, recognized = said.source_of("clinic.csv", CLINIC, Said())
    text = columns_file.written([(source, recognized, Said(record_id="No: 1", unique=True))])
    assert "given_name: FNAME  # name, and 100% of its values" in text
    assert not any(value in text for value in ("Ana", "Cruz", "2015", "Elm", "C17"))
    found = read(tmp_path, text)["clinic.csv"]
    again, _ = said.source_of("clinic.csv", CLINIC, found)
    assert again.columns == source.columns
    assert (found.record_id, found.unique, again.unique) == ("No: 1", True, True)
    assert set(yaml.safe_load(text)) == {"clinic.csv"}


def test_what_is_said_counts_more_than_what_is_recognized() -> None:
    said_so = Said({S.GIVEN_NAME: "LNAME", S.BIRTH_DATE: None, S.SSN: "gone"}, ignore=("street_name",))
    source, recognized = said.source_of("clinic.csv", CLINIC, said_so)
    assert source.columns[S.GIVEN_NAME] == "LNAME"
    assert S.FAMILY_NAME not in source.columns  # its column was said to be something else
    assert S.BIRTH_DATE not in source.columns
    assert source.columns[S.STREET_ADDRESS] == ("street_number", "", "", "")
    assert recognized["birth_date"].reason == "you said there is none"
    assert recognized["street_name"].reason == "ignored as you said"

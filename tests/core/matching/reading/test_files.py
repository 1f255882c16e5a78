"""Bad files are refused by file, line and column, and no value is told."""

from pathlib import Path

import pyarrow as pa
import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.reading.files import read_table, write_table


def refusal(folder: Path, content: bytes, name: str = "data.csv") -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(UserFacingError) as problem:
        read_table(path)
    assert "Zebulon" not in str(problem.value)
    assert problem.value.next_step
    return problem.value.what


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "data.csv is empty"),
        (b"a,b\n", "data.csv has no rows"),
        (b"a,b\n1,2\nZebulon\n", "data.csv, line 3: 1 cells where the header has 2"),
        (b"a,b\n1,Zebulon,3\n", "line 2: 3 cells where the header has 2"),
        (b'a,b\n"x\ny",2\n1\n', "line 4: 1 cells"),
        (b"a,a\n1,2\n", "line 1: the column name 'a' occurs twice"),
        (b"a,\n1,2\n", "line 1, column 2 has no name"),
        (b"a;b\n1;2\n", "line 1: cells are parted by semicolons"),
        (b"a,b\n1,Jos\xe9\n", "line 2, byte 6: not UTF-8"),
        (b"\xff\xfea\x00", "written in UTF-16"),
        (b"a,b\n1,\x002\n", "line 2: there is a zero byte"),
        (b'a,b\n1,"Zebulon\n', "line 2: a quotation mark"),
        (b"a,b\n1," + b"x" * 1_000_000 + b"\n", "line 2, column 2: a cell of 1,000,000 characters"),
    ],
)
def test_a_bad_csv_is_refused_where_it_is_bad(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in refusal(tmp_path, content)


def test_a_byte_order_mark_and_windows_line_ends_are_no_harm(tmp_path: Path) -> None:
    (tmp_path / "excel.csv").write_bytes(b'\xef\xbb\xbfname,note\r\n"Cruz, Ana","x ""y"" z"\r\n')
    assert read_table(tmp_path / "excel.csv").to_pylist() == [{"name": "Cruz, Ana", "note": 'x "y" z'}]


def test_numbers_stay_text_so_that_leading_zeros_are_kept(tmp_path: Path) -> None:
    (tmp_path / "zip.csv").write_text("zip,n\n02139,1\n")
    assert read_table(tmp_path / "zip.csv")["zip"].to_pylist() == ["02139"]


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    assert "not a readable Parquet file" in refusal(tmp_path, b"Zebulon", "data.parquet")


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    assert "neither CSV nor Parquet" in refusal(tmp_path, b"Zebulon", "data.xlsx")


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_table_comes_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    write_table(pa.table({"file": ["a"], "person": ["1"]}), tmp_path / name)
    assert read_table(tmp_path / name).to_pylist() == [{"file": "a", "person": "1"}]
    assert [path.name for path in tmp_path.iterdir()] == [name]

"""`link` from Python: the same persons whatever the kind of table, each given back as it came."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pytest
from polars.testing import assert_frame_equal

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Result, link

PEOPLE = [
    ("Ana", "Cruz", "2015-03-02", "12 Elm St"),
    ("Luis", "Cruz", "2012-07-09", "12 Elm St"),
    ("Mei", "Chen", "2014-11-30", "7 Oak Ave"),
    ("Omar", "Haddad", "2016-01-17", "99 Mill Ln"),
    ("Grace", "Okafor", "2013-05-21", "4 Bay Rd"),
    ("Felix", "Novak", "2011-09-14", "31 Hill Rd"),
]
NAMES = ["first_name", "last_name", "dob", "address"]
CLINIC = pa.table(dict(zip(NAMES, map(list, zip(*PEOPLE, strict=True)), strict=True)))
SCHOOL = CLINIC.take([5, 4, 3, 2, 1, 0])
PERSONS = [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1]


def kinds(table: pa.Table) -> dict[str, object]:
    return {
        "arrow": table,
        "batch": table.combine_chunks().to_batches()[0],
        "reader": table.to_reader(),
        "duckdb": duckdb.from_arrow(table),
        "pandas": table.to_pandas(),
        "polars": pl.from_arrow(table),
        "lazy": pl.from_arrow(table).lazy(),
    }


@pytest.mark.parametrize("kind", ["arrow", "batch", "reader", "duckdb", "pandas", "polars", "lazy"])
def test_every_kind_of_table_gives_the_same_persons_and_comes_back_as_it_was(kind: str) -> None:
    given = kinds(CLINIC)[kind]
    result = link({"clinic": given, "school": kinds(SCHOOL)[kind]})
    assert result.to_arrow()["person"].to_pylist() == PERSONS
    back = result.tables["clinic"]
    expected = {"lazy": pl.DataFrame, "reader": pa.Table, "batch": pa.Table}.get(kind, type(given))
    assert isinstance(back, expected)
    assert pa.table(back).column_names == [*NAMES, "person", "weight"]
    assert pa.table(back)["person"].to_pylist() == PERSONS[:6]


def test_a_frame_keeps_its_index_types_and_columns() -> None:
    frame = CLINIC.to_pandas().assign(dob=lambda f: pd.to_datetime(f["dob"]), wages=range(6))
    frame.index = list("abcdef")
    back = link([frame, SCHOOL]).tables["table 1"]
    pd.testing.assert_frame_equal(back.drop(columns=["person", "weight"]), frame)
    assert back["person"].tolist() == PERSONS[:6]


def test_the_answer_comes_in_every_kind() -> None:
    result = link([CLINIC, SCHOOL])
    table = result.to_arrow()
    assert table.column_names == ["file", "row", "person", "weight"]
    assert table.equals(pa.Table.from_pandas(result.to_pandas(), schema=table.schema).replace_schema_metadata())
    assert_frame_equal(result.to_polars(), pl.from_arrow(table))
    with duckdb.connect() as connection:
        assert result.to_duckdb(connection).aggregate("count(distinct person)").fetchone() == (6,)
    assert result.to_duckdb().columns == table.column_names
    assert result.manifest()["persons"] == 6


def test_files_are_linked_by_their_path_and_column_file(tmp_path: Path) -> None:
    for name, table in (("clinic", CLINIC), ("school", SCHOOL)):
        pyarrow.csv.write_csv(table.rename_columns(["first_name", "last_name", "born_on", "address"]),
                              tmp_path / f"{name}.csv")  # fmt: skip
    (tmp_path / "columns.yaml").write_text("every_file:\n  birth_date: born_on\n")
    result = link([tmp_path / "clinic.csv", str(tmp_path / "school.csv")], tmp_path / "columns.yaml")
    assert result.to_arrow()["person"].to_pylist() == PERSONS
    assert set(result.tables) == {"clinic.csv", "school.csv"}
    assert result.recognized["school.csv"]["born_on"].reason == "as you said"


def test_columns_can_be_said_for_all_and_for_one() -> None:
    school = SCHOOL.rename_columns(["F1", "F2", "F3", "F4"]).append_column("no", pa.array(range(6)))
    said = {"given_name": "F1", "family_name": "F2", "birth_date": "F3", "street_address": ["", "F4"]}
    result = link({"clinic": CLINIC, "school": school}, {"school": said, "ssn": None})
    assert result.to_arrow()["person"].to_pylist() == PERSONS
    assert set(result.recognized["clinic"]) == set(NAMES)


def test_one_table_keeps_its_own_numbers_and_repeats_itself_by_seed() -> None:
    table = pa.concat_tables([CLINIC, SCHOOL]).append_column("no", pa.array([f"R{n}" for n in range(12)]))
    told = []
    one, other = (link(table, record_id="no", seed=7, progress=lambda *step: told.append(step)) for _ in range(2))
    assert isinstance(one, Result)
    assert one.to_arrow().equals(other.to_arrow())
    assert one.to_arrow()["id"].to_pylist() == table["no"].to_pylist()
    assert one.table["person"].to_pylist() == PERSONS
    assert told[0][0] == "standardize"
    assert repr(one) == "<Result: 12 records, 6 persons>"


def test_unique_tables_hold_each_person_once() -> None:
    doubled = pa.concat_tables([CLINIC, CLINIC])
    assert link({"twice": doubled}).persons == 6
    assert link({"twice": doubled}, unique=["twice"]).persons == 12


def test_a_column_of_things_of_several_kinds_is_read_as_text() -> None:
    frame = CLINIC.to_pandas().assign(last_name=["Cruz", 12, None, float("nan"), 3.5, b"Novak"], list=[[1]] * 6)
    assert len(link([frame, SCHOOL]).to_arrow()) == 12


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (([CLINIC, 7],), "table 2 is no table: int"),
        (({"a": CLINIC}, {"b": {"ssn": None}}), "no table 'b'"),
        (({"a": CLINIC}, {"given": "first_name"}), "Did you mean given_name"),
        (({"a": CLINIC}, {"a": {"given_name": "frist"}}), "a has no column 'frist'"),
        ((["x/a.csv", "y/a.csv"],), "Two files are called 'a.csv'"),
        ((pa.Table.from_arrays([CLINIC["dob"], CLINIC["dob"]], ["d", "d"]),), "two columns 'd'"),
    ],
)
def test_a_mistake_is_told(arguments: tuple, told: str) -> None:
    with pytest.raises(UserFacingError, match=told):
        link(*arguments)


def test_a_column_of_the_same_name_is_not_overwritten() -> None:
    result = link(CLINIC.append_column("person", pa.array(np.arange(6))))
    with pytest.raises(UserFacingError, match="column 'person' of its own"):
        _ = result.table
    with pytest.raises(UserFacingError, match="2 tables were linked"):
        _ = link([CLINIC, SCHOOL]).table

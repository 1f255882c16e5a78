"""Sealed tables: encrypted on disk and in what DuckDB spills, read back whole, never half-written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infotrust.core.errors import UserFacingError
from infotrust.core.vaulting import (
    SealBroken,
    attach_parts,
    columns_of,
    connect,
    new_data_key,
    read_rows,
    read_table,
    tables,
    try_to_take,
    write_table,
)

MARKER = "Marker-Of-A-Name"
SCHEMA = pa.schema([("name", pa.string()), ("born", pa.date32()), ("visits", pa.int64())])


def people(*names: str | None) -> pa.Table:
    return pa.table(
        {"name": list(names), "born": [date(2019, 5, 4)] * len(names), "visits": list(range(len(names)))}, schema=SCHEMA
    )


def failing_reader(error: Exception) -> pa.RecordBatchReader:
    def batches():
        yield people("a").to_batches()[0]
        raise error

    return pa.RecordBatchReader.from_batches(SCHEMA, batches())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
@given(names=st.lists(st.none() | st.text(), max_size=5))
def test_a_table_comes_back_as_it_went_in(tmp_path, names):
    path, key = tmp_path / "part.sealed", new_data_key()
    written = write_table(path, people(*names), key)
    assert written.rows == len(names)
    assert read_table([(path, key)]).cast(SCHEMA) == people(*names)


def test_a_reader_is_consumed_batch_by_batch_and_an_empty_one_keeps_its_columns(tmp_path):
    key = new_data_key()
    reader = pa.RecordBatchReader.from_batches(SCHEMA, (people(name).to_batches()[0] for name in "abc"))
    assert write_table(tmp_path / "1.sealed", reader, key).rows == 3
    assert read_table([(tmp_path / "1.sealed", key)], ["name"])["name"].to_pylist() == ["a", "b", "c"]
    assert write_table(tmp_path / "2.sealed", SCHEMA.empty_table(), key).rows == 0
    assert list(columns_of([(tmp_path / "2.sealed", key)])) == ["name", "born", "visits"]


def test_parts_with_different_keys_and_columns_are_read_as_one_table(tmp_path):
    one, two = (tmp_path / "it's 1.sealed", new_data_key()), (tmp_path / "2.sealed", new_data_key())
    write_table(one[0], pa.table({"name": ["a"]}), one[1])
    write_table(two[0], pa.table({"name": ["b"], "quoted \" '": [1]}), two[1])
    assert read_table([one, two]).to_pylist() == [{"name": "a", "quoted \" '": None}, {"name": "b", "quoted \" '": 1}]
    assert read_table([one, two], ["quoted \" '"]).num_columns == 1
    with connect() as con:
        assert con.sql(f"SELECT count(*) FROM {attach_parts(con, [one, two])}").fetchall() == [(2,)]


def test_only_the_rows_asked_for_come_back_in_their_order_whatever_a_name_is(tmp_path):
    key, other = new_data_key(), new_data_key()
    write_table(tmp_path / "1.sealed", people("b", "a", "it's", None), key)
    write_table(tmp_path / "2.sealed", people("c", "a"), other)
    parts = [(tmp_path / "1.sealed", key), (tmp_path / "2.sealed", other)]
    found = read_rows(parts, ["visits", "name"], key="name", wanted=["it's", "a"])
    assert found.to_pydict() == {"visits": [1, 2, 1], "name": ["a", "it's", "a"]}
    assert read_rows(parts, ["name"], key="name", wanted=["nobody"]).num_rows == 0


def test_no_plaintext_is_on_the_disk_after_sealing(tmp_path):
    write_table(tmp_path / "part.sealed", people(*[f"{MARKER} {i}" for i in range(2000)]), new_data_key())
    [file] = tmp_path.iterdir()
    content = file.read_bytes()
    assert MARKER.encode() not in content
    assert b"visits" not in content, "column names are in the encrypted footer"
    assert file.stat().st_mode & 0o077 == 0


def test_what_duckdb_spills_is_encrypted_and_removed(tmp_path):
    spill = tmp_path / "spill"
    with connect(memory="50MB", threads=1, temporary=spill) as con:
        con.execute(f"CREATE TABLE big AS SELECT '{MARKER}' || i AS name, random() AS r FROM range(1500000) AS s(i)")
        spilled = [file.read_bytes() for file in spill.iterdir()]
        assert sum(map(len, spilled)) > 1_000_000
        assert not any(MARKER.encode() in content for content in spilled)
    assert not spill.exists()


def test_another_key_does_not_open_a_part_and_the_error_names_only_the_part(tmp_path):
    path = tmp_path / "part7.sealed"
    write_table(path, people(MARKER), new_data_key())
    with pytest.raises(SealBroken, match="part7") as refused:
        read_table([(path, new_data_key())])
    assert MARKER not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_data_key_is_not_quoted_when_it_is_not_accepted(tmp_path):
    with pytest.raises(SealBroken) as refused:
        write_table(tmp_path / "part.sealed", people("a"), b"0123456789abcdefX")
    assert "0123456789" not in str(refused.value)
    assert "MDEyMzQ1" not in str(refused.value)


def test_a_reader_that_refuses_a_row_is_heard_and_leaves_no_file(tmp_path):
    refusal = UserFacingError("Line 7 of the delivery is not as agreed.")
    with pytest.raises(UserFacingError, match="Line 7") as refused:
        write_table(tmp_path / "part.sealed", failing_reader(refusal), new_data_key())
    assert refused.value is refusal
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_held_until_its_writer_lets_go(tmp_path):
    path = tmp_path / "part.sealed"
    written = write_table(path, people("a"), new_data_key())
    with try_to_take(path) as free:
        assert not free
    written.hold.release()
    with try_to_take(path) as free:
        assert free


def test_a_connection_fetches_nothing_and_sees_no_python_objects():
    secret = people(MARKER)
    with connect() as con:
        settings_now = dict(con.execute("SELECT name, value FROM duckdb_settings()").fetchall())
        with pytest.raises(duckdb.Error):
            con.execute("SELECT * FROM secret")
    assert secret.num_rows == 1
    for name in ("autoinstall_known_extensions", "autoload_known_extensions", "allow_unsigned_extensions"):
        assert settings_now[name] == "false", name
    assert settings_now["temp_file_encryption"] == "true"


def test_a_missing_extension_is_a_clear_error(monkeypatch):
    monkeypatch.setattr(tables.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserFacingError, match="duckdb-extension-httpfs=="):
        tables.extension_file()


def test_an_empty_list_of_parts_is_a_defect():
    with connect() as con, pytest.raises(ValueError, match="at least one part"):
        attach_parts(con, [])


def test_the_extension_is_the_installed_file():
    assert Path(tables.extension_file()).is_relative_to(Path(duckdb.__file__).parents[1])


def test_readers_and_writers_in_many_threads_do_not_disturb_each_other(tmp_path):
    def work(number: int) -> list[str]:
        path, key = tmp_path / f"{number}.sealed", new_data_key()
        write_table(path, people(f"name {number}"), key)
        return read_table([(path, key)])["name"].to_pylist()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(12))) == [[f"name {number}"] for number in range(12)]


def test_the_connection_kept_for_reading_and_writing_is_replaced_with_the_keys_it_was_given(tmp_path, monkeypatch):
    monkeypatch.setattr(tables._workshop, "_uses", tables._workshop.MOST_USES)
    before = tables._workshop._root
    write_table(tmp_path / "part.sealed", people("a"), new_data_key())
    assert tables._workshop._root is not before
    assert tables._workshop._uses == 1

"""A county on disk: its files, their manifest, and that they are the same however many processes made them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.practice import columns
from infotrust.core.practice.agencies import systems
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.writing import BYTES, ProgressLine, size_of, write_county

AGENCIES = ("schools", "child-welfare")


def county(seed: int = 1) -> County:
    """Two wards of 250 people."""
    return County(500, seed, Span(years=2), people_in_a_ward=250)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county") / "practice"
    write_county(county(), folder, agencies=AGENCIES, workers=1)
    return folder


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the folder ---


def test_the_manifest_names_every_file_with_its_rows_and_hash(written: Path) -> None:
    manifest = manifest_of(written)
    there = {str(path.relative_to(written)) for path in written.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == there - {"manifest.json"}
    for name, entry in manifest["files"].items():
        content = (written / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], name
        if name.endswith(".csv"):
            assert len(rows_of(written, name)) == entry["rows"], name


def test_the_manifest_says_how_the_county_was_made(written: Path) -> None:
    manifest = manifest_of(written)
    assert (manifest["people"], manifest["seed"], manifest["years"], manifest["first_year"]) == (500, 1, 2, 2016)
    assert manifest["agencies"] == list(AGENCIES)
    assert manifest["parameters"] == county().parameters.fingerprint()
    assert set(manifest["versions"]) == {"infotrust", "numpy", "pyarrow"}


def test_there_is_a_file_for_each_table_and_no_other_agency(written: Path) -> None:
    layouts = [layout for system in systems(AGENCIES).values() for layout in system.LAYOUTS]
    for layout in layouts:
        with (written / f"{layout.path}.csv").open() as file:
            assert next(csv.reader(file)) == list(layout.about)
        assert (written / f"truth/records/{layout.agency}-{layout.name}.csv").exists() == layout.identity
    assert {path.name for path in written.iterdir() if path.is_dir()} == {*AGENCIES, "place", "truth"}


def test_a_second_run_and_any_number_of_processes_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_county(county(), tmp_path / "again", agencies=AGENCIES, workers=2)
    assert manifest_of(tmp_path / "again") == manifest_of(written)


def test_another_seed_gives_another_county(written: Path, tmp_path: Path) -> None:
    write_county(county(seed=2), tmp_path / "other", agencies=("child-welfare",), workers=1)
    ours, other = manifest_of(written)["files"], manifest_of(tmp_path / "other")["files"]
    assert ours["truth/persons.csv"]["sha256"] != other["truth/persons.csv"]["sha256"]


def test_an_agency_writes_the_same_whether_others_write_or_not(written: Path, tmp_path: Path) -> None:
    write_county(county(), tmp_path / "one", agencies=("child-welfare",), workers=1)
    one, both = manifest_of(tmp_path / "one")["files"], manifest_of(written)["files"]
    same = [name for name in one if name.startswith(("child-welfare/", "place/", "truth/persons", "truth/records"))]
    assert {name: one[name] for name in same} == {name: both[name] for name in same}
    assert not any(name.startswith("schools/") for name in one)


def test_parquet_holds_the_same_rows_as_csv_in_the_same_order(written: Path, tmp_path: Path) -> None:
    write_county(county(), tmp_path / "parquet", form="parquet", agencies=AGENCIES, workers=1)
    for name, entry in manifest_of(written)["files"].items():
        if not name.endswith(".csv"):
            continue
        table = pq.read_table(tmp_path / "parquet" / name.replace(".csv", ".parquet"))
        assert columns.kinds_of(table.schema) == entry["columns"], name
        out = io.BytesIO(columns.csv_header(entry["columns"]))
        out.seek(0, io.SEEK_END)
        columns.csv.write_csv(table, out, columns.csv.WriteOptions(include_header=False))
        assert hashlib.sha256(out.getvalue()).hexdigest() == entry["sha256"], name


def test_rows_of_all_wards_come_in_the_order_of_their_key(written: Path) -> None:
    """Else the place of a record in its file would tell its ward, and link two agencies' files."""
    layouts = [layout for system in systems(AGENCIES).values() for layout in system.LAYOUTS]
    for layout in layouts:
        keys = [row[layout.key] for row in rows_of(written, f"{layout.path}.csv")]
        assert keys == sorted(keys), layout.path
        assert len(set(keys)) == len(keys) or not layout.identity, layout.path


def test_the_truth_about_records_lies_in_the_order_of_the_records(written: Path) -> None:
    for name, key in (("schools-pupils", "pupil_id"), ("child-welfare-clients", "client_id")):
        records = rows_of(written, f"{name.replace('-pupils', '/pupils').replace('-clients', '/clients')}.csv")
        assert [row[key] for row in rows_of(written, f"truth/records/{name}.csv")] == [row[key] for row in records]


# --- columns ---

LAYOUT = Layout("bakery", "loaves", "Loaves", "name", {"name": "", "weight": "", "baked": "", "sold": "", "many": ""})


def loaves(**changed: Any) -> Table:
    rows: dict[str, Any] = {
        "name": np.array(['Rye, "dark"', "", "Pão\nde ló"], dtype=object),
        "weight": np.array([1.5, np.nan, 2.0]),
        "baked": day_column(np.array([736_000, 0, 10**7])),
        "sold": np.array([True, False, True]),
        "many": np.ma.masked_array([1, 2, 3], mask=[False, True, False]),
    }
    return Table(LAYOUT, rows | changed)


def test_commas_quotes_line_ends_and_accents_survive_csv(tmp_path: Path) -> None:
    columns.write_part(columns.to_arrow(loaves()), tmp_path / "part", "csv")
    with (tmp_path / "part").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ['Rye, "dark"', "1.5", "2016-02-06", "true", "1"],
        ["", "", "", "false", ""],
        ["Pão\nde ló", "2", "", "true", "3"],
    ]


def test_missing_values_are_null() -> None:
    table = columns.to_arrow(loaves())
    assert [table[name].null_count for name in LAYOUT.about] == [1, 1, 2, 0, 1]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"price": np.zeros(3)}, r"columns and layout differ in \['price'\]"),
        ({"weight": np.zeros(2)}, "unequal length"),
        ({"weight": np.zeros(3, dtype=complex)}, "no kind of column"),
    ],
)
def test_a_table_that_is_not_as_its_layout_says_is_a_defect(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        columns.to_arrow(loaves(**changed))


# --- bad requests ---


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda out: write_county(county(), out, form="xlsx"), "There is no format 'xlsx'. Choose csv or parquet."),
        (lambda out: write_county(county(), out, agencies=["library"]), "The county has no agency 'library'."),
        (lambda out: County(199), "A county of 199 people cannot be made. Ask for 200 to 5,000,000 people."),
        (lambda out: County(5_000_001), "A county of 5,000,001 people cannot be made."),
        (lambda out: County(900, -1), "-1 is no seed"),
        (lambda out: County(900, 2**63), "is no seed"),
        (lambda out: County(900, 1, Span(years=0)), "A county of 0 years cannot be made."),
        (lambda out: County(900, 1, Span(years=21)), "A county of 21 years cannot be made."),
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_is_written(tmp_path: Path, make: Any, says: str) -> None:
    with pytest.raises(UserFacingError, match=re.escape(says)):
        make(tmp_path / "practice")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_seen_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BYTES, "schools", 10**15)
    with pytest.raises(UserFacingError, match=r"its disk has .* left\. Make room"):
        write_county(county(), tmp_path / "deep" / "practice")
    assert list(tmp_path.iterdir()) == []


def test_the_estimate_is_near_the_size_on_disk(written: Path) -> None:
    """A disk is called too small only where it is: the estimate is not above the true size by much."""
    size = sum(path.stat().st_size for path in written.rglob("*.csv") if "place" not in path.parts)
    assert 0.3 < size_of(county(), "csv", AGENCIES) / size < 1.3
    assert size_of(county(), "parquet", AGENCIES) < size_of(county(), "csv", AGENCIES)


# --- progress ---


def test_progress_is_one_line_that_says_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 60.0, 600.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    out = io.StringIO()
    line = ProgressLine(out)
    line(1, 10)
    line(10, 10)
    assert out.getvalue().startswith("\r1 of 10 wards made, about 9 min left")
    assert out.getvalue().count("\n") == 1

"""The files that ./run bench matching makes: whole, the same for a seed, and with the hard cases they promise."""

from __future__ import annotations

from pathlib import Path

import generated
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from inventing import dwellings, people, sightings

RECORDS = 4_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("generated")
    generated.write_files(RECORDS, 7, made)
    return made


def test_files_have_as_many_records_as_asked_for_and_truth_knows_each_once(folder: Path) -> None:
    truth = pq.read_table(folder / "truth.parquet")
    sizes = {f"{name}.parquet": pq.read_metadata(folder / f"{name}.parquet").num_rows for name in sightings.NAMES}
    assert sum(sizes.values()) == RECORDS
    known = sorted(zip(truth["file"].to_pylist(), truth["row"].to_pylist(), strict=True))
    assert known == sorted((name, row) for name, size in sizes.items() for row in range(1, size + 1))


def test_no_file_says_whose_its_records_are(folder: Path) -> None:
    headings = {heading for name in sightings.NAMES for heading in pq.read_schema(folder / f"{name}.parquet").names}
    assert not headings & {"person", "household", "mother"}


def test_same_seed_makes_the_same_files_and_another_seed_others(folder: Path, tmp_path: Path) -> None:
    generated.write_files(RECORDS, 7, tmp_path / "again")
    generated.write_files(RECORDS, 8, tmp_path / "other")
    for name in (*(f"{name}.parquet" for name in sightings.NAMES), "truth.parquet"):
        assert pq.read_table(tmp_path / "again" / name).equals(pq.read_table(folder / name))
        assert not pq.read_table(tmp_path / "other" / name).equals(pq.read_table(folder / name))


def test_csv_files_say_what_the_parquet_files_say(folder: Path, tmp_path: Path) -> None:
    generated.write_files(RECORDS, 7, tmp_path, "csv")
    table = pyarrow.csv.read_csv(tmp_path / "schools.csv")
    assert (
        table["last_name"].to_pylist()
        == pq.read_table(folder / "schools.parquet")["last_name"].fill_null("").to_pylist()
    )


def test_population_has_the_hard_cases() -> None:
    who, homes = people.invent(4_000, 4_600, 3)
    child = who.role == 2
    named_after = who.suffix == "Jr"
    fathers = {(home, name) for home, name in zip(who.household[who.role == 1], who.given[who.role == 1], strict=True)}
    assert named_after.sum() > 10
    assert all(
        (home, name) in fathers for home, name in zip(who.household[named_after], who.given[named_after], strict=True)
    )
    twins = [at for at in range(len(who)) if who.twin[at]]
    assert len(twins) > 10
    assert all(who.birth[at] == who.birth[at - 1] and who.household[at] == who.household[at - 1] for at in twins)
    assert ((who.family != who.former) & child).sum() > 20
    assert ((who.family != who.former) & (who.role == 0)).sum() > 100
    assert (homes.at(who.household, people.TODAY + 0 * who.birth) != homes.address[who.household, 0]).mean() > 0.3
    assert len(set(who.ssn[who.ssn > 0])) == (who.ssn > 0).sum()


def test_streets_of_a_town_have_homes_of_one_zip_code_beside_each_other() -> None:
    there = dwellings.build(20_000, 1)
    addresses = set(zip(there.house, there.unit, there.street, there.zip, strict=True))
    assert len(addresses) > 0.99 * len(there)
    assert (there.unit > 0).mean() == pytest.approx(dwellings.IN_BUILDINGS, abs=0.05)

"""Marigold County: the identity tables of nine agencies from `infotrust practice`, copied away from their truth."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from . import truth

PEOPLE, YEARS = 20_000, 10
# The identity table of each agency that mostly serves families; adults meet them in Medicaid, SNAP and shelters.
TABLES = (
    "vital-records/births",
    "early-intervention/children",
    "preschool-special-education/children",
    "wic/participants",
    "schools/pupils",
    "snap/clients",
    "medicaid/members",
    "homeless-services/Client",
    "child-welfare/clients",
)


def write_files(folder: Path, seed: int, people: int = PEOPLE) -> dict[str, int]:
    """Make the county and copy its tables, rows in no order that says anything."""
    with tempfile.TemporaryDirectory() as name:
        county = Path(name) / "county"
        size = ["--people", str(people), "--years", str(YEARS), "--seed", str(seed), "--out", str(county)]
        subprocess.run(
            [sys.executable, "-m", "infotrust.cli", "practice", *size], check=True, stdout=subprocess.DEVNULL
        )
        return truth.write(folder, dict(_copy(county, table, folder, seed) for table in TABLES))


def _copy(county: Path, table: str, folder: Path, seed: int) -> tuple[str, list[str]]:
    agency, _, name = table.partition("/")
    header, rows = _read(county / f"{table}.csv")
    (key, *_), known = _read(county / "truth" / "records" / f"{agency}-{name}.csv")
    persons = {row[0]: row[1] or f"nobody {row[0]}" for row in known}
    rows = [rows[at] for at in np.random.default_rng(seed).permutation(len(rows)).tolist()]
    with (folder / f"{agency}.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    place = header.index(key)
    return f"{agency}.csv", [persons[row[place]] for row in rows]


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as source:
        header, *rows = list(csv.reader(source))
    return header, rows

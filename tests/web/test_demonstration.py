"""The demonstration itself, in a process and a home of its own: the journey of README's first command."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
PEOPLE = 6_000


def demo(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INFOTRUST_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "infotrust.web.commands", "demo", "--no-serve", *words],
        env={**kept, "INFOTRUST_HOME": str(home), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def public_answers(home: Path) -> dict[str, dict[tuple[str, ...], int | None]]:
    """Read what the public sees, straight from the demonstration's database."""
    import sqlite3

    with sqlite3.connect(home / "infotrust.sqlite3") as database:
        rows = database.execute('select slug, "table" from catalogue_publishedanswer').fetchall()
    return {slug: {tuple(row["key"]): row["value"] for row in json.loads(table)["rows"]} for slug, table in rows}


def true_shelter_pupils(home: Path) -> tuple[int, int]:
    """Count, from the truth, the pupils schools record in a shelter: all, and those homeless services do not know."""
    folder = home / "partners"
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        person = {(row["dataset"], row["key"]): row["person"] for row in csv.DictReader(file) if not row["rejected"]}
    with (folder / "school-enrollment.csv").open(encoding="utf-8") as file:
        sheltered = {
            person[("school-enrollment", row["pupil_id"])]
            for row in csv.DictReader(file)
            if row["nighttime_residence"] == "shelter" and ("school-enrollment", row["pupil_id"]) in person
        }
    with (folder / "homeless-clients.csv").open(encoding="utf-8") as file:
        known = {
            person[("homeless-clients", row["personal_id"])]
            for row in csv.DictReader(file)
            if ("homeless-clients", row["personal_id"]) in person
        }
    return len(sheltered), len(sheltered - known)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demonstration") / "home"
    first = demo(home, "--people", str(PEOPLE))
    assert first.returncode == 0, first.stdout + first.stderr
    return home


def test_demonstration_publishes_both_answers(county: Path) -> None:
    assert set(public_answers(county)) == {"program-overlap", "shelter-pupils"}


def test_published_answer_is_close_to_the_truth(county: Path) -> None:
    table = public_answers(county)["shelter-pupils"]
    everyone, unknown = true_shelter_pupils(county)
    assert everyone >= 20
    shown = table[(None, None)]
    assert shown is not None
    assert abs(shown - everyone) <= max(2, 0.03 * everyone)
    if table[(None, "no")] is not None:
        # Missed links make pupils look unknown; wrong links make them look known.
        assert abs(table[(None, "no")] - unknown) <= max(4, 0.15 * unknown)


def test_no_small_count_is_published(county: Path) -> None:
    shown = [value for table in public_answers(county).values() for value in table.values() if value is not None]
    assert shown
    assert not [value for value in shown if 0 < value < 11]


def test_second_run_reuses_what_is_there(county: Path) -> None:
    before = public_answers(county)
    again = demo(county)
    assert again.returncode == 0, again.stdout + again.stderr
    assert public_answers(county) == before


def test_another_size_asks_for_a_fresh_start(county: Path) -> None:
    refused = demo(county, "--people", "9000")
    assert refused.returncode == 2
    assert "--fresh" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_home_of_a_real_trust_is_never_cleared(tmp_path: Path) -> None:
    (tmp_path / "infotrust.sqlite3").write_bytes(b"a trust's database")
    refused = demo(tmp_path, "--fresh")
    assert refused.returncode == 2
    assert (tmp_path / "infotrust.sqlite3").read_bytes() == b"a trust's database"


def test_no_name_lies_in_the_open_outside_the_partners_folder(county: Path) -> None:
    with (county / "partners" / "school-enrollment.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # A full street address is long and rare enough that finding it means it was stored in the clear.
    needles = {row["street"].encode() for row in rows if len(row["street"]) > 12}
    needles = set(sorted(needles)[:200])
    assert needles
    for path in county.rglob("*"):
        if path.is_file() and "partners" not in path.parts:
            content = path.read_bytes()
            found = [needle for needle in needles if needle in content]
            assert not found, f"{path} holds identifiers in the clear"

"""Writes the county to a folder: one CSV file for each dataset, the truth about each record, and the true answers.

The folder appears whole or not at all: everything is written beside it and moved into place at the end.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from infotrust import __version__
from infotrust.core.errors import UserFacingError
from infotrust.core.practice_old.agencies import FILES, GRADES, File
from infotrust.core.practice_old.county import County
from infotrust.core.practice_old.participation import FIRST_PERIOD, SHELTER, period_of

OVERLAP = ("school-enrollment", "early-intervention", "home-visiting", "snap")
TRUTH_COLUMNS = ("file", "row", "person", "dataset", "key", "household", "mistakes", "rejected")


def make_files(county: County, period: str = FIRST_PERIOD) -> dict[str, File]:
    """Return each agency's file of `period` (a school year such as 2025-26), not yet written."""
    when = period_of(period)
    return {dataset: make(county, when) for dataset, make in FILES.items()}


def write_files(county: County, folder: Path, period: str = FIRST_PERIOD) -> dict[str, Any]:
    """Write the files of `period`, truth.csv, answers.json and manifest.json; return the manifest.

    Raises `UserFacingError`, and leaves nothing behind, where the folder holds other files or cannot be written.
    """
    period_of(period)
    require_free(folder)
    files = make_files(county, period)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as problem:
        raise _cannot_write(folder, problem) from problem
    try:
        manifest = _write_all(county, files, fresh, period)
        fresh.chmod(0o755)
        fresh.rename(folder)
        _keep(folder.parent)
    except OSError as problem:
        raise _cannot_write(folder, problem) from problem
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return manifest


def require_free(folder: Path) -> None:
    """Raise `UserFacingError` where `folder` is a file or already holds something."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UserFacingError(f"{folder} is not a folder.", next_step="Name a folder that is new or empty.")
    if folder.is_dir() and any(folder.iterdir()):
        raise UserFacingError(
            f"The folder {folder} already holds files.", next_step="Name a folder that is new or empty."
        )


def _cannot_write(folder: Path, problem: OSError) -> UserFacingError:
    return UserFacingError(
        f"The county cannot be written to {folder}: {problem.strerror or 'the disk refused'}.",
        next_step="Nothing was left behind. Make room, or name another folder.",
    )


def _write_all(county: County, files: dict[str, File], folder: Path, period: str) -> dict[str, Any]:
    written = {
        f"{name}.csv": _write_csv(folder / f"{name}.csv", list(file.columns), _rows(file))
        for name, file in files.items()
    }
    truth = (row for file in files.values() for row in truth_rows(file))
    written["truth.csv"] = _write_csv(folder / "truth.csv", TRUTH_COLUMNS, truth)
    written["answers.json"] = _write_json(folder / "answers.json", answers(files))
    manifest = {
        "county": "Marigold County (made up; nobody in these files exists)",
        "people": county.people_asked,
        "seed": county.seed,
        "period": period,
        "infotrust": __version__,
        "parameters": hashlib.sha256(json.dumps(asdict(county.parameters), sort_keys=True).encode()).hexdigest(),
        "rows": {name: len(file) for name, file in files.items()},
        "sha256": written,
    }
    _write_json(folder / "manifest.json", manifest)
    _keep(folder)
    return manifest


def _rows(file: File) -> Iterator[tuple[str, ...]]:
    return zip(*file.columns.values(), strict=True)


def truth_rows(file: File) -> Iterator[tuple[str | int, ...]]:
    """One row for each record: where it is, whose it is, what went wrong, and why it will be rejected if it will."""
    households = file.sheet.county.person.household
    parts = zip(file.sheet.who, file.columns[file.key], file.sheet.mistakes, file.rejected, strict=True)
    for row, (person, key, mistakes, rejected) in enumerate(parts, start=1):
        home = int(households[person])
        yield f"{file.dataset}.csv", row, int(person), file.dataset, key, home, " ".join(mistakes), rejected


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return _kept_digest(path)


def _write_json(path: Path, content: dict[str, Any]) -> str:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return _kept_digest(path)


def _kept_digest(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(folder: Path) -> None:
    """Make sure that the folder's own entries reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- the true answers ---


def answers(files: dict[str, File]) -> dict[str, Any]:
    """The true answers to the two questions of the demonstration, counted from persons instead of records.

    A record that intake will reject still counts: its person was served. `every-combination` takes the four programs as
    they are; the other two follow the definitions of examples/marigold/questions.yaml (a test compares).
    """
    return {
        "program-overlap": program_overlap(files),
        "shelter-pupils": shelter_pupils(files),
        "every-combination": every_combination(files),
    }


def _served(file: File, column: str = "", values: Collection[str] = ()) -> set[int]:
    """The persons of a file, or those with one of `values` in `column` of any of their records."""
    who = file.sheet.who
    return set((who[np.isin(file.columns[column].astype(str), list(values))] if column else who).tolist())


def program_overlap(files: dict[str, File]) -> dict[str, Any]:
    """Distinct young children for each combination of early intervention, home visiting and the early grades."""
    early = _served(files["early-intervention"], "eligibility", ("delay", "condition"))
    visited = _served(files["home-visiting"])
    pupils = _served(files["school-enrollment"], "grade", ("PK", "KG", "01", "02"))
    food = _served(files["snap"])
    counts = Counter(
        (COMBINATIONS[child in early, child in visited, child in pupils], "yes" if child in food else "no")
        for child in early | visited | pupils
    )
    rows = [{"programs": of, "food_assistance": food, "children": n} for (of, food), n in sorted(counts.items())]
    return {"children": sum(counts.values()), "rows": rows}


# Early intervention, home visiting, early grades of school: as the published question names the combinations.
COMBINATIONS = {
    (True, True, True): "all three",
    (True, True, False): "early intervention and home visiting",
    (True, False, True): "early intervention and school",
    (False, True, True): "home visiting and school",
    (True, False, False): "early intervention only",
    (False, True, False): "home visiting only",
    (False, False, True): "school only",
}


def every_combination(files: dict[str, File]) -> dict[str, Any]:
    """Distinct children for each combination of the four programs that serves at least one child."""
    served = {name: _served(files[name]) for name in OVERLAP}
    children = set().union(*served.values())
    counts = Counter(tuple(name for name in OVERLAP if child in served[name]) for child in children)
    rows = [{"programs": list(programs), "children": count} for programs, count in sorted(counts.items())]
    return {"children": len(children), "rows": rows}


def school_level(grade: str) -> str:
    """elementary up to grade 5, middle 6 to 8, high 9 to 12."""
    place = GRADES.index(grade)
    return "elementary" if place <= 6 else "middle" if place <= 9 else "high"


def shelter_pupils(files: dict[str, File]) -> dict[str, Any]:
    """Distinct pupils whom schools recorded in a shelter, by school level, known or not to homeless services."""
    school, known = files["school-enrollment"], set(files["homeless-clients"].sheet.who.tolist())
    rows = np.flatnonzero(school.columns["nighttime_residence"] == SHELTER)
    pupils = {int(school.sheet.who[row]): school_level(school.columns["grade"][row]) for row in rows}
    counts = Counter((level, person in known) for person, level in pupils.items())
    return {
        "pupils": len(pupils),
        "unknown": sum(count for (_, is_known), count in counts.items() if not is_known),
        "rows": [
            {"school_level": level, "known": "yes" if is_known else "no", "pupils": counts[level, is_known]}
            for level in ("elementary", "high", "middle")
            for is_known in (False, True)
        ],
    }

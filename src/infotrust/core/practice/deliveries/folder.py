"""Writes the deliveries to a folder: a CSV file each, the truth about each row, and the true answers."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from infotrust import __version__
from infotrust.core.practice import truth
from infotrust.core.practice.county import County
from infotrust.core.practice.deliveries.answers import answers
from infotrust.core.practice.deliveries.extracts import Delivery, make_deliveries
from infotrust.core.practice.folder import keep, made_whole, require_free
from infotrust.core.practice.writing import NOTE, write_json

TRUTH_COLUMNS = ("file", "row", "person", "dataset", "key", "household", "mistakes", "rejected")


def write_deliveries(county: County, folder: Path, period: str = "2025-26") -> dict[str, Any]:
    """Write the deliveries of `period`, truth.csv, answers.json and manifest.json; return the manifest.

    Raises `UserFacingError`, and leaves nothing behind, where the folder holds other files or cannot be written.
    """
    county.span.period(period)
    require_free(folder)
    deliveries = make_deliveries(county, period)
    with made_whole(folder) as fresh:
        return _write(county, deliveries, fresh, period)


def _write(county: County, deliveries: dict[str, Delivery], fresh: Path, period: str) -> dict[str, Any]:
    written = {f"{one.dataset}.csv": _write_csv(fresh, one) for one in deliveries.values()}
    rows = (row for one in deliveries.values() for row in truth_rows(one))
    written["truth.csv"] = _write_rows(fresh / "truth.csv", TRUTH_COLUMNS, rows)
    write_json(fresh / "answers.json", answers(deliveries))
    written["answers.json"] = hashlib.sha256((fresh / "answers.json").read_bytes()).hexdigest()
    manifest = {
        "county": NOTE,
        "people": county.people,
        "seed": county.seed,
        "first_year": county.span.first_year,
        "period": period,
        "parameters": county.parameters.fingerprint(),
        "infotrust": __version__,
        "rows": {code: len(one) for code, one in deliveries.items()},
        "sha256": written,
    }
    write_json(fresh / "manifest.json", manifest)
    return manifest


def _write_csv(folder: Path, delivery: Delivery) -> str:
    rows = zip(*delivery.columns.values(), strict=True)
    return _write_rows(folder / f"{delivery.dataset}.csv", list(delivery.columns), rows)


def truth_rows(delivery: Delivery) -> Iterator[tuple[str | int, ...]]:
    """One row for each record: where it is, whose it is, what went wrong, and why it will be rejected if it will."""
    words = truth.mistakes_in_words(delivery.mistakes)
    parts = zip(
        delivery.person.tolist(),
        delivery.columns[delivery.key],
        delivery.household.tolist(),
        words,
        delivery.rejected,
        strict=True,
    )
    for row, (person, key, household, mistakes, rejected) in enumerate(parts, start=1):
        yield f"{delivery.dataset}.csv", row, person, delivery.dataset, key, household, mistakes, rejected


def _write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write a CSV file and return its SHA-256."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    keep(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()

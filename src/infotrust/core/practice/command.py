"""`infotrust practice`: make a county at the command line, and say what was made."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from infotrust.core.errors import UserFacingError
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.deliveries import write_deliveries
from infotrust.core.practice.folder import require_free
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.writing import ANSWERS, ProgressLine, write_county

MOST_WORKERS = 64


def make(
    out: Path,
    *,
    people: int,
    years: int,
    seed: int,
    form: str,
    agencies: str,
    parameters: Path | None,
    workers: int | None,
    deliveries: str | None,
) -> int:
    """Make the county, or its `deliveries` of a school year, and print what lies where.

    Returns 0; raises `UserFacingError` where it cannot be made.
    """
    require_free(out)
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise UserFacingError(
            f"{workers} processes cannot work side by side.", next_step=f"Give --workers 1 to {MOST_WORKERS}."
        )
    county = County(people, seed, Span(years=years), load_parameters(parameters))
    if deliveries is not None:
        return _deliver(county, out, deliveries, form=form, agencies=agencies)
    codes = _codes(agencies)
    progress = ProgressLine(sys.stderr) if sys.stderr.isatty() else None
    manifest = write_county(county, out, form=form, agencies=codes, workers=workers, progress=progress)
    _tell(out, manifest)
    return 0


def _deliver(county: County, out: Path, period: str, *, form: str, agencies: str) -> int:
    if agencies or form != "csv":
        raise UserFacingError(
            "Deliveries are CSV files of five agencies.", next_step="Leave --agencies and --format out."
        )
    manifest = write_deliveries(county, out, period)
    print(f"What agencies deliver for {period}, of {county.people:,} people, seed {county.seed}, in {out}:")
    for name, rows in manifest["rows"].items():
        print(f"  {name + '.csv':<30} {rows:>10,} rows")
    print("  truth.csv: whose each row is. answers.json: the true answers. manifest.json: how it was made.")
    return 0


def _codes(agencies: str) -> list[str]:
    """The codes of a list with commas; none stands for all."""
    codes = [code.strip() for code in agencies.split(",") if code.strip()]
    if agencies and not codes:
        raise UserFacingError(
            "No agency is named.", next_step="Give codes with commas between, or leave --agencies out."
        )
    return codes


def _tell(out: Path, manifest: dict[str, Any]) -> None:
    years = f"{manifest['years']} school years from {manifest['first_year']}"
    print(f"A county of {manifest['people']:,} people, {years}, seed {manifest['seed']}, in {out}:")
    tables: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for name, entry in manifest["files"].items():
        if "rows" in entry:
            tables[name.split("/")[0]] += 1
            rows[name.split("/")[0]] += entry["rows"]
    for agency in [one for one in ("place", *manifest["agencies"], "truth") if one in tables]:
        count = f"{tables[agency]} table{'s' if tables[agency] > 1 else ''}"
        print(f"  {agency + os.sep:<30} {count:>10} {rows[agency]:>14,} rows")
    print(f"  {ANSWERS}: the true answers. manifest.json: how it was made, and the SHA-256 of each file.")

"""Looks at a written county once: its people, its files, each check, each planted regularity."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from docs.plausible import figures
from docs.plausible.lives import Lives, look_at
from docs.plausible.records import (
    Files,
    county_files,
    duplicates,
    missing_ssn,
    name_slips_by_community,
    percent_of,
    times_as_many,
)
from infotrust.core.practice import County, Span, questions

MEASURED_IN_RECORDS = {
    "missing_ssn": lambda files, table: percent_of(missing_ssn(files), table),
    "duplicates": lambda files, table: percent_of(duplicates(files), table),
    "slips_in_vietnamese_names": lambda files, _: times_as_many(
        name_slips_by_community(files), "vietnamese", "english"
    ),
}
HERE = Path(__file__).parent
NEEDS_FIGURES = ("age_difference",)  # figures that are measured against a published series


@dataclass(frozen=True)
class Check:
    """One comparison. `people`: fewest inhabitants for which chance alone leaves the figure within the interval."""

    says: str
    published: str
    source: str
    value: float | None
    low: float
    high: float
    people: int

    @property
    def inside(self) -> bool:
        return self.value is not None and self.low <= self.value <= self.high


@dataclass(frozen=True)
class Section:
    title: str
    about: str
    plots: tuple[str, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Seen:
    """All that the page tells. `files` is open only while the plots of `folder` are drawn (see page.write_page)."""

    folder: Path
    manifest: dict[str, Any]
    published: dict[str, Any]
    lives: Lives
    sections: tuple[Section, ...]
    finds: tuple[questions.Measured, ...]


def look(folder: Path) -> Seen:
    """Count the people anew from the manifest's seed, which makes the same county, and ask the files."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    published = yaml.safe_load((HERE / "published.yaml").read_text(encoding="utf-8"))
    county = County(manifest["people"], manifest["seed"], Span(manifest["first_year"], manifest["years"]))
    if county.parameters.fingerprint() != manifest["parameters"]:
        raise SystemExit(f"{folder} was made with other parameters than this checkout has. Make it again.")
    lives = look_at(county)
    with county_files(folder) as files:
        sections = tuple(_sections(lives, files, published))
    return Seen(folder, manifest, published, lives, sections, tuple(questions.measure(folder)))


def _sections(lives: Lives, files: Files, published: dict[str, Any]) -> Iterator[Section]:
    for raw in yaml.safe_load((HERE / "checks.yaml").read_text(encoding="utf-8")):
        checks = tuple(
            Check(
                one["says"],
                str(one["published"]),
                one["source"],
                _value(one, lives, files, published),
                float(one["low"]),
                float(one["high"]),
                int(one.get("people", 0)),
            )
            for one in raw["checks"]
        )
        yield Section(raw["title"], raw["about"].strip(), tuple(raw.get("plots", ())), checks)


def _value(raw: dict[str, Any], lives: Lives, files: Files, published: dict[str, Any]) -> float | None:
    """The county's figure; None where the county holds no such table."""
    if "figure" in raw:
        measure = getattr(figures, raw["figure"])
        return float(measure(lives, published) if raw["figure"] in NEEDS_FIGURES else measure(lives))
    if "records" in raw:
        return MEASURED_IN_RECORDS[raw["records"]](files, raw.get("of", ""))
    if not files.has(*raw["reads"]):
        return None
    return files.number(raw["sql"].format(**_known(lives)), *raw["reads"])


def _known(lives: Lives) -> dict[str, Any]:
    """What the SQL of a check may name in braces."""
    day, first = date.fromordinal(lives.day).isoformat(), date.fromordinal(lives.first).isoformat()
    children = int(lives.income[:, 1].sum())
    return {
        "residents": int(lives.people),
        "children": children,
        "years": lives.years,
        "day": f"DATE '{day}'",
        "first": first,
    }

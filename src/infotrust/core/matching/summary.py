"""What a linkage found, for a reader: counts, overlaps, weakest links by row number, steps and times. No values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from rich.table import Table

from infotrust import __version__
from infotrust.core.matching.compiled import LongArray
from infotrust.core.matching.explaining.errors import error_rates
from infotrust.core.matching.explaining.missed import Missed, missed_pairs
from infotrust.core.matching.fellegi_sunter.choosing import Chosen
from infotrust.core.matching.fellegi_sunter.effort import ByRules
from infotrust.core.matching.fellegi_sunter.splink import write_settings
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.pipeline import Linkage
from infotrust.core.matching.reading.noted import Noted, in_all_files
from infotrust.core.matching.reading.sources import Source

_WEAKEST = 10
_MOST_MISSED = 5
_TELLING = ("given", "family", "birth_date", "ssn", "sex")  # what one person keeps, but for a new surname


def persons_by_file(linkage: Linkage, files: int) -> LongArray:
    """How many records each person has in each file: int64 [persons, files]."""
    counted = np.bincount(linkage.person * files + linkage.source_index, minlength=linkage.persons * files)
    return counted.reshape(linkage.persons, files).astype(np.int64, copy=False)


@dataclass(frozen=True)
class Estimated:
    """What is estimated of a linkage that was made from evidence: pairs missed, and how often each source errs."""

    missed: Missed
    errors: list[dict[str, Any]]

    @staticmethod
    def of(linkage: Linkage) -> Estimated | None:
        """None where there is no evidence."""
        if linkage.evidence is None:
            return None
        return Estimated(missed_pairs(linkage.evidence, cut=linkage.report.cut), error_rates(linkage.evidence))


def tables(linkage: Linkage, names: Sequence[str], estimated: Estimated | None = None) -> list[Table]:
    """What a reader is shown. estimated: where it was worked out before."""
    estimated = estimated or Estimated.of(linkage)
    counts = persons_by_file(linkage, len(names))
    shown = [_overlap(counts, names)]
    if linkage.links.num_rows:
        shown.append(_weakest(linkage, names))
    if _noted(linkage):
        shown.append(_standardized(_noted(linkage)))
    if linkage.by_rules:
        shown.append(_rules(linkage.by_rules.chosen))
    if estimated:
        shown.append(_missed(estimated.missed))
        shown.append(_errors(estimated.errors, names))
    return [*shown, _steps(linkage)]


def _overlap(counts: LongArray, names: Sequence[str]) -> Table:
    table = _table("Persons, and how many of them are also in another file", "file", "records", "persons", *names)
    for place, name in enumerate(names):
        here = counts[:, place] > 0
        also = [
            str(int((here & (counts[:, other] > 0)).sum())) if other != place else "" for other in range(len(names))
        ]
        table.add_row(name, str(int(counts[:, place].sum())), str(int(here.sum())), *also)
    return table


def _weakest(linkage: Linkage, names: Sequence[str]) -> Table:
    table = _table(
        f"The weakest links that were accepted (of {linkage.links.num_rows:,}): look here first",
        "record",
        "with",
        "weight",
    )
    links = linkage.links.filter(linkage.links["accepted"]).sort_by([("weight", "ascending"), ("first", "ascending")])

    def where(record: int) -> str:
        return f"{names[linkage.source_index[record]]} row {linkage.record_index[record] + 1}"

    # A pair may be weak in itself and yet be carried by stronger ones: only pairs that hold their record are shown.
    for link in links.slice(0, 50_000).to_pylist():
        holds = link["weight"] >= min(linkage.weight[link["first"]], linkage.weight[link["second"]]) - 1e-9
        if holds and table.row_count < _WEAKEST:
            table.add_row(where(link["first"]), where(link["second"]), f"{link['weight']:.1f}")
    return table


def _standardized(noted: Sequence[Noted]) -> Table:
    table = _table("What standardizing did (the delivered values stay as they are)", "element", "step", "records")
    for one in in_all_files(noted):
        table.add_row(one.what.replace("_", " "), one.step, f"{one.records:,}")
    return table


def _noted(linkage: Linkage) -> Sequence[Noted]:
    held = linkage.evidence or linkage.by_rules
    return held.records.noted if held else ()


def _rules(chosen: Chosen) -> Table:
    table = _table(
        "Blocking rules, and what each finds of the matches that any rule would find (estimated on a sample)",
        "rule", "pairs", "finds", "adds",
    )  # fmt: skip
    for one in chosen.tried:
        table.add_row(str(one.rule), f"{one.pairs:,}", f"{one.finds:.1%}", f"{one.adds:.1%}" if one.adds else "")
    return table


def _missed(missed: Missed) -> Table:
    """The pairs of one person that were probably missed: in all, and between the files where they are most."""
    title = "Pairs of one person's records, and how many were missed (estimated; nine in ten limits hold the truth)"
    if missed.never is None:
        title += ". What the rules never compare is not counted"
    table = _table(title, "files", "together", "missed", "from", "to")
    rows = sorted(missed.between, key=lambda one: -one.missed.value)[:_MOST_MISSED]
    told = [(" and ".join(dict.fromkeys(one.sources)), one.together, one.missed) for one in rows]
    for name, together, limits in [("all", missed.together, missed.missed), *(told if len(missed.between) > 1 else ())]:
        table.add_row(name, f"{together:,}", *(f"{round(many):,}" for many in (limits.value, limits.low, limits.high)))
    return table


def _errors(rates: Sequence[dict[str, Any]], names: Sequence[str]) -> Table:
    """Of the records that another of their person can be held against, the share that says something else."""
    title = (
        "Of pairs put together, in how many the two records disagree (with what a file's own records err, estimated)"
    )
    fields = [one for one in rates if one["field"] in _TELLING]
    table = _table(title, "file", *(one["field"].replace("_", " ") for one in fields))
    by_file = [{one["source"]: one for one in field["by"]} for field in fields]
    for name in names:
        table.add_row(name, *(_rate(by[name]) for by in by_file))
    return table


def _rate(one: dict[str, Any]) -> str:
    if not one["known"]:
        return ""
    own = "" if one["own"] is None else f" ({one['own']:.1%})"
    return f"{(one['slips'] + one['different']) / one['known']:.1%}{own}"


def _steps(linkage: Linkage) -> Table:
    table = _table("Steps", "step", "produced", "seconds")
    for step in linkage.report.steps:
        produced = ", ".join(f"{count:,} {what}" for what, count in step.counts.items())
        name = f"{step.name} (done by the run before)" if step.resumed else step.name
        table.add_row(name, produced, f"{step.seconds:.1f}")
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(
            heading,
            justify="left" if place == 0 or heading in ("with", "produced", "step") else "right",
            overflow="fold",
        )
    return table


def manifest(linkage: Linkage, sources: Sequence[Source], estimated: Estimated | None = None) -> dict[str, Any]:
    """The run as JSON-able facts: version, files and columns, steps, cut, and the model's parameters.

    estimated: where it was worked out before.
    """
    model, estimated = linkage.model, estimated or Estimated.of(linkage)
    return {
        "infotrust": __version__,
        "files": [
            {"name": source.name, "records": source.table.num_rows, "columns": dict(source.columns)}
            for source in sources
        ],
        "records": len(linkage.person),
        "persons": linkage.persons,
        "cut": linkage.report.cut,
        "standardized": [asdict(one) for one in _noted(linkage)],
        "steps": [asdict(step) for step in linkage.report.steps],
        "missed": estimated.missed.told() if estimated else None,
        "errors": estimated.errors if estimated else None,
        "model": None if model is None else _parameters(model),
        **(_by_rules(linkage.by_rules) if linkage.by_rules else {}),
    }


def _by_rules(by_rules: ByRules) -> dict[str, Any]:
    """The rules with what they cost and find, and the model as settings that Splink loads."""
    return {
        "blocking_rules": [
            {"rule": str(one.rule), "pairs": one.pairs, "finds": round(one.finds, 4), "adds": round(one.adds, 4)}
            for one in by_rules.chosen.tried
        ],
        "splink_settings": write_settings(by_rules.model),
    }


def _parameters(model: Model) -> dict[str, Any]:
    classes = zip(model.share.tolist(), model.same_person.tolist(), strict=True)
    levels = zip(model.fields, model.levels, strict=True)
    return {
        "classes": [{"share": round(share, 5), "same_person": same} for share, same in classes],
        "levels": {field: np.round(table, 5).tolist() for field, table in levels},
    }

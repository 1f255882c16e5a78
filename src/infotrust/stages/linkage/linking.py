"""The linkage itself: open the vault, match, keep identifiers, count. Values stay in memory; only counts come out.

Called by the background job alone: importing the matching kernels takes two seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust import __version__
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Linkage, Source, keep_identifiers_of, link_tables
from infotrust.core.matching.explaining.kept import keep
from infotrust.core.matching.explaining.standing import standing
from infotrust.core.matching.persons.identify import Change, Named
from infotrust.core.matching.relations.kept import carried_over, none_yet
from infotrust.core.matching.relations.people import Days
from infotrust.core.matching.relations.table import relations_of
from infotrust.shared.vault import services as vault
from infotrust.stages.intake.queries import period_order
from infotrust.stages.linkage.asking import PlannedReview, Told, engine_answers, plan_questions
from infotrust.stages.linkage.evidence import Evidence
from infotrust.stages.linkage.plan import PlannedDataset, PlannedField
from infotrust.stages.linkage.register import HistoryLine
from infotrust.stages.linkage.rows import PERIOD, RECORD_ID, latest_rows, one_for_each_meaning, seen_days

Tell = Callable[[str, int, int | None], None]

# Log2 odds: 0 is even odds, 10 about a thousand to one. The first bins are those a reviewer would look at.
WEIGHT_BINS = (-np.inf, 0.0, 5.0, 10.0, 15.0, 20.0, 30.0, np.inf)

KEEP_EVIDENCE = "Keep what explains the linkage"
FIND_RELATIONS = "Find households, parents and guardians"
CHOOSE_PAIRS = "Choose pairs for people to look at"
STEP_TITLES = {
    "standardize": "Standardize names, dates and addresses",
    "find candidates": "Find pairs worth comparing",
    "plan comparisons": "Decide what to compare",
    "compare": "Compare the pairs field by field",
    "estimate": "Learn what each agreement is worth",
    "score": "Weigh the pairs",
    "compare and score": "Compare and weigh the pairs",
    "score unseen pairs": "Weigh pairs that share a neighbor",
    "learn from answers": "Learn from what people said of pairs",
    "cluster": "Group records into persons",
}


@dataclass(frozen=True)
class Opened:
    """One dataset's identifiers: the latest row of each record, and the fields that were really there.

    `rows` counts those in the vault: a record delivered for three periods has three. seen: see `rows.seen_days`.
    """

    dataset: PlannedDataset
    fields: tuple[PlannedField, ...]
    table: pa.Table
    generation: int
    rows: int
    periods: tuple[str, ...]
    seen: Days


@dataclass(frozen=True)
class Linked:
    """A whole new register, what happened to identifiers, and the manifest (counts and parameters only)."""

    persons: pa.Table
    history: tuple[HistoryLine, ...]
    records: int
    people: int
    manifest: dict[str, Any]
    review: PlannedReview | None = None
    evidence: Evidence | None = None
    relations: pa.Table | None = None


@dataclass(frozen=True)
class Ask:
    """How many pairs people are to look at afterwards, and by what the error is told apart (`terms.Communities`)."""

    questions: int
    communities: str


def open_vault(ready: Sequence[PlannedDataset], tell: Tell) -> list[Opened]:
    """Read the allowed identifiers of each dataset. Raises `UserFacingError` if there is nothing to read."""
    opened = []
    for place, dataset in enumerate(ready):
        tell("Open the vault", place, len(ready))
        opened.append(_open(dataset))
    tell("Open the vault", len(ready), len(ready))
    if not sum(one.table.num_rows for one in opened):
        raise UserFacingError("The vault holds no record to link.", next_step="Wait for a delivery to be loaded.")
    return opened


def _open(dataset: PlannedDataset) -> Opened:
    there = set(vault.column_names(dataset.code))
    fields = one_for_each_meaning(field for field in dataset.allowed if field.name in there)
    generation = vault.generation_number(dataset.code)
    period = [PERIOD] if PERIOD in there else []
    table = vault.read(dataset.code, [RECORD_ID, *period, *(field.name for field in fields)])
    periods = sorted(filter(None, pc.unique(table[PERIOD]).to_pylist()), key=period_order) if period else []
    latest = latest_rows(table)
    seen = seen_days(table, latest)
    return Opened(dataset, fields, latest, generation, table.num_rows, tuple(periods), seen)


def link(
    opened: Sequence[Opened], previous: pa.Table, *, run: int, tell: Tell, told: Told | None = None,
    ask: Ask | None = None, relations: pa.Table | None = None,
) -> Linked:  # fmt: skip
    """Link what was opened, keeping the identifiers of the register so far (`previous`). `run` numbers the history.

    relations: those kept so far. told: what people said of pairs of records: it decides these, and teaches the linkage
    about others.
    """
    told = told or Told()
    sources = [
        Source(one.dataset.code, one.table, {field.semantic: field.name for field in one.fields}, RECORD_ID)
        for one in opened
    ]
    linkage = link_tables(
        sources, progress=lambda name, *_: tell(STEP_TITLES.get(name, name), 0, None), answers=engine_answers(told)
    )
    tell("Keep the identifiers of persons", 0, None)
    began = time.perf_counter()
    records = pa.array(linkage.record_id or (), pa.string())
    assigned = keep_identifiers_of(records, linkage.person, previous["record_id"], previous["person_id"])
    codes = [one.dataset.code for one in opened]
    persons = pa.table(
        {
            "record_id": records,
            "dataset": pa.array(codes).take(pa.array(linkage.source_index)),
            "person_id": assigned.person_id,
            "weight": pa.array(linkage.weight, from_pandas=True),
        }
    )
    kept = {"step": "Keep the identifiers of persons", "counts": {"persons": linkage.persons}}
    manifest = _manifest(opened, linkage, assigned)
    manifest["steps"].append(kept | {"seconds": round(time.perf_counter() - began, 3)})
    manifest["answers"] = len(told.answers)
    review = None
    if ask is not None:
        tell(CHOOSE_PAIRS, 0, None)
        began = time.perf_counter()
        review = plan_questions(linkage, codes, told=told, seed=run, **asdict(ask))
        counts = {"pairs": len(review.questions), "to look at once more": len(review.doubted)}
        manifest["steps"].append(
            {"step": CHOOSE_PAIRS, "counts": counts, "seconds": round(time.perf_counter() - began, 3)}
        )
    tell(FIND_RELATIONS, 0, None)
    began = time.perf_counter()
    kept_now, counted = _relations(linkage, sources, opened, assigned, codes, relations, run)
    manifest["steps"].append(
        {"step": FIND_RELATIONS, "counts": counted, "seconds": round(time.perf_counter() - began, 3)}
    )
    tell(KEEP_EVIDENCE, 0, None)
    if linkage.evidence is not None:
        manifest["standing"] = standing(linkage.evidence, cut=linkage.report.cut)
    return Linked(
        persons, history_lines(assigned, run), len(records), linkage.persons, plain(manifest), review,
        _evidence(linkage, codes, run), kept_now,
    )  # fmt: skip


def _relations(
    linkage: Linkage, sources: Sequence[Source], opened: Sequence[Opened], assigned: Named, codes: Sequence[str],
    before: pa.Table | None, run: int,
) -> tuple[pa.Table, dict[str, int]]:  # fmt: skip
    """Households and parents among the persons, carried over from the run before; and how many there are."""
    days = tuple(np.concatenate([one.seen[side] for one in opened]) for side in (0, 1))
    found = relations_of(linkage, sources, {}, (days[0], days[1]))
    ids = assigned.person_id.to_pylist()
    person = dict(zip(linkage.person.tolist(), ids, strict=True))
    names = [
        f"{codes[source]}/{record}"
        for source, record in zip(linkage.source_index.tolist(), linkage.record_id or (), strict=True)
    ]
    carried = carried_over(
        none_yet() if before is None else before, found, person=[person[number] for number in range(linkage.persons)],
        record=names, at=run,
    )  # fmt: skip
    return carried, found.counts


def _evidence(linkage: Linkage, codes: Sequence[str], run: int) -> Evidence | None:
    """What explains the linkage later, its records named as everywhere else."""
    found = linkage.evidence
    if found is None:
        return None
    entry = np.argsort(found.original)  # the entry of each canonical place
    ids = linkage.record_id or ()
    return Evidence(
        run,
        keep(found, cut=linkage.report.cut),
        [codes[source] for source in np.asarray(linkage.source_index)[entry].tolist()],
        [ids[at] for at in entry.tolist()],
    )


def history_lines(assigned: Named, run: int) -> tuple[HistoryLine, ...]:
    """One line for each identifier that an event led to; one with an empty `other` if it led to none."""
    return tuple((run, *line) for line in assigned.lines())


def event_counts(assigned: Named) -> list[dict[str, Any]]:
    counted = assigned.happened.counted()
    order = list(Change)
    return [
        {"change": change.value, "cause": cause.value, "count": count}
        for (change, cause), count in sorted(counted.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    ]


def overlaps(source_index: Any, person: Any, under: Sequence[Collection[str]]) -> list[list[int | None]]:
    """Return the persons known to both of two datasets [datasets x datasets], None where no agreement covers both.

    `under` names each dataset's agreements. The register serves them all, but nothing is counted across agreements.
    """
    known = np.zeros((int(person.max(initial=-1)) + 1, len(under)), dtype=np.int64)
    known[person, source_index] = 1
    counts = (known.T @ known).tolist()
    return [
        [count if at == other or set(one) & set(under[other]) else None for other, count in enumerate(row)]
        for at, (one, row) in enumerate(zip(under, counts, strict=True))
    ]


def weights(weight: Any) -> tuple[list[dict[str, float | int | None]], int]:
    """Histogram of each record's strongest link, and how many records have none."""
    linked = weight[~np.isnan(weight)]
    counts, _ = np.histogram(linked, bins=np.array(WEIGHT_BINS))
    edges = [None if np.isinf(edge) else float(edge) for edge in WEIGHT_BINS]
    bins = [
        {"from": low, "to": high, "count": int(count)}
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    return bins, int(np.isnan(weight).sum())


def _manifest(opened: Sequence[Opened], linkage: Linkage, assigned: Named) -> dict[str, Any]:
    shared = overlaps(linkage.source_index, linkage.person, [one.dataset.under for one in opened])
    histogram, alone = weights(linkage.weight)
    return {
        "datasets": [_dataset(one) for one in opened],
        "overlaps": shared,
        "weights": histogram,
        "alone": alone,
        "cut": linkage.report.cut,
        "events": event_counts(assigned),
        "steps": [
            {"step": STEP_TITLES.get(step.name, step.name), "counts": step.counts, "seconds": step.seconds}
            for step in linkage.report.steps
        ],
        "model": _model(linkage),
        "software": {"infotrust": __version__},
    }


def plain(value: Any) -> Any:
    """Return `value` as JSON can hold it: numpy's numbers as Python's, numbers that are not finite as None."""
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _dataset(one: Opened) -> dict[str, Any]:
    return {
        "code": one.dataset.code,
        "title": one.dataset.title,
        "records": one.table.num_rows,
        "rows": one.rows,
        "periods": list(one.periods),
        "generation": one.generation,
        "parts": list(one.dataset.parts),
        "fields": [
            {"name": field.name, "title": field.title, "agreement": field.decision.agreement} for field in one.fields
        ],
    }


def _model(linkage: Linkage) -> dict[str, Any]:
    """The estimated probabilities, rounded: shares of agreement levels in each class of pairs, nothing of a person."""
    model = linkage.model
    if model is None:
        return {}
    return {
        "fields": {
            field: np.asarray(levels).round(5).tolist()
            for field, levels in zip(model.fields, model.levels, strict=True)
        },
        "classes": np.asarray(model.share).round(6).tolist(),
        "same person": np.asarray(model.same_person).tolist(),
        "log likelihood": round(float(model.log_likelihood), 3),
        "rounds": int(model.rounds),
    }

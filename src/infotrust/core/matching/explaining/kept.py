"""The evidence of a linkage without a value, so that it can be explained long after: levels, weights and groups.

How two records agree is kept for every pair that was weighed to the end. For any other pair it is worked out anew from
the two records' own values (`levels_between`), which whoever asks must be allowed to open; how rare a value is among
all records is kept as one of four classes for each record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from infotrust.core.matching.comparing.candidates import Pairs, named_keys
from infotrust.core.matching.comparing.compare import (
    NUMBER_LEVELS,
    RARITY,
    Comparison,
    Plan,
    agreement,
    pack,
    rarity,
)
from infotrust.core.matching.compiled import ByteArray, LongArray
from infotrust.core.matching.explaining.person import Links
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.patterns import distinct_patterns
from infotrust.core.matching.persons.cluster import SURE
from infotrust.core.matching.pipeline import Evidence
from infotrust.core.matching.reading.shared import Shared, set_aside
from infotrust.core.matching.reading.sources import Coded, Records, Source, Whole, stack_fields
from infotrust.core.matching.reading.standardize import Habits

MOST_PAIRS = 20_000_000  # about 100 megabytes; beyond, pairs that were given up at once are left out, and it is told
NO_PATTERN = -1  # given up early, or never weighed: how the two agree was not kept
SAID = {"together": 1, "apart": -1}
FILLED = 1e9  # a class of rarity as a count of so many


@dataclass(frozen=True)
class Kept:
    """about: model, comparisons and cut (log2 odds), as JSON can hold them; records: place, group, source, alone and
    rarity; pairs: first, second (places), odds (nats), pattern, said (1: people put them together, -1: apart);
    patterns: pattern, levels (one byte for each comparison). Places are those of the linkage's evidence."""

    about: dict[str, Any]
    records: pa.Table
    pairs: pa.Table
    patterns: pa.Table


def keep(evidence: Evidence, *, cut: float) -> Kept:
    """Take what explains a linkage. cut: log2 odds, as in its report."""
    pairs, odds, pattern, levels = _patterns(evidence)
    whole = len(pairs) <= MOST_PAIRS
    if not whole:
        told = pattern != NO_PATTERN
        pairs, odds, pattern = Pairs(pairs.first[told], pairs.second[told]), odds[told], pattern[told]
    about = {
        "model": _model_as_json(evidence.model),
        "comparisons": [_comparison_as_json(one) for one in evidence.plan.comparisons],
        "sources": list(evidence.records.source_names),
        "habits": [_habits_as_json(one) for one in evidence.records.habits],
        "shared": {kind: [int(key) for key in keys] for kind, keys in evidence.records.shared.keys.items()},
        "cut": cut,
        "records": len(evidence.records),
        "whole": whole,
    }
    return Kept(
        about,
        _records(evidence),
        _pairs(evidence, pairs, odds, pattern),
        pa.table({"pattern": np.arange(len(levels), dtype=np.int32), "levels": [row.tobytes() for row in levels]}),
    )


def _patterns(evidence: Evidence) -> tuple[Pairs, Any, Any, ByteArray]:
    scored = evidence.scored
    weighed = np.flatnonzero(scored.odds > -SURE)
    some = Pairs(scored.pairs.first[weighed], scored.pairs.second[weighed])
    width = len(evidence.plan)
    found = distinct_patterns(agreement(evidence.plan, some) if len(some) else np.empty((0, width), np.uint8))
    pattern = np.full(len(scored.odds), NO_PATTERN, np.int32)
    pattern[weighed] = found.of
    return scored.pairs, scored.odds, pattern, found.levels


def _records(evidence: Evidence) -> pa.Table:
    records, n = evidence.records, len(evidence.records)
    named = [one.field for one in evidence.plan.comparisons if one.field != "source"]
    classes = np.zeros((n, len(named)), np.uint8)
    for at, field in enumerate(named):
        coded = records.fields[field]
        classes[:, at] = np.append(rarity(coded.counts, coded.filled), np.uint8(0))[coded.codes]
    unique = evidence.constraints.unique_source
    return pa.table(
        {
            "place": np.arange(n, dtype=np.int32),
            "group": evidence.group.astype(np.int32),
            "source": records.source.astype(np.int32),
            "alone": unique.astype(np.int32) if len(unique) else np.full(n, -1, np.int32),
            "rarity": [row.tobytes() for row in classes],
        }
    )


def _pairs(evidence: Evidence, pairs: Pairs, odds: Any, pattern: Any) -> pa.Table:
    """The scored pairs, and those that people spoke about."""
    first, second = [pairs.first], [pairs.second]
    odds, pattern, said = [odds.astype(np.float32)], [pattern], [np.zeros(len(pairs), np.int8)]
    for name, sign in SAID.items():
        told: Pairs = getattr(evidence.constraints, name)
        first.append(told.first)
        second.append(told.second)
        odds.append(np.full(len(told), np.nan, np.float32))
        pattern.append(np.full(len(told), NO_PATTERN, np.int32))
        said.append(np.full(len(told), sign, np.int8))
    columns = {"first": first, "second": second, "odds": odds, "pattern": pattern, "said": said}
    return pa.table({name: np.concatenate(parts) for name, parts in columns.items()})


def links_of(records: pa.Table, pairs: pa.Table) -> Links:
    """The links among some of the records, as clustering counted them. pairs: those with both records among them."""
    rows = records.sort_by("place")
    told = [
        (first, second, said * np.inf if said else odds)
        for first, second, odds, said in zip(
            *(pairs[name].to_pylist() for name in ("first", "second", "odds", "said")), strict=True
        )
    ]
    told.sort(key=lambda link: abs(link[2]) == np.inf)  # what people said comes last and stands
    return Links.of(rows["place"].to_pylist(), told, rows["alone"].to_pylist())


def comparisons_of(about: Mapping[str, Any]) -> tuple[Comparison, ...]:
    return tuple(_comparison_of(one) for one in about["comparisons"])


def model_of(about: Mapping[str, Any]) -> Model:
    told = about["model"]
    return Model(
        tuple(told["fields"]),
        tuple(np.array(table, np.float64) for table in told["levels"]),
        np.array(told["share"], np.float64),
        np.array(told["same_person"], bool),
        float(told["log_likelihood"]),
        int(told["rounds"]),
    )


def levels_of(stored: bytes) -> ByteArray:
    """A kept pattern: uint8 [comparisons]."""
    levels: ByteArray = np.frombuffer(stored, np.uint8).copy()
    return levels


def levels_between(about: Mapping[str, Any], both: Sequence[Source], rows: pa.Table) -> ByteArray:
    """How two records agree, uint8 [comparisons], from their values. both, rows: see `two_records`."""
    comparisons = comparisons_of(about)
    plan = Plan(comparisons, pack(two_records(about, both, rows), comparisons))
    levels: ByteArray = agreement(plan, Pairs(np.zeros(1, np.int32), np.ones(1, np.int32)))[0]
    return levels


def shared_kinds(records: Records) -> list[str]:
    """The kinds of keys by which two records could find each other, by name."""
    found = []
    for name, columns in named_keys(records):
        common = np.intersect1d(columns[:, 0], columns[:, 1])
        if (common != 0).any():
            found.append(name)
    return sorted(found)


def two_records(about: Mapping[str, Any], both: Sequence[Source], rows: pa.Table) -> Records:
    """Two records as the linkage had them among all.

    both: each record as a source with one row; rows: the two records of `Kept.records`, in the same order.
    """
    comparisons = comparisons_of(about)
    named = [one.field for one in comparisons if one.field != "source"]
    sources = np.array(rows["source"].to_pylist(), np.int32)
    habits = [_habits_of(about["habits"][source]) for source in sources]
    standard = stack_fields([replace(source, habits=own) for source, own in zip(both, habits, strict=True)])
    standard, _ = set_aside(standard, _shared_of(about["shared"]))
    classes = [np.frombuffer(stored, np.uint8) for stored in rows["rarity"].to_pylist()]
    fields = {
        field: _coded(_values(standard.get(field)), [one[at] for one in classes]) for at, field in enumerate(named)
    }
    return Records(sources, np.zeros(2, np.int64), tuple(about["sources"]), fields)


def _values(coded: Coded | None) -> list[str | None]:
    if coded is None:
        return [None, None]
    known: list[str | None] = coded.values.to_pylist()
    return [known[code] if code >= 0 else None for code in coded.codes.tolist()]


def _coded(values: Sequence[str | None], classes: Sequence[int]) -> Coded:
    """Two records' values of one field, each as rare as it is among all records."""
    known = sorted({value for value in values if value is not None}) or [""]
    edges = np.concatenate([[RARITY[0] - 2], RARITY]) + 1.0  # nats inside each class
    counts: LongArray = np.ones(len(known), np.int64)
    for value, of in zip(values, classes, strict=True):
        if value is not None:
            counts[known.index(value)] = max(int(FILLED * np.exp(-edges[int(of)])), 1)
    codes = np.array([-1 if value is None else known.index(value) for value in values], np.int32)
    return Coded(codes, pa.array(known, pa.string()), Whole(counts, int(FILLED)))


def _habits_as_json(habits: Habits) -> dict[str, Any]:
    return asdict(habits) | {"default_dates": sorted(habits.default_dates)}


def _habits_of(told: Mapping[str, Any]) -> Habits:
    return Habits(**{**told, "default_dates": frozenset(told["default_dates"])})


def _shared_of(told: Mapping[str, Sequence[int]]) -> Shared:
    return Shared({kind: np.array(keys, np.uint64) for kind, keys in told.items()})


def _model_as_json(model: Model) -> dict[str, Any]:
    return {
        "fields": list(model.fields),
        "levels": [table.tolist() for table in model.levels],
        "share": model.share.tolist(),
        "same_person": model.same_person.tolist(),
        "log_likelihood": float(model.log_likelihood),
        "rounds": int(model.rounds),
    }


def _comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    return asdict(comparison) | {
        "levels": list(comparison.levels),
        "likely": comparison.likely.tolist(),
        "agree": list(comparison.agree),
    }


def _comparison_of(told: Mapping[str, Any]) -> Comparison:
    levels = tuple(told["levels"])
    return Comparison(
        **{
            **told,
            "levels": NUMBER_LEVELS if levels == NUMBER_LEVELS else levels,
            "likely": np.array(told["likely"], np.float64),
            "agree": tuple(told["agree"]),
        }
    )

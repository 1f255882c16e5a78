"""How a whole linkage stands: weights, what each level is worth and how often it was seen, keys, groups, match rates.

Counts and parameters only, as JSON can hold them; whoever shows them hides small counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs, named_keys
from infotrust.core.matching.comparing.compare import agreement
from infotrust.core.matching.compiled import BoolArray, LongArray
from infotrust.core.matching.explaining.attribution import BITS
from infotrust.core.matching.explaining.errors import error_rates
from infotrust.core.matching.explaining.missed import missed_pairs
from infotrust.core.matching.explaining.pair import class_names
from infotrust.core.matching.learning import score
from infotrust.core.matching.persons.cluster import SURE
from infotrust.core.matching.persons.merging import hang_together
from infotrust.core.matching.pipeline import Evidence
from infotrust.core.matching.reading.sources import Coded, Records

# Log2 odds; below the first a pair was given up.
EDGES = (-SURE * BITS + 1e-3, -5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 30.0)
KEYS_UP_TO = 200_000  # records; counting the keys of more takes longer than linking them
MOST_CHAINS = 10
SIZES = (1, 2, 3, 4, 5, 10, 20, 50)  # records of a person: from this many up to below the next


def standing(evidence: Evidence, *, cut: float) -> dict[str, Any]:
    """See the module's opening. cut: log2 odds, as in the report."""
    sizes = np.bincount(evidence.group, minlength=len(evidence.group))
    return {
        "weights": weights(evidence),
        "classes": classes(evidence),
        "fields": fields(evidence),
        "unlinkable": by_source(evidence.records, unlinkable(evidence, cut)),
        "keys": keys(evidence.records) if len(evidence.records) <= KEYS_UP_TO else None,
        "sizes": _sizes(sizes[sizes > 0]),
        "chains": chains(evidence),
        "rates": rates(evidence),
        "missed": missed_pairs(evidence, cut=cut).told(),
        "errors": error_rates(evidence),
    }


def weights(evidence: Evidence) -> list[dict[str, Any]]:
    """How many compared pairs have a weight in each range, those inside a person and the others."""
    bits = evidence.scored.odds * BITS
    pairs = evidence.scored.pairs
    together = evidence.group[pairs.first] == evidence.group[pairs.second]
    place = np.digitize(bits, EDGES)
    inside = np.bincount(place[together], minlength=len(EDGES) + 1)
    outside = np.bincount(place[~together], minlength=len(EDGES) + 1)
    edges = [None, *EDGES, None]
    return [
        {"from": low, "to": high, "together": int(x), "apart": int(y)}
        for low, high, x, y in zip(edges[:-1], edges[1:], inside, outside, strict=True)
    ]


def classes(evidence: Evidence) -> list[dict[str, Any]]:
    """The kinds of pairs that were found: name, share of the compared pairs, and whether they are one person's."""
    model = evidence.model
    named = zip(class_names(model), model.share.tolist(), model.same_person.tolist(), strict=True)
    return [{"name": name, "share": round(share, 6), "same": bool(same)} for name, share, same in named]


def fields(evidence: Evidence) -> list[dict[str, Any]]:
    """Each level of each field: how often it was seen among pairs weighed to the end, and its probability among one
    person's pairs (m), among the others (u), and in each class."""
    model, comparisons = evidence.model, evidence.plan.comparisons
    told = np.flatnonzero(evidence.scored.odds > -SURE)
    pairs = Pairs(evidence.scored.pairs.first[told], evidence.scored.pairs.second[told])
    levels = agreement(evidence.plan, pairs) if len(pairs) else np.empty((0, len(comparisons)), np.uint8)
    found = []
    for place, comparison in enumerate(comparisons):
        table, seen = model.levels[place], np.bincount(levels[:, place], minlength=len(comparison.levels))
        m, u = _mixed(table, model.share, model.same_person), _mixed(table, model.share, ~model.same_person)
        rows = [
            {
                "level": name,
                "seen": int(seen[at]),
                "m": round(float(m[at]), 6),
                "u": round(float(u[at]), 6),
                "classes": np.round(table[at], 5).tolist(),
            }
            for at, name in enumerate(comparison.levels)
            if at > 0
        ]
        found.append({"field": comparison.field, "unknown": int(seen[0]), "levels": rows})
    return found


def _mixed(table: Any, share: Any, chosen: BoolArray) -> Any:
    weight = share * chosen
    return table @ (weight / max(weight.sum(), 1e-12))


def unlinkable(evidence: Evidence, cut: float) -> BoolArray:
    """Which records say so little that even their equal from another file would not be put together with them."""
    n = len(evidence.records)
    places = np.arange(n, dtype=np.int32)
    levels = agreement(evidence.plan, Pairs(places, places))
    for place, comparison in enumerate(evidence.plan.comparisons):
        if comparison.field == "source":
            levels[:, place] = 0
    below: BoolArray = score.log_odds(evidence.model, levels) * BITS < max(cut, 0.0)
    return below


def by_source(records: Records, chosen: BoolArray) -> list[dict[str, Any]]:
    count = len(records.source_names)
    found = np.bincount(records.source[chosen], minlength=count).tolist()
    whole = np.bincount(records.source, minlength=count).tolist()
    return [
        {"source": name, "records": total, "count": number}
        for name, total, number in zip(records.source_names, whole, found, strict=True)
    ]


def keys(records: Records, *, widest_key: int = 200) -> list[dict[str, Any]]:
    """For each kind of key: how many keys two records or more share, how many records have a middling and the widest
    one, and how many keys are too wide to be used."""
    return [{"kind": name} | _widths(columns, widest_key) for name, columns in named_keys(records)]


def _widths(columns: Any, widest_key: int) -> dict[str, int]:
    kinds, n = columns.shape
    record, key = np.tile(np.arange(n), kinds), columns.ravel()
    record, key = record[key != 0], key[key != 0]
    order = np.lexsort((record, key))
    key, record = key[order], record[order]
    fresh = np.append(True, (key[1:] != key[:-1]) | (record[1:] != record[:-1])) if len(key) else np.empty(0, bool)
    _, counts = np.unique(key[fresh], return_counts=True)
    shared = counts[counts > 1]
    return {
        "keys": len(shared),
        "middle": int(np.median(shared)) if len(shared) else 0,
        "widest": int(shared.max(initial=0)),
        "too wide": int((shared > widest_key).sum()),
    }


def _sizes(sizes: LongArray) -> list[dict[str, Any]]:
    """How many persons have so many records: from, to (not included; None: no limit)."""
    edges = [*SIZES, np.iinfo(np.int64).max]
    return [
        {
            "from": low,
            "to": None if high == edges[-1] else high,
            "persons": int(((sizes >= low) & (sizes < high)).sum()),
        }
        for low, high in pairwise(edges)
    ]


def chains(evidence: Evidence) -> list[dict[str, int]]:
    """The largest chains of pairs above even odds that are no one person: how many records, cut into how many."""
    pairs, strong = evidence.scored.pairs, evidence.scored.odds > 0
    component = hang_together(len(evidence.group), pairs.first[strong], pairs.second[strong])
    of_group = np.unique(np.stack([component, evidence.group]), axis=1)[0]
    persons = np.bincount(of_group, minlength=len(component))
    records = np.bincount(component, minlength=len(component))
    cut = np.flatnonzero(persons > 1)
    largest = cut[np.lexsort((cut, -records[cut]))][:MOST_CHAINS]
    return [{"records": int(records[at]), "persons": int(persons[at])} for at in largest]


def rates(evidence: Evidence) -> dict[str, list[dict[str, Any]]]:
    """How many records were put together with another, and with one of another source: by source, by year of birth and
    by area (the first three digits of the ZIP code), as far as these are known."""
    records, group = evidence.records, evidence.group
    sizes = np.bincount(group, minlength=len(group))
    sources = np.unique(np.stack([group, records.source]), axis=1)[0]
    kinds = np.bincount(sources, minlength=len(group))
    linked, elsewhere = sizes[group] > 1, kinds[group] > 1
    return {
        "source": _rate(records.source, list(records.source_names), linked, elsewhere),
        "year": _rate(*_heads(records.fields.get("birth_date"), 4, len(group)), linked, elsewhere),
        "area": _rate(*_heads(records.fields.get("zip"), 3, len(group)), linked, elsewhere),
    }


def _heads(coded: Coded | None, letters: int, n: int) -> tuple[Any, list[str]]:
    """The first letters of each record's value: a place in the names, or -1."""
    if coded is None:
        return np.full(n, -1), []
    heads = [value[:letters] for value in coded.values.to_pylist()]
    names = sorted(set(heads))
    number = {name: at for at, name in enumerate(names)}
    return np.array([*(number[head] for head in heads), -1])[coded.codes], names


def _rate(of: Any, names: Sequence[str], linked: BoolArray, elsewhere: BoolArray) -> list[dict[str, Any]]:
    known = of >= 0
    counts = [
        np.bincount(of[known & chosen], minlength=len(names)).tolist()
        for chosen in (np.ones(len(of), bool), linked, elsewhere)
    ]
    return [
        {"name": name, "records": total, "linked": together, "elsewhere": other}
        for name, total, together, other in zip(names, *counts, strict=True)
    ]

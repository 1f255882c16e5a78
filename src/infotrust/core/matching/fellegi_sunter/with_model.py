"""Link files by a model that was trained elsewhere: its own columns, its rules, its weights, and nothing else.

The columns are taken as they are, without recognizing or standardizing: a model trained in Splink knows the table it
was trained on. Of a CSV file, empty cells are not known, and what the model takes differences of is read as numbers.
Pairs that reach the threshold are joined as Splink clusters them, every link counting.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.fellegi_sunter.kernel import Links
from infotrust.core.matching.fellegi_sunter.link import components, score_blocks
from infotrust.core.matching.fellegi_sunter.model import FellegiSunter, Measure, weight_of
from infotrust.core.matching.fellegi_sunter.splink import write_settings
from infotrust.core.matching.fellegi_sunter.values import columns_of
from infotrust.core.matching.persons.cluster import strongest_links
from infotrust.core.matching.pipeline import Linkage, Report, StepRun
from infotrust.core.matching.reading.sources import Source

PROBABILITY = 0.95  # what Splink's tutorials cluster at


def link_by_model(sources: Sequence[Source], model: FellegiSunter, *, threshold: float | None = None) -> Linkage:
    """Link the tables of the sources by the model.

    threshold: weight (log2 odds) that a link has at least; None: that of 95 %. Records are in the order of the sources
    and their rows; the earlier of a pair is Splink's left one. Raises UserFacingError when a table lacks a column of
    the model, it has no blocking rule, or it makes too many pairs.
    """
    if not model.rules:
        raise UserFacingError(
            "The model has no blocking rules, so that every two records would have to be compared.",
            next_step="Save it with blocking_rules_to_generate_predictions.",
        )
    cut = weight_of(PROBABILITY) if threshold is None else threshold
    wall, cpu = time.perf_counter(), time.process_time()
    table = _one_table(sources, model)
    source = np.repeat(np.arange(len(sources), dtype=np.int32), [one.table.num_rows for one in sources])
    links = score_blocks(model, columns_of(table, model.columns), threshold=cut, source=source)
    n = table.num_rows
    group = components(n, links)
    _, first, person = np.unique(group, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    counts: dict[str, int | float] = {"pairs scored": sum(links.looked_at), "links": len(links.left)}
    step = StepRun("block, score and join", counts, *_since(wall, cpu))
    return Linkage(
        source,
        np.concatenate([np.arange(one.table.num_rows, dtype=np.int64) for one in sources]),
        rank[person].astype(np.int64),
        strongest_links(n, links.left, links.right, links.weight.astype(np.float64), group.astype(np.int64)),
        _links_table(links),
        None,
        Report((step,), cut),
    )


def _one_table(sources: Sequence[Source], model: FellegiSunter) -> pa.Table:
    """The model's columns of all sources, one below the other. Raises UserFacingError."""
    parts = []
    for source in sources:
        missing = [name for name in model.columns if name not in source.table.column_names]
        if missing:
            raise UserFacingError(
                f"{source.name} has no column {missing[0]!r}, which the model compares.",
                next_step="Name the columns as they were named when the model was trained: "
                f"{', '.join(model.columns)}.",
            )
        numbers = numeric_columns(model)
        parts.append(pa.table({name: _typed(source, name, name in numbers) for name in model.columns}))
    try:
        return pa.concat_tables(parts, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        kinds = [
            name for name in model.columns if len({part.schema.field(name).type for part in parts}) > 1
        ]  # fmt: skip
        raise UserFacingError(
            f"The files hold {', '.join(kinds)} as different kinds of values.",
            next_step="Write the column the same way in all of them.",
        ) from None


def numeric_columns(model: FellegiSunter) -> frozenset[str]:
    """The columns whose own values (not what SQL makes of them) are subtracted from each other."""
    tests = (
        test
        for comparison in model.comparisons
        for level in comparison.levels
        for alternative in level.when
        for test in alternative
    )
    sides = (side for test in tests if test.measure == Measure.DIFFERENCE for side in (test.left, test.right))
    return frozenset(side.column for side in sides if side and not side.sql)


def _typed(source: Source, name: str, number: bool) -> pa.ChunkedArray:
    column = source.table[name]
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return column
    column = pc.if_else(pc.equal(column, ""), None, column)
    if not number:
        return column
    try:
        return column.cast(pa.float64())
    except pa.ArrowInvalid:
        raise UserFacingError(
            f"{source.name}, column {name!r}: the model takes differences of its values, but not all are numbers.",
            next_step="Write numbers there, with a point and no other marks, or leave cells empty.",
        ) from None


def _links_table(links: Links) -> pa.Table:
    first, second = np.minimum(links.left, links.right), np.maximum(links.left, links.right)
    order = np.lexsort((second, first))
    pairs = Pairs(first[order], second[order])
    return pa.table(
        {
            "first": pa.array(pairs.first, pa.int64()),
            "second": pa.array(pairs.second, pa.int64()),
            "weight": pa.array(links.weight[order], pa.float64()),
            "accepted": pa.array(np.ones(len(order), bool)),
        }
    )


def _since(wall: float, cpu: float) -> tuple[float, float]:
    return round(time.perf_counter() - wall, 3), round(time.process_time() - cpu, 3)


def write_model(model: FellegiSunter, path: Path) -> None:
    """Write the model as settings that Splink 5 loads; see `write_settings`."""
    path.write_text(json.dumps(write_settings(model), indent=2) + "\n", encoding="utf-8")

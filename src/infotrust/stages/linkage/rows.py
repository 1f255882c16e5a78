"""Rows of the vault as linkage reads them: one for each record, that of its latest period."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import SemanticType
from infotrust.shared.vault import services as vault
from infotrust.stages.intake.queries import period_order
from infotrust.stages.linkage.plan import PlannedField

RECORD_ID = vault.RECORD_ID
# The period each row was delivered for; intake writes it beside the identifiers.
PERIOD = "period"


def latest_rows(table: pa.Table) -> pa.Table:
    """Return one row for each `record_id`, without its period: that of its latest period.

    Periods may arrive in any order, so the order of the rows decides only within a period.
    """
    rank = np.zeros(table.num_rows, dtype=np.int64)
    if PERIOD in table.column_names:
        written = pc.dictionary_encode(pc.fill_null(table[PERIOD].combine_chunks(), ""))
        names = written.dictionary.to_pylist()
        place = {name: number for number, name in enumerate(sorted(names, key=period_order))}
        rank = np.array([place[name] for name in names], dtype=np.int64)[written.indices.to_numpy()]
        table = table.drop_columns([PERIOD])
    numbered = pa.table({RECORD_ID: table[RECORD_ID], "row": rank * table.num_rows + np.arange(table.num_rows)})
    latest = numbered.group_by(RECORD_ID).aggregate([("row", "max")])["row_max"].to_numpy()
    return table.take(pa.array(np.sort(latest % max(table.num_rows, 1))))


def one_for_each_meaning(fields: Iterable[PlannedField]) -> tuple[PlannedField, ...]:
    """Two columns of one meaning (two telephone numbers) would have to be compared crosswise: the first is used."""
    first: dict[SemanticType, PlannedField] = {}
    for field in fields:
        first.setdefault(field.semantic, field)
    return tuple(first.values())

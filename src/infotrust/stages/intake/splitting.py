"""Where identifiers and content part: each accepted row gets a record id, then goes two ways.

The vault gets identifiers and keys as text (dates in ISO 8601); the holdings get content with its types. Both have the
record id, the delivery's period and nothing else in common, save a key that is content. Nothing is visible before
`intake.services` keeps it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.contracts import Batch, Contract, KeyIndex, hash_keys
from infotrust.core.contracts.keys import Halves
from infotrust.shared.holdings import services as holdings
from infotrust.shared.storage import services as storage
from infotrust.shared.storage.services import Sealed
from infotrust.shared.vault import services as vault

RECORD_ID = "record_id"
# What a row was delivered for: the same record stands once in each period that has it. No dataset has such a field.
PERIOD = "period"
# One part's rows: what is in memory at a time, a few hundred megabytes at most.
PART_ROWS = 250_000
QUARANTINE = "quarantine"


class RecordIds:
    """The record ids that earlier deliveries of a dataset gave to their keys, and fresh random ones for new keys."""

    def __init__(self, dataset: str, contract: Contract, secret: bytes) -> None:
        self._index = KeyIndex()
        self._ids = pa.array([], pa.string())
        keys = [column.name for column in contract.keys]
        if keys and set(keys) <= set(vault.column_names(dataset)):
            table = vault.read(dataset, [RECORD_ID, *keys])
            known = self._index.add(hash_keys([table[key].to_pylist() for key in keys], secret))
            self._ids = pc.filter(table[RECORD_ID].combine_chunks(), pa.array(~known))

    def take(self, keys: Halves | None, rows: int) -> tuple[pa.StringArray, int]:
        """Return the record id of each row, and how many were known."""
        fresh = pa.array(fresh_ids(rows), pa.string())
        if keys is None or not len(self._ids):
            return fresh, 0
        found = self._index.find(keys)
        known = found >= 0
        old = pc.take(self._ids, pa.array(np.where(known, found, 0)))
        return pc.if_else(pa.array(known), old, fresh), int(known.sum())


def fresh_ids(rows: int) -> list[str]:
    """Return `rows` random 128-bit ids as 32 hexadecimal digits."""
    digits = secrets.token_bytes(16 * rows).hex()
    return [digits[start : start + 32] for start in range(0, 32 * rows, 32)]


@dataclass
class Split:
    """The sealed parts of one delivery, not yet visible to anyone."""

    vault: list[Sealed] = field(default_factory=list)
    holdings: list[Sealed] = field(default_factory=list)
    quarantine: list[Sealed] = field(default_factory=list)
    known: int = 0


class Splitter:
    """Takes batches, seals a part whenever enough rows are together; `finish` seals the rest."""

    def __init__(self, contract: Contract, ids: RecordIds, *, period: str, quarantine_table: str) -> None:
        self._dataset, self._period, self._ids = contract.dataset, period, ids
        self._quarantine_table = quarantine_table
        keys = {column.name for column in contract.keys}
        self._vault_columns = [each.name for each in contract.columns if each.identifier or each.name in keys]
        self._content_columns = [each.name for each in contract.content_columns]
        self._accepted: list[tuple[pa.Table, pa.Table]] = []
        self._rejected: list[pa.Table] = []
        self.split = Split()

    def take(self, batch: Batch) -> None:
        ids, known = self._ids.take(batch.keys, batch.accepted.num_rows)
        self.split.known += known
        text = batch.text.select(self._vault_columns)
        nulled = {name: pc.if_else(pc.equal(text[name], ""), None, text[name]) for name in self._vault_columns}
        content = batch.accepted.select(self._content_columns)
        period = pa.array([self._period] * len(ids), pa.string())
        content = content.add_column(0, PERIOD, period).add_column(0, RECORD_ID, ids)
        self._accepted.append((pa.table({RECORD_ID: ids, PERIOD: period, **nulled}), content))
        self._rejected.append(batch.rejected)
        if sum(table.num_rows for table, _ in self._accepted) >= PART_ROWS:
            self._seal_accepted()
        if sum(table.num_rows for table in self._rejected) >= PART_ROWS:
            self._seal_rejected()

    def finish(self) -> Split:
        self._seal_accepted()
        self._seal_rejected()
        return self.split

    def _seal_accepted(self) -> None:
        identifiers = pa.concat_tables([table for table, _ in self._accepted]) if self._accepted else None
        if identifiers is None or not identifiers.num_rows:
            return
        content = pa.concat_tables([table for _, table in self._accepted])
        if self._vault_columns:
            self.split.vault.append(vault.seal(self._dataset, identifiers))
        # Each side in an order of its own, so that the place of a row tells nothing.
        content = content.take(pa.array(np.random.default_rng(secrets.randbits(64)).permutation(content.num_rows)))
        self.split.holdings.append(holdings.seal(self._dataset, content))
        self._accepted = []

    def _seal_rejected(self) -> None:
        rejected = pa.concat_tables(self._rejected) if self._rejected else None
        if rejected is not None and rejected.num_rows:
            self.split.quarantine.append(storage.seal_table(QUARANTINE, self._quarantine_table, rejected))
        self._rejected = []

"""One room's tables of records: one table for each dataset, every row under a random record id.

The vault of identifiers and the holdings of content are this same piece, each bound to a room of its own; who may open
which is a rule on importing `shared.vault` and `shared.holdings`, never this module.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from django.db import transaction

from infotrust.shared.accounts.models import User
from infotrust.shared.storage import services as storage
from infotrust.shared.storage.models import DestructionCertificate, SealedPart
from infotrust.shared.storage.services import Sealed
from infotrust.shared.storage.terms import Room

# 32 hexadecimal digits, random, the same for one dataset and source key across deliveries.
RECORD_ID = "record_id"


class DatasetRoom:
    """The verbs and reads of one room, by dataset. Readers need the room's master key (`KeyUnavailable`)."""

    def __init__(self, room: Room) -> None:
        self.room = room.value

    def seal(self, dataset: str, data: pa.Table | pa.RecordBatchReader) -> Sealed:
        """Write `data` (with a text column `record_id`, else `ValueError`) as an encrypted part nobody sees yet."""
        if RECORD_ID not in data.schema.names:
            raise ValueError(f"a part of {self.room}/{dataset} needs the column {RECORD_ID}")
        return storage.seal_table(self.room, dataset, data)

    @transaction.atomic
    def add(self, dataset: str, sealed: Sealed, *, replaces: Sequence[SealedPart] = ()) -> SealedPart:
        """Make `sealed` a current part of `dataset`, instead of the parts it `replaces`, in the caller's transaction.

        Replaced parts keep their keys until `shred` is called for them. Raises `SealBroken` if the file is gone.
        """
        storage.lock_table(self.room, dataset)
        gone = {part.pk for part in replaces}
        part = storage.keep(sealed)
        staying = [old for old in self.current_parts(dataset) if old.pk not in gone]
        storage.switch(self.room, dataset, [*staying, part])
        return part

    def datasets(self) -> list[str]:
        """Return the codes of the datasets that have something here."""
        return storage.tables(self.room)

    def current_parts(self, dataset: str) -> list[SealedPart]:
        """Return the parts readers see now, oldest first."""
        return storage.current_parts(self.room, dataset)

    def superseded_parts(self, dataset: str) -> list[SealedPart]:
        """Return replaced parts that were not shredded yet."""
        return storage.superseded_parts(self.room, dataset)

    def generation_number(self, dataset: str) -> int:
        """Return the number of the current generation, for a run's manifest; 0 if there is none."""
        return storage.generation_number(self.room, dataset)

    def column_names(self, dataset: str) -> list[str]:
        """Return the names of the columns that are here, reading no rows."""
        return storage.column_names(self.room, dataset)

    def read(self, dataset: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return `dataset` as it stands now. Nothing here yet: no rows, with `columns` as text."""
        return storage.read(self.room, dataset, columns)

    def read_records(self, dataset: str, columns: Sequence[str], records: Sequence[str]) -> pa.Table:
        """Return the rows of these record ids only, in order: one for each period in which the record is."""
        return storage.read_rows(self.room, dataset, columns, key=RECORD_ID, wanted=records)

    def paths_and_keys(self, dataset: str) -> list[tuple[Path, bytes]]:
        """Return file and data key of each current part, for `core.vaulting.attach_parts`."""
        return storage.paths_and_keys(self.room, dataset)

    def shred(
        self,
        dataset: str,
        *,
        reason: str,
        by: User | None,
        at: datetime | None = None,
        parts: Collection[SealedPart] | None = None,
    ) -> DestructionCertificate | None:
        """Destroy the keys of `parts` (default: everything of `dataset`, replaced too); None if there is nothing."""
        going = list(parts) if parts is not None else self.current_parts(dataset) + self.superseded_parts(dataset)
        return storage.shred(going, reason=reason, by=by, at=at) if going else None

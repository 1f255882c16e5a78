"""The vault of identifiers: names, birth dates and addresses, apart from content and under a key of their own.

Only intake (which fills it) and linkage (which reads it) may import this module; import-linter enforces it. Every table
has a column `record_id` (32 hexadecimal digits, random, the same for one dataset and source key across deliveries).
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

ROOM = Room.VAULT.value
RECORD_ID = "record_id"


def seal(dataset: str, data: pa.Table | pa.RecordBatchReader) -> Sealed:
    """Write `data` (with a text column `record_id`) as an encrypted part of `dataset` that nobody sees yet."""
    if RECORD_ID not in data.schema.names:
        raise ValueError(f"a part of {ROOM}/{dataset} needs the column {RECORD_ID}")
    return storage.seal_table(ROOM, dataset, data)


@transaction.atomic
def add(dataset: str, sealed: Sealed, *, replaces: Sequence[SealedPart] = ()) -> SealedPart:
    """Make `sealed` a current part of `dataset`, instead of the parts it `replaces`, in the caller's transaction.

    Replaced parts keep their keys until `shred` is called for them.
    """
    storage.lock_table(ROOM, dataset)
    gone = {part.pk for part in replaces}
    part = storage.keep(sealed)
    storage.switch(ROOM, dataset, [old for old in current_parts(dataset) if old.pk not in gone] + [part])
    return part


def datasets() -> list[str]:
    """Return the codes of the datasets that have something here."""
    return storage.tables(ROOM)


def current_parts(dataset: str) -> list[SealedPart]:
    """Return the parts readers see now, oldest first."""
    return storage.current_parts(ROOM, dataset)


def superseded_parts(dataset: str) -> list[SealedPart]:
    """Return replaced parts that were not shredded yet."""
    return storage.superseded_parts(ROOM, dataset)


def generation_number(dataset: str) -> int:
    """Return the number of the current generation, for a run's manifest; 0 if there is none."""
    return storage.generation_number(ROOM, dataset)


def column_names(dataset: str) -> list[str]:
    """Return the names of the columns that are here, reading no rows."""
    return storage.column_names(ROOM, dataset)


def read(dataset: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return `dataset` as it stands now. Nothing here yet: no rows, with `columns` as text."""
    return storage.read(ROOM, dataset, columns)


def paths_and_keys(dataset: str) -> list[tuple[Path, bytes]]:
    """Return file and data key of each current part, for `core.vaulting.attach_parts`."""
    return storage.paths_and_keys(ROOM, dataset)


def shred(
    dataset: str,
    *,
    reason: str,
    by: User | None,
    at: datetime | None = None,
    parts: Collection[SealedPart] | None = None,
) -> DestructionCertificate | None:
    """Destroy the keys of `parts` (default: everything of `dataset`, replaced parts too); None if there is nothing."""
    going = list(parts) if parts is not None else current_parts(dataset) + superseded_parts(dataset)
    return storage.shred(going, reason=reason, by=by, at=at) if going else None

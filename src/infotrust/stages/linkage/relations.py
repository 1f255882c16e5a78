"""The relations that the register keeps: who lives with whom and whose child one is, when, and by which records.

One sealed table in the register's room, of person identifiers, record ids, days and ties; no name and no address. Rows
are closed and replaced, never changed (`core.matching.relations.kept`); what records told that had to leave is gone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pyarrow as pa

from infotrust.shared.accounts.models import User
from infotrust.shared.storage import services as storage
from infotrust.shared.storage.services import Sealed
from infotrust.stages.linkage.register import ROOM

RELATIONS = "relations"
# The names of `core.matching.relations.kept.SCHEMA`, whose import would load the matching kernels.
COLUMNS = (
    "relation", "person", "other", "household", "begin", "end", "records", "ties", "evidence", "told_from", "told_until"
)  # fmt: skip


def kept() -> pa.Table | None:
    """All that is kept; None before the first linkage that found relations."""
    if not storage.current_parts(ROOM, RELATIONS):
        return None
    return storage.read(ROOM, RELATIONS, list(COLUMNS))


def about(persons: Collection[str]) -> list[dict[str, object]]:
    """The rows that one of these persons stands in, as a member, a parent or a child."""
    found = [*_rows("person", persons), *_rows("other", persons)]
    return [row for place, row in enumerate(found) if row not in found[:place]]


def of_households(households: Collection[str]) -> list[dict[str, object]]:
    """All members of these households."""
    return _rows("household", households)


def _rows(key: str, wanted: Collection[str]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = storage.read_rows(
        ROOM, RELATIONS, list(COLUMNS), key=key, wanted=sorted(wanted)
    ).to_pylist()
    return rows


def seal(table: pa.Table) -> Sealed:
    """Write them; nobody sees it yet."""
    return storage.seal_table(ROOM, RELATIONS, table)


def switch(sealed: Sealed, *, reason: str, by: User | None, at: datetime) -> None:
    """Make them what readers see, in the caller's transaction, and destroy what was kept before."""
    storage.lock_table(ROOM, RELATIONS)
    storage.switch(ROOM, RELATIONS, [storage.keep(sealed)])
    going = storage.superseded_parts(ROOM, RELATIONS)
    if going:
        storage.shred(going, reason=reason, by=by, at=at)


def forget(datasets: Collection[str], persons: Collection[str], *, reason: str, by: User | None, at: datetime) -> None:
    """Leave out what records of these datasets told, and all about persons who ended."""
    from infotrust.core.matching.relations.kept import without  # here: it loads the matching kernels

    so_far = kept()
    if so_far is not None:
        switch(seal(without(so_far, sources=datasets, persons=persons)), reason=reason, by=by, at=at)

"""What a linkage went by, sealed beside the register, so that it can be explained for as long as it is in use.

Four sealed tables in the register's room, without a value: which record is in which place and group, the weights of
pairs, the patterns of agreement, and the model (a stream of JSON). The evidence of a linkage is destroyed with it, and
at once when records have to leave the register.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.core.matching.answers import RecordKey
from infotrust.shared.accounts.models import User
from infotrust.shared.storage import services as storage
from infotrust.shared.storage.services import Sealed
from infotrust.stages.linkage.register import ROOM

if TYPE_CHECKING:
    from infotrust.core.matching.explaining.kept import Kept

ABOUT, RECORDS, PAIRS, PATTERNS = "evidence", "evidence-records", "evidence-pairs", "evidence-patterns"
TABLES = (ABOUT, RECORDS, PAIRS, PATTERNS)
RECORD_COLUMNS = ("place", "group", "source", "alone", "rarity", "dataset", "record_id")
PAIR_COLUMNS = ("first", "second", "odds", "pattern", "said")


class NotKept(NotThere):
    """No evidence of the linkage in use is there, or none about this record."""


@dataclass(frozen=True)
class Evidence:
    """Evidence before it is sealed: `Kept`, with the record ids and datasets of its places, and the run's number."""

    run: int
    kept: Kept
    datasets: Sequence[str]
    record_ids: Sequence[str]


def seal(evidence: Evidence) -> list[Sealed]:
    """Write the evidence; nobody sees it yet."""
    kept = evidence.kept
    records = kept.records.append_column("dataset", pa.array(evidence.datasets, pa.string()))
    records = records.append_column("record_id", pa.array(evidence.record_ids, pa.string()))
    about = json.dumps(kept.about | {"run": evidence.run}).encode()
    return [
        storage.seal_chunks(ROOM, ABOUT, [about]),
        storage.seal_table(ROOM, RECORDS, records),
        storage.seal_table(ROOM, PAIRS, kept.pairs),
        storage.seal_table(ROOM, PATTERNS, kept.patterns),
    ]


def switch(sealed: Sequence[Sealed], *, reason: str, by: User | None, at: datetime) -> None:
    """Make it what explanations go by, in the caller's transaction, and destroy the evidence before."""
    for one in sealed:
        storage.lock_table(ROOM, one.table)
        storage.switch(ROOM, one.table, [storage.keep(one)])
    _shred(superseded_only=True, reason=reason, by=by, at=at)


def forget(*, reason: str, by: User | None, at: datetime) -> None:
    """Destroy all evidence: records it is about had to leave the register."""
    _shred(superseded_only=False, reason=reason, by=by, at=at)


def _shred(*, superseded_only: bool, reason: str, by: User | None, at: datetime) -> None:
    going = [part for table in TABLES for part in storage.superseded_parts(ROOM, table)]
    if not superseded_only:
        going += [part for table in TABLES for part in storage.current_parts(ROOM, table)]
    if going:
        storage.shred(going, reason=reason, by=by, at=at)


def about() -> dict[str, Any]:
    """The model, the comparisons, the cut and the run. Raises `NotKept`."""
    parts = storage.current_parts(ROOM, ABOUT)
    if not parts:
        raise NotKept(
            _("There is no evidence to explain by."),
            next_step=_("The next linkage keeps it. It was destroyed if records had to leave the register since."),
        )
    found: dict[str, Any] = json.loads(b"".join(storage.open_chunks(parts[0])))
    return found


def record(key: RecordKey) -> dict[str, Any]:
    """The row of one record. Raises `NotKept`."""
    dataset, record_id = key
    found: list[dict[str, Any]] = _rows(RECORDS, RECORD_COLUMNS, "record_id", [record_id]).to_pylist()
    for row in found:
        if row["dataset"] == dataset:
            return row
    raise NotKept(
        _("The linkage in use has no such record."), next_step=_("Check the dataset and the record id; both are exact.")
    )


def groups(numbers: Collection[int]) -> pa.Table:
    """The records of these groups, by place."""
    return _rows(RECORDS, RECORD_COLUMNS, "group", [str(number) for number in numbers]).sort_by("place")


def places(numbers: Collection[int]) -> pa.Table:
    return _rows(RECORDS, RECORD_COLUMNS, "place", [str(number) for number in numbers]).sort_by("place")


def pairs_among(numbers: Collection[int]) -> pa.Table:
    """The pairs with both records among these places."""
    wanted = sorted(numbers)
    found = _rows(PAIRS, PAIR_COLUMNS, "first", [str(number) for number in wanted])
    return found.filter(pc.is_in(found["second"], pa.array(wanted, found.schema.field("second").type)))


def pattern(number: int) -> bytes:
    """The levels of a kept pattern, one byte each."""
    [row] = _rows(PATTERNS, ("pattern", "levels"), "pattern", [str(number)]).to_pylist()
    levels: bytes = row["levels"]
    return levels


def _rows(table: str, columns: Sequence[str], key: str, wanted: Sequence[str]) -> pa.Table:
    return storage.read_rows(ROOM, table, list(columns), key=key, wanted=wanted)

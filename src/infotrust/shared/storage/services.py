"""Seal, keep, switch, shred, sweep: the five things that ever happen to a sealed file.

`seal_*` writes an encrypted file that nobody sees yet. Inside one transaction of the caller, `keep` records it with
its wrapped key and `switch` makes a set of parts the table's current generation; a process killed anywhere leaves
the old generation live, and `sweep` removes what it left behind. `shred` destroys keys and certifies it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from infotrust.core import vaulting
from infotrust.core.errors import UserFacingError
from infotrust.core.vaulting import DestroyedPart, Hold, SealBroken
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.storage.models import DestructionCertificate, Generation, SealedPart, SealedTable
from infotrust.shared.storage.queries import (
    SUFFIX,
    column_names,
    context_of,
    current_parts,
    generation_number,
    master_key,
    open_chunks,
    path_of,
    paths_and_keys,
    read,
    read_rows,
    room_folder,
    superseded_parts,
    tables,
)
from infotrust.shared.storage.terms import Kind, Room

log = logging.getLogger("infotrust.storage")

SCRUB_WAIT = "3s"  # rewriting the table of parts takes milliseconds, but must wait for whoever is using it
Key = bytes  # so that `Sealed` can have a field named `bytes`

__all__ = [
    "Sealed",
    "column_names",
    "current_parts",
    "generation_number",
    "keep",
    "lock_table",
    "open_chunks",
    "paths_and_keys",
    "read",
    "read_rows",
    "rotate_master_key",
    "seal_chunks",
    "seal_table",
    "shred",
    "superseded_parts",
    "sweep",
    "switch",
    "tables",
]


@dataclass(frozen=True)
class Sealed:
    """An encrypted file that no row names yet. Let go of it without `keep`, and `sweep` removes it later."""

    id: str
    room: str
    table: str
    kind: str
    rows: int
    bytes: int
    sha256: str
    data_key: Key = field(repr=False)
    hold: Hold = field(repr=False, compare=False)

    @property
    def path(self) -> Path:
        return room_folder(self.room) / f"{self.id}{SUFFIX}"


def seal_table(room: str, table: str, data: pa.Table | pa.RecordBatchReader) -> Sealed:
    """Write `data` as encrypted Parquet in `room`, under a key of its own. Nothing becomes visible."""
    part_id, key, path = _new_part(room)
    written = vaulting.write_table(path, data, key)
    return Sealed(
        part_id, room, table, Kind.TABLE, written.rows, written.bytes, written.sha256, data_key=key, hold=written.hold
    )


def seal_chunks(room: str, table: str, chunks: Iterable[bytes]) -> Sealed:
    """Write `chunks` as an encrypted stream in `room`, under a key of its own. Nothing becomes visible."""
    part_id, key, path = _new_part(room)
    written = vaulting.seal_stream(chunks, path, key)
    return Sealed(part_id, room, table, Kind.STREAM, 0, written.bytes, written.sha256, data_key=key, hold=written.hold)


def _new_part(room: str) -> tuple[str, bytes, Path]:
    master_key(Room(room).value)  # fails before anything is written where this process has no key for the room
    part_id = secrets.token_hex(16)
    return part_id, vaulting.new_data_key(), room_folder(room) / f"{part_id}{SUFFIX}"


@transaction.atomic
def keep(sealed: Sealed) -> SealedPart:
    """Record the sealed file and its wrapped key, in the caller's transaction. `switch` makes it current.

    Raises `SealBroken` if the file is gone, `KeyUnavailable` without the room's master key.
    """
    if not sealed.path.exists():
        raise SealBroken(
            f"The sealed part {sealed.id} of {sealed.room}/{sealed.table} is no longer there.",
            next_step="Start the job again: nothing was changed.",
        )
    part = SealedPart.objects.create(
        id=sealed.id,
        room=sealed.room,
        table=sealed.table,
        kind=sealed.kind,
        rows=sealed.rows,
        bytes=sealed.bytes,
        sha256=sealed.sha256,
        key_fingerprint=vaulting.fingerprint(sealed.data_key),
        wrapped_key=vaulting.wrap_key(sealed.data_key, master_key(sealed.room), context_of(sealed.room, sealed.id)),
        sealed_at=timezone.now(),
    )
    # Held until the row is visible to a sweeper; after a rollback, until `sealed` itself is let go.
    transaction.on_commit(sealed.hold.release)
    return part


def lock_table(room: str, table: str) -> SealedTable:
    """Lock a table's pointer until the transaction ends. Who changes a set of parts locks, reads, then switches."""
    SealedTable.objects.get_or_create(room=room, table=table)
    return SealedTable.objects.select_for_update().get(room=room, table=table)


@transaction.atomic
def switch(room: str, table: str, parts: Sequence[SealedPart]) -> Generation:
    """Make `parts` the current generation of a table; readers see the old one until the transaction commits."""
    pointer = lock_table(room, table)
    for part in parts:
        _require_usable(part, room, table)
    last = Generation.objects.filter(room=room, table=table).order_by("-number").first()
    generation = Generation.objects.create(
        room=room, table=table, number=last.number + 1 if last else 1, made_at=timezone.now()
    )
    generation.parts.set(parts)
    pointer.current = generation
    pointer.save()
    return generation


def _require_usable(part: SealedPart, room: str, table: str) -> None:
    if (part.room, part.table) != (room, table):
        raise ValueError(f"{part} cannot become a part of {room}/{table}")
    if not SealedPart.objects.filter(pk=part.pk, certificate=None).exists():
        raise UserFacingError(f"{part} was destroyed.", next_step="Start the job again with what is current now.")


@transaction.atomic
def shred(
    parts: Sequence[SealedPart], *, reason: str, by: User | None, at: datetime | None = None
) -> DestructionCertificate:
    """Destroy the keys of `parts`, take them out of what readers see, and certify it. The files go after the commit.

    Parts already destroyed are left as they are; if all were, their certificate is returned.
    """
    if not parts:
        raise ValueError("shred needs at least one part")
    at = at or timezone.now()
    found = list(SealedPart.objects.select_for_update().filter(pk__in=[part.pk for part in parts]))
    living = [part for part in found if part.wrapped_key is not None]
    if not living:
        return DestructionCertificate.objects.filter(parts__in=found).latest("destroyed_at", "pk")
    for room, table in sorted({(part.room, part.table) for part in living}):
        _take_out(room, table, {part.pk for part in living})
    certificate = _certify(living, reason=reason, by=by, at=at)
    _erase_keys(living, certificate)
    _record_destruction(living, certificate, by=by, at=at)
    transaction.on_commit(lambda: _after_shredding(living))
    return certificate


def _take_out(room: str, table: str, going: set[str]) -> None:
    lock_table(room, table)
    now = current_parts(room, table)
    staying = [part for part in now if part.pk not in going]
    if len(staying) < len(now):
        switch(room, table, staying)


def _certify(parts: Sequence[SealedPart], *, reason: str, by: User | None, at: datetime) -> DestructionCertificate:
    lines = [
        DestroyedPart(
            part=part.pk,
            room=part.room,
            table=part.table,
            sealed_at=vaulting.moment(part.sealed_at),
            rows=part.rows,
            bytes=part.bytes,
            file_sha256=part.sha256,
            key_fingerprint=part.key_fingerprint,
        )
        for part in parts
    ]
    said = vaulting.certify(lines, reason=reason, at=at, by=str(by.pk) if by else "")
    return DestructionCertificate.objects.create(
        text=said.text(), digest=said.digest(), reason=reason, destroyed_at=at, by=by
    )


def _erase_keys(parts: Sequence[SealedPart], certificate: DestructionCertificate) -> None:
    if connection.vendor == "sqlite":
        # Freed bytes are overwritten with zeros instead of lingering in the file (SQLite manual, PRAGMA secure_delete).
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    SealedPart.objects.filter(pk__in=[part.pk for part in parts]).update(wrapped_key=None, certificate=certificate)


def _record_destruction(
    parts: Sequence[SealedPart], certificate: DestructionCertificate, *, by: User | None, at: datetime
) -> None:
    audit.record(
        Event.KEYS_DESTROYED,
        about=f"certificate:{certificate.digest}",
        by=by,
        at=at,
        reason=certificate.reason,
        tables=sorted({f"{part.room}/{part.table}" for part in parts}),
        parts=len(parts),
        rows=sum(part.rows for part in parts),
    )


def _after_shredding(parts: Sequence[SealedPart]) -> None:
    for part in parts:
        path_of(part).unlink(missing_ok=True)
    scrub_database()


def scrub_database() -> None:
    """Make the database let go of erased keys: empty SQLite's log, rewrite PostgreSQL's table of parts.

    Backups and PostgreSQL's write-ahead log keep older pages: `rotate_master_key`, then destroying the old master key,
    makes those unreadable too. Where someone is using the table it is left to the next `sweep`.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        elif connection.vendor == "postgresql":
            _rewrite_parts(cursor)


def _rewrite_parts(cursor: Any) -> None:
    try:
        cursor.execute(f"SET lock_timeout = '{SCRUB_WAIT}'")
        cursor.execute(f"VACUUM FULL {connection.ops.quote_name(SealedPart._meta.db_table)}")
    except OperationalError:
        log.info("the table of sealed parts is in use; the next sweep will rewrite it")
    finally:
        cursor.execute("RESET lock_timeout")


def sweep(older_than: timedelta) -> int:
    """Remove files that no living part names and that are older than `older_than`; return how many.

    A file someone is still sealing is held and stays, however old. What remains of destroyed parts goes at any age.
    """
    removed = 0
    for room in Room.values:
        living = set(SealedPart.objects.filter(room=room, certificate=None).values_list("pk", flat=True))
        for path in sorted(room_folder(room).glob("*")):
            if path.name.split(".", 1)[0] not in living:
                removed += _remove_if_orphan(path, older_than)
    scrub_database()
    return removed


def _remove_if_orphan(path: Path, older_than: timedelta) -> bool:
    part_id = path.name.split(".", 1)[0]
    with vaulting.try_to_take(path) as free:
        # Asked again while nobody can be sealing it: it may have been kept since the list was made.
        part = SealedPart.objects.filter(pk=part_id).first()
        if not free or (part is not None and part.wrapped_key is not None):
            return False
        if part is None and not _is_older(path, older_than):
            return False
        path.unlink(missing_ok=True)
        return True


def _is_older(path: Path, age: timedelta) -> bool:
    try:
        return timezone.now().timestamp() - path.stat().st_mtime >= age.total_seconds()
    except FileNotFoundError:
        return False


def _as_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != vaulting.KEY_BYTES:
        raise UserFacingError("The new master key is not 64 hexadecimal digits.", next_step="Make a fresh one.")
    return key


@transaction.atomic
def rotate_master_key(room: str, *, new_key: str, by: User | None, at: datetime | None = None) -> int:
    """Wrap every data key of `room` anew under `new_key` (64 hexadecimal digits); return how many.

    Stop the other processes, rotate, give every process the new key, start them: with the old key they read nothing.
    """
    new = _as_key(new_key)
    parts = list(SealedPart.objects.select_for_update().filter(room=room, certificate=None))
    for part in parts:
        context = context_of(room, part.pk)
        key = vaulting.unwrap_key(bytes(part.wrapped_key or b""), master_key(room), context)
        part.wrapped_key = vaulting.wrap_key(key, new, context)
    SealedPart.objects.bulk_update(parts, ["wrapped_key"], batch_size=500)
    audit.record(
        Event.SETTING_CHANGED, about=f"room:{room}", by=by, at=at or timezone.now(), what="master key", parts=len(parts)
    )
    return len(parts)

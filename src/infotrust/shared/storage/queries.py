"""Reading sealed parts: always the current generation, always checked against the hash taken when it was sealed.

A reader needs the master key of the room. An altered or missing file is an error that names the part, never a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from infotrust.core import vaulting
from infotrust.core.errors import Finding
from infotrust.core.vaulting import KeyUnavailable, SealBroken
from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.storage.models import DestructionCertificate, Generation, SealedPart, SealedTable

SUFFIX = ".sealed"


def current_parts(room: str, table: str) -> list[SealedPart]:
    """Return the parts of the current generation, oldest first; none if nothing was sealed yet."""
    return list(SealedPart.objects.filter(generations__current_of__room=room, generations__current_of__table=table))


def superseded_parts(room: str, table: str) -> list[SealedPart]:
    """Return the parts whose key still exists although no reader sees them any more."""
    now = [part.pk for part in current_parts(room, table)]
    return list(SealedPart.objects.filter(room=room, table=table, certificate=None).exclude(pk__in=now))


def generation_number(room: str, table: str) -> int:
    """Return the number of the current generation; 0 if there is none."""
    generation = Generation.objects.filter(current_of__room=room, current_of__table=table).first()
    return generation.number if generation else 0


def tables(room: str) -> list[str]:
    """Return the names of the tables of `room` that have at least one current part."""
    found = SealedTable.objects.filter(room=room, current__parts__isnull=False)
    return list(found.order_by("table").values_list("table", flat=True).distinct())


def read(room: str, table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return the table as it stands now. Nothing sealed yet: no rows, with `columns` as text."""
    parts = current_parts(room, table)
    if not parts:
        return pa.table({column: pa.array([], pa.string()) for column in columns or ()})
    try:
        return vaulting.read_table([path_and_key(part) for part in parts], columns)
    except SealBroken:
        if _is_current(room, table, parts):
            raise
        return read(room, table, columns)


def read_rows(room: str, table: str, columns: Sequence[str], *, key: str, wanted: Sequence[str]) -> pa.Table:
    """Return the rows whose text column `key` is one of `wanted`, as the table stands now; the others are not read."""
    parts = current_parts(room, table)
    if not parts or not wanted:
        return pa.table({column: pa.array([], pa.string()) for column in columns})
    try:
        return vaulting.read_rows([path_and_key(part) for part in parts], columns, key=key, wanted=wanted)
    except SealBroken:
        if _is_current(room, table, parts):
            raise
        return read_rows(room, table, columns, key=key, wanted=wanted)


def _is_current(room: str, table: str, parts: Sequence[SealedPart]) -> bool:
    """False after a switch and a shred between our look at the pointer and our look at the file."""
    return {part.pk for part in current_parts(room, table)} == {part.pk for part in parts}


def column_names(room: str, table: str) -> list[str]:
    """Return the names of the columns of the current generation, reading no rows."""
    found = paths_and_keys(room, table)
    return list(vaulting.columns_of(found)) if found else []


def paths_and_keys(room: str, table: str) -> list[tuple[Path, bytes]]:
    """Return file and data key of each current part, for `core.vaulting.attach_parts`; checked against their hashes."""
    return [path_and_key(part) for part in current_parts(room, table)]


def open_chunks(part: SealedPart) -> Iterator[bytes]:
    """Yield the bytes of a sealed stream; a file cut short raises `SealBroken` before the iterator ends."""
    return vaulting.open_stream(path_of(part), data_key(part))


def path_and_key(part: SealedPart) -> tuple[Path, bytes]:
    """Return file and data key of one part; raise `SealBroken` unless the file is the one that was sealed."""
    key, path = data_key(part), path_of(part)
    try:
        genuine = vaulting.sha256_of(path) == part.sha256
    except FileNotFoundError:
        raise SealBroken(
            f"The file of {part} is missing.", next_step="Restore it from a backup, or ask for the delivery again."
        ) from None
    if not genuine:
        raise SealBroken(
            f"The file of {part} is not the one that was sealed: it was altered or damaged.",
            next_step="Restore it from a backup, or ask for the delivery again, and find out who could write there.",
        )
    return path, key


def path_of(part: SealedPart) -> Path:
    return room_folder(part.room) / f"{part.pk}{SUFFIX}"


def room_folder(room: str) -> Path:
    return Path(settings.STORAGE_FOLDER) / room


def data_key(part: SealedPart) -> bytes:
    """Unwrap the part's key; raise `KeyUnavailable` if it was destroyed or this process has no master key for it."""
    if part.wrapped_key is None:
        raise KeyUnavailable(f"The key of {part} was destroyed.", next_step="See its certificate of destruction.")
    return vaulting.unwrap_key(bytes(part.wrapped_key), master_key(part.room), context_of(part.room, part.pk))


def context_of(room: str, part_id: str) -> str:
    """What a wrapped key is bound to."""
    return f"{room}/{part_id}"


def master_key(room: str) -> bytes:
    """Return the room's master key; raise `KeyUnavailable` if this process was not given it."""
    try:
        return bytes.fromhex(settings.MASTER_KEYS[room])
    except (KeyError, ValueError):
        raise KeyUnavailable(
            f"This process has no master key for the room {room!r}.",
            next_step=f"If it should, set INFOTRUST_{room.upper()}_KEY to 64 hexadecimal digits.",
        ) from None


def certificates(*, room: str | None = None) -> list[DestructionCertificate]:
    """Return the certificates of destruction, newest first."""
    found = DestructionCertificate.objects.select_related("by")
    return list(found.filter(parts__room=room).distinct() if room else found)


def check_certificate(certificate: DestructionCertificate) -> list[Finding]:
    """Return what contradicts the certificate: text altered, key or file still there, log silent. Empty: it holds."""
    findings = vaulting.check_text(certificate.text, certificate.digest)
    if not audit.entries(event=Event.KEYS_DESTROYED, about=f"certificate:{certificate.digest}").exists():
        findings.append(Finding("not-in-the-log", (certificate.digest,)))
    for destroyed in vaulting.parts_named(certificate.text):
        where = (destroyed["room"], destroyed["table"], destroyed["part"])
        if SealedPart.objects.filter(pk=destroyed["part"], wrapped_key__isnull=False).exists():
            findings.append(Finding("key-still-there", where))
        if (room_folder(destroyed["room"]) / f"{destroyed['part']}{SUFFIX}").exists():
            findings.append(Finding("file-still-there", where))
    return findings

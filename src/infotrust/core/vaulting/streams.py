"""Encrypted streams: a delivery's bytes as they came, for files that are not tables.

AES-256-GCM chunk by chunk. The nonce counts the chunks and marks the last one, so cutting, reordering, repeating or
joining chunks is noticed (the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár 2015, as in age and Tink).
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infotrust.core.vaulting.files import Written, write_whole
from infotrust.core.vaulting.tables import SealBroken

MAGIC = b"ITSTRM1\x00"
PREFIX_BYTES = 7  # with a 4-byte counter and a 1-byte mark of the last chunk: 12 bytes
CHUNK_BYTES = 1 << 18
TAG_BYTES = 16


def seal_stream(chunks: Iterable[bytes], path: Path, data_key: bytes) -> Written:
    """Encrypt `chunks` (of any size) to `path`. The key must be used for this file only."""

    def fill(unfinished: Path) -> int:
        with unfinished.open("wb") as out:
            _encrypt(chunks, out, data_key)
        return 0

    return write_whole(path, fill)


def open_stream(path: Path, data_key: bytes) -> Iterator[bytes]:
    """Yield the bytes of `path`, each chunk only after it proved genuine; raise `SealBroken` at the first that is not.

    A file cut short raises after its last genuine chunk: act on what you read only when the iterator has ended.
    """
    try:
        with path.open("rb") as stream:
            yield from _decrypt(stream, data_key, path)
    except FileNotFoundError:
        raise _broken(path, "is missing") from None


def _encrypt(chunks: Iterable[bytes], out: IO[bytes], data_key: bytes) -> None:
    cipher, prefix = AESGCM(data_key), secrets.token_bytes(PREFIX_BYTES)
    out.write(MAGIC + prefix)
    waiting, number = bytearray(), 0
    for chunk in chunks:
        waiting += chunk
        # The last chunk is marked as such, so one is held back until it is known whether more follows.
        while len(waiting) > CHUNK_BYTES:
            out.write(cipher.encrypt(_nonce(prefix, number, last=False), bytes(waiting[:CHUNK_BYTES]), MAGIC))
            del waiting[:CHUNK_BYTES]
            number += 1
    out.write(cipher.encrypt(_nonce(prefix, number, last=True), bytes(waiting), MAGIC))


def _decrypt(stream: IO[bytes], data_key: bytes, path: Path) -> Iterator[bytes]:
    head = stream.read(len(MAGIC) + PREFIX_BYTES)
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + PREFIX_BYTES:
        raise _broken(path, "is not a sealed stream")
    cipher, prefix = AESGCM(data_key), head[len(MAGIC) :]
    now, number = stream.read(CHUNK_BYTES + TAG_BYTES), 0
    while True:
        following = stream.read(CHUNK_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=not following), now, MAGIC)
        except (InvalidTag, ValueError):
            raise _broken(path, "was altered, cut short, or belongs to another key") from None
        if not following:
            return
        now, number = following, number + 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _broken(path: Path, why: str) -> SealBroken:
    return SealBroken(
        f"The sealed part {path.name.split('.', 1)[0]} {why}.",
        next_step="Restore the file from a backup, or ask for the delivery again.",
    )

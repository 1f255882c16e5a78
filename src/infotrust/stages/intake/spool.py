"""A place for a file while it arrives: memory up to a bound, beyond it an encrypted file without a name.

The key lives in this object only and the file has no name in any folder, so when the process ends, however it
ends, nothing that can be read is left. Written once from front to back, then read anywhere (zip files need it).
"""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

IN_MEMORY = 8 << 20
BLOCK = 1 << 16
TAG = 16


class Spool(io.RawIOBase):
    """`folder` is where a large file's encrypted blocks go. `size` is in bytes."""

    def __init__(self, folder: Path, in_memory: int = IN_MEMORY) -> None:
        self._folder, self._in_memory = folder, in_memory
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._blocks = 0
        self._at = 0
        self._cached: tuple[int, bytes] = (-1, b"")
        self.size = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Append `data`, wherever the reading position is."""
        self._memory += data
        self.size += len(data)
        if self._file is not None or len(self._memory) > self._in_memory:
            self._spill()
        return len(data)

    def _spill(self) -> None:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - closed with the spool
        whole = len(self._memory) // BLOCK
        for number in range(whole):
            block = bytes(self._memory[number * BLOCK : (number + 1) * BLOCK])
            self._file.write(self._cipher.encrypt(_nonce(self._blocks), block, None))
            self._blocks += 1
        del self._memory[: whole * BLOCK]

    def read(self, size: int = -1) -> bytes:
        end = self.size if size is None or size < 0 else min(self._at + size, self.size)
        pieces = []
        while self._at < end:
            number, offset = divmod(self._at, BLOCK)
            piece = self._piece(number, offset, end - self._at)
            pieces.append(piece)
            self._at += len(piece)
        return b"".join(pieces)

    def _piece(self, number: int, offset: int, size: int) -> bytes:
        if number >= self._blocks:
            start = self._at - self._blocks * BLOCK
            return bytes(self._memory[start : start + size])
        if self._cached[0] != number and self._file is not None:
            sealed = os.pread(self._file.fileno(), BLOCK + TAG, number * (BLOCK + TAG))
            self._cached = (number, self._cipher.decrypt(_nonce(number), sealed, None))
        return self._cached[1][offset : offset + size]

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._memory = bytearray()
        super().close()


def _nonce(number: int) -> bytes:
    # The key is used for this spool only and each block is written once, so a counter never repeats.
    return number.to_bytes(12, "big")

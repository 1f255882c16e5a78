"""Files that appear whole or not at all.

A file is written under a temporary name, flushed to the disk and renamed; its folder is flushed too. While its
writer still holds it, a `Hold` (a shared lock the kernel drops when the process dies) tells a sweeper to leave it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

UNFINISHED = ".unfinished"


class Hold:
    """A shared lock on an open file: as long as it is held, `try_to_take` says no."""

    def __init__(self, path: Path, flags: int = os.O_RDWR | os.O_CREAT | os.O_EXCL) -> None:
        self._fd: int | None = os.open(path, flags | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_SH)

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __del__(self) -> None:
        self.release()


@dataclass(frozen=True)
class Written:
    """A finished file. `rows` is 0 for a stream; `hold` keeps sweepers away until it is released."""

    rows: int
    bytes: int
    sha256: str
    hold: Hold = field(compare=False, repr=False)


def write_whole(path: Path, fill: Callable[[Path], int]) -> Written:
    """Call `fill` with a temporary path, then put what it wrote at `path`. `fill` returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(path.name + UNFINISHED)
    hold = Hold(unfinished)
    try:
        rows = fill(unfinished)
        flush(unfinished)
        written = Written(rows, unfinished.stat().st_size, sha256_of(unfinished), hold)
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        hold.release()
        raise
    flush(path.parent)
    return written


def flush(path: Path) -> None:
    """Make the operating system put a file's bytes, or a folder's names, on the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextlib.contextmanager
def try_to_take(path: Path) -> Iterator[bool]:
    """Yield whether nobody holds the file; while True was yielded, nobody can begin to."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(fd)

"""A folder that appears whole or not at all: its files are made in a hidden folder beside it, renamed at the end."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infotrust.core.errors import UserFacingError

LOCK = ".making"


def require_free(folder: Path) -> None:
    """Raise `UserFacingError` where `folder` or what it would lie in is a file, or where it already holds something."""
    try:
        above = next((one for one in folder.absolute().parents if one.exists()), folder)
        folder.exists()
    except OSError as problem:  # such as a name that is too long
        raise cannot_write(folder, problem) from problem
    if not above.is_dir():
        raise UserFacingError(f"{above} is not a folder.", next_step="Name a folder that is new or empty.")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UserFacingError(f"{folder} is not a folder.", next_step="Name a folder that is new or empty.")
    if folder.is_dir() and any(folder.iterdir()):
        raise UserFacingError(
            f"The folder {folder} already holds files.", next_step="Name a folder that is new or empty."
        )


def require_room(folder: Path, needed: int) -> None:
    """Raise `UserFacingError` where the disk of `folder` has clearly less room than `needed` bytes."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if free < needed:
        raise UserFacingError(
            f"The county needs about {_in_words(needed)} in {folder}, and its disk has {_in_words(free)} left.",
            next_step="Make room, name a folder on another disk, or ask for fewer people, years or agencies.",
        )


def _in_words(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{max(size, 0) / 1e6:,.0f} MB"


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """A hidden folder to write into, which becomes `folder` when the block ends well, and goes when it does not.

    Raises `UserFacingError`, naming the folder, where the disk refuses.
    """
    require_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        fresh = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    except OSError as problem:
        raise cannot_write(folder, problem) from problem
    try:
        with (fresh / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield fresh
            (fresh / LOCK).unlink()
            _settle(fresh, folder)
    except OSError as problem:
        raise cannot_write(folder, problem) from problem
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def cannot_write(folder: Path, problem: OSError) -> UserFacingError:
    return UserFacingError(
        f"The county cannot be written to {folder}: {problem.strerror or 'the disk refused'}.",
        next_step="Nothing was left behind. Make room, or name another folder.",
    )


def _prefix(folder: Path) -> str:
    return f".{folder.name}-"


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed left beside `folder`: nobody holds its lock any more."""
    for left in folder.parent.glob(f"{_prefix(folder)}*/{LOCK}"):
        with left.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            shutil.rmtree(left.parent, ignore_errors=True)


def _settle(fresh: Path, folder: Path) -> None:
    for below in (*(path for path in fresh.rglob("*") if path.is_dir()), fresh):
        keep(below)
    fresh.chmod(0o755)
    fresh.rename(folder)
    keep(folder.parent)


def keep(path: Path) -> None:
    """Make sure that a file's bytes, or a folder's entries, have reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

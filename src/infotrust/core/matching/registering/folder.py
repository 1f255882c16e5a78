"""The folder of a register: one generation at a time, whole or not at all, for its owner's eyes.

`register.json` names the generation that readers see; it is written beside its place and renamed, so that a process
killed at any point leaves the generation before. Big columns only grow: a generation reads no further than the lengths
it names, and what a killed process wrote past them is overwritten by the next. The folder holds values of people's
records: its mode is 0700, and nothing of it is part of a message.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from infotrust import __version__
from infotrust.core.errors import UserFacingError

# Of the folder; a version of infotrust reads this one and those before, and says so of a later one. 2: answers say who
# gave them and what they count for, and the model what it learned from them.
FORMAT = 2
NAMED = "register.json"
_LOCK = "lock"
_PART = re.compile(r"(base|state)-\d+")


@dataclass(frozen=True)
class Folder:
    """Where a register lies. unsynced: files written since the last switch, which brings them to the disk together: one
    by one the same would take ten times as long."""

    path: Path
    unsynced: list[Path] = field(default_factory=list, compare=False, repr=False)

    def exists(self) -> bool:
        return (self.path / NAMED).is_file()

    def prepare(self) -> None:
        """Make the folder for a new register. Raises UserFacingError when something else is there."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.exists() and any(not _left_behind(path) for path in self.path.iterdir()):
                raise UserFacingError(
                    f"{self.path} is no register, and nothing of it was touched.",
                    next_step="Name a folder that is new or empty, or one that holds a register.",
                )
            self.path.chmod(0o700)
        except OSError as error:
            raise self.unwritable(error) from error

    def read_header(self) -> dict[str, Any]:
        """What the current generation says of itself. Raises UserFacingError when it is none, or of a later format."""
        try:
            header = json.loads((self.path / NAMED).read_text())
        except FileNotFoundError:
            raise UserFacingError(
                f"{self.path} holds no register.", next_step="Make one: infotrust link FILES --register DIR --out OUT"
            ) from None
        except (OSError, ValueError):
            raise self.broken() from None
        found = header.get("format") if isinstance(header, dict) else None
        if not isinstance(found, int):
            raise self.broken()
        if found > FORMAT:
            raise UserFacingError(
                f"The register {self.path} was written by infotrust {header.get('written_by', '')} in format {found}; "
                f"this is infotrust {__version__}, which reads format {FORMAT}.",
                next_step="Use that version or a later one. The register was not touched.",
            )
        whole: dict[str, Any] = header
        return whole

    def broken(self) -> UserFacingError:
        return UserFacingError(
            f"The register {self.path} is damaged: a part of it is missing or too short.",
            next_step="Bring the folder back from a backup, or link its files anew into another folder.",
        )

    def switch(self, header: Mapping[str, Any]) -> None:
        """Make `header` what readers see, then remove what no generation needs. Raises UserFacingError."""
        said = {"format": FORMAT, "written_by": __version__, **header}
        beside = self.path / f".{NAMED}.unfinished"
        try:
            for path in dict.fromkeys(self.unsynced):
                _sync(path)
            _sync(self.path / said["base"])
            _sync(self.path / said["state"])
            self.unsynced.clear()
            with beside.open("w") as file:
                json.dump(said, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, self.path / NAMED)
            _sync(self.path)
        except OSError as error:
            raise self.unwritable(error) from error
        self.remove_but(said["base"], said["state"])

    def remove_but(self, *kept: str) -> None:
        """Remove the parts of earlier generations, and of those that were never finished."""
        for path in self.path.iterdir():
            if _PART.fullmatch(path.name) and path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    def new_part(self, name: str) -> Part:
        """An empty folder for a part of a generation to come."""
        place = self.path / name
        try:
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o700)
        except OSError as error:
            raise self.unwritable(error) from error
        return Part(self, place)

    def part(self, name: str) -> Part:
        return Part(self, self.path / name)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to change the register. Raises UserFacingError when another process has it."""
        try:
            handle = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self.unwritable(error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise UserFacingError(
                f"Another process is changing the register {self.path}.", next_step="Wait until it is done."
            ) from None
        try:
            yield
        finally:
            os.close(handle)

    def unwritable(self, error: OSError) -> UserFacingError:
        return UserFacingError(
            f"The register {self.path} cannot be written: {error.strerror or type(error).__name__}.",
            next_step="Make room there, or name a folder where you may write. What it held before is still there.",
        )


@dataclass(frozen=True)
class Part:
    """A folder of arrays inside a register."""

    folder: Folder
    path: Path

    def save(self, **arrays: npt.NDArray[Any]) -> None:
        """Write arrays that stay as they are. Raises UserFacingError."""
        try:
            for name, array in arrays.items():
                with (self.path / f"{name}.npy").open("wb") as file:
                    np.save(file, np.ascontiguousarray(array))
                self.wrote(f"{name}.npy")
        except OSError as error:
            raise self.folder.unwritable(error) from error

    def load(self, name: str) -> npt.NDArray[Any]:
        """Map one of them into memory. Changes of it stay in this process. Raises UserFacingError."""
        try:
            array: npt.NDArray[Any] = np.load(self.path / f"{name}.npy", mmap_mode="c", allow_pickle=False)
        except (OSError, ValueError):
            raise self.folder.broken() from None
        return array.view(np.ndarray)

    def grow(self, name: str, array: npt.NDArray[Any], *, room: int) -> None:
        """Write an array that may grow to `room` rows: an empty stretch of the file, which takes no space."""
        self.grow_parts(name, [(0, array)], room=room)

    def grow_parts(self, name: str, parts: Sequence[tuple[int, npt.NDArray[Any]]], *, room: int) -> None:
        """The same for parts that begin at given rows, with room between them."""
        try:
            with (self.path / name).open("wb") as file:
                for row, array in parts:
                    file.seek(row * _row(array))
                    file.write(_bytes(np.ascontiguousarray(array)))
                file.truncate(room * _row(parts[0][1]))
            self.wrote(name)
        except OSError as error:
            raise self.folder.unwritable(error) from error

    def write_after(self, name: str, array: npt.NDArray[Any], rows: int) -> None:
        """Write an array behind the first `rows` rows of one that is there."""
        self.write_parts(name, [(rows, array)])

    def write_parts(self, name: str, parts: Sequence[tuple[int, npt.NDArray[Any]]]) -> None:
        """Write arrays into one that is there, each from a given row on."""
        parts = [(row, array) for row, array in parts if len(array)]
        if not parts:
            return
        try:
            with (self.path / name).open("r+b") as file:
                for row, array in parts:
                    file.seek(row * _row(array))
                    file.write(_bytes(np.ascontiguousarray(array)))
            self.wrote(name)
        except OSError as error:
            raise self.folder.unwritable(error) from error

    def wrote(self, name: str) -> None:
        """A file was written, and is brought to the disk before the next switch."""
        self.folder.unsynced.append(self.path / name)

    def write_json(self, name: str, said: Any) -> None:
        text = np.frombuffer(json.dumps(said).encode(), np.uint8)
        self.grow(name, text, room=len(text))

    def read_json(self, name: str) -> Any:
        """What `write_json` wrote. Raises UserFacingError when it is damaged."""
        try:
            return json.loads((self.path / name).read_bytes())
        except (OSError, ValueError):
            raise self.folder.broken() from None

    def read(self, name: str, kind: npt.DTypeLike, *shape: int) -> npt.NDArray[Any]:
        """Map an array that grows into memory, privately. Raises UserFacingError when it is too short."""
        place, size = self.path / name, int(np.prod(shape, dtype=np.int64))
        try:
            if place.stat().st_size < size * np.dtype(kind).itemsize:
                raise self.folder.broken()
            if size == 0:
                return np.empty(shape, kind)
            return np.memmap(place, dtype=kind, mode="c", shape=shape).view(np.ndarray)
        except OSError:
            raise self.folder.broken() from None


def _row(array: npt.NDArray[Any]) -> int:
    """Bytes of one row."""
    return array.itemsize * int(np.prod(array.shape[1:], dtype=np.int64))


def _bytes(array: npt.NDArray[Any]) -> memoryview | bytes:
    return array.view(np.uint8).reshape(-1).data if array.size else b""


def _left_behind(path: Path) -> bool:
    """Whether a process that was killed while it made its first generation may have left this."""
    return path.name in (_LOCK, f".{NAMED}.unfinished") or bool(_PART.fullmatch(path.name))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""A run that was killed goes on where it stopped: each finished step is kept on disk until the run is done.

The folder holds values of people's records: it is made for its owner alone, and removed when the run ends well. A step
is written beside its place and then renamed, so that it is there whole or not at all. What is kept is used again only
for the same records, columns, options and version.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from infotrust import __version__
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.reading.sources import Source

Parts = Mapping[str, "npt.NDArray[Any] | pa.Array"]
_SAID = "run.json"


@dataclass(frozen=True)
class Work:
    """Where the steps of one run are kept."""

    folder: Path

    @staticmethod
    def begin(folder: Path, said: str) -> Work:
        """Open the folder for the run that `said` names; what another run left there is removed.

        Raises UserFacingError when the folder holds something else or cannot be written.
        """
        try:
            if folder.exists() and not (folder / _SAID).is_file() and (not folder.is_dir() or any(folder.iterdir())):
                raise UserFacingError(
                    f"{folder} is no folder of an unfinished run, and nothing of it was touched.",
                    next_step="Move it away or name another --out.",
                )
            if folder.exists() and _said(folder) != said:
                shutil.rmtree(folder)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / _SAID).write_text(json.dumps({"run": said}))
        except OSError as error:
            raise UserFacingError(
                f"{folder} cannot be written: {error.strerror or type(error).__name__}.",
                next_step="Name an --out in a folder with room where you may write.",
            ) from error
        return Work(folder)

    def has(self, step: str) -> bool:
        return self._place(step).is_dir()

    def keep(self, step: str, parts: Parts) -> None:
        """Write the parts of a step; they are seen all together or not at all."""
        beside = self._place(step).with_suffix(".part")
        shutil.rmtree(beside, ignore_errors=True)
        try:
            beside.mkdir(mode=0o700)
            for name, part in parts.items():
                _write(beside, name, part)
            os.replace(beside, self._place(step))
        except OSError as error:
            raise UserFacingError(
                f"The step {step!r} cannot be kept in {self.folder}: {error.strerror or type(error).__name__}.",
                next_step="Make room there, or link with --no-resume, which keeps nothing.",
            ) from error

    def kept(self, step: str) -> dict[str, Any]:
        """Read the parts of a step that is there: arrays of numpy or Arrow, as they were given."""
        return {path.stem: _read(path) for path in self._place(step).iterdir()}

    def done(self) -> None:
        """The run ended well: nothing is kept."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, step: str) -> Path:
        return self.folder / step.replace(" ", "-")


def fingerprint(sources: Sequence[Source], options: object) -> str:
    """What a run is: version, options, and every source with its columns and the content of its table."""
    digest = hashlib.sha256(f"{__version__} {options!r}".encode())
    for source in sources:
        digest.update(f"{source.name} {sorted(source.columns.items())!r} {source.record_id}".encode())
        sink = _Hashing(digest)
        with pa.ipc.new_stream(pa.PythonFile(sink, "w"), source.table.schema) as stream:
            stream.write_table(source.table, max_chunksize=65_536)
    return digest.hexdigest()


class _Hashing:
    """A file that only hashes what is written to it."""

    closed = False

    def __init__(self, digest: Any) -> None:
        self.digest = digest

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return len(data)

    def writable(self) -> bool:
        return True

    def flush(self) -> None: ...

    def close(self) -> None: ...


def _said(folder: Path) -> str | None:
    try:
        found = json.loads((folder / _SAID).read_text())
    except (OSError, ValueError):
        return None
    return found.get("run") if isinstance(found, dict) else None


def _write(folder: Path, name: str, part: npt.NDArray[Any] | pa.Array) -> None:
    if isinstance(part, np.ndarray):
        np.save(folder / f"{name}.npy", part)
        return
    batch = pa.record_batch([part], names=["values"])
    with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as file, pa.ipc.new_file(file, batch.schema) as out:
        out.write(batch)


def _read(path: Path) -> Any:
    if path.suffix == ".npy":
        return np.load(path)
    table = pa.ipc.open_file(pa.BufferReader(path.read_bytes())).read_all()
    values = table["values"].combine_chunks()
    return values.chunk(0) if isinstance(values, pa.ChunkedArray) else values

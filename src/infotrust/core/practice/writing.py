"""Writes the county to a folder: every agency's tables, public facts, the truth, the true answers, and a manifest.

`write_county` makes ward after ward (see `workers`) and appends their rows to each table's file. Where there are
several wards, the rows of all are then put in the order of their key (`ordering`), one table at a time. The folder
appears whole or not at all (`folder`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from infotrust import __version__
from infotrust.core.errors import UserFacingError
from infotrust.core.practice import columns, public_facts, truth
from infotrust.core.practice.agencies import systems
from infotrust.core.practice.county import County
from infotrust.core.practice.folder import keep, made_whole, require_free, require_room
from infotrust.core.practice.ordering import write_in_order
from infotrust.core.practice.tables import Layout
from infotrust.core.practice.workers import Part, Work, parts_of_wards

FORMATS = ("csv", "parquet")
SCRATCH = "scratch"
MANIFEST = "manifest.json"
ANSWERS = "truth/answers.json"
NOTE = "Marigold County is made up; nobody in these files exists."

# Bytes of CSV for each inhabitant and year, as measured at 25,000 people and ten years: a disk with less is clearly too
# small. Parquet takes about a third.
BYTES = {
    "vital-records": 11,
    "wic": 6,
    "schools": 76,
    "homeless-services": 16,
    "snap": 43,
    "medicaid": 112,
    "child-welfare": 7,
    "police": 39,
    "crisis-center": 5,
}
FEWEST_BYTES, TRUTH_BYTES = 2, 41
PARQUET_SHARE = 0.3
BUFFER = 1 << 20

Progress = Callable[[int, int], None]


def write_county(
    county: County,
    folder: Path,
    *,
    form: str = "csv",
    agencies: Collection[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write the county and return its manifest. `agencies` are codes, all where none is named.

    Raises `UserFacingError`, and leaves nothing that looks whole, where the folder holds files or cannot be written.
    """
    if form not in FORMATS:
        raise UserFacingError(f"There is no format {form!r}.", next_step=f"Choose {' or '.join(FORMATS)}.")
    chosen = systems(agencies)
    require_free(folder)
    require_room(folder, size_of(county, form, chosen))
    with made_whole(folder) as fresh:
        return _write(county, fresh, form, tuple(chosen), workers or default_workers(), progress or _silent)


def size_of(county: County, form: str, agencies: Collection[str]) -> int:
    """About how many bytes the county will take; while it is made, its largest table and its questions take more."""
    each = TRUTH_BYTES + sum(BYTES.get(code, FEWEST_BYTES) for code in agencies)
    return int(county.people * county.span.years * each * (PARQUET_SHARE if form == "parquet" else 1))


def _silent(done: int, of: int) -> None:
    del done, of


def default_workers() -> int:
    return min(2, len(os.sched_getaffinity(0)))


def _write(
    county: County, fresh: Path, form: str, agencies: tuple[str, ...], workers: int, progress: Progress
) -> dict[str, Any]:
    from infotrust.core.practice import questions

    scratch = fresh / SCRATCH
    scratch.mkdir()
    book = Book(fresh, form, scratch, in_order=county.wards == 1)
    _public_facts(county, book, scratch)
    work = Work(county, agencies, form, scratch)
    for done, parts in enumerate(parts_of_wards(work, workers), start=1):
        for part in parts:
            book.add(part)
        progress(done, county.wards)
    files = book.close([layout for system in systems(agencies).values() for layout in system.LAYOUTS])
    manifest = _manifest(county, form, agencies, files)
    write_json(fresh / MANIFEST, manifest)
    write_json(fresh / ANSWERS, questions.answer(fresh, scratch))
    manifest["files"][ANSWERS] = {"sha256": _sha256(fresh / ANSWERS)}
    write_json(fresh / MANIFEST, manifest)
    shutil.rmtree(scratch)
    return manifest


def _public_facts(county: County, book: Book, scratch: Path) -> None:
    for table in public_facts.tables(county.place, county.span):
        arrow = columns.to_arrow(table)
        file = scratch / table.layout.name
        columns.write_part(arrow.take(columns.by_key(arrow, table.layout.key)), file, book.form)
        book.add(Part(table.layout.path, table.layout.key, file, arrow.num_rows, columns.kinds_of(arrow.schema)))


def _manifest(county: County, form: str, agencies: tuple[str, ...], files: dict[str, Any]) -> dict[str, Any]:
    return {
        "county": NOTE,
        "people": county.people,
        "seed": county.seed,
        "first_year": county.span.first_year,
        "years": county.span.years,
        "format": form,
        "agencies": list(agencies),
        "parameters": county.parameters.fingerprint(),
        "versions": {"infotrust": __version__, "numpy": np.__version__, "pyarrow": pa.__version__},
        "files": files,
    }


def write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    keep(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- joining the wards' parts ---


@dataclass
class Book:
    """The files being written, by the path of their table. `in_order`: whether the parts come in the key's order."""

    folder: Path
    form: str
    scratch: Path
    in_order: bool
    files: dict[str, Joined] = field(default_factory=dict)

    def add(self, part: Part) -> None:
        """Append a ward's part to its table's file, and remove it."""
        joined = self._joined(part.path, part.key, part.kinds)
        if joined.kinds != part.kinds:
            raise ValueError(f"{part.path}: columns are {joined.kinds} in one ward and {part.kinds} in another")
        joined.append(part)
        part.file.unlink()

    def close(self, layouts: Collection[Layout]) -> dict[str, Any]:
        """End all files, and write those that no ward had rows for. Returns the manifest's entry of each."""
        for layout in layouts:
            self._joined(layout.path, layout.key, columns.empty_kinds(layout))
            if layout.identity:
                about = truth.records_layout(layout)
                kinds = dict(zip(about.about, ("text", "whole", "text"), strict=True))
                self._joined(about.path, about.key, kinds)
        return {f"{path}.{self.form}": self._finished(path) for path in sorted(self.files)}

    def _joined(self, path: str, key: str, kinds: dict[str, str]) -> Joined:
        if path not in self.files:
            file = (self.folder if self.in_order else self.scratch / "joined") / f"{path}.{self.form}"
            file.parent.mkdir(parents=True, exist_ok=True)
            self.files[path] = (JoinedCsv if self.form == "csv" else JoinedParquet)(file, key, kinds)
        return self.files[path]

    def _finished(self, path: str) -> dict[str, Any]:
        """The manifest's entry of a file, now whole and in the order of its key."""
        joined, file = self.files[path], self.folder / f"{path}.{self.form}"
        joined.close()
        if joined.path != file:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_in_order(
                joined.path, file, form=self.form, key=joined.key, kinds=joined.kinds, scratch=self.scratch
            )  # fmt: skip
            joined.path.unlink()
        keep(file)
        entry = {"rows": joined.rows, "bytes": file.stat().st_size, "sha256": _sha256(file)}
        return {**entry, "columns": joined.kinds}


class Joined:
    """One table's file, made of parts."""

    def __init__(self, path: Path, key: str, kinds: dict[str, str]) -> None:
        self.path, self.key, self.kinds, self.rows = path, key, kinds, 0

    def append(self, part: Part) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class JoinedCsv(Joined):
    def __init__(self, path: Path, key: str, kinds: dict[str, str]) -> None:
        super().__init__(path, key, kinds)
        self._out: BinaryIO = path.open("wb", buffering=0)
        self._write(columns.csv_header(kinds))

    def append(self, part: Part) -> None:
        with part.file.open("rb", buffering=0) as rows:
            while chunk := rows.read(BUFFER):
                self._write(chunk)
        self.rows += part.rows

    def _write(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:  # a disk that fills takes a part first, and refuses then
            view = view[self._out.write(view) :]

    def close(self) -> None:
        self._out.close()


class JoinedParquet(Joined):
    """Parquet with a row group for each ward's part."""

    def __init__(self, path: Path, key: str, kinds: dict[str, str]) -> None:
        super().__init__(path, key, kinds)
        self._out: BinaryIO = path.open("wb")
        self._writer = pq.ParquetWriter(self._out, columns.schema_of(kinds), compression="zstd", compression_level=1)

    def append(self, part: Part) -> None:
        if part.rows:
            with pa.memory_map(str(part.file)) as rows:
                self._writer.write_table(pa.ipc.open_file(rows).read_all(), row_group_size=part.rows)
        self.rows += part.rows

    def close(self) -> None:
        self._writer.close()
        self._out.close()


class ProgressLine:
    """Tells on a terminal how many wards are done, and about how long the rest will take."""

    def __init__(self, out: Any) -> None:
        self.out, self.began = out, time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        left = (time.monotonic() - self.began) / done * (of - done)
        text = (
            f"{done} of {of} wards made, about {left / 60:.0f} min left" if left >= 90 else f"{done} of {of} wards made"
        )
        print(f"\r{text:<60}", end="" if done < of else "\n", file=self.out, flush=True)

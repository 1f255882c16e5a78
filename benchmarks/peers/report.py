"""What a peer's script gets and gives: the records in, persons and phases out. Imported in the peers' own environments.

FOLDER/standardized.parquet   record (0, 1, 2, ...), file, and the fields as text
OUT/persons.parquet           record, person: at the cut that the tool's documentation uses
OUT/others.parquet            record, and a column of persons for each other cut; made after the clock has stopped
OUT/phases.json               seconds of each phase, seconds and CPU seconds in all, versions, what was set
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


class Watch:
    """Seconds of each phase; the clock began when the process was started (BENCH_BEGUN)."""

    def __init__(self) -> None:
        self.begun = float(os.environ.get("BENCH_BEGUN", time.time()))
        self.phases = {"start": time.time() - self.begun}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        begun = time.time()
        yield
        self.phases[name] = self.phases.get(name, 0.0) + time.time() - begun

    def stop(
        self, out: Path, found: Any, *, settings: str, packages: Sequence[str], main_cut: float | None = None
    ) -> None:
        """Write the persons (a label for each record, in order), then how long it took."""
        with self.phase("write"):
            pq.write_table(pa.table({"record": range(len(found)), "person": texts(found)}), out / "persons.parquet")
        used = os.times()
        report = {
            "seconds": round(time.time() - self.begun, 2),
            "cpu_seconds": round(used.user + used.system + used.children_user + used.children_system, 2),
            "phases": {name: round(seconds, 2) for name, seconds in self.phases.items()},
            "settings": settings,
            "cut": main_cut,
            "versions": {"python": platform.python_version(), **{name: version(name) for name in packages}},
        }
        unfinished = out / "phases.unfinished"
        unfinished.write_text(json.dumps(report, indent=2))
        unfinished.rename(out / "phases.json")


def other_cuts(out: Path, found: Mapping[str, Any]) -> None:
    """Persons at cuts that were tried to see which would have been best; a label for each record."""
    if found:
        columns = {cut: texts(labels) for cut, labels in found.items()}
        count = len(next(iter(columns.values())))
        pq.write_table(pa.table({"record": range(count), **columns}), out / "others.parquet")


def texts(labels: Any) -> pa.Array:
    if isinstance(labels, pa.Array | pa.ChunkedArray):
        return labels.cast(pa.string())
    return pa.array([str(label) for label in labels], pa.string())


def records(folder: Path, *columns: str) -> pa.Table:
    return pq.read_table(folder / "standardized.parquet", columns=list(columns) or None)

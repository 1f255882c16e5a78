"""Relations as a table: one row for each member of a household and for each parent, with time and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from infotrust.core.matching.pipeline import Linkage
from infotrust.core.matching.reading.recognize import Recognition
from infotrust.core.matching.reading.shared import Shared
from infotrust.core.matching.reading.sources import Source
from infotrust.core.matching.relations.households import Member, households
from infotrust.core.matching.relations.parents import Parent, parents
from infotrust.core.matching.relations.people import Days, people_of

SCHEMA = pa.schema(
    [
        ("relation", pa.string()), ("person", pa.int64()), ("other", pa.int64()), ("household", pa.int64()),
        ("begin", pa.date32()), ("end", pa.date32()), ("records", pa.int64()), ("ties", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Relations:
    """Of the persons of one linkage (numbered from 0)."""

    members: tuple[Member, ...]
    parents: tuple[Parent, ...]

    def to_arrow(self) -> pa.Table:
        """relation ("household", "mother", "father", "guardian"), person, other (the child; empty for a household),
        household (empty for a parent), begin, end, records that tell it, and the ties behind it. Persons from 1.

        A household's begin and end are the first and last day it was seen; a parent's begin is the child's birth.
        """
        rows: list[tuple[Any, ...]] = [
            (
                "household",
                one.person + 1,
                None,
                one.household,
                day_of(one.begin),
                day_of(one.end),
                one.records,
                one.ties,
            )
            for one in self.members
        ]
        rows += [
            (one.role, one.person + 1, one.child + 1, None, day_of(one.begin), None, one.records, one.ties)
            for one in self.parents
        ]
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(SCHEMA)
        ties = [", ".join(one) for one in columns[-1]]
        arrays = [pa.array(column, kind) for column, kind in zip([*columns[:-1], ties], SCHEMA.types, strict=True)]
        return pa.Table.from_arrays(arrays, schema=SCHEMA)

    @property
    def counts(self) -> dict[str, int]:
        """How many households there are, their members, and parents of each role."""
        roles = [one.role for one in self.parents]
        return {
            "households": len({one.household for one in self.members}),
            "members": len(self.members),
            **{role: roles.count(role) for role in ("mother", "father", "guardian")},
        }


def relations_of(
    linkage: Linkage, sources: Sequence[Source], recognized: Mapping[str, Mapping[str, Recognition]],
    days: Days | None = None,
) -> Relations:  # fmt: skip
    """Find households and parents among the persons of a linkage of these sources. days: see `people_of`."""
    shared = linkage.evidence.records.shared if linkage.evidence else Shared()
    people = people_of(linkage.person, sources, shared, recognized, days)
    return Relations(tuple(households(people)), tuple(parents(people)))


def day_of(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None

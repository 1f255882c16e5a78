"""Relations that a register keeps: each with the time it held, the records that tell it, and when it was told.

Two times stand in a row. `begin` and `end` say when the relation held, as far as records tell; `told_from` and
`told_until` say in which generation (or run) of the register it was found, and since which it is told otherwise. A row
is never changed, only closed and replaced: when persons merge or split, what was told of them before stays under the
identifiers of then, which the register resolves. A household keeps its identifier as a person does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.matching.persons.identify import keep_identifiers_of
from infotrust.core.matching.relations.table import Relations, day_of

HOUSEHOLD = "household"
SCHEMA = pa.schema(
    [
        ("relation", pa.string()), ("person", pa.string()), ("other", pa.string()), ("household", pa.string()),
        ("begin", pa.date32()), ("end", pa.date32()), ("records", pa.int64()), ("ties", pa.string()),
        ("evidence", pa.string()), ("told_from", pa.int64()), ("told_until", pa.int64()),
    ]
)  # fmt: skip
TELLS = SCHEMA.names[:-2]  # what a row says; the rest is when it was told
BETWEEN = " "  # between the records of `evidence`

Row = dict[str, Any]


def none_yet() -> pa.Table:
    return SCHEMA.empty_table()


def carried_over(
    before: pa.Table, found: Relations, *, person: Sequence[str], record: Sequence[str], at: int
) -> pa.Table:
    """The relations as of generation `at`: what is told again stays, what is told no more is closed, what is new begins
    to be told.

    person: the identifier of each person of the linkage, by its number; record: the name of each record, by its row;
    no name has a space in it. Rows: relation (household, mother, father, guardian), person, other (the child; empty for
    a household), household (its identifier; empty for a parent), begin, end, records, ties, evidence (names of the
    records that tell it), told_from, told_until (empty: it stands).
    """
    rows = before.to_pylist()
    standing = {_said(row): row for row in rows if row["told_until"] is None}
    now = {_said(row): row for row in _rows(found, person, record, _homes(standing.values()), at)}
    for said, row in standing.items():
        if said not in now:
            row["told_until"] = at
    rows += [row for said, row in now.items() if said not in standing]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _said(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in TELLS)


def _homes(standing: Iterable[Row]) -> dict[str, str]:
    """The household that each record tells of. A record has one address, and so tells of one."""
    homes = [row for row in standing if row["relation"] == HOUSEHOLD]
    return {record: row["household"] for row in homes for record in row["evidence"].split(BETWEEN)}


def _rows(found: Relations, person: Sequence[str], record: Sequence[str], before: dict[str, str], at: int) -> list[Row]:
    rows, homes = [], _named(found, record, before)
    for member in found.members:
        rows.append(
            _row(
                HOUSEHOLD, person[member.person], "", homes[member.household], member.begin, member.end, member, record
            )
        )
    for parent in found.parents:
        rows.append(_row(parent.role, person[parent.person], person[parent.child], "", parent.begin, 0, parent, record))
    return [row | {"told_from": at, "told_until": None} for row in rows]


def _row(relation: str, person: str, other: str, household: str, begin: int, end: int, told: Any, record: Any) -> Row:
    said = (relation, person, other, household, day_of(begin), day_of(end), told.records, ", ".join(told.ties))
    return dict(zip(TELLS, (*said, BETWEEN.join(sorted(record[row] for row in told.rows))), strict=True))


def _named(found: Relations, record: Sequence[str], before: dict[str, str]) -> dict[int, str]:
    """The identifier of each household: that of the household that most of its records told of before."""
    of = {record[row]: member.household for member in found.members for row in member.rows}
    kept = keep_identifiers_of(
        pa.array(list(of), pa.string()), np.array(list(of.values()), np.int64), pa.array(list(before), pa.string()),
        pa.array(list(before.values()), pa.string()),
    )  # fmt: skip
    return dict(zip(of.values(), kept.person_id.to_pylist(), strict=True))


def without(kept: pa.Table, *, sources: Collection[str], persons: Collection[str]) -> pa.Table:
    """Without what records of these sources tell (records are named source/id), and what is told of these persons."""
    beginnings = tuple(f"{source}/" for source in sources)
    gone = set(persons)
    return pa.Table.from_pylist(
        [
            row
            for row in kept.to_pylist()
            if not ({row["person"], row["other"]} & gone)
            and not any(one.startswith(beginnings) for one in row["evidence"].split(BETWEEN))
        ],
        schema=SCHEMA,
    )


def homes_of(kept: pa.Table, persons: Collection[str]) -> list[str]:
    """The households in which one of these persons is, or was."""
    mine = kept.filter(pc.is_in(kept["person"], pa.array(sorted(persons), pa.string())))
    return sorted(filter(None, pc.unique(mine["household"]).to_pylist()))

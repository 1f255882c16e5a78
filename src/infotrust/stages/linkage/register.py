"""The register of persons: which record belongs to whom, and what became of every identifier there ever was.

Two sealed tables in a room of their own. `persons`: record_id, dataset, person_id, weight. `history`: run, change,
person_id, other (the identifier its records are under now), cause. Neither holds a name or any content.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from infotrust.shared.accounts.models import User
from infotrust.shared.storage import services as storage
from infotrust.shared.storage.services import Sealed
from infotrust.shared.storage.terms import Room

ROOM = Room.REGISTER.value
PERSONS, HISTORY = "persons", "history"
PERSON_SCHEMA = pa.schema(
    [("record_id", pa.string()), ("dataset", pa.string()), ("person_id", pa.string()), ("weight", pa.float64())]
)
HISTORY_SCHEMA = pa.schema(
    [
        ("run", pa.int64()),
        ("change", pa.string()),
        ("person_id", pa.string()),
        ("other", pa.string()),
        ("cause", pa.string()),
    ]
)
# One line of history for each identifier that an event touches; `other` is empty where there is none.
HistoryLine = tuple[int, str, str, str, str]


def persons() -> pa.Table:
    """Return the register as it stands now."""
    found = storage.read(ROOM, PERSONS, PERSON_SCHEMA.names)
    return found.cast(PERSON_SCHEMA)


def records_of(person_id: str) -> pa.Table:
    """Return the records of one person as the register stands now; the others are not read."""
    return storage.read_rows(ROOM, PERSONS, PERSON_SCHEMA.names, key="person_id", wanted=[person_id])


def generation() -> int:
    return storage.generation_number(ROOM, PERSONS)


def paths_and_keys() -> list[tuple[Path, bytes]]:
    return storage.paths_and_keys(ROOM, PERSONS)


def lock() -> None:
    """Wait for whoever is changing the register, until the caller's transaction ends."""
    storage.lock_table(ROOM, PERSONS)


def seal_persons(table: pa.Table) -> Sealed:
    """Seal a whole new register; sorted by record, so that its order says nothing about where a record came from."""
    return storage.seal_table(ROOM, PERSONS, table.select(PERSON_SCHEMA.names).cast(PERSON_SCHEMA).sort_by("record_id"))


def seal_history(lines: Iterable[HistoryLine]) -> Sealed | None:
    """Seal what happened to identifiers in one run; None if nothing did."""
    columns = list(zip(*lines, strict=True))
    if not columns:
        return None
    table = pa.table(dict(zip(HISTORY_SCHEMA.names, map(list, columns), strict=True)), schema=HISTORY_SCHEMA)
    return storage.seal_table(ROOM, HISTORY, table)


def switch(register: Sealed, history: Sealed | None) -> int:
    """Make `register` what readers see, add to the history; return the register's new generation number."""
    if history is not None:
        storage.lock_table(ROOM, HISTORY)
        so_far = storage.current_parts(ROOM, HISTORY)
        storage.switch(ROOM, HISTORY, [*so_far, storage.keep(history)])
    return storage.switch(ROOM, PERSONS, [storage.keep(register)]).number


def shred_superseded(*, reason: str, by: User | None, at: datetime, spare: Sequence[str] = ()) -> None:
    """Destroy the keys of earlier registers, but for the parts in `spare`."""
    going = [part for part in storage.superseded_parts(ROOM, PERSONS) if part.pk not in spare]
    if going:
        storage.shred(going, reason=reason, by=by, at=at)


def current_part_ids() -> list[str]:
    return [part.pk for part in storage.current_parts(ROOM, PERSONS)]


def resolve(person_id: str, *, since_run: int = 0) -> tuple[str, ...]:
    """Return the identifiers that the records of `person_id` are under now: itself, others, or none.

    since_run: the run after which the identifier was noted down; merges and splits up to it are not followed.
    """
    seen = _reached(person_id, _followers(since_run))
    held = storage.read(ROOM, PERSONS, ["person_id"])["person_id"]
    current = set(pc.unique(held.filter(pc.is_in(held, pa.array(sorted(seen), pa.string())))).to_pylist())
    return tuple(sorted(seen & current))


def leading_to(person_id: str) -> tuple[str, ...]:
    """Return the identifiers whose records, or some of them, are under `person_id` now: itself, and earlier ones."""
    before: dict[str, list[str]] = defaultdict(list)
    for one, others in _followers(0).items():
        for other in others:
            before[other].append(one)
    return tuple(sorted(_reached(person_id, before)))


def _reached(start: str, following: Mapping[str, Sequence[str]]) -> set[str]:
    """`start` and every identifier that one comes to from it, step by step."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        now = waiting.pop()
        if now not in seen:
            seen.add(now)
            waiting += following[now]
    return seen


def _followers(since_run: int) -> dict[str, list[str]]:
    followers: dict[str, list[str]] = defaultdict(list)
    lines = storage.read(ROOM, HISTORY, HISTORY_SCHEMA.names).cast(HISTORY_SCHEMA)
    for line in lines.filter(pc.not_equal(lines["other"], "")).to_pylist():
        if line["run"] > since_run:
            followers[line["person_id"]].append(line["other"])
    return followers

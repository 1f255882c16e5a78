"""Records that arrive at a register: standardized, each with a key by which the register knows it again.

The key is the source's name and the record's own id. A source without ids is known by what its records say: the same
row again is the same record, a changed one is another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.compiled import BoolArray, HashArray, IntArray, LongArray
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.sources import (
    Coded,
    Source,
    distinct_texts,
    fingerprints,
    mix,
    stack_fields,
    text_of,
)
from infotrust.core.matching.reading.texts import Texts, hash_of

# Every standard field there is: a register keeps them all, so that a later fit may use what this one did not.
ALL_FIELDS = tuple(
    sorted({field for field, _ in standardize.SINGLE.values()}
           | {field for fields, _ in standardize.SEVERAL.values() for field in fields} | {"birth_date"})
)  # fmt: skip


@dataclass(frozen=True)
class Arriving:
    """Records in the order of their sources and rows. source: int32, number of the source in `sources`; ids: texts, one
    each; key: uint64. day_first: what was decided about the dates of each source."""

    sources: tuple[str, ...]
    fields: dict[str, Coded]
    source: IntArray
    ids: pa.Array
    key: HashArray
    day_first: dict[str, bool]
    unique: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.source)


def arriving(sources: Sequence[Source], known: Sequence[str], day_first: Mapping[str, bool]) -> Arriving:
    """Standardize what arrives. known: names of the register's sources; day_first: what it knows about their dates.

    Raises UserFacingError when a column is missing, or a record has no id or that of another one.
    """
    names = tuple(dict.fromkeys([*known, *(source.name for source in sources)]))
    decided = dict(day_first)
    sources = [_with_order_of_dates(source, decided) for source in sources]
    lengths = [source.table.num_rows for source in sources]
    fields = every_field(standardized(sources), sum(lengths))
    number = np.repeat(np.array([names.index(source.name) for source in sources], np.int32), lengths)
    ids = _ids(sources, fields, number, names)
    key = keys_of(names, number, ids)
    _refuse_doubled(sources, key, lengths)
    unique = tuple(dict.fromkeys(source.name for source in sources if source.unique))
    return Arriving(names, fields, number, ids, key, decided, unique)


def standardized(sources: Sequence[Source]) -> dict[str, Coded]:
    """As `stack_fields`, all sources whose values are read alike at once: many small columns take much longer."""
    alike: dict[tuple[bool, bool | None], list[int]] = {}
    for place, source in enumerate(sources):
        alike.setdefault((SemanticType.FULL_NAME in source.columns, source.day_first), []).append(place)
    groups = [[sources[place] for place in places] for places in alike.values()]
    fields = stack_fields([_as_one(group) for group in groups])
    begin = np.append(0, np.cumsum([source.table.num_rows for source in sources]))
    rows = [np.arange(begin[place], begin[place + 1]) for places in alike.values() for place in places]
    order = np.argsort(np.concatenate([np.empty(0, np.int64), *rows]), kind="stable")
    return {field: Coded(coded.codes[order], coded.values) for field, coded in fields.items()}


def _as_one(sources: Sequence[Source]) -> Source:
    """Sources below each other, a column for each element that one of them has."""
    if len(sources) == 1:
        return sources[0]
    kinds = sorted({kind for source in sources for kind in source.columns})
    columns = {
        kind.value: pa.chunked_array([chunk for source in sources for chunk in _chunks(source, kind)], pa.string())
        for kind in kinds
    }
    return replace(sources[0], table=pa.table(columns), columns={kind: kind.value for kind in kinds})


def _chunks(source: Source, kind: SemanticType) -> list[pa.Array]:
    """What the source says of an element, row by row."""
    if kind not in source.columns:
        return [pa.nulls(source.table.num_rows, pa.string())]
    text = text_of(source, source.columns[kind])
    return text.chunks if isinstance(text, pa.ChunkedArray) else [text]


def every_field(fields: Mapping[str, Coded], n: int) -> dict[str, Coded]:
    """All standard fields; empty where the sources have nothing of the kind."""
    return {field: fields.get(field) or empty_field(n) for field in ALL_FIELDS}


def empty_field(n: int) -> Coded:
    return Coded(np.full(n, -1, np.int32), pa.array([], pa.string()))


def keys_of(names: Sequence[str], source: IntArray, ids: pa.Array) -> HashArray:
    """What names each record for ever, as one number: uint64 [n]."""
    hashes = np.array([hash_of(f"source {name}") for name in names], np.uint64)
    return mix(hashes[source], Texts.of(ids).hashes, 1)


def _with_order_of_dates(source: Source, decided: dict[str, bool]) -> Source:
    """Whether days come first is decided by the first records of a source, and holds for all that follow."""
    if source.day_first is None and SemanticType.BIRTH_DATE in source.columns:
        if source.name not in decided:
            _, texts = distinct_texts(source, SemanticType.BIRTH_DATE)
            decided[source.name] = standardize.days_come_first(texts.to_pylist())
        return replace(source, day_first=decided[source.name])
    return source


def _ids(sources: Sequence[Source], fields: Mapping[str, Coded], number: IntArray, names: Sequence[str]) -> pa.Array:
    parts, at = [], 0
    by_content = None
    for source in sources:
        rows = source.table.num_rows
        if source.record_id is None:
            by_content = fingerprints(fields, number, names) if by_content is None else by_content
            parts.append(_ids_by_content(by_content[at : at + rows]))
        else:
            parts.append(_own_ids(source, source.record_id))
        at += rows
    return pa.concat_arrays([pa.array([], pa.large_string()), *(part.cast(pa.large_string()) for part in parts)])


def _own_ids(source: Source, column: str) -> pa.Array:
    if column not in source.table.column_names:
        raise UserFacingError(
            f"{source.name} has no column {column!r} for the record ids.",
            next_step=f"Its columns are: {', '.join(source.table.column_names)}.",
        )
    ids = pc.utf8_trim_whitespace(source.table[column].cast(pa.string())).combine_chunks()
    ids = ids.chunk(0) if isinstance(ids, pa.ChunkedArray) and ids.num_chunks else ids
    missing = pc.fill_null(pc.equal(ids, ""), True)
    if pc.any(missing).as_py():
        raise UserFacingError(
            f"{source.name}, row {missing.to_pylist().index(True) + 1}: there is no record id.",
            next_step="Give each record one id of its own; an id names one record for ever.",
        )
    return ids


def _ids_by_content(fingerprint: HashArray) -> pa.Array:
    """What a record says, and the how-manieth of the kind it is in its delivery."""
    order = np.argsort(fingerprint, kind="stable")
    fresh = np.append(True, fingerprint[order[1:]] != fingerprint[order[:-1]]) if len(order) else np.empty(0, bool)
    begin = np.flatnonzero(fresh)
    count = np.empty(len(order), np.int64)
    count[order] = np.arange(len(order)) - np.repeat(begin, np.diff(np.append(begin, len(order))))
    return pa.array([f"={said:016x}.{n}" for said, n in zip(fingerprint.tolist(), count.tolist(), strict=True)])


def _refuse_doubled(sources: Sequence[Source], key: HashArray, lengths: Sequence[int]) -> None:
    doubled = second_of_each(key)
    if not doubled.any():
        return
    at = int(np.flatnonzero(doubled)[0])
    start = np.append(0, np.cumsum(lengths))
    source = int(np.searchsorted(start, at, side="right") - 1)
    raise UserFacingError(
        f"{sources[source].name}, row {at - start[source] + 1}: its record id occurs in a row before "
        f"({int(doubled.sum()):,} such rows).",
        next_step="Give each record one id of its own; an id names one record for ever.",
    )


def second_of_each(key: HashArray) -> BoolArray:
    """Which entries repeat one before: bool [n]."""
    order = np.argsort(key, kind="stable")
    again: BoolArray = np.zeros(len(key), bool)
    again[order[1:]] = key[order[1:]] == key[order[:-1]]
    return again


def place_of(sorted_keys: HashArray, places: IntArray, wanted: HashArray) -> LongArray:
    """The place of each wanted key, -1 where it is not known: int64 [wanted]."""
    if len(sorted_keys) == 0:
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == wanted, places[at].astype(np.int64), -1)

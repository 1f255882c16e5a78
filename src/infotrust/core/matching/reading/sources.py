"""The files to link become one set of records: columns of integer codes over standard values, in canonical order.

Canonical means: by what the records say, not by how they were delivered. Neither the order of the rows nor that of the
files changes anything that follows, and nothing has to be seeded by position. No value leaves this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.compiled import BoolArray, HashArray, IntArray, LongArray
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.coded import Coded, Whole, mix
from infotrust.core.matching.reading.columns import noted_columns
from infotrust.core.matching.reading.dates import DEFAULT
from infotrust.core.matching.reading.habits import default_dates, keeps_made_up, made_up, people_by_date
from infotrust.core.matching.reading.noted import Noted, count
from infotrust.core.matching.reading.shared import STEP, Shared, find_shared, set_aside
from infotrust.core.matching.reading.standardize import Habits
from infotrust.core.matching.reading.texts import Texts

__all__ = [
    "ADDRESS_PARTS", "Coded", "Columns", "Records", "Source", "Spread", "Standard", "Whole", "coded_of",
    "distinct_texts", "fingerprints", "in_canonical_order", "mix", "noted_fields", "read_records", "stack_fields",
    "standard_fields", "tells_apart", "text_of",
]  # fmt: skip

# Several columns of one address, in this order; an empty name stands for one that is not there.
ADDRESS_PARTS = ("house number", "street", "unit", "PO box")
_BEFORE_PART = ("", "", "unit ", "po box ")

# Of records of one source that say the same in everything, so many are compared; see `persons.copies`.
MOST_ALIKE = 20

# A field in which more than this share of the records have one value tells nobody apart.
_SAYS_SOMETHING = 0.95
SAYS_NOTHING = "not compared: (nearly) every record says the same"

Columns = Mapping[SemanticType, "str | tuple[str, ...]"]


@dataclass(frozen=True)
class Source:
    """One file: its name, its rows, and which column holds which element.

    `columns` maps a semantic type to a column, or an address to several (see ADDRESS_PARTS). `record_id` is the column
    of ids that the caller wants to find again in the result. day_first: whether birth dates begin with the day; None:
    it is seen in them. unique: the file holds each person once, so that no two of its records are one person's.
    habits: what an earlier run decided for the whole file; None: it is seen in the file.
    """

    name: str
    table: pa.Table
    columns: Columns
    record_id: str | None = None
    day_first: bool | None = None
    unique: bool = False
    habits: Habits | None = None

    def only(self, *columns: str) -> Source:
        """The same with these columns of its table and the ids that are to be found again; it has as many rows."""
        kept = dict.fromkeys((*columns, *([self.record_id] if self.record_id else [])))
        return replace(self, table=self.table.select([one for one in kept if one in self.table.column_names]))


@dataclass(frozen=True)
class Records:
    """All records in canonical order. source, row: int32/int64 [n], where each came from; fields: name -> Coded.

    spare: bool [n] or empty, those that say the same as MOST_ALIKE records of their source right before them.
    noted: what standardizing did; habits, shared: what was decided for each source and for all, to go by in a later
    run.
    """

    source: IntArray
    row: LongArray
    source_names: tuple[str, ...]
    fields: dict[str, Coded]
    noted: tuple[Noted, ...] = ()
    habits: tuple[Habits, ...] = ()
    shared: Shared = field(default_factory=Shared)
    spare: BoolArray = field(default_factory=lambda: np.empty(0, bool))

    def __len__(self) -> int:
        return len(self.source)

    @property
    def compared(self) -> int:
        """How many records take part."""
        return len(self) - int(self.spare.sum())


def read_records(
    sources: Sequence[Source], *, shared: Shared | None = None, done: Callable[[int], None] | None = None
) -> Records:
    """Standardize and stack the sources. shared: what an earlier run found many unrelated people to share; None: it is
    found here. done: told the number of each source that is not looked at any more. Raises UserFacingError when a
    column is missing or nothing can be compared."""
    if not sources:
        raise UserFacingError("There is no file to link.", next_step="Name at least one.")
    lengths = [source.table.num_rows for source in sources]
    source_of = np.repeat(np.arange(len(sources), dtype=np.int32), lengths)
    row_of = np.concatenate([np.arange(length, dtype=np.int64) for length in lengths])
    names = [source.name for source in sources]
    standard = []
    for number in range(len(names)):
        standard.append(noted_fields(sources[number]))
        if done:
            done(number)
    fields = _stacked([one.fields for one in standard], lengths)
    shared = find_shared(fields) if shared is None else shared
    fields, where = set_aside(fields, shared)
    noted = [one for of_source in standard for one in of_source.noted]
    for kind, there in where.items():
        by_source = np.bincount(source_of[there], minlength=len(names)).tolist()
        noted += [Noted(name, kind, STEP, many) for name, many in zip(names, by_source, strict=True) if many]
    records = in_canonical_order(fields, source_of, row_of, names)
    silent = sorted((field, coded.filled) for field, coded in fields.items() if field not in records.fields)
    noted += [Noted("", field, SAYS_NOTHING, filled) for field, filled in silent if filled]
    return replace(
        records, noted=tuple(noted), habits=tuple(one.habits for one in standard), shared=shared,
    )  # fmt: skip


def stack_fields(sources: Sequence[Source]) -> dict[str, Coded]:
    """Every field that any of the sources has, standardized, in the order of the sources and their rows; without what
    is decided for a whole file or all records (see `read_records`): parts of files give what the whole gives."""
    return _stacked([standard_fields(source) for source in sources], [source.table.num_rows for source in sources])


def _stacked(standard: Sequence[Mapping[str, Spread]], lengths: Sequence[int]) -> dict[str, Coded]:
    return {
        field: _stack([columns.get(field) for columns in standard], lengths)
        for field in sorted({field for columns in standard for field in columns})
    }


def in_canonical_order(
    fields: Mapping[str, Coded], source_of: IntArray, row_of: LongArray, names: Sequence[str]
) -> Records:
    """The records in canonical order, with the fields that tell people apart. Raises UserFacingError if none does."""
    telling = {
        field: coded
        for field, coded in sorted(fields.items())
        if len(coded.values) and tells_apart(coded.filled, int(coded.counts.max()))
    }
    if len(source_of) > 1 and not telling:
        constant = any(coded.filled > 1 for coded in fields.values())
        raise UserFacingError(
            "No column tells people apart: (nearly) every record says the same in every column that was recognized."
            if constant
            else "No column tells people apart: there is no name, birth date, number or address with values in it.",
            next_step="Say what the columns mean, e.g. --map given_name=FNAME --map birth_date=DOB.",
        )
    fingerprint = fingerprints(telling, source_of, names)
    order = np.argsort(fingerprint, kind="stable").astype(np.int64)
    spare = spares(fingerprint[order])
    ordered = {field: coded.in_order(order, spare) for field, coded in telling.items()}
    return Records(source_of[order], row_of[order], tuple(names), ordered, spare=spare)


def spares(fingerprint: HashArray) -> BoolArray:
    """Of records in the order of their fingerprints, those behind the first MOST_ALIKE of one: bool [n], empty where
    there are none."""
    behind = fingerprint[MOST_ALIKE:] == fingerprint[:-MOST_ALIKE]
    return np.append(np.zeros(MOST_ALIKE, bool), behind) if behind.any() else np.empty(0, bool)


def tells_apart(filled: int, most: int) -> bool:
    """Whether a field says something: `filled` records have it, `most` of them the same value."""
    return filled > 1 and most <= _SAYS_SOMETHING * filled + 1


Spread = tuple[IntArray, pa.Array]  # for each row a place in the array (-1: empty cell); standard forms, null: nothing


@dataclass(frozen=True)
class Standard:
    """A source in standard form: field -> see Spread; what was done; and what was decided for the whole file."""

    fields: dict[str, Spread]
    noted: tuple[Noted, ...]
    habits: Habits


def standard_fields(source: Source) -> dict[str, Spread]:
    """The fields that a source's columns become, value by value: for a part of a file, whose habits were decided
    before (else it has none)."""
    return _by_value(source, source.habits).fields


def noted_fields(source: Source) -> Standard:
    """The fields that a source's columns become, with what is decided for the whole file: default dates, numbers."""
    standard = _by_value(source, source.habits)
    if source.habits is not None:
        return standard
    fields, noted, habits = dict(standard.fields), list(standard.noted), standard.habits
    if "birth_date" in fields:
        people = people_by_date(fields["birth_date"], fields.get("family", fields.get("given")))
        habits = replace(habits, default_dates=default_dates(people))
        default = pc.is_in(fields["birth_date"][1], value_set=pa.array(sorted(habits.default_dates), pa.string()))
        noted += _set_aside(source, fields, "birth_date", default, DEFAULT)
    if "ssn" in fields and not keeps_made_up(fields["ssn"]):
        habits = replace(habits, made_up=False)
        _set_aside(source, fields, "ssn", made_up(fields["ssn"][1]), "")
    return Standard(fields, tuple(noted), habits)


def _set_aside(source: Source, fields: dict[str, Spread], field: str, values: pa.Array, step: str) -> list[Noted]:
    """Some values of a field say nothing."""
    if not pc.any(values).as_py():
        return []
    places, standard = fields[field]
    fields[field] = (places, pc.if_else(values, None, standard))
    return count(source.name, field, places, {step: values})


def _by_value(source: Source, habits: Habits | None) -> Standard:
    fields: dict[str, Spread] = {}
    noted: list[Noted] = []
    day_first = source.day_first
    # A column of its own says more than a part of another: what a full name or what stands behind a name tells fills
    # only what is missing.
    for kind in sorted(source.columns, key=lambda kind: (kind == SemanticType.FULL_NAME, kind in _WITH_SUFFIX, kind)):
        if kind in standardize.KINDS:
            places, values = distinct_texts(source, kind)
            if kind == SemanticType.BIRTH_DATE and habits is None and day_first is None:
                day_first = standardize.days_come_first(values.to_pylist())
            decided = habits or Habits(day_first=bool(day_first))
            columns, steps = noted_columns(kind, values, habits=decided)
            noted += count(source.name, kind.value, places, steps)
            for field, standard in columns.items():
                found = (places, standard)
                fields[field] = (
                    _filled(fields[field], found) if field in fields and field == "suffix" else fields.get(field, found)
                )
    return Standard(fields, tuple(noted), habits or Habits(day_first=bool(day_first)))


_WITH_SUFFIX = (SemanticType.GIVEN_NAME, SemanticType.FAMILY_NAME)


def _filled(one: Spread, other: Spread) -> Spread:
    """One field of two columns: the second says it where the first does not."""
    both = [values.take(pa.array(places, mask=places < 0)) for places, values in (one, other)]
    return _distinct(pc.coalesce(*both))


def distinct_texts(source: Source, kind: SemanticType) -> Spread:
    """What the column(s) of `kind` say, as delivered but for spaces around it."""
    return _distinct(text_of(source, source.columns[kind]))


def text_of(source: Source, wanted: str | tuple[str, ...]) -> pa.ChunkedArray | pa.Array:
    """What column(s) of one element say, row by row, as delivered but for spaces around it; null where nothing."""
    if isinstance(wanted, str):
        return _strings(source, wanted)
    parts = [
        pc.fill_null(pc.if_else(pc.is_valid(text), pc.binary_join_element_wise(before, text, ""), None), "")
        for before, column in zip(_BEFORE_PART, wanted, strict=False)
        if column
        for text in (_strings(source, column),)
    ]
    # Not null_handling="skip": on chunked columns pyarrow 26 loses rows with it.
    joined = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*parts, " "))
    return pc.if_else(pc.equal(joined, ""), None, joined)


def _strings(source: Source, column: str) -> pa.ChunkedArray:
    if column not in source.table.column_names:
        raise UserFacingError(
            f"{source.name} has no column {column!r}.",
            next_step=f"Its columns are: {', '.join(source.table.column_names)}.",
        )
    values = source.table[column]
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_nested(values.type) or _is_binary(values.type):
        raise UserFacingError(
            f"{source.name}: the column {column!r} holds {values.type}, which is no text, number or date.",
            next_step="Write it as text, or leave the column out.",
        )
    if pa.types.is_floating(values.type):  # 60614.0 is how a table library writes a whole number beside empty cells
        return pc.replace_substring_regex(values.cast(pa.string()), r"\.0$", "")
    text = pc.utf8_trim_whitespace(values.cast(pa.string()))
    return pc.if_else(pc.equal(text, ""), None, text)


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def coded_of(text: pa.ChunkedArray | pa.Array) -> Coded:
    """Standard forms of some records, one each (null: nothing known), as codes."""
    places, found = _distinct(text)
    order = pc.sort_indices(found).to_numpy()
    code = np.full(len(order) + 1, -1, np.int32)
    code[order] = np.arange(len(order), dtype=np.int32)
    return Coded(code[places], found.take(pa.array(order)))


def _distinct(text: pa.ChunkedArray | pa.Array) -> tuple[IntArray, pa.Array]:
    chunked = text if isinstance(text, pa.ChunkedArray) else pa.chunked_array([text])
    encoded = chunked.dictionary_encode().unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    places = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return places, encoded.dictionary


def _stack(parts: Sequence[Spread | None], lengths: Sequence[int]) -> Coded:
    standard = [part[1] for part in parts if part]
    values = pc.unique(pc.drop_null(pa.chunked_array(standard, pa.string())))
    values = values.take(pc.sort_indices(values))
    codes = []
    for part, length in zip(parts, lengths, strict=True):
        if part is None:
            codes.append(np.full(length, -1, np.int32))
        else:
            found = pc.index_in(part[1], value_set=values) if len(values) else pa.nulls(len(part[1]), pa.int32())
            lookup = np.append(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), -1).astype(np.int32)
            codes.append(lookup[part[0]])
    return Coded(np.concatenate(codes), values)


def fingerprints(fields: Mapping[str, Coded], source_of: IntArray, names: Sequence[str]) -> HashArray:
    """What a record says and which file it is from as one number: uint64 [n]. The canonical order is theirs.

    The upper 16 bits are those of the record's place (ZIP code, else city, else family name): records that share much
    mostly share it, and what lies together is read together (finding candidates of a million takes a third less).
    """
    fingerprint = Texts.of(list(names)).hashes[source_of] if len(names) else np.empty(0, np.uint64)
    for _, coded in sorted(fields.items()):
        fingerprint = mix(fingerprint, np.append(coded.texts.hashes, np.uint64(1))[coded.codes])
    place = np.zeros(len(source_of), np.uint64)
    for coded in (fields[name] for name in ("zip", "city", "family") if name in fields):
        place = np.where(place == 0, coded.spread(coded.texts.hashes), place)
    low = np.uint64(48)
    return (place >> low << low) | (fingerprint >> np.uint64(16))

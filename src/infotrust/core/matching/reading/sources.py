"""The files to link become one set of records: columns of integer codes over standard values, in canonical order.

Canonical means: by what the records say, not by how they were delivered. Neither the order of the rows nor that of the
files changes anything that follows, and nothing has to be seeded by position. No value leaves this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.compiled import HashArray, IntArray, LongArray, compiled
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.columns import standard_columns
from infotrust.core.matching.reading.texts import Texts

# Several columns of one address, in this order; an empty name stands for one that is not there.
ADDRESS_PARTS = ("house number", "street", "unit", "PO box")
_BEFORE_PART = ("", "", "unit ", "po box ")

# A field in which more than this share of the records have one value tells nobody apart.
_SAYS_SOMETHING = 0.95

Columns = Mapping[SemanticType, "str | tuple[str, ...]"]


@dataclass(frozen=True)
class Source:
    """One file: its name, its rows, and which column holds which element.

    `columns` maps a semantic type to a column, or an address to several (see ADDRESS_PARTS). `record_id` is the column
    of ids that the caller wants to find again in the result. day_first: whether birth dates begin with the day; None:
    it is seen in them. unique: the file holds each person once, so that no two of its records are one person's.
    """

    name: str
    table: pa.Table
    columns: Columns
    record_id: str | None = None
    day_first: bool | None = None
    unique: bool = False


@dataclass(frozen=True)
class Whole:
    """Where the records at hand are a part of more: how many of all carry each value (int64 [values]), and any."""

    counts: LongArray
    filled: int


@dataclass(frozen=True)
class Coded:
    """One field of all records. codes: int32 [n], -1 where nothing is known; values: distinct, sorted, one per code.

    whole: what is counted in all records when these are a part of them.
    """

    codes: IntArray
    values: pa.Array
    whole: Whole | None = None

    @cached_property
    def counts(self) -> LongArray:
        """How many records carry each value: int64 [values]."""
        if self.whole:
            return self.whole.counts
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).astype(np.int64)

    @cached_property
    def texts(self) -> Texts:
        return Texts.of(self.values)

    def spread(self, by_value: HashArray) -> HashArray:
        """A hash for each value becomes one for each record; 0 where nothing is known."""
        return np.append(by_value, np.uint64(0))[self.codes]

    @property
    def filled(self) -> int:
        return self.whole.filled if self.whole else int((self.codes >= 0).sum())


@dataclass(frozen=True)
class Records:
    """All records in canonical order. source, row: int32/int64 [n], where each came from; fields: name -> Coded."""

    source: IntArray
    row: LongArray
    source_names: tuple[str, ...]
    fields: dict[str, Coded]

    def __len__(self) -> int:
        return len(self.source)


def read_records(sources: Sequence[Source]) -> Records:
    """Standardize and stack the sources. Raises UserFacingError when a column is missing or nothing can be compared."""
    if not sources:
        raise UserFacingError("There is no file to link.", next_step="Name at least one.")
    lengths = [source.table.num_rows for source in sources]
    source_of = np.repeat(np.arange(len(sources), dtype=np.int32), lengths)
    row_of = np.concatenate([np.arange(length, dtype=np.int64) for length in lengths])
    return in_canonical_order(stack_fields(sources), source_of, row_of, [source.name for source in sources])


def stack_fields(sources: Sequence[Source]) -> dict[str, Coded]:
    """Every field that any of the sources has, standardized, in the order of the sources and their rows."""
    lengths = [source.table.num_rows for source in sources]
    standard = [standard_fields(source) for source in sources]
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
        raise UserFacingError(
            "No column tells people apart: there is no name, birth date, number or address with values in it.",
            next_step="Say what the columns mean, e.g. --map given_name=FNAME --map birth_date=DOB.",
        )
    order = np.argsort(fingerprints(telling, source_of, names), kind="stable").astype(np.int64)
    ordered = {field: Coded(coded.codes[order], coded.values) for field, coded in telling.items()}
    return Records(source_of[order], row_of[order], tuple(names), ordered)


def tells_apart(filled: int, most: int) -> bool:
    """Whether a field says something: `filled` records have it, `most` of them the same value."""
    return filled > 1 and most <= _SAYS_SOMETHING * filled + 1


Spread = tuple[IntArray, pa.Array]  # for each row a place in the array (-1: empty cell); standard forms, null: nothing


def standard_fields(source: Source) -> dict[str, Spread]:
    """The fields that a source's columns become, standardized: field -> see Spread."""
    columns: dict[str, Spread] = {}
    # A name column of its own says more than a part of a full name: the full name fills only what is missing.
    for kind in sorted(source.columns, key=lambda kind: kind == SemanticType.FULL_NAME):
        if kind in (*standardize.SINGLE, *standardize.SEVERAL, "birth_date"):
            places, values = distinct_texts(source, kind)
            for field, standard in standard_columns(kind, values, day_first=source.day_first).items():
                columns.setdefault(field, (places, standard))
    return columns


def distinct_texts(source: Source, kind: SemanticType) -> Spread:
    """What the column(s) of `kind` say, as delivered but for spaces around it."""
    return _distinct(_text(source, source.columns[kind]))


def _text(source: Source, wanted: str | tuple[str, ...]) -> pa.ChunkedArray | pa.Array:
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
    if pa.types.is_floating(values.type):  # 60614.0 is how a table library writes a whole number beside empty cells
        return pc.replace_substring_regex(values.cast(pa.string()), r"\.0$", "")
    text = pc.utf8_trim_whitespace(values.cast(pa.string()))
    return pc.if_else(pc.equal(text, ""), None, text)


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
    """What a record says and which file it is from as one number: uint64 [n]. The canonical order is theirs."""
    fingerprint = Texts.of(list(names)).hashes[source_of] if len(names) else np.empty(0, np.uint64)
    for _, coded in sorted(fields.items()):
        fingerprint = mix(fingerprint, np.append(coded.texts.hashes, np.uint64(1))[coded.codes])
    return fingerprint


def mix(one: HashArray, other: HashArray, salt: int = 0) -> HashArray:
    """Hash two columns of hashes into one; 0 (nothing known) in either gives 0. uint64 [n] each."""
    return mixed(one, other, np.uint64(salt * 0x632BE59BD9B4E019 % 2**64))


@compiled
def mixed(one: HashArray, other: HashArray, salt: np.uint64) -> HashArray:
    out = np.zeros(len(one), np.uint64)
    for place in range(len(one)):
        if one[place] == 0 or other[place] == 0:
            continue
        word = one[place] * np.uint64(0x9E3779B97F4A7C15) + (other[place] ^ salt)
        word ^= word >> np.uint64(31)
        word *= np.uint64(0xBF58476D1CE4E5B9)
        word ^= word >> np.uint64(29)
        out[place] = max(word, np.uint64(1))
    return out

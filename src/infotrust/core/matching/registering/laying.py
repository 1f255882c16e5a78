"""Lay a whole register down: everything in the canonical order of its records, with room to grow.

What is written here is read by `held`. Nothing of it is seen before the folder's header is switched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infotrust.core.matching.comparing.agree import Columns
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import fill_field, rarity
from infotrust.core.matching.compiled import ByteArray, HashArray, IntArray, LongArray, SmallFloatArray
from infotrust.core.matching.persons import merging
from infotrust.core.matching.persons.cluster import LOOSE_CUT, Scored
from infotrust.core.matching.pipeline import Fitted
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.nicknames import possible_names
from infotrust.core.matching.reading.sources import Coded, mix
from infotrust.core.matching.reading.texts import Texts
from infotrust.core.matching.registering.folder import Part
from infotrust.core.matching.registering.held import FULL_NAMES, write_fitted
from infotrust.core.matching.registering.keys import KeyIndex

# Room for a fifth more records: past a tenth the register is linked as a whole anyway, unless someone says never.
ROOM, LEAST_ROOM = 5, 20_000


def room_for(records: int) -> int:
    """Places of a register laid down with so many records."""
    return records + max(records // ROOM, LEAST_ROOM)


@dataclass(frozen=True)
class Laid:
    """What the header says of the values: their slots and bytes."""

    fields: tuple[str, ...]
    first_slot: tuple[int, ...]
    used: tuple[int, ...]
    slots: tuple[int, ...]
    filled: LongArray
    text_bytes: int


def lay_values(part: Part, fields: Sequence[str], coded: Mapping[str, Coded], codes: IntArray, room: int) -> Laid:
    """Write codes [n, fields], and all that is asked of values, field by field, each with room for one more value per
    place. coded: what is compared; it is counted."""
    n = len(codes)
    used = [len(coded[field].values) for field in fields]
    slots = [count + room - n for count in used]
    first = np.append(0, np.cumsum(slots)).astype(np.int64)
    words: list[HashArray] = []
    counts: list[IntArray] = []
    begins: list[LongArray] = []
    lengths: list[IntArray] = []
    texts: list[ByteArray] = []
    known: list[HashArray] = []
    text_bytes = 0
    for number, field in enumerate(fields):
        one = coded[field]
        lines = np.zeros((used[number], 8), np.uint64)
        fill_field(lines, 0, field, one.texts, rarity(one.counts, one.filled))
        offsets = one.texts.start - one.texts.start[0]
        words.append(lines)
        counts.append(one.counts.astype(np.int32))
        begins.append(text_bytes + offsets[:-1])
        lengths.append(np.diff(offsets).astype(np.int32))
        texts.append(one.texts.data[one.texts.start[0] : one.texts.start[-1]])
        known.append(value_keys(number, one.texts.hashes))
        text_bytes += int(offsets[-1])
    part.grow("codes", codes, room=room)
    for name, parts in (("words", words), ("count", counts), ("text_begin", begins), ("text_length", lengths)):
        part.grow_parts(name, list(zip(first[:-1].tolist(), parts, strict=True)), room=int(first[-1]))
    part.grow("text", np.concatenate(texts), room=text_bytes)
    given = fields.index("given")
    part.grow("full_names", full_names(coded["given"].values.to_pylist()), room=slots[given])
    hashes = np.concatenate(known)
    slot = np.concatenate([np.arange(first[at], first[at] + used[at]) for at in range(len(fields))]).astype(np.int32)
    order = np.argsort(hashes)
    filled = np.array([coded[field].filled for field in fields], np.int64)
    part.save(value_hash=hashes[order], value_slot=slot[order], filled=filled)
    return Laid(tuple(fields), tuple(first[:-1].tolist()), tuple(used), tuple(slots), filled, text_bytes)


def value_keys(number: int, hashes: HashArray) -> HashArray:
    """Which field's value it is and what it says, as one number: uint64 [values]."""
    return mix(np.full(len(hashes), number + 1, np.uint64), hashes, 2)


def full_names(values: Sequence[str]) -> IntArray:
    """int32 [values, FULL_NAMES]: the full names that each first word may stand for, as numbers; -1 past the last.

    The number is made of the name itself, so that a value to come has the same: two of the few thousand given names
    of a country fall together once in a hundred registers, and then count as short forms of each other.
    """
    names = [sorted(possible_names((standardize.words(value) or [""])[0]))[:FULL_NAMES] for value in values]
    flat = [name for some in names for name in some]
    hashed = (Texts.of(flat).hashes >> np.uint64(33)).astype(np.int32) if flat else np.empty(0, np.int32)
    numbers = np.full((len(values), FULL_NAMES), -1, np.int32)
    row = np.repeat(np.arange(len(values)), [len(some) for some in names])
    column = np.concatenate([np.arange(len(some)) for some in names]) if names else np.empty(0, np.int64)
    numbers[row, column] = hashed
    return numbers


def lay_records(
    part: Part, room: int, *, source: IntArray, fingerprint: HashArray, key: HashArray, enough: SmallFloatArray,
    own: SmallFloatArray, ids: Texts,
) -> int:  # fmt: skip
    """Write one row for each place; returns the bytes of the ids."""
    columns: dict[str, npt.NDArray[np.generic]] = {
        "source": source, "fingerprint": fingerprint, "key": key, "enough": enough, "own": own,
        "id_end": ids.start[1:] - ids.start[0],
    }  # fmt: skip
    for name, column in columns.items():
        part.grow(name, column, room=room)
    data = ids.data[ids.start[0] : ids.start[-1]]
    part.grow("id", data, room=len(data))
    order = np.argsort(key)
    part.save(key_sorted=key[order], key_place=order.astype(np.int32))
    return len(data)


def lay_evidence(part: Part, n: int, keys: KeyIndex, scored: Scored, fitted: Fitted | None, files: LongArray) -> None:
    """Write the candidate keys, the scored candidate pairs by their first place, and the model."""
    start = np.searchsorted(scored.pairs.first, np.arange(n + 1)).astype(np.int64)
    part.save(
        key_words=keys.words, key_start=keys.start, pair_start=start, pair_second=scored.pairs.second,
        pair_odds=scored.odds.astype(np.float32), files=files,
    )  # fmt: skip
    write_fitted(part, fitted)


def files_by_source(columns: Columns | None, names: Sequence[str]) -> LongArray:
    """The level of each pair of sources, by their numbers; the model numbers them by rank. int64 [sources, sources]."""
    if columns is None:
        return np.zeros((len(names), len(names)), np.int64)
    rank = np.argsort(np.argsort(np.array(names)))
    return columns.files[np.ix_(rank, rank)]


def components(n: int, scored: Scored, weakest: float, together: Pairs, alike: Pairs) -> IntArray:
    """int32 [n]: the smallest of the records that hang together by pairs that may start a merge, by what people said,
    or because they say the same (`copies.ties`)."""
    strong = scored.odds >= min(LOOSE_CUT, weakest)
    return merging.hang_together(
        n,
        np.concatenate([scored.pairs.first[strong], together.first, alike.first]),
        np.concatenate([scored.pairs.second[strong], together.second, alike.second]),
    )

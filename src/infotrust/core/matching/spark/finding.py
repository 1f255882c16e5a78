"""Candidates over parts: keys meet by Spark's shuffle, and each block of records sees whole every key that it holds.

What a block of records needs is the list of holders of each of its keys. With these the loop of `candidates` gives, for
the records of the block, exactly what it gives where all records lie in one memory: the same keys, so the same sums
to the last digit, and the same choice among equals.

A key that too many records share never reaches one place in full: each part hands on at most one holder more than are
allowed, which is enough to see that it is too wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from infotrust.core.matching.comparing import candidates, index
from infotrust.core.matching.compiled import HashArray, IntArray, LongArray, SmallFloatArray
from infotrust.core.matching.spark.dealing import Numbers, chunks, deal, gathered, on_group, ranges, row_for_each
from infotrust.core.matching.spark.neighbors import keys_by_record, strongest_neighbors
from infotrust.core.matching.spark.reading import ROWS_AT_ONCE, Common, part_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

RECORDS_OF_A_KEY_PART = 40_000  # their hundred keys each, nine bytes a key: about 40 MB in one part's memory
HOLDERS_AT_ONCE = 8_000_000  # of lists that are being copied to blocks: 32 MB
LISTS = "part int, kind int, keys binary, widths binary, holders binary"
PAIRS = "part int, first binary, second binary"


@dataclass(frozen=True)
class Blocks:
    """Records are worked on in blocks of `size` neighbors in canonical order; `count` of them."""

    n: int
    size: int

    @property
    def count(self) -> int:
        return -(-self.n // self.size)

    def grouped(self, frame: DataFrame) -> DataFrame:
        """Rows of the same part in one place. The number of places is said, so that Spark lays no two together."""
        return frame.repartition(self.count, "part")


def shared_keys(records: DataFrame, common: Common, widest: int) -> DataFrame:
    """The keys that 2 to `widest` records share, and their holders: rows of LISTS.

    keys: uint64, ascending in a row, in the order that the keys have on one machine; widths: int32, holders of each;
    holders: int32, places, ascending.
    """
    parts = max(-(-common.n // RECORDS_OF_A_KEY_PART), records.sparkSession.sparkContext.defaultParallelism)
    words = records.mapInArrow(
        partial(_words, common=common, widest=widest, parts=parts), "part int, kind int, words binary"
    )
    lists = on_group(_lists, bits=_bits(common.n), widest=widest)
    return words.repartition(parts, "part").groupBy("part").applyInArrow(lists, LISTS)


def _bits(n: int) -> np.uint64:
    """Of a word, those that hold the record's place. See `index.build_index`."""
    return np.uint64(max(n - 1, 1).bit_length())


def _words(batches: Iterable[pa.RecordBatch], *, common: Common, widest: int, parts: int) -> Iterator[pa.RecordBatch]:
    """Hash and place of each key as one word, dealt by hash."""
    bits = _bits(common.n)
    for table in chunks(batches, ROWS_AT_ONCE):
        records = part_of(table, common)
        places = records.row.astype(np.uint64)
        for kind, columns in enumerate(candidates.record_keys(records)):
            words = ((columns >> bits << bits) | places)[columns != 0]
            words = at_most(np.unique(words), bits, widest + 1)
            if len(words):
                yield deal(((words >> bits) % np.uint64(parts)).astype(np.int32), {"words": words}, kind=kind)


def at_most(words: HashArray, bits: np.uint64, most: int) -> HashArray:
    """Of distinct sorted words, the first `most` of each key."""
    _, start, width = _runs(words, bits)
    kept: HashArray = words[np.arange(len(words)) - np.repeat(start, width) < most]
    return kept


def _runs(words: HashArray, bits: np.uint64) -> tuple[HashArray, LongArray, LongArray]:
    """Of sorted words: the keys, where each begins, and how many words it has."""
    keys, start, width = np.unique(words >> bits, return_index=True, return_counts=True)
    return keys, start.astype(np.int64), width.astype(np.int64)


def _lists(table: pa.Table, *, bits: np.uint64, widest: int) -> pa.Table:
    rows = []
    kinds = table["kind"].to_numpy()
    for kind in np.unique(kinds):
        words = np.unique(gathered(table.filter(pa.array(kinds == kind))["words"], np.uint64))
        keys, start, width = _runs(words, bits)
        kept = (width >= 2) & (width <= widest)
        holders = (words[ranges(start[kept], width[kept])] & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
        # One number for kind and hash, in the order of the kinds: there are fewer than 128, and nine bits for places.
        numbers = np.uint64(kind) << (np.uint64(64) - bits) | keys[kept]
        if len(numbers):
            rows.append(_row(table["part"][0].as_py(), int(kind), numbers, width[kept].astype(np.int32), holders))
    return pa.Table.from_batches(rows) if rows else _row(0, 0, *_NO_LISTS).slice(0, 0)


_NO_LISTS = (np.empty(0, np.uint64), np.empty(0, np.int32), np.empty(0, np.int32))


def _row(part: int, kind: int, keys: HashArray, widths: IntArray, holders: IntArray) -> pa.RecordBatch:
    ragged = {
        name: (numbers, np.array([0, len(numbers)], np.int64))
        for name, numbers in (("keys", keys), ("widths", widths), ("holders", holders))
    }
    return row_for_each(np.array([part], np.int32), ragged, {"kind": kind})


def keys_of_width(lists: DataFrame) -> LongArray:
    """How many keys so many records share: int64 [MOST_WIDE + 1]."""
    counted = lists.mapInArrow(_counted_widths, "width int, keys long").groupBy("width").sum("keys").toArrow()
    found = np.zeros(index.MOST_WIDE + 1, np.int64)
    found[counted["width"].to_numpy()] = counted[1].to_numpy()
    return found


def _counted_widths(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        widths, keys = np.unique(gathered(batch.column("widths"), np.int32), return_counts=True)
        yield pa.RecordBatch.from_arrays([pa.array(widths), pa.array(keys.astype(np.int64))], ["width", "keys"])


def narrowed(lists: DataFrame, widest: int) -> DataFrame:
    """Only the keys that at most `widest` records share."""
    return lists if widest >= index.MOST_WIDE else lists.mapInArrow(partial(_narrow, widest=widest), LISTS)


def _narrow(batches: Iterable[pa.RecordBatch], *, widest: int) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in range(batch.num_rows):
            keys, widths, holders = _lists_of(batch.slice(row, 1))
            kept = widths <= widest
            place = (batch.column("part")[row].as_py(), batch.column("kind")[row].as_py())
            yield _row(*place, keys[kept], widths[kept], holders[np.repeat(kept, widths)])


def own_information(lists: DataFrame, blocks: Blocks) -> DataFrame:
    """place, own: the information in all keys of each record that has any; exact in any order (`information_in`)."""
    dealt = lists.mapInArrow(partial(_worth_of_keys, blocks=blocks), "part int, place binary, worth binary")
    return blocks.grouped(dealt).groupBy("part").applyInArrow(on_group(_summed), "place int, own float")


def _worth_of_keys(batches: Iterable[pa.RecordBatch], *, blocks: Blocks) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in range(batch.num_rows):
            _, widths, holders = _lists_of(batch.slice(row, 1))
            worth = np.repeat(index.information_in(widths, blocks.n), widths)
            yield deal(holders // blocks.size, {"place": holders, "worth": worth})


def _summed(table: pa.Table) -> pa.Table:
    places, number = np.unique(gathered(table["place"], np.int32), return_inverse=True)
    own = np.bincount(number, gathered(table["worth"], np.float32), len(places))
    return pa.table({"place": places, "own": own.astype(np.float32)})


def _lists_of(rows: pa.RecordBatch | pa.Table) -> tuple[HashArray, IntArray, IntArray]:
    return (
        gathered(rows.column("keys"), np.uint64), gathered(rows.column("widths"), np.int32),
        gathered(rows.column("holders"), np.int32),
    )  # fmt: skip


@dataclass(frozen=True)
class Search:
    """What a search for neighbors goes by. own_file: name of the file of `own_information` that Spark has put on every
    machine (float32 [n]), empty where least_share is 0 and nobody asks."""

    per_record: int
    least_information: float
    least_share: float
    own_file: str = ""


def candidate_pairs(lists: DataFrame, blocks: Blocks, search: Search) -> DataFrame:
    """The pairs to compare: one row of PAIRS for each block of their first records, sorted, each pair once."""
    copied = lists.mapInArrow(
        partial(_copied_to_blocks, blocks=blocks), "part int, keys binary, widths binary, holders binary"
    )
    found = blocks.grouped(copied).groupBy("part").applyInArrow(
        on_group(_neighbors, blocks=blocks, search=search), PAIRS
    )  # fmt: skip
    return blocks.grouped(found).groupBy("part").applyInArrow(on_group(_each_once), PAIRS)


def _copied_to_blocks(batches: Iterable[pa.RecordBatch], *, blocks: Blocks) -> Iterator[pa.RecordBatch]:
    """Each list once for every block that has one of its holders."""
    for batch in batches:
        for row in range(batch.num_rows):
            keys, widths, holders = _lists_of(batch.slice(row, 1))
            yield from copies(keys, widths, holders, blocks.size)


def copies(keys: HashArray, widths: IntArray, holders: IntArray, size: int) -> Iterator[pa.RecordBatch]:
    start = np.cumsum(widths, dtype=np.int64) - widths
    of = np.repeat(np.arange(len(widths)), widths)
    block = holders // size
    fresh = np.append(True, (block[1:] != block[:-1]) | (of[1:] != of[:-1]))[: len(holders)]
    of, block = of[fresh], block[fresh]
    sent = np.cumsum(widths[of], dtype=np.int64)
    begin = 0
    while begin < len(of):
        before = sent[begin - 1] if begin else 0
        end = max(int(np.searchsorted(sent, before + HOLDERS_AT_ONCE, side="right")), begin + 1)
        order = begin + np.argsort(block[begin:end], kind="stable")
        lists = of[order]
        parts, first = np.unique(block[order], return_index=True)
        edges = np.append(first, len(order))
        ends = np.append(0, np.cumsum(widths[lists], dtype=np.int64))
        yield row_for_each(
            parts,
            {
                "keys": (keys[lists], edges),
                "widths": (widths[lists], edges),
                "holders": (holders[ranges(start[lists], widths[lists])], ends[edges]),
            },
            {},
        )
        begin = end


def _neighbors(table: pa.Table, *, blocks: Blocks, search: Search) -> pa.Table:
    """The strongest neighbors of the records of one block, by the loop of one machine."""
    begin = table["part"][0].as_py() * blocks.size
    first, second = neighbors_within(
        *_lists_of(table), begin, min(begin + blocks.size, blocks.n), blocks.n, search, _own(search)
    )
    batch = deal(first // blocks.size, {"first": first, "second": second})
    return pa.Table.from_batches([batch])


def _own(search: Search) -> SmallFloatArray | None:
    if not search.own_file:
        return None
    from pyspark import SparkFiles

    own: SmallFloatArray = np.load(SparkFiles.get(search.own_file), mmap_mode="r")
    return own


def neighbors_within(
    keys: HashArray, widths: IntArray, holders: IntArray, begin: int, end: int, n: int, search: Search,
    own: SmallFloatArray | None,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """(first, second) of the candidates that the records [begin, end) of n choose, from whole lists of their keys."""
    order = np.argsort(keys)
    start = np.cumsum(widths, dtype=np.int64) - widths
    holders, widths = holders[ranges(start[order], widths[order])], widths[order]
    places, number = np.unique(holders, return_inverse=True)
    holders = number.astype(np.int32)
    record_start = np.append(0, np.cumsum(widths, dtype=np.int64))
    key_start, by_record = keys_by_record(holders, record_start, len(places))
    one, other, _ = strongest_neighbors(
        key_start, by_record, record_start, holders, index.information_in(widths, n),
        np.zeros(len(places), np.float32) if own is None else own[places], search.per_record,
        search.least_information, search.least_share, *np.searchsorted(places, [begin, end]).tolist(),
    )  # fmt: skip
    one, other = places[one], places[other]
    return np.minimum(one, other), np.maximum(one, other)


def _each_once(table: pa.Table) -> pa.Table:
    first, second = (gathered(table[side], np.int32).astype(np.int64) for side in ("first", "second"))
    packed = np.unique(first << 32 | second)
    return pa.Table.from_batches([pairs_row(table["part"][0].as_py(), packed >> 32, packed & 0xFFFFFFFF)])


def pairs_row(part: int, first: LongArray, second: LongArray, **more: Numbers) -> pa.RecordBatch:
    """One row of PAIRS; `more` are further columns of numbers."""
    columns: dict[str, Numbers] = {
        "first": first.astype(np.int32), "second": second.astype(np.int32), **more,
    }  # fmt: skip
    edges = np.array([0, len(first)], np.int64)
    return row_for_each(np.array([part]), {name: (column, edges) for name, column in columns.items()}, {})

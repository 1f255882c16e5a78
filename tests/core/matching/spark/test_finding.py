"""The loops of one block, held against one machine's and naive versions; no Spark runs here."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.comparing.index import build_index
from infotrust.core.matching.comparing.nearest import nearest_pairs
from infotrust.core.matching.spark.dealing import deal, gathered, ranges
from infotrust.core.matching.spark.finding import Search, at_most, copies, neighbors_within

N = 30
# Kinds of keys: for each kind some columns of one hash for each record, 0 for none.
KINDS = st.lists(
    st.lists(st.lists(st.integers(0, 9), min_size=N, max_size=N), min_size=1, max_size=2), min_size=1, max_size=4
)


def hashed(kinds: list[list[list[int]]]) -> list[np.ndarray]:
    return [np.array(columns, np.uint64) * np.uint64(0x9E3779B97F4A7C15) for columns in kinds]


def lists_of(kinds: list[np.ndarray], widest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whole lists of the shared keys, numbered in the order of kind and hash."""
    keys, widths, holders = [], [], []
    for kind, columns in enumerate(kinds):
        held = defaultdict(set)
        for column in columns:
            for record, key in enumerate(column.tolist()):
                if key:
                    held[key].add(record)
        for key in sorted(held):
            if 2 <= len(held[key]) <= widest:
                keys.append(kind << 59 | key >> 5)
                widths.append(len(held[key]))
                holders += sorted(held[key])
    return np.array(keys, np.uint64), np.array(widths, np.int32), np.array(holders, np.int32)


@given(KINDS, st.integers(1, N - 1), st.integers(1, 6), st.sampled_from([0.0, 0.3]))
@settings(deadline=None, max_examples=60)
def test_blocks_find_the_candidates_of_one_machine(kinds, size: int, per_record: int, share: float) -> None:
    widest = 12
    index = build_index(hashed(kinds), N, widest)
    first, second, _ = nearest_pairs(index, per_record, 0.5, share)
    whole = set(zip(first.tolist(), second.tolist(), strict=True))
    search = Search(per_record, 0.5, share)
    found = set()
    rows = list(copies(*lists_of(hashed(kinds), widest), size))
    for part in range(-(-N // size)):
        mine = [
            batch.slice(row, 1) for batch in rows for row in range(batch.num_rows) if batch["part"][row].as_py() == part
        ]
        if not mine:
            continue
        table = pa.Table.from_batches(mine)
        lists = [gathered(table[name], kind) for name, kind in (("keys", "u8"), ("widths", "i4"), ("holders", "i4"))]
        first, second = neighbors_within(*lists, part * size, min((part + 1) * size, N), N, search, index.own)
        found |= set(zip(first.tolist(), second.tolist(), strict=True))
    assert found == whole


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 30)), max_size=60), st.integers(1, 4))
def test_a_wide_key_is_handed_on_only_so_far_that_it_is_seen_to_be_wide(words, most: int) -> None:
    bits = np.uint64(5)
    sorted_words = sorted({key << 5 | place for key, place in words})
    kept = at_most(np.array(sorted_words, np.uint64), bits, most).tolist()
    naive, seen = [], defaultdict(int)
    for word in sorted_words:
        seen[word >> 5] += 1
        if seen[word >> 5] <= most:
            naive.append(word)
    assert kept == naive


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-(2**31), 2**31 - 1)), max_size=40))
def test_what_is_dealt_is_gathered_again_in_order(rows) -> None:
    part, number = (np.array([row[side] for row in rows], np.int32) for side in (0, 1))
    batch = deal(part, {"number": number}, kind=3)
    assert batch["part"].to_pylist() == sorted({row[0] for row in rows})
    assert set(batch["kind"].to_pylist()) <= {3}
    for at in range(batch.num_rows):
        mine = [row[1] for row in rows if row[0] == batch["part"][at].as_py()]
        assert gathered(batch.slice(at, 1)["number"], np.int32).tolist() == mine
    assert sorted(gathered(pa.table(batch)["number"] if len(rows) else batch["number"], np.int32)) == sorted(number)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=10))
def test_ragged_rows_lie_end_to_end(rows) -> None:
    start, width = (np.array([row[side] for row in rows], np.int64) for side in (0, 1))
    assert ranges(start, width).tolist() == [begin + step for begin, count in rows for step in range(count)]

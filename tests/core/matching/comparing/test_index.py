"""The index says of each record with whom it shares keys, each two once."""

from collections import Counter, defaultdict
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.comparing.index import affordable, build_index

COLUMNS = st.integers(2, 40).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=1, max_size=3)
)


@pytest.mark.parametrize("widest", [3, 12, 300])  # 300: widths that do not fit into a byte
@given(kinds=st.lists(COLUMNS, min_size=1, max_size=1))
@settings(deadline=None, max_examples=60)
def test_each_two_holders_of_a_key_meet_once_at_the_lower(widest: int, kinds: list[list[list[int]]]) -> None:
    n = len(kinds[0][0])
    hashed = [np.array(columns, np.uint64) * np.uint64(0x9E3779B97F4A7C15) for columns in kinds]
    index = build_index(hashed, n, widest)
    expected: Counter[tuple[int, int, int]] = Counter()
    own: dict[int, float] = defaultdict(float)
    for columns in kinds:
        for key in range(1, 10):
            holders = sorted({record for column in columns for record, one in enumerate(column) if one == key})
            if 2 <= len(holders) <= widest:
                for at, one in enumerate(holders):
                    own[one] += round(log(n / len(holders)) * 256) / 256
                    expected.update((one, other, len(holders)) for other in holders[at + 1 :])
    found: Counter[tuple[int, int, int]] = Counter()
    for record in range(n):
        for key in range(index.start[record], index.start[record + 1]):
            begin = int(index.following[key])
            others = index.holders[begin : begin + int(index.left[key])].tolist()
            found.update((record, other, int(index.width[key])) for other in others)
    assert found == expected
    assert index.own.tolist() == [own[record] for record in range(n)]


def test_the_more_records_share_keys_the_narrower_the_keys_that_are_gone_through() -> None:
    few = np.bincount([2, 30, 200], [100, 100, 100]).astype(np.int64)
    assert affordable(few, 1_000) == 200
    many = np.bincount([2, 30, 200], [1_000_000, 200_000, 10_000]).astype(np.int64)  # 4, 180 and 400 million steps
    assert affordable(many, 1_000_000) == 199
    assert affordable(many, 500_000) == 29
    assert affordable(many * 1_000, 1_000_000) == 10

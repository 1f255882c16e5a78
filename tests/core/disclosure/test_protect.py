"""Protection against an attacker who simply tries every table, and proofs that fail when something is given away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.disclosure import (
    CannotProtect,
    Cell,
    CountTable,
    Dimension,
    Status,
    TableRefused,
    ZeroRule,
    audit,
    digest_of,
    protect,
)
from infotrust.core.disclosure.protect import primaries


def table(counts, margins=None) -> CountTable:
    counts = np.asarray(counts, dtype=np.int64)
    names = "abcd"[: counts.ndim]
    dimensions = tuple(
        Dimension(name, name, tuple(f"{name}{at}" for at in range(size)))
        for name, size in zip(names, counts.shape, strict=True)
    )
    return CountTable(dimensions, counts, "people", margins)


def every_table_that_agrees(true: CountTable, released, at_most: int) -> dict:
    """A naive attacker: every way to fill the hidden cells with 0..at_most, kept if it agrees with what is released.

    Returns, for each cell and total, all the values it takes.
    """
    floor = released.rules.floor
    wanted = {cell.key: cell.value for cell in released.cells}
    inner = [key for key in true.keys if None not in key]
    choices = [range(floor, at_most + 1) if wanted[key] is None else [wanted[key]] for key in inner]
    fillings = np.array(np.meshgrid(*choices, indexing="ij")).reshape(len(inner), -1)
    values = {
        key: sum(
            fillings[at]
            for at, one in enumerate(inner)
            if all(k is None or k == o for k, o in zip(key, one, strict=True))
        )
        for key in true.keys
    }
    agrees = np.ones(fillings.shape[1], dtype=bool)
    for key, value in wanted.items():
        agrees &= values[key] == value if value is not None else values[key] >= floor
    return {key: set(value[agrees].tolist()) for key, value in values.items()}


def least_possible(true: CountTable, floor: int, key) -> int:
    """What a cell or total must be at least, to a reader who sees nothing but the zeros."""
    inner = (one for one in true.keys if None not in one)
    below = [one for one in inner if all(k is None or k == o for k, o in zip(key, one, strict=True))]
    values = dict(zip(true.keys, true.cube.ravel().tolist(), strict=True))
    return sum(min(floor, values[one]) for one in below)


def assert_nobody_can_tell(true: CountTable, released, at_most: int) -> None:
    seen = every_table_that_agrees(true, released, at_most)
    for at in primaries(true, released.rules):
        key = true.keys[at]
        assert least_possible(true, released.rules.floor, key) in seen[key], key
        assert max(seen[key]) >= released.rules.threshold, key
        assert len(seen[key]) > 1, key


counts_1d = st.lists(st.integers(0, 7), min_size=1, max_size=4)
counts_2d = st.integers(2, 3).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=n, max_size=n)
)
counts_3d = st.lists(
    st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=2), min_size=2, max_size=2), min_size=2, max_size=2
)


@settings(deadline=None, max_examples=50)
@given(counts_1d, st.sampled_from(ZeroRule))
def test_no_reader_can_tell_a_small_count_of_a_list_with_its_total(counts, zeros):
    true = table(counts)
    assert_nobody_can_tell(true, protect(true, threshold=3, zeros=zeros), at_most=13)


@settings(deadline=None, max_examples=50)
@given(counts_2d, st.sampled_from(ZeroRule))
def test_no_reader_can_tell_a_small_count_of_a_table_with_its_margins(counts, zeros):
    true = table(counts)
    # A witness raises no count by more than the threshold: 6 + 3.
    assert_nobody_can_tell(true, protect(true, threshold=3, zeros=zeros), at_most=9)


@settings(deadline=None, max_examples=25)
@given(counts_3d)
def test_no_reader_can_tell_a_small_count_of_a_three_way_table(counts):
    true = table(counts)
    released = protect(true, threshold=2)
    if sum(cell.value is None and None not in cell.key for cell in released.cells) <= 6:
        assert_nobody_can_tell(true, released, at_most=8)
    assert audit(true, released).holds


@settings(deadline=None, max_examples=40)
@given(counts_2d, st.data())
def test_the_audit_finds_what_the_naive_attacker_finds(counts, data):
    """Show one hidden cell of a protected table: the audit and the attacker who tries every table agree on it."""
    true = table(counts)
    released = protect(true, threshold=3)
    hidden = [at for at, cell in enumerate(released.cells) if cell.status is Status.COMPLEMENTARY]
    if not hidden:
        return
    at = data.draw(st.sampled_from(hidden))
    cell = released.cells[at]
    value = dict(zip(true.keys, true.cube.ravel().tolist(), strict=True))[cell.key]
    cells = (*released.cells[:at], Cell(cell.key, value, Status.SHOWN), *released.cells[at + 1 :])
    weaker = replace(released, cells=cells)
    try:
        assert_nobody_can_tell(true, weaker, at_most=9)
        safe = True
    except AssertionError:
        safe = False
    assert audit(true, weaker).holds == safe


@settings(deadline=None, max_examples=50)
@given(counts_2d, st.sampled_from(ZeroRule))
def test_every_shown_count_is_the_true_count_and_none_is_small(counts, zeros):
    true = table(counts)
    released = protect(true, threshold=3, zeros=zeros)
    values = dict(zip(true.keys, true.cube.ravel().tolist(), strict=True))
    for cell in released.cells:
        if cell.value is not None:
            assert cell.value == values[cell.key]
            assert cell.value >= 3 or (cell.value == 0 and zeros is ZeroRule.SHOWN)


def test_a_table_without_small_counts_hides_nothing():
    assert protect(table([[20, 30], [40, 50]])).hidden() == ()


def test_a_total_that_the_release_leaves_out_is_protected_too():
    # Both rows have a small total. The release prints no totals, but a reader can add.
    true = table([[5, 0], [50, 60]], margins=frozenset())
    released = protect(true)
    assert released.get(("a0", None)) is None
    assert audit(true, released).holds
    assert audit(true, released).checked == 2


def test_fewer_totals_in_the_release_hide_fewer_cells():
    counts = [[3, 20, 40], [30, 22, 50], [60, 33, 12]]
    with_totals, without = protect(table(counts)), protect(table(counts, margins=frozenset()))
    assert len(without.hidden()) == 1
    assert len(with_totals.hidden()) > 1


def test_the_audit_catches_a_small_count_left_in_the_open():
    true = table([3, 40, 50])
    released = protect(true)
    naked = replace(released, cells=(Cell(("a0",), 3, Status.SHOWN), *released.cells[1:]))
    assert [finding.rule for finding in audit(true, naked).findings] == ["small-count-shown"]


def test_the_audit_catches_a_count_that_is_not_the_true_one():
    true = table([30, 40])
    released = protect(true)
    forged = replace(released, cells=(Cell(("a0",), 31, Status.SHOWN), *released.cells[1:]))
    assert [finding.rule for finding in audit(true, forged).findings] == ["wrong-count"]


def test_the_audit_names_the_limits_that_a_reader_can_work_out():
    true = table([3, 40, 50])
    only_primary = tuple(
        Cell(key, None if key == ("a0",) else count, Status.SHOWN)
        for key, count in zip(true.keys, true.cube.ravel().tolist(), strict=True)
    )
    (finding,) = audit(true, replace(protect(true), cells=only_primary)).findings
    assert (finding.rule, finding.where) == ("small-count-derivable", ("a0",))
    assert finding.facts == {"least": 3, "most": 3}


def test_a_count_that_is_public_already_cannot_be_used_to_hide_another():
    true = table([3, 40, 20, 50])
    assert protect(true).cell("a2").value is None
    beside = protect(true, known=[("a2",)])
    assert beside.cell("a2").value == 20
    assert audit(true, beside).holds


def test_a_table_whose_every_way_to_hide_is_public_already_is_refused():
    true = table([3, 40])
    with pytest.raises(CannotProtect):
        protect(true, known=[("a1",), (None,)])


def test_a_released_table_holds_no_hidden_count_in_any_form():
    released = protect(table([[3, 401], [502, 603]]))
    hidden = {cell.key for cell in released.hidden()}
    assert (("a0", "b0")) in hidden
    for row in released.as_json()["rows"]:
        assert (row["value"] is None) == (tuple(row["key"]) in hidden)
    assert "3," not in repr(released.cell("a0", "b0"))


def test_the_public_form_does_not_tell_small_cells_from_their_companions():
    rows = protect(table([3, 40, 20, 50])).as_json()["rows"]
    assert {tuple(sorted(row)) for row in rows} == {("key", "value")}


def test_the_digest_changes_with_one_count_and_survives_the_database():
    import json

    one, other = protect(table([30, 40])), protect(table([30, 41]))
    assert one.digest != other.digest
    assert digest_of(json.loads(json.dumps(one.as_json()))) == one.digest


def test_a_twenty_by_twenty_table_is_protected_and_proven():
    rng = np.random.default_rng(7)
    true = table(rng.poisson(np.exp(rng.normal(3.6, 1.0, (20, 20)))))
    released = protect(true)
    assert audit(true, released).holds
    assert len(released.hidden()) < len(released.cells) / 2


@pytest.mark.parametrize("threshold", [-3, 0, 1])
def test_a_threshold_that_protects_nobody_is_refused(threshold):
    with pytest.raises(TableRefused, match="protects nobody"):
        protect(table([3, 40]), threshold=threshold)

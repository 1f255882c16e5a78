"""A table held against what was published before."""

from __future__ import annotations

from infotrust.core.disclosure import CountTable, EarlierTable, audit, compare, known_cells, protect


def table(*counts, dimension="group"):
    rows = [{dimension: f"g{at}", "n": count} for at, count in enumerate(counts)]
    return CountTable.from_rows(rows, dimensions=[dimension], measure="n")


def earlier(*counts, threshold=11, **options):
    return EarlierTable("R-1", protect(table(*counts, **options), threshold=threshold).as_json())


def test_the_same_table_again_is_released_as_before():
    before, now = earlier(3, 40, 20, 50), table(3, 40, 20, 50)
    released = protect(now, known=known_cells(now, [before]))
    assert released.as_json() == before.public
    assert compare(now, released, [before]) == ()


def test_a_cell_shown_before_cannot_hide_a_small_one_now():
    # Two cells could stand in for each other. The one that is public stays public; the audit still holds.
    before, now = earlier(30, 40, 20, 50), table(3, 40, 20, 50)
    released = protect(now, known=known_cells(now, [before]))
    assert released.cell("g2").value == 20
    assert {cell.key[0] for cell in released.hidden()} == {"g0", None}
    assert audit(now, released).holds


def test_hiding_what_is_public_is_reported():
    now = table(3, 40, 20, 50)
    careless = protect(now)
    before = earlier(30, 40, 20, 50)
    assert ("hidden-but-public", ("g2",)) in {(f.rule, f.where) for f in compare(now, careless, [before])}


def test_a_change_by_few_people_is_reported():
    now = table(103, 200)
    (cell, total) = compare(now, protect(now), [earlier(100, 200)])
    assert (cell.rule, cell.where, cell.facts) == ("small-change", ("g0",), {"change": 3, "earlier": "R-1"})
    assert total.where == ("Total",)


def test_an_earlier_table_with_other_groups_is_named_as_not_compared():
    now = table(100, 200)
    (finding,) = compare(now, protect(now), [earlier(100, 200, dimension="school")])
    assert (finding.rule, finding.where) == ("not-compared", ("R-1",))


def test_an_earlier_list_is_compared_with_the_totals_of_a_finer_table():
    rows = [{"group": f"g{at}", "age": age, "n": 50} for at in range(2) for age in ("young", "old")]
    now = CountTable.from_rows(rows, dimensions=["group", "age"], measure="n")
    assert known_cells(now, [earlier(100, 90)]) == {("g0", None)}

"""What happens to small counts before a table is published.

For data stewards. Each example shows a table as it comes out of a question and the same table as the public sees it.
A number is a count of people. `--` stands for a number that is not shown. The smallest number shown is 11.
"""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.disclosure import CountTable, Dimension, ZeroRule, audit, protect


def read(text: str) -> tuple[list[str], list[str], list[list[str]]]:
    """A drawn table: the first line names the columns, each further line a row."""
    lines = [line.split() for line in text.strip().splitlines()]
    return lines[0], [line[0] for line in lines[1:]], [line[1:] for line in lines[1:]]


def released(text: str, **options) -> str:
    """The table as the public sees it, drawn in the same way, with its totals."""
    columns, rows, cells = read(text)
    if len(columns) == 1:
        table = CountTable((Dimension("row", "row", tuple(rows)),), np.array([int(line[0]) for line in cells]))
        out = protect(table, **options)
        lines = [columns] + [[name or "Total", mark(out.cell(name))] for name in (*rows, None)]
    else:
        dimensions = (Dimension("row", "row", tuple(rows)), Dimension("column", "column", tuple(columns)))
        table = CountTable(dimensions, np.array([[int(cell) for cell in line] for line in cells]))
        out = protect(table, **options)
        lines = [[*columns, "Total"]]
        lines += [[row or "Total", *(mark(out.cell(row, col)) for col in (*columns, None))] for row in (*rows, None)]
    assert audit(table, out).holds
    return draw(lines)


def mark(cell) -> str:
    return "--" if cell.value is None else str(cell.value)


def draw(lines: list[list[str]]) -> str:
    return "\n".join(" ".join(line) for line in lines)


def same(text: str) -> str:
    return draw([line.split() for line in text.strip().splitlines()])


def test_a_table_with_large_numbers_only_is_shown_whole():
    assert released("""
                  Children
        SNAP           420
        Home-visits     35
    """) == same("""
                  Children
        SNAP           420
        Home-visits     35
        Total          455
    """)


def test_one_small_number_takes_the_next_smallest_with_it():
    # With 458 in all, the 3 could be worked out if it alone were hidden. So the 25 is hidden too.
    assert released("""
                  Children
        One-program    400
        Two             30
        Three           25
        Four             3
    """) == same("""
                  Children
        One-program    400
        Two             30
        Three           --
        Four            --
        Total          458
    """)


def test_two_small_numbers_that_hide_each_other_need_no_third():
    # 7 and 9 are 16 together: each could be anything from 1 to 15.
    assert released("""
                  Children
        One-program    400
        Three            9
        Four             7
    """) == same("""
                  Children
        One-program    400
        Three           --
        Four            --
        Total          416
    """)


def test_two_small_numbers_that_are_small_together_take_a_third():
    # 3 and 4 are 7 together: a reader could tell that both are small. So the 30 goes too.
    assert released("""
                  Children
        One-program    400
        Two             30
        Three            4
        Four             3
    """) == same("""
                  Children
        One-program    400
        Two             --
        Three           --
        Four            --
        Total          437
    """)


def test_when_all_is_small_the_total_goes_too():
    assert released("""
                  Children
        Three            6
        Four             5
    """) == same("""
                  Children
        Three           --
        Four            --
        Total           --
    """)


def test_zero_is_shown():
    assert released("""
                  Children
        SNAP           400
        Home-visits      0
    """) == same("""
                  Children
        SNAP           400
        Home-visits      0
        Total          400
    """)


def test_zero_is_hidden_where_the_agreement_says_so():
    assert released(
        """
                  Children
        SNAP           400
        Schools         90
        Home-visits      0
    """,
        zeros=ZeroRule.HIDDEN,
    ) == same("""
                  Children
        SNAP           400
        Schools         --
        Home-visits     --
        Total          490
    """)


def test_in_a_table_with_rows_and_columns_the_hidden_cells_form_a_loop():
    # The 3 is hidden. A second cell in its row, one in its column, and the corner between them keep it so.
    # The zero in the last row cannot help: everyone can see that it is zero.
    assert released("""
                0-2  3-5  6-17
        North     3   20    40
        South    30   22    50
        West     60    0    12
    """) == same("""
                0-2  3-5  6-17  Total
        North    --   --    40     63
        South    --   --    50    102
        West     60    0    12     72
        Total    93   42   102    237
    """)


def test_the_smallest_number_shown_is_the_agreements_own():
    assert released(
        """
                  Children
        One-program    400
        Two             30
        Three           12
    """,
        threshold=20,
    ) == same("""
                  Children
        One-program    400
        Two             --
        Three           --
        Total          442
    """)


@pytest.mark.parametrize("count", [1, 2, 5, 9, 10])
def test_every_count_from_one_to_ten_is_hidden(count):
    assert (
        "--"
        in released(f"""
                  Children
        One-program    400
        Two             30
        Three      {count}
    """).splitlines()[3]
    )


def test_eleven_is_shown():
    assert (
        released("""
                  Children
        One-program    400
        Two             11
    """).splitlines()[2]
        == "Two 11"
    )

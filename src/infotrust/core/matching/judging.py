"""`infotrust evaluate`: what a linkage wrote beside a file of the truth, record by record, in figures only.

Both files name a record by file and row. A record named twice, or a row without a person, is refused: which of them
counts is not ours to choose. No value of a column is shown but the groups asked for by `--by`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import evaluate
from infotrust.core.matching.compiled import BoolArray, LongArray
from infotrust.core.matching.evaluate import Mistakes, Quality, Standing
from infotrust.core.matching.reading import files

KEY = ("file", "row", "person")
MOST_GROUPS = 50  # more kinds of a column are no communities or sources, but something told about one person
NOT_GIVEN = "(not given)"
_MOST_SHOWN = 20  # pairs of files, by errors


@dataclass(frozen=True)
class Judged:
    """The records that both files name, in the order of the linked file. found, true, source: int64 [n] codes.

    without_truth: linked records that the truth does not name; not_linked: the other way round. group: int64 [n] into
    `groups`, by the column asked for.
    """

    found: LongArray
    true: LongArray
    source: LongArray
    sources: tuple[str, ...]
    without_truth: int
    not_linked: int
    group: LongArray | None = None
    groups: tuple[str, ...] = ()


def judge(linked: Path, truth: Path, *, by: str | None = None) -> Judged:
    """Bring the two files together. Raises UserFacingError."""
    found, true = _read(linked), _read(truth)
    names = pa.chunked_array([*_column(found, "file").chunks, *_column(true, "file").chunks])
    rows = pa.chunked_array([*_column(found, "row").chunks, *_column(true, "row").chunks])
    width = int(_codes(rows).max(initial=0)) + 1
    key = _codes(names) * width + _codes(rows)
    here, there = key[: found.num_rows], key[found.num_rows :]
    for one, path in ((here, linked), (there, truth)):
        _refuse_doubles(one, path)
    order = np.argsort(there)
    at = np.searchsorted(there, here, sorter=order)
    place = order[np.minimum(at, max(len(order) - 1, 0))] if len(order) else np.zeros(len(here), np.int64)
    known = there[place] == here if len(order) else np.zeros(len(here), bool)
    if not known.any():
        raise UserFacingError(
            f"No record of {linked.name} is in {truth.name}.",
            next_step="Both name a record by file and row, as `infotrust link` writes them.",
        )
    chosen = np.flatnonzero(known)
    files_here = _column(found, "file").take(pa.array(chosen))
    persons = _codes(_column(found, "person"))[chosen], _codes(_column(true, "person"))[place[chosen]]
    group = _groups(found, true, chosen, place[chosen], by) if by else (None, ())
    return Judged(
        *persons, *_named(files_here), len(here) - len(chosen), len(there) - len(chosen), *group,
    )  # fmt: skip


def _read(path: Path) -> pa.Table:
    table = files.read_table(path)
    for column in KEY:
        if column not in table.column_names:
            raise UserFacingError(f"{path.name} has no column {column!r}.", next_step="It needs file, row and person.")
        gaps = _column(table, column)
        empty = pc.or_kleene(pc.is_null(gaps), pc.equal(pc.fill_null(gaps, ""), ""))
        if pc.any(empty).as_py():
            line = pc.index(empty, True).as_py() + 1
            raise UserFacingError(
                f"{path.name}, row {line:,}: there is no {column} ({pc.sum(empty).as_py():,} such rows).",
                next_step="Give every row its file, row and person, or leave the row out.",
            )
    return table


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    return table[name].cast(pa.string())


def _codes(column: pa.ChunkedArray) -> LongArray:
    encoded = pc.dictionary_encode(column).unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    codes: LongArray = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _named(column: pa.ChunkedArray) -> tuple[LongArray, tuple[str, ...]]:
    """Codes and what they stand for, in alphabetical order."""
    names = sorted(pc.unique(column).to_pylist())
    found = pc.index_in(column, value_set=pa.array(names, pa.string()))
    return found.to_numpy(zero_copy_only=False).astype(np.int64), tuple(names)


def _refuse_doubles(key: LongArray, path: Path) -> None:
    order = np.argsort(key, kind="stable")
    again = order[1:][key[order][1:] == key[order][:-1]]
    if len(again):
        raise UserFacingError(
            f"{path.name}, row {int(again.min()) + 1:,}: its record was named before ({len(again):,} such rows).",
            next_step="Name each record once.",
        )


def _groups(
    found: pa.Table, true: pa.Table, here: LongArray, there: LongArray, by: str
) -> tuple[LongArray, tuple[str, ...]]:
    """The records' groups by a column of the truth or, if it has none of that name, of the linked file."""
    for table, places in ((true, there), (found, here)):
        if by in table.column_names:
            column = pc.fill_null(_column(table, by).take(pa.array(places)), "")
            codes, names = _named(pc.if_else(pc.equal(column, ""), NOT_GIVEN, column))
            if len(names) > MOST_GROUPS:
                raise UserFacingError(
                    f"The column {by!r} has {len(names):,} different values among these records.",
                    next_step=f"Choose one with at most {MOST_GROUPS}, such as a community, a year or a source.",
                )
            return codes, names
    known = [name for name in true.column_names if name not in KEY]
    raise UserFacingError(
        f"Neither file has a column {by!r}.",
        next_step=f"The truth has: {', '.join(known)}." if known else "Add the column to the truth, or use --by file.",
    )


def evaluate_files(linked: Path, truth: Path, *, by: str | None = None, console: Console | None = None) -> int:
    """Show how right a linkage is: pairs and B-cubed, by group if asked for, and where its errors lie."""
    console = console or Console()
    judged = judge(linked, truth, by=by)
    standing = evaluate.standing(judged.found, judged.true)
    console.print(_whole(standing))
    if by and judged.group is not None:
        console.print(_by_group(standing, judged.group, judged.groups, by))
    mistakes = evaluate.mistakes(judged.found, judged.true, judged.source, len(judged.sources))
    console.print(
        f"{mistakes.split:,} of {mistakes.persons:,} persons are split over several groups; "
        f"{mistakes.merged:,} of {mistakes.groups:,} groups hold records of several persons."
    )
    if mistakes.wrong.any() or mistakes.missed.any():
        console.print(_by_files(mistakes, judged.sources))
    for count, what in (
        (judged.without_truth, "linked records have no truth and were not counted."),
        (judged.not_linked, "records of the truth are not in the linked file and were not counted."),
    ):
        if count:
            console.print(f"{count:,} {what}")
    return 0


def _whole(standing: Standing) -> Table:
    table = _table(f"{len(standing.found):,} records with known truth", "measure", "precision", "recall", "F1")
    for name, quality in (("pairwise", standing.pairwise()), ("B-cubed", standing.b_cubed())):
        table.add_row(name, *_figures(quality))
    return table


def _by_group(standing: Standing, group: LongArray, groups: tuple[str, ...], by: str) -> Table:
    table = _table(f"By {by}", by, "records", *(f"{of} {what}" for of in ("pairs", "B3") for what in ("P", "R", "F1")))
    for code, name in enumerate(groups):
        chosen: BoolArray = group == code
        figures = [*_figures(standing.pairwise(chosen)), *_figures(standing.b_cubed(chosen))]
        table.add_row(name, f"{int(chosen.sum()):,}", *figures)
    return table


def _by_files(mistakes: Mistakes, sources: tuple[str, ...]) -> Table:
    one, other = np.triu_indices(len(sources))
    errors = mistakes.wrong[one, other] + mistakes.missed[one, other]
    order = np.argsort(-errors, kind="stable")
    order = order[errors[order] > 0]
    table = _table("Where the errors lie: pairs of records", "file", "with", "wrongly joined", "missed")
    for at in order[:_MOST_SHOWN]:
        x, y = one[at], other[at]
        table.add_row(sources[x], sources[y], f"{mistakes.wrong[x, y]:,}", f"{mistakes.missed[x, y]:,}")
    if len(order) > _MOST_SHOWN:
        table.caption = f"{len(order) - _MOST_SHOWN:,} more pairs of files have fewer errors."
    return table


def _figures(quality: Quality) -> tuple[str, str, str]:
    return f"{quality.precision:.4f}", f"{quality.recall:.4f}", f"{quality.f1:.4f}"


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place == 0 or heading == "with" else "right", overflow="fold")
    return table

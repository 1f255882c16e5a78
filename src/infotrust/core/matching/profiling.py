"""`infotrust profile`: what each column of the files is used as and why, before anything is linked. No values shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from infotrust.core.elements import ELEMENTS
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.reading import columns_file, files, said
from infotrust.core.matching.reading.recognize import Recognition
from infotrust.core.matching.reading.said import Said
from infotrust.core.matching.reading.sources import Source


def sources_of(
    tables: Mapping[str, pa.Table],
    *,
    maps: Sequence[str] = (),
    ignore: Sequence[str] = (),
    own_id: str | None = None,
    unique: Sequence[str] = (),
    columns: Path | None = None,
) -> list[tuple[Source, dict[str, Recognition], Said]]:
    """Each file as a source, why its columns mean what they do, and what was said. Raises UserFacingError.

    maps, ignore, own_id, unique: the options of `infotrust link`; they count more than the file `columns`, and that
    more than what is recognized.
    """
    by_hand = said.from_options(list(tables), maps=maps, ignore=ignore, record_id=own_id, unique=unique)
    said.check_columns_exist(tables, by_hand)
    if columns:
        written = columns_file.read(columns, {name: table.column_names for name, table in tables.items()})
        by_hand = {name: one.over(written[name]) for name, one in by_hand.items()}
        said.check_columns_exist(tables, by_hand)
    return [(*said.source_of(name, table, by_hand[name]), by_hand[name]) for name, table in tables.items()]


def read_tables(paths: Sequence[Path]) -> dict[str, pa.Table]:
    """The files by name, or by path where two have one name. Raises UserFacingError."""
    if len({path.resolve() for path in paths}) < len(paths):
        raise UserFacingError("The same file is named twice.", next_step="Name each file once.")
    called = [path.name for path in paths]
    return {path.name if called.count(path.name) == 1 else str(path): files.read_table(path) for path in paths}


def profile_files(
    paths: Sequence[Path],
    *,
    maps: Sequence[str] = (),
    ignore: Sequence[str] = (),
    columns: Path | None = None,
    write: Path | None = None,
    console: Console | None = None,
) -> int:
    """Show every column of the files; write what was recognized to `write`, to be edited. Raises UserFacingError."""
    console = console or Console()
    if write and write.exists() and (columns is None or write.resolve() != columns.resolve()):
        raise UserFacingError(f"{write} exists.", next_step="Choose another name, or remove it first.")
    profiled = sources_of(read_tables(paths), maps=maps, ignore=ignore, columns=columns)
    if write:  # before anything is shown: whoever cuts the tables short still gets the file
        try:
            write.write_text(columns_file.written(profiled), encoding="utf-8")
        except OSError as problem:
            raise UserFacingError(f"{write} cannot be written: {problem.strerror}.") from None
    for source, recognized, _ in profiled:
        console.print(profile_table(source, recognized))
    if write:
        console.print(f"Written to {write}. Edit it and link with --columns {write}.", soft_wrap=True)
    return 0


def profile_table(source: Source, recognized: Mapping[str, Recognition]) -> Table:
    """Every column: what it is used as, why, how much of it is filled and how many different values it has."""
    table = Table(title=f"{source.name}: {source.table.num_rows:,} records", title_justify="left", title_style="bold")
    for heading in ("column", "used as", "recognized by, or why it is left out"):
        table.add_column(heading, overflow="fold")
    for heading in ("filled", "different values"):
        table.add_column(heading, justify="right")
    used = used_columns(source)
    for column, found in recognized.items():
        shown = found.meaning if column in used else ""
        table.add_row(column, shown, found.reason, *_filled(source.table[column]))
    return table


def columns_table(source: Source, recognized: Mapping[str, Recognition]) -> Table:
    """The columns that are used and why; the others by name."""
    table = Table(title=f"{source.name}: {source.table.num_rows:,} records", title_justify="left", title_style="bold")
    for heading in ("column", "used as", "recognized by"):
        table.add_column(heading, overflow="fold")
    used = used_columns(source)
    for column, found in recognized.items():
        if column in used:
            table.add_row(column, found.meaning, found.reason)
    left_out = [column for column in recognized if column not in used]
    if left_out:
        table.caption = "Left out: " + ", ".join(left_out)
        table.caption_justify = "left"
    return table


def numbers_told(source: Source, column: str) -> str:
    """A line where a file's own record numbers do not name its records; else nothing."""
    told = said.numbered(source.table, column)
    if not (told.doubled or told.missing):
        return ""
    return (
        f"{source.name}: in {column}, {told.doubled:,} rows share their number with another row and "
        f"{told.missing:,} have none. It is copied as it is; file and row name each record.\n"
    )


def used_columns(source: Source) -> set[str]:
    """The columns that the linkage goes by."""
    links = {kind for kind in source.columns if ELEMENTS[kind].links}
    return {column for kind in links for column in said.flat(source.columns[kind]) if column}


def _filled(column: pa.ChunkedArray) -> tuple[str, str]:
    if pa.types.is_nested(column.type):
        return "", ""
    values = pc.drop_null(column)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        values = values.filter(pc.not_equal(pc.utf8_trim_whitespace(values), ""))
    share = len(values) / max(len(column), 1)
    return f"{share:.0%}", f"{pc.count_distinct(values).as_py():,}"

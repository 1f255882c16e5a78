"""What `infotrust link` and `infotrust evaluate` do: files in, a table and a readable summary out, no values shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from infotrust.core.elements import ELEMENTS, SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import judging, summary
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.compiled import LongArray
from infotrust.core.matching.persons import told
from infotrust.core.matching.pipeline import Linkage, Options, link_tables
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.recognize import Recognition, choose_columns, recognize_columns
from infotrust.core.matching.reading.sources import ADDRESS_PARTS, Source

RESUMED_FROM = 100_000  # records: fewer are linked again in less time than a person takes to wonder


def link_files(
    paths: Sequence[Path],
    *,
    out: Path,
    maps: Sequence[str] = (),
    ignore: Sequence[str] = (),
    own_id: str | None = None,
    threshold: float | None = None,
    rules: Sequence[str] = (),
    unique: Sequence[str] = (),
    answers: Path | None = None,
    manifest: Path | None = None,
    resume: bool = True,
    console: Console | None = None,
) -> int:
    """Link the files, write file, row, id, person and weight to `out`, show how. Raises UserFacingError.

    rules: compare only what these blocking rules bring together. unique: files that hold each person once. answers: a
    file of what people said about pairs of records (see `told.read_answers`). resume: keep finished steps of a large
    run beside `out`, and go on there when the same run was killed before.
    """
    console = console or Console()
    files.check_out(out)
    if len({path.resolve() for path in paths}) < len(paths):
        raise UserFacingError("The same file is named twice.", next_step="Name each file once.")
    if out.resolve() in {path.resolve() for path in paths}:
        raise UserFacingError(f"{out} is one of the files to link.", next_step="Choose another --out.")
    names = [path.name if [p.name for p in paths].count(path.name) == 1 else str(path) for path in paths]
    tables = [files.read_table(path) for path in paths]
    by_hand, once = parse_maps(maps, names), {_named(name, names, "--unique") for name in unique}
    said = told.read_answers(answers, names) if answers else ()
    _check_columns_exist([column for table in tables for column in table.column_names], by_hand, ignore)
    sources = []
    for name, table in zip(names, tables, strict=True):
        source, recognized = _recognized_source(name, table, by_hand.get(name, {}), ignore, own_id)
        console.print(_columns_table(source, recognized))
        sources.append(replace(source, unique=name in once))
    with console.status("Linking (the first run compiles its inner loops, for about fifteen seconds)") as status:
        linkage = link_tables(
            sources,
            options=Options(threshold=threshold, rules=tuple(parse_rule(rule) for rule in rules)),
            answers=said,
            progress=lambda step, done, steps: status.update(f"{step} ({done + 1} of {steps})"),
            work=unfinished(out) if resume and sum(table.num_rows for table in tables) >= RESUMED_FROM else None,
        )
    files.write_table(output_table(linkage, sources, own_id), out)
    if manifest:
        manifest.write_text(json.dumps(summary.manifest(linkage, sources), indent=2) + "\n")
    for part in summary.tables(linkage, names):
        console.print(part)
    console.print(f"{len(linkage.person):,} records, {linkage.persons:,} persons. Written to {out}.")
    return 0


def unfinished(out: Path) -> Path:
    """The folder beside `out` where a run that is not done keeps its finished steps."""
    return out.with_name(f".{out.name}.unfinished")


def _named(name: str, names: Sequence[str], said: str) -> str:
    """The file that a name or its stem means. Raises UserFacingError."""
    for one in names:
        if name in (one, Path(one).stem):
            return one
    raise UserFacingError(f"{said} {name}: no file has that name.", next_step=f"The files are: {', '.join(names)}.")


def parse_maps(maps: Sequence[str], names: Sequence[str]) -> dict[str, dict[SemanticType, str | tuple[str, ...]]]:
    """["given_name=FNAME", "wic.csv:birth_date=DOB"] -> file -> element -> column(s). Raises UserFacingError."""
    chosen: dict[str, dict[SemanticType, str | tuple[str, ...]]] = {name: {} for name in names}
    for one in sorted(maps, key=lambda text: ":" in text.partition("=")[0]):  # what is said of one file counts more
        left, _, column = one.partition("=")
        of_file, _, element = left.rpartition(":")
        wanted = [name for name in names if not of_file or of_file in (name, Path(name).stem)]
        if not column or not wanted:
            raise UserFacingError(
                f"--map {one} is not understood.", next_step="Write ELEMENT=COLUMN or FILE:ELEMENT=COLUMN."
            )
        if element not in [kind.value for kind in SemanticType if ELEMENTS[kind].links]:
            known = ", ".join(kind.value for kind in SemanticType if ELEMENTS[kind].links)
            raise UserFacingError(f"--map {one}: {element!r} is not an element.", next_step=f"Elements: {known}.")
        for name in wanted:
            chosen[name][SemanticType(element)] = _mapped(SemanticType(element), column, one)
    return chosen


def _check_columns_exist(
    known: Sequence[str], by_hand: Mapping[str, Mapping[SemanticType, str | tuple[str, ...]]], ignore: Sequence[str]
) -> None:
    """A column named by hand must be in one of the files: a slip of the pen is not passed over in silence."""
    named = [column for chosen in by_hand.values() for columns in chosen.values() for column in _flat(columns)]
    for column in [*named, *ignore]:
        if column and column not in known:
            raise UserFacingError(
                f"No file has a column {column!r}.", next_step=f"There are: {', '.join(dict.fromkeys(known))}."
            )


def _mapped(kind: SemanticType, column: str, said: str) -> str | tuple[str, ...]:
    parts = tuple(column.split("+"))
    if len(parts) == 1:
        return column
    if kind != SemanticType.STREET_ADDRESS or len(parts) > len(ADDRESS_PARTS):
        raise UserFacingError(
            f"--map {said}: only an address is put together from columns.",
            next_step=f"street_address takes up to four: {', '.join(ADDRESS_PARTS)}.",
        )
    return parts


def _recognized_source(
    name: str,
    table: pa.Table,
    by_hand: dict[SemanticType, str | tuple[str, ...]],
    ignore: Sequence[str],
    own_id: str | None,
) -> tuple[Source, dict[str, Recognition]]:
    recognized = recognize_columns(table)
    for column in ignore:
        if column in recognized:
            recognized[column] = Recognition(column, None, "by hand", "ignored as you said")
    if own_id and own_id not in recognized:
        raise UserFacingError(
            f"{name} has no column {own_id!r} for --id.", next_step=f"It has: {', '.join(recognized)}."
        )
    if own_id and own_id not in {c for columns in by_hand.values() for c in _flat(columns)}:
        recognized[own_id] = Recognition(own_id, None, "by hand", "your record number")
    columns = choose_columns(recognized)
    for kind, wanted in by_hand.items():
        if any(column in recognized for column in _flat(wanted)):
            columns[kind] = wanted
    for kind, wanted in columns.items():
        for part, column in enumerate(_flat(wanted)):
            if kind in by_hand and column in recognized:
                recognized[column] = Recognition(
                    column, kind, "by hand", "as you said", part if len(_flat(wanted)) > 1 else 1, 1.0
                )
    return Source(name, table, columns), recognized


def _flat(columns: str | tuple[str, ...]) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else columns


def _columns_table(source: Source, recognized: dict[str, Recognition]) -> Table:
    table = Table(title=f"{source.name}: {source.table.num_rows:,} records", title_justify="left", title_style="bold")
    for heading in ("column", "used as", "recognized by"):
        table.add_column(heading, overflow="fold")
    used = {column for columns in source.columns.values() for column in _flat(columns) if column}
    for column, found in recognized.items():
        if column in used and found.type is not None and ELEMENTS[found.type].links:
            table.add_row(column, found.meaning, found.reason)
    left_out = [column for column in recognized if column not in used]
    if left_out:
        table.caption = "Left out: " + ", ".join(left_out)
        table.caption_justify = "left"
    return table


def output_table(linkage: Linkage, sources: Sequence[Source], own_id: str | None) -> pa.Table:
    """One row per record: file, row (1 is the first after the header), id if asked for, person, weight."""
    names = pa.array([source.name for source in sources])
    columns = {
        "file": names.take(pa.array(linkage.source_index)),
        "row": pa.array(linkage.record_index + 1),
        "person": pa.array(linkage.person + 1),
        "weight": pc.if_else(np.isnan(linkage.weight), None, pa.array(np.round(linkage.weight, 3))),
    }
    if own_id:
        ids = pa.chunked_array(
            [chunk for s in sources for chunk in s.table[own_id].cast(pa.string()).chunks], pa.string()
        )
        columns = {"file": columns["file"], "row": columns["row"], "id": ids, **columns}
    return pa.table(columns)


def matched_labels(linked: Path, truth: Path) -> tuple[LongArray, LongArray, int]:
    """Person found and true person (codes) of each record in both files, and how many have no truth."""
    judged = judging.judge(linked, truth)
    return judged.found, judged.true, judged.without_truth


def labels(path: Path) -> dict[tuple[str, str], str]:
    """(file, row) -> person, of a file that says so. Raises UserFacingError."""
    table = files.read_table(path)
    for column in ("file", "row", "person"):
        if column not in table.column_names:
            raise UserFacingError(f"{path.name} has no column {column!r}.", next_step="It needs file, row and person.")
    files_, rows, persons = (table[column].cast(pa.string()).to_pylist() for column in ("file", "row", "person"))
    return {(file, row): person for file, row, person in zip(files_, rows, persons, strict=True)}

"""What `infotrust link` and `infotrust evaluate` do: files in, a table and a readable summary out, no values shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.console import Console

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import judging, profiling, summary
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.compiled import LongArray
from infotrust.core.matching.fellegi_sunter.with_model import write_model
from infotrust.core.matching.library import output_table
from infotrust.core.matching.memory import linked_within, options_within
from infotrust.core.matching.persons import told
from infotrust.core.matching.pipeline import FAST, Linkage, Options, link_tables
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.recognize import Recognition
from infotrust.core.matching.reading.said import Said
from infotrust.core.matching.reading.sources import Source
from infotrust.core.matching.relations.table import relations_of
from infotrust.core.matching.reviewing import telling
from infotrust.core.matching.reviewing.questions import (
    cells_of,
    check_questions_out,
    doubted_answers,
    questions_of,
    questions_table,
    write_questions,
)

QUESTIONS = 200  # two thirds of an hour for who answers five a minute
RESUMED_FROM = 100_000  # records: fewer are linked again in less time than a person takes to wonder


def link_files(
    paths: Sequence[Path],
    *,
    out: Path,
    maps: Sequence[str] = (),
    ignore: Sequence[str] = (),
    own_id: str | None = None,
    columns: Path | None = None,
    effort: str = "default",
    threshold: float | None = None,
    rules: Sequence[str] = (),
    unique: Sequence[str] = (),
    answers: Path | None = None,
    review: Path | None = None,
    questions: int = QUESTIONS,
    with_values: bool = False,
    memory: int | None = None,
    manifest: Path | None = None,
    relations: Path | None = None,
    export_model: Path | None = None,
    resume: bool = True,
    console: Console | None = None,
) -> int:
    """Link the files, write file, row, id, person and weight to `out`, show how. Raises UserFacingError.

    maps, ignore, own_id, unique and the file `columns` say what the files hold; see `profiling.sources_of`.
    rules: compare only what these blocking rules bring together. answers: a file of what people said about pairs of
    records (see `told.read_answers`). resume: keep finished steps of a large run beside `out`, and go on there when the
    same run was killed before. review: write so many questions about pairs of records there, for people to answer;
    with_values: with what the records say. effort: see `Options`. memory: bytes to keep within. export_model: write the
    two-class model of the effort "fast" there, as settings that Splink loads.
    """
    console = console or Console()
    if export_model and effort != FAST:
        raise UserFacingError(
            "Only the model of --effort fast can be written for Splink: the default one has classes that it lacks.",
            next_step="Add --effort fast, or leave --export-model out.",
        )
    if effort == FAST and (review or relations):
        raise UserFacingError(
            "--effort fast keeps too little evidence for questions or relations.", next_step="Leave --effort fast out."
        )
    for written in (out, relations):
        if written:
            files.check_out(written)
    if review:
        check_questions_out(review, (*paths, out))
    if out.resolve() in {path.resolve() for path in paths}:
        raise UserFacingError(f"{out} is one of the files to link.", next_step="Choose another --out.")
    tables = profiling.read_tables(paths)
    names = list(tables)
    said = told.read_answers(answers, names) if answers else ()
    how: dict[str, Any] = {"maps": maps, "ignore": ignore, "own_id": own_id, "unique": unique, "columns": columns}
    read = profiling.sources_of(tables, **how)
    _show(read, console)
    own_ids = [by_hand.record_id for _, _, by_hand in read]
    reasons = {source.name: recognized for source, recognized, _ in read}
    handed = [[source for source, _, _ in read]]
    asked_again = bool(review or relations)  # the values are, once the records are linked
    sources = [
        source if asked_again else source.only(*([own] if own else []))
        for (source, *_), own in zip(read, own_ids, strict=True)
    ]
    records = sum(table.num_rows for table in tables.values())
    large = records >= RESUMED_FROM
    options = Options(effort=effort, threshold=threshold, rules=tuple(parse_rule(rule) for rule in rules))
    if memory is not None:
        held = sum(table.nbytes for table in tables.values())
        options = options_within(memory, options, records=records, tables=held, told=console.print)
    del tables, read  # what is handed over nobody else holds: standardized tables make room

    def given() -> list[Source]:
        """The whole files; for a second, narrower try read again."""
        return (
            handed.pop() if handed else [one for one, *_ in profiling.sources_of(profiling.read_tables(paths), **how)]
        )

    with console.status("Linking (the first run compiles its inner loops, for about fifteen seconds)") as status:
        linkage = linked_within(
            memory,
            options,
            lambda options: link_tables(
                given(),
                options=options,
                answers=said,
                progress=lambda step, done, steps: status.update(f"{step} ({done + 1} of {steps})"),
                work=unfinished(out) if resume and large else None,
                release=not asked_again,
            ),
            told=console.print,
        )
    files.write_table(output_table(linkage, sources, own_ids), out)
    estimated = summary.Estimated.of(linkage)
    if manifest:
        manifest.write_text(json.dumps(summary.manifest(linkage, sources, estimated), indent=2) + "\n")
    if export_model and linkage.by_rules:
        write_model(linkage.by_rules.model, export_model)
    for part in summary.tables(linkage, names, estimated):
        console.print(part)
    if relations:
        found = relations_of(linkage, sources, reasons)
        files.write_table(found.to_arrow(), relations)
        console.print("Relations: " + ", ".join(f"{many:,} {what}" for what, many in found.counts.items()) + ".")
    console.print(f"{len(linkage.person):,} records, {linkage.persons:,} persons. Written to {out}.")
    if answers:
        _tell_of_answers(linkage, names, answers, console)
    if review:
        rows, planned = questions_of(linkage, sources, said, count=questions)
        write_questions(questions_table(rows, planned, linkage, sources, with_values=with_values), review)
        holds = "It holds values of people: keep it closed." if with_values else "It holds no value: look the rows up."
        fresh = sum(row.verdict is None for row in rows)
        console.print(f"{fresh:,} questions written to {review}. {holds}", soft_wrap=True)
        console.print("Fill in the verdicts from the top (match, no match, cannot tell) and link again with --answers.")
    return 0


def _show(read: Sequence[tuple[Source, dict[str, Recognition], Said]], console: Console) -> None:
    for source, recognized, by_hand in read:
        console.print(profiling.columns_table(source, recognized))
        if by_hand.record_id:
            console.print(profiling.numbers_told(source, by_hand.record_id), end="")


def _tell_of_answers(linkage: Linkage, names: Sequence[str], answers: Path, console: Console) -> None:
    """What they taught, which are not gone by, and what the drawn ones say about the linkage they were drawn from."""
    if linkage.evidence and linkage.evidence.correction:
        console.print(telling.learned(linkage.evidence.correction))
    doubted = doubted_answers(linkage)
    if doubted.doubted or doubted.contradicted:
        console.print(telling.doubted_table(doubted, linkage, names))
    cells = cells_of(answers)
    if cells:
        console.print(telling.accuracy_table(cells))


def unfinished(out: Path) -> Path:
    """The folder beside `out` where a run that is not done keeps its finished steps."""
    return out.with_name(f".{out.name}.unfinished")


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

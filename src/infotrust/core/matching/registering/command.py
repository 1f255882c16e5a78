"""What `infotrust link --register`, `infotrust lookup` and `infotrust register` do. No value of a record is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import profiling
from infotrust.core.matching.answers import Answer, RecordKey
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.persons import told
from infotrust.core.matching.persons.identify import Change
from infotrust.core.matching.pipeline import Fitted, Options
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.sources import Source, distinct_texts
from infotrust.core.matching.registering.held import Header
from infotrust.core.matching.registering.identity import in_words
from infotrust.core.matching.registering.linking import Linked, Refit, link_to_register
from infotrust.core.matching.registering.lookup import Answered, Desk, Found
from infotrust.core.matching.registering.register import Register
from infotrust.core.matching.registering.whole import history_of, person_ids

NOT_ONE = 1  # exit code of a look-up that does not end with one person
NEWEST = 10  # events shown by `infotrust register show`


def link_files(
    paths: Sequence[Path],
    *,
    register: Path,
    out: Path,
    source: str | None = None,
    refit: str = Refit.WHEN_GROWN.value,
    maps: Sequence[str] = (),
    ignore: Sequence[str] = (),
    own_id: str | None = None,
    columns: Path | None = None,
    threshold: float | None = None,
    rules: Sequence[str] = (),
    unique: Sequence[str] = (),
    answers: Path | None = None,
    console: Console | None = None,
) -> int:
    """Link the files to the register, making it the first time; write their records' lasting identifiers to `out`.

    source: the name of the source that all the files are deliveries of; None: each file is a source by its name.
    See `command.link_files` for the others. Raises UserFacingError.
    """
    console = console or Console()
    files.check_out(out)
    if out.resolve() in {path.resolve() for path in paths}:
        raise UserFacingError(f"{out} is one of the files to link.", next_step="Choose another --out.")
    tables = profiling.read_tables(paths)
    said = told.read_answers(answers, list(tables)) if answers else ()
    read = profiling.sources_of(tables, maps=maps, ignore=ignore, own_id=own_id, unique=unique, columns=columns)
    for one, recognized, _ in read:
        console.print(profiling.columns_table(one, recognized))
    sources = [replace(one, record_id=by_hand.record_id) for one, _, by_hand in read]
    named = [replace(one, name=source or one.name) for one in sources]
    given = Options(threshold=threshold, rules=tuple(parse_rule(rule) for rule in rules))
    with console.status("Linking (the first run compiles its inner loops, for about fifteen seconds)") as status:
        linked = link_to_register(
            register,
            named,
            answers=_by_record_id(said, sources, source),
            options=None if given == Options() else given,
            refit=Refit(refit),
            progress=lambda step, *_: status.update(step),
        )
    files.write_table(output_table(linked, sources), out)
    console.print(outcome_table(linked))
    console.print(
        f"The register has {linked.records:,} records of {linked.persons:,} persons (generation {linked.generation}, "
        f"model {linked.model}). Written to {out}."
    )
    if linked.doubted:
        console.print(
            f"{linked.doubted:,} answers are doubted: infotrust register answers {register} FILE.csv lists them."
        )
    return 0


def _by_record_id(answers: Sequence[Answer], sources: Sequence[Source], name: str | None) -> tuple[Answer, ...]:
    """Answers that name rows of files, as answers that name records of the register."""
    table = {source.name: source for source in sources}

    def record(key: RecordKey) -> RecordKey:
        source = table[key[0]]
        if source.record_id is None:
            raise UserFacingError(
                f"Answers about {source.name} cannot be kept: its records have no ids.",
                next_step="Name the column of their ids with --id.",
            )
        row = int(key[1])
        if not 1 <= row <= source.table.num_rows:
            raise UserFacingError(f"{source.name} has no row {row}, about which there is an answer.")
        return name or source.name, str(source.table[source.record_id][row - 1].as_py()).strip()

    return tuple(replace(answer, one=record(answer.one), other=record(answer.other)) for answer in answers)


def output_table(linked: Linked, sources: Sequence[Source]) -> pa.Table:
    """One row per record: file, row (1 is the first after the header), id if asked for, person, weight."""
    lengths = [source.table.num_rows for source in sources]
    columns = {
        "file": pa.array([source.name for source in sources]).take(
            pa.array(np.repeat(np.arange(len(sources)), lengths))
        ),
        "row": pa.array(np.concatenate([np.arange(1, length + 1) for length in lengths])),
    }
    if any(source.record_id for source in sources):
        ids = [
            source.table[source.record_id].cast(pa.string()).combine_chunks()
            if source.record_id
            else pa.nulls(length, pa.string())
            for source, length in zip(sources, lengths, strict=True)
        ]
        columns["id"] = pa.chunked_array(ids, pa.string())
    columns["person"] = linked.person_id
    columns["weight"] = pc.if_else(np.isnan(linked.weight), None, pa.array(np.round(linked.weight, 3)))
    return pa.table(columns)


def outcome_table(linked: Linked) -> Table:
    """What became of the records, and of the persons, with the causes."""
    title = f"All was linked as a whole: {linked.whole}." if linked.whole else "Linked to what is there, by its model."
    table = _table(title, "what", "why", "how many")
    for what, count in (
        ("records new", linked.new),
        ("records corrected", linked.corrected),
        ("records unchanged", linked.unchanged),
        ("records removed", linked.removed),
        ("records to remove, not there", linked.unknown),
    ):
        if count:
            table.add_row(what, "", f"{count:,}")
    order = list(Change)
    for (change, cause), count in sorted(
        linked.counted.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
    ):
        table.add_row(f"persons {change}", cause, f"{count:,}")
    return table


def lookup_one(register: Path, said: Mapping[str, str], *, console: Console | None = None) -> int:
    """Look one record up; exit code 0 where it is one person's. Raises UserFacingError."""
    console = console or Console()
    record = {SemanticType(element): value for element, value in said.items()}
    if not any(value.strip() for value in record.values()):
        raise UserFacingError(
            "Nothing is said about the record.", next_step="Give what is known: --given ANA --birth-date 2016-03-04"
        )
    found = Desk(Register.open(register).held).lookup(record)
    console.print(found_table(found))
    return 0 if found.answered is Answered.ONE else NOT_ONE


def lookup_file(
    register: Path, queries: Path, out: Path, *, maps: Sequence[str] = (), console: Console | None = None
) -> int:
    """Look up each record of a file; write one row for each person it may be. Raises UserFacingError."""
    console = console or Console()
    files.check_out(out)
    ((source, recognized, _),) = profiling.sources_of({queries.name: files.read_table(queries)}, maps=maps)
    console.print(profiling.columns_table(source, recognized))
    desk = Desk(Register.open(register).held)
    found = [desk.lookup(record) for record in records_of(source)]
    rows = [
        {"row": row, "answered": one.answered.value, "person": candidate.person if candidate else None,
         "weight": round(candidate.weight, 3) if candidate else None,
         "probability": round(candidate.probability, 6) if candidate else None,
         "joins": candidate.joins if candidate else None, "records": candidate.records if candidate else None,
         "agrees": "; ".join(f"{field}: {how}" for field, how in candidate.agreement.items()) if candidate else None}
        for row, one in enumerate(found, 1)
        for candidate in one.candidates or (None,)
    ]  # fmt: skip
    files.write_table(pa.Table.from_pylist(rows, schema=_FOUND), out)
    table = _table(f"{len(found):,} records looked up", "ended with", "how many")
    for answered in Answered:
        table.add_row(answered.value, f"{sum(one.answered is answered for one in found):,}")
    console.print(table)
    console.print(f"Written to {out}.")
    return 0


_FOUND = pa.schema(
    [("row", pa.int64()), ("answered", pa.string()), ("person", pa.string()), ("weight", pa.float64()),
     ("probability", pa.float64()), ("joins", pa.bool_()), ("records", pa.int64()), ("agrees", pa.string())]
)  # fmt: skip


def records_of(source: Source) -> list[dict[SemanticType, str]]:
    """What each row of a file says, by element."""
    records: list[dict[SemanticType, str]] = [{} for _ in range(source.table.num_rows)]
    for kind in source.columns:
        places, texts = distinct_texts(source, kind)
        written = texts.to_pylist()
        for record, place in zip(records, places.tolist(), strict=True):
            if place >= 0:
                record[kind] = written[place]
    return records


def found_table(found: Found) -> Table:
    table = _table(
        f"Found: {found.answered}", "person", "weight", "probability", "records", "linking would join", "agrees in"
    )
    for candidate in found.candidates:
        agrees = "; ".join(f"{field}: {how}" for field, how in candidate.agreement.items())
        joins = "yes" if candidate.joins else "no"
        table.add_row(
            candidate.person, f"{candidate.weight:.1f}", f"{candidate.probability:.4f}", str(candidate.records), joins,
            agrees,
        )  # fmt: skip
    return table


def show(register: Path, *, console: Console | None = None) -> int:
    """Counts, versions and the newest events; no values. Raises UserFacingError."""
    console = console or Console()
    opened = Register.open(register)
    held, said = opened.held, opened.held.folder.read_header()
    table = _table(f"The register {register}", "", "")
    for name, value in (
        ("records", f"{opened.records:,}"),
        ("persons", f"{opened.persons:,}"),
        ("identifiers ever given", f"{held.header.persons:,}"),
        ("generation", str(held.header.generation)),
        ("written by", f"infotrust {said['written_by']}, format {said['format']}"),
        ("model", _model_told(held.header, held.fitted)),
        ("answers", f"{opened.answers().num_rows:,}, of which {opened.answers_doubted:,} to be looked at again"),
        ("changed since it was fitted", f"{held.header.changed:,} records"),
        ("cut (log2 odds)", "" if held.fitted is None else f"{held.fitted.cut * np.log2(np.e):.2f}"),
        ("compared", "" if held.fitted is None else ", ".join(one.field for one in held.fitted.comparisons)),
    ):
        table.add_row(name, value)
    console.print(table)
    count = np.bincount(held.source[: held.places][held.there], minlength=len(held.header.sources))
    sources = _table("Sources", "source", "records")
    for name, records in zip(held.header.sources, count.tolist(), strict=True):
        sources.add_row(name, f"{records:,}")
    console.print(sources)
    console.print(_history_table(opened))
    return 0


def _model_told(header: Header, fitted: Fitted | None) -> str:
    """Which version of the model it is, and what it was made from."""
    if fitted is None:
        return "none yet"
    told = f"version {header.model}, fitted on {header.fitted_at:,} records"
    lesson = fitted.lesson
    if lesson is None:
        return f"{told}; no answers to learn from"
    better = f"log loss on answers left out {lesson.loss_before:.3f} before, {lesson.loss:.3f} with it"
    return f"{told}; corrected by {lesson.used:,} answers ({lesson.slips:.0%} seem wrong; {better})"


def _history_table(register: Register) -> Table:
    lines = history_of(register.held)
    table = _table("Events by generation", "generation", "what", "why", "how many")
    kinds, counts = np.unique(lines[:, [0, 1, 4]], axis=0, return_counts=True)
    whole = np.zeros((len(kinds), 5), np.int32)
    whole[:, [0, 1, 4]], whole[:, 3] = kinds, -1
    words = in_words(whole, person_ids(register.held)[:1])
    for word, times in list(zip(words, counts.tolist(), strict=True))[-NEWEST:]:
        table.add_row(str(word["generation"]), f"persons {word['change']}", str(word["cause"]), f"{times:,}")
    return table


def resolve(register: Path, identifier: str, *, console: Console | None = None) -> int:
    """Where the records of an identifier are now. Raises UserFacingError."""
    console = console or Console()
    now = Register.open(register).resolve(identifier)
    if now == (identifier.strip().lower(),):
        console.print("The identifier stands.")
    elif now:
        console.print(f"Its records are now under {'this identifier' if len(now) == 1 else 'these identifiers'}:")
    else:
        console.print("None of its records is there any more.")
    for one in now:
        console.print(one, soft_wrap=True)
    return 0


def export(register: Path, out: Path, *, console: Console | None = None) -> int:
    """Write source, record id and person of every record. Raises UserFacingError."""
    table = Register.open(register).table().sort_by([("source", "ascending"), ("record_id", "ascending")])
    files.write_table(table, out)
    (console or Console()).print(f"{table.num_rows:,} records. Written to {out}.")
    return 0


def export_answers(register: Path, out: Path, *, console: Console | None = None) -> int:
    """Write what people said about pairs of records, and what each answer counts for. Raises UserFacingError."""
    opened = Register.open(register)
    table = opened.answers()
    files.write_table(table, out)
    console = console or Console()
    console.print(f"{table.num_rows:,} answers, {opened.answers_doubted:,} to be looked at again. Written to {out}.")
    return 0


def remove(register: Path, listed: Path, *, console: Console | None = None) -> int:
    """Take records out: a file with columns source and id. Raises UserFacingError."""
    table = files.read_table(listed)
    for column in ("source", "id"):
        if column not in table.column_names:
            raise UserFacingError(f"{listed.name} has no column {column!r}.", next_step="It needs source and id.")
    keys = zip(*(table[name].cast(pa.string()).to_pylist() for name in ("source", "id")), strict=True)
    Register.open(register)
    linked = link_to_register(register, [], remove=[(source or "", record or "") for source, record in keys])
    (console or Console()).print(outcome_table(linked))
    return 0


def refit(register: Path, *, console: Console | None = None) -> int:
    """Link all that is there as a whole with a model fitted anew; identifiers are carried over."""
    console = console or Console()
    Register.open(register)
    with console.status("Linking") as status:
        linked = link_to_register(register, [], refit=Refit.ALWAYS, progress=lambda step, *_: status.update(step))
    console.print(outcome_table(linked))
    console.print(f"The register has {linked.records:,} records of {linked.persons:,} persons.")
    return 0


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_header=any(headings))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table

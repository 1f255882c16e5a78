"""Link tables from Python: `link` takes and gives back Arrow, DuckDB, pandas and polars; the last two may be missing.

    from infotrust.core.matching import link
    result = link({"clinic": clinic, "school": school})
    result.tables["clinic"]        # as it was given, with the columns person and weight

The same records give the same persons, whatever their order or the kind of table. Nothing shows a person's value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import summary
from infotrust.core.matching.answers import Answer
from infotrust.core.matching.pipeline import Linkage, Options, Progress, link_tables
from infotrust.core.matching.reading import columns_file, said, tables
from infotrust.core.matching.reading.recognize import Recognition
from infotrust.core.matching.reading.said import LINKING, Said, Wanted
from infotrust.core.matching.reading.sources import Source
from infotrust.core.matching.relations.table import Relations, relations_of

ADDED = ("person", "weight")


@dataclass(frozen=True, repr=False)
class Result:
    """What a linkage found. linkage: persons, weights, links and manifest; see `Linkage`.

    recognized: table -> column -> what it was used as and why.
    """

    linkage: Linkage
    sources: tuple[Source, ...]
    recognized: Mapping[str, Mapping[str, Recognition]]
    given: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"<Result: {len(self.linkage.person):,} records, {self.persons:,} persons>"

    @property
    def persons(self) -> int:
        return self.linkage.persons

    @property
    def tables(self) -> dict[str, Any]:
        """Each table as it was given, of the same kind, with two more columns: person (from 1, the same number in every
        table) and weight (log2 odds of the record's strongest link inside its person; missing when it is alone).

        A file, and what is known only by the Arrow protocol, comes back as an Arrow table.
        """
        every = self.to_arrow()
        found, begin = {}, 0
        for source, given in zip(self.sources, self.given, strict=True):
            added = every.slice(begin, source.table.num_rows).select(ADDED)
            found[source.name] = tables.with_columns(given, source.table, added)
            begin += source.table.num_rows
        return found

    @property
    def table(self) -> Any:
        """The only table, as `tables` gives it. Raises UserFacingError when several were linked."""
        if len(self.sources) != 1:
            raise UserFacingError(
                f"{len(self.sources)} tables were linked.", next_step="Take one of them by name from `tables`."
            )
        return self.tables[self.sources[0].name]

    def to_arrow(self) -> pa.Table:
        """One row for each record, in the order of the tables and their rows: file, row (from 1), id if one was named,
        person (from 1), weight."""
        return output_table(self.linkage, self.sources, [source.record_id for source in self.sources])

    def to_pandas(self) -> Any:
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        return tables.polars_frame(self.to_arrow())

    def to_duckdb(self, connection: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyRelation:
        """As a relation of the connection, or of DuckDB's own."""
        return (connection or duckdb).from_arrow(self.to_arrow())

    def relations(self) -> Relations:
        """Households and parents among the persons, with their time and reasons; see `Relations`."""
        return relations_of(self.linkage, self.sources, self.recognized)

    def manifest(self) -> dict[str, Any]:
        """The run in counts, times and parameters, as `infotrust link --manifest` writes it; no values."""
        return summary.manifest(self.linkage, self.sources)


def link(
    given: Any,
    columns: Mapping[str, Any] | Path | str | None = None,
    *,
    unique: Sequence[str] = (),
    ignore: Sequence[str] = (),
    record_id: str | None = None,
    answers: Sequence[Answer] = (),
    progress: Progress | None = None,
    work: Path | None = None,
    **options: Any,
) -> Result:
    """Find which records belong to one person, within and across tables. See `Result`.

    given: a table, a sequence of tables, or tables by name; each an Arrow table or stream, a DuckDB relation, a pandas
    or polars frame, anything that speaks Arrow's or the dataframe protocol, or the path of a CSV or Parquet file.
    columns: None (recognized), {"given_name": "FNAME", "ssn": None} for every table, {"clinic": {...}} for each, or the
    path of a file as `infotrust profile --write` writes it. unique: tables that hold each person once. ignore: columns
    to leave out. record_id: a column of the tables' own numbers, by which `answers` name records (else by row, from
    1). progress: called with (step, steps done, steps in all). work: a folder where finished steps are kept until the
    run ends. options: those of `Options`, such as threshold, seed or rules. Raises UserFacingError.
    """
    named = _named(given)
    read = {name: tables.to_arrow(one, name) for name, one in named.items()}
    by_hand = said.from_options(list(read), ignore=ignore, record_id=record_id, unique=unique)
    if columns is not None:
        of_columns = _of_columns(columns, read)
        by_hand = {name: one.over(of_columns[name]) for name, one in by_hand.items()}
    said.check_columns_exist(read, by_hand)
    sources, recognized = [], {}
    for name, table in read.items():
        source, recognized[name] = said.source_of(name, table, by_hand[name])
        _check_numbers(name, table, by_hand[name].record_id)
        sources.append(replace(source, record_id=by_hand[name].record_id))
    linkage = link_tables(sources, options=Options(**options), answers=answers, progress=progress, work=work)
    return Result(linkage, tuple(sources), recognized, tuple(named.values()))


def _check_numbers(name: str, table: pa.Table, column: str | None) -> None:
    """A record number names one record. Raises UserFacingError."""
    if column is None:
        return
    told = said.numbered(table, column)
    if told.doubled or told.missing:
        raise UserFacingError(
            f"{name}: {column!r} does not number its records: {told.doubled:,} rows share a number with another row, "
            f"{told.missing:,} have none.",
            next_step="Choose a column that names each row once, or leave record_id out: rows are numbered from 1.",
        )


def _named(given: Any) -> dict[str, Any]:
    """The tables by name: a file by its own, another by its place."""
    if isinstance(given, Mapping):
        return {str(name): table for name, table in given.items()}
    if not isinstance(given, list | tuple):
        given = [given]
    called = [Path(one).name if isinstance(one, str | Path) else f"table {place}" for place, one in enumerate(given, 1)]
    for name in called:
        if called.count(name) > 1:
            raise UserFacingError(
                f"Two files are called {name!r}.", next_step="Give them by name: link({'clinic': ..., 'school': ...})."
            )
    return dict(zip(called, given, strict=True))


def _of_columns(columns: Mapping[str, Any] | Path | str, read: Mapping[str, pa.Table]) -> dict[str, Said]:
    if isinstance(columns, str | Path):
        return columns_file.read(Path(columns), {name: table.column_names for name, table in read.items()})
    each = {name: of for name, of in columns.items() if isinstance(of, Mapping)}
    shared = Said(_elements({name: of for name, of in columns.items() if name not in each}))
    for name in each:
        if name not in read:
            raise UserFacingError(
                f"There is no table {name!r} that `columns` could speak of.",
                next_step=f"The tables are: {', '.join(read)}.",
            )
    found = {name: Said(_elements(each.get(name, {}))).over(shared) for name in read}
    for name, own in each.items():
        _check_columns(name, read[name], own)
    return found


def _check_columns(name: str, table: pa.Table, own: Mapping[str, Any]) -> None:
    for wanted in own.values():
        for column in said.flat(wanted):
            if column and column not in table.column_names:
                raise UserFacingError(
                    f"{name} has no column {column!r}.", next_step=f"It has: {', '.join(table.column_names)}."
                )


def _elements(columns: Mapping[str, Any]) -> dict[SemanticType, Wanted]:
    found: dict[SemanticType, Wanted] = {}
    known = [kind.value for kind in LINKING]
    for element, wanted in columns.items():
        if element not in known:
            near = columns_file.nearest(str(element), known)
            raise UserFacingError(
                f"There is no element {element!r}.",
                next_step=f"Did you mean {near[0]}?" if near else f"Elements: {', '.join(known)}.",
            )
        found[SemanticType(element)] = wanted if wanted is None or isinstance(wanted, str) else tuple(wanted)
    return found


def output_table(linkage: Linkage, sources: Sequence[Source], ids: Sequence[str | None]) -> pa.Table:
    """One row per record: file, row (1 is the first after the header), id, person, weight.

    ids: each source's column of its own record numbers; without any there is no column id.
    """
    names = pa.array([source.name for source in sources])
    columns = {
        "file": names.take(pa.array(linkage.source_index)),
        "row": pa.array(linkage.record_index + 1),
        "person": pa.array(linkage.person + 1),
        "weight": pc.if_else(np.isnan(linkage.weight), None, pa.array(np.round(linkage.weight, 3))),
    }
    if any(ids):
        own = [chunk for one in zip(sources, ids, strict=True) for chunk in _own_ids(*one).chunks]
        columns = {"file": columns["file"], "row": columns["row"], "id": pa.chunked_array(own, pa.string()), **columns}
    return pa.table(columns)


def _own_ids(source: Source, column: str | None) -> pa.ChunkedArray:
    if column is None:
        return pa.chunked_array([pa.nulls(source.table.num_rows, pa.string())])
    return source.table[column].cast(pa.string())

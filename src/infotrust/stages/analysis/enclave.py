"""From the inventory and the holdings to what core/questions needs: permitted views, types, sealed rows.

This is where sealed storage and locked queries meet; neither knows the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
from django.utils.translation import gettext as _

from infotrust.core import vaulting
from infotrust.core.elements import DataType
from infotrust.core.errors import UserFacingError
from infotrust.core.questions import PERSON, Answer, Limits, LockedQuery, QueryRefused, View, lock, rehearse, run
from infotrust.core.questions.enclave import TYPES
from infotrust.core.questions.language import NAME, PERIOD
from infotrust.shared.holdings import services as holdings
from infotrust.stages.intake.queries import period_order
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.linkage import queries as linkage

# A category is one of a list that was agreed beforehand. Free text could hold a name.
CATEGORY_TYPES = frozenset({DataType.CODE, DataType.BOOLEAN, DataType.INTEGER})


class NothingToRead(UserFacingError):
    """A view has no records, or nobody was linked yet."""


def view_name(dataset: str) -> str:
    return dataset.replace("-", "_")


@dataclass(frozen=True)
class Schema:
    """What a statement may name: view -> column -> type, and the dataset behind each view. Names only, no values."""

    columns: dict[str, dict[str, str]]
    datasets: dict[str, str]

    def reads(self, query: LockedQuery) -> list[tuple[str, str]]:
        """The (dataset code, field name) pairs a locked query reads, in order."""
        return sorted((self.datasets[view], column) for view, column in query.reads)


def schema() -> Schema:
    """The content fields in use of every dataset. Direct identifiers are in the vault: there is no view of them."""
    codes = {view_name(dataset.code): dataset.code for dataset in inventory.datasets()}
    columns = {
        view: {each.name: each.type for each in inventory.fields(code) if _may_be_column(each.name, each.is_identifier)}
        for view, code in codes.items()
        if NAME.fullmatch(view)
    }
    return Schema(columns, {view: codes[view] for view in columns})


def _may_be_column(name: str, identifier: bool) -> bool:
    return not identifier and name not in (PERSON, PERIOD) and bool(NAME.fullmatch(name))


def locked(sql: str, known: Schema | None = None) -> LockedQuery:
    """Lock a statement and try it on empty tables; raises `QueryRefused` or `QueryFailed`."""
    known = known or schema()
    query = lock(sql, known.columns)
    rehearse(query, known.columns)
    for dimension, sources in query.labels.items():
        for view, column in sorted(sources):
            if known.columns[view][column] not in CATEGORY_TYPES:
                raise QueryRefused(
                    "free-category",
                    _("The category %(name)s would show values of %(field)s, which are not a list of codes.")
                    % {"name": dimension, "field": f"{view}.{column}"},
                    word=f"{view}.{column}",
                    next_step=_("Turn it into named categories with CASE."),
                )
    return query


@dataclass(frozen=True)
class Answered:
    """The answer, and of each dataset the generation and the periods whose rows were read (for the manifest)."""

    answer: Answer
    generations: dict[str, int]
    periods: dict[str, list[str]]


def answer(query: LockedQuery, *, limits: Limits | None = None) -> Answered:
    """Run a locked query on what is current now. Rows of periods it is not about are left where they are."""
    known = schema()
    parts = {view: holdings.paths_and_keys(known.datasets[view]) for view in sorted(query.views)}
    generations = {known.datasets[view]: holdings.generation_number(known.datasets[view]) for view in parts}
    generations["register"] = linkage.register_generation()
    register_parts = linkage.register_paths_and_keys()
    _require_present(query, known, bool(register_parts))
    con = vaulting.connect()
    try:
        views: list[View] = []
        periods: dict[str, list[str]] = {}
        for view, columns in _columns(query).items():
            source, dataset = vaulting.attach_parts(con, parts[view]), known.datasets[view]
            periods[dataset] = _periods_to_read(con, source, query.periods[view], dataset)
            rows = _rows(source, columns, known.columns[view], periods[dataset])
            views.append(View(view, tuple(columns), rows))
        register = f"(SELECT record_id, person_id FROM {vaulting.attach_parts(con, register_parts)})"  # noqa: S608
    except BaseException:
        con.close()
        raise
    made = run(query, connection=con, views=views, register=register, limits=limits)
    return Answered(made, generations, periods)


def _periods_to_read(
    con: duckdb.DuckDBPyConnection, source: str, named: frozenset[str] | None, dataset: str
) -> list[str]:
    """Return the periods to read, earliest first; raise `NothingToRead` where one that is named was not loaded.

    An answer about two years from the records of one would be wrong without showing it.
    """
    there = {period for (period,) in con.execute(f"SELECT DISTINCT {PERIOD} FROM {source}").fetchall()}  # noqa: S608
    missing = sorted(named - there) if named is not None else []
    if missing:
        raise NothingToRead(
            _("No delivery of %(dataset)s for the period %(period)s is loaded.")
            % {"dataset": dataset, "period": missing[0]},
            next_step=_("Loaded are: %(periods)s. Wait for that delivery, or ask about another period.")
            % {"periods": ", ".join(sorted(there, key=period_order)) or _("none")},
        )
    return sorted(there if named is None else named, key=period_order)


def _require_present(query: LockedQuery, known: Schema, linked: bool) -> None:
    for view, columns in _columns(query).items():
        dataset = known.datasets[view]
        if not holdings.current_parts(dataset):
            raise NothingToRead(
                _("No delivery of %(dataset)s has been loaded.") % {"dataset": dataset},
                next_step=_("Wait for its first delivery, then run the question again."),
            )
        missing = sorted({*columns, PERIOD} - set(holdings.column_names(dataset)))
        if missing:
            raise NothingToRead(
                _("The deliveries of %(dataset)s hold no field %(field)s.") % {"dataset": dataset, "field": missing[0]},
                next_step=_("Ask the agency to deliver it under an agreement that includes it."),
            )
    if not linked:
        raise NothingToRead(
            _("The records have not been linked to people yet."),
            next_step=_("Ask a linkage officer to link the records, then run the question again."),
        )


def _columns(query: LockedQuery) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for view, column in sorted(query.reads):
        columns.setdefault(view, []).append(column)
    return columns


def _rows(source: str, columns: Iterable[str], types: dict[str, str], periods: Iterable[str]) -> str:
    """Name the columns with the types the inventory declares; what an old delivery wrote otherwise is null."""
    listed = ", ".join(f'TRY_CAST("{name}" AS {TYPES[types[name]]}) AS "{name}"' for name in columns)
    quoted = ", ".join("'" + period.replace("'", "''") + "'" for period in periods)
    return f"(SELECT record_id, {PERIOD}, {listed} FROM {source} WHERE {PERIOD} IN ({quoted or 'NULL'}))"  # noqa: S608

"""Rows of the vault as linkage reads them: one for each record, that of its latest period."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import SemanticType
from infotrust.shared.vault import services as vault
from infotrust.stages.intake.queries import period_order
from infotrust.stages.linkage.plan import PlannedField

RECORD_ID = vault.RECORD_ID
# The period each row was delivered for; intake writes it beside the identifiers.
PERIOD = "period"
LongArray = npt.NDArray[np.int64]


def latest_rows(table: pa.Table) -> pa.Table:
    """Return one row for each `record_id`, without its period: that of its latest period.

    Periods may arrive in any order, so the order of the rows decides only within a period.
    """
    rank = np.zeros(table.num_rows, dtype=np.int64)
    if PERIOD in table.column_names:
        written = pc.dictionary_encode(pc.fill_null(table[PERIOD].combine_chunks(), ""))
        names = written.dictionary.to_pylist()
        place = {name: number for number, name in enumerate(sorted(names, key=period_order))}
        rank = np.array([place[name] for name in names], dtype=np.int64)[written.indices.to_numpy()]
        table = table.drop_columns([PERIOD])
    numbered = pa.table({RECORD_ID: table[RECORD_ID], "row": rank * table.num_rows + np.arange(table.num_rows)})
    latest = numbered.group_by(RECORD_ID).aggregate([("row", "max")])["row_max"].to_numpy()
    return table.take(pa.array(np.sort(latest % max(table.num_rows, 1))))


# What a period is called, and its first and last day. A school year (2025-26) is taken from July to June; where a name
# can be a month or a school year (2011-12), it is a school year, which holds the month.
_PERIODS = (
    (re.compile(r"(\d{4})"), lambda year: (date(year, 1, 1), date(year, 12, 31))),
    (re.compile(r"(\d{4})-Q([1-4])"), lambda year, quarter: _months(year, 3 * quarter - 2, 3)),
    (re.compile(r"(\d{4})-(\d{2})"), lambda year, part: _school_year_or_month(year, part)),
    (re.compile(r"(\d{4})-(\d{4})"), lambda year, part: _school_year_or_month(year, part % 100)),
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), lambda *day: (date(*day), date(*day))),
)


def days_of_period(period: str) -> tuple[date, date] | None:
    """The first and the last day of a period as agencies write it; None where its name does not tell."""
    for pattern, days in _PERIODS:
        if found := pattern.fullmatch(period.strip()):
            try:
                told: tuple[date, date] | None = days(*map(int, found.groups()))
            except ValueError:
                return None
            return told
    return None


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    after = date(year + (first + count > 12), (first + count - 1) % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(days=1)


def _school_year_or_month(year: int, part: int) -> tuple[date, date] | None:
    if part == (year + 1) % 100:
        return date(year, 7, 1), date(year + 1, 6, 30)
    return _months(year, part, 1) if 1 <= part <= 12 else None


def seen_days(table: pa.Table, latest: pa.Table) -> tuple[LongArray, LongArray]:
    """From and to which day (ordinal, 0: not known) each record said what its latest row says: by the periods for which
    it was delivered with the same values."""
    none = np.zeros(latest.num_rows, np.int64)
    if PERIOD not in table.column_names:
        return none, none
    written = pc.dictionary_encode(pc.fill_null(table[PERIOD].combine_chunks(), ""))
    days = [days_of_period(name) for name in written.dictionary.to_pylist()]
    first, last = (np.array([day[side].toordinal() if day else 0 for day in days], np.int64) for side in (0, 1))
    period = written.indices.to_numpy()
    of = pc.index_in(table[RECORD_ID], value_set=latest[RECORD_ID].combine_chunks())
    said = first[period] > 0
    for name in latest.column_names:
        now, then = pc.fill_null(latest[name].take(of), ""), pc.fill_null(table[name], "")
        said &= pc.equal(now, then).to_numpy()
    begin = np.full(latest.num_rows, np.iinfo(np.int64).max)
    end, place = none.copy(), of.to_numpy()[said]
    np.minimum.at(begin, place, first[period[said]])
    np.maximum.at(end, place, last[period[said]])
    return np.where(end > 0, begin, 0), end


def one_for_each_meaning(fields: Iterable[PlannedField]) -> tuple[PlannedField, ...]:
    """Two columns of one meaning (two telephone numbers) would have to be compared crosswise: the first is used."""
    first: dict[SemanticType, PlannedField] = {}
    for field in fields:
        first.setdefault(field.semantic, field)
    return tuple(first.values())

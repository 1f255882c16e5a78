"""Makes the deliveries: asks each agency's system for its extract, ward by ward, and spoils a few rows as life does."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.practice import columns, truth
from infotrust.core.practice.agencies import systems
from infotrust.core.practice.agencies.hmis_clients import client_file
from infotrust.core.practice.agencies.hmis_layouts import CLIENT
from infotrust.core.practice.calendar import Period, Span
from infotrust.core.practice.chance import Ints, Texts, chances
from infotrust.core.practice.county import County
from infotrust.core.practice.tables import Table
from infotrust.core.practice.ward import Ward

# The tables that the extracts read; others of these agencies are not made.
READS = {
    "schools": ("pupils", "enrollments", "pupil_years", "attendance", "discipline"),
    "early-intervention": ("children", "referrals", "enrollments"),
    "home-visiting": ("children", "caregivers", "enrollments", "visits", "screenings"),
    "snap": ("clients", "certifications", "certification_members"),
    "homeless-services": ("Project", "Client", "Enrollment", "Exit", "HealthAndDV"),
}
ONCE = ("Project",)  # comes with the first ward
FEW = 20  # a file with fewer rows is not spoiled


@dataclass(frozen=True)
class Dataset:
    """A delivery's columns that rows are told apart by, and that a spoiled row is spoiled in."""

    code: str
    key: str
    sex: str
    born: str
    no_date: str  # a day that does not exist, as this agency writes days


DATASETS = {
    one.code: one
    for one in (
        Dataset("school-enrollment", "pupil_id", "sex", "birth_date", "02/30/2015"),
        Dataset("early-intervention", "client_id", "sex", "dob", "2021-02-30"),
        Dataset("home-visiting", "enrollment_id", "child_sex", "child_birth_date", "13-01-2022"),
        Dataset("snap", "client_number", "sex", "birth_date", "20190231"),
        Dataset("homeless-clients", "personal_id", "sex", "dob", "2014-06-31"),
    )
}


@dataclass(frozen=True)
class Delivery:
    """One file, its rows in the order of its key. All of one length."""

    dataset: str
    key: str
    period: Period
    columns: dict[str, Texts]  # by name, in order; empty where there is nothing
    person: Ints  # whose each row is, as in the county's truth
    household: Ints  # where that person lives on the last day, likewise
    mistakes: Ints  # bits of `records.sheet.MECHANISMS`
    rejected: Texts  # why intake will reject the row, else empty

    def __len__(self) -> int:
        return len(self.person)


def make_deliveries(county: County, period: str = "2025-26") -> dict[str, Delivery]:
    """The delivery of each dataset for `period` (a school year such as 2025-26), as the systems stand at its end.

    Raises `UserFacingError` where the county has no such school year.
    """
    when = county.span.period(period)
    # What comes later is not known yet: the county up to the last day of the period is the same in a longer one.
    county = replace(county, span=Span(county.span.first_year, when.number + 1))
    with duckdb.connect(config={"threads": 1}) as sql:
        _set_days(sql, county, when)
        wards = [_extracts(sql, ward) for ward in county.each_ward()]
    return {code: _delivery(county, when, code, [ward[code] for ward in wards]) for code in DATASETS}


def _set_days(sql: duckdb.DuckDBPyConnection, county: County, when: Period) -> None:
    """What the extracts know of the period: `last` is its last day, each `..._since` the first that is delivered."""
    numbers, last = county.parameters.deliveries, date.fromordinal(when.last)
    values: dict[str, Any] = {"period": when.label, "last": last}
    for name in ("early_intervention", "home_visiting", "homeless_stays"):
        values[f"{name}_since"] = date(last.year - int(numbers.years[name]), 7, 1)
    for name, value in values.items():
        sql.execute(f"SET VARIABLE {name} = $1", [value])


def _extracts(sql: duckdb.DuckDBPyConnection, ward: Ward) -> dict[str, pa.Table]:
    """Each extract from the systems of one ward, with the truth as `person` and `household`."""
    for system in READS:
        sql.execute(f"CREATE SCHEMA IF NOT EXISTS {system.replace('-', '_')}")
        for table in _tables(ward, system):
            if table.layout.name not in ONCE or ward.number == 0:
                _show(sql, ward, table)
    return {code: _with_truth(ward, sql.execute(_extract(code)).to_arrow_table()) for code in DATASETS}


def _extract(code: str) -> str:
    return files(__package__).joinpath(f"{code}.sql").read_text(encoding="utf-8")


def _tables(ward: Ward, system: str) -> Iterator[Table]:
    """The tables that are read, and no more work than they take."""
    wanted = set(READS[system])
    for table in systems([system])[system].tables(ward):
        if table.layout.name in wanted:
            wanted.remove(table.layout.name)
            yield table
        if not wanted:
            return


def _show(sql: duckdb.DuckDBPyConnection, ward: Ward, table: Table) -> None:
    """Make the table known to SQL under its agency, with whose each row is where it holds people's identifiers."""
    arrow, layout = columns.to_arrow(table), table.layout
    if layout is CLIENT:
        # The export has no addresses; the continuum adds this one from its intake forms.
        zips = ward.of(client_file).sheet.address()[2]
        arrow = arrow.append_column("last_zip", pa.array(zips.tolist(), pa.string()))
    if layout.identity:
        arrow = arrow.append_column("person", pa.array(table.who)).append_column("mistakes", pa.array(table.mistakes))
    schema = layout.agency.replace("-", "_")
    sql.register("shown", arrow)
    sql.execute(f'CREATE OR REPLACE TABLE {schema}."{layout.name}" AS SELECT * FROM shown')  # noqa: S608


def _with_truth(ward: Ward, rows: pa.Table) -> pa.Table:
    """The rows with persons and households as the county's truth numbers them."""
    who = rows["person"].to_numpy()
    household = ward.number * ward.span.numbers_in_a_ward + ward.household(who, ward.span.last)
    person = truth.opaque(ward.number_of(who), ward.seed)
    rows = rows.set_column(rows.column_names.index("person"), "person", pa.array(person))
    return rows.append_column("household", pa.array(truth.opaque(household, ward.seed + 2)))


def _delivery(county: County, when: Period, code: str, wards: list[pa.Table]) -> Delivery:
    dataset, rows = DATASETS[code], pa.concat_tables(wards)
    about = {name: rows[name].to_numpy().astype(np.int64) for name in ("person", "household", "mistakes")}
    told = {name: _texts(rows[name]) for name in rows.column_names if name not in about}
    rejected = _spoil(county, dataset, told)
    order = np.argsort(told[dataset.key].astype(str), kind="stable")
    return Delivery(
        code,
        dataset.key,
        when,
        {name: column[order] for name, column in told.items()},
        **{name: column[order] for name, column in about.items()},
        rejected=rejected[order],
    )


def _texts(column: pa.ChunkedArray) -> Texts:
    """Empty texts where there is nothing."""
    made = np.empty(len(column), dtype=object)
    made[:] = pc.fill_null(column.cast(pa.string()), "").to_pylist()
    return made


def _spoil(county: County, dataset: Dataset, told: dict[str, Texts]) -> Texts:
    """Spoil a share of the rows, in place, each in one of three ways; which rows depends on their number alone."""
    rejected = np.full(len(told[dataset.key]), "", dtype=object)
    share = county.parameters.deliveries.spoiled_rows
    count = max(1, round(share * len(rejected))) if share and len(rejected) > FEW else 0
    ways = (
        (dataset.born, dataset.no_date, "invalid date"),
        (dataset.sex, "?", "unknown code"),
        (dataset.key, "", "no key"),
    )
    number = np.array([zlib.crc32(key.encode()) for key in told[dataset.key]], dtype=np.int64)
    chance = chances(f"{dataset.code} spoiled", county.seed, number)
    for turn, row in enumerate(np.lexsort((told[dataset.key].astype(str), chance))[:count]):
        column, value, reason = ways[turn % len(ways)]
        told[column][row], rejected[row] = value, reason
    return rejected

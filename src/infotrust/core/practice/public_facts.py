"""What is publicly known about the county's places, as tables: tracts by year, streets, schools, sites."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.place import Place
from infotrust.core.practice.services import LEVELS, SHELTER_KINDS
from infotrust.core.practice.streets import LOTS
from infotrust.core.practice.tables import Layout, Table
from infotrust.core.practice.terrain import MEASURES

AGENCY = "place"

TRACTS = Layout(
    AGENCY,
    "tracts",
    "Tracts by school year",
    "tract",
    {
        "tract": "six-digit tract code",
        "school_year": "such as 2016-17 (July to June)",
        "x": "miles east of the county's middle",
        "y": "miles north of the county's middle",
        "zip": "ZIP code",
        "city": "town",
        "low_income_share": "share of households below twice the poverty level, as a survey would estimate it",
        "rent": "median gross rent, dollars a month",
        "vacancy": "share of homes that stand empty",
        "violent_crime": "violent crimes for 1,000 people and year",
        "crashes": "traffic crashes for 1,000 people and year",
        "drug_sales": "police incidents of drug sales for 1,000 people and year",
    },
)
STREETS = Layout(
    AGENCY,
    "streets",
    "Address ranges: which house numbers of which street lie in which tract",
    "street",
    {
        "street": "street name as the county writes it",
        "first_number": "first house number of the block",
        "last_number": "last house number of the block",
        "city": "town; two towns may have streets of one name",
        "zip": "ZIP code",
        "tract": "six-digit tract code",
    },
)
SCHOOLS = Layout(
    AGENCY,
    "schools",
    "Public schools",
    "school",
    {
        "school": "four-digit school code",
        "name": "name",
        "level": "E kindergarten to grade 5, M 6 to 8, H 9 to 12",
        "tract": "where it stands",
    },
)
ATTENDANCE_AREAS = Layout(
    AGENCY,
    "attendance_areas",
    "The public school of each level for homes in each tract",
    "tract",
    {"tract": "six-digit tract code", "level": "E, M or H", "school": "four-digit school code"},
)
PREK_SITES = Layout(
    AGENCY,
    "prek_sites",
    "Sites of public pre-K programs",
    "site",
    {
        "site": "site code",
        "name": "name",
        "tract": "where it is",
        "seats": "children it has room for",
        "opened": "year in which its first school year began",
    },
)
SHELTERS = Layout(
    AGENCY,
    "shelters",
    "Shelters, as a public directory lists them",
    "shelter",
    {
        "shelter": "shelter code",
        "name": "name",
        "kind": f"one of {', '.join(SHELTER_KINDS)}",
        "tract": "where it is; empty for shelters of victim services, whose address is not public",
        "in_hmis": "whether it takes part in the homeless information system",
    },
)
HOSPITALS = Layout(
    AGENCY,
    "hospitals",
    "Hospitals with births",
    "hospital",
    {"hospital": "hospital code", "name": "name", "tract": "where it stands"},
)
LAYOUTS = (TRACTS, STREETS, SCHOOLS, ATTENDANCE_AREAS, PREK_SITES, SHELTERS, HOSPITALS)


def tables(place: Place, span: Span) -> Iterator[Table]:
    yield _tracts(place, span)
    yield _streets(place)
    schools, sites, shelters, hospitals = place.schools, place.prek_sites, place.shelters, place.hospitals
    yield Table(
        SCHOOLS,
        {"school": schools.code, "name": schools.name, "level": schools.level, "tract": place.code[schools.tract]},
    )
    yield _attendance_areas(place)
    where = {"tract": place.code[sites.tract], "seats": sites.seats, "opened": sites.opened}
    yield Table(PREK_SITES, {"site": sites.code, "name": sites.name, **where})
    secret = shelters.kind == SHELTER_KINDS.index("domestic_violence")
    yield Table(
        SHELTERS,
        {
            "shelter": shelters.code,
            "name": shelters.name,
            "kind": np.array(SHELTER_KINDS, dtype=object)[shelters.kind],
            "tract": np.where(secret, "", place.code[shelters.tract]).astype(object),
            "in_hmis": shelters.in_hmis,
        },
    )
    yield Table(HOSPITALS, {"hospital": hospitals.code, "name": hospitals.name, "tract": place.code[hospitals.tract]})


def _tracts(place: Place, span: Span) -> Table:
    years = len(span.periods)
    tract = np.repeat(np.arange(place.tracts), years)
    labels = np.array([period.label for period in span.periods], dtype=object)
    digits = {"rent": 0, "vacancy": 4}
    measures = {name: np.round(getattr(place, name).ravel(), digits.get(name, 2)) for name in MEASURES}
    return Table(
        TRACTS,
        {
            "tract": place.code[tract],
            "school_year": np.tile(labels, place.tracts),
            "x": np.round(place.x, 2)[tract],
            "y": np.round(place.y, 2)[tract],
            "zip": place.zip[tract],
            "city": place.city[tract],
            "low_income_share": np.round(place.poverty, 3)[tract],
            **measures,
        },
    )


def _streets(place: Place) -> Table:
    streets = place.streets
    first = streets.block_hundred * LOTS
    tract = streets.block_tract
    return Table(
        STREETS,
        {
            "street": streets.names[streets.block_street],
            "first_number": first,
            "last_number": first + LOTS - 1,
            "city": place.city[tract],
            "zip": place.zip[tract],
            "tract": place.code[tract],
        },
    )


def _attendance_areas(place: Place) -> Table:
    tract = np.tile(np.arange(place.tracts), len(LEVELS))
    return Table(
        ATTENDANCE_AREAS,
        {
            "tract": place.code[tract],
            "level": np.repeat(np.array(LEVELS, dtype=object), place.tracts),
            "school": place.schools.code[place.areas.ravel()],
        },
    )

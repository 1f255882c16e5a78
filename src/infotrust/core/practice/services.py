"""Where the county's services are: public schools with their attendance areas, pre-K sites, shelters, hospitals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Bools, Floats, Ints, Texts, choose, generator
from infotrust.core.practice.streets import Streets
from infotrust.core.practice.terrain import Patterns, standard

LEVELS = ("E", "M", "H")
SHELTER_KINDS = ("family", "single", "youth", "domestic_violence")

SCHOOL_KINDS = ("Elementary School", "Middle School", "High School")
_SITES = """
Oakridge Fairhaven Brookdale Lakeside Hillview Clearwater Meadowlark Riverbend Stonebridge Northgate Westbrook Eastlake
Southfield Cedarwood Maplecrest Pinehurst Elmhurst Willowbrook Birchwood Ashford Greenleaf Sunnyside Highpoint Ferndale
Valleyview Crestwood Glenwood Harborview Ivywood Juniper Kingsley Larchmont Millbrook Newfield Orchard Prairie Quarry
Ridgeline Silverton Thornton Union Vista Woodbury Yellowfield Amberley Bayside Copperfield Dunmore Edgemont
"""
SITE_NAMES = tuple(_SITES.split())
SHELTER_NAMES = ("Harbor", "Open Door", "Lantern", "Wayside", "New Day", "Bridge", "Haven", "Cornerstone", "Hearth")
SHELTER_TITLES = ("Family Shelter", "Shelter", "Youth House", "Safe House")  # as SHELTER_KINDS
HOSPITAL_NAMES = ("Marigold General Hospital", "Larkspur Medical Center", "Riverbend Community Hospital")


@dataclass(frozen=True)
class Schools:
    """Public schools. `level` is E (kindergarten to grade 5), M (6 to 8) or H (9 to 12)."""

    code: Texts
    name: Texts
    level: Texts
    tract: Ints


@dataclass(frozen=True)
class PrekSites:
    """Sites of public pre-K that open before the county's last year ends, in the order of opening."""

    code: Texts
    name: Texts
    tract: Ints
    seats: Ints
    opened: Ints  # calendar year in which its first school year began


@dataclass(frozen=True)
class Shelters:
    code: Texts
    name: Texts
    kind: Ints  # place in SHELTER_KINDS
    address: Ints
    tract: Ints
    in_hmis: Bools  # takes part in the homeless information system


@dataclass(frozen=True)
class Hospitals:
    """Hospitals with births; `share` of the county's births."""

    code: Texts
    name: Texts
    tract: Ints
    share: Floats


def texts(values: Iterable[str]) -> Texts:
    listed = list(values)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made


def name_of(number: int, what: str) -> str:
    """A name for the site of that number: Oakridge Elementary School, and Oakridge II when names run out."""
    again, place = divmod(number, len(SITE_NAMES))
    return f"{SITE_NAMES[place]}{f' {again + 1}' if again else ''} {what}"


def make_schools(tracts: int, seed: int, wanted: Any) -> tuple[Schools, Ints]:
    """Schools of each level, each for a few neighboring tracts; and level x tract: the school of homes there."""
    areas = np.empty((len(LEVELS), tracts), dtype=np.int64)
    code: list[str] = []
    name: list[str] = []
    level: list[str] = []
    where: list[int] = []
    shuffled = generator("place schools", seed).permutation(len(SITE_NAMES))
    for place, one in enumerate(LEVELS):
        count = max(1, round(tracts / wanted.tracts_for[one]))
        areas[place] = len(code) + np.arange(tracts) * count // tracts
        for number in range(count):
            word = number // len(SITE_NAMES) * len(SITE_NAMES) + int(shuffled[number % len(SITE_NAMES)])
            where.append(int(np.flatnonzero(areas[place] == len(code))[0]))
            code.append(f"{(place + 1) * 1000 + number + 1:04d}")
            name.append(name_of(word, SCHOOL_KINDS[place]))
            level.append(one)
    return Schools(texts(code), texts(name), texts(level), np.array(where, dtype=np.int64)), areas


def make_prek_sites(
    people: int, low_income: Floats, share: Floats, patterns: Patterns, span: Span, wanted: Any
) -> PrekSites:
    """Sites of public pre-K. Some low-income tracts have no building for one, and so none, whatever their need."""
    rng = generator("place prek", patterns.seed)
    buildings = patterns.take(patterns.draw("prek buildings"))
    needy = np.flatnonzero(low_income >= wanted.low_income_tract)
    without = needy[np.argsort(buildings[needy])[: round(len(needy) * wanted.low_income_without)]]
    seats = wanted.seats_for_a_child * wanted.children * people
    served = np.setdiff1d(needy, without)
    count = max(2, len(served), round(seats / wanted.seats_in_a_site))
    weight = share * np.exp(wanted.follows_need * standard(low_income) + (1 - wanted.follows_need) * buildings)
    weight[without] = 0
    tract = np.concatenate([served, rng.choice(len(share), size=count - len(served), p=weight / weight.sum())])
    later = rng.random(count) < wanted.opened_later
    # No site opens after the seventh year, so that the sites of a longer county are those of a shorter one.
    opened = span.first_year + np.where(later, rng.integers(1, 7, count), -rng.integers(0, 15, count))
    size = np.maximum(15, np.round(wanted.seats_in_a_site * np.exp(0.35 * rng.standard_normal(count)) / 5) * 5)
    order = np.argsort(opened, kind="stable")
    here = order[opened[order] < span.first_year + span.years]
    return PrekSites(
        code=texts(f"PK{place + 1:03d}" for place in range(len(here))),
        name=texts(name_of(place * 7 + 3, "Early Learning Center") for place in range(len(here))),
        tract=tract[here].astype(np.int64),
        seats=size[here].astype(np.int64),
        opened=opened[here].astype(np.int64),
    )


def make_shelters(people: int, poverty: Floats, streets: Streets, seed: int, wanted: Any) -> Shelters:
    """Shelters, mostly in poorer tracts. The first four are one of each kind."""
    rng = generator("place shelters", seed)
    count = max(int(wanted.fewest), round(people / wanted.people_for_one))
    kind = choose(rng.random(count), {name: wanted.kinds[name] for name in SHELTER_KINDS})
    kind[: len(SHELTER_KINDS)] = np.arange(len(SHELTER_KINDS))[:count]
    weight = np.exp(poverty)
    tract = rng.choice(len(poverty), size=count, p=weight / weight.sum())
    shares_data = rng.random(count) < wanted.in_hmis
    shares_data[:2] = True
    return Shelters(
        code=texts(f"SH{place + 1:03d}" for place in range(count)),
        name=texts(_shelter_name(place, int(one)) for place, one in enumerate(kind)),
        kind=kind,
        address=streets.draw(rng.random(count), tract),
        tract=tract.astype(np.int64),
        in_hmis=shares_data & (kind != SHELTER_KINDS.index("domestic_violence")),
    )


def _shelter_name(place: int, kind: int) -> str:
    again, first = divmod(place, len(SHELTER_NAMES))
    return f"{SHELTER_NAMES[first]}{f' {again + 1}' if again else ''} {SHELTER_TITLES[kind]}"


def make_hospitals(people: int, share: Floats, seed: int, wanted: Any) -> Hospitals:
    """Hospitals with births; the largest has about twice the births of the fourth."""
    rng = generator("place hospitals", seed)
    count = max(int(wanted.fewest), round(people / wanted.people_for_one))
    size = 1 / np.sqrt(1 + np.arange(count))
    names = [*HOSPITAL_NAMES, *(name_of(place, "Hospital") for place in range(count))][:count]
    tract = rng.choice(len(share), size=count, p=share)
    codes = texts(f"H{place + 1:02d}" for place in range(count))
    return Hospitals(codes, texts(names), tract.astype(np.int64), size / size.sum())

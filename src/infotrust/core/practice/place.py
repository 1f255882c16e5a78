"""The county as a place: who lives where, what differs between tracts and years, and where services are.

A `Place` follows from the number of people, the seed and the parameters alone, so that every process makes the same
one. Tracts lie on a plane; poverty and communities cluster on it, and each of the measures (rent, vacancy, crime,
crashes, drug sales) shares something with poverty and has a pattern of its own that no other measure has. A year's values
do not depend on how many years follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Bools, Floats, Ints, Texts, chances, choose, generator, normal
from infotrust.core.practice.parameters import Section
from infotrust.core.practice.streets import HOUSES, LARGE, SMALL, ZIP_PREFIXES, Streets, cities, street_names

MEASURES = ("rent", "vacancy", "violent_crime", "crashes", "drug_sales")
LEVELS = ("E", "M", "H")
INCOME_EDGES = np.array([1.0, 2.0, 4.0])  # the classes of `place.income.shares`, in multiples of the poverty level
SHELTER_KINDS = ("family", "single", "youth", "domestic_violence")


@dataclass(frozen=True)
class Schools:
    """Public schools. `level` is E (kindergarten to grade 5), M (6 to 8) or H (9 to 12)."""

    code: Texts
    name: Texts
    level: Texts
    tract: Ints


@dataclass(frozen=True)
class PrekSites:
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


@dataclass(frozen=True)
class Place:
    """Arrays over tracts, or tract x year number, unless their type says otherwise."""

    people: int  # inhabitants on the first day
    tracts: int
    code: Texts  # six digits
    x: Floats  # miles from the county's corner
    y: Floats
    zip: Texts
    city: Texts
    share: Floats  # of the county's households
    poverty: Floats  # share of households that are low-income, as aimed at
    mix: Floats  # tract x community: share of the tract's people
    rent: Floats  # dollars a month
    vacancy: Floats  # share of homes
    violent_crime: Floats  # for 1,000 people and year, as are the next two
    crashes: Floats
    drug_sales: Floats
    schools: Schools
    prek_sites: PrekSites
    shelters: Shelters
    hospitals: Hospitals
    streets: Streets
    areas: Ints  # level (of LEVELS) x tract: the school whose attendance area the tract is in
    edges: Floats  # community x income class x tract: cumulative share of the people of that kind

    def draw_tract(self, chance: Floats, income_ratio: Floats, community: Ints) -> Ints:
        """Where a household finds a home: `income_ratio` in multiples of the poverty level."""
        income = np.searchsorted(INCOME_EDGES, income_ratio, side="right")
        kind = community * (len(INCOME_EDGES) + 1) + income
        edges = self.edges.reshape(-1, self.tracts) + np.arange(self.edges.size // self.tracts)[:, None]
        found = np.searchsorted(edges.ravel(), kind + np.minimum(chance, 1 - 1e-12), side="right")
        return np.asarray(np.clip(found - kind * self.tracts, 0, self.tracts - 1))

    def draw_address(self, chance: Floats, tract: Ints) -> Ints:
        return self.streets.draw(chance, tract)

    def street(self, address: Ints) -> Texts:
        """House number, street and apartment."""
        return self.streets.write(address)

    def tract_of(self, address: Ints) -> Ints:
        return self.streets.tract_of(address)

    def city_of(self, address: Ints) -> Texts:
        return np.asarray(self.city[self.tract_of(address)])

    def zip_of(self, address: Ints) -> Texts:
        return np.asarray(self.zip[self.tract_of(address)])

    def school_of(self, tract: Ints, level: str) -> Ints:
        """The place in `schools` of the public school of `level` (E, M or H) for homes in each tract."""
        return np.asarray(self.areas[LEVELS.index(level), tract])


def make_place(people: int, seed: int, span: Span, parameters: Section) -> Place:
    """The place of a county of `people` inhabitants."""
    wanted, communities = parameters.place, parameters.communities.shares
    tracts = max(int(wanted.fewest_tracts), round(people / wanted.people_in_a_tract))
    x, y = _where(tracts, seed)
    share = np.exp(wanted.size_spread * generator("place sizes", seed).standard_normal(tracts))
    share /= share.sum()
    fields = _Fields(x, y, seed, wanted.neighborhood)
    poverty = _poverty_index(fields, wanted.poverty_toward_center)
    incomes = _income_classes(poverty, share, wanted)
    mix = _mix(fields, poverty, share, wanted, communities)
    low = int(np.searchsorted(INCOME_EDGES, wanted.low_income_below))
    measures = _measures(fields, poverty, seed, span, wanted)
    town, zip_code = _towns(people, x, y, share, seed, wanted)
    low_income = incomes[:, : low + 1].sum(axis=1)
    schools, areas = _schools(town, seed, wanted)
    return Place(
        people=people,
        tracts=tracts,
        code=_texts(f"{number:06d}" for number in 100 + 100 * np.arange(tracts)),
        x=x,
        y=y,
        zip=zip_code,
        city=_texts(cities()[one] for one in town),
        share=share,
        poverty=low_income,
        mix=mix,
        schools=schools,
        areas=areas,
        prek_sites=_prek_sites(people, low_income, share, fields, seed, span, wanted.prek),
        streets=(streets := _streets(x, y, town, poverty, seed, wanted)),
        shelters=_shelters(people, poverty, streets, seed, wanted.shelters),
        hospitals=_hospitals(people, share, seed, wanted.hospitals),
        edges=_edges(share, mix, incomes),
        **measures,
    )


def _texts(values: Any) -> Texts:
    values = list(values)
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


# --- the plane ---


def _where(tracts: int, seed: int) -> tuple[Floats, Floats]:
    """Coordinates in miles: a grid with its points shaken; tracts are numbered along a curve, neighbors nearby.

    About 2 square miles for a tract, as in suburban counties.
    """
    rng = generator("place plane", seed)
    side = int(np.ceil(np.sqrt(tracts)))
    cell = np.arange(tracts)
    row, column = np.divmod(cell, side)
    column = np.where(row % 2, side - 1 - column, column)
    mile = 1.4
    return (column + rng.uniform(0.15, 0.85, tracts)) * mile, (row + rng.uniform(0.15, 0.85, tracts)) * mile


class _Fields:
    """Patterns over the tracts, alike between neighbors, each uncorrelated with all before it where tracts suffice."""

    def __init__(self, x: Floats, y: Floats, seed: int, reach: float) -> None:
        self.x, self.y, self.seed = x, y, seed
        square = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
        near = reach * max(float(np.ptp(x)), float(np.ptp(y)), 1.0)
        self.kernel = np.exp(-square / (2 * near**2)) + 0.5 * np.eye(len(x))
        self.taken: list[Floats] = []

    def take(self, field: Floats) -> Floats:
        """Standardize a pattern and make all later ones uncorrelated with it."""
        field = _standard(field)
        if len(self.taken) < len(field) // 2:
            for one in self.taken:
                field = field - one * float(field @ one) / len(field)
            field = _standard(field)
            self.taken.append(field)
        return field

    def own(self, what: str) -> Floats:
        noise = generator(f"place {what}", self.seed).standard_normal(len(self.x))
        return self.take(self.kernel @ noise)


def _standard(values: Floats) -> Floats:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (spread or 1.0))


def _poverty_index(fields: _Fields, toward_center: float) -> Floats:
    """Poverty of each tract as a standard normal pattern, higher toward the center of the county."""
    center = _standard(-np.hypot(fields.x - fields.x.mean(), fields.y - fields.y.mean()))
    noise = generator("place poverty", fields.seed).standard_normal(len(center))
    pattern = _standard(fields.kernel @ noise)
    return fields.take(np.sqrt(toward_center) * center + np.sqrt(1 - toward_center) * pattern)


# --- who lives where ---


def _income_classes(poverty: Floats, share: Floats, wanted: Any) -> Floats:
    """Tract x income class: the shares of each tract's households; together they are the county's."""
    levels = np.array(list(wanted.income.shares.values()))
    lean = np.linspace(0.5, -0.5, len(levels)) * wanted.income_sorting
    return _fitted(np.exp(poverty[:, None] * lean) * levels, share, levels)


def _mix(fields: _Fields, poverty: Floats, share: Floats, wanted: Any, communities: Any) -> Floats:
    """Tract x community: the shares of each tract's people; together they are the county's."""
    pull = []
    for name in communities:
        lean = float(wanted.community_in_poverty.get(name, 0.0))
        noise = generator(f"place community {name}", fields.seed).standard_normal(len(poverty))
        own = _standard(fields.kernel @ noise)
        pull.append(lean * poverty + np.sqrt(max(0.0, 1 - lean**2)) * own)
    wishes = np.exp(wanted.segregation * np.stack(pull, axis=1))
    levels = np.array(list(communities.values()))
    return _fitted(wishes * levels, share, levels)


def _fitted(weights: Floats, rows: Floats, columns: Floats) -> Floats:
    """Rows that add up to 1 each and, weighted with `rows`, to `columns` (Deming and Stephan 1940)."""
    table = weights * rows[:, None]
    for _ in range(200):
        table *= (columns / np.maximum(table.sum(axis=0), 1e-300))[None, :]
        table *= (rows / table.sum(axis=1))[:, None]
    return np.asarray(table / rows[:, None])


def _edges(share: Floats, mix: Floats, incomes: Floats) -> Floats:
    """Community x income class x tract: cumulative shares of where people of that kind live."""
    joint = share[None, None, :] * mix.T[:, None, :] * incomes.T[None, :, :]
    edges = np.cumsum(joint, axis=2)
    edges /= edges[:, :, -1:]
    return edges


# --- what differs between tracts and years ---


def _measures(fields: _Fields, poverty: Floats, seed: int, span: Span, wanted: Any) -> dict[str, Floats]:
    return {name: _measure(name, fields.own(name), poverty, seed, span, wanted[name]) for name in MEASURES}


def _measure(name: str, own: Floats, poverty: Floats, seed: int, span: Span, wanted: Any) -> Floats:
    """Tract x year: lasting differences, partly with poverty, and a year's own that fade from year to year."""
    lasting = wanted.spread * (wanted.poverty * poverty + np.sqrt(1 - wanted.poverty**2) * own)
    tract, years = np.arange(len(own)), []
    passing = np.zeros(len(own))
    for number in range(span.years):
        year = span.first_year + number
        new = normal(*(chances(f"place {name} {part}", seed, tract, year) for part in ("one", "two")))
        keep = wanted.memory if number else 0.0
        passing = keep * passing + np.sqrt(1 - keep**2) * new
        years.append(wanted.middle * np.exp(lasting + wanted.yearly * passing + wanted.growth * number))
    values = np.stack(years, axis=1)
    return np.minimum(values, 0.6) if name == "vacancy" else values


# --- towns, streets ---


def _towns(people: int, x: Floats, y: Floats, share: Floats, seed: int, wanted: Any) -> tuple[Ints, Texts]:
    """Town (place in the list of cities; 0 is the central one) and ZIP code of each tract."""
    rest = (1 - wanted.central_city) * people
    towns = int(np.clip(round(rest / wanted.people_in_a_town), 1, len(cities()) - 1))
    away = np.hypot(x - x.mean(), y - y.mean())
    order = np.argsort(away)
    central = np.cumsum(share[order]) <= wanted.central_city
    central[0] = True
    town = np.zeros(len(x), dtype=np.int64)
    outside = order[~central]
    angle = np.arctan2(y - y.mean(), x - x.mean())[outside]
    rank = np.argsort(np.argsort(angle))
    town[outside] = 1 + rank * towns // max(len(outside), 1)
    return town, _zips(town, int(wanted.tracts_in_a_zip))


def _zips(town: Ints, size: int) -> Texts:
    """ZIP codes: a few neighboring tracts of one town each."""
    codes = np.empty(len(town), dtype=object)
    number = 0
    for one in np.unique(town):
        inside = np.flatnonzero(town == one)
        for start in range(0, len(inside), size):
            number += 1
            text = f"{ZIP_PREFIXES[number // 100]}{number % 100:02d}"
            codes[inside[start : start + size]] = text
    return codes


def _streets(x: Floats, y: Floats, town: Ints, poverty: Floats, seed: int, wanted: Any) -> Streets:
    """Each town's blocks, dealt out to its streets along neighboring tracts."""
    blocks, length = int(wanted.blocks_in_a_tract), int(wanted.blocks_of_a_street)
    tracts = len(town)
    tract = np.repeat(np.arange(tracts), blocks)
    kind, edge = _block_kinds(poverty, blocks, tract, wanted.buildings)
    street, hundred = np.empty(len(tract), dtype=np.int64), np.empty(len(tract), dtype=np.int64)
    names: list[str] = []
    for one in np.unique(town):
        inside = np.flatnonzero(town[tract] == one)
        count = -(-len(inside) // length)
        # Six tracts in a row of the county share a set of streets; each street takes a few blocks in each of them.
        rank = np.arange(len(inside))
        group = rank // (blocks * 6)
        shuffled = np.lexsort((chances("street of block", seed, inside), group))
        placed = np.empty(len(inside), dtype=np.int64)
        placed[shuffled] = rank
        street[inside] = len(names) + placed // length
        hundred[inside] = _hundreds(placed // length, inside, seed, int(one))
        names += street_names(count, seed, int(one))
    return Streets(_texts(names), street, hundred, kind, tract, edge)


def _hundreds(street: Ints, block: Ints, seed: int, town: int) -> Ints:
    """Hundreds along each street in the order of its blocks, from its own first hundred on."""
    order = np.lexsort((block, street))
    first = np.searchsorted(street[order], street)
    rank = np.empty(len(street), dtype=np.int64)
    rank[order] = np.arange(len(street))
    start = 1 + (chances("first hundred", seed, town, street) ** 2 * 60).astype(np.int64)
    return np.asarray(start + rank - first)


def _block_kinds(poverty: Floats, blocks: int, tract: Ints, shares: Any) -> tuple[Ints, Floats]:
    """What stands in each block, and `Streets.edge`. Apartment houses are more frequent in poorer tracts."""
    lean = np.array([-0.35, 0.25, 0.35])
    homes = np.array([shares[name] for name in ("houses", "small", "large")]) * np.exp(poverty[:, None] * lean)
    homes /= homes.sum(axis=1, keepdims=True)
    # Three of four blocks are houses, one of six small buildings, one of twelve large ones; every tract has each kind.
    place = np.arange(len(tract)) % blocks
    kind = np.select([place % 12 == 0, place % 6 == 3], [LARGE, SMALL], HOUSES)
    each = homes[tract, kind] / np.bincount(kind[:blocks], minlength=3)[kind]
    each = each.reshape(-1, blocks)
    cumulative = np.cumsum(each, axis=1)
    cumulative /= cumulative[:, -1:]
    return kind.astype(np.int64), (cumulative + np.arange(len(poverty))[:, None]).ravel()


# --- services ---


SCHOOL_KIND = {"E": "Elementary School", "M": "Middle School", "H": "High School"}
SCHOOL_NAMES = """
Oakridge Fairhaven Brookdale Lakeside Hillview Clearwater Meadowlark Riverbend Stonebridge Northgate Westbrook Eastlake
Southfield Cedarwood Maplecrest Pinehurst Elmhurst Willowbrook Birchwood Ashford Greenleaf Sunnyside Highpoint Valley View
Crestwood Ferndale Glenwood Harborview Ivywood Juniper Kingsley Larchmont Millbrook Newfield Orchard Prairie Quarry
Ridgeline Silverton Thornton Union Vista Woodbury Yellowstone Amberley Bayside Copperfield Dunmore Edgemont
""".replace("Valley View", "Valleyview")


def _schools(town: Ints, seed: int, wanted: Any) -> tuple[Schools, Ints]:
    """Schools by level, each for a few neighboring tracts, and the school of each level for each tract."""
    tracts, names = len(town), SCHOOL_NAMES.split()
    areas = np.empty((len(LEVELS), tracts), dtype=np.int64)
    code, title, level, where = [], [], [], []
    shuffled = generator("place schools", seed).permutation(len(names))
    for place, one in enumerate(LEVELS):
        size = int(wanted.schools.tracts_for[one])
        count = max(1, round(tracts / size))
        areas[place] = len(code) + np.arange(tracts) * count // tracts
        for number in range(count):
            word = names[shuffled[number % len(names)]]
            again = number // len(names)
            code.append(f"{(place + 1) * 1000 + number + 1:04d}")
            title.append(f"{word} {f'{again + 1} ' if again else ''}{SCHOOL_KIND[one]}")
            level.append(one)
            where.append(int(np.flatnonzero(areas[place] == len(code) - 1)[0]))
    return Schools(_texts(code), _texts(title), _texts(level), np.array(where)), areas


def _prek_sites(
    people: int, low_income: Floats, share: Floats, fields: _Fields, seed: int, span: Span, wanted: Any
) -> PrekSites:
    """Sites of public pre-K. Some low-income tracts have no building for one, and so none, whatever their need."""
    rng = generator("place prek", seed)
    buildings, tracts = fields.own("prek buildings"), len(share)
    needy = np.flatnonzero(low_income >= wanted.low_income_tract)
    without = needy[np.argsort(buildings[needy])[: round(len(needy) * wanted.low_income_without)]]
    seats = wanted.seats_for_a_child * wanted.children * people
    count = max(2, len(needy) - len(without), round(seats / wanted.seats_in_a_site))
    first = np.setdiff1d(needy, without)
    weight = share * np.exp(wanted.follows_need * _standard(low_income) + (1 - wanted.follows_need) * buildings)
    weight[without] = 0
    more = rng.choice(tracts, size=count - len(first), p=weight / weight.sum())
    tract = np.concatenate([first, more])
    later = rng.random(count) < wanted.opened_later
    opened = span.first_year + np.where(later, rng.integers(1, 7, count), -rng.integers(0, 15, count))
    size = np.maximum(15, np.round(wanted.seats_in_a_site * np.exp(0.35 * rng.standard_normal(count)) / 5) * 5)
    order = np.lexsort((np.arange(count), opened))
    open_by_the_end = order[opened[order] < span.first_year + span.years]
    names = SCHOOL_NAMES.split()
    titles = _texts(f"{names[int(place * 7 + 3) % len(names)]} Early Learning {place + 1}" for place in range(count))
    here = open_by_the_end
    codes = _texts(f"PK{place + 1:03d}" for place in range(len(here)))
    return PrekSites(
        codes, titles[: len(here)], tract[here], size[here].astype(np.int64), opened[here].astype(np.int64)
    )


def _shelters(people: int, poverty: Floats, streets: Streets, seed: int, wanted: Any) -> Shelters:
    """Shelters, mostly in poorer tracts. The first four are one of each kind; victim services never share names."""
    rng = generator("place shelters", seed)
    count = max(int(wanted.fewest), round(people / wanted.people_for_one))
    kind = choose(rng.random(count), {name: wanted.kinds[name] for name in SHELTER_KINDS})
    kind[: len(SHELTER_KINDS)] = np.arange(len(SHELTER_KINDS))[:count]
    weight = np.exp(poverty)
    tract = rng.choice(len(poverty), size=count, p=weight / weight.sum())
    shares_data = rng.random(count) < wanted.in_hmis
    shares_data[0] = True
    names = _texts(
        f"{SHELTER_NAMES[place % len(SHELTER_NAMES)]} {SHELTER_TITLES[one]}" for place, one in enumerate(kind)
    )
    return Shelters(
        code=_texts(f"SH{place + 1:03d}" for place in range(count)),
        name=names,
        kind=kind,
        address=streets.draw(rng.random(count), tract),
        tract=tract,
        in_hmis=shares_data & (kind != SHELTER_KINDS.index("domestic_violence")),
    )


SHELTER_NAMES = ("Harbor", "Open Door", "Lantern", "Wayside", "New Day", "Bridge", "Haven", "Cornerstone", "Hearth")
SHELTER_TITLES = ("Family Shelter", "Shelter", "Youth House", "Safe House")
HOSPITAL_NAMES = ("Marigold General Hospital", "Larkspur Medical Center", "Riverbend Community Hospital")


def _hospitals(people: int, share: Floats, seed: int, wanted: Any) -> Hospitals:
    rng = generator("place hospitals", seed)
    count = max(int(wanted.fewest), round(people / wanted.people_for_one))
    size = 1 / np.sqrt(1 + np.arange(count))
    names = [
        HOSPITAL_NAMES[place] if place < len(HOSPITAL_NAMES) else f"{SCHOOL_NAMES.split()[place]} Hospital"
        for place in range(count)
    ]
    tract = rng.choice(len(share), size=count, p=share)
    return Hospitals(_texts(f"H{place + 1:02d}" for place in range(count)), _texts(names), tract, size / size.sum())

"""The county as a place: who lives where, what differs between tracts and years, and where services are.

A `Place` follows from the number of people, the seed and the parameters alone, so that every process makes the same
one. A year's values do not depend on how many years follow. See `terrain`, `streets` and `services`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice import services, streets, terrain
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Floats, Ints, Texts, generator
from infotrust.core.practice.parameters import Section
from infotrust.core.practice.services import LEVELS, SHELTER_KINDS, Hospitals, PrekSites, Schools, Shelters
from infotrust.core.practice.streets import Streets
from infotrust.core.practice.terrain import INCOME_EDGES, MEASURES

__all__ = ["INCOME_EDGES", "LEVELS", "MEASURES", "SHELTER_KINDS", "Place", "Shelters", "make_place"]


@dataclass(frozen=True)
class Place:
    """Arrays over tracts, or tract x year number, unless a comment says otherwise."""

    people: int  # inhabitants on the first day
    tracts: int
    code: Texts  # six digits
    x: Floats  # miles east of the county's middle
    y: Floats  # miles north of it
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
    edges: Floats  # community x income class x tract: cumulative share of those of that kind who move there
    classes: Floats  # tract x income class: shares of the tract's households aimed at

    def draw_tract(self, chance: Floats, income_ratio: Floats, community: Ints) -> Ints:
        """Where a household finds a home: `income_ratio` in multiples of the poverty level."""
        income = np.searchsorted(INCOME_EDGES, income_ratio, side="right")
        kind = community * (len(INCOME_EDGES) + 1) + income
        edges = self.edges.reshape(-1, self.tracts) + np.arange(self.edges.size // self.tracts)[:, None]
        found = np.searchsorted(edges.ravel(), kind + np.minimum(chance, 1 - 1e-12), side="right")
        return np.asarray(np.clip(found - kind * self.tracts, 0, self.tracts - 1), dtype=np.int64)

    def fit(self, tract: Ints, income_ratio: Floats) -> Floats:
        """How much more frequent households of each income are in the tract than in the county: 1 where as frequent."""
        income = np.searchsorted(INCOME_EDGES, income_ratio, side="right")
        return np.asarray(self.classes[tract, income] / (self.share @ self.classes)[income])

    def draw_address(self, chance: Floats, tract: Ints) -> Ints:
        """An address in each tract, as a number that the methods below write out."""
        return self.streets.draw(chance, tract)

    def street(self, address: Ints) -> Texts:
        """House number, street and apartment: 1432 Oak Street Apt 204."""
        return self.streets.write(address)

    def block(self, address: Ints) -> Texts:
        """The address without its house: 1400 block Oak Street."""
        return self.streets.write_block(address)

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
    wanted = parameters.place
    tracts = max(int(wanted.fewest_tracts), round(people / wanted.people_in_a_tract))
    x, y = terrain.lie(tracts, seed)
    share = np.exp(wanted.size_spread * generator("place sizes", seed).standard_normal(tracts))
    share /= share.sum()
    patterns = terrain.Patterns(x, y, seed, wanted.neighborhood)
    poverty = terrain.poverty_index(patterns, wanted.poverty_toward_center)
    measures = terrain.measures(patterns, poverty, seed, span, wanted)
    incomes = terrain.income_classes(poverty, share, wanted)
    movers = terrain.income_classes(poverty, share, wanted, wanted.movers_sort)
    mix = terrain.community_mix(patterns, poverty, share, wanted, parameters.communities.shares)
    low_income = incomes[:, INCOME_EDGES.searchsorted(wanted.low_income_below) :: -1].sum(axis=1)
    town, zip_code = streets.towns(people, x, y, share, wanted)
    laid = streets.lay_streets(town, poverty, seed, wanted)
    schools, areas = services.make_schools(tracts, seed, wanted.schools)
    return Place(
        people=people,
        tracts=tracts,
        code=services.texts(f"{number:06d}" for number in 100 + 100 * np.arange(tracts)),
        x=x,
        y=y,
        zip=zip_code,
        city=services.texts(streets.CITIES[one] for one in town),
        share=share,
        poverty=low_income,
        mix=mix,
        schools=schools,
        areas=areas,
        prek_sites=services.make_prek_sites(people, low_income, share, patterns, span, wanted.prek),
        shelters=services.make_shelters(people, poverty, laid, seed, wanted.shelters),
        hospitals=services.make_hospitals(people, share, seed, wanted.hospitals),
        streets=laid,
        edges=terrain.settling(share, mix, movers),
        classes=incomes,
        **measures,
    )

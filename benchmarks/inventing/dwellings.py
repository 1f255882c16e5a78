"""Dwellings for the generated files: towns, streets, houses, apartments, in an order where neighbors stand close."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice import streets
from infotrust.core.practice.chance import Ints, Texts

TOGETHER = 48  # dwellings along one hundred house numbers: 48 houses, or two buildings of 24 apartments
HUNDREDS = 6  # of a street
IN_BUILDINGS = 0.35  # of the hundreds are apartment buildings
IN_A_ZIP = 4_000
STREETS_IN_A_TOWN = 1_500  # at most; a larger town has two of one name, in different ZIP codes
BUILDING = 24


@dataclass(frozen=True)
class Dwellings:
    """house, unit: numbers (unit 0 for houses); street, city, zip: texts. All by the dwelling's place."""

    house: Ints
    unit: Ints
    street: Ints  # place in `streets`
    streets: Texts
    city: Ints  # place in `cities`
    cities: Texts
    zip: Texts

    def __len__(self) -> int:
        return len(self.house)


def build(count: int, seed: int) -> Dwellings:
    """That many dwellings in thirty towns, the first the largest."""
    rng = np.random.default_rng([seed, 2])
    place = np.arange(count)
    cities = np.array(streets.CITIES, dtype=object)
    share = 1.0 / (np.arange(len(cities)) + 2.0)
    edges = np.round(np.cumsum(share / share.sum()) * count / IN_A_ZIP) * IN_A_ZIP  # ZIP codes do not cross towns
    city = np.searchsorted(edges, place, side="right").clip(max=len(cities) - 1)
    hundred, door = np.divmod(place, TOGETHER)
    street_number, block = np.divmod(hundred, HUNDREDS)
    city_of_street = city[:: TOGETHER * HUNDREDS]
    names, street_name = _street_names(city_of_street, seed, rng)
    building = rng.random(hundred[-1] + 1) < IN_BUILDINGS
    tall = building[hundred]
    base = rng.integers(1, 40, len(city_of_street))[street_number] + block
    house = base * 100 + np.where(tall, 10 + 50 * (door // BUILDING), 2 * door + 1)
    flat = door % BUILDING
    unit = np.where(tall, (flat // 6 + 1) * 100 + flat % 6 + 1, 0)
    area = place // IN_A_ZIP
    zips = [
        f"{streets.ZIP_PREFIXES[one // 100 % len(streets.ZIP_PREFIXES)]}{one % 100:02d}" for one in range(area[-1] + 1)
    ]
    return Dwellings(
        house, unit, street_name[street_number], names, city, cities, np.array(zips, dtype=object)[area]
    )  # fmt: skip


def _street_names(city: Ints, seed: int, rng: np.random.Generator) -> tuple[Texts, Ints]:
    """The different names, and for each street the place of its own among them."""
    name = np.empty(len(city), dtype=object)
    for one in np.unique(city):
        mine = np.flatnonzero(city == one)
        known = streets.street_names(min(len(mine), STREETS_IN_A_TOWN), seed, int(one))
        name[mine] = np.array(known, dtype=object)[rng.permutation(len(mine)) % len(known)]
    names, place = np.unique(name.astype(str), return_inverse=True)
    return names.astype(object), place

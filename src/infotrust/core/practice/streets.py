"""The county's streets: names of our own, and addresses as numbers that can be written out.

An address is `block * ROOM + offset`: the offset says which lot of the block, and which apartment. A block is a
hundred house numbers of one street ("1400 to 1499 Oak Street"); a street has blocks in several neighboring tracts. Two
towns may both have an Oak Street, so that street and number without town or ZIP code do not name one home.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats, Ints, Texts, chances

ROOM = 4096  # addresses there is room for in a block
LOTS = 100  # house numbers in a block

# Kinds of blocks: how many buildings stand in them, and how many homes each building has.
HOUSES, SMALL, LARGE = 0, 1, 2
BUILDINGS = np.array([LOTS, 25, 10])
HOMES_IN_A_BUILDING = np.array([1, 6, 40])

# Town names. Made up; none is meant to be a real town.
_CITIES = """
Marigold|Larkspur|Foxglove|Aster Falls|Yarrow|Clover Creek|Bluestem|Tansy Hill|Goldenrod|Sweetgrass|Lupine Lake|Sorrel|
Mallow Springs|Teasel|Bergamot|Columbine Ridge|Milkweed Junction|Verbena|Chicory|Sundrop|Wild Plum|Buttonbush|Catmint|
Trillium Park|Harebell|Bellflower Heights|Sedge Meadow|Speedwell|Coneflower|Indigo Mills
"""
CITIES = tuple(name.strip() for name in _CITIES.split("|"))

# ZIP codes begin with groups of three digits that the Postal Service has not given out.
ZIP_PREFIXES = ("348", "345", "343", "353", "419", "428", "429")

# The more common first: a town draws its street names mostly from the beginning.
NAMES = """
Main Oak Maple Cedar Pine Elm Washington Lake Hill Walnut Spring North Ridge Church Willow Mill Sunset Railroad Jackson
Jefferson Highland Park Dogwood Lincoln River Meadow Forest Adams Franklin Chestnut Spruce Laurel Magnolia Holly Poplar
Hickory Sycamore Birch Cherry Locust Vine Grove Orchard Prospect Union Center Court School Mechanic Liberty Monroe
Madison Harrison Grant Douglas Cleveland Valley Creek Brook Pond Heron Falcon Quail Robin Sparrow Deer Fox Bear Clover
Primrose Violet Lily Tulip Iris Rose Daisy Ivy Fern Sage Juniper Hawthorn Linden Beech Cypress Sequoia Canyon Mesa
Quarry Granite Slate Copper Silver Summit Vista Harbor Bay Shore Mariner Anchor Windmill Farmstead Harvest Orchid
Stonegate Brookside Fairview Lakeview Hillcrest Woodland Greenfield Kingston Oxford Cambridge Devon Essex Sheffield
Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Academy Airport Alder Amber Apple Arbor
Ash Aspen Autumn Barn Basswood Beacon Berry Bishop Blackberry Bluebird Bluff Boxwood Bridge Broad Buckeye Butternut
Camp Canal Cardinal Carriage Cavalry Chapel Clay Clearwater College Commerce Cottonwood Country Cove Crescent Crossing
Depot Dove Eagle East Eastwood Echo Edgewood Elder Elmwood Evergreen Fairfield Ferry Field Finch Garden Gate Glen Goose
Grandview Hamilton Hawk Hazel Heather Hemlock Hollow Homestead Hospital Hunter Industrial Ironwood Jay Knoll Lark
Lavender Library Market Marsh Mason Mockingbird Moss Mountain Mulberry Nectar Northwood Oakwood Olive Otter
Overlook Partridge Pasture Pear Pebble Pecan Pheasant Pinecrest Plum Prairie Raccoon Raven Redbud Ridgewood Riverside
Rock Rosewood Saddle Sandy Sassafras Shady South Springfield Spur Station Stone Stream Sugar Swan Sweetgum Tamarack
Tanager Taylor Terrace Thistle Timber Trail Turnpike Twin Upland Valleyview Wagon Warbler Water West Westwood Wheat
Wilderness Windsor Winter Wood Wren
"""
KINDS = (
    "Street",
    "Avenue",
    "Road",
    "Drive",
    "Lane",
    "Court",
    "Boulevard",
    "Way",
    "Place",
    "Circle",
    "Terrace",
    "Trail",
)
DIRECTIONS = ("", "North ", "South ", "East ", "West ")
UNIT_WORDS = ("Apt", "Apt", "Apt", "Unit", "#")


def street_names(count: int, seed: int, city: int) -> list[str]:
    """`count` different street names for a town: common ones likely, kinds and directions mixed."""
    names, found = NAMES.split(), dict.fromkeys([""])
    batch = np.arange(max(4 * count, 64))
    for attempt in range(40):
        one, two, three = (chances(f"street {part}", seed, city, attempt, batch) for part in ("name", "kind", "side"))
        name = (one**1.5 * len(names)).astype(int)
        kind = (two**1.7 * len(KINDS)).astype(int)
        side = np.maximum((three * 12).astype(int) - 7, 0)
        found |= dict.fromkeys(
            f"{DIRECTIONS[s]}{names[n]} {KINDS[k]}" for n, k, s in zip(name, kind, side, strict=True)
        )
        if len(found) > count:
            return list(found)[1 : count + 1]
    raise ValueError(f"the list of street names is too short for {count} streets in one town")


@dataclass(frozen=True)
class Streets:
    """The blocks of the county, sorted by tract. `edge`: tract plus the share of the tract's homes up to the block."""

    names: Texts  # one for each street
    block_street: Ints
    block_hundred: Ints  # 14 for 1400 to 1499
    block_kind: Ints  # HOUSES, SMALL, LARGE
    block_tract: Ints
    edge: Floats

    def draw(self, chance: Floats, tract: Ints) -> Ints:
        """An address in each tract, each home of a block as likely as another."""
        aim = tract + np.minimum(chance, 1 - 1e-12)
        block = np.minimum(np.searchsorted(self.edge, aim, side="right"), len(self.edge) - 1)
        before = np.where(block > 0, self.edge[block - 1], 0.0)
        within = np.clip((aim - before) / (self.edge[block] - before), 0, 1 - 1e-9)
        kind = self.block_kind[block]
        return np.asarray(block * ROOM + (within * BUILDINGS[kind] * HOMES_IN_A_BUILDING[kind]).astype(np.int64))

    def tract_of(self, address: Ints) -> Ints:
        return np.asarray(self.block_tract[address // ROOM])

    def number_and_unit(self, address: Ints) -> tuple[Ints, Ints]:
        """House number, and the apartment's (0 without any)."""
        block, offset = np.divmod(address, ROOM)
        kind = self.block_kind[block]
        building, home = np.divmod(offset, HOMES_IN_A_BUILDING[kind])
        step = LOTS // BUILDINGS[kind]
        irregular = (chances("house number", 0, block, building) * step).astype(np.int64)
        number = self.block_hundred[block] * LOTS + building * step + irregular
        floor, door = np.divmod(home, 8)
        return number, np.where(kind == HOUSES, 0, np.where(kind == SMALL, home + 1, (floor + 1) * 100 + door + 1))

    def write(self, address: Ints) -> Texts:
        """House number, street and apartment: 1432 Oak Street Apt 204."""
        unique, where = np.unique(address, return_inverse=True)
        number, unit = self.number_and_unit(unique)
        block, offset = np.divmod(unique, ROOM)
        building = offset // HOMES_IN_A_BUILDING[self.block_kind[block]]
        word = (chances("unit word", 0, block, building) * len(UNIT_WORDS)).astype(np.int64)
        parts = zip(number.tolist(), self.names[self.block_street[block]], unit.tolist(), word.tolist(), strict=True)
        texts = np.empty(len(unique), dtype=object)
        texts[:] = [
            f"{house} {street} {UNIT_WORDS[one]} {door}" if door else f"{house} {street}"
            for house, street, door, one in parts
        ]
        return np.asarray(texts[where])

    def write_block(self, address: Ints) -> Texts:
        """The hundred of the street without the house: 1400 block Oak Street."""
        block, where = np.unique(address // ROOM, return_inverse=True)
        hundreds, names = self.block_hundred[block].tolist(), self.names[self.block_street[block]]
        texts = np.empty(len(block), dtype=object)
        texts[:] = [f"{hundred * LOTS} block {street}" for hundred, street in zip(hundreds, names, strict=True)]
        return np.asarray(texts[where])


# --- laying them out ---

TRACTS_TOGETHER = 6  # neighboring tracts that share a set of streets


def towns(people: int, x: Floats, y: Floats, share: Floats, wanted: Any) -> tuple[Ints, Texts]:
    """Town (place in CITIES; 0 is the central one) and ZIP code of each tract. Other towns lie around it."""
    away = np.hypot(x, y)
    order = np.argsort(away)
    central = np.cumsum(share[order]) <= wanted.central_city
    central[0] = True
    outside = order[~central]
    count = round((1 - wanted.central_city) * people / wanted.people_in_a_town)
    count = int(np.clip(count, 1, min(len(CITIES) - 1, max(len(outside), 1))))
    town = np.zeros(len(x), dtype=np.int64)
    rank = np.argsort(np.argsort(np.arctan2(y, x)[outside]))
    town[outside] = 1 + rank * count // max(len(outside), 1)
    return town, _zips(town, int(wanted.tracts_in_a_zip))


def _zips(town: Ints, size: int) -> Texts:
    """ZIP codes: a few neighboring tracts of one town each."""
    codes = np.empty(len(town), dtype=object)
    number = 0
    for one in np.unique(town):
        inside = np.flatnonzero(town == one)
        for start in range(0, len(inside), size):
            number += 1
            codes[inside[start : start + size]] = f"{ZIP_PREFIXES[number // 100]}{number % 100:02d}"
    return codes


def lay_streets(town: Ints, poverty: Floats, seed: int, wanted: Any) -> Streets:
    """Each town's blocks, dealt out to its streets along neighboring tracts."""
    blocks, length = int(wanted.blocks_in_a_tract), int(wanted.blocks_of_a_street)
    tract = np.repeat(np.arange(len(town)), blocks)
    kind, edge = _block_kinds(poverty, blocks, wanted)
    street, hundred = np.empty(len(tract), dtype=np.int64), np.empty(len(tract), dtype=np.int64)
    names: list[str] = []
    for one in np.unique(town):
        inside = np.flatnonzero(town[tract] == one)
        group = np.arange(len(inside)) // (blocks * TRACTS_TOGETHER)
        placed = np.empty(len(inside), dtype=np.int64)
        placed[np.lexsort((chances("street of block", seed, inside), group))] = np.arange(len(inside))
        street[inside] = len(names) + placed // length
        hundred[inside] = _hundreds(street[inside], seed)
        names += street_names(-(-len(inside) // length), seed, int(one))
    listed = np.empty(len(names), dtype=object)
    listed[:] = names
    return Streets(listed, street, hundred, kind, tract, edge)


def _hundreds(street: Ints, seed: int) -> Ints:
    """Hundreds along each street in the order of its blocks, from its own first hundred on."""
    order = np.argsort(street, kind="stable")
    rank = np.empty(len(street), dtype=np.int64)
    rank[order] = np.arange(len(street))
    before = np.searchsorted(street[order], street)
    start = 1 + (chances("first hundred", seed, street) ** 2 * 60).astype(np.int64)
    return np.asarray(start + rank - before)


def _block_kinds(poverty: Floats, blocks: int, wanted: Any) -> tuple[Ints, Floats]:
    """What stands in each block, and `Streets.edge`. Every tract has some blocks of each kind.

    Three of four blocks are houses, one of six small buildings, one of twelve large ones; how many homes are in each
    kind follows from the parameters, and from the tract's poverty.
    """
    kinds = ("houses", "small", "large")
    lean = np.array([wanted.buildings_in_poverty[name] for name in kinds])
    homes = np.array([wanted.buildings[name] for name in kinds]) * np.exp(poverty[:, None] * lean)
    homes /= homes.sum(axis=1, keepdims=True)
    place = np.arange(blocks)
    kind = np.select([place % 12 == 0, place % 6 == 3], [LARGE, SMALL], HOUSES)
    cumulative = np.cumsum((homes / np.bincount(kind, minlength=3))[:, kind], axis=1)
    cumulative /= cumulative[:, -1:]
    edge = np.asarray((cumulative + np.arange(len(poverty))[:, None]).ravel(), dtype=np.float64)
    return np.tile(kind, len(poverty)).astype(np.int64), edge

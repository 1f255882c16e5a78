"""The county's streets: names of our own, and addresses as numbers that can be written out.

An address is `block * ROOM + offset`: the offset says which lot of the block, and which apartment. A block is a
hundred house numbers of one street ("1400 to 1499 Oak Street"); a street has blocks in several neighboring tracts. Two
towns may both have an Oak Street, so that street and number without town or ZIP code do not name one home.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Floats, Ints, Texts, chances

ROOM = 4096  # addresses there is room for in a block
LOTS = 100  # house numbers in a block

# Kinds of blocks: how many buildings stand in them, and how many homes each building has.
HOUSES, SMALL, LARGE = 0, 1, 2
BUILDINGS = np.array([LOTS, 25, 10])
HOMES_IN_A_BUILDING = np.array([1, 6, 40])

# Town names. Made up; none is meant to be a real town.
CITIES = """
Marigold|Larkspur|Foxglove|Aster Falls|Yarrow|Clover Creek|Bluestem|Tansy Hill|Goldenrod|Sweetgrass|Lupine Lake|Sorrel
Mallow Springs|Teasel|Bergamot|Columbine Ridge|Milkweed Junction|Verbena|Chicory|Sundrop|Wild Plum|Buttonbush|Catmint
Trillium Park|Harebell|Bellflower Heights|Sedge Meadow|Speedwell|Coneflower|Indigo Mills
"""

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


def cities() -> list[str]:
    return CITIES.replace("\n", "|").strip("|").split("|")


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
    """The blocks of the county, sorted by tract. `edge` is tract plus the share of the tract's homes up to the block."""

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

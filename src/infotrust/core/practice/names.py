"""Names of a made-up population: who is called what, by community, sex and year of birth.

Everything is drawn from a chance, so a person keeps the name whoever else is named. `names.toml` holds the lists.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, Texts

# In the order of `communities.shares` in the parameters; a person's `community` is the place in it.
COMMUNITIES = (
    "english", "black", "hispanic", "vietnamese", "chinese", "arabic",
    "south_asian", "korean", "filipino", "eastern_european", "haitian", "native",
)  # fmt: skip

# Flattens the top of the rank-frequency law: the most common given name of a cohort has a few per cent, not a third.
OFFSET = 12.0


@dataclass(frozen=True)
class NameList:
    """Names, the more common first, with the share of each added up."""

    names: Texts
    cumulative: Floats

    def draw(self, chance: Floats) -> Texts:
        place = np.searchsorted(self.cumulative, chance, side="right")
        return self.names[np.minimum(place, len(self.names) - 1)]


def name_list(text: str) -> NameList:
    names = list(dict.fromkeys(text.split()))
    weight = 1 / (np.arange(1, len(names) + 1) + OFFSET)
    return NameList(np.array(names, dtype=object), np.cumsum(weight) / weight.sum())


@cache
def book() -> dict[str, Any]:
    """The file `names.toml`, read once."""
    return tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """The short forms that go with a formal given name."""
    return {name: tuple(short) for name, short in book()["nicknames"].items()}


@cache
def _family_list(community: str) -> NameList:
    lists = book()["family"]
    return name_list(lists.get({"arabic": "arab"}.get(community, community), lists["english"]))


@cache
def _given_list(community: str, sex: str, era: str) -> NameList:
    every = book()["given"]
    lists = every.get({"arabic": "arab"}.get(community, community), {})
    return name_list(lists.get(f"{sex}_{era}") or lists.get(f"{sex}_recent") or every["english"][f"{sex}_{era}"])


def family_names(chance: Floats, community: Ints) -> Texts:
    """A surname for each chance, as common as it is in the community (place in COMMUNITIES)."""
    drawn = np.full(len(chance), "", dtype=object)
    for place in np.unique(community):
        mine = community == place
        drawn[mine] = _family_list(COMMUNITIES[place]).draw(chance[mine])
    return drawn


def given_names(chance: Floats, community: Ints, male: Bools, birth_year: Ints) -> Texts:
    """A given name for each chance, as common as it is in the community among those born in the year."""
    drawn = np.full(len(chance), "", dtype=object)
    era = np.where(birth_year < 1975, 0, np.where(birth_year < 2000, 1, 2))
    group = (community * 2 + male) * 3 + era
    for one in np.unique(group):
        mine = group == one
        place, sex, when = one // 6, "fm"[one // 3 % 2], ("older", "middle", "recent")[one % 3]
        drawn[mine] = _given_list(COMMUNITIES[place], sex, when).draw(chance[mine])
    return drawn

"""Names of a made-up population: who is called what, by sex, community and year of birth.

A name's share falls with its rank as 1 / (rank + offset): a plain form of the rank-frequency law that names follow
(Zipf's). A share of rare surnames is put together from parts, so that the long tail is there too.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]
Random = np.random.Generator

# Flattens the top of the rank-frequency law: the most common given name of a cohort has a few per cent, not a third.
OFFSET = 12.0


@dataclass(frozen=True)
class NameList:
    """Names, the more common first, with the share of each."""

    names: Texts
    cumulative: NDArray[np.float64]

    def draw(self, rng: Random, count: int) -> Texts:
        return self.names[np.searchsorted(self.cumulative, rng.random(count), side="right")]


def name_list(text: str) -> NameList:
    names = list(dict.fromkeys(text.split()))
    weight = 1 / (np.arange(1, len(names) + 1) + OFFSET)
    cumulative = np.cumsum(weight) / weight.sum()
    cumulative[-1] = 1.0
    return NameList(np.array(names, dtype=object), cumulative)


@cache
def book() -> dict[str, Any]:
    """The file `names.toml`, read once."""
    return tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    return {name: tuple(short) for name, short in book()["nicknames"].items()}


@cache
def _family_list(community: str) -> NameList:
    return name_list(book()["family"][community])


@cache
def _given_list(community: str, sex: str, era: str) -> NameList:
    lists = book()["given"].get(community, {})
    text = lists.get(f"{sex}_{era}")
    if text is None and era != "recent" and community not in ("english", "black"):
        text = lists.get(f"{sex}_recent")
    return name_list(text or book()["given"]["english"][f"{sex}_{era}"])


def rare_family_names(rng: Random, count: int) -> Texts:
    parts = book()["family"]["parts"]
    first, second = np.array(parts["first"].split(), dtype=object), np.array(parts["second"].split(), dtype=object)
    return np.asarray(rng.choice(first, count) + rng.choice(second, count), dtype=object)


def draw_family_names(rng: Random, communities: NDArray[np.str_], rare: dict[str, float]) -> Texts:
    """Draw a surname for each element of `communities`; `rare` gives each community's share of rare names."""
    drawn = np.empty(len(communities), dtype=object)
    for community in np.unique(communities):
        mine = np.flatnonzero(communities == community)
        drawn[mine] = _family_list(str(community)).draw(rng, len(mine))
        unusual = mine[rng.random(len(mine)) < rare.get(str(community), 0.0)]
        drawn[unusual] = rare_family_names(rng, len(unusual))
    return drawn


def era_of(years: NDArray[np.int64]) -> NDArray[np.str_]:
    """The naming era of a year of birth."""
    return np.where(years < 1975, "older", np.where(years < 2000, "middle", "recent"))


def draw_given_names(
    rng: Random,
    communities: NDArray[np.str_],
    sexes: NDArray[np.str_],
    years: NDArray[np.int64],
    english_share: dict[str, float],
) -> Texts:
    """Draw a given name by community, sex ("M" or "F") and year; `english_share` take a name of the English list."""
    eras = era_of(years)
    share = np.array([english_share.get(str(community), 0.0) for community in communities])
    listed = np.where(rng.random(len(communities)) < share, "english", communities)
    drawn = np.empty(len(communities), dtype=object)
    for community in np.unique(listed):
        for sex in ("M", "F"):
            for era in ("older", "middle", "recent"):
                mine = np.flatnonzero((listed == community) & (sexes == sex) & (eras == era))
                drawn[mine] = _given_list(str(community), sex.lower(), era).draw(rng, len(mine))
    return drawn

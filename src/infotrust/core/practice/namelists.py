"""The lists behind `names`: names of a community with the share of each, the long tail included.

Published counts come first; what the published tables leave out as rare is put together from parts (`names.toml`).
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats, Texts
from infotrust.core.practice.parameters import load_parameters

# In the order of `communities.shares` in the parameters; a person's `community` is the place in it.
COMMUNITIES = (
    "english", "black", "hispanic", "vietnamese", "chinese", "arabic",
    "south_asian", "korean", "filipino", "eastern_european", "haitian", "native",
)  # fmt: skip

# The Census group in which a community's surnames are counted, and the group of the table of given names.
SURNAME_GROUP = {
    "english": "white", "black": "black", "hispanic": "hispanic", "vietnamese": "asian", "chinese": "asian",
    "arabic": "everybody", "south_asian": "asian", "korean": "asian", "filipino": "asian", "eastern_european": "white",
    "haitian": "black", "native": "native",
}  # fmt: skip
GIVEN_GROUP = {
    "english": "white", "black": "black", "hispanic": "hispanic", "vietnamese": "asian", "chinese": "asian",
    "arabic": "white", "south_asian": "asian", "korean": "asian", "filipino": "asian", "eastern_european": "white",
    "haitian": "black", "native": "white",
}  # fmt: skip
GROUPS = ("white", "black", "asian", "hispanic")
# Per cent of the bearers of a given name that no list knows, by group: near the adults' of the table; and of one that
# `given.groups` gives to a group.
UNKNOWN = {"white": 82.0, "black": 8.0, "asian": 2.0, "hispanic": 8.0}
MOSTLY, HARDLY = 85.0, 1.0
TAIL_BEGINS_LATE = 5  # the 1970s: from then on rare given names are of the newer kind

# Shape of the rank-frequency law (Zipf's, flattened at the top) where only an order is known.
OFFSET = 8.0
TAIL_OFFSET, TAIL_POWER = 200.0, 0.6


@dataclass(frozen=True)
class Part:
    """Names with their shares of the part added up."""

    names: Texts
    cumulative: Floats

    def draw(self, chance: Floats) -> Texts:
        place = np.searchsorted(self.cumulative, chance, side="right")
        return np.asarray(self.names[np.minimum(place, len(self.names) - 1)], dtype=object)


@dataclass(frozen=True)
class NameList:
    """Parts, such as well-known and rare names, with the share of each. A name may stand in two parts."""

    parts: tuple[tuple[Part, float], ...]

    def draw(self, chance: Floats) -> Texts:
        drawn, low = np.full(len(chance), "", dtype=object), 0.0
        for part, share in self.parts:
            mine = (chance >= low) & (chance < low + share) if part is not self.parts[-1][0] else chance >= low
            drawn[mine] = part.draw((chance[mine] - low) / share)
            low += share
        return drawn

    def shares(self) -> dict[str, float]:
        """Each name with its share."""
        found: dict[str, float] = {}
        for part, share in self.parts:
            for name, weight in zip(part.names, np.diff(part.cumulative, prepend=0.0).tolist(), strict=True):
                found[name] = found.get(name, 0.0) + weight * share
        return found


Weighted = dict[str, float]


def _part(names: Weighted) -> Part:
    cumulative = np.cumsum(list(names.values()))
    return Part(np.array(list(names), dtype=object), cumulative / cumulative[-1])


def _list(*parts: tuple[Part, float]) -> NameList:
    """The parts that have any names and a share; the shares add up to 1."""
    whole = sum(share for _, share in parts)
    return NameList(tuple((part, share / whole) for part, share in parts if share > 0))


# --- files ---


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in _text(name).splitlines() if not line.startswith("#"))


@cache
def book() -> dict[str, Any]:
    """The file `names.toml`, read once."""
    return tomllib.loads(_text("names.toml"))


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """The short forms that go with a formal given name (without accents)."""
    return {name: tuple(short.split()) for name, short in book()["nicknames"].items()}


@cache
def usual_naming() -> Any:
    """The county's own `naming` parameters."""
    return load_parameters().naming


@cache
def _census() -> dict[str, Weighted]:
    """People in hundreds by surname, for each group."""
    found: dict[str, Weighted] = {"everybody": {}, "white": {}, "black": {}, "asian": {}, "native": {}, "hispanic": {}}
    for name, count, white, black, asian, native, hispanic in _rows("surnames.tsv"):
        found["everybody"][name] = float(count)
        for group, percent in zip(list(found)[1:], (white, black, asian, native, hispanic), strict=True):
            found[group][name] = float(count) * float(percent) / 100
    return found


@cache
def _births() -> tuple[dict[str, dict[str, list[float]]], dict[str, dict[str, float]]]:
    """Births per 100,000 in each decade by sex and name; per cent of each name's bearers by group."""
    births: dict[str, dict[str, list[float]]] = {"M": {}, "F": {}}
    groups: dict[str, dict[str, float]] = {}
    mostly = {name: group for group, text in book()["given"]["groups"].items() for name in text.split()}
    for row in _rows("given.tsv"):
        name, sex, known, numbers = row[0], row[1], row[2:6], row[6:]
        births[sex][name] = [float(number or 0) for number in numbers]
        if known[0]:
            groups[name] = {group: float(percent) for group, percent in zip(GROUPS, known, strict=True)}
        elif name in mostly:
            groups[name] = {group: MOSTLY if group == mostly[name] else HARDLY for group in GROUPS}
    return births, groups


# --- surnames ---


@cache
def surnames(community: str, rare: float, own_spelling: float) -> NameList:
    """Surnames of a community; `rare` is the share of names that the Census table leaves out."""
    known = _known_surnames(community)
    return _list((_part(_respelled(known, "surnames", own_spelling)), 1 - rare), (_tail(community), rare))


def _known_surnames(community: str) -> Weighted:
    counts, lists = _census()[SURNAME_GROUP[community]], book()["family"]
    if community in ("english", "eastern_european"):
        eastern = _eastern_european(tuple(counts))
        return {name: count for name, count in counts.items() if (name in eastern) == (community != "english")}
    if community not in lists:
        return counts
    found = {}
    for entry in lists[community].split():
        name, _, share = entry.partition(":")
        found[name] = max(counts.get(name, 0.0), 1.0) * float(share or 1)
    return found


@cache
def _eastern_european(names: tuple[str, ...]) -> frozenset[str]:
    lists = book()["family"]
    endings, others = tuple(lists["eastern_european"].split()), set(lists["not_eastern_european"].split())
    return frozenset(name for name in names if name.endswith(endings) and name not in others and len(name) > 4)


@cache
def _tail(community: str) -> Part:
    """Rare surnames from parts, in an order of their own; none that the Census table knows."""
    known = _census()["everybody"]
    made = {
        _joined(first, ending)
        for firsts, endings in _pairs(community)
        for first in firsts.split()
        for ending in endings.split()
    }
    fit = sorted((name for name in made if name not in known), key=_shuffled)
    return _part(_by_rank(fit, TAIL_OFFSET, TAIL_POWER))


def _pairs(community: str) -> list[list[str]]:
    """First parts and endings; `english 0 4` stands for these two of the English lists."""
    parts = book()["tail"][community]
    if not isinstance(parts, str):
        return list(parts)
    other, *places = parts.split()
    return [book()["tail"][other][int(place)] for place in places]


def _shuffled(name: str) -> int:
    return zlib.crc32(name.encode())


def _joined(first: str, ending: str) -> str:
    if ending == "_":
        return first
    if first == "Mc" or first.endswith("-") or ending.startswith("-"):
        return (first + ending).replace("--", "-")
    return first + ending.lower()


def _by_rank(names: list[str], offset: float, power: float = 1.0) -> Weighted:
    weights = (np.arange(1, len(names) + 1) + offset) ** -power
    return dict(zip(names, weights.tolist(), strict=True))


@cache
def _spellings(kind: str) -> dict[str, str]:
    pairs = (pair.split("=") for pair in book()["written"][kind].split())
    return {plain: own.replace("_", " ") for plain, own in pairs if plain != own}


def _respelled(names: Weighted, kind: str, share: float) -> Weighted:
    """The names with a share of the bearers of some of them who write it with accents, blanks or apostrophes."""
    found = dict(names)
    for plain, own in _spellings(kind).items():
        if plain in names:
            found[plain], found[own] = names[plain] * (1 - share), names[plain] * share
    return found


# --- given names ---


@cache
def given(community: str, sex: str, decade: int, own: float, own_spelling: float) -> NameList:
    """Given names of those born in a decade (0: the 1920s); `own` is the share of names from the family's language."""
    common = _known_given(GIVEN_GROUP[community], sex, decade)
    if community in ("hispanic", "filipino"):
        common = _part(_respelled(_births_of(GIVEN_GROUP[community], sex, decade), "given", own_spelling))
    rare = _rare_given(sex, decade)
    listed = _listed(community, sex)
    if community in ("hispanic", "haitian"):
        listed = _respelled(listed, "given", own_spelling)
    own = own if listed else 0.0
    tail = _given_tail(sex, "late" if decade >= TAIL_BEGINS_LATE else "early")
    others = common, (1 - own) * (1 - rare)
    return _list((_part(listed) if listed else common, own), others, (tail, (1 - own) * rare))


def _births_of(group: str, sex: str, decade: int) -> Weighted:
    """Births in a decade to one group, by name: per 100,000 and 100 of all."""
    births, groups = _births()
    return {
        name: counts[decade] * groups.get(name, UNKNOWN)[group]
        for name, counts in births[sex].items()
        if counts[decade]
    }


@cache
def _known_given(group: str, sex: str, decade: int) -> Part:
    return _part(_births_of(group, sex, decade))


@cache
def _rare_given(sex: str, decade: int) -> float:
    """The share of a decade's births whose names the table leaves out."""
    return max(0.0, 1 - sum(counts[decade] for counts in _births()[0][sex].values()) / 100_000)


@cache
def _listed(community: str, sex: str) -> Weighted:
    text = book()["given"]["own"].get(f"{community}_{sex.lower()}", "")
    return _by_rank([name.replace("_", " ") for name in dict.fromkeys(text.split())], OFFSET)


@cache
def _given_tail(sex: str, kind: str) -> Part:
    firsts, endings = book()["given"]["tail"][f"{kind}_{sex.lower()}"]
    known = _births()[0][sex]
    made = {first + ending for first in firsts.split() for ending in endings.split()}
    fit = sorted((name for name in made if len(name) > 3 and name not in known), key=_shuffled)
    return _part(_by_rank(fit, TAIL_OFFSET, TAIL_POWER))


@cache
def middle(community: str, sex: str) -> NameList:
    """Names that are more common in second place than in first."""
    lists = book()["given"]["middle"]
    text = lists.get(f"{community}_{sex.lower()}", lists[sex.lower()])
    weighted: Weighted = {}
    for rank, name in enumerate(text.split()):
        plain = name.replace("_", " ")
        weighted[plain] = weighted.get(plain, 0.0) + 1 / (rank + OFFSET)
    return _list((_part(weighted), 1.0))

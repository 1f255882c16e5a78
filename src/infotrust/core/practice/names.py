"""Names of a made-up population: who is called what, by community, sex and year of birth.

Each name is drawn from a chance, so a person keeps the name whoever else is named. How common a name is comes from
published tables (`surnames.tsv`, `given.tsv`: their first lines say which); `names.toml` says which of them are whose,
and has the parts of which rare names are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from infotrust.core.practice import namelists
from infotrust.core.practice.chance import Bools, Floats, Ints, Texts
from infotrust.core.practice.namelists import COMMUNITIES, NameList, nicknames

__all__ = ["COMMUNITIES", "family_names", "given_names", "middle_names", "nicknames"]

DECADES = tuple(range(1920, 2030, 10))
# Names from the language of the family are kept more often by those born before this year.
BORN_ABROAD_BEFORE = 1990


def family_names(chance: Floats, community: Ints, naming: Any = None) -> Texts:
    """A surname for each chance, as common as it is in the community (place in COMMUNITIES).

    `naming` is that section of the parameters; the county's own where left out.
    """
    naming = namelists.usual_naming() if naming is None else naming
    spelled = float(naming.own_spelling)

    def names(place: int) -> NameList:
        code = COMMUNITIES[place]
        return namelists.surnames(code, float(naming.rare_surnames.get(code, 0.0)), spelled)

    return _drawn(chance, community, names)


def given_names(chance: Floats, community: Ints, male: Bools, birth_year: Ints, naming: Any = None) -> Texts:
    """A given name for each chance, as common as it is in the community among those of the sex born in the decade."""
    naming = namelists.usual_naming() if naming is None else naming
    spelled = float(naming.own_spelling)
    decade = np.clip((birth_year - DECADES[0]) // 10, 0, len(DECADES) - 1)

    def names(group: int) -> NameList:
        code, sex, number = COMMUNITIES[group // 22], "FM"[group // 11 % 2], group % 11
        kept = naming.own_given_names_since_1990
        if DECADES[number] < BORN_ABROAD_BEFORE:
            kept = naming.own_given_names_before_1990
        return namelists.given(code, sex, number, float(kept.get(code, 0.0)), spelled)

    return _drawn(chance, (community * 2 + male) * len(DECADES) + decade, names)


def middle_names(chance: Floats, community: Ints, male: Bools, birth_year: Ints, naming: Any = None) -> Texts:
    """A middle name for each chance: a given name of the same kind, or one that is common in second place."""
    naming = namelists.usual_naming() if naming is None else naming
    share = float(naming.usual_middle_names)
    usual = chance < share
    rest = (chance - share) / (1 - share) if share < 1 else chance
    drawn = given_names(np.clip(rest, 0.0, None), community, male, birth_year, naming)
    group = (community * 2 + male)[usual]
    drawn[usual] = _drawn(
        chance[usual] / max(share, 1e-12), group, lambda one: namelists.middle(COMMUNITIES[one // 2], "FM"[one % 2])
    )
    return drawn


def _drawn(chance: Floats, group: Ints, names: Callable[[int], NameList]) -> Texts:
    drawn = np.full(len(chance), "", dtype=object)
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.diff(group[order])) + 1
    for mine in _parts(order, edges):
        drawn[mine] = names(int(group[mine[0]])).draw(chance[mine])
    return drawn


def _parts(order: Ints, edges: Ints) -> Iterable[Ints]:
    return (part for part in np.split(order, edges) if len(part))

"""Who stands beside whom: the other twin, the nearest sibling, the one who keeps a household. Facts of a ward."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Ints
from infotrust.core.practice.ward import Ward


def other_twins(ward: Ward) -> Ints:
    """For each person the one born next in the same delivery (the first after the last), else -1."""
    people = ward.people
    many = np.flatnonzero((people.plurality > 1) & (people.delivery >= 0))
    return _next_in_group(
        len(ward), many[np.lexsort((people.birth_order[many], people.delivery[many]))], people.delivery
    )


def siblings(ward: Ward) -> Ints:
    """For each person the next older child of the same mother, else -1. Nobody's changes when another is born."""
    people = ward.people
    known = np.flatnonzero(people.mother >= 0)
    ordered = known[np.lexsort((people.birth_order[known], people.birth[known], people.mother[known]))]
    older = np.full(len(ward), -1, dtype=np.int64)
    same = people.mother[ordered[1:]] == people.mother[ordered[:-1]]
    older[ordered[1:][same]] = ordered[:-1][same]
    return older


def keepers(ward: Ward) -> Ints:
    """For each household the eldest of those who founded it, else -1."""
    homes, birth = ward.homes, ward.people.birth
    keeper = np.full(ward.households, -1, dtype=np.int64)
    founders_last = np.lexsort((birth[homes.owner], homes.first))[::-1]
    keeper[homes.household[founders_last]] = homes.owner[founders_last]
    return keeper


def _next_in_group(count: int, ordered: Ints, group: Ints) -> Ints:
    """Each member of a group is followed by the next, the last by the first. `ordered` has group after group."""
    following = np.full(count, -1, dtype=np.int64)
    if not len(ordered):
        return following
    mine = group[ordered]
    starts = np.flatnonzero(np.r_[True, mine[1:] != mine[:-1]])
    after = np.roll(ordered, -1)
    ends = np.r_[starts[1:], len(ordered)] - 1
    after[ends] = ordered[starts]
    following[ordered] = np.where(after == ordered, -1, after)
    return following

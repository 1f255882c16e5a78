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
    """For each person the next child of the same mother (the eldest after the youngest), else -1."""
    people = ward.people
    known = np.flatnonzero(people.mother >= 0)
    return _next_in_group(len(ward), known[np.lexsort((people.birth[known], people.mother[known]))], people.mother)


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


def keepers(ward: Ward) -> Ints:
    """For each household the eldest person who ever lives in it, else -1."""
    keeper = np.full(ward.households, -1, dtype=np.int64)
    youngest_first = np.argsort(-ward.people.birth[ward.homes.owner], kind="stable")
    keeper[ward.homes.household[youngest_first]] = ward.homes.owner[youngest_first]
    return keeper

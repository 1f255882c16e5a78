"""Foster care, in the county's years and in the records from before them: the report before it, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, choose
from infotrust.core.practice.facts.protection import ADULT, first_removals, removal_reports, reports
from infotrust.core.practice.ward import NEVER, PLACEMENTS, Ward

OUTCOMES = ("reunified", "adopted", "guardianship", "aged_out", "other_placement", "moved_away", "died")
REUNIFIED, ADOPTED, GUARDIANSHIP, AGED_OUT, OTHER_PLACEMENT, MOVED_AWAY, DIED = range(len(OUTCOMES))
STILL = -1
NEARLY = 31  # days before a birthday that count as the birthday


@dataclass(frozen=True)
class Ends:
    """One element for each of the ward's placements, in their order."""

    report: Ints  # place in `Reports` of the report before the removal; -1 where it was before the county's years
    outcome: Ints  # place in OUTCOMES; STILL where the child is in care on the county's last day


def ends(ward: Ward) -> Ends:
    return Ends(_reports_before(ward), _outcomes(ward))


def _reports_before(ward: Ward) -> Ints:
    """That of the removal with which the episode began."""
    kept, every = ward.placements, ward.of(reports)
    found = np.full(len(kept.child), -1, dtype=np.int64)
    if not len(kept.child) or not len(every.child):
        return found
    begins = first_removals(ward)
    child, day = removal_reports(ward)
    key = every.day * 10**7 + every.child
    place = np.minimum(np.searchsorted(key, day * 10**7 + child), len(key) - 1)
    found[begins] = np.where(key[place] == day * 10**7 + child, place, -1)
    first = np.zeros(len(found), dtype=np.bool_)
    first[begins] = True
    order = np.lexsort((kept.first, kept.child))
    episode = np.maximum.accumulate(np.where(first[order], np.arange(len(order)), 0))
    found[order] = found[order][episode]
    return found


def _outcomes(ward: Ward) -> Ints:
    """By what the child's life says: where it lives on the day care ends, with whom, and how old it is."""
    kept, people = ward.placements, ward.people
    child, last = kept.child, kept.last
    over = (last != NEVER) & (last <= ward.span.last)
    day = np.where(over, last, ward.span.last)
    grown = ward.age(child, day + NEARLY) >= ADULT
    at_home = _with_parent(ward, child, day)
    stays = ward.household(child, day) == kept.household
    for_good = np.where(kept.kind == PLACEMENTS.index("kinship"), GUARDIANSHIP, ADOPTED)
    outcome = np.where(at_home | ~stays, REUNIFIED, for_good)
    outcome = np.where(last < ward.span.first, _before_the_county(ward, child, last), outcome)
    outcome = np.where(grown, AGED_OUT, outcome)
    outcome = np.where(_goes_on(ward), OTHER_PLACEMENT, outcome)
    outcome = np.where(people.departure[child] <= day, MOVED_AWAY, outcome)
    outcome = np.where(people.death[child] <= day, DIED, outcome)
    return np.where(over, outcome, STILL)


def _before_the_county(ward: Ward, child: Ints, last: Ints) -> Ints:
    """Nobody's life says how care ended that was over before the county began; a chance does."""
    shares = ward.parameters.protection.earlier_outcomes
    return np.array([OUTCOMES.index(name) for name in shares])[choose(ward.chance("care ended", child, last), shares)]


def _with_parent(ward: Ward, child: Ints, day: Ints) -> Bools:
    home = ward.household(child, day)
    found = np.zeros(len(child), dtype=np.bool_)
    for parent in (ward.people.mother[child], ward.people.father[child]):
        known = np.maximum(parent, 0)
        found |= (parent >= 0) & (ward.household(known, day) == home) & (ward.people.death[known] > day)
    return found


def _goes_on(ward: Ward) -> Bools:
    """Whether another placement of the child follows at once."""
    kept = ward.placements
    order = np.lexsort((kept.first, kept.child))
    follows = np.zeros(len(order), dtype=np.bool_)
    same = kept.child[order][1:] == kept.child[order][:-1]
    follows[order[:-1]] = same & (kept.last[order][:-1] >= kept.first[order][1:] - 1)
    return follows

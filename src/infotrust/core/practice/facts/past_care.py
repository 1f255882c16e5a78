"""Foster care before the county's first year: what the agency's old records still tell about people who live here now.

Mothers who were in care themselves are known only from these records, since most of them grew up before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, choose, normal
from infotrust.core.practice.facts.odds import logistic
from infotrust.core.practice.ward import ALWAYS, YEAR, Ward

OUTCOMES = ("reunified", "adopted", "guardianship", "aged_out", "died", "moved_away")
ADULT = 18


@dataclass(frozen=True)
class PastCare:
    """One element for each episode; each ended before the county's first day."""

    child: Ints
    first: Ints
    last: Ints
    kind: Ints  # place in ward.PLACEMENTS
    reason: Ints  # place in ward.REMOVALS
    outcome: Ints  # place in OUTCOMES


def past_care(ward: Ward) -> PastCare:
    """Episodes of those who live here from the first day; one for each of them at most."""
    numbers = ward.parameters.protection.past_care
    people = ward.people
    at_risk = np.flatnonzero((people.arrival == ALWAYS) & (people.birth < ward.span.first))
    base = np.log(numbers.ever_by_18 / (1 - numbers.ever_by_18)) - numbers.need**2 / 2
    chosen = ward.chance("past care", at_risk) < logistic(base + numbers.need * people.need[at_risk])
    child = at_risk[chosen]
    ages = np.array([*numbers.age, ADULT])
    band = choose(ward.chance("past care: age", child), numbers.age)
    age = ages[band] + (ages[band + 1] - ages[band]) * ward.chance("past care: within", child)
    first = people.birth[child] + (age * YEAR).astype(np.int64)
    deviation = normal(ward.chance("past care: one", child), ward.chance("past care: two", child))
    stay = np.maximum(3, numbers.median_stay * np.exp(numbers.spread * deviation)).astype(np.int64)
    adult = people.birth[child] + int(ADULT * YEAR)
    last = np.minimum(first + stay, adult)
    outcome = choose(ward.chance("past care: outcome", child), numbers.outcomes)
    outcome = np.where(last == adult, OUTCOMES.index("aged_out"), outcome)
    known = (first >= date(int(numbers.records_from), 1, 1).toordinal()) & (last < ward.span.first)
    kind = choose(ward.chance("past care: kind", child), numbers.kinds)
    reason = choose(ward.chance("past care: reason", child), numbers.reasons)
    return PastCare(*(one[known] for one in (child, first, last, kind, reason, outcome)))


def was_in_care(ward: Ward, who: Ints, on: Ints) -> Bools:
    """Whether each person was ever removed before the day, by the old records or in the county's years."""
    first = np.full(len(ward), np.iinfo(np.int64).max)
    past = ward.of(past_care)
    for child, day in ((past.child, past.first), (ward.placements.child, ward.placements.first)):
        np.minimum.at(first, child, day)
    return np.asarray((who >= 0) & (first[np.maximum(who, 0)] < on))

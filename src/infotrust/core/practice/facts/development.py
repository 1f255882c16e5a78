"""How young children truly develop, before any agency sees them: how far behind their age they are, and why.

`lag` is measured in standard deviations behind children of the same age. Without help it fades slowly; help makes it
fade faster, the more so the earlier it begins (`rate_of_help`). Agencies only ever see ratings and evaluations of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, choose, normal
from infotrust.core.practice.facts.births import ANOMALIES, births
from infotrust.core.practice.ward import DISABILITIES, YEAR, Ward

OUTCOMES = ("social", "knowledge", "needs")  # the three child outcomes of IDEA
CONDITIONS = (
    "none", "down_syndrome", "genetic", "hearing_loss", "vision_loss", "cerebral_palsy", "very_preterm", "cleft",
    "autism",
)  # fmt: skip
EARLIEST = 6  # years: children born so long before the first day are in programs when the county begins
_NAMED = {"none": 0, **{name: place for place, name in enumerate(CONDITIONS)}}


@dataclass(frozen=True)
class Development:
    """One element for each child who is under six at some time, in the order of persons."""

    child: Ints
    birth: Ints
    seen_from: Ints  # first day in the county
    seen_to: Ints  # first day elsewhere, or of death
    lag: Floats  # at birth, were it already to be seen
    own: Floats  # child x outcome: what is added to the lag in each outcome
    condition: Ints  # place in CONDITIONS: a diagnosis that makes a child eligible by itself
    known: Ints  # day from which the diagnosis is known
    responds: Floats  # factor on the effect of help
    poor: Bools  # household below twice the poverty level, when first here
    early: Bools  # intensive care, very preterm, or an anomaly: the hospital knows

    def __len__(self) -> int:
        return len(self.child)

    def place_of(self, who: Ints) -> Ints:
        """The row of each person, -1 for those without one."""
        if len(self) == 0:
            return np.full(len(who), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.child, who), len(self) - 1)
        return np.where(self.child[place] == who, place, -1)


def development(ward: Ward) -> Development:
    people, numbers = ward.people, ward.parameters.development
    child = np.flatnonzero(people.birth >= ward.span.first - int(EARLIEST * YEAR))
    row = ward.of(births).row_of(child)
    seen_from = np.maximum(people.birth[child], people.arrival[child])
    poor = ward.income(child, seen_from) < 2
    condition = _conditions(ward, child, row)
    later = np.where(condition == CONDITIONS.index("autism"), _autism_known(ward, child, numbers), 0)
    return Development(
        child=child,
        birth=people.birth[child],
        seen_from=seen_from,
        seen_to=np.minimum(people.departure[child], people.death[child]),
        lag=_lag(ward, child, row, poor, numbers),
        own=np.stack([numbers.outcome_spread * _normal(ward, f"outcome {one}", child) for one in OUTCOMES], axis=1),
        condition=condition,
        known=people.birth[child] + later,
        responds=np.exp(numbers.response_spread * _normal(ward, "response", child)),
        poor=poor,
        early=_known_to_hospital(ward, row, numbers),
    )


def fading(lag: Floats, years: Floats, rate: Floats | float) -> Floats:
    """What is left of a lag after `years` in which it fades at `rate` a year."""
    return np.asarray(lag * np.exp(-rate * np.maximum(years, 0)))


def rate_of_help(children: Development, rows: Ints, age: Floats, numbers: Any) -> Floats:
    """How fast a lag fades while a child is helped whose FIRST help came at `age` years. The planted mechanism."""
    rate = numbers.help_at_birth * np.exp(-numbers.help_fades_with_age * age) * children.responds[rows]
    diagnosed = children.condition[rows] > 0
    return np.asarray(numbers.fades_alone + rate * np.where(diagnosed, numbers.help_with_condition, 1.0))


def rating(ward: Ward, what: str, children: Development, rows: Ints, share_left: Floats) -> Ints:
    """Ratings from 1 to 7 (child x outcome) where `share_left` of the first lag is left.

    7 and 6 mean development as expected for the age; the rater errs a little.
    """
    numbers = ward.parameters.development
    edges = np.array(list(numbers.rating_edges.values()))
    lags = (children.lag[rows][:, None] + children.own[rows]) * share_left[:, None]
    error = [numbers.rating_error * _normal(ward, f"{what} {one}", children.child[rows]) for one in OUTCOMES]
    return np.asarray(7 - np.searchsorted(edges, lags + np.stack(error, axis=1)), dtype=np.int64)


def _normal(ward: Ward, what: str, who: Ints) -> Floats:
    return normal(ward.chance(f"{what} one", who), ward.chance(f"{what} two", who))


def _lag(ward: Ward, child: Ints, row: Ints, poor: Bools, numbers: Any) -> Floats:
    people, born = ward.people, ward.of(births)
    by_disability = np.array([numbers.lag_by_disability[name] for name in DISABILITIES])[people.disability[child]]
    early = (row >= 0) & (born.weeks[np.maximum(row, 0)] < 37) if len(born) else np.zeros(len(child), dtype=bool)
    adds = numbers.lag_adds
    causes = adds["boy"] * people.male[child] + adds["multiple"] * (people.plurality[child] > 1)
    causes = causes + adds["preterm"] * early + adds["poor"] * poor
    return np.asarray(by_disability + causes + numbers.lag_spread * _normal(ward, "lag", child))


def _conditions(ward: Ward, child: Ints, row: Ints) -> Ints:
    """Diagnoses, from the disability, the anomaly on the certificate and a very preterm birth; one for each child."""
    born, people = ward.of(births), ward.people
    disability = people.disability[child]
    chance = ward.chance("condition", child)
    found = np.zeros(len(child), dtype=np.int64)
    if len(born):
        safe = np.maximum(row, 0)
        very = (row >= 0) & ((born.weeks[safe] < 32) | (born.grams[safe] < 1500))
        found = np.where(very, CONDITIONS.index("very_preterm"), found)
        found = np.where(
            (row >= 0) & (born.anomaly[safe] == ANOMALIES.index("cleft")), CONDITIONS.index("cleft"), found
        )
        down = (row >= 0) & (born.anomaly[safe] == ANOMALIES.index("down_syndrome"))
    else:
        down = np.zeros(len(child), dtype=bool)
    for name, shares in ward.parameters.development.diagnosed.items():
        codes = np.array([_NAMED[one] for one in shares])
        drawn = codes[choose(chance, dict(shares))]
        found = np.where((disability == DISABILITIES.index(name)) & (drawn > 0), drawn, found)
    return np.where(down, CONDITIONS.index("down_syndrome"), found)


def _autism_known(ward: Ward, child: Ints, numbers: Any) -> Ints:
    """Days after birth at which autism is diagnosed."""
    months = numbers.autism_known_from + numbers.autism_known_spread * ward.chance("autism known", child)
    return np.asarray((months / 12 * YEAR), dtype=np.int64)


def _known_to_hospital(ward: Ward, row: Ints, numbers: Any) -> Bools:
    born = ward.of(births)
    if len(born) == 0:
        return np.zeros(len(row), dtype=bool)
    safe = np.maximum(row, 0)
    risk = (born.weeks[safe] < numbers.hospital_knows_below_weeks) | (born.anomaly[safe] > 0)
    return np.asarray((row >= 0) & (risk | (born.ventilated[safe] & born.intensive_care[safe])))

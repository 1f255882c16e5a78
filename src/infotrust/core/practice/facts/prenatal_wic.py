"""Which pregnant women get WIC: the part of WIC that a birth certificate asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Ints
from infotrust.core.practice.facts.benefits import snap_receives
from infotrust.core.practice.facts.health import medicaid_members
from infotrust.core.practice.facts.households import pregnancies
from infotrust.core.practice.ward import Ward

BY_INCOME, BY_MEDICAID, BY_SNAP = range(3)


@dataclass(frozen=True)
class PrenatalWic:
    """One element for each pregnancy of `pregnancies` in which the mother was certified, in the same order."""

    pregnancy: Ints  # row of `pregnancies`
    mother: Ints
    on: Ints
    adjunct: Ints  # BY_INCOME, BY_MEDICAID, BY_SNAP

    def received(self, mother: Ints, born: Ints) -> Bools:
        """Whether each mother was in WIC in the 280 days before the birth."""
        key = np.sort(self.mother * 10**7 + self.on)
        later = np.searchsorted(key, mother * 10**7 + born)
        earlier = np.searchsorted(key, mother * 10**7 + born - 280)
        return np.asarray(later > earlier)


def prenatal_wic(ward: Ward) -> PrenatalWic:
    held, numbers = ward.of(pregnancies), ward.parameters.wic
    earliest, latest = numbers.comes_in_pregnancy["earliest"], numbers.comes_in_pregnancy["latest"]
    day = held.conceived + int(earliest)
    day = day + ((latest - earliest) * ward.chance("wic pregnancy day", held.first_child)).astype(np.int64)
    day = np.maximum(day, ward.span.first)
    fits, adjunct = wic_eligible(ward, held.mother, day)
    now = fits & (day < held.born) & (ward.chance("wic pregnant", held.first_child) < numbers.pregnant)
    return PrenatalWic(np.flatnonzero(now), held.mother[now], day[now], adjunct[now])


def wic_eligible(ward: Ward, who: Ints, on: Ints) -> tuple[Bools, Ints]:
    """Whether each person, of a kind that WIC serves, could have it on the day; and what shows it: the cheapest proof
    is membership of another program."""
    present = ward.present(who, on)
    poor = ward.income(who, on) < ward.parameters.wic.income_limit
    medicaid, snap = ward.of(medicaid_members).covers(who, on), snap_receives(ward, who, on)
    adjunct = np.select([medicaid, snap], [BY_MEDICAID, BY_SNAP], BY_INCOME)
    return np.asarray(present & (poor | medicaid | snap)), adjunct

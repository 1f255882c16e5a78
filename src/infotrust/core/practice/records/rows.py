"""Which records a system keeps: people entered twice, twins in one record."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Bools, Ints
from infotrust.core.practice.records.habits import Habits
from infotrust.core.practice.records.relatives import other_twins
from infotrust.core.practice.ward import Ward


def with_duplicates(ward: Ward, system: str, who: Ints, on: Ints) -> tuple[Ints, Ints, Ints]:
    """The records and, after them, a second one for those entered twice: persons, days and copy (0 or 1).

    The second record was written earlier, with the name, address and mistakes of that day.
    """
    rate = Habits(ward.parameters.habits, system).rate("entered_twice")
    again = np.flatnonzero(ward.chance(f"{system} entered twice", who) < rate)
    least, most = (ward.parameters.habits.entered_before[name] for name in ("least", "most"))
    days = int(least) + ((most - least) * ward.chance(f"{system} entered before", who[again])).astype(np.int64)
    earlier = np.maximum(on[again] - days, ward.people.birth[who[again]])
    copy = np.concatenate([np.zeros(len(who), dtype=np.int64), np.ones(len(again), dtype=np.int64)])
    return np.concatenate([who, who[again]]), np.concatenate([on, earlier]), copy


def merge_twins(ward: Ward, system: str, who: Ints) -> tuple[Ints, Bools]:
    """The rows that stay where some twins have one record together, and which of these stand for both.

    `kept, merged = merge_twins(ward, system, who)`; take `who[kept]`, and give `merged` to the `Sheet`.
    """
    rate = Habits(ward.parameters.habits, system).rate("twins_merged")
    other = ward.of(other_twins)[who]
    here = np.zeros(len(ward), dtype=bool)
    here[who] = True
    happens = (other >= 0) & here[np.maximum(other, 0)]
    happens &= ward.chance(f"{system} twins merged", ward.people.delivery[who]) < rate
    first = ward.people.birth_order[who] == 1
    kept = np.flatnonzero(~happens | first)
    return kept, (happens & first)[kept]

"""The people of one agency's system: who has which record, for tables that refer to people by their number.

Some people have a second record, written earlier under a number of its own; events up to some months after its making
went there. Some twins share a record.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, Texts
from infotrust.core.practice.records.relatives import other_twins
from infotrust.core.practice.records.sheet import Sheet, merge_twins, with_duplicates
from infotrust.core.practice.ward import Ward

RACE_CODES = ("W", "B", "H", "A", "N", "P", "M")  # in the order of RACES; U is unknown
RACE_ABOUT = "W white, B Black, H Hispanic, A Asian, N Native American, P Pacific Islander, M two or more, U unknown"
ROOM = 100_000  # persons, households or events of a day in a ward, at most


class Register:
    """`who` are the persons of the system, each once, and `on` the day on which each was last written down."""

    def __init__(self, ward: Ward, system: str, who: Ints, on: Ints, pattern: str) -> None:
        kept, merged = merge_twins(ward, system, who)
        both = np.zeros(len(ward), dtype=bool)
        both[who[kept]] = merged
        rows, days, copy = with_duplicates(ward, system, who[kept], on[kept])
        self.ward, self.system = ward, system
        self.sheet = Sheet(ward, system, rows, days, copy, merged=both[rows])
        self.keys = self.sheet.keys(pattern)
        self._record = np.full(len(ward), -1, dtype=np.int64)
        self._earlier = np.full(len(ward), -1, dtype=np.int64)
        self._record[rows[copy == 0]] = np.flatnonzero(copy == 0)
        self._earlier[rows[copy == 1]] = np.flatnonzero(copy == 1)
        self._share_records(who)

    def _share_records(self, who: Ints) -> None:
        twin = self.ward.of(other_twins)
        lost = who[self._record[who] < 0]
        other = twin[lost]
        for _ in range(2):  # of three born together, two may have no record of their own
            self._record[lost] = np.where(self._record[lost] < 0, self._record[other], self._record[lost])
            other = twin[other]

    def record(self, who: Ints, day: Ints) -> Ints:
        """The row of the record to which what happened to each person on the day belongs."""
        earlier = self._earlier[who]
        in_use = int(self.ward.parameters.habits.second_record_in_use)
        used = (earlier >= 0) & (day <= self.sheet.on[np.maximum(earlier, 0)] + in_use)
        return np.where(used, earlier, self._record[who])

    def number(self, who: Ints, day: Ints) -> Texts:
        """The agency's number of each person on the day."""
        return np.asarray(self.keys[self.record(who, day)])

    def race(self, unknown: float) -> Texts:
        """Race and ethnicity as recorded; `unknown` is the share that is not."""
        found = np.array(RACE_CODES, dtype=object)[self.ward.people.race[self.sheet.who]]
        return np.where(self.sheet.chance("race unknown") < unknown, "U", found)


def latest(who: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Each person once, with the latest of the days."""
    order = np.lexsort((day, who))
    last: Bools = np.append(who[order][1:] != who[order][:-1], True) if len(order) else np.zeros(0, dtype=bool)
    return who[order][last], day[order][last]

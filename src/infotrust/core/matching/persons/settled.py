"""Which answers stand when people err: against each other, and against overwhelming evidence.

The one rule, wherever answers are given. What two people agree on decides, whatever the evidence (a third who differs
changes nothing). A single answer decides, too, unless it waits for a second person (a hard pair), or enough was learned
to say how often people err and it is not clearly more likely right than wrong against all other evidence: then it
counts as what it is worth, log((1 - slips) / slips), and is told as doubted, to be looked at by someone else. Of
answers that cannot all be true (A is B, B is C, but A is not C) the least certain gives way, told as contradicted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import BoolArray, FloatArray, IntArray, LongArray

SLIPS = 0.02  # share of wrong answers where nothing was learned about it
STANDS = 2.0  # natural log odds of being right: seven to one. Measured: .9986 instead of .9898 with one in ten wrong
GIVEN_UP = -4.0  # natural log odds of a pair that was never weighed to the end


@dataclass(frozen=True)
class Asked:
    """What people said about pairs of records, each pair once, in canonical places, the lower first, and in order.
    yes, no: int32, how many said match and no match; waits: bool, of a hard pair that a second person is to look at."""

    pairs: Pairs
    yes: IntArray
    no: IntArray
    waits: BoolArray

    def __len__(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True)
class Settled:
    """together, apart: pairs that are decided; said: float64, what the answers on each asked pair add to its log odds
    where they do not decide (else 0); doubted, contradicted: bool, over the asked pairs."""

    together: Pairs
    apart: Pairs
    said: FloatArray
    doubted: BoolArray
    contradicted: BoolArray


def settle(asked: Asked, odds: FloatArray | None = None, slips: float = SLIPS) -> Settled:
    """odds: natural log odds of the asked pairs by all other evidence; None: nothing is doubted for its sake."""
    worth = (asked.yes - asked.no) * float(np.log((1 - slips) / slips))
    evidence = np.zeros(len(asked)) if odds is None else odds
    certain = np.abs(worth) + np.sign(worth) * evidence
    tied = asked.yes == asked.no
    one_voice = np.maximum(asked.yes, asked.no) < 2
    doubted = tied | (one_voice & (asked.waits | ((certain < STANDS) & (odds is not None))))
    contradicted = _contradicted(asked, np.where(doubted, -np.inf, certain))
    match = ~doubted & ~contradicted & (asked.yes > asked.no)
    other = ~doubted & ~contradicted & (asked.yes < asked.no)
    return Settled(
        _some(asked.pairs, match), _some(asked.pairs, other), np.where(match | other, 0.0, worth), doubted, contradicted
    )


def _some(pairs: Pairs, chosen: BoolArray) -> Pairs:
    return Pairs(pairs.first[chosen], pairs.second[chosen])


def _contradicted(asked: Asked, certain: FloatArray) -> BoolArray:
    """The answers that those more certain leave no room for. -inf: not looked at."""
    group = _Groups()
    contradicted = np.zeros(len(asked), bool)
    order: LongArray = np.lexsort((asked.pairs.second, asked.pairs.first, -certain))
    for place in order[certain[order] > -np.inf].tolist():
        one, other = int(asked.pairs.first[place]), int(asked.pairs.second[place])
        says_match = bool(asked.yes[place] > asked.no[place])
        contradicted[place] = not (group.join(one, other) if says_match else group.part(one, other))
    return contradicted


class _Groups:
    """Records that are one person's, and groups that are not; both refuse what goes against the other."""

    def __init__(self) -> None:
        self.of: dict[int, int] = {}
        self.members: dict[int, list[int]] = {}
        self.apart: dict[int, set[int]] = {}

    def join(self, one: int, other: int) -> bool:
        low, high = self._group(one), self._group(other)
        if low == high:
            return True
        if high in self.apart[low]:
            return False
        if len(self.members[low]) < len(self.members[high]):
            low, high = high, low
        for record in self.members[high]:
            self.of[record] = low
        self.members[low] += self.members.pop(high)
        for third in self.apart.pop(high):
            self.apart[third].discard(high)
            self.apart[third].add(low)
            self.apart[low].add(third)
        return True

    def part(self, one: int, other: int) -> bool:
        low, high = self._group(one), self._group(other)
        if low == high:
            return False
        self.apart[low].add(high)
        self.apart[high].add(low)
        return True

    def _group(self, record: int) -> int:
        if record not in self.of:
            self.of[record], self.members[record], self.apart[record] = record, [record], set()
        return self.of[record]

"""What changes with every generation of a register: written anew each time, small beside the base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.answers import Answer
from infotrust.core.matching.compiled import BoolArray, HashArray, IntArray, LongArray, SmallFloatArray
from infotrust.core.matching.registering import answered
from infotrust.core.matching.registering.answered import Pair, Standing
from infotrust.core.matching.registering.folder import Part
from infotrust.core.matching.registering.keys import KeyIndex


@dataclass(frozen=True)
class State:
    """See `held.Held`, `held.Values` and `held.ScoredPairs`, whose arrays of the same names these become; answers: what
    people said, standing: what of it is gone by."""

    there: BoolArray
    person: IntArray
    component: IntArray
    filled: LongArray
    touched: LongArray
    touched_count: IntArray
    value_hash: HashArray
    value_slot: IntArray
    added_key: HashArray
    added_key_place: IntArray
    added: KeyIndex
    rescored: LongArray
    rescored_odds: SmallFloatArray
    pair_first: IntArray
    pair_second: IntArray
    pair_odds: SmallFloatArray
    answers: tuple[Answer, ...]
    standing: Mapping[Pair, Standing]

    @staticmethod
    def fresh(
        there: BoolArray, person: IntArray, component: IntArray, filled: LongArray, keys: KeyIndex,
        answers: Sequence[Answer], standing: Mapping[Pair, Standing],
    ) -> State:  # fmt: skip
        """The state of a register that was just laid down: nothing added to it."""
        none, hashes = np.empty(0, np.int32), np.empty(0, np.uint64)
        added = KeyIndex(hashes, np.zeros(len(keys.start), np.int64), keys.bits)
        odds = np.empty(0, np.float32)
        return State(
            there, person, component, filled, np.empty(0, np.int64), none, hashes, none, hashes, none, added,
            np.empty(0, np.int64), odds, none, none, odds, tuple(answers), standing,
        )  # fmt: skip

    def write(self, part: Part) -> None:
        part.save(
            there=self.there, person=self.person, component=self.component, filled=self.filled, touched=self.touched,
            touched_count=self.touched_count, value_hash=self.value_hash, value_slot=self.value_slot,
            added_key=self.added_key, added_key_place=self.added_key_place, key_words=self.added.words,
            key_start=self.added.start, rescored=self.rescored, rescored_odds=self.rescored_odds,
            pair_first=self.pair_first, pair_second=self.pair_second, pair_odds=self.pair_odds,
        )  # fmt: skip
        answered.write(part, self.answers, self.standing)

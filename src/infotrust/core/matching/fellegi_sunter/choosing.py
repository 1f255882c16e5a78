"""Blocking rules where nobody names any: chosen from the fields at hand, by the pairs they cost and what they find.

Every rule that the fields allow is tried on a sample of its own blocks. What a rule finds is judged by the weights that
stand before the model learns; what all of them miss is not known here, and the expected recall says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.blocks import Blocks, blocks_of
from infotrust.core.matching.compiled import BoolArray, FloatArray, HashArray, IntArray, LongArray, compiled
from infotrust.core.matching.fellegi_sunter.fields import part
from infotrust.core.matching.fellegi_sunter.model import BlockingRule, Value
from infotrust.core.matching.reading.sources import Coded

PAIRS_PER_RECORD = 6  # the budget: about a second of two cores for a million records
SAMPLED_RECORDS = 100_000  # a rule is tried on about so many records, chosen by their key
SAMPLED_PAIRS = 6_000  # of one rule
LARGEST_SAMPLED = 1_000  # records of a block that is tried
LEAST_GAIN = 0.001  # of the matches that all rules find: a rule that adds less is not worth its pairs


def rules_for(fields: Mapping[str, Coded]) -> tuple[BlockingRule, ...]:
    """Every rule that these fields allow, in a fixed order."""
    found = []
    for words in _RULES:
        values = [_VALUES[word] for word in words.split()]
        if all(value.column in fields for value in values):
            found.append(BlockingRule(tuple(values), " and ".join(_SAID.get(word, word) for word in words.split())))
    return tuple(found)


_VALUES: dict[str, Value] = {
    **{field: Value(field) for field in ("given", "family", "birth_date", "ssn", "house", "street", "zip", "phone",
                                         "email", "sex")},
    "whole_ssn": part("ssn", "NULLIF(SUBSTRING({}, 5), '')"),  # unknown where only the last four digits are known
    "last_four": part("ssn", "RIGHT({}, 4)"),
    "given2": part("given", "SUBSTRING({}, 1, 2)"),
    "given3": part("given", "SUBSTRING({}, 1, 3)"),
    "family4": part("family", "SUBSTRING({}, 1, 4)"),
    "family_end": part("family", "SPLIT_PART({}, ' ', -1)"),
    "year": part("birth_date", "SUBSTRING({}, 1, 4)"),
    "month_and_day": part("birth_date", "SUBSTRING({}, 5, 4)"),
}  # fmt: skip
_SAID = {
    "whole_ssn": "all nine digits", "last_four": "last four of ssn", "given2": "given[:2]", "given3": "given[:3]",
    "family4": "family[:4]", "family_end": "last word of family", "year": "birth_date[:4]",
    "month_and_day": "birth_date[4:]",
}  # fmt: skip
_RULES = (
    "ssn whole_ssn", "last_four birth_date", "last_four given", "last_four family",
    "given family birth_date", "given family year", "given family month_and_day", "given family zip", "given family",
    "family birth_date", "given birth_date", "given2 family4 birth_date", "given3 birth_date", "family_end birth_date",
    "given2 family4 year", "given2 family4 month_and_day", "given2 family4 zip",
    "birth_date house street", "birth_date phone", "birth_date zip", "given house street", "given2 house street",
    "given phone", "given2 phone", "email",
)  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """A rule, the pairs it makes (about), and the share of the matches of all rules that it finds, alone and newly."""

    rule: BlockingRule
    pairs: int
    finds: float
    adds: float = 0.0


@dataclass(frozen=True)
class Sample:
    """Pairs that the rules make, each with how many it stands for. covers: bool [pairs, rules]; pairs: of each rule."""

    left: IntArray
    right: IntArray
    weight: FloatArray
    covers: BoolArray
    pairs: LongArray


@dataclass(frozen=True)
class Chosen:
    """The rules in the order in which they were chosen; places: their places among those tried."""

    tried: tuple[Tried, ...]
    places: tuple[int, ...]

    @property
    def rules(self) -> tuple[BlockingRule, ...]:
        return tuple(one.rule for one in self.tried)


def sample_pairs(keys: HashArray, *, seed: int) -> Sample:
    """Pairs from some of the blocks of each rule. keys: uint64 [rules, n], see `link.rule_keys`."""
    n = keys.shape[1]
    one_in = max(1, n // SAMPLED_RECORDS)
    random = np.random.default_rng(seed)
    lefts, rights, weights, pairs = [], [], [], []
    for key in keys:
        pairs.append(pairs_about(key))
        blocks = blocks_of(one_key_in(key, one_in))
        left, right = _pairs_of(blocks)
        kept = random.choice(len(left), SAMPLED_PAIRS, replace=False) if len(left) > SAMPLED_PAIRS else slice(None)
        lefts.append(left[kept])
        rights.append(right[kept])
        weights.append(np.full(len(lefts[-1]), one_in * max(len(left), 1) / max(len(lefts[-1]), 1)))
    left, right = np.concatenate(lefts), np.concatenate(rights)
    covers = np.stack([(key[left] == key[right]) & (key[left] != 0) for key in keys], axis=1)
    # A pair can be drawn through each rule that makes it: it stands for less.
    weight = np.concatenate(weights) / np.maximum(covers.sum(1), 1)
    return Sample(left, right, weight, covers, np.array(pairs, np.int64))


@compiled
def one_key_in(keys: HashArray, many: int) -> HashArray:
    """The keys, but for one in so many all 0."""
    kept = np.zeros(len(keys), np.uint64)
    for record in range(len(keys)):
        if keys[record] % np.uint64(many) == np.uint64(0):
            kept[record] = keys[record]
    return kept


def _pairs_of(blocks: Blocks) -> tuple[IntArray, IntArray]:
    small = blocks.sizes <= LARGEST_SAMPLED
    found = pairs_inside(blocks.order, blocks.start[:-1][small], blocks.start[1:][small])
    return found[0], found[1]


@compiled
def pairs_inside(order: IntArray, begins: LongArray, ends: LongArray) -> IntArray:
    """All pairs of the blocks: int32 [2, pairs]."""
    total = 0
    for block in range(len(begins)):
        total += (ends[block] - begins[block]) * (ends[block] - begins[block] - 1) // 2
    found = np.empty((2, total), np.int32)
    at = 0
    for block in range(len(begins)):
        for x in range(begins[block], ends[block]):
            for y in range(x + 1, ends[block]):
                found[0, at] = order[x]
                found[1, at] = order[y]
                at += 1
    return found


@compiled
def pairs_about(keys: HashArray) -> int:
    """How many pairs share a key, by counting keys in a table of a fixed size; chance hits are taken out again."""
    size = 1 << 16
    while size < len(keys):
        size *= 2
    counts = np.zeros(size, np.int32)
    known = 0
    for record in range(len(keys)):
        if keys[record] != 0:
            counts[keys[record] & np.uint64(size - 1)] += 1
            known += 1
    pairs = 0.0
    for place in range(size):
        pairs += 0.5 * counts[place] * (counts[place] - 1.0)
    return max(0, int(pairs - 0.5 * known * (known - 1.0) / size))


def choose(rules: Sequence[BlockingRule], sample: Sample, likely: FloatArray, *, budget: int) -> Chosen:
    """Take the rule that finds most new matches for its pairs, again and again, until the budget or the gain ends.

    likely: the probability that each sampled pair is one person's. Raises UserFacingError when no rule is affordable.
    """
    matches = sample.weight * likely
    total = max(float(matches.sum()), 1e-9)
    covers = sample.covers.astype(np.float64)
    finds = matches @ covers / total
    missing = np.ones(len(matches), np.bool_)
    spent, chosen, places = 0, [], []
    while True:
        adds = (matches * missing) @ covers / total
        # A pair costs, but so does a rule: sorting its keys takes the time of about one pair per record.
        worth = adds / (sample.pairs + budget / PAIRS_PER_RECORD)
        worth[(spent + sample.pairs > budget) | (adds < LEAST_GAIN)] = 0.0
        best = int(np.argmax(worth))
        if worth[best] == 0.0:
            break
        chosen.append(Tried(rules[best], int(sample.pairs[best]), float(finds[best]), float(adds[best])))
        places.append(best)
        spent += int(sample.pairs[best])
        missing &= ~sample.covers[:, best]
    if not chosen:
        raise UserFacingError(
            "No blocking rule that these fields allow is both affordable and of use.",
            next_step="Link with the default effort, or name the rules (--rule).",
        )
    return Chosen(tuple(chosen), tuple(places))


def as_told(rules: Sequence[BlockingRule], sample: Sample, likely: FloatArray) -> Chosen:
    """These rules, whatever they cost."""
    matches = sample.weight * likely
    finds = matches @ sample.covers / max(float(matches.sum()), 1e-9)
    each = zip(rules, sample.pairs, finds, strict=True)
    return Chosen(tuple(Tried(rule, int(pairs), float(share)) for rule, pairs, share in each), tuple(range(len(rules))))

"""Blocking rules, for those who must document which pairs were compared: "family and birth_date", "family[:4] and zip".

A rule joins standard fields, or parts of them, with `and`; several rules are alternatives. A pair is compared when one
rule holds: both records know every part, and the parts are the same. Nothing is left out in silence: a rule whose
blocks are too large to compare is refused, with the sizes and never a value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.blocks import blocks_of
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import HashArray, IntArray, LongArray, compiled, in_parallel
from infotrust.core.matching.reading.sources import Records, mix

MOST_PAIRS = 100_000_000  # 0.8 GB as two numbers each; about a minute of comparing on two cores
_PART = re.compile(r"\s*(?P<field>[a-z_]+)\s*(?:\[\s*(?P<begin>\d*)\s*:\s*(?P<end>\d*)\s*\])?\s*")


@dataclass(frozen=True)
class Part:
    """A field, or the characters [begin, end) of its standard form (an end of 0: to its end)."""

    field: str
    begin: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.field}[{self.begin or ''}:{self.end or ''}]" if self.begin or self.end else self.field


@dataclass(frozen=True)
class Rule:
    """Parts that must all be known and the same."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return " and ".join(map(str, self.parts))


def parse_rule(text: str) -> Rule:
    """Read "family[:4] and birth_date". Raises UserFacingError."""
    parts = []
    for piece in re.split(r"\s+and\s+|&", text.strip()):
        found = _PART.fullmatch(piece)
        begin, end = (int(found[side] or 0) for side in ("begin", "end")) if found else (0, 0)
        if not found or (end and end <= begin):
            raise UserFacingError(
                f"The blocking rule {text!r} is not understood at {piece.strip()!r}.",
                next_step='Join fields with "and", and cut them with [from:to]: "family[:4] and birth_date".',
            )
        parts.append(Part(found["field"], begin, end))
    return Rule(tuple(parts))


def rule_keys(records: Records, rules: Sequence[Rule]) -> HashArray:
    """uint64 [n, rules]: a record's key for each rule, 0 where it does not know a part. Raises UserFacingError."""
    keys: HashArray = np.zeros((len(records), len(rules)), np.uint64)
    for place, rule in enumerate(rules):
        for number, part in enumerate(rule.parts):
            if part.field not in records.fields:
                raise UserFacingError(
                    f"The blocking rule {str(rule)!r} needs {part.field!r}, which these records do not have.",
                    next_step=f"They have: {', '.join(records.fields)}.",
                )
            coded = records.fields[part.field]
            hashed = coded.spread(coded.texts.part(part.begin, part.end))
            # A rule of one part is mixed too: the places of two parts must not be exchangeable.
            keys[:, place] = mix(hashed, hashed, 1) if number == 0 else mix(keys[:, place], hashed, number + 1)
    if len(records.spare):
        keys[records.spare] = 0  # others of their source stand for them
    return keys


def pairs_by_rules(records: Records, rules: Sequence[Rule], *, most_pairs: int = MOST_PAIRS) -> Pairs:
    """The pairs that at least one rule brings together, each once, sorted. Raises UserFacingError past `most_pairs`."""
    keys = rule_keys(records, rules)
    blocks = [blocks_of(np.ascontiguousarray(keys[:, place])) for place in range(len(rules))]
    refuse_too_many(
        rules, [int(block.pairs.sum()) for block in blocks], [int(block.sizes.max(initial=0)) for block in blocks],
        most_pairs,
    )  # fmt: skip
    found = [np.empty(0, np.int64)]
    for place, block in enumerate(blocks):
        found += in_parallel(
            lambda start, end, block=block, place=place: new_pairs(  # type: ignore[misc]
                block.order, block.start[start : end + 1], keys, place
            ),
            len(block),
        )
    packed = np.sort(np.concatenate(found))
    return Pairs((packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32))


def refuse_too_many(
    rules: Sequence[Rule], counts: Sequence[int], largest: Sequence[int], most_pairs: int = MOST_PAIRS
) -> None:
    """counts, largest: of each rule its pairs, and the records of its largest block. Raises UserFacingError."""
    if sum(counts) <= most_pairs:
        return
    worst = int(np.argmax(counts))
    raise UserFacingError(
        f"The blocking rules make {sum(counts):,} pairs, more than {most_pairs:,}: {str(rules[worst])!r} alone "
        f"{counts[worst]:,}, its largest block {largest[worst]:,} records.",
        next_step="Add a part to that rule, or link without rules: pairs are then chosen by what they share.",
    )


@compiled
def new_pairs(order: IntArray, start: LongArray, keys: HashArray, rule: int) -> LongArray:
    """The pairs of the blocks that no earlier rule has, packed: first record in the upper 32 bits."""
    most = 0
    for block in range(len(start) - 1):
        size = start[block + 1] - start[block]
        most += size * (size - 1) // 2
    packed = np.empty(most, np.int64)
    found = 0
    for block in range(len(start) - 1):
        for x in range(start[block], start[block + 1]):
            i = order[x]
            for y in range(x + 1, start[block + 1]):
                j = order[y]
                if keys[i, rule] != keys[j, rule]:
                    continue
                known = False
                for earlier in range(rule):
                    if keys[i, earlier] == keys[j, earlier] and keys[i, earlier] != 0:
                        known = True
                        break
                if not known:
                    packed[found] = (np.int64(i) << 32) | np.int64(j)
                    found += 1
    return packed[:found].copy()

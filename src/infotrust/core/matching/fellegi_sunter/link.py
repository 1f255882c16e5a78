"""Score what the blocking rules bring together, and join what reaches a weight: the whole of the fast way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.blocks import Blocks, blocks_of
from infotrust.core.matching.compiled import HashArray, IntArray, SmallFloatArray, in_parallel
from infotrust.core.matching.fellegi_sunter.kernel import block_and_score
from infotrust.core.matching.fellegi_sunter.model import BlockingRule, FellegiSunter
from infotrust.core.matching.fellegi_sunter.program import compile_model
from infotrust.core.matching.fellegi_sunter.values import Columns, code_values, lay_out
from infotrust.core.matching.persons import merging
from infotrust.core.matching.reading.sources import mix

MOST_PAIRS = 2_000_000_000  # about ten minutes of two cores


@dataclass(frozen=True)
class Links:
    """Pairs at or above the threshold, each once: left < right int32, places of records; weight: float32, log2 odds.

    looked_at: pairs that each rule was the first to bring together.
    """

    left: IntArray
    right: IntArray
    weight: SmallFloatArray
    looked_at: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.left)


def score_blocks(
    model: FellegiSunter, columns: Columns, *, threshold: float, source: IntArray | None = None,
    most_pairs: int = MOST_PAIRS,
) -> Links:  # fmt: skip
    """Block and score in one pass. A record's place decides its side: the earlier one is Splink's left one.

    threshold: weight (log2 odds) below which a pair is not kept. source: int32 [n], each record's file; needed where
    the model links files only. Raises UserFacingError when a column is missing or of the wrong type, or the rules make
    more than `most_pairs`.
    """
    across_only = model.link_type == "link_only"
    if across_only and source is None:
        raise UserFacingError("The model links files, but no file is named for the records.")
    values = lay_out(model, columns)
    program = compile_model(model, values)
    n = len(values.codes)
    source = np.zeros(n, np.int32) if source is None else source
    keys = rule_keys(columns, model.rules)
    blocks = [blocks_of(np.ascontiguousarray(keys[:, rule])) for rule in range(len(model.rules))]
    refuse_too_many(model.rules, blocks, most_pairs)
    found, looked_at = [], []
    for rule, block in enumerate(blocks):
        parts = in_parallel(
            lambda begin, end, block=block, rule=rule: block_and_score(  # type: ignore[misc]
                block.order, block.start[begin : end + 1], keys, rule, source, across_only, model.prior, threshold,
                program, values,
            ),
            len(block),
        )  # fmt: skip
        found += parts
        looked_at.append(sum(part[3] for part in parts))
    left, right, weight = (np.concatenate([part[place] for part in found]) for place in range(3))
    return Links(left, right, weight, tuple(looked_at))


def components(n: int, links: Links) -> IntArray:
    """Each record's group, named by its first record, when every link counts: int32 [n]. As Splink clusters."""
    return merging.hang_together(n, links.left, links.right)


def rule_keys(columns: Columns, rules: Sequence[BlockingRule]) -> HashArray:
    """uint64 [n, rules]: a record's key for each rule, 0 where it does not know a value."""
    coded = code_values(columns, {value for rule in rules for value in rule.values})
    n = len(next(iter(columns.values())).codes)
    keys = np.zeros((n, len(rules)), np.uint64)
    for place, rule in enumerate(rules):
        key = np.full(n, np.uint64(1))
        for number, value in enumerate(rule.values):
            key = mix(key, (coded[value].codes.astype(np.int64) + 1).view(np.uint64), number)
        keys[:, place] = key
    return keys


def refuse_too_many(rules: Sequence[BlockingRule], blocks: Sequence[Blocks], most_pairs: int) -> None:
    counts = [int(block.pairs.sum()) for block in blocks]
    if sum(counts) <= most_pairs:
        return
    worst = int(np.argmax(counts))
    raise UserFacingError(
        f"The blocking rules make {sum(counts):,} pairs, more than {most_pairs:,}: {rules[worst]!s} alone "
        f"{counts[worst]:,}, its largest block {int(blocks[worst].sizes.max()):,} records.",
        next_step="Add a value to that rule.",
    )

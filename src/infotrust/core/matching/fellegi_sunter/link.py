"""Score what the blocking rules bring together, and join what reaches a weight: the whole of the fast way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.blocks import Blocks, blocks_of
from infotrust.core.matching.compiled import HashArray, IntArray, compiled, in_parallel
from infotrust.core.matching.fellegi_sunter.kernel import Links, block_and_score
from infotrust.core.matching.fellegi_sunter.model import BlockingRule, FellegiSunter
from infotrust.core.matching.fellegi_sunter.program import compile_model
from infotrust.core.matching.fellegi_sunter.values import CodedValues, Columns, Values, code_values, lay_out
from infotrust.core.matching.persons import merging
from infotrust.core.matching.reading.texts import finished

MOST_PAIRS = 2_000_000_000  # about ten minutes of two cores


def score_blocks(
    model: FellegiSunter, columns: Columns, *, threshold: float, source: IntArray | None = None,
    most_pairs: int = MOST_PAIRS,
) -> Links:  # fmt: skip
    """Block and score in one pass. A record's place decides its side: the earlier one is Splink's left one.

    threshold: weight (log2 odds) below which a pair is not kept. source: int32 [n], each record's file; needed where
    the model links files only. Raises UserFacingError when a column is missing or of the wrong type, or the rules make
    more than `most_pairs`.
    """
    coded = code_values(columns, model.values)
    keys = rule_keys(coded, model.rules)
    return score_keys(model, lay_out(model, coded), keys, threshold=threshold, source=source, most_pairs=most_pairs)


def score_keys(
    model: FellegiSunter, values: Values, keys: HashArray, *, threshold: float, source: IntArray | None = None,
    most_pairs: int = MOST_PAIRS,
) -> Links:  # fmt: skip
    """The same from what was laid out before. keys: uint64 [rules, n], see `rule_keys`."""
    across_only = model.link_type == "link_only"
    if across_only and source is None:
        raise UserFacingError("The model links files, but no file is named for the records.")
    program = compile_model(model, values)
    source = np.zeros(keys.shape[1], np.int32) if source is None else source
    blocks = [blocks_of(key) for key in keys]
    keys = np.ascontiguousarray(keys.T)  # a record's keys side by side
    refuse_too_many(model.rules, blocks, most_pairs)
    found = []
    for rule, block in enumerate(blocks):
        parts = in_parallel(
            lambda begin, end, block=block, rule=rule: block_and_score(  # type: ignore[misc]
                block, keys, rule, source, across_only, model.prior, model.home_prior, threshold, program, values,
                begin=begin, end=end,
            ),
            len(block),
        )  # fmt: skip
        found.append(_together(parts))
    return replace(_together(found), looked_at=tuple(part.looked_at[0] for part in found))


def _together(parts: Sequence[Links]) -> Links:
    left, right = (np.concatenate([getattr(part, side) for part in parts]) for side in ("left", "right"))
    weight = np.concatenate([part.weight for part in parts])
    return Links(left, right, weight, (sum(part.looked_at[0] for part in parts),))


def components(n: int, links: Links) -> IntArray:
    """Each record's group, named by its first record, when every link counts: int32 [n]. As Splink clusters."""
    return merging.hang_together(n, links.left, links.right)


def rule_keys(coded: CodedValues, rules: Sequence[BlockingRule]) -> HashArray:
    """uint64 [rules, n]: each record's key for each rule, 0 where it does not know a value."""
    keys = np.empty((len(rules), len(next(iter(coded.values())).codes)), np.uint64)
    for key, rule in zip(keys, rules, strict=True):
        key[:] = 1
        for value in rule.values:
            fold_in(key, coded[value].codes)
    return keys


@compiled
def fold_in(keys: HashArray, codes: IntArray) -> None:
    """Make one more value part of the keys: FNV's step, finished with SplitMix64's mixer."""
    for record in range(len(codes)):
        if codes[record] < 0 or keys[record] == 0:
            keys[record] = 0
        else:
            keys[record] = finished(keys[record] * np.uint64(0x100000001B3) + np.uint64(codes[record]))


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

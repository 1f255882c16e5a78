"""`--effort fast`: no settings, no labels, blocking rules chosen from the fields, a two-class model, one compiled pass.

The documented special case: what it compares, by which rules, with which weights, all stands in the manifest, and the
model can be written for Splink. It finds less than the default effort, which follows each record's rare keys and tells
relatives apart by classes of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.rules import Rule
from infotrust.core.matching.compiled import ByteArray, FloatArray, HashArray
from infotrust.core.matching.fellegi_sunter import choosing, learning, link
from infotrust.core.matching.fellegi_sunter.choosing import Chosen, Sample
from infotrust.core.matching.fellegi_sunter.fields import comparisons_for, part, with_full_names, with_homes
from infotrust.core.matching.fellegi_sunter.kernel import levels_of
from infotrust.core.matching.fellegi_sunter.model import BlockingRule, FellegiSunter, Value
from infotrust.core.matching.fellegi_sunter.program import compile_model
from infotrust.core.matching.fellegi_sunter.values import Values, code_values, lay_out
from infotrust.core.matching.persons.cluster import SURE, Scored
from infotrust.core.matching.reading.sources import Records

BITS = float(np.log2(np.e))


@dataclass(frozen=True)
class Prepared:
    """The model before it learned, the rules it will use, the sample it learns from, and the records laid out for it.

    keys: uint64 [rules, n]. levels: uint8 [pairs, comparisons], of the sample; likely: how likely each pair of it is
    one person's before the model learned.
    """

    model: FellegiSunter
    chosen: Chosen
    sample: Sample
    values: Values
    keys: HashArray
    levels: ByteArray
    likely: FloatArray


@dataclass(frozen=True)
class ByRules:
    """What a fast linkage went by: rules with what they cost and find, the model, all scored pairs. Holds values: keep
    it closed."""

    records: Records
    chosen: Chosen
    model: FellegiSunter
    scored: Scored


def as_blocking_rules(rules: Sequence[Rule]) -> tuple[BlockingRule, ...]:
    """Rules as people write them, "family[:4] and zip", for the compiled pass."""
    return tuple(
        BlockingRule(tuple(_value(piece.field, piece.begin, piece.end) for piece in rule.parts), str(rule))
        for rule in rules
    )


def _value(field: str, begin: int, end: int) -> Value:
    if not begin and not end:
        return Value(field)
    length = f", {end - begin}" if end else ""
    return part(field, f"NULLIF(SUBSTRING({{}}, {begin + 1}{length}), '')")


def prepare(records: Records, rules: Sequence[BlockingRule] = (), *, seed: int = 1) -> Prepared:
    """Choose blocking rules (or take `rules`), and say how likely agreement is by chance. Raises UserFacingError."""
    fields = with_full_names(records.fields)
    comparisons = comparisons_for(fields)
    tried = tuple(rules) or choosing.rules_for(records.fields)
    missing = [value.column for rule in tried for value in rule.values if value.column not in records.fields]
    if missing:
        raise UserFacingError(
            f"A blocking rule needs {missing[0]!r}, which these records do not have.",
            next_step=f"They have: {', '.join(records.fields)}.",
        )
    if not comparisons or not tried:
        raise UserFacingError(
            f"These records hold {', '.join(records.fields) or 'nothing'}: too little for blocking rules.",
            next_step="Link with the default effort.",
        )
    # Before anything is compared, a record has about one other of the same person among all.
    model = FellegiSunter(comparisons, tried, 1 / max(len(records), 2), "link_and_dedupe")
    coded = code_values(fields, model.values)
    values, keys = lay_out(model, coded), link.rule_keys(coded, tried)
    if len(records.spare):
        keys[:, records.spare] = 0  # others of their source stand for them
    program = compile_model(model, values)
    model = learning.with_chance(model, records.fields, program, values, seed=seed)
    sample = choosing.sample_pairs(keys, seed=seed)
    levels = levels_of(sample.left, sample.right, program, values)
    likely = learning.probability(learning.weights(model, levels))
    if rules:
        chosen = choosing.as_told(tried, sample, likely)
    else:
        chosen = choosing.choose(tried, sample, likely, budget=choosing.PAIRS_PER_RECORD * len(records))
    model = replace(model, rules=chosen.rules)
    return Prepared(model, chosen, sample, values, keys[list(chosen.places)], levels, likely)


def learned(prepared: Prepared) -> FellegiSunter:
    """The model, learned from the sampled pairs that the chosen rules make."""
    used = prepared.sample.covers[:, list(prepared.chosen.places)].any(1)
    weight = prepared.sample.weight[used]
    return with_homes(learning.learn(prepared.model, prepared.levels[used], weight, prepared.likely[used]))


def scored(records: Records, prepared: Prepared, model: FellegiSunter) -> Scored:
    """All pairs of the rules that are not certainly apart, with their natural log odds."""
    found = link.score_keys(model, prepared.values, prepared.keys, threshold=-SURE * BITS, source=records.source)
    return Scored(Pairs(found.left, found.right), found.weight.astype(np.float64) / BITS)

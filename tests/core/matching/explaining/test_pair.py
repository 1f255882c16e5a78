"""Any two records can be explained, in agreement with what the linkage went by."""

import numpy as np
import pytest

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.explaining.attribution import BITS
from infotrust.core.matching.explaining.pair import Seen, class_names, explain_pair, shared_keys, why_never_compared
from infotrust.core.matching.learning import score


def test_the_explanation_of_every_pair_is_the_weight_it_was_given(town) -> None:
    evidence = town.evidence
    some = np.random.default_rng(1).choice(len(evidence.scored.pairs), 150, replace=False)
    for at in some:
        one, other = int(evidence.scored.pairs.first[at]), int(evidence.scored.pairs.second[at])
        found = explain_pair(evidence, other, one)
        pair = Pairs(np.array([one], np.int32), np.array([other], np.int32))
        in_full = float(score.odds_of_pairs(evidence.model, evidence.plan, pair, weakest=-1000.0)[0]) * BITS
        assert found.weighed.weight == pytest.approx(in_full, abs=1e-3)
        assert found.seen is Seen.CANDIDATE
        if not found.gave_up:
            assert found.in_linkage == pytest.approx(in_full, abs=1e-3)
        else:
            assert in_full <= found.in_linkage + 1e-3


def test_two_records_that_were_never_compared_are_weighed_all_the_same(town) -> None:
    evidence = town.evidence
    compared = set(zip(evidence.scored.pairs.first.tolist(), evidence.scored.pairs.second.tolist(), strict=True))
    one, other = next((x, y) for x in range(20) for y in range(x + 1, 600) if (x, y) not in compared)
    found = explain_pair(evidence, one, other)
    assert found.seen is Seen.NEVER
    assert found.weighed.weight < 0
    assert why_never_compared(evidence.records, shared_keys(evidence.records, one, other))


def test_records_of_one_person_share_rare_keys_and_the_class_says_so(town) -> None:
    evidence = town.evidence
    best = int(np.argmax(evidence.scored.odds))
    one, other = int(evidence.scored.pairs.first[best]), int(evidence.scored.pairs.second[best])
    keys = shared_keys(evidence.records, one, other)
    assert keys[0].records < 10
    assert keys[0].information > 3
    assert {"birth date", "given and family name"} <= {key.name for key in keys}
    likeliest = explain_pair(evidence, one, other).weighed.classes[0]
    assert likeliest.same_person
    assert likeliest.name in class_names(evidence.model)


def test_no_value_of_a_record_is_part_of_an_explanation(town) -> None:
    evidence = town.evidence
    said = repr(explain_pair(evidence, 3, 8)) + repr(shared_keys(evidence.records, 3, 8))
    for coded in evidence.records.fields.values():
        for place in (3, 8):
            value = coded.values[int(coded.codes[place])].as_py() if coded.codes[place] >= 0 else ""
            assert not value or len(value) < 3 or value not in said


def test_a_record_is_not_explained_against_itself(town) -> None:
    with pytest.raises(ValueError, match="against itself"):
        explain_pair(town.evidence, 5, 5)

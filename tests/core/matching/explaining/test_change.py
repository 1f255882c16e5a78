"""What would change a decision does change it, and nothing smaller of the same field would."""

from dataclasses import replace

import numpy as np
import pytest

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import agreement
from infotrust.core.matching.explaining.attribution import BITS
from infotrust.core.matching.explaining.change import what_would_change
from infotrust.core.matching.explaining.person import Links, regroup
from infotrust.core.matching.learning import score


def pairs_near_the_cut(town, together: bool) -> list[tuple[int, int]]:
    evidence = town.evidence
    pairs, odds = evidence.scored.pairs, evidence.scored.odds
    chosen = (evidence.group[pairs.first] == evidence.group[pairs.second]) == together
    near = np.flatnonzero(chosen & (odds > -5.5))
    near = near[np.argsort(np.abs(odds[near]), kind="stable")][:12]
    return list(zip(pairs.first[near].tolist(), pairs.second[near].tolist(), strict=True))


@pytest.mark.parametrize("together", [True, False])
def test_a_change_of_a_field_that_is_named_turns_the_decision_round(town, together: bool) -> None:
    evidence, cut = town.evidence, town.report.cut
    turned = 0
    for one, other in pairs_near_the_cut(town, together):
        found = what_would_change(evidence, one, other, cut=cut)
        assert found.together == together
        assert (found.holds_up_to >= cut) == together
        for change in found.changes:
            assert change.field != "source"
            turned += 1
            members = np.flatnonzero(np.isin(evidence.group, evidence.group[[one, other]])).astype(np.int64)
            links = Links.among(evidence.scored, members)
            x, y = (int(np.flatnonzero(links.records == record)[0]) for record in (one, other))
            odds = links.odds.copy()
            odds[x, y] = odds[y, x] = change.weight / BITS
            groups, _ = regroup(replace(links, odds=odds), cut=cut / BITS)
            assert any({x, y} <= set(group) for group in groups) != together
    assert turned


def test_the_weight_after_a_change_is_that_of_the_changed_pattern(town) -> None:
    evidence = town.evidence
    one, other = pairs_near_the_cut(town, together=False)[0]
    change = what_would_change(evidence, one, other, cut=town.report.cut).changes[0]
    levels = agreement(evidence.plan, Pairs(np.array([one], np.int32), np.array([other], np.int32)))
    place = evidence.model.fields.index(change.field)
    names = evidence.plan.comparisons[place].levels
    assert names[levels[0, place]] == change.level
    levels[0, place] = names.index(change.to)
    assert change.weight == pytest.approx(float(score.log_odds(evidence.model, levels)[0]) * BITS)

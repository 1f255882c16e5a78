"""Which papers a request needs: each rule by a case that asks for it, and one that does not."""

from __future__ import annotations

import pytest

from infotrust.stages.requests.asking import ITEMS, SECTIONS, asked_items
from infotrust.stages.requests.asking.items import Kind
from infotrust.stages.requests.rules import required

RESEARCH = {"kind": "research"}


def tags(answers, *laws) -> set[str]:
    return {str(one.tag) for one in required(answers, laws)}


@pytest.mark.parametrize(
    ("answers", "laws", "tag"),
    [
        (RESEARCH, ["hipaa"], "board_review"),
        (RESEARCH, ["part2"], "board_review"),
        (RESEARCH | {"funding": ["federal"]}, [], "board_review"),
        (RESEARCH | {"board_status": "exempt"}, [], "board_review"),
        ({"level": "limited"}, ["hipaa"], "dua"),
        (RESEARCH | {"level": "identified"}, ["ferpa"], "dua"),
        (RESEARCH | {"consent": "assent"}, [], "consent_form"),
        ({"environment": "own"}, [], "security_letter"),
        ({"level": "identified"}, [], "release_letter"),
        (RESEARCH | {"funding": ["industry"]}, [], "support_letter"),
        (RESEARCH | {"medical": "yes"}, [], "bill_of_rights"),
    ],
)
def test_a_rule_asks_for_its_paper(answers, laws, tag):
    assert tag in tags(answers, *laws)


@pytest.mark.parametrize(
    ("answers", "laws"),
    [
        ({"kind": "program"}, ["hipaa", "part2", "ferpa"]),
        ({"kind": "evaluation", "level": "aggregate", "environment": "trust"}, ["hipaa"]),
        (RESEARCH | {"level": "aggregate", "environment": "trust", "funding": ["none"]}, ["ferpa"]),
        # Answers of pages that are no longer asked count for nothing.
        ({"kind": "program", "medical": "yes", "consent": "assent", "funding": ["federal"]}, []),
    ],
)
def test_no_rule_asks_where_none_applies(answers, laws):
    assert not tags(answers, *laws)


def test_health_research_names_the_law_that_asks_for_a_board():
    (found,) = required(RESEARCH, ["hipaa"])
    assert found.citation == "45 CFR 164.512(i)"


def test_the_form_asks_research_pages_for_research_only():
    def asked(answers):
        return {one.key for _part, one in asked_items(answers)}

    assert "investigator" not in asked({"kind": "evaluation"})
    assert "investigator" in asked(RESEARCH)
    assert "identifiers" in asked({"level": "deidentified"})
    assert "kept_apart" not in asked({"level": "deidentified"})
    assert "kept_apart" in asked({"level": "limited"})
    assert "groups_how" in asked(RESEARCH | {"groups": ["tribal"]})


def test_the_form_is_whole():
    keys = [one.key for part in SECTIONS for one in part.items]
    assert len(keys) == len(set(keys))
    assert len(dict(ITEMS["identifiers"].choices)) == 18
    for part in SECTIONS:
        assert part.good, f"{part.key} does not say what a good answer looks like"
    for one in ITEMS.values():
        assert bool(one.choices) == (one.kind in {Kind.CHOICE, Kind.CHOICES})
        if one.when:
            assert set(one.when.values) <= set(dict(ITEMS[one.when.key].choices)), one.key

"""What an agreement of its kind usually says, or a law of its fields wants: shown where missing, added in a click."""

from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.core.documents import read_word
from infotrust.core.policy.kinds import KINDS
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries, services
from infotrust.stages.agreements.wanting import wanted

USUAL = set(KINDS["dsa"].clauses)
PATHS = ("ferpa-studies", "ferpa-evaluation")


def missing() -> list[tuple[str, ...]]:
    return [tuple(clause.key for clause in one.clauses) for one in wanted(queries.terms_of(queries.agreement("DSA-1")))]


def page(name, *args):
    return reverse(f"agreements:{name}", args=args)


def test_a_new_agreement_misses_what_is_usual_and_what_the_law_of_its_fields_wants(town, draft):
    agreement = draft()
    assert missing()[0] == PATHS
    assert set(missing()[1:]) == {(key,) for key in USUAL}
    services.choose_clause(agreement, key="ferpa-evaluation", by=town.schools.steward)
    services.choose_clause(agreement, key="own-costs", by=town.schools.steward)
    assert PATHS not in missing()
    assert ("own-costs",) not in missing()


def test_without_fields_of_that_law_it_wants_nothing_and_other_kinds_have_their_own_usual_clauses(town, draft):
    draft(datasets=("homeless-clients",))
    assert PATHS not in missing()
    services.draft_agreement(
        code="MOU-1",
        title="Talk",
        why="To talk.",
        parties=[town.schools.agency],
        purposes=[],
        recipients=[],
        starts_on=queries.agreement("DSA-1").starts_on,
        ends_on=queries.agreement("DSA-1").ends_on,
        kind="mou",
        by=town.schools.steward,
    )
    found = wanted(queries.terms_of(queries.agreement("MOU-1")))
    assert [one.clauses[0].key for one in found] == ["vision", "own-costs"]


def test_one_click_adds_all_that_needs_no_choice_and_a_clause_that_was_reworded_is_not_missing(town, draft, client):
    agreement = draft()
    client.force_login(town.schools.steward)
    shown = client.get(page("agreement", "DSA-1")).content.decode()
    assert "Not in the text, and usual or wanted by a law" in shown
    assert "34 CFR 99.31(a)(6)(iii)(C)" in shown
    answer = client.post(page("add-wanted", "DSA-1"), follow=True).content.decode()
    assert f"{len(USUAL)} clauses are in the draft" in answer
    assert missing() == [PATHS]
    assert queries.machine_terms(queries.agreement("DSA-1")) == {"breach_notice_hours": 24}
    words = {"heading": "Costs", "text": "We share them.", "plain": "We share.", "kept_by": "us"}
    services.write_clause(agreement, key="own-costs", **words, by=town.schools.steward)
    assert missing() == [PATHS]
    client.post(page("choose", "DSA-1", "ferpa-studies"))
    assert missing() == []
    assert "Not in the text, and" not in client.get(page("agreement", "DSA-1")).content.decode()
    assert "Nothing was missing" in client.post(page("add-wanted", "DSA-1"), follow=True).content.decode()


def test_whoever_reviews_and_whoever_signs_sees_what_is_missing_and_can_go_on(town, draft, client):
    agreement = draft()
    services.submit_for_review(agreement, by=town.schools.steward)
    client.force_login(town.schools.counsel)
    shown = client.get(page("review", "DSA-1")).content.decode()
    assert "left it out on purpose" in shown
    assert "“Confidentiality”" in shown
    for people in (town.schools, town.homeless):
        services.review(agreement, approve=True, by=people.counsel)
    client.force_login(town.schools.board_member)
    assert "left it out on purpose" in client.get(page("sign", "DSA-1")).content.decode()
    with pytest.raises(NotPermitted):
        services.choose_wanted(agreement, by=town.health.steward)


# What the partners' form of a data sharing agreement asks for: each has a heading that a lawyer finds.
HEADINGS = (
    "Parties", "Purposes", "Legal authority", "Term", "Fields and uses", "Linking", "Level of identification", "Never",
    "Timing, format and transmission", "Custodians and contacts", "Recipients", "Consent", "Safeguards", "Publication",
    "Notice of incidents", "Retention and destruction", "Change and end", "Contributors see results first", "Costs",
    "Definitions", "Notices", "Governing law", "Liability", "Right to look", "Disputes", "Confidentiality",
    "Studies with school records",
)  # fmt: skip


def test_the_word_file_has_what_lawyers_look_for_and_its_rules_in_an_annex(town, draft):
    agreement = draft()
    services.choose_wanted(agreement, by=town.schools.steward)
    services.choose_clause(agreement, key="ferpa-studies", by=town.schools.steward)
    lines = [text for _key, text in read_word(services.take_word(agreement, by=town.schools.counsel))]
    headings = {line.partition(". ")[2] for line in lines if line.partition(". ")[0].isdigit()}
    assert set(HEADINGS) <= headings
    annex = lines.index("Annex: clauses that the software keeps")
    rules = [number for number, line in enumerate(lines) if "DSA-1/purposes" in line]
    assert rules
    assert min(rules) > annex > lines.index("Signatures")

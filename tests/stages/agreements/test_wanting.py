"""What an agreement of its kind usually says, or a law of its fields wants: shown where missing, added in a click."""

from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries, services
from infotrust.stages.agreements.wanting import wanted

USUAL = {"legal-authority", "confidentiality", "no-reidentification", "incident-notice", "dispute-steps", "own-costs"}
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
    assert "6 clauses are in the draft" in answer
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

"""A draft that nobody needs is discarded: it waits on nobody's desk, and blocks nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries, services
from infotrust.stages.agreements.lifecycle import State
from infotrust.web import waiting


def drafts_of(user) -> list[str]:
    return [one.title for one in waiting.waiting_for(user) if "Finish the draft" in one.title]


def test_a_discarded_draft_waits_for_nobody_and_cannot_be_changed(town, draft):
    agreement = draft()
    services.name_contact(agreement, person=town.schools.program, by=town.schools.counsel)
    services.comment(agreement, clause="term", text="Why so long?", by=town.schools.counsel)
    assert list(clocks.open_of("agreement:DSA-1"))
    assert drafts_of(town.schools.steward)
    services.discard(agreement, reason="The program ends.", by=town.homeless.steward)
    assert agreement.state == State.DISCARDED
    assert not list(clocks.open_of("agreement:DSA-1"))
    assert not drafts_of(town.schools.steward)
    with pytest.raises(ImpossibleMove):
        services.choose_clause(agreement, key="own-costs", by=town.schools.steward)
    with pytest.raises(ImpossibleMove):
        services.discard(agreement, reason="Twice.", by=town.schools.steward)


def test_who_has_no_part_in_it_and_who_says_no_reason_cannot_discard(town, draft):
    agreement = draft()
    with pytest.raises(NotPermitted):
        services.discard(agreement, reason="Mine.", by=town.health.steward)
    with pytest.raises(services.AgreementRefused, match="without a reason"):
        services.discard(agreement, reason=" ", by=town.schools.steward)
    assert queries.agreement("DSA-1").state == State.DRAFT


def test_what_is_under_review_is_taken_back_to_a_draft_first(town, approved):
    agreement = approved()
    with pytest.raises(ImpossibleMove):
        services.discard(agreement, reason="No need.", by=town.schools.steward)
    services.reopen(agreement, reason="No need.", by=town.schools.counsel)
    services.discard(agreement, reason="No need.", by=town.schools.steward)
    assert queries.kept_text(agreement, 1) is not None


def test_an_amendment_that_was_given_up_frees_the_agreement(town, signed):
    agreement = signed()
    first = services.amend(agreement, reason="More.", by=town.schools.steward)
    with pytest.raises(services.AgreementRefused, match="being amended already"):
        services.amend(agreement, reason="Less.", by=town.homeless.steward)
    services.discard(first, reason="We keep it.", by=town.schools.steward)
    second = services.amend(agreement, reason="Less.", by=town.homeless.steward)
    assert (first.code, second.code, second.edition) == ("DSA-1-v2", "DSA-1-v3", 3)
    services.submit_for_review(second, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(second, approve=True, by=people.counsel)
    for people in (town.schools, town.homeless):
        services.sign(second, by=people.board_member)
    assert queries.agreement("DSA-1").pk == second.pk
    assert queries.agreement("DSA-1-v2").pk == first.pk
    states = [one.state for one in queries.editions(queries.agreement("DSA-1"))]
    assert states == [State.SUPERSEDED, State.DISCARDED, State.IN_FORCE]


def test_the_page_says_what_it_means_and_who_did_it(town, signed, client):
    made = services.amend(signed(), reason="More.", by=town.schools.steward)
    client.force_login(town.schools.steward)
    address = reverse("agreements:discard", args=[made.code])
    assert "can be amended or renewed anew" in client.get(address).content.decode()
    assert "required" in client.post(address, {"reason": ""}).content.decode()
    shown = client.post(address, {"reason": "We keep it as it is."}, follow=True).content.decode()
    assert f"{town.schools.steward.name} discarded it" in shown
    assert "We keep it as it is." in shown

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.audit import queries as audit
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries, services
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import Agreement, AgreementPurpose, Party


def test_last_signature_puts_the_agreement_into_force_and_publishes_its_policies(town, approved):
    agreement = approved()
    services.sign(agreement, by=town.schools.board_member)
    assert agreement.state == State.AWAITING_SIGNATURES
    assert permissions.current_version() is None
    services.sign(agreement, by=town.homeless.board_member)
    assert agreement.state == State.IN_FORCE
    assert "DSA-1/fields" in permissions.current_version().policies


def test_counsel_who_asks_for_changes_sends_it_back_and_every_approval_is_void(town, draft):
    agreement = draft()
    services.submit_for_review(agreement, by=town.schools.steward)
    services.review(agreement, approve=True, by=town.schools.counsel)
    services.review(agreement, approve=False, comment="Shorter term, please.", by=town.homeless.counsel)
    assert agreement.state == State.DRAFT
    assert not Party.objects.filter(approved_at__isnull=False).exists()
    assert agreement.reviews.count() == 2


def test_changes_without_a_comment_are_refused(town, draft):
    agreement = draft()
    services.submit_for_review(agreement, by=town.schools.steward)
    with pytest.raises(services.AgreementRefused, match="without saying which"):
        services.review(agreement, approve=False, comment=" ", by=town.schools.counsel)


def test_nobody_signs_something_other_than_what_was_reviewed(town, approved):
    agreement = approved()
    Agreement.objects.filter(pk=agreement.pk).update(publication_threshold=2)
    with pytest.raises(services.AgreementRefused, match="no longer the one"):
        services.sign(agreement, by=town.schools.board_member)


def test_the_database_refuses_a_signature_under_another_text(town, approved):
    approved()
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.update(signed_by=town.schools.board_member, signed_at=timezone.now(), signed_digest="0" * 64)


def test_reopened_agreement_needs_all_reviews_and_signatures_anew(town, approved):
    agreement = approved()
    services.sign(agreement, by=town.schools.board_member)
    services.reopen(agreement, reason="A field is missing.", by=town.homeless.counsel)
    assert agreement.state == State.DRAFT
    services.submit_for_review(agreement, by=town.schools.steward)
    assert agreement.text_version == 2
    with pytest.raises(ImpossibleMove):
        services.sign(agreement, by=town.schools.board_member)


def test_a_change_under_review_is_impossible(town, draft):
    agreement = draft()
    services.submit_for_review(agreement, by=town.schools.steward)
    with pytest.raises(ImpossibleMove):
        services.remove_dataset(agreement, dataset="homeless-clients", by=town.schools.steward)


@pytest.mark.parametrize(
    ("who", "verb"),
    [("counsel", "sign"), ("board_member", "review"), ("analyst", "sign"), ("analyst", "end")],
)
def test_wrong_role_is_refused_with_the_duty_named(town, approved, who, verb):
    agreement = approved()
    arguments = {"review": {"approve": True}, "end": {"reason": "x"}}.get(verb, {})
    with pytest.raises(NotPermitted) as refusal:
        getattr(services, verb)(agreement, by=getattr(town.schools, who), **arguments)
    assert refusal.value.decision.reasons[0].rule == f"duty:{verb} agreement"


def test_board_member_of_an_agency_that_is_not_a_party_is_refused(town, approved):
    with pytest.raises(NotPermitted) as refusal:
        services.sign(approved(), by=town.health.board_member)
    assert refusal.value.decision.reasons[0].rule == "not-a-party"


def test_steward_of_another_agency_does_not_change_a_draft(town, draft):
    with pytest.raises(NotPermitted):
        services.remove_dataset(draft(), dataset="homeless-clients", by=town.health.steward)


def test_a_party_signs_once(town, approved):
    agreement = approved()
    services.sign(agreement, by=town.schools.board_member)
    with pytest.raises(services.AgreementRefused, match="already signed"):
        services.sign(agreement, by=town.schools.board_member)


def test_enforcement_is_refused_as_a_purpose_by_service_and_database(town, draft):
    with pytest.raises(services.AgreementRefused, match="enforcement"):
        draft(purposes=["enforcement"])
    agreement = draft(code="DSA-2")
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementPurpose.objects.create(agreement=agreement, purpose="enforcement")


def test_incomplete_agreement_is_not_sent_for_review_and_says_what_is_missing(town, draft):
    agreement = draft(datasets=())
    with pytest.raises(services.AgreementRefused) as refusal:
        services.submit_for_review(agreement, by=town.schools.steward)
    assert "Choose at least one dataset" in refusal.value.next_step


def test_unknown_field_is_refused_by_name(town, draft):
    with pytest.raises(services.AgreementRefused, match="shoe_size"):
        services.add_dataset(
            draft(), dataset="school-enrollment", uses={"shoe_size": {"contribute"}}, by=town.schools.steward
        )


def test_contract_holds_the_agreed_columns_only_in_the_order_of_the_dataset(signed):
    signed()
    contract = queries.contract_in_force("school-enrollment")
    assert [column.name for column in contract.columns] == ["student_number", "last_name", "birth_date", "grade"]
    assert contract.agreements == ("DSA-1",)
    assert [column.name for column in contract.keys] == ["student_number"]


def test_contract_is_the_union_of_agreements_and_the_threshold_the_strictest(town, signed):
    signed()
    second = signed(code="DSA-2", datasets=("homeless-clients",), publication_threshold=20)
    assert queries.contract_in_force("homeless-clients").agreements == ("DSA-1", "DSA-2")
    assert queries.threshold(["DSA-1", "DSA-2"]) == 20
    services.end(second, reason="Done.", by=town.schools.board_member)
    assert queries.covering("homeless-clients") == ["DSA-1"]
    assert queries.threshold(["DSA-1", "DSA-2"]) == 20


def test_no_contract_without_an_agreement_in_force(town, approved):
    approved()
    with pytest.raises(queries.NoAgreementInForce, match="school-enrollment"):
        queries.contract_in_force("school-enrollment")


def test_no_contract_without_the_key(town, signed, monkeypatch):
    from tests.stages.agreements import conftest

    keyless = {name: use for name, use in conftest.USES["school-enrollment"].items() if name != "student_number"}
    monkeypatch.setitem(conftest.USES, "school-enrollment", keyless)
    signed()
    with pytest.raises(queries.NoAgreementInForce, match="key of school-enrollment"):
        queries.contract_in_force("school-enrollment")


def test_signed_agreement_waits_for_its_first_day_then_expires_after_its_last(signed):
    today = timezone.localdate()
    agreement = signed(starts_on=today + timedelta(days=10), ends_on=today + timedelta(days=20))
    assert agreement.state == State.SIGNED
    assert permissions.current_version() is None
    now = timezone.now()
    heard = []
    services.agreement_ended.connect(
        lambda **facts: heard.append(facts["agreement_code"]), weak=False, dispatch_uid="t"
    )
    try:
        services.expire_due(now + timedelta(days=10))
        assert Agreement.objects.get().state == State.IN_FORCE
        services.expire_due(now + timedelta(days=20))
        assert Agreement.objects.get().state == State.IN_FORCE
        services.expire_due(now + timedelta(days=21))
    finally:
        services.agreement_ended.disconnect(dispatch_uid="t")
    assert Agreement.objects.get().state == State.EXPIRED
    assert heard == ["DSA-1"]
    assert "DSA-1" not in permissions.current_version().policies


def test_a_reaction_that_fails_leaves_the_agreement_in_force(town, signed):
    agreement = signed()

    def fail(**_facts):
        raise RuntimeError

    services.agreement_ended.connect(fail, weak=False, dispatch_uid="fails")
    try:
        with pytest.raises(RuntimeError):
            services.end(agreement, reason="Done.", by=town.schools.board_member)
    finally:
        services.agreement_ended.disconnect(dispatch_uid="fails")
    assert Agreement.objects.get().state == State.IN_FORCE
    assert "DSA-1/fields" in permissions.current_version().policies


def test_each_step_is_in_the_log(signed, town):
    services.end(signed(), reason="Done.", by=town.schools.board_member)
    events = [entry.event for entry in audit.entries(about="agreement:DSA-1")]
    assert {
        "agreement.drafted",
        "agreement.changed",
        "agreement.submitted",
        "agreement.reviewed",
        "agreement.signed",
        "agreement.in-force",
        "agreement.ended",
        "four-questions.asked",
    } == set(events)

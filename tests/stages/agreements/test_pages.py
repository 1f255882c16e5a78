from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.stages.agreements import queries, services
from infotrust.stages.agreements.lifecycle import State


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def page(name, *args):
    return reverse(f"agreements:{name}", args=args)


def test_empty_list_says_what_is_not_possible_yet(town, as_):
    answer = as_(town.schools.analyst).get(page("list"))
    assert "There is no agreement yet" in answer.content.decode()


def test_counsel_sees_what_waits_for_review_first(town, draft, as_):
    from infotrust.stages.agreements import services

    services.submit_for_review(draft(), by=town.schools.steward)
    answer = as_(town.homeless.counsel).get(page("list"))
    assert [row.agreement.code for row in answer.context["overview"].mine] == ["DSA-1"]


def test_steward_drafts_chooses_fields_and_sends_for_review(town, as_):
    client = as_(town.schools.steward)
    terms = {
        "code": "DSA-9",
        "title": "Pupils in shelters",
        "why": "To plan.",
        "parties": ["schools", "homeless-services"],
        "recipients": ["schools"],
        "purposes": ["planning", "linkage"],
        "level": "aggregate",
        "starts_on": "2026-01-01",
        "ends_on": "2099-01-01",
        "retention_days": "0",
        "publication_threshold": "11",
    }
    assert client.post(page("new"), terms).status_code == 302
    ticked = {"uses-student_number": ["contribute"], "uses-grade": ["contribute", "aggregate", "nonsense"]}
    assert client.post(page("fields", "DSA-9", "school-enrollment"), ticked).status_code == 302
    assert queries.uses_by_field(queries.agreement("DSA-9"), "school-enrollment") == {
        "student_number": ["contribute"],
        "grade": ["contribute", "aggregate"],
    }
    assert client.post(page("submit", "DSA-9")).status_code == 302
    assert queries.agreement("DSA-9").state == State.IN_REVIEW


def test_last_day_before_the_first_is_explained_on_the_form(town, as_):
    answer = as_(town.schools.steward).post(page("new"), {"starts_on": "2026-02-01", "ends_on": "2026-01-01"})
    assert "The last day is before the first." in answer.content.decode()


def test_signing_needs_the_typed_name_the_password_and_the_text_that_was_shown(town, approved, as_):
    agreement = approved()
    client, signer = as_(town.schools.board_member), town.schools.board_member
    right = {"full_name": signer.name, "password": "correct-horse-42", "read": "on", "seen": agreement.text_digest}
    for wrong in ({"full_name": "Someone Else"}, {"password": "guess"}, {"read": ""}, {"seen": "0" * 64}):
        assert client.post(page("sign", "DSA-1"), right | wrong).status_code == 422
        assert not queries.signed_by(agreement, "schools")
    assert client.post(page("sign", "DSA-1"), right).status_code == 302
    assert queries.signed_by(agreement, "schools")


def test_before_signing_the_page_says_who_gains_what(town, approved, as_):
    approved()
    answer = as_(town.schools.board_member).get(page("sign", "DSA-1"))
    gained = {(row.who, row.what, row.fields) for row in answer.context["page"].effects.gained}
    assert ("Analysts of Marigold Schools", "Count", "shelter") in gained


def test_reader_without_the_duty_sees_why_they_cannot_sign(town, approved, as_):
    approved()
    text = as_(town.schools.analyst).get(page("agreement", "DSA-1")).content.decode()
    assert "signed for a party by that agency" in text
    assert reverse("agreements:sign", args=["DSA-1"]) not in text


def test_end_page_says_what_is_destroyed_and_ends_it(town, signed, as_):
    signed()
    client = as_(town.homeless.board_member)
    text = client.get(page("end", "DSA-1")).content.decode()
    assert "everything; no other agreement covers it." in text
    assert client.post(page("end", "DSA-1"), {"reason": "The study is done."}).status_code == 422
    assert client.post(page("end", "DSA-1"), {"reason": "The study is done.", "confirm": "on"}).status_code == 302
    assert queries.agreement("DSA-1").state == State.ENDED


def test_every_page_is_shown(town, approved, as_):
    approved()
    for name, user in (
        ("agreement", town.health.analyst),
        ("text", town.health.analyst),
        ("reopen", town.schools.counsel),
        ("datasets", town.schools.steward),
    ):
        assert as_(user).get(page(name, "DSA-1")).status_code == 200


def test_stranger_is_sent_to_sign_in(db, client):
    assert client.get(page("list")).status_code == 302


def test_a_signer_without_a_password_here_first_proves_who_it_is(town, approved, as_):
    from django.core import mail

    agreement, signer = approved(), town.schools.board_member
    signer.set_unusable_password()
    signer.save()
    client = as_(signer)
    assert "First prove that it is you" in client.get(page("sign", "DSA-1")).content.decode()
    typed = {"full_name": signer.name, "read": "on", "seen": agreement.text_digest}
    assert client.post(page("sign", "DSA-1"), typed).status_code == 422
    assert client.post(page("sign", "DSA-1"), {**typed, "code": "123456"}).status_code == 422
    client.post(reverse("desk:send-code"), {"next": page("sign", "DSA-1")})
    code = next(word for word in mail.outbox[-1].body.replace(".", " ").split() if word.isdigit())
    assert not queries.signed_by(agreement, "schools")
    client.post(page("sign", "DSA-1"), {**typed, "code": code})
    assert queries.signed_by(agreement, "schools")


def test_while_it_is_reviewed_counsel_takes_it_back_to_a_draft_on_its_page(town, draft, as_):
    services.submit_for_review(draft(), by=town.schools.steward)
    client = as_(town.homeless.counsel)
    assert page("reopen", "DSA-1") in client.get(page("agreement", "DSA-1")).content.decode()
    assert client.get(page("reopen", "DSA-1")).status_code == 200
    assert client.post(page("reopen", "DSA-1"), {"reason": "Word came back."}).status_code == 302
    assert queries.agreement("DSA-1").state == "draft"

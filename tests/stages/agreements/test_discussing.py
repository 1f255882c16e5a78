"""Everyone of every party reads at the same time; counsel's approval stays the gate."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.clocks import services as covering
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import discussion_pages, queries, services
from infotrust.stages.agreements.lifecycle import State


def page(name, *args):
    return reverse(f"agreements:{name}", args=args)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def reviewed(town, draft):
    agreement = draft()
    services.submit_for_review(agreement, by=town.schools.steward)
    return agreement


def steps(agreement) -> set[tuple[str, str]]:
    return {
        (one.wait.step, one.wait.agency.code)
        for one in clocks.open_of(f"agreement:{agreement.code}")
        if one.wait.agency
    }


def test_all_reviewers_of_all_parties_are_asked_at_once(town, reviewed):
    kinds = ("counsel review", "privacy review", "security review", "program review")
    assert steps(reviewed) == {(kind, code) for kind in kinds for code in ("schools", "homeless-services")}


def test_the_word_of_an_officer_ends_only_that_officers_wait_and_binds_nobody(town, reviewed):
    services.say(reviewed, content=False, note="Where is it kept?", by=town.schools.security)
    assert ("security review", "schools") not in steps(reviewed)
    assert ("security review", "homeless-services") in steps(reviewed)
    for people in (town.schools, town.homeless):
        services.review(reviewed, approve=True, by=people.counsel)
    assert reviewed.state == State.AWAITING_SIGNATURES
    assert steps(reviewed) == {("signature", "schools"), ("signature", "homeless-services")}
    with pytest.raises(ImpossibleMove):
        services.say(reviewed, content=True, by=town.schools.privacy)


def test_a_concern_without_words_is_refused(town, reviewed):
    with pytest.raises(services.AgreementRefused, match="needs words"):
        services.say(reviewed, content=False, by=town.schools.privacy)


def test_a_thread_is_answered_by_anyone_and_settled_by_who_began_it(town, reviewed):
    thread = services.comment(reviewed, clause="retention", text="Why thirty days?", by=town.schools.privacy)
    services.answer(thread.pk, text="The audit takes as long.", by=town.homeless.counsel)
    with pytest.raises(NotPermitted):
        services.settle(thread.pk, outcome="Done.", by=town.homeless.counsel)
    with pytest.raises(services.AgreementRefused):
        services.settle(thread.pk, outcome=" ", by=town.schools.counsel)
    services.settle(thread.pk, outcome="Thirty days are fine.", by=town.schools.counsel)
    assert queries.open_threads(reviewed) == 0
    with pytest.raises(services.AgreementRefused, match="settled"):
        services.answer(thread.pk, text="But", by=town.homeless.counsel)


def test_outsiders_and_people_without_the_duty_do_not_comment(town, reviewed):
    for user in (town.health.counsel, town.schools.analyst):
        with pytest.raises(NotPermitted):
            services.comment(reviewed, clause="retention", text="Hm.", by=user)
    with pytest.raises(services.AgreementRefused, match="no such clause"):
        services.comment(reviewed, clause="own-7", text="Hm.", by=town.schools.counsel)


def test_the_contact_has_the_clock_while_threads_of_that_party_are_open_and_may_hand_it_on(town, reviewed):
    services.name_contact(reviewed, person=town.schools.program, by=town.schools.counsel)
    thread = services.comment(reviewed, clause="term", text="Too long.", by=town.schools.privacy)
    assert "Settle comments on Pupils in shelters" in [
        one.wait.title for one in clocks.waiting_for(town.schools.program)
    ]
    services.name_contact(reviewed, person=town.schools.steward, by=town.schools.program)
    assert "reconcile comments" not in [one.wait.step for one in clocks.waiting_for(town.schools.program)]
    assert "reconcile comments" in [one.wait.step for one in clocks.waiting_for(town.schools.steward)]
    services.settle(thread.pk, outcome="Fine.", by=town.schools.steward)
    assert "reconcile comments" not in [one.wait.step for one in clocks.waiting_for(town.schools.steward)]
    with pytest.raises(NotPermitted):
        services.name_contact(reviewed, person=town.schools.analyst, by=town.schools.analyst)
    with pytest.raises(services.AgreementRefused, match="works for that party"):
        services.name_contact(reviewed, person=town.health.program, by=town.schools.counsel)


def test_who_stands_in_for_an_absent_contact_is_named_on_the_page(town, reviewed):
    services.name_contact(reviewed, person=town.schools.program, by=town.schools.counsel)
    today = timezone.localdate()
    covering.cover(
        deputy=town.schools.privacy, first_day=today, last_day=today + timedelta(days=5), by=town.schools.program
    )
    shown = dict(discussion_pages.discussion("DSA-1", by=town.schools.analyst).contacts)
    assert town.schools.privacy.name in shown["Marigold Schools"]


def test_changes_asked_for_end_every_wait(town, reviewed):
    services.review(reviewed, approve=False, comment="Shorter.", by=town.schools.counsel)
    assert steps(reviewed) == set()


def test_signers_sign_the_same_bytes_whose_digest_is_kept(town, approved):
    agreement = approved()
    for people in (town.schools, town.homeless):
        services.sign(agreement, by=people.board_member)
    (paper,) = queries.kept_papers(agreement)
    kept = bytes(queries.kept_paper(agreement, paper.pk).content)
    digest = hashlib.sha256(kept).hexdigest()
    assert kept.startswith(b"%PDF")
    assert {party.signed_document for party in queries.agreement("DSA-1").parties.all()} == {digest} == {paper.sha256}


def test_a_copy_signed_elsewhere_is_kept_with_its_digest(town, approved):
    agreement = approved()
    content = b"%PDF-1.7\nsigned with ink\n%%EOF\n"
    made = services.attach_signed_copy(agreement, name="ink.pdf", content=content, by=town.schools.board_member)
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    for wrong, says in (
        (b"no pdf", "not a whole PDF"),
        (b"%PDF-1.7" + bytes(10 << 20) + b"%%EOF", "larger than 10 MB"),
    ):
        with pytest.raises(services.AgreementRefused, match=says):
            services.attach_signed_copy(agreement, name="x", content=wrong, by=town.schools.board_member)
    with pytest.raises(NotPermitted):
        services.attach_signed_copy(agreement, name="x", content=content, by=town.schools.counsel)


def test_the_pages_of_the_review(town, reviewed, as_):
    client = as_(town.schools.counsel)
    for address in (page("discussion", "DSA-1"), page("discuss", "DSA-1", "term"), page("contact", "DSA-1")):
        assert client.get(address).status_code == 200, address
    assert client.get(page("discuss", "DSA-1", "nonsense")).status_code == 404
    assert client.post(page("discuss", "DSA-1", "term"), {"text": "Two years?"}).status_code == 302
    (thread,) = queries.threads(reviewed)
    assert client.get(page("settle", "DSA-1", thread.pk)).status_code == 200
    assert client.post(page("answer", "DSA-1", thread.pk), {"text": "One."}).status_code == 302
    assert client.post(page("settle", "DSA-1", thread.pk), {"outcome": "Two."}).status_code == 302
    assert "Two years?" in client.get(page("discuss", "DSA-1", "term")).content.decode()
    assert client.post(page("contact", "DSA-1"), {"person": town.schools.program.pk}).status_code == 302
    client = as_(town.schools.privacy)
    assert client.get(page("say", "DSA-1")).status_code == 200
    assert client.post(page("say", "DSA-1"), {"content": "no"}).status_code == 200
    assert client.post(page("say", "DSA-1"), {"content": "yes"}).status_code == 302
    text = as_(town.schools.analyst).get(page("agreement", "DSA-1")).content.decode()
    assert "Fine" in text
    assert "Word file to edit" in text


def test_the_page_of_a_signed_copy(town, approved, as_):
    approved()
    client = as_(town.schools.board_member)
    assert client.get(page("attach", "DSA-1")).status_code == 200
    wrong = SimpleUploadedFile("a.pdf", b"hello")
    assert "not a whole PDF" in client.post(page("attach", "DSA-1"), {"file": wrong}).content.decode()
    right = SimpleUploadedFile("a.pdf", b"%PDF-1.7 ink %%EOF")
    assert client.post(page("attach", "DSA-1"), {"file": right}).status_code == 302
    (kept,) = queries.kept_papers(queries.agreement("DSA-1"))
    assert client.get(page("paper", "DSA-1", kept.pk)).content == b"%PDF-1.7 ink %%EOF"

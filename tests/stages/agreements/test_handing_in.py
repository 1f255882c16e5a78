"""A signature in ink or by a service counts once a second person confirmed it; who, what and when stay with it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from infotrust.core.documents import pdf
from infotrust.shared.audit import queries as log
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import pages, queries, services
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import SignatureElsewhere

SCAN = b"%PDF-1.7 a scanned page, signed in ink %%EOF"


def hand_in(agreement, by, content=SCAN, **changes):
    facts = {"name": "scan.pdf", "how": "ink", "signer": "Ada Stone", "signer_title": "Chair of the board"}
    return services.hand_in(
        agreement, **{**facts, "signed_on": timezone.localdate(), **changes}, content=content, by=by
    )


def confirm(given, by, **changes):
    return services.decide_signature(given.pk, **{"checked": services.CHECKS, **changes}, by=by)


def waiting(agreement) -> set[str]:
    return {one.wait.step for one in clocks.open_of(f"agreement:{agreement.code}")}


def test_it_counts_once_a_second_person_confirmed_it_and_the_last_one_brings_it_into_force(town, approved):
    agreement = approved()
    given = hand_in(agreement, town.homeless.counsel)
    assert not queries.signed_by(agreement, "homeless-services")
    assert "confirm signature" in waiting(agreement)
    confirm(given, town.schools.counsel)
    assert queries.signed_by(agreement, "homeless-services")
    assert "confirm signature" not in waiting(agreement)
    party = next(one for one in queries.agreement("DSA-1").parties.all() if one.elsewhere)
    assert (party.signed_document, party.signed_digest) == (hashlib.sha256(SCAN).hexdigest(), agreement.text_digest)
    services.sign(agreement, by=town.schools.board_member)
    assert queries.agreement("DSA-1").state == State.IN_FORCE
    shown = next(
        one for one in pages.agreement_page("DSA-1", by=town.schools.counsel).parties if one.signed.startswith("Ada")
    )
    assert shown.signed == (
        f"Ada Stone, Chair of the board, signed elsewhere; handed in by {town.homeless.counsel.name}, "
        f"confirmed by {town.schools.counsel.name}"
    )
    said = [entry.facts["what"] for entry in log.entries(about="agreement:DSA-1") if "what" in entry.facts]
    assert {"signature elsewhere handed in", "signature elsewhere confirmed"} <= set(said)
    assert pdf(queries.paper(queries.agreement("DSA-1"))).startswith(b"%PDF")


def test_nobody_confirms_their_own_and_no_other_than_counsel_or_board_hands_in_or_confirms(town, approved):
    agreement = approved()
    with pytest.raises(NotPermitted):
        hand_in(agreement, town.homeless.steward)
    with pytest.raises(NotPermitted):
        hand_in(agreement, town.health.counsel)
    given = hand_in(agreement, town.homeless.counsel)
    with pytest.raises(services.AgreementRefused, match="someone else"):
        confirm(given, town.homeless.counsel)
    for stranger in (town.health.counsel, town.homeless.steward):
        with pytest.raises(NotPermitted):
            confirm(given, stranger)
    # The database keeps it too.
    with pytest.raises(IntegrityError), transaction.atomic():
        SignatureElsewhere.objects.filter(pk=given.pk).update(decided_by=given.by, decided_at=timezone.now())


def test_each_point_is_looked_at_or_it_is_refused_with_a_reason_and_handed_in_anew(town, approved):
    agreement = approved()
    given = hand_in(agreement, town.homeless.counsel)
    with pytest.raises(services.AgreementRefused, match="looked at"):
        confirm(given, town.homeless.board_member, checked={"text"})
    with pytest.raises(services.AgreementRefused, match="waits to be confirmed already"):
        hand_in(agreement, town.homeless.counsel)
    refused = confirm(given, town.homeless.board_member, checked=(), refusal="Page 3 is missing.")
    assert (refused.refusal, refused.checked) == ("Page 3 is missing.", [])
    assert not queries.signed_by(agreement, "homeless-services")
    with pytest.raises(services.AgreementRefused, match="decided already"):
        confirm(given, town.homeless.board_member)
    hand_in(agreement, town.homeless.counsel)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"content": b"hello"}, "not a whole PDF"),
        ({"content": b"%PDF-" + b" " * (10 << 20) + b"%%EOF"}, "larger than"),
        ({"signed_on": timezone.localdate() + timedelta(days=2)}, "still to come"),
        ({"signed_on": timezone.localdate() - timedelta(days=9)}, "before this text"),
        ({"signer": " "}, "a name"),
    ],
)
def test_what_cannot_be_a_signature_is_refused(town, approved, changes, says):
    agreement = approved()
    with pytest.raises(services.AgreementRefused, match=says):
        hand_in(agreement, town.homeless.counsel, **changes)


def test_a_file_that_is_the_document_itself_with_a_signature_added_is_told_from_a_scan(town, approved):
    agreement = approved()
    original = bytes(services.document_to_sign(agreement, by=town.homeless.counsel).content)
    same = hand_in(agreement, town.homeless.counsel, content=original + b"\n% signed\n%%EOF", how="service")
    assert same.found == {"same_bytes": True, "signatures": []}
    assert hand_in(agreement, town.schools.counsel).found["same_bytes"] is False


def test_a_changed_text_makes_it_void(town, approved):
    agreement = approved()
    given = hand_in(agreement, town.homeless.counsel)
    services.reopen(agreement, reason="A field.", by=town.schools.counsel)
    services.choose_clause(agreement, key="own-costs", by=town.schools.steward)
    services.submit_for_review(agreement, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(agreement, approve=True, by=people.counsel)
    with pytest.raises(services.AgreementRefused, match="earlier text"):
        confirm(given, town.schools.counsel)
    assert queries.signatures_elsewhere(queries.agreement("DSA-1")) == []


def test_the_pages(town, approved, client):
    approved()
    client.force_login(town.homeless.counsel)
    assert client.get(reverse("agreements:to-sign", args=["DSA-1"])).content.startswith(b"%PDF")
    address = reverse("agreements:hand-in", args=["DSA-1"])
    assert "Hand in a signature" in client.get(address).content.decode()
    facts = {
        "how": "ink",
        "signer": "Ada Stone",
        "signer_title": "Chair",
        "signed_on": timezone.localdate().isoformat(),
    }
    wrong = client.post(address, {**facts, "file": SimpleUploadedFile("a.pdf", b"hello")})
    assert "not a whole PDF" in wrong.content.decode()
    assert "Ada Stone" in wrong.content.decode()
    done = client.post(address, {**facts, "file": SimpleUploadedFile("a.pdf", SCAN)}, follow=True).content.decode()
    assert "waits for a second person to confirm it" in done
    (given,) = queries.signatures_elsewhere(queries.agreement("DSA-1"))
    look = reverse("agreements:look", args=["DSA-1", given.pk])
    assert "You handed it in" in client.get(look).content.decode()
    client.force_login(town.homeless.board_member)
    shown = client.get(look).content.decode()
    assert "must be compared by eye" in shown
    assert hashlib.sha256(SCAN).hexdigest() in shown
    assert "Look at each of the three points" in client.post(look, {"text": "on"}).content.decode()
    client.post(look, dict.fromkeys(services.CHECKS, "on"))
    assert queries.signed_by(queries.agreement("DSA-1"), "homeless-services")

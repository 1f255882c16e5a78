"""A whole book pasted into a form: what is too long is said, nothing is saved, and every word comes back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.stages.agreements import queries, services

BOOK = "tea " * (5 * 2**18)  # five megabytes
OWN = {"heading": "Tea", "plain": "We drink tea.", "kept_by": "us"}


def pasted(client, name: str, *args, **data) -> None:
    answer = client.post(reverse(f"agreements:{name}", args=["DSA-1", *args]), data)
    text = answer.content.decode()
    assert answer.status_code in {200, 422}
    assert "Ensure this value has at most" in text
    assert text.count("tea ") >= BOOK.count("tea ")


def test_a_clause_comes_back_with_every_word(town, draft, client):
    draft()
    before = queries.clauses("DSA-1")
    client.force_login(town.schools.steward)
    pasted(client, "write", text=BOOK, **OWN)
    assert queries.clauses("DSA-1") == before


def test_a_comment_and_a_review_come_back_with_every_word(town, draft, client):
    agreement = draft()
    services.submit_for_review(agreement, by=town.schools.steward)
    client.force_login(town.schools.counsel)
    pasted(client, "discuss", "term", text=BOOK)
    pasted(client, "review", answer="changes", comment=BOOK, seen=agreement.text_digest)
    agreement.refresh_from_db()
    assert not queries.threads(agreement)
    assert not agreement.reviews.exists()


@pytest.mark.parametrize("extra", [0, 1])
def test_more_than_a_form_can_hold_is_said_on_a_page_of_its_own(town, draft, client, settings, extra):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(BOOK) + 400 + extra * 2**20
    draft()
    client.force_login(town.schools.steward)
    text = BOOK + "x" * (2**19 if not extra else 0)
    answer = client.post(reverse("agreements:write", args=["DSA-1"]), {"text": text, **OWN})
    if extra:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 413
        assert "what you wrote is still in the form" in answer.content.decode()
    assert not queries.agreement("DSA-1").clauses.all()

"""A text that comes back: whoever answered an earlier one reads first what changed since, word by word."""

from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.stages.agreements import queries, services
from infotrust.stages.agreements.since_pages import since


def seen_by(user):
    return since(queries.agreement("DSA-1"), by=user)


def changed(found) -> dict[str, str]:
    return {one.heading: one.kind for one in found.differs.changed}


@pytest.fixture
def returned(town, draft):
    """Text 1 was approved by the schools; the shelters asked for a later end."""
    agreement = draft()
    services.write_clause(
        agreement, heading="Meetings", text="We meet monthly.", plain="We meet.", kept_by="us", by=town.schools.steward
    )
    services.submit_for_review(agreement, by=town.schools.steward)
    services.say(agreement, content=True, by=town.homeless.privacy)
    services.review(agreement, approve=True, by=town.schools.counsel)
    services.review(agreement, approve=False, comment="Meet more often.", by=town.homeless.counsel)
    return agreement


def weekly(agreement, town):
    words = {"heading": "Meetings", "text": "We meet every week.", "plain": "We meet.", "kept_by": "us"}
    services.write_clause(agreement, key="own-1", **words, by=town.schools.steward)
    services.submit_for_review(agreement, by=town.schools.steward)


def test_counsel_reads_what_changed_since_the_text_it_approved_or_asked_to_change(town, returned):
    weekly(returned, town)
    for counsel, content, said in (
        (town.schools.counsel, True, ""),
        (town.homeless.counsel, False, "Meet more often."),
    ):
        found = seen_by(counsel)
        assert found.answer == queries.Answer(1, content, counsel.name, said)
        assert changed(found) == {"Meetings": "changed"}
        assert len(found.differs.same) == 14
    (meetings,) = seen_by(town.schools.counsel).differs.changed
    marked = [(piece.kind, piece.text) for piece in meetings.pieces if piece.kind != "kept"]
    assert marked == [("removed", "monthly"), ("added", "every week")]


def test_officers_read_what_changed_since_their_own_word(town, returned):
    weekly(returned, town)
    assert seen_by(town.homeless.privacy).answer.content
    services.say(returned, content=False, note="Where?", by=town.homeless.privacy)
    services.review(returned, approve=False, comment="Once more.", by=town.schools.counsel)
    services.submit_for_review(returned, by=town.schools.steward)
    assert (seen_by(town.homeless.privacy).answer.text, seen_by(town.homeless.privacy).answer.said) == (2, "Where?")
    assert seen_by(town.homeless.counsel).answer.text == 1


def test_a_text_sent_again_without_a_change_says_that_it_is_the_same(town, returned):
    services.submit_for_review(returned, by=town.schools.steward)
    assert seen_by(town.homeless.counsel).differs.changed == ()


def test_title_reason_terms_and_fields_are_compared_too(town, returned):
    terms = queries.terms_of(queries.agreement("DSA-1"))
    services.change_terms(
        returned,
        title="Pupils in shelters, again",
        why=terms.why,
        parties=[town.schools.agency, town.homeless.agency],
        recipients=[town.schools.agency],
        purposes=["planning", "linkage"],
        level=terms.level,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        retention_days=60,
        publication_threshold=11,
        by=town.schools.steward,
    )
    services.remove_dataset(returned, dataset="homeless-clients", by=town.schools.steward)
    # Already while it is a draft: counsel can see what is being done about what it asked.
    assert set(changed(seen_by(town.homeless.counsel))) == {
        "Title and reason",
        "Retention and destruction",
        "Datasets",
        "Fields and uses",
    }


def test_who_answered_no_earlier_text_and_who_has_no_part_see_no_differences(town, returned):
    assert seen_by(town.health.counsel) is None
    weekly(returned, town)
    services.review(returned, approve=True, by=town.schools.counsel)
    assert seen_by(town.homeless.counsel) is not None
    assert queries.kept_text(returned, 2).by == town.schools.steward


def test_the_page_of_review_begins_with_it(town, returned, client):
    weekly(returned, town)
    client.force_login(town.homeless.counsel)
    shown = client.get(reverse("agreements:review", args=["DSA-1"])).content.decode()
    assert shown.index("What changed since text 1") < shown.index("What it would change")
    assert "Meet more often." in shown
    assert "14 clauses are the same as before" in shown
    client.force_login(town.homeless.privacy)
    assert "What changed since text 1" in client.get(reverse("agreements:say", args=["DSA-1"])).content.decode()

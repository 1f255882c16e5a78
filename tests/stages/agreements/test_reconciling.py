"""What is not settled is on the desk of whoever must settle it, and before the eyes of whoever approves or signs."""

from __future__ import annotations

import io

import docx
import pytest
from django.urls import reverse

from infotrust.core.documents import word
from infotrust.shared.clocks import queries as clocks
from infotrust.stages.agreements import discussion_pages, queries, services
from infotrust.stages.agreements.lifecycle import State

COMMENTS, PROPOSALS = "reconcile comments", "decide proposals"


@pytest.fixture
def reviewed(town, draft):
    agreement = draft()
    services.submit_for_review(agreement, by=town.schools.steward)
    return agreement


def page(name, *args):
    return reverse(f"agreements:{name}", args=args)


MARCH = ("This agreement begins on", "June 30", "March 31")


def edited(*changes: tuple[str, str, str]) -> bytes:
    """The Word file of today; each change: how a paragraph begins, which of its words give way, and to which."""
    file = docx.Document(io.BytesIO(word(queries.paper(queries.agreement("DSA-1")))))
    for start, old, new in changes:
        found = next(one for one in file.paragraphs if one.text.startswith(start))
        found.text = found.text.replace(old, new)
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def wished(town, agreement):
    """Counsel of the shelters brings a file back that wants another last day: a wish to change the terms."""
    services.bring_back(agreement, content=edited(MARCH), by=town.homeless.counsel)
    (row,) = (one for one in queries.proposals(agreement) if one.answer == "open")
    assert row.kind == "terms"
    return row


def on_the_desk(user) -> dict[str, str]:
    """Each step about what is not settled that waits for someone, with where it leads."""
    found = {one.wait.step: one.wait.address for one in clocks.waiting_for(user)}
    return {step: address for step, address in found.items() if step in {COMMENTS, PROPOSALS}}


def ended() -> list[tuple[str, str]]:
    found = [one.wait for one in clocks.of("agreement:DSA-1") if not one.open]
    return [(one.step, one.outcome) for one in found if one.step in {COMMENTS, PROPOSALS}]


def test_a_wish_waits_for_whoever_drafts_until_it_is_decided(town, reviewed, client):
    row = wished(town, reviewed)
    assert on_the_desk(town.schools.steward) == {PROPOSALS: page("proposals", "DSA-1")}
    client.force_login(town.schools.steward)
    assert page("proposals", "DSA-1") in client.get("/desk/").content.decode()
    assert not on_the_desk(town.homeless.counsel)
    services.decide_proposal(row.pk, accept=False, reason="June it is.", by=town.schools.steward)
    assert not on_the_desk(town.schools.steward)
    assert ended() == [(PROPOSALS, "decided")]


def test_a_newer_file_that_wants_nothing_takes_the_wishes_back_and_ends_the_wait(town, reviewed):
    wished(town, reviewed)
    services.bring_back(reviewed, content=edited(), by=town.homeless.counsel)
    assert not on_the_desk(town.schools.steward)
    assert ended() == [(PROPOSALS, "replaced by a newer file")]


def test_one_of_two_decided_leaves_the_other_waiting_since_the_same_day(town, draft):
    agreement = draft()
    services.write_clause(
        agreement, heading="Meetings", text="Monthly.", plain="x", kept_by="us", by=town.schools.steward
    )
    content = edited(MARCH, ("Monthly.", "Monthly", "Weekly"))
    services.bring_back(agreement, content=content, by=town.homeless.counsel)
    (before,) = (one.wait for one in clocks.waiting_for(town.schools.steward) if one.wait.step == PROPOSALS)
    first, second = queries.proposals(agreement)
    services.decide_proposal(first.pk, accept=True, by=town.schools.steward)
    (after,) = (one.wait for one in clocks.waiting_for(town.schools.steward) if one.wait.step == PROPOSALS)
    assert (after.pk, after.since) == (before.pk, before.since)
    services.decide_proposal(second.pk, accept=True, by=town.schools.steward)
    assert not on_the_desk(town.schools.steward)


def test_where_the_drafter_has_left_the_stewards_of_every_party_are_asked(town, reviewed):
    town.schools.steward.is_active = False
    town.schools.steward.save()
    wished(town, reviewed)
    assert PROPOSALS in on_the_desk(town.homeless.steward)
    assert not on_the_desk(town.health.steward)


def test_a_comment_waits_for_counsel_of_its_party_until_a_contact_is_named(town, reviewed):
    thread = services.comment(reviewed, clause="term", text="Too long.", by=town.schools.privacy)
    assert on_the_desk(town.schools.counsel) == {COMMENTS: page("discussion", "DSA-1")}
    assert not on_the_desk(town.homeless.counsel)
    services.name_contact(reviewed, person=town.schools.program, by=town.schools.counsel)
    assert not on_the_desk(town.schools.counsel)
    assert COMMENTS in on_the_desk(town.schools.program)
    services.settle(thread.pk, outcome="Fine.", by=town.schools.privacy)
    assert not on_the_desk(town.schools.program)
    assert ended() == [(COMMENTS, "handed on"), (COMMENTS, "settled")]


def test_a_comment_is_no_second_review_of_counsel_who_approved(town, reviewed):
    services.review(reviewed, approve=True, by=town.schools.counsel)
    services.comment(reviewed, clause="term", text="One more thing.", by=town.schools.privacy)
    shown = discussion_pages.discussion("DSA-1", by=town.schools.counsel).reviewers
    assert [one.said for one in shown if one.party == "Marigold Schools" and one.role == "Counsel"] == [
        next(one.said for one in shown if one.party == "Marigold Schools" and one.content)
    ]


def test_the_last_approval_ends_the_waits_and_taking_it_back_begins_them_anew(town, reviewed):
    wished(town, reviewed)
    services.comment(reviewed, clause="term", text="Too long.", by=town.homeless.privacy)
    for people in (town.schools, town.homeless):
        services.review(reviewed, approve=True, by=people.counsel)
    assert reviewed.state == State.AWAITING_SIGNATURES
    assert not on_the_desk(town.schools.steward)
    assert not on_the_desk(town.homeless.counsel)
    services.name_contact(reviewed, person=town.homeless.program, by=town.homeless.counsel)
    assert not on_the_desk(town.homeless.program)
    services.reopen(reviewed, reason="A wish was left open.", by=town.schools.counsel)
    assert PROPOSALS in on_the_desk(town.schools.steward)
    assert COMMENTS in on_the_desk(town.homeless.program)


def test_changes_asked_for_end_the_wait_for_that_text_and_sending_again_asks_nobody_twice(town, reviewed):
    wished(town, reviewed)
    services.review(reviewed, approve=False, comment="See the file.", by=town.homeless.counsel)
    assert ended() == [(PROPOSALS, "changes asked for")]
    services.submit_for_review(reviewed, by=town.schools.steward)
    waiting = [one for one in clocks.open_of("agreement:DSA-1") if one.wait.step == PROPOSALS]
    assert len(waiting) == 1


def test_a_draft_that_is_discarded_waits_for_nobody(town, reviewed):
    wished(town, reviewed)
    services.reopen(reviewed, reason="No use.", by=town.schools.counsel)
    services.discard(reviewed, reason="No use.", by=town.schools.steward)
    assert not clocks.open_of("agreement:DSA-1")


def test_whoever_approves_or_signs_is_told_what_is_open_and_where(town, reviewed, client):
    client.force_login(town.schools.counsel)
    assert "not settled" not in client.get(page("review", "DSA-1")).content.decode()
    wished(town, reviewed)
    services.comment(reviewed, clause="term", text="Too long.", by=town.homeless.privacy)
    (left,) = discussion_pages.discussion("DSA-1", by=town.schools.counsel).left_open
    assert (left.key, left.wishes, left.words, left.comments) == ("term", 1, 0, 1)
    assert left.parties == (town.homeless.agency.name,)
    text = client.get(page("review", "DSA-1")).content.decode()
    for shown in ("2 things are not settled", left.heading, "1 wish to change the terms", "1 comment<"):
        assert shown in text
    assert page("proposals", "DSA-1") in text
    assert page("discuss", "DSA-1", "term") in text
    for people in (town.schools, town.homeless):
        services.review(reviewed, approve=True, by=people.counsel)
    client.force_login(town.schools.board_member)
    for name in ("sign", "hand-in"):
        text = client.get(page(name, "DSA-1")).content.decode()
        assert "2 things are not settled" in text, name
        assert page("reopen", "DSA-1") in text, name

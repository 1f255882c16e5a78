"""A vote: who may, when, how often, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from infotrust.shared.audit import queries as log
from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.governance import queries, services
from infotrust.stages.governance.lifecycle import State
from infotrust.stages.governance.models import Ballot
from infotrust.stages.governance.queries.permits import VoteClosed
from tests.stages.governance.conftest import CLOSED, DAY, NOW, OPENED

LATER = OPENED + DAY


def test_a_vote_that_everyone_gives_in_favor_is_adopted_at_its_closing_time(board, decided):
    motion = decided()
    assert motion.state == State.ADOPTED
    assert (motion.result["yes"], motion.result["present"], motion.result["quorum"]) == (5, 5, 3)
    assert len(motion.digest) == 64


def test_a_seat_votes_once(board, voting):
    motion = voting()
    services.cast_vote(motion, choice="yes", by=board.resident, at=LATER)
    with pytest.raises(services.VoteRefused, match=r"already voted.*once.*Charter of the Data Governing Board"):
        services.cast_vote(motion, choice="no", reasons="No.", by=board.resident, at=LATER)
    assert [ballot.choice for ballot in queries.ballots(queries.motion(motion.pk))] == ["yes"]


def test_the_database_keeps_one_standing_vote_for_each_seat(board, voting):
    motion = voting()
    services.cast_vote(motion, choice="yes", by=board.resident, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(
            motion=motion, seat=board.seats[board.resident.pk], choice="yes",
            cast_by=board.resident, recorded_by=board.resident, at=LATER,
        )  # fmt: skip


def test_a_vote_is_changed_before_the_close_and_the_first_one_is_kept(board, voting):
    motion = voting()
    services.cast_vote(motion, choice="yes", by=board.resident, at=LATER)
    services.change_vote(motion, choice="no", reasons="I read the comments.", by=board.resident, at=LATER + DAY)
    found = queries.motion(motion.pk)
    assert [(one.choice, one.replaced_at is None) for one in found.ballots.all()] == [("yes", False), ("no", True)]
    assert queries.tally(found, LATER + DAY)[0].no == 1
    assert log.entries().filter(event="motion.vote-changed", about=motion.about).count() == 1


def test_who_has_not_voted_has_no_vote_to_change(board, voting):
    with pytest.raises(services.VoteRefused, match="not voted"):
        services.change_vote(voting(), choice="yes", by=board.resident, at=LATER)


def test_a_vote_after_the_closing_time_is_refused_even_before_it_is_counted(board, voting):
    motion = voting()
    for verb in (services.cast_vote, services.change_vote):
        with pytest.raises(services.VoteRefused, match=r"closed on .* only before the closing time \(Charter"):
            verb(motion, choice="yes", by=board.resident, at=CLOSED)


def test_a_vote_on_what_is_decided_is_refused_with_the_rule(board, decided):
    motion = decided()
    for verb in (services.cast_vote, services.change_vote):
        with pytest.raises(
            VoteClosed, match=r"closed on .* only before the close \(Charter of the Data Gov.*version 1"
        ):
            verb(motion, choice="yes", by=board.resident, at=CLOSED + DAY)


def test_who_has_no_seat_does_not_vote(board, voting, make_user):
    motion = voting()
    for outsider in (make_user("board_member", "elsewhere"), board.secretary, board.administrator):
        with pytest.raises(NotPermitted):
            services.cast_vote(motion, choice="yes", by=outsider, at=LATER)
    with pytest.raises(NotPermitted, match=r"voting seat of the Data Governing Board.*Charter of the"):
        services.cast_vote(motion, choice="yes", by=make_user("resident", "community"), at=LATER)


def test_the_recused_do_not_vote_and_their_reason_is_quoted(board, voting):
    motion = voting()
    services.recuse(motion, reason="My agency is paid for this.", by=board.members["health"], at=LATER)
    for verb in (services.cast_vote, services.change_vote):
        with pytest.raises(NotPermitted, match=r"takes no part in M-\d+ .*: My agency is paid for this\."):
            verb(motion, choice="yes", by=board.members["health"], at=LATER)
    with pytest.raises(NotPermitted):
        services.recuse(motion, reason="Again.", by=board.members["health"], at=LATER)


def test_a_recusal_takes_a_vote_out_that_was_already_given(board, voting):
    motion = voting()
    services.cast_vote(motion, choice="yes", by=board.members["health"], at=LATER)
    services.recuse(motion, reason="We are paid for it.", by=board.members["health"], at=LATER)
    result, _seats = queries.tally(queries.motion(motion.pk), LATER)
    assert (result.yes, result.present, result.recused) == (0, 0, 1)


def test_a_quorum_that_recusal_takes_away_makes_the_motion_lapse(board, voting):
    motion = voting()
    for member in list(board.members.values())[:3]:
        services.recuse(motion, reason="We are paid for it.", by=member, at=LATER)
    for member in (board.members["shelters"], board.resident):
        services.cast_vote(motion, choice="yes", by=member, at=LATER)
    motion = services.close_vote(motion, at=CLOSED)
    assert (motion.state, motion.result["why"]) == (State.LAPSED, "no_quorum")
    assert queries.decision_on("nothing") is None


def test_a_vote_against_says_why(board, voting):
    with pytest.raises(services.MotionRefused, match="says why"):
        services.cast_vote(voting(), choice="no", by=board.resident, at=LATER)


def test_a_word_that_is_no_vote_is_refused(board, voting):
    with pytest.raises(services.VoteRefused, match="no vote"):
        services.cast_vote(voting(), choice="maybe", by=board.resident, at=LATER)


def test_the_delegate_votes_and_the_holder_does_not(board, voting, make_user):
    holder, delegate = board.members["health"], make_user("privacy", "health")
    motion = voting()
    day = LATER.date()
    term = board.seats[holder.pk].terms.get()
    services.name_delegate(term, delegate=delegate, first_day=day, last_day=day + DAY, by=holder, at=LATER)
    with pytest.raises(NotPermitted, match="stands in"):
        services.cast_vote(motion, choice="yes", by=holder, at=LATER)
    ballot = services.cast_vote(motion, choice="yes", by=delegate, at=LATER)
    assert ballot.as_delegate
    assert [one.wait.person for one in waits.open_of(motion.about) if one.wait.person == holder] == []
    # Back again, the holder may change what the delegate voted; the delegate may not any more.
    services.change_vote(motion, choice="abstain", by=holder, at=LATER + 3 * DAY)
    with pytest.raises(NotPermitted):
        services.change_vote(motion, choice="yes", by=delegate, at=LATER + 3 * DAY)


def test_a_vote_waits_for_each_seat_and_no_longer_for_those_who_voted(board, voting):
    motion = voting()
    services.cast_vote(motion, choice="yes", by=board.resident, at=LATER)
    services.recuse(motion, reason="Paid for it.", by=board.members["human"], at=LATER)
    people = {one.wait.person for one in waits.open_of(motion.about) if one.wait.step == "vote"}
    assert people == {board.members[code] for code in ("schools", "health", "shelters")}
    services.close_vote(motion, at=CLOSED)
    assert not waits.open_of(motion.about)


def test_a_seat_whose_holder_left_after_voting_has_voted(board, voting):
    motion = voting()
    services.cast_vote(motion, choice="yes", by=board.resident, at=LATER)
    term = board.seats[board.resident.pk].terms.get()
    services.end_term(term, last_day=LATER.date(), reason="Moved away.", by=board.resident, at=LATER)
    result, _seats = queries.tally(queries.motion(motion.pk), LATER + 2 * DAY)
    assert (result.yes, result.vacant) == (1, 0)


def test_the_secretary_closes_early_only_when_every_seat_has_voted(board, voting):
    motion = voting()
    for member in board.members.values():
        services.cast_vote(motion, choice="yes", by=member, at=LATER)
    with pytest.raises(services.MotionRefused, match="still open"):
        services.close_vote(motion, by=board.secretary, at=LATER)
    services.cast_vote(motion, choice="abstain", by=board.resident, at=LATER)
    assert services.close_vote(motion, by=board.secretary, at=LATER).state == State.ADOPTED


def test_the_trust_itself_counts_no_vote_before_its_time(voting):
    with pytest.raises(services.MotionRefused, match="still open"):
        services.close_vote(voting(), at=CLOSED - timedelta(seconds=1))


def test_the_calendar_closes_what_is_due_and_nothing_twice(board, voting):
    motion, heard = voting(), []
    services.cast_vote(motion, choice="yes", by=board.resident, at=LATER)

    def hear(**facts):
        heard.append(facts)

    services.motion_decided.connect(hear)
    try:
        assert services.follow_calendar(CLOSED - DAY) == 0
        assert services.follow_calendar(CLOSED) == 1
        assert services.follow_calendar(CLOSED) == 0
        services.close_vote(motion, at=CLOSED)
    finally:
        services.motion_decided.disconnect(hear)
    assert [(one["motion"], one["state"], one["adopted"]) for one in heard] == [(motion.pk, "lapsed", False)]


def test_comment_that_is_open_or_unanswered_keeps_the_vote_closed(board, commented):
    motion = commented("Who sees my child's name?")
    with pytest.raises(services.MotionRefused, match="open until"):
        services.open_vote(motion, by=board.secretary, at=NOW + DAY)
    with pytest.raises(services.MotionRefused, match=r"1 comment has no reply yet \(Charter"):
        services.open_vote(motion, by=board.secretary, at=OPENED)


def test_the_public_is_asked_or_told_why_not(board, taken_up):
    motion = taken_up()
    with pytest.raises(services.MotionRefused, match="asked before a vote"):
        services.open_vote(motion, by=board.secretary, at=NOW)
    motion = services.open_vote(motion, waived="The county must act before the storm.", by=board.secretary, at=NOW)
    assert (motion.state, motion.comment_waived) == (State.VOTING, "The county must act before the storm.")


def test_a_vote_in_writing_is_open_as_long_as_the_charter_says(board, commented):
    with pytest.raises(services.MotionRefused, match="at least 5 days"):
        services.open_vote(commented(), closes_at=OPENED + DAY, by=board.secretary, at=OPENED)


def test_a_vote_that_cannot_reach_a_quorum_is_not_opened(board, commented):
    motion = commented()
    for member in list(board.members.values())[:3]:
        term = board.seats[member.pk].terms.get()
        services.end_term(term, last_day=NOW.date(), reason="Left.", by=board.administrator, at=NOW)
    with pytest.raises(services.MotionRefused, match="only 2 would, and it takes 3"):
        services.open_vote(motion, by=board.secretary, at=OPENED)


def test_an_adopted_motion_is_superseded_by_the_next_and_by_nothing_else(board, decided, raised):
    first = decided(subject="agreement:DSA-1")
    second = decided(subject="agreement:DSA-1", supersedes=first, conditions="For one year.")
    first = queries.motion(first.pk)
    assert (first.state, second.state) == (State.SUPERSEDED, State.ADOPTED)
    assert queries.decision_on("agreement:DSA-1").label == second.label
    with pytest.raises(services.MotionRefused, match="superseded"):
        raised(supersedes=first)


def test_a_rejected_motion_supersedes_nothing(decided):
    first = decided()
    decided(choice="no", supersedes=first)
    assert queries.motion(first.pk).state == State.ADOPTED


def test_what_was_decided_is_asked_by_subject(decided):
    motion = decided(subject="agreement:DSA-1", subject_version="3", conditions="Only counts.")
    found = queries.decision_on("agreement:DSA-1")
    assert (found.label, found.adopted, found.subject_version) == (motion.label, True, "3")
    assert (found.conditions, found.decided_on) == ("Only counts.", CLOSED.date())
    assert queries.decision_on("agreement:DSA-1", body="another-board") is None
    assert queries.decision_on("") is None


def test_the_fingerprint_covers_the_text_and_every_vote(decided):
    from infotrust.stages.governance.services.voting import digest

    motion = queries.motion(decided().pk)
    before = digest(motion)
    assert before == motion.digest
    motion.text += "."
    assert digest(motion) != before
    Ballot.objects.filter(motion=motion).update(reasons="Other reasons.")
    assert digest(queries.motion(motion.pk)) != before

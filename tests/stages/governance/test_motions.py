"""A motion before its vote, and after it: raised, sent back, taken up, commented on, answered, looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.catalogue import comments
from infotrust.shared.catalogue import queries as public
from infotrust.shared.clocks import queries as waits
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.governance import queries, services
from infotrust.stages.governance.lifecycle import State
from tests.stages.governance.conftest import CLOSED, DAY, NOW, OPENED

WORDS = {"title": "Clearer words", "text": "The board lets it.", "why": "To plan."}


def steps(motion):
    return {(one.wait.step, one.wait.person) for one in waits.open_of(motion.about)}


def test_a_motion_waits_for_the_secretary_and_is_not_public_before_it_is_taken_up(board, raised):
    motion = raised()
    assert steps(motion) == {("review", board.secretary)}
    assert public.motion(motion.label) is None
    services.take_up(motion, by=board.secretary, at=NOW)
    assert public.motion(motion.label).state == "reviewed"


def test_without_a_secretary_or_chair_it_waits_for_an_administrator(board, raised):
    term = board.seats[board.secretary.pk].terms.get()
    services.end_term(term, last_day=(NOW - DAY).date(), reason="Left.", by=board.secretary, at=NOW - DAY)
    [wait] = waits.open_of(raised().about)
    assert wait.wait.role == "administrator"


def test_what_is_sent_back_is_changed_by_its_raiser_and_waits_again(board, raised):
    motion = raised()
    services.send_back(motion, note="Say which years.", by=board.secretary, at=NOW)
    assert steps(motion) == {("change", board.members["schools"])}
    services.change_motion(motion, **WORDS, by=board.members["schools"], at=NOW)
    assert steps(motion) == {("review", board.secretary)}
    assert queries.motion(motion.pk).title == "Clearer words"


def test_two_who_change_at_once_lose_no_words(board, raised):
    motion = raised()
    services.change_motion(motion, **WORDS, seen=1, by=board.members["schools"], at=NOW)
    with pytest.raises(SavedMeanwhile) as refused:
        services.change_motion(motion, **WORDS | {"text": "My own text."}, seen=1, by=board.members["schools"], at=NOW)
    assert "My own text." in refused.value.yours
    assert "The board lets it." in refused.value.theirs


def test_a_motion_is_taken_up_only_with_a_why_for_the_public(board, raised):
    with pytest.raises(services.MotionRefused, match="does not say why"):
        services.take_up(raised(why=""), by=board.secretary, at=NOW)


def test_the_words_of_a_motion_do_not_change_once_the_public_reads_them(board, taken_up):
    with pytest.raises(ImpossibleMove):
        services.change_motion(taken_up(), **WORDS, by=board.members["schools"], at=NOW)


def test_one_thing_is_put_before_a_board_once(raised):
    motion = raised(subject="agreement:DSA-1")
    with pytest.raises(services.MotionRefused, match=f"{motion.label} already asks"):
        raised(subject="agreement:DSA-1")


def test_a_review_date_in_the_past_is_refused(raised):
    with pytest.raises(services.MotionRefused, match="passed already"):
        raised(review_by=NOW.date())


def test_the_public_has_as_many_days_as_the_charter_says(board, taken_up):
    motion = taken_up()
    with pytest.raises(services.MotionRefused, match="at least 10 days"):
        services.open_comment(motion, days=9, by=board.secretary, at=NOW)
    motion = services.open_comment(motion, days=20, by=board.secretary, at=NOW)
    assert motion.comment_closes_at == NOW + 20 * DAY
    assert public.motion(motion.label).comment_closes_at == NOW + 20 * DAY


def test_a_comment_waits_for_the_secretary_within_two_days(board, commented):
    motion = commented("Good.")
    [wait] = waits.open_of(motion.about)
    assert (wait.wait.step, wait.wait.person) == ("comments", board.secretary)
    assert wait.wait.due_on == (NOW + timedelta(hours=1) + 2 * DAY).date()


def test_each_comment_is_shown_or_withheld_and_answered_before_the_vote(board, commented):
    motion = commented("Good.", "Bob is ill.", "Bad.")
    good, names, bad = comments.of(motion.label)
    with pytest.raises(services.MotionRefused, match="Show it first"):
        services.reply(motion, [good.pk], words="Thanks.", by=board.secretary, at=NOW + DAY)
    for one in (good, bad):
        services.show_comment(motion, one.pk, by=board.secretary, at=NOW + DAY)
    services.withhold_comment(motion, names.pk, reason="It names someone.", by=board.secretary, at=NOW + DAY)
    services.reply(motion, [good.pk, bad.pk], words="Only counts leave.", by=board.secretary, at=NOW + DAY)
    assert [one.reply for one in comments.public(motion.label)] == ["Only counts leave."] * 2
    assert steps(motion) == set()
    assert services.open_vote(motion, by=board.secretary, at=OPENED).state == State.VOTING


def test_a_comment_is_withheld_only_with_a_reason_and_only_by_its_own_motions_secretary(board, commented):
    motion, other = commented("Good."), commented("Bad.")
    [comment] = comments.of(motion.label)
    with pytest.raises(services.MotionRefused, match="only with a reason"):
        services.withhold_comment(motion, comment.pk, reason=" ", by=board.secretary, at=NOW)
    with pytest.raises(services.MotionRefused, match="not about"):
        services.show_comment(other, comment.pk, by=board.secretary, at=NOW)
    with pytest.raises(services.MotionRefused, match="No comment was chosen"):
        services.reply(motion, [], words="Thanks.", by=board.secretary, at=NOW)


def test_conditions_follow_from_comments_and_the_text_stays(board, commented):
    motion = commented()
    services.set_conditions(
        motion, conditions="No one is named.", review_by=(NOW + 300 * DAY).date(), by=board.secretary, at=NOW
    )
    shown = public.motion(motion.label)
    assert shown.conditions == "No one is named."
    assert shown.text == motion.text


def test_a_withdrawn_motion_says_why_and_waits_for_nobody(board, commented, raised):
    motion = commented("Good.")
    services.withdraw(motion, reason="The law changed.", by=board.members["schools"], at=NOW + DAY)
    assert public.motion(motion.label).outcome == "The law changed."
    assert not waits.open_of(motion.about)
    never_public = raised()
    services.withdraw(never_public, reason="A slip.", by=board.members["schools"], at=NOW)
    assert public.motion(never_public.label) is None


def test_votes_are_public_by_seat_once_decided_and_not_before(board, voting):
    motion = voting()
    services.cast_vote(motion, choice="no", reasons="Too soon.", by=board.resident, at=OPENED + DAY)
    services.recuse(motion, reason="Paid for it.", by=board.members["health"], at=OPENED + DAY)
    assert public.motion(motion.label).votes == []
    services.close_vote(motion, at=CLOSED)
    shown = {vote["seat"]: (vote["choice"], vote["reasons"]) for vote in public.motion(motion.label).votes}
    assert shown["Residents"] == ("no", "Too soon.")
    assert shown["Health"] == ("recused", "Paid for it.")
    assert shown["Schools"] == ("absent", "")
    everything = str(vars(public.motion(motion.label)))
    assert board.resident.name not in everything
    assert board.secretary.name not in everything


def test_when_comment_has_closed_the_secretary_is_told_to_open_the_vote(board, commented):
    motion = commented()
    services.follow_calendar(NOW + DAY)
    assert steps(motion) == set()
    services.follow_calendar(OPENED)
    assert steps(motion) == {("open vote", board.secretary)}


def test_the_board_is_told_a_month_before_it_must_look_again_and_looks(board, decided):
    due = (CLOSED + 100 * DAY).date()
    motion = decided(review_by=due)
    services.follow_calendar(CLOSED + 60 * DAY)
    assert steps(motion) == set()
    services.follow_calendar(CLOSED + 71 * DAY)
    assert steps(motion) == {("look back", board.secretary)}
    later = due + 365 * DAY
    services.look_back(motion, words="It helped.", next_on=later, by=board.secretary, at=CLOSED + 80 * DAY)
    assert steps(motion) == set()
    found = queries.motion(motion.pk)
    assert (queries.review_due(found), found.review_by, found.digest) == (later, due, motion.digest)
    assert public.motion(motion.label).looked_back == ["It helped."]


def test_who_raised_a_motion_is_asked_to_change_it_and_told_what_was_decided(board, raised, decided):
    motion = services.send_back(raised(), note="Say why now.", by=board.secretary, at=NOW)
    [turn] = waits.open_of(motion.about)
    assert (turn.wait.step, turn.wait.person) == ("change", motion.raised_by)
    services.change_motion(motion, **WORDS, by=motion.raised_by, at=NOW)
    assert [one.wait.step for one in waits.open_of(motion.about)] == ["review"]
    done = decided()
    [told] = waits.news_of(done.raised_by, CLOSED)
    assert "Adopted" in told.title

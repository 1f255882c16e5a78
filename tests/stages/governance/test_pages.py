"""The pages: whose turn it is first, what may be done as a button, and words that are never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.shared.catalogue import comments
from infotrust.stages.governance import queries, services
from infotrust.stages.governance.lifecycle import State

RAISE = {
    "board": "governing-board",
    "title": "Share enrollment",
    "why": "To plan.",
    "text": "The board lets it be counted.",
}


@pytest.fixture
def now(monkeypatch):
    """Pages act at the real time: the motions of these tests are made a while ago, so as to be at their step now."""
    from tests.stages.governance import conftest

    start = timezone.now() - timedelta(days=12)
    monkeypatch.setattr(conftest, "NOW", start)
    monkeypatch.setattr(conftest, "OPENED", start + timedelta(days=11))
    monkeypatch.setattr(conftest, "CLOSED", start + timedelta(days=16))
    return start


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def text_of(response) -> str:
    return response.content.decode()


def test_every_page_opens_for_who_may_read_it(now, board, voting, decided, as_):
    motion = voting(subject="agreement:DSA-1")
    services.ask_four_questions("agreement:DSA-1", 1, title="DSA-1")
    decided()
    term = board.seats[board.resident.pk].terms.get()
    client = as_(board.resident)
    for path in (
        "/governance/",
        "/governance/motions/new/",
        f"/governance/motions/{motion.pk}/",
        f"/governance/motions/{motion.pk}/recuse/",
        f"/governance/motions/{motion.pk}/comments/",
        "/governance/boards/governing-board/",
        f"/governance/terms/{term.pk}/delegate/",
        f"/governance/terms/{term.pk}/interest/",
        f"/governance/terms/{term.pk}/end/",
        "/governance/four-questions/agreement:DSA-1/",
        "/governance/four-questions/agreement:DSA-9/",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert text_of(page).count("<h1") == 1, path
    client = as_(board.administrator)
    seat = board.seats[board.resident.pk].pk
    for path in (
        "/governance/boards/new/",
        "/governance/boards/governing-board/charter/",
        "/governance/boards/governing-board/seats/add/",
        f"/governance/seats/{seat}/fill/",
    ):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/governance/boards/new/", "/governance/boards/governing-board/seats/add/"])
def test_pages_for_keepers_are_refused_to_others_with_the_rule(now, board, as_, path):
    page = as_(board.resident).get(path)
    assert page.status_code == 403
    assert "administrator" in text_of(page)


def test_nothing_is_there_of_that_number(board, as_):
    client = as_(board.resident)
    for path in ("motions/999/", "boards/nowhere/", "seats/999/fill/", "terms/999/end/", "motions/1/dance/"):
        assert client.get(f"/governance/{path}").status_code == 404


def test_a_motion_is_raised_and_refused_forms_keep_their_words(now, board, as_):
    client = as_(board.members["schools"])
    refused = client.post("/governance/motions/new/", RAISE | {"title": ""})
    assert refused.status_code == 422
    assert "The board lets it be counted." in text_of(refused)
    made = client.post("/governance/motions/new/", RAISE, follow=True)
    assert "The board’s secretary looks at it next." in text_of(made)
    [motion] = queries.motions()
    assert (motion.state, motion.raised_by) == (State.RAISED, board.members["schools"])


def test_what_waits_for_someone_stands_first(now, board, voting, as_):
    motion = voting()
    page = text_of(as_(board.resident).get("/governance/"))
    assert page.index("Waiting for you") < page.index(motion.title)
    assert "Waiting for you" not in text_of(as_(board.secretary).get("/governance/"))


def test_a_vote_is_cast_then_changed_on_the_same_page(now, board, voting, as_):
    motion = voting()
    client, path = as_(board.resident), f"/governance/motions/{motion.pk}/"
    refused = client.post(path, {"choice": "no", "reasons": ""})
    assert refused.status_code == 422
    assert "Say why you are against it." in text_of(refused)
    client.post(path, {"choice": "yes", "reasons": "It helps."})
    again = client.post(path, {"choice": "no", "reasons": "A long thought."})
    assert again.status_code == 422
    assert "has already voted" in text_of(again)
    assert "A long thought." in text_of(again)
    client.post(path, {"choice": "no", "reasons": "I read the comments.", "change": "1"})
    page = text_of(client.get(path))
    assert "changed before the close" in page
    assert "I read the comments." in page


def test_who_may_not_vote_reads_why_and_sees_no_form(now, board, voting, as_, make_user):
    motion = voting()
    page = text_of(as_(board.administrator).get(f"/governance/motions/{motion.pk}/"))
    assert "does not vote on it" in page
    assert "Cast my vote" not in page
    services.recuse(motion, reason="We are paid.", by=board.members["health"])
    page = text_of(as_(board.members["health"]).get(f"/governance/motions/{motion.pk}/"))
    assert "because of a conflict of interest: We are paid." in page


def test_the_secretary_leads_a_motion_from_page_to_page(now, board, raised, as_):
    motion = raised()
    client, path = as_(board.secretary), f"/governance/motions/{motion.pk}/"
    client.post(path + "take-up/", {"note": ""})
    early = client.post(path + "open-comment/", {"days": "2"})
    assert early.status_code == 422
    assert "at least 10 days" in text_of(early)
    client.post(path + "open-comment/", {"days": "10"})
    assert queries.motion(motion.pk).state == State.COMMENT
    comments.take_comment(motion.label, words="Good.")
    comments.take_comment(motion.label, words="Bob is ill.")
    good, names = comments.of(motion.label)
    client.post(f"{path}comments/{good.pk}/", {"verdict": "show"})
    client.post(f"{path}comments/{names.pk}/", {"verdict": "withhold", "reason": ""})
    assert comments.comment(names.pk).state == "received"
    client.post(f"{path}comments/{names.pk}/", {"verdict": "withhold", "reason": "It names someone."})
    client.post(path + "comments/", {"comments": str(good.pk), "words": "Thank you."})
    assert comments.tally(motion.label) == comments.Tally(shown=1, waiting=0, withheld=1, unanswered=0)
    waiting = client.post(path + "open-vote/", {"how": "asynchronous"})
    assert waiting.status_code == 422
    assert "open until" in text_of(waiting)


def test_a_step_that_is_not_possible_leads_back_with_the_reason(now, board, taken_up, as_):
    motion = taken_up()
    page = as_(board.resident).get(f"/governance/motions/{motion.pk}/open-vote/", follow=True)
    assert "Only the chair or the secretary of this body may do this." in text_of(page)


def test_two_who_change_the_words_see_both_versions_and_can_save(now, board, raised, as_):
    motion = raised()
    client, path = as_(board.members["schools"]), f"/governance/motions/{motion.pk}/change/"
    words = {name: RAISE[name] for name in ("title", "why", "text")}
    client.post(path, words | {"seen": "1", "text": "First text."})
    stale = client.post(path, words | {"seen": "1", "text": "Second text."})
    assert stale.status_code == 422
    page = text_of(stale)
    assert "Someone saved while you were writing" in page
    assert "First" in page
    assert "Second text." in page
    assert 'name="seen" value="2"' in page
    client.post(path, words | {"seen": "2", "text": "Second text."})
    assert queries.motion(motion.pk).text == "Second text."


def test_four_questions_are_answered_and_a_stale_answer_keeps_its_words(now, board, as_):
    services.ask_four_questions("use-case:1", 1, title="A use case")
    client, path = as_(board.resident), "/governance/four-questions/use-case:1/"
    form = {"question": "ethical", "answer": "no", "words": "Nobody asked the families.", "seen": "1"}
    assert "Nobody asked the families." in text_of(client.post(path, form, follow=True))
    services.ask_four_questions("use-case:1", 2, title="A use case, changed")
    stale = client.post(path, form)
    assert stale.status_code == 422
    assert "version 2 is asked about now" in text_of(stale)
    assert "Nobody asked the families." in text_of(stale)


def test_an_administrator_founds_a_board_and_fills_its_seats(db, make_user, make_agency, as_):
    client = as_(make_user("administrator", "trust"))
    founded = client.post(
        "/governance/boards/new/",
        {
            "code": "executive-board", "name": "Executive Board", "about": "It leads.", "charter": "All.",
            "share": "two_thirds", "basis": "seats", "quorum_percent": "60", "quorum_number": "0",
            "comment_days": "0", "vote_days": "3", "term_months": "24",
        },
        follow=True,
    )  # fmt: skip
    assert "It has no seats yet" in text_of(founded)
    make_agency("schools")
    path = "/governance/boards/executive-board/"
    seat = {"title": "Schools", "kind": "agency", "office": "chair", "votes": "on"}
    assert client.post(path + "seats/add/", seat | {"agency": ""}).status_code == 422
    client.post(path + "seats/add/", seat | {"agency": "schools"})
    holder = make_user("board_member", "schools")
    today = timezone.localdate()
    [now] = queries.seats(queries.body("executive-board"))
    days = {"person": str(holder.pk), "first_day": today, "last_day": today - timedelta(days=1)}
    wrong = client.post(f"/governance/seats/{now.seat.pk}/fill/", days)
    assert "The term ends before it begins." in text_of(wrong)
    client.post(f"/governance/seats/{now.seat.pk}/fill/", days | {"last_day": today + timedelta(days=90)})
    assert holder.name in text_of(client.get(path))


def test_a_delegate_is_named_and_the_holder_comes_back(now, board, as_, make_user):
    holder, delegate = board.members["health"], make_user("privacy", "health")
    term = board.seats[holder.pk].terms.get()
    client, today = as_(holder), timezone.localdate()
    client.post(
        f"/governance/terms/{term.pk}/delegate/",
        {"person": str(delegate.pk), "first_day": today, "last_day": today + timedelta(days=5), "reason": "Leave"},
    )
    page = text_of(client.get("/governance/boards/governing-board/"))
    assert f"{delegate.name} stands in until" in page
    client.post(f"/governance/terms/{term.pk}/delegate/end/")
    assert "stands in until" not in text_of(client.get("/governance/boards/governing-board/"))

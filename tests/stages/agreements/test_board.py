"""Where an agreement is put under a board, nobody signs before the board adopted the very text that is signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from infotrust.core.errors import UserFacingError
from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.clocks import queries as waits
from infotrust.shared.clocks.models import Wait
from infotrust.stages.agreements import queries, services
from infotrust.stages.agreements.services import AgreementRefused
from infotrust.stages.governance import queries as governance
from infotrust.stages.governance import services as boards
from tests.boards import answer_all


@pytest.fixture
def board(town, make_user):
    """A board of both agencies; the schools' member presides. It asks nobody beforehand and votes for two days."""
    administrator = make_user("administrator", "trust-office")
    long_ago = timezone.now() - timedelta(days=300)
    made = boards.found_body(
        code="data-board", name="Data Board", about="Decides who may use which data.", charter="It meets in public.",
        comment_days=0, vote_days=2, quorum_percent=50, by=administrator, at=long_ago,
    )  # fmt: skip
    first = timezone.localdate(long_ago)
    for people, office in ((town.schools, "chair"), (town.homeless, "member")):
        seat = boards.add_seat(
            made, title=people.agency.name, kind="agency", agency=people.agency, office=office, by=administrator,
            at=long_ago,
        )  # fmt: skip
        boards.seat_someone(
            seat, holder=people.board_member, starts_on=first, ends_on=first + timedelta(days=900), by=administrator,
            at=long_ago,
        )  # fmt: skip
    return made


@pytest.fixture
def under_board(town, draft, board):
    """`under_board()`: under the board, reviewed by both counsels, awaiting signatures."""

    def make():
        agreement = draft()
        services.put_under_board(agreement, board=board.code, by=town.schools.steward)
        services.submit_for_review(agreement, by=town.schools.steward)
        for people in (town.schools, town.homeless):
            services.review(agreement, approve=True, by=people.counsel)
        return agreement

    return make


def decide(town, agreement, choice="yes", at=None):
    motion = services.ask_board(agreement, by=town.schools.steward)
    boards.take_up(motion, by=town.schools.board_member)
    answer_all(motion.subject, by=town.schools.board_member)
    motion = boards.open_vote(governance.motion(motion.pk), by=town.schools.board_member)
    for people in (town.schools, town.homeless):
        boards.cast_vote(motion, choice=choice, reasons="We looked at it.", by=people.board_member)
    return boards.close_vote(governance.motion(motion.pk), by=town.schools.board_member, at=at)


def test_nobody_signs_before_the_board_decided(town, under_board):
    agreement = under_board()
    with pytest.raises(AgreementRefused, match="has not decided"):
        services.sign(agreement, by=town.schools.board_member)
    decide(town, agreement)
    for people in (town.schools, town.homeless):
        services.sign(agreement, by=people.board_member)
    agreement.refresh_from_db()
    assert agreement.state == "in_force"


def test_what_the_board_rejected_is_not_signed(town, under_board):
    agreement = under_board()
    decide(town, agreement, choice="no")
    with pytest.raises(AgreementRefused, match="did not adopt"):
        services.sign(agreement, by=town.schools.board_member)


def test_an_earlier_text_that_was_adopted_does_not_count_for_a_later_one(town, under_board):
    agreement = under_board()
    decide(town, agreement)
    services.reopen(agreement, reason="A date was wrong.", by=town.schools.counsel)
    services.submit_for_review(agreement, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(agreement, approve=True, by=people.counsel)
    with pytest.raises(AgreementRefused, match="an earlier text"):
        services.sign(agreement, by=town.schools.board_member)


def test_the_board_is_chosen_in_the_draft_only_and_by_who_may_change_it(town, under_board):
    agreement = under_board()
    with pytest.raises(ImpossibleMove):
        services.put_under_board(agreement, board="", by=town.schools.steward)


def test_a_draft_has_no_text_to_adopt_and_no_second_motion_is_raised(town, draft, board, under_board):
    agreement = under_board()
    services.ask_board(agreement, by=town.schools.steward)
    with pytest.raises(UserFacingError):
        services.ask_board(agreement, by=town.schools.steward)
    other = draft(code="DSA-2")
    with pytest.raises(AgreementRefused, match="No board decides"):
        services.ask_board(other, by=town.schools.steward)
    services.put_under_board(other, board=board.code, by=town.schools.steward)
    with pytest.raises(AgreementRefused, match="no text"):
        services.ask_board(other, by=town.schools.steward)


def test_the_four_questions_are_asked_of_each_text_anew(town, draft):
    agreement = draft()
    assert governance.four_questions("agreement:DSA-1") is None
    services.submit_for_review(agreement, by=town.schools.steward)
    assert governance.four_questions("agreement:DSA-1").asking.version == "1"
    services.review(agreement, approve=False, comment="Too long.", by=town.schools.counsel)
    services.submit_for_review(agreement, by=town.schools.steward)
    asked = governance.four_questions("agreement:DSA-1")
    assert asked.asking.version == "2"
    assert not asked.complete
    assert [one.version for one in asked.earlier] == ["1"]


def test_the_page_leads_from_the_draft_to_the_board(client, town, draft, board):
    draft()
    client.force_login(town.schools.steward)
    assert "Choose who decides" in client.get("/agreements/DSA-1/").content.decode()
    client.post("/agreements/DSA-1/board/", {"board": board.code})
    assert queries.agreement("DSA-1").board == board.code
    client.post("/agreements/DSA-1/submit/")
    page = client.get("/agreements/DSA-1/").content.decode()
    assert "Until then nobody can sign" in page
    assert "Ask the Data Board to adopt it" in page
    answer = client.post("/agreements/DSA-1/board/ask/")
    assert answer["Location"].startswith("/governance/motions/")
    assert "Ask the Data Board to adopt it" not in client.get("/agreements/DSA-1/").content.decode()


def test_someone_of_another_agency_does_not_choose_the_board(client, town, draft, board):
    draft()
    client.force_login(town.health.steward)
    client.post("/agreements/DSA-1/board/", {"board": board.code})
    assert queries.agreement("DSA-1").board == ""


def steps(agreement) -> set[tuple[str, str]]:
    """The steps of an agreement that wait now, each with the agency they wait for."""
    return {(one.wait.step, one.wait.agency.code) for one in waits.open_of(agreement.label)}


def test_signers_wait_only_once_the_board_adopted_this_text_and_until_then_the_stewards_are_asked(town, under_board):
    agreement = under_board()
    stewards = {("ask board", "schools"), ("ask board", "homeless-services")}
    signers = {("signature", "schools"), ("signature", "homeless-services")}
    assert steps(agreement) == stewards
    motion = services.ask_board(agreement, by=town.schools.steward)
    assert steps(agreement) == set()  # the motion has waits of its own
    assert waits.open_of(motion.about)
    boards.withdraw(motion, reason="A word was missing.", by=town.schools.steward)
    assert steps(agreement) == stewards
    decided = timezone.now() + timedelta(days=3)
    decide(town, agreement, at=decided)
    assert steps(agreement) == signers
    assert {one.wait.since.date() for one in waits.open_of(agreement.label)} == {decided.date()}
    services.sign(agreement, by=town.schools.board_member, at=decided + timedelta(days=1))
    assert steps(agreement) == {("signature", "homeless-services")}


def test_what_the_board_rejected_waits_for_the_stewards_and_a_later_yes_for_the_signers(town, under_board):
    agreement = under_board()
    decide(town, agreement, choice="no")
    (one, _other) = waits.open_of(agreement.label)
    assert (one.wait.step, "before its board again" in one.wait.title) == ("ask board", True)


def test_a_text_adopted_while_counsel_still_reviewed_goes_straight_to_the_signers(town, draft, board):
    agreement = draft()
    services.put_under_board(agreement, board=board.code, by=town.schools.steward)
    services.submit_for_review(agreement, by=town.schools.steward)
    decide(town, agreement)
    assert not any(step in {"signature", "ask board"} for step, _agency in steps(agreement))
    for people in (town.schools, town.homeless):
        services.review(agreement, approve=True, by=people.counsel)
    assert {step for step, _agency in steps(agreement)} == {"signature"}


def test_a_motion_about_an_earlier_text_leaves_the_stewards_to_ask(town, under_board):
    agreement = under_board()
    services.ask_board(agreement, by=town.schools.steward)
    services.reopen(agreement, reason="A date was wrong.", by=town.schools.counsel)
    services.submit_for_review(agreement, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(agreement, approve=True, by=people.counsel)
    assert {step for step, _agency in steps(agreement)} == {"ask board"}


def test_the_page_asks_signers_for_nothing_before_the_board_decided(town, under_board, client):
    agreement = under_board()
    client.force_login(town.schools.board_member)
    page = client.get("/agreements/DSA-1/").content.decode()
    assert page.count("The board decides first") == 2
    assert "/agreements/DSA-1/sign/" not in page
    assert "Sign DSA-1" not in client.get("/desk/").content.decode()
    decide(town, agreement)
    page = client.get("/agreements/DSA-1/").content.decode()
    assert "The board decides first" not in page
    assert "/agreements/DSA-1/sign/" in page


def test_the_page_shows_each_step_with_its_holder_and_days_the_boards_too(town, under_board, draft, client):
    client.force_login(town.schools.counsel)
    draft(code="DSA-2")
    assert "No step has begun yet" in client.get("/agreements/DSA-2/").content.decode()
    agreement = under_board()
    Wait.objects.filter(about=agreement.label).update(since=timezone.now() - timedelta(days=12, hours=1))
    decide(town, agreement)
    page = " ".join(client.get("/agreements/DSA-1/").content.decode().split())
    shown = page[page.index("Days each step took") :]
    assert "On 12 days in all, someone was waited for." in shown
    for step, holder, until, days in (
        ("Counsel reviews", "Counsel of Marigold Schools", "(approved)", 12),
        ("A party’s steward puts it before its board", "Data steward of Marigold Schools", "(asked)", 12),
        ("Seat votes", "board_member of schools", ")", 0),
        ("Board member signs", "Board member of Marigold Schools", "still waiting", 0),
    ):
        row = shown[shown.index(step) :].partition("</tr>")[0]
        assert holder in row, row
        assert until in row, row
        assert f">{days}</td>" in row, row


def test_conditions_of_the_board_are_shown_with_the_text_and_before_signature(town, under_board, client):
    agreement = under_board()
    motion = services.ask_board(agreement, by=town.schools.steward)
    boards.take_up(motion, by=town.schools.board_member)
    boards.set_conditions(governance.motion(motion.pk), conditions="Only until June.", by=town.schools.board_member)
    answer_all(motion.subject, by=town.schools.board_member)
    vote = boards.open_vote(governance.motion(motion.pk), by=town.schools.board_member)
    for people in (town.schools, town.homeless):
        boards.cast_vote(vote, choice="yes", reasons="We looked at it.", by=people.board_member)
    if governance.motion(motion.pk).state == "voting":
        boards.follow_calendar(timezone.now() + timedelta(days=3))
    client.force_login(town.schools.board_member)
    for page in ("agreement", "sign"):
        shown = client.get(reverse(f"agreements:{page}", args=["DSA-1"])).content.decode()
        assert "Conditions of the Data Board" in shown
        assert "Only until June." in shown
    assert "adopted this text on conditions" in client.get("/agreements/DSA-1/").content.decode()

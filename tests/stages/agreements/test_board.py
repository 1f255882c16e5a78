"""Where an agreement is put under a board, nobody signs before the board adopted the very text that is signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from infotrust.core.errors import UserFacingError
from infotrust.core.lifecycle import ImpossibleMove
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


def decide(town, agreement, choice="yes"):
    motion = services.ask_board(agreement, by=town.schools.steward)
    boards.take_up(motion, by=town.schools.board_member)
    answer_all(motion.subject, by=town.schools.board_member)
    motion = boards.open_vote(governance.motion(motion.pk), by=town.schools.board_member)
    for people in (town.schools, town.homeless):
        boards.cast_vote(motion, choice=choice, reasons="We looked at it.", by=people.board_member)
    return boards.close_vote(governance.motion(motion.pk), at=timezone.now() + timedelta(days=3))


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

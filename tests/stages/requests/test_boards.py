"""A request before a board: about the round that was submitted, and the four questions with each round."""

from __future__ import annotations

import pytest

from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.governance import queries as governance
from infotrust.stages.governance import services as boards
from infotrust.stages.requests import queries, services
from infotrust.stages.requests.lifecycle import State
from infotrust.stages.requests.terms import RequestIncomplete
from tests.boards import answer_all, found_board


@pytest.fixture
def board(make_user, town):
    """A board of the town, which decides at once; its chair is the schools' own member."""
    return found_board(make_user("administrator", "trust-office"), chair=town.board)


def decide(motion, chair, choice):
    answer_all(motion.subject, by=chair)
    boards.take_up(motion, by=chair)
    boards.open_vote(governance.motion(motion.pk), by=chair)
    boards.cast_vote(governance.motion(motion.pk), choice=choice, reasons="We looked at it.", by=chair)
    boards.close_vote(governance.motion(motion.pk), by=chair)


def test_the_four_questions_are_asked_of_each_round(town, at_state):
    request = at_state(State.RETURNED)
    answer_all(request.about, by=town.privacy)
    assert queries.questions_on(request).complete
    services.submit(request, by=town.requester)
    stands = queries.questions_on(request)
    assert (stands.asking.version, stands.complete) == ("2", False)


def test_a_boards_no_holds_for_the_round_it_decided_on_and_no_later_one(town, board, at_state):
    request = at_state(State.SUBMITTED)
    motion = services.ask_board(request, board=board.code, by=town.office)
    decide(motion, town.board, "no")
    assert not queries.motion_on(request).adopted
    services.return_request(request, comment="Ask for less.", by=town.office)
    services.submit(request, by=town.requester)
    assert queries.motion_on(queries.request(request.code)) is None


def test_what_a_board_refused_no_agency_grants(town, board, at_state):
    request = at_state(State.DECISION)
    decide(services.ask_board(request, board=board.code, by=town.office), town.board, "no")
    with pytest.raises(RequestIncomplete, match="decided against it"):
        services.decide(request, grant=True, by=town.board)


def test_nobody_puts_their_own_request_before_a_board(town, board, at_state):
    with pytest.raises(NotPermitted):
        services.ask_board(at_state(State.SUBMITTED), board=board.code, by=town.requester)


def test_it_goes_before_a_board_from_its_own_page(town, board, at_state, client):
    request = at_state(State.IN_REVIEW)
    client.force_login(town.office)
    path = f"/requests/{request.code}/"
    assert f"{path}board/" in client.get(path).content.decode()
    assert "We ask how often they move." in client.get(f"{path}board/").content.decode()
    assert client.post(f"{path}board/", {"board": board.code, "why": ""}).status_code == 422
    assert client.post(f"{path}board/", {"board": board.code, "why": "It helps."}).status_code == 302
    [motion] = governance.of_subject(request.about)
    assert (motion.subject_version, motion.address) == ("1", path)
    page = client.get(path).content.decode()
    assert motion.label in page
    assert f"{path}board/" not in page
    assert "Not all have an answer yet" in page


def test_the_requester_is_told_of_a_refusal_and_of_a_comment(town, at_state):
    request = at_state(State.DECISION)
    services.comment(request, text="How many?", by=town.office)
    services.decide(request, grant=False, reason="Too early.", by=town.board)
    titles = [one.title for one in waits.news_of(town.requester)]
    assert titles == [f"{request.code}: not granted", f"{request.code}: someone commented on it"]

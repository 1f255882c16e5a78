"""The four questions: recorded by person, with dissent, and asked anew when the subject changes."""

from __future__ import annotations

import pytest

from infotrust.shared.catalogue import queries as public
from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.governance import queries, services
from tests.boards import answer_all
from tests.stages.governance.conftest import DAY, NOW, OPENED

SUBJECT = "use-case:3"


@pytest.fixture
def asked(board):
    return services.ask_four_questions(SUBJECT, 1, title="Preschool and shelters", address="/readiness/3/", at=NOW)


def say(question, by, answer="yes", words="Because.", **more):
    return services.answer(SUBJECT, question, answer=answer, words=words, by=by, at=NOW, **more)


def test_nothing_is_asked_before_someone_asks(board):
    assert queries.four_questions(SUBJECT) is None
    with pytest.raises(services.AnswerRefused, match="Nobody has asked"):
        say("legal", board.resident)


def test_each_of_the_four_is_open_until_someone_answers(board, asked):
    stands = queries.four_questions(SUBJECT)
    assert [each.question for each in stands.questions] == ["legal", "ethical", "good_idea", "who_decides"]
    assert all(each.open for each in stands.questions)
    for question in ("legal", "ethical", "good_idea"):
        say(question, board.resident)
    assert not queries.four_questions(SUBJECT).complete
    say("who_decides", board.resident)
    assert queries.four_questions(SUBJECT).complete


def test_dissent_is_what_differs_from_most_answers(board, asked):
    for code in ("schools", "health"):
        say("ethical", board.members[code])
    against = say("ethical", board.resident, "no", "Nobody asked the families.")
    stands = queries.four_questions(SUBJECT)
    assert stands.questions[1].dissent == (against,)
    assert stands.objections == (against,)
    say("ethical", board.members["human"], "no", "Families fear it.")
    assert len(queries.four_questions(SUBJECT).questions[1].dissent) == 4  # two and two: nobody is most


def test_a_new_version_is_asked_anew_and_earlier_answers_stay_with_theirs(board, asked):
    say("legal", board.resident)
    services.ask_four_questions(SUBJECT, 1, title="The same", at=NOW)
    assert not queries.four_questions(SUBJECT).questions[0].open
    services.ask_four_questions(SUBJECT, 2, title="Now with health records", at=NOW + DAY)
    stands = queries.four_questions(SUBJECT)
    assert stands.questions[0].open
    assert [asking.version for asking in stands.earlier] == ["1"]
    assert queries.asking(SUBJECT, "1").questions[0].answers


def test_an_answer_to_a_version_that_is_not_the_newest_is_refused(board, asked):
    services.ask_four_questions(SUBJECT, 2, title="Changed", at=NOW + DAY)
    with pytest.raises(services.AnswerRefused, match="version 2 is asked about now"):
        say("legal", board.resident, version=1)


def test_answering_again_keeps_the_first_answer_as_history(board, asked):
    first = say("legal", board.resident)
    say("legal", board.resident, "unsure", "Counsel doubts it.")
    first.refresh_from_db()
    assert first.replaced_at == NOW
    assert [one.answer for one in queries.four_questions(SUBJECT).questions[0].answers] == ["unsure"]


def test_an_answer_says_why_and_comes_from_who_may_give_one(board, asked, make_user):
    with pytest.raises(services.AnswerRefused, match="says why"):
        say("legal", board.resident, words=" ")
    with pytest.raises(NotPermitted):
        say("legal", make_user("analyst", "trust"))


def test_a_motion_shows_the_public_what_was_answered_without_a_name(board, asked, taken_up):
    motion = taken_up(subject=SUBJECT, subject_version="1")
    say("ethical", board.resident, "no", "Nobody asked the families.")
    [shown] = public.motion(motion.label).answers
    assert (shown["question"], shown["answer"]) == ("ethical", "no")
    assert board.resident.name not in str(shown)
    assert "Resident member" in shown["who"]


def test_a_motion_raised_by_hand_is_bound_to_what_stands_and_asks_where_nobody_has(board, asked, raised):
    services.ask_four_questions(SUBJECT, 2, title="Changed", at=NOW)
    assert raised(subject=SUBJECT).subject_version == "2"
    unknown = raised(subject="extension:DUL-1")
    assert queries.asking("extension:DUL-1", unknown.subject_version).asking.title == unknown.title
    assert raised(subject="body:governing-board").subject_version == ""  # a charter uses no data


def test_no_vote_opens_before_each_of_the_four_has_an_answer(board, asked, commented):
    motion = commented(subject=SUBJECT)
    steps = {one.wait.step for one in waits.open_of(motion.about)}
    assert "answer" in steps
    for question in ("legal", "ethical", "good_idea"):
        say(question, board.resident, "unsure")
    with pytest.raises(services.MotionRefused, match="no answer yet: How do we know"):
        services.open_vote(motion, by=board.secretary, at=OPENED)
    say("who_decides", board.resident)
    assert "answer" not in {one.wait.step for one in waits.open_of(motion.about)}
    assert services.open_vote(motion, by=board.secretary, at=OPENED).state == "voting"


def test_no_vote_opens_about_what_has_changed_since(board, asked, commented):
    motion = commented(subject=SUBJECT)
    answer_all(SUBJECT, by=board.resident, at=NOW)
    services.ask_four_questions(SUBJECT, 2, title="Now with health records", at=NOW + DAY)
    with pytest.raises(services.MotionRefused, match="about version 1, and 2 stands now"):
        services.open_vote(motion, by=board.secretary, at=OPENED)


def test_what_a_motion_is_about_is_chosen_and_not_typed(board, asked, client):
    client.force_login(board.members["schools"])
    path = "/governance/motions/new/"
    assert "Preschool and shelters (use-case:3)" in client.get(path).content.decode()
    typed = {"board": "governing-board", "title": "Adopt it", "why": "So.", "text": "That it be adopted."}
    assert client.post(path, typed | {"subject": "use-case:99"}).status_code == 422
    assert client.post(path, typed | {"subject": SUBJECT}).status_code == 302
    [motion] = queries.of_subject(SUBJECT)
    assert (motion.subject_version, motion.address) == ("1", "/readiness/3/")

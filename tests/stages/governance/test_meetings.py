"""Meetings: the quorum is who is there, votes are recorded seat by seat, and what is withheld is nowhere in public."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile

import pytest
from django.core import serializers
from django.db import transaction
from django.test import Client
from django.utils import timezone

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.audit import queries as log
from infotrust.shared.catalogue import models as catalogue
from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.governance import pages, queries, services
from infotrust.stages.governance.commands import MEETING_COMMANDS
from infotrust.stages.governance.lifecycle import MeetingState, State
from tests.stages.governance.conftest import DAY, OPENED

SECRET = "Theodora Quillfeather sleeps at number 14"


@pytest.fixture
def meeting(board, commented):
    """A meeting that is called on the day comment closed, with one motion and one topic on its agenda."""
    board.motion = commented()
    return services.call_meeting(
        board.body, starts_at=OPENED, place="Room 1", topics=["Budget", " "], by=board.secretary, at=OPENED
    )


def seats(board, *people) -> list[int]:
    return [board.seats[person.pk].pk for person in people]


def be_there(board, meeting, *people):
    return services.note_meeting(meeting, there=seats(board, *people), notes={}, by=board.secretary, at=OPENED)


def open_vote(board, meeting):
    return services.open_vote(board.motion, how="meeting", meeting=meeting, by=board.secretary, at=OPENED)


@pytest.fixture
def held(board, meeting):
    """It is over: three were there, two voted for the motion and one against."""
    three = [board.members["schools"], board.members["health"], board.resident]
    be_there(board, meeting, *three)
    open_vote(board, meeting)
    for person, choice in zip(three, ("yes", "yes", "no"), strict=True):
        services.record_vote(
            board.motion, *seats(board, person), choice=choice, reasons="As said.", by=board.secretary, at=OPENED
        )
    services.close_vote(board.motion, by=board.secretary, at=OPENED)
    return services.close_meeting(meeting, by=board.secretary, at=OPENED)


def test_the_agenda_is_what_is_open_and_the_topics(meeting, board):
    assert [str(item) for item in meeting.items.all()] == [str(board.motion), "Budget"]


def test_only_who_presides_calls_a_meeting(board):
    for by in (board.members["schools"], board.administrator):
        with pytest.raises(NotPermitted):
            services.call_meeting(board.body, starts_at=OPENED, place="Room 1", by=by, at=OPENED)


def test_who_is_there_makes_the_quorum(board, meeting):
    be_there(board, meeting, board.members["schools"], board.members["health"], board.resident)
    motion = open_vote(board, meeting)
    services.record_vote(motion, *seats(board, board.resident), choice="yes", by=board.secretary, at=OPENED)
    motion = services.close_vote(motion, by=board.secretary, at=OPENED)
    assert (motion.state, motion.result["present"], motion.result["yes"]) == (State.ADOPTED, 3, 1)


def test_two_of_five_in_the_room_are_no_quorum(board, meeting):
    be_there(board, meeting, board.members["schools"], board.resident)
    motion = open_vote(board, meeting)
    services.record_vote(motion, *seats(board, board.resident), choice="yes", by=board.secretary, at=OPENED)
    assert services.close_vote(motion, by=board.secretary, at=OPENED).state == State.LAPSED


def test_a_vote_is_recorded_only_for_a_seat_that_is_there_and_not_recused(board, meeting):
    be_there(board, meeting, board.members["schools"], board.members["health"], board.resident)
    motion = open_vote(board, meeting)
    absent, there = seats(board, board.members["human"], board.members["health"])
    services.recuse(motion, reason="We are paid.", by=board.members["health"], at=OPENED)
    for seat, words in ((absent, "that is there"), (there, "takes no part"), (0, "that is there")):
        with pytest.raises(services.MeetingRefused, match=words):
            services.record_vote(motion, seat, choice="yes", by=board.secretary, at=OPENED)


def test_the_page_offers_no_vote_of_a_seat_that_takes_no_part(board, meeting):
    be_there(board, meeting, board.members["schools"], board.members["health"], board.resident)
    motion = open_vote(board, meeting)
    services.recuse(motion, reason="We are paid.", by=board.members["health"], at=OPENED)
    offered = {seat.pk for seat in pages.to_record(queries.motion(motion.pk), by=board.secretary)}
    assert offered == set(seats(board, board.members["schools"], board.resident))


def test_a_vote_in_writing_is_not_recorded_by_the_secretary(board, voting):
    with pytest.raises(services.MeetingRefused, match="in writing"):
        services.record_vote(voting(), *seats(board, board.resident), choice="yes", by=board.secretary, at=OPENED)


def test_a_vote_in_a_meeting_needs_one(board, commented):
    with pytest.raises(services.MotionRefused, match="Call one first"):
        services.open_vote(commented(), how="meeting", by=board.secretary, at=OPENED)


def test_a_vacant_seat_is_not_there(board, meeting):
    with pytest.raises(services.MeetingRefused, match="vacant"):
        services.note_meeting(meeting, there=[999], notes={}, by=board.secretary, at=OPENED)


def test_a_meeting_does_not_end_while_a_vote_in_it_is_open(board, meeting):
    be_there(board, meeting, board.resident)
    open_vote(board, meeting)
    with pytest.raises(services.MeetingRefused, match="not counted yet"):
        services.close_meeting(meeting, by=board.secretary, at=OPENED)
    with pytest.raises(services.MeetingRefused, match="opened in this meeting"):
        services.cancel_meeting(meeting, by=board.secretary, at=OPENED)


def test_minutes_are_drafted_from_what_was_recorded(board, held):
    text = "\n".join(one.words for one in queries.meeting(held.pk).passages.all())
    for part in (
        "There: Schools; Health; Residents",
        "Not there: ",
        "Adopted: for 2, against 1",
        "Residents: Against. As said.",
    ):
        assert part in text
    assert [one.wait.step for one in waits.open_of(held.about)] == ["minutes"]


def rewrite(board, meeting, *more):
    kept = [services.Words(one.words, "", one.heading) for one in meeting.passages.all()]
    return services.write_minutes(meeting, passages=[*kept, *more], by=board.secretary, at=OPENED)


def test_two_who_mend_the_minutes_at_once_lose_no_words(board, held):
    rewrite(board, held, services.Words("First."))
    with pytest.raises(SavedMeanwhile) as refused:
        services.write_minutes(held, passages=[services.Words("Second.")], seen=1, by=board.secretary, at=OPENED)
    assert "First." in refused.value.theirs
    assert refused.value.yours == "Second."


def test_withheld_words_are_nowhere_in_public_in_any_form(board, held, client):
    rewrite(board, held, services.Words(SECRET, "It tells where a child sleeps."), services.Words("We adjourned."))
    services.approve_minutes(held, by=board.secretary, at=OPENED)
    services.publish_minutes(held, by=board.secretary, at=OPENED)
    page = client.get(f"/minutes/{held.pk}/")
    word = client.get(f"/minutes/{held.pk}/minutes.docx").content
    pdf = client.get(f"/minutes/{held.pk}/minutes.pdf").content
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        in_word = "".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
    in_pdf = subprocess.run(
        [shutil.which("pdftotext"), "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    rows = "".join(serializers.serialize("json", model.objects.all()) for model in _public_models())
    facts = json.dumps([entry.facts for entry in log.entries()])
    for text in (
        page.content.decode(),
        in_word,
        in_pdf,
        rows,
        facts,
        client.get("/boards/governing-board/").content.decode(),
    ):
        assert "Quillfeather" not in text
        assert "number 14" not in text
    for text in (page.content.decode(), in_word, in_pdf, rows):
        assert "It tells where a child sleeps." in " ".join(text.split())
        assert "We adjourned." in text


def _public_models():
    return [model for name, model in vars(catalogue).items() if name.startswith("Public") and hasattr(model, "objects")]


def test_inside_the_minutes_are_whole_and_marked(board, held, client):
    rewrite(board, held, services.Words(SECRET, "It tells where a child sleeps."))
    client.force_login(board.resident)
    assert SECRET in client.get(f"/governance/meetings/{held.pk}/").content.decode()
    assert client.get(f"/governance/meetings/{held.pk}/minutes.docx").content.startswith(b"PK")
    client.logout()
    assert client.get(f"/governance/meetings/{held.pk}/").status_code == 302


def test_a_meeting_is_led_from_page_to_page(board, meeting, client):
    client.force_login(board.secretary)
    path, there = f"/governance/meetings/{meeting.pk}/", seats(board, board.members["schools"], board.resident)
    budget = meeting.items.last()
    client.post(path, {"seen": "1", "there": there, f"notes-{budget.pk}": "The bus costs more."})
    assert client.post(path + "close/", follow=True).status_code == 200
    page = client.get(path).content.decode()
    assert "The bus costs more." in page
    assert "There: Schools; Residents" in page
    form = {
        "what": "minutes",
        "seen": "2",
        "words": ["One.", SECRET, ""],
        "withheld": ["", "Private.", ""],
        "heading": ["0"] * 3,
    }
    client.post(path, form)
    stale = client.post(path, form | {"words": ["Other.", "Two.", ""]})
    assert stale.status_code == 422
    assert "Other." in stale.content.decode()
    client.post(path + "approve/")
    client.post(path + "publish/")
    assert queries.meeting(meeting.pk).state == MeetingState.PUBLISHED
    assert SECRET not in client.get(f"/minutes/{meeting.pk}/").content.decode()


def test_a_motion_voted_on_in_the_room_is_in_the_minutes_though_the_agenda_was_fixed_without_it(board, taken_up):
    called = services.call_meeting(board.body, starts_at=OPENED, place="Room 1", by=board.secretary, at=OPENED)
    late = taken_up(title="Buy a second server")
    be_there(board, called, board.members["schools"], board.members["health"], board.resident)
    services.open_vote(late, how="meeting", waived="The offer ends today.", by=board.secretary, at=OPENED)
    [item] = queries.meeting(called.pk).items.all()
    services.note_meeting(
        called,
        there=seats(board, board.members["schools"], board.members["health"], board.resident),
        notes={item.pk: "The old one is full."},
        by=board.secretary,
        at=OPENED,
    )
    services.record_vote(late, *seats(board, board.resident), choice="yes", by=board.secretary, at=OPENED)
    services.close_vote(late, by=board.secretary, at=OPENED)
    services.close_meeting(called, by=board.secretary, at=OPENED)
    words = [one.words for one in queries.meeting(called.pk).passages.all()]
    assert str(late) in words
    assert "The old one is full." in words
    assert any("Adopted: for 1" in one for one in words)


def test_with_two_meetings_called_the_page_asks_in_which_one_the_vote_is(board, meeting, client):
    later = services.call_meeting(board.body, starts_at=OPENED + DAY, place="Room 2", by=board.secretary, at=OPENED)
    with pytest.raises(services.MotionRefused, match="several meetings"):
        services.open_vote(board.motion, how="meeting", by=board.secretary, at=OPENED)
    client.force_login(board.secretary)
    path = f"/governance/motions/{board.motion.pk}/open-vote/"
    assert "Room 2" in client.get(path).content.decode()
    client.post(path, {"how": "meeting", "meeting": later.pk})
    assert queries.motion(board.motion.pk).meeting_id == later.pk


def change(board, meeting, **changes):
    terms = {"starts_at": OPENED + DAY, "place": "Room 9", "motions": [board.motion.pk], "topics": ["Budget"]}
    return services.change_meeting(meeting, **terms | changes, by=board.secretary, at=OPENED)


def test_time_place_and_agenda_of_a_called_meeting_can_be_changed(board, meeting):
    budget = meeting.items.last()
    services.note_meeting(meeting, there=[], notes={budget.pk: "Later."}, by=board.secretary, at=OPENED)
    changed = change(board, meeting, motions=[], topics=["Welcome", "Budget"])
    assert (changed.starts_at, changed.place) == (OPENED + DAY, "Room 9")
    assert [(item.title, item.notes) for item in changed.items.all()] == [("Welcome", ""), ("Budget", "Later.")]
    assert [str(item) for item in change(board, changed).items.all()] == [str(board.motion), "Budget"]


def test_what_was_come_to_is_not_taken_off_the_agenda(board, meeting):
    services.note_meeting(meeting, there=[], notes={meeting.items.last().pk: "Said."}, by=board.secretary, at=OPENED)
    open_vote(board, meeting)
    for changes in ({"topics": []}, {"motions": []}):
        with pytest.raises(services.MeetingRefused, match="come to already"):
            change(board, meeting, **changes)


def test_a_motion_that_the_body_has_not_taken_up_is_on_no_agenda(board, meeting, raised):
    with pytest.raises(services.MeetingRefused, match="taken up"):
        change(board, meeting, motions=[raised().pk])


def test_who_sits_on_the_body_is_told_of_a_meeting_until_it_is_over(board, meeting):
    def told():
        return {one.wait.person_id for one in waits.open_of(meeting.about) if one.wait.step == "attend"}

    assert told() == set(board.seats)
    [wait] = waits.waiting_for(board.resident, OPENED)[-1:]
    assert "Room 1" in wait.wait.title
    change(board, meeting)
    assert "Room 9" in waits.waiting_for(board.resident, OPENED)[-1].wait.title
    services.end_term(
        board.seats[board.resident.pk].terms.get(),
        last_day=timezone.localdate(OPENED),
        reason="Moved away.",
        by=board.resident,
        at=OPENED,
    )
    assert board.resident.pk not in told()
    services.close_meeting(meeting, by=board.secretary, at=OPENED)
    assert not told()


def test_two_who_note_a_meeting_at_once_lose_no_words(board, meeting, client):
    budget, path = meeting.items.last(), f"/governance/meetings/{meeting.pk}/"
    services.note_meeting(meeting, there=[], notes={budget.pk: "It is short."}, by=board.secretary, at=OPENED)
    client.force_login(board.secretary)
    [seat] = seats(board, board.resident)
    typed = {"seen": "1", "there": [seat], f"notes-{budget.pk}": "It is long."}
    stale = client.post(path, typed)
    assert stale.status_code == 422
    page = stale.content.decode()
    assert "It is long.</textarea>" in page
    assert "short" in page
    assert f'value="{seat}" checked' in page
    assert 'name="seen" value="2"' in page
    assert client.post(path, typed | {"seen": "2"}).status_code == 302
    assert queries.meeting(meeting.pk).items.last().notes == "It is long."


def test_two_who_change_a_meeting_at_once_lose_no_words(board, meeting, client):
    change(board, meeting)
    client.force_login(board.secretary)
    path = f"/governance/meetings/{meeting.pk}/change/"
    typed = {"seen": "1", "starts_at": "2026-03-20T10:00", "place": "Room 3", "topics": "Budget"}
    stale = client.post(path, typed)
    assert stale.status_code == 422
    assert "Someone saved while you were writing" in stale.content.decode()
    assert client.post(path, typed | {"seen": "2"}).status_code == 302
    assert queries.meeting(meeting.pk).place == "Room 3"


GIVE = {
    "change meeting": lambda meeting, by: services.change_meeting(
        meeting, starts_at=OPENED + DAY, place="Room 2", by=by, at=OPENED
    ),
    "note meeting": lambda meeting, by: services.note_meeting(meeting, there=[], notes={}, by=by, at=OPENED),
    "close meeting": lambda meeting, by: services.close_meeting(meeting, by=by, at=OPENED),
    "cancel meeting": lambda meeting, by: services.cancel_meeting(meeting, by=by, at=OPENED),
    "write minutes": lambda meeting, by: services.write_minutes(
        meeting, passages=[services.Words("All.")], by=by, at=OPENED
    ),
    "approve minutes": lambda meeting, by: services.approve_minutes(meeting, by=by, at=OPENED),
    "publish minutes": lambda meeting, by: services.publish_minutes(meeting, by=by, at=OPENED),
}


POSTS = {
    "change meeting": ("change/", {"seen": "1", "starts_at": "2026-03-20T10:00", "place": "Room 3", "topics": ""}),
    "note meeting": ("", {"seen": "1"}),
    "close meeting": ("close/", {}),
    "cancel meeting": ("cancel/", {}),
    "write minutes": ("", {"what": "minutes", "seen": "1", "words": ["All."], "withheld": [""], "heading": ["0"]}),
    "approve minutes": ("approve/", {}),
    "publish minutes": ("publish/", {}),
}


@pytest.mark.parametrize("state", list(MeetingState))
def test_no_command_to_a_meeting_succeeds_outside_the_table(board, make_user, state):
    assert set(GIVE) == set(POSTS) == set(MEETING_COMMANDS)
    path = {
        MeetingState.HELD: ("close meeting",),
        MeetingState.APPROVED: ("close meeting", "approve minutes"),
        MeetingState.PUBLISHED: ("close meeting", "approve minutes", "publish minutes"),
        MeetingState.CANCELED: ("cancel meeting",),
    }.get(state, ())
    meeting = services.call_meeting(board.body, starts_at=OPENED, place="Room 1", by=board.secretary, at=OPENED)
    for name in path:
        GIVE[name](meeting, board.secretary)
    people = (board.secretary, board.members["schools"], board.administrator, make_user("analyst", "trust"))
    windows = {by.pk: Client() for by in people}
    for by in people:
        windows[by.pk].force_login(by)
    for name, verb in GIVE.items():
        for by in people:
            allowed = state in MEETING_COMMANDS[name].states and by == board.secretary
            before = log.entries().count()
            with transaction.atomic():
                mark = transaction.savepoint()
                if allowed:
                    verb(meeting, by)
                else:
                    with pytest.raises((NotPermitted, ImpossibleMove)):
                        verb(meeting, by)
                    assert log.entries().count() == before
                    path_, data = POSTS[name]
                    windows[by.pk].post(
                        f"/governance/meetings/{meeting.pk}/{path_}",
                        data | {"seen": queries.meeting(meeting.pk).version},
                    )
                    written = log.entries().exclude(event="access.refused").count()
                    assert written == before, f"a crafted request succeeded: {name} by {by.name} in {state}"
                transaction.savepoint_rollback(mark)

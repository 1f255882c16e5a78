"""The table of commands of a motion, tested whole: every state, role and command, by verb and by crafted request.

Beside roles, what someone is on the body decides: the second test goes through these.
"""

from __future__ import annotations

import itertools

import pytest
from django.db import transaction
from django.test import Client

from infotrust.core.errors import UserFacingError
from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.accounts.models import Role
from infotrust.shared.audit import queries as log
from infotrust.shared.catalogue import comments
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.governance import queries, services
from infotrust.stages.governance.commands import BY_WHOM, COMMANDS, PRESIDER, RAISER, RAISER_OR_PRESIDER
from infotrust.stages.governance.lifecycle import State
from infotrust.stages.governance.models import Motion
from infotrust.stages.governance.queries import permits
from tests.stages.governance.conftest import CLOSED, DAY, NOW, OPENED, give_seat
from tests.tables import exhaust

PREVIOUS = {
    State.RAISED: NOW,
    State.REVIEWED: NOW,
    State.COMMENT: OPENED,
    State.VOTING: OPENED + DAY,
}
WORDS = {"title": "Other words", "text": "Other text.", "why": "Other reasons."}


@pytest.fixture
def make(board, raised, taken_up, commented, voting, decided):
    """A motion in any state; open for comment with one comment shown and one to look at, both long over."""

    def lapse():
        return services.close_vote(voting(), at=CLOSED)

    def supersede():
        first = decided()
        decided(supersedes=first)
        return queries.motion(first.pk)

    def made(state: str):
        return {
            State.RAISED: raised,
            State.REVIEWED: taken_up,
            State.COMMENT: lambda: _with_comments(board, commented),
            State.VOTING: voting,
            State.ADOPTED: decided,
            State.REJECTED: lambda: decided(choice="no"),
            State.LAPSED: lapse,
            State.WITHDRAWN: lambda: services.withdraw(
                raised(), reason="Not now.", by=board.members["schools"], at=NOW
            ),
            State.SUPERSEDED: supersede,
        }[State(state)]()

    return made


def _with_comments(board, commented):
    """One comment is shown and answered, so that the vote can be opened, and looked at and answered again."""
    motion = commented("First.")
    [first] = comments.of(motion.label)
    services.show_comment(motion, first.pk, by=board.secretary, at=NOW + DAY)
    services.reply(motion, [first.pk], words="Thank you.", by=board.secretary, at=NOW + DAY)
    return queries.motion(motion.pk)


def give(name: str, motion, by, board) -> object:
    """Give a command with arguments that are right."""
    at = PREVIOUS.get(State(motion.state), CLOSED + DAY)
    if name == "close vote":
        at = CLOSED
    comment = next((one.pk for one in comments.of(motion.label)), 0)
    if name in ("look at comment", "reply") and not comment:
        return _without_comment(name, motion, by, at)
    if name == "change vote" and motion.state == State.VOTING:
        now = queries.standing(motion.body, by, at.date()).voting
        if now and not queries.ballots(motion):
            services.cast_vote(motion, choice="yes", by=by, at=at)
    return {
        "change": lambda: services.change_motion(motion, **WORDS, by=by, at=at),
        "send back": lambda: services.send_back(motion, note="Say more.", by=by, at=at),
        "take up": lambda: services.take_up(motion, by=by, at=at),
        "open comment": lambda: services.open_comment(motion, by=by, at=at),
        "set conditions": lambda: services.set_conditions(motion, conditions="Only counts.", by=by, at=at),
        "look at comment": lambda: services.withhold_comment(motion, comment, reason="It insults.", by=by, at=at),
        "reply": lambda: services.reply(motion, [comment], words="Thanks again.", by=by, at=at),
        "open vote": lambda: services.open_vote(motion, waived="It cannot wait.", by=by, at=at),
        "recuse": lambda: services.recuse(motion, reason="We are paid.", by=by, at=at),
        "vote": lambda: services.cast_vote(motion, choice="yes", by=by, at=at),
        "change vote": lambda: services.change_vote(motion, choice="abstain", by=by, at=at),
        "record vote": lambda: _record(motion, by, board, at),
        "close vote": lambda: services.close_vote(motion, by=by, at=at),
        "withdraw": lambda: services.withdraw(motion, reason="Not now.", by=by, at=at),
        "look back": lambda: services.look_back(motion, words="It helped.", by=by, at=at),
    }[name]()


def _record(motion, by, board, at):
    """In a meeting where the resident is. The motion is moved into it as if its vote had been opened there."""
    if not permits.why_not("record vote", motion, by=by, at=at):
        presider = board.secretary
        meeting = services.call_meeting(board.body, starts_at=at, place="Room 1", by=presider, at=at)
        seat = board.seats[board.resident.pk].pk
        services.note_meeting(meeting, there=[seat], notes={}, by=presider, at=at)
        Motion.objects.filter(pk=motion.pk).update(how="meeting", meeting=meeting)
    return services.record_vote(motion, board.seats[board.resident.pk].pk, choice="yes", by=by, at=at)


def _without_comment(name, motion, by, at):
    return permits.require(name, motion, by=by, at=at)


def test_no_role_does_anything_outside_the_table(board, make, make_user):
    """Each role sits on the body, presides over it, so that only role and state decide (and who raised it)."""

    def actor(role):
        person = make_user(role, "trust" if role != "resident" else "community")
        if role in duties.DUTIES["vote on boards"].roles:
            give_seat(board, person, f"Seat of a {role}", kind="resident" if role == "resident" else "expert")
        give_seat(board, person, f"Second secretary {role}", kind="expert", office="secretary", votes=False)
        return person

    # Made once: every trial is undone, and a motion of each state is a hundred rows.
    motions: dict[str, object] = {state: make(state) for state in State}
    stand_for = _one_role_of_each_kind()
    succeeded = exhaust(
        COMMANDS,
        list(State),
        make=motions.__getitem__,
        actor=actor,
        give=lambda name, motion, by: give(name, motion, by, board),
        roles=stand_for,
    )
    # Everyone here presides and, where the role may vote, votes; nobody raised the motion.
    assert succeeded == sum(
        len(command.states) * len(duties.DUTIES[command.duty].roles & set(stand_for))
        for command in COMMANDS.values()
        if BY_WHOM[command.name] != RAISER
    )


def _one_role_of_each_kind() -> list[str]:
    """Roles that have the same duties towards motions stand for one another: their trials would be the same."""
    kinds = {}
    for role in Role.values:
        own = frozenset(one.duty for one in COMMANDS.values() if role in duties.DUTIES[one.duty].roles)
        kinds.setdefault((own, role == "resident"), role)
    return list(kinds.values())


STANDINGS = ("raiser", "secretary", "member", "recused", "outsider", "administrator")


@pytest.mark.parametrize("state", list(State))
def test_what_someone_is_on_the_body_decides(board, make, make_user, state):
    people = {
        "raiser": board.members["schools"],
        "secretary": board.secretary,
        "member": board.members["health"],
        "recused": board.members["human"],
        "outsider": make_user("board_member", "elsewhere"),
        "administrator": board.administrator,
    }
    motion = make(state)
    if state in COMMANDS["recuse"].states:
        services.recuse(motion, reason="We are paid.", by=people["recused"], at=PREVIOUS[state])
    windows = {standing: _window(person) for standing, person in people.items()}
    comment = next((one.pk for one in comments.of(motion.label)), 1)
    for name, standing in itertools.product(COMMANDS, STANDINGS):
        allowed = state in COMMANDS[name].states and standing in {
            RAISER: {"raiser"},
            PRESIDER: {"secretary"},
            RAISER_OR_PRESIDER: {"raiser", "secretary"},
        }.get(BY_WHOM[name], {"raiser", "member"})
        assert _outcome(name, motion, people[standing], board) == allowed, f"{name} by {standing} in {state}"
        if not allowed:
            _craft(name, motion, windows[standing], comment, f"{name} by {standing} in {state}")


def _window(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _craft(name, motion, window, comment, where) -> None:
    """Send what the page would send, though it shows no button: nothing is written but the refusal."""
    path, data = POSTS[name]
    fields = data | ({"comments": str(comment)} if name == "reply" else {})
    before = log.entries().exclude(event="access.refused").count()
    window.post(f"/governance/motions/{motion.pk}/{path % {'comment': comment}}", fields)
    assert log.entries().exclude(event="access.refused").count() == before, f"a crafted request succeeded: {where}"
    assert queries.motion(motion.pk).state == motion.state, where


def _outcome(name, motion, by, board) -> bool:
    """Whether the command succeeded; all it did is undone. A refusal leaves no entry in the log."""
    before = log.entries().count()
    try:
        with transaction.atomic():
            give(name, motion, by, board)
            raise _TakeBackError
    except _TakeBackError:
        return True
    except (NotPermitted, ImpossibleMove):
        assert log.entries().count() == before
        return False
    except UserFacingError as problem:
        # Allowed to them, but not now: the secretary's early close of a vote that is not over, for instance.
        raise AssertionError(f"{name}: {problem}") from problem


class _TakeBackError(Exception):
    """Ends a trial."""


POSTS = {
    "change": ("change/", WORDS | {"seen": "1"}),
    "send back": ("send-back/", {"note": "Say more."}),
    "take up": ("take-up/", {"note": ""}),
    "open comment": ("open-comment/", {"days": "10"}),
    "set conditions": ("set-conditions/", {"conditions": "Only counts."}),
    "open vote": ("open-vote/", {"how": "asynchronous", "waived": "It cannot wait."}),
    "recuse": ("recuse/", {"reason": "We are paid."}),
    "vote": ("", {"choice": "yes"}),
    "change vote": ("", {"choice": "abstain", "change": "1"}),
    "close vote": ("close-vote/", {}),
    "record vote": ("record-vote/", {"seat": "1", "choice": "yes"}),
    "withdraw": ("withdraw/", {"reason": "Not now."}),
    "look back": ("look-back/", {"words": "It helped."}),
    "reply": ("comments/", {"words": "Thanks again."}),
    "look at comment": ("comments/%(comment)s/", {"verdict": "withhold", "reason": "It insults."}),
}

"""What the pages of governance show, worked out for who looks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.counting import Result
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.catalogue import comments
from infotrust.shared.catalogue.comments import Tally
from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions import duties
from infotrust.stages.governance import queries
from infotrust.stages.governance.commands import COMMANDS
from infotrust.stages.governance.lifecycle import OPEN, State
from infotrust.stages.governance.queries import permits
from infotrust.stages.governance.terms import CHOICE_WORDS, QUESTION_HELP, WHY_WORDS, Question


@dataclass(frozen=True)
class Action:
    """A command as a link or a button: `slug` is its page, `why_not` says why it is not shown as one."""

    name: str
    slug: str
    title: str
    why_not: str
    primary: bool


TITLES: dict[str, Any] = {
    "change": gettext_lazy("Change the words"),
    "send back": gettext_lazy("Ask for changes"),
    "take up": gettext_lazy("Take it up"),
    "open comment": gettext_lazy("Open public comment"),
    "set conditions": gettext_lazy("Set conditions"),
    "open vote": gettext_lazy("Open the vote"),
    "recuse": gettext_lazy("Take no part: a conflict of interest"),
    "close vote": gettext_lazy("Close the vote and count it"),
    "withdraw": gettext_lazy("Withdraw it"),
    "look back": gettext_lazy("Record a look back"),
}
PRIMARY = {"take up", "open comment", "open vote", "close vote"}


def actions(motion: Any, *, by: User) -> list[Action]:
    """Return what `by` may do with the motion now (voting, which has its form on the page, apart)."""
    found = []
    for name, title in TITLES.items():
        if permits.why_not(name, motion, by=by):
            continue
        primary = name in PRIMARY and _is_next(name, motion)
        found.append(Action(name, name.replace(" ", "-"), str(title), "", primary))
    return sorted(found, key=lambda one: not one.primary)


def _is_next(name: str, motion: Any) -> bool:
    """One primary action: comment before the vote where the charter asks for it, and no close before its time."""
    if motion.state == State.REVIEWED:
        asks = queries.charter(motion.body).comment_days > 0
        return name == ("open comment" if asks else "open vote")
    if name == "close vote":
        return queries.closes_early(motion) or motion.vote_closes_at is None
    return True


@dataclass(frozen=True)
class SeatVote:
    """What a seat did in a vote, in words."""

    seat: str
    holder: str
    choice: str
    words: str
    reasons: str
    delegate: str
    changed: int


@dataclass(frozen=True)
class MotionPage:
    motion: Any
    charter: Any
    rules: list[str]
    actions: list[Action]
    may_vote: bool
    why_no_vote: str
    own_seat: str
    own_vote: Any
    conflict: str
    result: Result | None
    outcome: str
    votes: list[SeatVote]
    dissent: list[SeatVote]
    questions: queries.FourQuestions | None
    comments: list[Any]
    tally: Tally
    may_look: bool
    may_reply: bool
    waits: tuple[Any, ...]
    review_due: Any
    after: list[Any]
    comment_over: bool
    to_record: list[Any]


def motion_page(number: int, *, by: User) -> MotionPage:
    """Return the page of a motion; raises `NotPermitted`, `NoSuchMotion`."""
    duties.require("read governance", by=by)
    motion = queries.motion(number)
    charter = motion.charter or queries.charter(motion.body)
    now = queries.standing(motion.body, by).voting
    why_no_vote = permits.why_not("vote", motion, by=by)
    open_vote = motion.state == State.VOTING
    votes = _votes(motion) if open_vote or motion.decided_at else []
    return MotionPage(
        motion=motion,
        charter=charter,
        rules=queries.rules_in_words(charter),
        actions=actions(motion, by=by),
        may_vote=not why_no_vote,
        why_no_vote=why_no_vote if open_vote else "",
        own_seat=now.seat.title if now else "",
        own_vote=next((one for one in queries.ballots(motion) if now and one.seat_id == now.seat.pk), None),
        conflict=_conflict(motion, now),
        result=queries.tally(motion)[0] if open_vote else None,
        outcome=str(WHY_WORDS[motion.result["why"]]) if motion.result else "",
        votes=votes,
        dissent=[one for one in votes if one.choice == "no"]
        if motion.state in (State.ADOPTED, State.SUPERSEDED)
        else [],
        questions=queries.four_questions(motion.subject),
        comments=comments.of(motion.label),
        tally=comments.tally(motion.label),
        may_look=not permits.why_not("look at comment", motion, by=by),
        may_reply=not permits.why_not("reply", motion, by=by),
        waits=waits.open_of(motion.about),
        review_due=queries.review_due(motion),
        after=[one for one in motion.superseded_by.all() if one.state == State.ADOPTED],
        comment_over=bool(motion.comment_closes_at and motion.comment_closes_at <= timezone.now()),
        to_record=to_record(motion, by=by),
    )


def _conflict(motion: Any, now: Any) -> str:
    """An interest that the seat's holder declared about this very subject: a reminder, not a decision."""
    if now is None or now.term is None or not motion.subject or motion.state not in OPEN:
        return ""
    found = [one.words for one in now.term.interests.all() if one.ended_at is None and one.subject == motion.subject]
    return found[0] if found else ""


def _votes(motion: Any) -> list[SeatVote]:
    given = {one.seat_id: one for one in queries.ballots(motion)}
    recused = queries.recused_seats(motion)
    changed = [one.seat_id for one in motion.ballots.all() if one.replaced_at is not None]
    day = timezone.localdate(motion.decided_at) if motion.decided_at else None
    there = [now for now in queries.seats(motion.body, day) if now.seat.votes or now.seat.pk in given]
    return [_vote(now, given.get(now.seat.pk), recused.get(now.seat.pk), changed.count(now.seat.pk)) for now in there]


def _vote(now: Any, ballot: Any, recusal: Any, changed: int) -> SeatVote:
    holder = now.holder.name if now.holder else _("vacant")
    if recusal:
        return SeatVote(now.seat.title, holder, "recused", _("Takes no part"), recusal.reason, "", changed)
    if ballot is None:
        return SeatVote(now.seat.title, holder, "", _("No vote") if now.vacant else _("Not voted yet"), "", "", changed)
    delegate = ballot.cast_by.name if ballot.as_delegate else ""
    words = str(CHOICE_WORDS[ballot.choice])
    return SeatVote(now.seat.title, holder, ballot.choice, words, ballot.reasons, delegate, changed)


@dataclass(frozen=True)
class Row:
    """A motion in a list, and what it waits for."""

    motion: Any
    note: str


@dataclass(frozen=True)
class Overview:
    mine: list[Row]
    open: list[Row]
    decided: list[Any]
    bodies: list[Any]
    may_raise: bool
    may_found: bool


def overview(*, by: User) -> Overview:
    """Return the front page of governance: what waits for `by` first."""
    duties.require("read governance", by=by)
    rows = [Row(motion, _next_step(motion)) for motion in queries.motions(states=OPEN)]
    mine = [row for row in rows if _waits_for(row.motion, by)]
    bodies = queries.bodies()
    return Overview(
        mine=mine,
        open=[row for row in rows if row not in mine],
        decided=queries.motions(states=[State.ADOPTED, State.REJECTED, State.LAPSED])[:10],
        bodies=bodies,
        may_raise=bool(bodies) and bool(duties.may("raise motions", by=by)),
        may_found=bool(duties.may("found boards", by=by)),
    )


def _waits_for(motion: Any, by: User) -> bool:
    return any(one.wait.person_id == by.pk for one in waits.open_of(motion.about))


def _next_step(motion: Any) -> str:
    steps = sorted({one.step for one in waits.open_of(motion.about)})
    if steps:
        return "; ".join(steps)
    return _("The public can comment") if motion.state == State.COMMENT else ""


@dataclass(frozen=True)
class BoardPage:
    body: Any
    charter: Any
    rules: list[str]
    seats: list[Any]
    own: Any
    open: list[Any]
    decided: list[Any]
    may_keep: bool
    may_raise: bool
    may_call: bool
    meetings: list[Any]
    vacant: int
    today: Any


def board_page(code: str, *, by: User) -> BoardPage:
    """Return the page of a body; raises `NotPermitted`, `NoSuchBody`."""
    duties.require("read governance", by=by)
    body = queries.body(code)
    charter = queries.charter(body)
    seats = queries.seats(body)
    return BoardPage(
        body=body,
        charter=charter,
        rules=queries.rules_in_words(charter),
        seats=seats,
        own=next((now for now in seats if now.term and now.term.holder_id == by.pk), None),
        open=queries.motions(body=body, states=OPEN),
        decided=[one for one in queries.motions(body=body) if one.decided_at][:20],
        may_keep=may_keep(body, by=by),
        may_raise=bool(duties.may("raise motions", by=by)),
        may_call=bool(duties.may("run boards", by=by)) and queries.standing(body, by).presides,
        meetings=queries.meetings(body),
        vacant=sum(now.vacant for now in seats),
        today=timezone.localdate(),
    )


def may_keep(body: Any, *, by: User) -> bool:
    """Whether `by` keeps the seats of this body."""
    if not duties.may("keep boards", by=by):
        return False
    return bool(duties.may("found boards", by=by)) or queries.standing(body, by).presides


def boards_to_ask() -> list[tuple[str, str]]:
    return [(body.code, body.name) for body in queries.bodies()]


def adopted_choices() -> list[tuple[str, str]]:
    """Motions that stand, for "takes the place of"."""
    return [(str(one.pk), str(one)) for one in queries.motions(states=[State.ADOPTED])]


def subject_choices() -> list[tuple[str, str]]:
    """What a motion, or an interest, can be about: whatever the four questions were asked of, and charters."""
    asked = [(one.subject, f"{one.title} ({one.subject})") for one in queries.subjects()]
    return [
        *asked,
        *((f"body:{body.code}", _("The charter of the %(body)s") % {"body": body.name}) for body in queries.bodies()),
    ]


def charter_motions(body: Any) -> list[tuple[str, str]]:
    """Adopted motions about the charter of a body, for its next version."""
    adopted = queries.motions(body=body, states=[State.ADOPTED])
    return [(str(one.pk), str(one)) for one in adopted if one.subject == f"body:{body.code}"]


def people_for(seat: Any) -> list[tuple[str, str]]:
    """People who could hold a seat: of its agency, residents, or anyone who may vote on boards."""
    found = accounts.people(agency=seat.agency.code if seat.agency else "")
    fit = [one for one in found if one.is_active and _fits(seat, one)]
    return [(str(one.pk), f"{one.name} ({one.agency.name})" if one.agency else one.name) for one in fit]


def _fits(seat: Any, person: User) -> bool:
    if seat.kind == "resident" and Role.RESIDENT not in person.roles:
        return False
    return bool(duties.may("vote on boards" if seat.votes else "read governance", by=person))


@dataclass(frozen=True)
class FourPage:
    subject: str
    stands: Any
    may_answer: bool
    help: dict[str, Any]
    motions: list[Any]


def four_page(subject: str, *, by: User) -> FourPage:
    """Return the four questions about a subject; `stands` is None where nobody asked them."""
    duties.require("read governance", by=by)
    return FourPage(
        subject=subject,
        stands=queries.four_questions(subject),
        may_answer=bool(duties.may("answer four questions", by=by)),
        help={question.value: QUESTION_HELP[question] for question in Question},
        motions=queries.of_subject(subject),
    )


def default_days(motion: Any) -> dict[str, Any]:
    """What the forms of a motion begin with."""
    charter = queries.charter(motion.body)
    return {"days": max(1, charter.comment_days), "conditions": motion.conditions, "review_by": motion.review_by}


def term_dates(seat: Any) -> dict[str, datetime | Any]:
    """The longest term from today, as a start."""
    today = timezone.localdate()
    months = queries.charter(seat.body).term_months
    return {"first_day": today, "last_day": today + timedelta(days=min(months * 30, 365 * 3) - 1)}


def known(slug: str) -> str:
    """The command that a slug of an address names; empty for none."""
    name = slug.replace("-", " ")
    return name if name in COMMANDS else ""


def meetings_to_choose(body: Any) -> list[tuple[int, str]]:
    """The called meetings of a body, by when and where."""
    return [(one.pk, f"{_moment(one.starts_at)}, {one.place}") for one in queries.called(body)]


def agenda_choices(meeting: Any) -> list[tuple[int, str]]:
    """The motions that can be on the agenda: those that are, and the body's open ones."""
    there = [item.motion for item in meeting.items.all() if item.motion]
    could = {one.pk: str(one) for one in (*there, *queries.motions(body=meeting.body, states=OPEN - {State.RAISED}))}
    return list(could.items())


def agenda(meeting: Any) -> dict[str, Any]:
    """What the form of a called meeting begins with."""
    items = list(meeting.items.all())
    return {
        "starts_at": timezone.localtime(meeting.starts_at),
        "place": meeting.place,
        "motions": [item.motion_id for item in items if item.motion_id],
        "topics": "\n".join(item.title for item in items if not item.motion_id),
        "seen": meeting.version,
    }


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


@dataclass(frozen=True)
class MeetingPage:
    meeting: Any
    seats: list[tuple[Any, bool]]
    may_note: bool
    may_change: bool
    may_write: bool
    may_approve: bool
    may_publish: bool
    waits: tuple[Any, ...]


def meeting_page(number: int, *, by: User) -> MeetingPage:
    """Return the page of a meeting; raises `NotPermitted`, `NoSuchMeeting`."""
    duties.require("read governance", by=by)
    meeting = queries.meeting(number)
    there, day = {one.seat_id for one in meeting.attendances.all()}, timezone.localdate(meeting.starts_at)

    def may(name: str) -> bool:
        return not permits.why_not_for_meeting(name, meeting, by=by)

    return MeetingPage(
        meeting=meeting,
        seats=[(now, now.seat.pk in there) for now in queries.seats(meeting.body, day)],
        may_note=may("note meeting"),
        may_change=may("change meeting"),
        may_write=may("write minutes"),
        may_approve=may("approve minutes"),
        may_publish=may("publish minutes"),
        waits=waits.open_of(meeting.about),
    )


def as_typed(page: MeetingPage, there: list[int], notes: dict[int, str]) -> MeetingPage:
    """The page with what was ticked and typed in the place of what is saved: a form that is refused keeps it."""
    for item in page.meeting.items.all():
        item.notes = notes.get(item.pk, item.notes)
    return replace(page, seats=[(now, now.seat.pk in there) for now, _was in page.seats])


def to_record(motion: Any, *, by: User) -> list[Any]:
    """The seats whose vote the secretary writes down in a meeting: those that are there, have a vote, and take part."""
    if motion.meeting is None or permits.why_not("record vote", motion, by=by):
        return []
    there = {one.seat_id for one in motion.meeting.attendances.all()} - set(queries.recused_seats(motion))
    return [now.seat for now in queries.seats(motion.body) if now.seat.votes and now.seat.pk in there]

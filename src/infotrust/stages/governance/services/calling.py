"""Meetings before they are held: call one, change when, where or about what it is, call it off. Members are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import queries as waits
from infotrust.shared.clocks import services as clocks
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.governance import queries
from infotrust.stages.governance.lifecycle import MEETING_LIFECYCLE, MeetingState, State
from infotrust.stages.governance.models import AgendaItem, Body, Meeting, Motion
from infotrust.stages.governance.queries import permits
from infotrust.stages.governance.services.ground import MotionRefused, needed

# What can be on an agenda: a motion that is only raised is not before the body yet.
ON_AGENDA = (State.REVIEWED, State.COMMENT, State.VOTING)


class MeetingRefused(MotionRefused):
    """The meeting or its minutes cannot take this step now."""


@transaction.atomic
def call_meeting(
    body: Body, *, starts_at: datetime, place: str, topics: Iterable[str] = (), by: User, at: datetime | None = None
) -> Meeting:
    """Call a meeting; its agenda is the motions that are open, then the topics. Raises `NotPermitted`."""
    at = at or timezone.now()
    permits.require_presider("call meeting", body, by=by, at=at)
    meeting = Meeting.objects.create(body=body, starts_at=starts_at, place=_place(place), called_by=by, called_at=at)
    _write_agenda(meeting, reversed(queries.motions(body=body, states=ON_AGENDA)), topics)
    tell_members(meeting, at)
    items = meeting.items.count()
    audit.record(Event.MEETING_CALLED, about=meeting.about, by=by, at=at, board=body.code, items=items)
    return meeting


@transaction.atomic
def change_meeting(
    meeting: Meeting,
    *,
    starts_at: datetime,
    place: str,
    motions: Iterable[int] = (),
    topics: Iterable[str] = (),
    seen: int = 0,
    by: User,
    at: datetime | None = None,
) -> Meeting:
    """Change when, where and about what a called meeting is: numbers of motions first, then topics of its own.

    Raises `NotPermitted`, `ImpossibleMove`, `SavedMeanwhile`, and `MeetingRefused` where a motion or a topic would go
    about which something was decided or written down already.
    """
    at = at or timezone.now()
    meeting = held("change meeting", meeting, by, at)
    topics = _lines(topics)
    require_newest(meeting, seen, yours=in_words(place, topics), theirs=in_words(meeting.place, own_topics(meeting)))
    wanted = _motions(meeting, set(motions))
    for item in meeting.items.all():
        goes = item.motion_id not in {one.pk for one in wanted} if item.motion_id else item.title not in topics
        if goes and (item.notes or (item.motion and item.motion.meeting_id == meeting.pk)):
            raise MeetingRefused(
                _("“%(item)s” cannot be taken off: it was come to already.") % {"item": item},
                next_step=_("Leave it on the agenda."),
            )
    meeting.starts_at, meeting.place = starts_at, _place(place)
    meeting.version += 1
    meeting.save()
    _write_agenda(meeting, wanted, topics)
    tell_members(meeting, at)
    audit.record(Event.MEETING_CHANGED, about=meeting.about, by=by, at=at, version=meeting.version)
    return queries.meeting(meeting.pk)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User, at: datetime | None = None) -> Meeting:
    """Call a meeting off. Raises `MeetingRefused` once a vote was opened in it."""
    at = at or timezone.now()
    meeting = held("cancel meeting", meeting, by, at)
    if meeting.motions.exists():
        raise MeetingRefused(_("A vote was opened in this meeting."), next_step=_("Hold it to its end."))
    move(meeting, MeetingState.CANCELED)
    clocks.finish_all(about=meeting.about, outcome="canceled", at=at)
    audit.record(Event.MEETING_CANCELED, about=meeting.about, by=by, at=at)
    return meeting


def put_on_agenda(meeting: Meeting, motion: Motion) -> None:
    """Bring a motion before a meeting whose agenda was fixed without it, as its last item."""
    last = meeting.items.order_by("position").last()
    AgendaItem.objects.get_or_create(
        meeting=meeting, motion=motion, defaults={"position": last.position + 1 if last else 1}
    )


def tell_members(meeting: Meeting, at: datetime) -> None:
    """Whoever acts for a seat on the day of the meeting finds it on the desk until it is over; nobody else does."""
    day = timezone.localdate(meeting.starts_at)
    people = {now.actor.pk: now.actor for now in queries.seats(meeting.body, day) if now.actor is not None}
    for one in waits.open_of(meeting.about):
        if one.wait.step == "attend" and one.wait.person_id not in people:
            clocks.finish(about=meeting.about, step="attend", person=one.wait.person, outcome="no seat", at=at)
    words = {
        "body": meeting.body.name,
        "when": date_format(timezone.localtime(meeting.starts_at), "DATETIME_FORMAT"),
        "place": meeting.place,
    }
    for person in people.values():
        clocks.begin(
            about=meeting.about,
            process="meeting",
            step="attend",
            title=_("The %(body)s meets on %(when)s, %(place)s") % words,
            address=f"/governance/meetings/{meeting.pk}/",
            person=person,
            due_on=day,
            at=at,
        )


def own_topics(meeting: Meeting) -> list[str]:
    """The items of the agenda that are no motion, in order."""
    return [item.title for item in meeting.items.all() if item.motion_id is None]


def in_words(place: str, topics: Iterable[str]) -> str:
    """What someone types about a meeting, as one text to compare."""
    return "\n".join((place, *topics))


def held(command: str, meeting: Meeting, by: User, at: datetime) -> Meeting:
    """Hold the row, and ask the table of commands; return the meeting as it is now."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    meeting = queries.meeting(meeting.pk)
    permits.require_for_meeting(command, meeting, by=by, at=at)
    return meeting


def move(meeting: Meeting, to: MeetingState) -> None:
    MEETING_LIFECYCLE.require(meeting.state, to, thing=str(meeting))
    meeting.state = to
    meeting.save()


def require_newest(meeting: Meeting, seen: int, *, yours: str, theirs: str) -> None:
    """Raise `SavedMeanwhile` where the form was made from another version than the one that stands; 0 asks nothing."""
    if seen and seen != meeting.version:
        raise SavedMeanwhile(
            _("This meeting was changed after you opened this page."),
            yours=yours,
            theirs=theirs,
            next_step=_("Both versions are shown. Save again to put yours in its place."),
        )


def _place(place: str) -> str:
    return needed(place, _("A meeting has a place."), _("Name a room, or how to join."))[:200]


def _lines(topics: Iterable[str]) -> list[str]:
    """Topics without empty ones and without the same one twice."""
    return list(dict.fromkeys(topic.strip()[:200] for topic in topics if topic.strip()))


def _motions(meeting: Meeting, numbers: set[int]) -> list[Motion]:
    """The motions that the agenda shall have: open ones of this body, and those that were on it."""
    there = [item.motion for item in meeting.items.all() if item.motion is not None]
    could = {one.pk: one for one in (*there, *reversed(queries.motions(body=meeting.body, states=ON_AGENDA)))}
    if numbers - set(could):
        raise MeetingRefused(
            _("Only motions that this body has taken up are on its agenda."), next_step=_("Choose from the list.")
        )
    return [one for number, one in could.items() if number in numbers]


def _write_agenda(meeting: Meeting, motions: Iterable[Motion], topics: Iterable[str]) -> None:
    """Put the agenda in this order. An item that stays keeps what was written down about it."""
    items = list(AgendaItem.objects.filter(meeting=meeting))
    by_motion = {item.motion_id: item for item in items if item.motion_id}
    by_title = {item.title: item for item in items if not item.motion_id}
    kept = [by_motion.get(one.pk) or AgendaItem(meeting=meeting, motion=one) for one in motions]
    kept += [by_title.get(topic) or AgendaItem(meeting=meeting, title=topic) for topic in _lines(topics)]
    AgendaItem.objects.filter(meeting=meeting).exclude(pk__in=[item.pk for item in kept if item.pk]).delete()
    for position, item in enumerate(kept, start=1):
        item.position = position
        item.save()

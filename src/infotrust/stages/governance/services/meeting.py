"""Meetings: note who is there, record votes, hold; minutes: drafted from what was recorded, approved, published.

What is withheld never reaches the catalogue, so no page and no file of the public side can hold it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core import chain
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import MinutesEntry
from infotrust.shared.clocks import services as clocks
from infotrust.stages.governance import queries
from infotrust.stages.governance.lifecycle import MeetingState, State
from infotrust.stages.governance.models import AgendaItem, Attendance, Ballot, Meeting, Motion, Passage
from infotrust.stages.governance.queries import permits
from infotrust.stages.governance.services.calling import MeetingRefused, held, move, require_newest
from infotrust.stages.governance.services.drafting import draft
from infotrust.stages.governance.services.ground import lock, presiders, record
from infotrust.stages.governance.services.voting import add_ballot
from infotrust.stages.governance.terms import How


@dataclass(frozen=True)
class Words:
    """A passage as it is saved: `withheld` says why its words are not public; empty where they are."""

    words: str
    withheld: str = ""
    heading: bool = False


@transaction.atomic
def note_meeting(
    meeting: Meeting,
    *,
    there: Iterable[int],
    notes: Mapping[int, str],
    seen: int = 0,
    by: User,
    at: datetime | None = None,
) -> Meeting:
    """Write down which seats are there (numbers of filled seats) and what was said about each item of the agenda.

    `seen`: the version the form was made from. Raises `NotPermitted`, `ImpossibleMove`, `SavedMeanwhile`, and
    `MeetingRefused` for a seat that is vacant or not of this body.
    """
    at = at or timezone.now()
    meeting = held("note meeting", meeting, by, at)
    now = queries.seats(meeting.body, timezone.localdate(meeting.starts_at))
    filled = {one.seat: one.actor for one in now if one.actor is not None}
    wanted = set(there)
    require_newest(
        meeting,
        seen,
        yours=_noted(meeting, wanted, notes),
        theirs=_noted(meeting, {one.seat_id for one in meeting.attendances.all()}, {}),
    )
    if wanted - {seat.pk for seat in filled}:
        raise MeetingRefused(_("A vacant seat cannot be there."), next_step=_("Choose seats that are filled."))
    meeting.attendances.exclude(seat__in=wanted).delete()
    for seat, person in filled.items():
        if seat.pk in wanted:
            Attendance.objects.update_or_create(meeting=meeting, seat=seat, defaults={"person": person})
    for item in meeting.items.all():
        if item.pk in notes:
            AgendaItem.objects.filter(pk=item.pk).update(notes=notes[item.pk].strip())
    meeting.version += 1
    meeting.save()
    audit.record(Event.MEETING_NOTED, about=meeting.about, by=by, at=at, seats=sorted(wanted))
    return queries.meeting(meeting.pk)


def _noted(meeting: Meeting, there: Collection[int], notes: Mapping[int, str]) -> str:
    """Who is there and what was said, as one text to compare; what `notes` leaves out is as it stands."""
    seats = [now.seat.title for now in queries.seats(meeting.body) if now.seat.pk in there]
    said = [f"{item}\n{notes.get(item.pk, item.notes).strip()}" for item in meeting.items.all()]
    return "\n\n".join(("; ".join(seats), *said))


@transaction.atomic
def record_vote(
    motion: Motion, seat: int, *, choice: str, reasons: str = "", by: User, at: datetime | None = None
) -> Ballot:
    """Write down how a seat votes in the meeting, as its secretary heard it. Only for a seat that is there.

    A seat's vote that was recorded before is replaced and kept as history. Raises as `cast_vote` does.
    """
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("record vote", motion, by=by, at=at)
    if motion.how != How.MEETING or motion.meeting is None:
        raise MeetingRefused(
            _("%(label)s is voted on in writing: each seat votes for itself.") % {"label": motion.label},
            next_step=_("Wait for the votes."),
        )
    now = next((one for one in queries.seats(motion.body, timezone.localdate(at)) if one.seat.pk == seat), None)
    if now is None or not now.seat.votes or not motion.meeting.attendances.filter(seat=seat).exists():
        raise MeetingRefused(
            _("Only a voting seat that is there votes in a meeting (%(rule)s).")
            % {"rule": queries.citation(motion.charter or queries.charter(motion.body))},
            next_step=_("Note first that it is there."),
        )
    if seat in queries.recused_seats(motion):
        raise MeetingRefused(
            _("The seat %(seat)s takes no part in %(label)s.") % {"seat": now.seat.title, "label": motion.label},
            next_step=_("It declared a conflict of interest."),
        )
    replaced = motion.ballots.filter(seat=seat, replaced_at__isnull=True).update(replaced_at=at)
    ballot = add_ballot(motion, now, choice, reasons, cast_by=now.actor or by, recorded_by=by, at=at)
    event = Event.VOTE_CHANGED if replaced else Event.VOTE_CAST
    record(event, motion, by=by, at=at, seat=seat, meeting=motion.meeting_id)
    return ballot


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User, at: datetime | None = None) -> Meeting:
    """End a meeting and draft its minutes from what was recorded. Raises `MeetingRefused` while a vote is open."""
    at = at or timezone.now()
    meeting = held("close meeting", meeting, by, at)
    waiting = meeting.motions.filter(state=State.VOTING).first()
    if waiting:
        raise MeetingRefused(
            _("The vote on %(label)s is not counted yet.") % {"label": waiting.label}, next_step=_("Close it first.")
        )
    for position, passage in enumerate(draft(meeting), start=1):
        Passage.objects.create(meeting=meeting, position=position, heading=passage.heading, words=passage.words)
    move(meeting, MeetingState.HELD)
    clocks.finish(about=meeting.about, step="attend", outcome="held", at=at)
    for person in presiders(meeting.body, at):
        clocks.begin(
            about=meeting.about,
            process="meeting",
            step="minutes",
            title=_("Minutes of the %(body)s") % {"body": meeting.body.name},
            address=f"/governance/meetings/{meeting.pk}/",
            person=person,
            at=at,
        )
    audit.record(Event.MEETING_HELD, about=meeting.about, by=by, at=at, board=meeting.body.code)
    return meeting


@transaction.atomic
def write_minutes(
    meeting: Meeting, *, passages: Iterable[Words], seen: int = 0, by: User, at: datetime | None = None
) -> Meeting:
    """Mend the minutes before they are approved, and say which passages the public does not read, and why.

    `seen`: the version the form was made from. Raises `SavedMeanwhile` where someone else saved first.
    """
    at = at or timezone.now()
    meeting = held("write minutes", meeting, by, at)
    kept = [one for one in passages if one.words.strip()]
    require_newest(
        meeting,
        seen,
        yours="\n\n".join(one.words for one in kept),
        theirs="\n\n".join(one.words for one in meeting.passages.all()),
    )
    if not kept:
        raise MeetingRefused(_("The minutes would be empty."), next_step=_("Write what was done."))
    meeting.passages.all().delete()
    for position, one in enumerate(kept, start=1):
        Passage.objects.create(
            meeting=meeting,
            position=position,
            heading=one.heading,
            words=one.words.strip(),
            withheld_reason=one.withheld.strip()[:200],
        )
    meeting.version += 1
    meeting.save()
    withheld = sum(bool(one.withheld.strip()) for one in kept)
    audit.record(Event.MINUTES_WRITTEN, about=meeting.about, by=by, at=at, version=meeting.version, withheld=withheld)
    return queries.meeting(meeting.pk)


@transaction.atomic
def approve_minutes(meeting: Meeting, *, by: User, at: datetime | None = None) -> Meeting:
    """Approve the minutes as they are: from now on they do not change."""
    at = at or timezone.now()
    meeting = held("approve minutes", meeting, by, at)
    meeting.approved_by, meeting.approved_at = by, at
    move(meeting, MeetingState.APPROVED)
    audit.record(Event.MINUTES_APPROVED, about=meeting.about, by=by, at=at, digest=_digest(meeting.passages.all()))
    return meeting


@transaction.atomic
def publish_minutes(meeting: Meeting, *, by: User, at: datetime | None = None) -> Meeting:
    """Put the approved minutes before the public; in the place of what is withheld stands that it is, and why."""
    at = at or timezone.now()
    meeting = held("publish minutes", meeting, by, at)
    passages = tuple(_public(passage) for passage in meeting.passages.all())
    meeting.published_at = at
    meeting.public_digest = hashlib.sha256(chain.canonical(list(passages)).encode()).hexdigest()
    move(meeting, MeetingState.PUBLISHED)
    catalogue.show_minutes(
        MinutesEntry(
            number=meeting.pk,
            body_code=meeting.body.code,
            body=meeting.body.name,
            held_on=timezone.localdate(meeting.starts_at),
            passages=passages,
            digest=meeting.public_digest,
        ),
        at=at,
    )
    clocks.finish(about=meeting.about, step="minutes", outcome="published", at=at)
    audit.record(Event.MINUTES_PUBLISHED, about=meeting.about, by=by, at=at, digest=meeting.public_digest)
    return meeting


def _public(passage: Passage) -> dict[str, Any]:
    if passage.withheld_reason:
        return {"heading": False, "withheld": True, "words": passage.withheld_reason}
    return {"heading": passage.heading, "withheld": False, "words": passage.words}


def _digest(passages: Iterable[Passage]) -> str:
    return hashlib.sha256(chain.canonical([one.words for one in passages]).encode()).hexdigest()

"""What every verb of governance stands on: one row held, one move made, one entry in the log, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import queries as waits
from infotrust.shared.clocks import services as clocks
from infotrust.stages.governance import queries
from infotrust.stages.governance.lifecycle import LIFECYCLE, State
from infotrust.stages.governance.models import Body, Motion
from infotrust.stages.governance.services import showing

# Sent inside the transaction in which a motion is raised or withdrawn, or gives way to another, with its `subject`,
# `by`, `at`. A decision is told by `motion_decided`.
motion_moved = Signal()


class BoardRefused(UserFacingError):
    """A body, a seat or a term is not as its rules ask; the message says what to mend."""


class MotionRefused(UserFacingError):
    """The motion cannot take this step now; the message quotes the rule."""


def lock(motion: Motion) -> Motion:
    """Hold the row until the transaction ends, and read it anew: two people may act at the same moment."""
    Motion.objects.select_for_update().get(pk=motion.pk)
    return queries.motion(motion.pk)


def move(motion: Motion, to: State) -> None:
    """Change the state and save; raises `ImpossibleMove` where the lifecycle has no such move."""
    LIFECYCLE.require(motion.state, to, thing=motion.label)
    motion.state = to
    motion.save()


def record(event: Event, motion: Motion, *, by: User | None, at: datetime, **facts: Any) -> None:
    """Write the log, and show the motion as it now is to the public."""
    audit.record(event, about=motion.about, by=by, at=at, board=motion.body.code, **facts)
    showing.show_motion(queries.motion(motion.pk), at=at)


def tell_moved(motion: Motion, *, by: User | None, at: datetime) -> None:
    motion_moved.send(sender=None, subject=motion.subject, by=by, at=at)


def needed(text: str, what: str, next_step: str = "") -> str:
    """Return the text without spaces around it; raises `MotionRefused` where nothing is left."""
    if not text.strip():
        raise MotionRefused(what, next_step=next_step or _("Write it in plain words: the public reads it."))
    return text.strip()


def presiders(body: Body, at: datetime) -> list[User]:
    """Return who does the body's paperwork: its secretary, or its chair where there is none."""
    now = queries.seats(body, timezone.localdate(at))
    for office in ("secretary", "chair"):
        found = [seat.actor for seat in now if seat.seat.office == office and seat.actor is not None]
        if found:
            return found
    return []


def await_presiders(motion: Motion, step: str, *, at: datetime, due_on: date | None = None) -> None:
    """Begin a wait for the body's secretary; for the administrators where no seat of it is filled."""
    people: Iterable[User | None] = presiders(motion.body, at) or [None]
    for person in people:
        clocks.begin(
            about=motion.about,
            process="motion",
            step=step,
            title=str(motion),
            address=f"/governance/motions/{motion.pk}/",
            person=person,
            role="" if person else Role.ADMINISTRATOR,
            due_on=due_on,
            at=at,
        )


def await_votes(motion: Motion, *, at: datetime) -> None:
    """Begin a wait for each seat that can still vote, and end those of people who act for no such seat any more."""
    given, recused = {ballot.seat_id for ballot in queries.ballots(motion)}, queries.recused_seats(motion)
    now = queries.seats(motion.body, timezone.localdate(at))
    able = [each for each in now if each.seat.votes and each.seat.pk not in given and each.seat.pk not in recused]
    people = {each.actor.pk: each.actor for each in able if each.actor is not None}
    for holder in _waiting_to_vote(motion):
        if holder not in people:
            clocks.finish(about=motion.about, step="vote", person=User.objects.get(pk=holder), at=at)
    for person in people.values():
        clocks.begin(
            about=motion.about,
            process="motion",
            step="vote",
            title=str(motion),
            address=f"/governance/motions/{motion.pk}/",
            person=person,
            due_on=timezone.localdate(motion.vote_closes_at) if motion.vote_closes_at else None,
            at=at,
        )


def _waiting_to_vote(motion: Motion) -> set[int]:
    steps = waits.open_of(motion.about)
    return {one.wait.person_id for one in steps if one.wait.step == "vote" and one.wait.person_id}

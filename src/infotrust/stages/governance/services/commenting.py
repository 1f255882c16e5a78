"""What the body does with comments of the public: look at each, reply to each. The catalogue keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import comments
from infotrust.shared.clocks import services as clocks
from infotrust.stages.governance import queries
from infotrust.stages.governance.models import Motion
from infotrust.stages.governance.queries import permits
from infotrust.stages.governance.services.ground import MotionRefused, await_presiders, lock, needed, record

# Someone who writes waits to see it: two days, the weekend included.
LOOK_WITHIN = timedelta(days=2)


@transaction.atomic
def comment_received(*, label: str, at: datetime | None = None) -> None:
    """Say that a comment waits for the secretary (a reaction to the portal's form)."""
    at = at or timezone.now()
    motion = queries.numbered(label)
    record(Event.COMMENT_RECEIVED, motion, by=None, at=at)
    await_presiders(motion, "comments", at=at, due_on=timezone.localdate(at + LOOK_WITHIN))


@transaction.atomic
def show_comment(motion: Motion, number: int, *, by: User, at: datetime | None = None) -> None:
    """Put a comment before the public, as it was written."""
    at = at or timezone.now()
    motion = _permitted("look at comment", motion, number, by, at)
    comments.show_comment(number, at=at)
    _done(motion, at)
    record(Event.COMMENT_LOOKED_AT, motion, by=by, at=at, comment=number, shown=True)


@transaction.atomic
def withhold_comment(motion: Motion, number: int, *, reason: str, by: User, at: datetime | None = None) -> None:
    """Keep a comment from the public. That there is one and why stays public; its writer reads why by the receipt."""
    at = at or timezone.now()
    motion = _permitted("look at comment", motion, number, by, at)
    comments.withhold_comment(number, reason=needed(reason, _("A comment is withheld only with a reason.")), at=at)
    _done(motion, at)
    record(Event.COMMENT_LOOKED_AT, motion, by=by, at=at, comment=number, shown=False, reason=reason.strip()[:400])


@transaction.atomic
def reply(motion: Motion, numbers: Iterable[int], *, words: str, by: User, at: datetime | None = None) -> int:
    """Reply to comments that the public sees: to each one of `numbers` the same words. Returns how many.

    Raises `MotionRefused` for no words, no comment, or one that nobody has looked at yet.
    """
    at = at or timezone.now()
    words, wanted = needed(words, _("The reply is empty.")), sorted(set(numbers))
    for number in wanted:
        motion = _permitted("reply", motion, number, by, at)
        if comments.comment(number).state != "shown":
            raise MotionRefused(
                _("A comment is replied to where the public reads it."), next_step=_("Show it first, or say why not.")
            )
        comments.reply(number, words=words, at=at)
    if not wanted:
        raise MotionRefused(_("No comment was chosen."), next_step=_("Choose the comments that this answers."))
    _done(motion, at)
    record(Event.COMMENT_REPLIED, motion, by=by, at=at, comments=wanted)
    return len(wanted)


def _permitted(command: str, motion: Motion, number: int, by: User, at: datetime) -> Motion:
    """Hold the motion, ask the table of commands, and see that the comment is this motion's."""
    motion = lock(motion)
    permits.require(command, motion, by=by, at=at)
    if comments.comment(number).motion.label != motion.label:
        raise MotionRefused(
            _("This comment is not about %(label)s.") % {"label": motion.label}, next_step=_("Open its own motion.")
        )
    return motion


def _done(motion: Motion, at: datetime) -> None:
    if not comments.tally(motion.label).unanswered:
        clocks.finish(about=motion.about, step="comments", outcome="all answered", at=at)

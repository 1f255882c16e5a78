"""A motion from being raised to being put to the vote: raise, change, send back, take up, open comment, withdraw."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import duties
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.governance import queries
from infotrust.stages.governance.lifecycle import State
from infotrust.stages.governance.models import Body, LookBack, Motion
from infotrust.stages.governance.queries import permits
from infotrust.stages.governance.services import asking
from infotrust.stages.governance.services.ground import (
    MotionRefused,
    await_presiders,
    lock,
    move,
    needed,
    record,
    tell_moved,
)

# A motion is looked at within a week: what nobody takes up is neither decided nor refused.
REVIEW_WITHIN = timedelta(days=7)


@transaction.atomic
def raise_motion(
    *,
    body: Body | str,
    title: str,
    subject: str = "",
    subject_version: str = "",
    address: str = "",
    text: str = "",
    why: str = "",
    conditions: str = "",
    review_by: date | None = None,
    supersedes: Motion | None = None,
    by: User,
    at: datetime | None = None,
) -> Motion:
    """Ask a body to decide something. `subject` labels the thing (`agreement:DSA-1`), `address` is its page.

    `text` is what is decided, to the letter; the title where none is given. `supersedes`: an adopted motion of the same
    body whose place this one takes when it is adopted. `subject_version`: the newest one that the four questions were
    asked of, where none is named. Raises `NotPermitted` and `MotionRefused`.
    """
    duties.require("raise motions", by=by)
    at = at or timezone.now()
    board = queries.body(body) if isinstance(body, str) else body
    title = needed(title, _("A motion needs a title."))
    _require_free(board, subject, supersedes)
    version = asking.ask_for(subject, subject_version, title=title, address=address, by=by, at=at)
    motion = Motion.objects.create(
        body=board,
        title=title[:200],
        text=text.strip() or title,
        why=why.strip(),
        subject=subject,
        subject_version=version,
        address=address,
        conditions=conditions.strip(),
        review_by=_after(review_by, at),
        supersedes=supersedes,
        raised_by=by,
        raised_at=at,
    )
    audit.record(Event.MOTION_RAISED, about=motion.about, by=by, at=at, board=board.code, subject=subject)
    await_presiders(motion, "review", at=at, due_on=timezone.localdate(at + REVIEW_WITHIN))
    tell_moved(motion, by=by, at=at)
    return motion


def _require_free(body: Body, subject: str, supersedes: Motion | None) -> None:
    waiting = next((one for one in queries.of_subject(subject) if one.body_id == body.pk and _is_open(one)), None)
    if waiting:
        raise MotionRefused(
            _("%(label)s already asks the %(body)s about this.") % {"label": waiting.label, "body": body.name},
            next_step=_("Follow that one, or withdraw it first."),
        )
    if supersedes is not None and (supersedes.state != State.ADOPTED or supersedes.body_id != body.pk):
        raise MotionRefused(
            _("Only a motion that this body adopted, and that still stands, can be superseded."),
            next_step=_("Choose the motion that stands now."),
        )


def _is_open(motion: Motion) -> bool:
    return motion.state in (State.RAISED, State.REVIEWED, State.COMMENT, State.VOTING)


def _after(day: date | None, at: datetime) -> date | None:
    if day is not None and day <= timezone.localdate(at):
        raise MotionRefused(
            _("The day to look at it again has passed already."), next_step=_("Choose a day after today.")
        )
    return day


@transaction.atomic
def change_motion(
    motion: Motion,
    *,
    title: str,
    text: str,
    why: str,
    conditions: str = "",
    review_by: date | None = None,
    seen: int = 0,
    by: User,
    at: datetime | None = None,
) -> Motion:
    """Change the words of a motion that nobody took up yet. `seen`: the version the form was made from.

    Raises `NotPermitted`, `ImpossibleMove`, and `SavedMeanwhile` where someone else saved first.
    """
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("change", motion, by=by, at=at)
    if seen and seen != motion.version:
        raise SavedMeanwhile(
            _("%(label)s was changed after you opened this page.") % {"label": motion.label},
            yours="\n\n".join((title, why, text, conditions)),
            theirs="\n\n".join((motion.title, motion.why, motion.text, motion.conditions)),
            next_step=_("Both versions are shown. Save again to put yours in its place."),
        )
    motion.title = needed(title, _("A motion needs a title."))
    motion.text = needed(text, _("A motion says what is to be decided."))
    motion.why = needed(why, _("A motion says why."))
    motion.conditions, motion.review_by = conditions.strip(), _after(review_by, at)
    motion.version += 1
    motion.save()
    record(Event.MOTION_CHANGED, motion, by=by, at=at, what="words", version=motion.version)
    if motion.review_note:
        clocks.finish(about=motion.about, step="change", outcome="changed", at=at)
        await_presiders(motion, "review", at=at, due_on=timezone.localdate(at + REVIEW_WITHIN))
    return motion


@transaction.atomic
def send_back(motion: Motion, *, note: str, by: User, at: datetime | None = None) -> Motion:
    """Ask who raised it for changes; it stays raised. Raises `NotPermitted`, and `MotionRefused` without a note."""
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("send back", motion, by=by, at=at)
    motion.review_note = needed(note, _("It was sent back without saying why."), _("Write what should change."))
    motion.save()
    clocks.finish(about=motion.about, step="review", outcome="sent back", at=at)
    clocks.begin(
        about=motion.about,
        process="motion",
        step="change",
        title=str(motion),
        address=f"/governance/motions/{motion.pk}/",
        person=motion.raised_by,
        at=at,
    )
    record(Event.MOTION_CHANGED, motion, by=by, at=at, what="sent back")
    return motion


@transaction.atomic
def take_up(motion: Motion, *, note: str = "", by: User, at: datetime | None = None) -> Motion:
    """Put a motion on the body's table: from now on the public reads it. It must say why in words for the public."""
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("take up", motion, by=by, at=at)
    needed(motion.why, _("The motion does not say why."), _("Send it back: the public reads why."))
    motion.reviewed_by, motion.reviewed_at, motion.review_note = by, at, note.strip()
    move(motion, State.REVIEWED)
    clocks.finish_all(about=motion.about, outcome="taken up", at=at)
    await_presiders(motion, "open vote", at=at)
    stands = queries.asking(motion.subject, motion.subject_version)
    if stands is not None and not stands.complete:
        await_presiders(motion, "answer", at=at)
    record(Event.MOTION_TAKEN_UP, motion, by=by, at=at)
    return motion


@transaction.atomic
def open_comment(motion: Motion, *, days: int | None = None, by: User, at: datetime | None = None) -> Motion:
    """Ask the public, for at least as many days as the charter says. Raises `MotionRefused` for fewer."""
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("open comment", motion, by=by, at=at)
    charter = queries.charter(motion.body)
    days = charter.comment_days if days is None else days
    if days < max(1, charter.comment_days):
        least = max(1, charter.comment_days)
        raise MotionRefused(
            ngettext(
                "The public has at least %(days)d day to comment (%(rule)s).",
                "The public has at least %(days)d days to comment (%(rule)s).",
                least,
            )
            % {"days": least, "rule": queries.citation(charter)},
            next_step=_("Choose a later closing time."),
        )
    motion.comment_opens_at, motion.comment_closes_at = at, at + timedelta(days=days)
    move(motion, State.COMMENT)
    clocks.finish(about=motion.about, step="open vote", outcome="asked the public", at=at)
    record(Event.COMMENT_OPENED, motion, by=by, at=at, until=motion.comment_closes_at)
    return motion


@transaction.atomic
def set_conditions(
    motion: Motion, *, conditions: str, review_by: date | None = None, by: User, at: datetime | None = None
) -> Motion:
    """Say under which conditions the motion is put to the vote, and when it is looked at again; the text stays."""
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("set conditions", motion, by=by, at=at)
    motion.conditions, motion.review_by = conditions.strip(), _after(review_by, at)
    motion.version += 1
    motion.save()
    record(Event.MOTION_CHANGED, motion, by=by, at=at, what="conditions", version=motion.version)
    return motion


@transaction.atomic
def withdraw(motion: Motion, *, reason: str, by: User, at: datetime | None = None) -> Motion:
    """Take a motion back before its vote. Raises `MotionRefused` without a reason."""
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("withdraw", motion, by=by, at=at)
    motion.withdrawn_reason = needed(reason, _("It was withdrawn without a reason."))[:400]
    was_public = motion.state != State.RAISED
    move(motion, State.WITHDRAWN)
    clocks.finish_all(about=motion.about, outcome="withdrawn", at=at)
    record(Event.MOTION_WITHDRAWN, motion, by=by, at=at, was_public=was_public)
    tell_moved(motion, by=by, at=at)
    return motion


@transaction.atomic
def look_back(
    motion: Motion, *, words: str, next_on: date | None = None, by: User, at: datetime | None = None
) -> LookBack:
    """Record what the body found when it looked again at what it decided. The decision itself stays as it was."""
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("look back", motion, by=by, at=at)
    found = LookBack.objects.create(
        motion=motion,
        words=needed(words, _("Nothing was written about what was found.")),
        next_on=_after(next_on, at),
        by=by,
        at=at,
    )
    clocks.finish(about=motion.about, step="look back", outcome="looked at", at=at)
    record(Event.MOTION_LOOKED_BACK, motion, by=by, at=at, next_on=next_on)
    return found

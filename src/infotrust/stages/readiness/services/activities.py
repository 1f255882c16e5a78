"""The steps of one partnership: called what its partners call them, skipped with a reason, done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.stages.readiness import process
from infotrust.stages.readiness.models import ActivityRow, Partnership
from infotrust.stages.readiness.services.ground import ReadinessRefused, may, note_change, short, words
from infotrust.stages.readiness.terms import PaperKind


@transaction.atomic
def rename_activity(
    partnership: Partnership, *, key: str, title: str, by: User, at: datetime | None = None
) -> ActivityRow:
    """Call an activity what the partners call it. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, "rename activity", by)
    row = _activity(partnership, key)
    row.title = words(title, what=_("The title"), longest=200)
    row.save()
    note_change(partnership, by, at, what="activity renamed", activity=key, title=row.title)
    return row


@transaction.atomic
def skip_activity(
    partnership: Partnership, *, key: str, reason: str, by: User, at: datetime | None = None
) -> ActivityRow:
    """Leave out an activity that does not apply. Raises `NotPermitted`, `ReadinessRefused` without a reason."""
    may(partnership, "skip activity", by)
    row = _activity(partnership, key)
    if process.activities()[key].needed:
        raise ReadinessRefused(
            _("“%(title)s” cannot be skipped: what follows rests on it.") % {"title": row.title},
            next_step=_("Make it short, if there is little to say."),
        )
    row.status, row.reason = ActivityRow.Status.SKIPPED, words(reason, what=_("The reason"), longest=400)
    row.settled_by, row.settled_at = by, at or timezone.now()
    row.save()
    note_change(partnership, by, at, what="activity skipped", activity=key, reason=row.reason)
    return row


@transaction.atomic
def settle_activity(
    partnership: Partnership, *, key: str, done: bool, note: str = "", by: User, at: datetime | None = None
) -> ActivityRow:
    """Say that an activity is done (`note`: where), or to do again. Raises `NotPermitted`, `ReadinessRefused`.

    One that the trust follows by itself (the discussion guide, the use case) cannot be ticked by hand.
    """
    may(partnership, "settle activity", by)
    if process.activities()[key].needed:
        raise ReadinessRefused(
            _("This one is done when its own page says so."), next_step=_("Open it from the list of steps.")
        )
    note = short(note, what=_("The note"), longest=400)
    row = mark(partnership, key, done, by, at, note)
    note_change(partnership, by, at, what="activity done" if done else "activity to do", activity=key, note=note)
    return row


@transaction.atomic
def happened(use_case: int, what: str, *, note: str, by: User | None, at: datetime) -> list[ActivityRow]:
    """Tick what `what` ticks (see `steps.yaml`) in the partnership of a use case. Who ticked it first stays.

    For `web/reactions`: whoever did it was permitted there. Nothing is ticked in a partnership that is closed.
    """
    return [
        _tick(partnership, activity.key, note, by, at)
        for partnership, activity in _concerned(use_case, what)
        if _activity(partnership, activity.key).status != ActivityRow.Status.DONE
    ]


@transaction.atomic
def taken_back(use_case: int, what: str, *, note: str, by: User | None, at: datetime) -> None:
    """Say that something that had happened is to do again: an agreement went back to a draft."""
    for partnership, activity in _concerned(use_case, what):
        if _activity(partnership, activity.key).status == ActivityRow.Status.DONE:
            mark(partnership, activity.key, False, by, at, note)
            note_change(partnership, by, at, what="activity to do", activity=activity.key, note=note)


def _tick(partnership: Partnership, key: str, note: str, by: User | None, at: datetime) -> ActivityRow:
    row = mark(partnership, key, True, by, at, note)
    note_change(partnership, by, at, what="activity done", activity=key, note=note)
    return row


def _concerned(use_case: int, what: str) -> list[tuple[Partnership, process.Activity]]:
    open_ones = Partnership.objects.filter(
        papers__number=use_case, papers__kind=PaperKind.USE_CASE, closed_at__isnull=True
    )
    ticked = [activity for activity in process.activities().values() if activity.ticks == what]
    if not ticked:
        raise ValueError(f"No step is ticked by: {what}")
    return [(partnership, activity) for partnership in open_ones for activity in ticked]


def _activity(partnership: Partnership, key: str) -> ActivityRow:
    found = partnership.activities.filter(key=key).first()
    if found is None and (known := process.activities().get(key)) is not None:
        # A step that the process got after this partnership was opened.
        found = ActivityRow(partnership=partnership, key=key, title=_(known.title))
    if found is None:
        raise ReadinessRefused(_("There is no such activity."), next_step=_("Choose one from the list of steps."))
    return found


def mark(
    partnership: Partnership, key: str, done: bool, by: User | None, at: datetime | None, note: str = ""
) -> ActivityRow:
    """Set an activity done or to do; the caller has permitted it."""
    row = _activity(partnership, key)
    row.status = ActivityRow.Status.DONE if done else ActivityRow.Status.TO_DO
    row.reason, row.settled_by = note[:400], by if done else None
    row.settled_at = (at or timezone.now()) if done else None
    row.save()
    return row

"""The steps of one partnership: called what its partners call them, skipped with a reason, done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.stages.readiness import process
from infotrust.stages.readiness.models import ActivityRow, Partnership
from infotrust.stages.readiness.services.ground import ReadinessRefused, may, note_change, words


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
    partnership: Partnership, *, key: str, done: bool, by: User, at: datetime | None = None
) -> ActivityRow:
    """Say that an activity is done, or that it is to do (again). Raises `NotPermitted`, `ReadinessRefused`.

    One that the trust follows by itself (the discussion guide, the use case) cannot be ticked by hand.
    """
    may(partnership, "settle activity", by)
    if process.activities()[key].needed:
        raise ReadinessRefused(
            _("This one is done when its own page says so."), next_step=_("Open it from the list of steps.")
        )
    row = mark(partnership, key, done, by, at)
    note_change(partnership, by, at, what="activity done" if done else "activity to do", activity=key)
    return row


def _activity(partnership: Partnership, key: str) -> ActivityRow:
    found = partnership.activities.filter(key=key).first()
    if found is None:
        raise ReadinessRefused(_("There is no such activity."), next_step=_("Choose one from the list of steps."))
    return found


def mark(partnership: Partnership, key: str, done: bool, by: User, at: datetime | None) -> ActivityRow:
    row = _activity(partnership, key)
    row.status = ActivityRow.Status.DONE if done else ActivityRow.Status.TO_DO
    row.reason, row.settled_by = "", by if done else None
    row.settled_at = (at or timezone.now()) if done else None
    row.save()
    return row

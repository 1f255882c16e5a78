"""Meetings: which there are, and everything of one."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.stages.governance.lifecycle import MeetingState
from infotrust.stages.governance.models import AgendaItem, Attendance, Body, Meeting


class NoSuchMeeting(NotThere):
    """No meeting has this number."""


def meeting(number: int) -> Meeting:
    """Return the meeting with its agenda, attendance and minutes; raises `NoSuchMeeting`."""
    found = _whole().filter(pk=number).first()
    if found is None:
        raise NoSuchMeeting(_("There is no such meeting."), next_step=_("See the meetings of the body."))
    return found


def meetings(body: Body) -> list[Meeting]:
    """Return every meeting of a body, the latest first."""
    return list(_whole().filter(body=body))


def called(body: Body) -> list[Meeting]:
    """Return the meetings that are called and not yet over: a vote can be held in one of them."""
    return list(_whole().filter(body=body, state=MeetingState.CALLED))


def _whole() -> QuerySet[Meeting]:
    there = Attendance.objects.select_related("seat", "person")
    items = AgendaItem.objects.select_related("motion")
    return Meeting.objects.select_related("body", "called_by", "approved_by").prefetch_related(
        Prefetch("attendances", queryset=there), Prefetch("items", queryset=items), "passages"
    )

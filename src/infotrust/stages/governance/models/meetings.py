"""Meetings, who was there, and the minutes: passages of what was recorded, each public or withheld with a reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import someone, someone_later
from infotrust.stages.governance.lifecycle import MeetingState
from infotrust.stages.governance.models.bodies import Body, Seat
from infotrust.stages.governance.models.motions import Motion


class Meeting(models.Model):
    """A body meets. `public_digest`: the fingerprint of the minutes as everyone reads them, once they are published."""

    about_people: ClassVar[dict[str, str]] = {"called_by": "public", "approved_by": "public"}

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("where"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.CALLED)
    called_by = someone()
    called_at = models.DateTimeField()
    approved_by = someone_later()
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    public_digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-starts_at", "-pk")
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="governance_meeting_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "published"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="governance_approved_who_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body}, {self.starts_at:%Y-%m-%d}"

    @property
    def about(self) -> str:
        return f"meeting:{self.pk}"


class AgendaItem(models.Model):
    """What a meeting comes to, in order: a motion, or words of its own; and what was said about it."""

    about_people: ClassVar[dict[str, str]] = {"notes": "public"}

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items")
    title = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "motion"), condition=Q(motion__isnull=False), name="governance_motion_once_on_agenda"
            ),
            models.CheckConstraint(
                condition=Q(motion__isnull=False) | ~Q(title=""), name="governance_agenda_item_says_what"
            ),
        )

    def __str__(self) -> str:
        return str(self.motion) if self.motion else self.title


class Attendance(models.Model):
    """Who acted for a seat in a meeting."""

    about_people: ClassVar[dict[str, str]] = {"person": "public"}

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    person = someone()

    class Meta:
        ordering = ("seat",)
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = (models.UniqueConstraint(fields=("meeting", "seat"), name="governance_there_once"),)

    def __str__(self) -> str:
        return f"{self.meeting}: {self.seat.title}"


class Passage(models.Model):
    """A paragraph of the minutes. One that is withheld says why; its words never stand in any public text."""

    about_people: ClassVar[dict[str, str]] = {"words": "public"}

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()
    heading = models.BooleanField(default=False)
    words = models.TextField()
    withheld_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("passage of minutes")
        verbose_name_plural = _("passages of minutes")
        constraints = (models.UniqueConstraint(fields=("meeting", "position"), name="governance_passage_place_once"),)

    def __str__(self) -> str:
        return f"{self.meeting} {self.position}"

"""Waits as rows, and who stands in for whom."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.models import Role

WHOLE_TRUST = ""  # a wait that any holder of its role may end, of whatever agency


class Wait(models.Model):
    """A step of a thing that someone must take: a person, or whoever holds a role in an agency.

    `about` is the thing's label, as in the audit log; no foreign key, so that waits outlive what they were about.
    """

    about_people: ClassVar[dict[str, str]] = {"person": "public"}

    about = models.CharField(max_length=120)
    process = models.CharField(max_length=40)
    step = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    address = models.CharField(max_length=300)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The holder as one text, so that the database can keep one open wait of a step for each holder.
    holder = models.CharField(max_length=120)
    since = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("since", "id")
        verbose_name = _("wait")
        constraints = (
            models.UniqueConstraint(
                fields=("about", "step", "holder"), condition=Q(until__isnull=True), name="clocks_one_open_wait"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(role="") | Q(agency__isnull=False), name="clocks_wait_has_holder"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="clocks_wait_ends_after_it_began"
            ),
        )
        indexes = (
            models.Index(fields=("about", "since"), name="clocks_of_a_thing"),
            models.Index(fields=("process", "step", "until"), name="clocks_of_a_step"),
        )

    def __str__(self) -> str:
        return f"{self.about}: {self.step}"


class Cover(models.Model):
    """From `first_day` to `last_day`, `deputy` sees and is reminded of what waits for `person`.

    It gives no permission: what the deputy may do is decided by the deputy's own roles.
    """

    about_people: ClassVar[dict[str, str]] = {"person": "public", "deputy": "public"}

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering = ("first_day", "id")
        verbose_name = _("cover")
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="clocks_cover_dates"),
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="clocks_nobody_covers_themselves"),
        )

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"


class Reminder(models.Model):
    """A reminder that was sent: to whom, when, about how many waits. Never more than one a day for one person."""

    about_people: ClassVar[dict[str, str]] = {"person": "public"}

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    waits = models.PositiveIntegerField()
    sent = models.BooleanField(default=False)
    # What begins after this moment is new to the person.
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-day", "id")
        verbose_name = _("reminder")
        constraints = (models.UniqueConstraint(fields=("person", "day"), name="clocks_one_reminder_a_day"),)

    def __str__(self) -> str:
        return f"{self.person}, {self.day}"


class News(models.Model):
    """Something that happened to what a person follows, and that asks nothing of them: it is told once."""

    about_people: ClassVar[dict[str, str]] = {"person": "public"}

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    address = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("news")
        verbose_name_plural = _("news")
        indexes = (models.Index(fields=("person", "at"), name="clocks_news_of"),)

    def __str__(self) -> str:
        return self.title


class WeeklyOnly(models.Model):
    """Someone who does not want a mail on the day when something new waits, only the weekly one."""

    about_people: ClassVar[dict[str, str]] = {"person": "public"}

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("weekly mail only")
        verbose_name_plural = _("weekly mail only")

    def __str__(self) -> str:
        return str(self.person)

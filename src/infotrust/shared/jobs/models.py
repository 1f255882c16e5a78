"""Jobs and the steps they report. Nothing about a person stands in them: no arguments, results or errors that do."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.jobs.lifecycle import State


class Job(models.Model):
    """Something the worker does. The row itself is the queue: it is seen by workers once its transaction commits."""

    about_people: ClassVar[dict[str, str]] = {"started_by": "public"}

    kind = models.CharField(_("what is done"), max_length=60)
    about = models.CharField(_("about what"), max_length=200)
    arguments = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("started by")
    )
    queued_at = models.DateTimeField(_("asked for"), default=timezone.now)
    began_at = models.DateTimeField(_("began"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    # Who works on it and when that worker was last heard of; see `worker.is_lost`.
    worker = models.CharField(max_length=120, blank=True)
    heard_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    result = models.JSONField(null=True)
    # For its reader: what happened and what to do next. Defects are told in the server's log, by place only.
    error = models.TextField(blank=True)
    next_step = models.TextField(blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("state", "id"), name="jobs_job_queue"),
            models.Index(fields=("about", "id"), name="jobs_job_about"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="jobs_job_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=State.RUNNING) | (~models.Q(worker="") & models.Q(heard_at__isnull=False)),
                name="jobs_job_running_has_worker",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(State.DONE, State.FAILED), ended_at__isnull=False)
                | models.Q(state__in=(State.WAITING, State.RUNNING), ended_at__isnull=True),
                name="jobs_job_ended_when_over",
            ),
        )
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")

    def __str__(self) -> str:
        return f"{self.kind}: {self.about}"

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED)

    @property
    def title(self) -> str:
        """The kind as a sentence would begin with it."""
        return self.kind[:1].upper() + self.kind[1:]


class Step(models.Model):
    """One step of the latest attempt: how far it is, and how long it took."""

    about_people: ClassVar[dict[str, str]] = {}

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("job", "position"), name="jobs_step_position"),)

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int | None:
        """0 to 100, or None where the total is not known."""
        return min(100, round(100 * self.done / self.total)) if self.total else None

    @property
    def seconds(self) -> float:
        return ((self.ended_at or timezone.now()) - self.began_at).total_seconds()

"""Each time the register of persons changed: who asked, what was read, what came of it. Counts only, no person."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infotrust.stages.linkage.lifecycle import Kind, State


class LinkageRun(models.Model):
    """One linkage, or one removal of records. `manifest` says how it was made (see `manifest.py`)."""

    about_people: ClassVar[dict[str, str]] = {"asked_by": "public"}

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.LINKING)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for"))
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(_("in use since"), null=True, blank=True)
    records = models.PositiveBigIntegerField(_("records"), default=0)
    persons = models.PositiveBigIntegerField(_("persons"), default=0)
    # The register's generation that this run made; null while it is only asked for.
    generation = models.PositiveIntegerField(null=True, blank=True, unique=True)
    policy_version = models.CharField(max_length=40, blank=True)
    manifest = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("linkage run")
        verbose_name_plural = _("linkage runs")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="linkage_run_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="linkage_run_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.ASKED, finished_at__isnull=True, generation__isnull=True)
                | (~Q(state=State.ASKED) & Q(finished_at__isnull=False, generation__isnull=False)),
                name="linkage_run_finished_or_asked",
            ),
            models.UniqueConstraint(fields=("state",), condition=Q(state=State.IN_USE), name="linkage_one_run_in_use"),
        )

    def __str__(self) -> str:
        return f"linkage run {self.pk}"

    @property
    def thing(self) -> str:
        """What the audit log and the job are about."""
        return f"linkage:{self.pk}"

    @property
    def is_unfinished(self) -> bool:
        """Asked for, and its job may still bring it to an end."""
        return self.state == State.ASKED and self.job is not None and not self.job.is_over

    @property
    def standing(self) -> tuple[str, Any]:
        """Code (for the color) and label on the page; while it is only asked for, those of its job."""
        if self.state == State.ASKED and self.job is not None:
            return self.job.state, self.job.get_state_display()
        return "done" if self.state == State.IN_USE else self.state, self.get_state_display()

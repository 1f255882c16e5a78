"""Releases: one output table each, what was hidden in it, who checked it, and what exactly was approved."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from infotrust.stages.release.lifecycle import State

CHECKED = (State.APPROVED, State.RETURNED, State.PUBLISHED, State.WITHDRAWN)
OUT = (State.PUBLISHED, State.WITHDRAWN)


class Release(models.Model):
    """`content` is all that would be published, `digest` its SHA-256; `hidden`, `bounds`, `findings` are the checker's.

    Content stays after withdrawal: what was once public is public, and later releases are held against it.
    """

    about_people: ClassVar[dict[str, str]] = {
        "author": "public",
        "drafter": "public",
        "submitted_by": "public",
        "checked_by": "public",
        "published_by": "public",
        "withdrawn_by": "public",
    }

    output = models.ForeignKey("analysis.Output", on_delete=models.PROTECT, related_name="releases")
    question_code = models.SlugField(max_length=80)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SUBMITTED)
    threshold = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    hidden = models.JSONField(default=list)
    bounds = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    small_counts = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    check_started_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checklist = models.JSONField(default=list)
    comment = models.TextField(blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("submitted_at", "pk")
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="release_state_known"),
            # Nobody checks their own work: neither the output's author, nor the question's drafter, nor the submitter.
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True)
                | (~Q(checked_by=F("author")) & ~Q(checked_by=F("drafter")) & ~Q(checked_by=F("submitted_by"))),
                name="release_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CHECKED) | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="release_checked_has_checker",
            ),
            # What is approved is what is there; content changed afterwards would have another digest.
            models.CheckConstraint(
                condition=~Q(state__in=(State.APPROVED, *OUT)) | Q(approved_digest=F("digest")),
                name="release_approved_is_content",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OUT) | Q(published_by__isnull=False, published_at__isnull=False),
                name="release_published_has_who",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN)
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="release_withdrawn_says_why",
            ),
            models.UniqueConstraint(fields=("output",), condition=~Q(state=State.RETURNED), name="release_output_once"),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.title}"

    @property
    def label(self) -> str:
        """How people call it."""
        return f"R-{self.pk}"

    @property
    def about(self) -> str:
        """How the audit log names it."""
        return f"release:{self.pk}"

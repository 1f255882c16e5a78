"""Papers as rows: what partners write together, every version of it, and who signed off which one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import someone, someone_later
from infotrust.stages.readiness.lifecycle import PaperState
from infotrust.stages.readiness.models.partnerships import Partner, Partnership
from infotrust.stages.readiness.terms import PaperKind


class Paper(models.Model):
    """A use case, goals statement, management plan or worksheet. `number` counts within its kind. It binds nobody.

    `version` is the one that stands; `final_version` the last one that every partner signed off, which stays in use
    while a later one is written.
    """

    about_people: ClassVar[dict[str, str]] = {"started_by": "public"}

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20, choices=PaperKind.choices)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=PaperState.choices, default=PaperState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    final_version = models.PositiveIntegerField(null=True, blank=True)
    started_by = someone()
    started_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("kind", "number")
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = (
            models.UniqueConstraint(fields=("kind", "number"), name="readiness_paper_number_once"),
            models.CheckConstraint(condition=models.Q(state__in=PaperState.values), name="readiness_paper_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=PaperState.FINAL) | models.Q(final_version=models.F("version")),
                name="readiness_final_is_the_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def label(self) -> str:
        """How other stages, the log and the clocks name it, such as `use-case:3`."""
        return f"{self.kind}:{self.number}"


class PaperVersion(models.Model):
    """What a paper said at one time, by the keys of its sections. Never changed: the next one is added.

    Datasets and fields stand in it by name: what was signed off does not change when the inventory does.
    """

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by = someone()
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(_("what changed, in a few words"), max_length=200, blank=True)

    class Meta:
        ordering = ("paper", "number")
        constraints = (models.UniqueConstraint(fields=("paper", "number"), name="readiness_paper_version_once"),)

    def __str__(self) -> str:
        return f"{self.paper}, {self.number}"


class SignOff(models.Model):
    """A partner agrees with one exact version of a paper."""

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    version = models.ForeignKey(PaperVersion, on_delete=models.CASCADE, related_name="sign_offs")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    by = someone()
    at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("at", "id")
        constraints = (models.UniqueConstraint(fields=("version", "partner"), name="readiness_sign_off_once"),)

    def __str__(self) -> str:
        return f"{self.partner}: {self.version}"


class Feedback(models.Model):
    """What somebody of a partner says about a paper, and what became of it."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "replied_by": "public"}

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="feedback")
    version = models.PositiveIntegerField()
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="+")
    by = someone()
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField()
    reply = models.TextField(blank=True)
    replied_by = someone_later()
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(condition=~models.Q(words=""), name="readiness_feedback_says_what"),
            models.CheckConstraint(
                condition=models.Q(reply="", replied_by__isnull=True, replied_at__isnull=True)
                | models.Q(models.Q(replied_by__isnull=False, replied_at__isnull=False), ~models.Q(reply="")),
                name="readiness_reply_who_when_what",
            ),
        )

    def __str__(self) -> str:
        return f"{self.by} on {self.paper}"

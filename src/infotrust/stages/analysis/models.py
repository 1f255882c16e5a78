"""Questions, each version a row of its own, and the output tables that approved versions gave."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.policy.terms import PURPOSES
from infotrust.stages.analysis.lifecycle import State

OPEN = (State.DRAFT, State.SUBMITTED)


class Question(models.Model):
    """One version of a question. An approved version never changes: a change is a new version.

    `definitions` maps a term to what it means; `labels` maps an output column to {"title": ..., "values": {value:
    words}}; `figures` maps each placeholder of `sentence` to the rows it adds up ({"known": "no"}; {} is all rows).
    """

    about_people: ClassVar[dict[str, str]] = {"drafted_by": "public", "approved_by": "public"}

    code = models.SlugField(_("short name"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    title = models.CharField(_("the question, in plain words"), max_length=200)
    meaning = models.TextField(_("what it means"))
    unit = models.CharField(_("what is counted"), max_length=100)
    period = models.CharField(_("period"), max_length=100)
    population = models.CharField(_("who is counted"), max_length=300)
    purpose = models.CharField(_("purpose"), max_length=60)
    agreements = models.JSONField(_("agreements"), default=list)
    # The license within which it is run; empty: under the agreements alone.
    license = models.CharField(_("license"), max_length=40, blank=True)
    sql = models.TextField(_("statement"))
    # What runs: the statement written anew from what was understood. See core/questions.
    locked_sql = models.TextField()
    sql_digest = models.CharField(max_length=64)
    reads = models.JSONField(default=list)
    dimensions = models.JSONField(_("categories"), default=list)
    measures = models.JSONField(_("counts"), default=list)
    definitions = models.JSONField(_("definitions"), default=dict, blank=True)
    labels = models.JSONField(_("words for columns and values"), default=dict, blank=True)
    limits = models.JSONField(_("what it does not tell you"), default=list, blank=True)
    sentence = models.CharField(_("the answer in one sentence"), max_length=500, blank=True)
    figures = models.JSONField(_("figures in the sentence"), default=dict, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("comment of the board"), blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("code", "-version")
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="analysis_question_version_once"),
            models.UniqueConstraint(
                fields=("code",), condition=models.Q(state=State.APPROVED), name="analysis_one_approved_version"
            ),
            models.UniqueConstraint(
                fields=("code",), condition=models.Q(state__in=OPEN), name="analysis_one_open_version"
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="analysis_question_known_state"),
            models.CheckConstraint(
                condition=~models.Q(state=State.APPROVED)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="analysis_approved_who_when",
            ),
            # Four eyes: nobody approves what they drafted.
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("drafted_by")),
                name="analysis_approved_by_another",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """How jobs and the audit log name it."""
        return f"question:{self.code}"

    @property
    def purpose_title(self) -> str:
        return PURPOSES[self.purpose].title.capitalize() if self.purpose in PURPOSES else self.purpose

    @property
    def fields_read(self) -> list[tuple[str, str]]:
        """The (dataset code, field name) pairs it reads, in order."""
        return [(dataset, name) for dataset, name in self.reads]


class Output(models.Model):
    """A table of counts as it came out of the enclave: not checked yet, and not for sharing.

    `rows` is a list of lists in the order of `columns`: text for a category, a whole number for the count.
    """

    about_people: ClassVar[dict[str, str]] = {"rows": "sensitive", "made_by": "public"}

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="outputs")
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    dimensions = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    digest = models.CharField(_("digest"), max_length=64)
    manifest = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # The job that made it, so that a job that is resumed after its output was saved does not make another.
    job = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        verbose_name = _("output")
        verbose_name_plural = _("outputs")
        constraints = (models.CheckConstraint(condition=~models.Q(digest=""), name="analysis_output_has_digest"),)

    def __str__(self) -> str:
        return f"{self.question.code} {self.pk}"

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows as dicts by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

"""Each time the register of persons changed, what people were asked about it, and what they said.

Counts, weights and random record ids only: no value of a record stands in any of these tables.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infotrust.stages.linkage.lifecycle import Kind, PairState, ReviewState, State
from infotrust.stages.linkage.terms import NOTE_LENGTH, QUESTIONS, Communities, Verdict


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
    # What its review is to be: how many pairs for people to look at, and by what the error is told apart.
    questions = models.PositiveIntegerField(default=QUESTIONS)
    communities = models.CharField(max_length=10, choices=Communities.choices, default=Communities.DATASETS)

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
            models.CheckConstraint(condition=Q(communities__in=Communities.values), name="linkage_run_communities"),
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


class Review(models.Model):
    """What people are asked about one linkage.

    `strata`: what its sample was drawn from, [{accepted, band, community, known, pairs, drawn}], counts only.
    """

    about_people: ClassVar[dict[str, str]] = {}

    run = models.OneToOneField(LinkageRun, on_delete=models.PROTECT, related_name="review")
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    began_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    strata = models.JSONField(default=list)
    never_compared = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="linkage_review_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReviewState.OPEN, closed_at__isnull=True)
                | Q(state=ReviewState.CLOSED, closed_at__isnull=False),
                name="linkage_review_closed_when",
            ),
            models.UniqueConstraint(
                fields=("state",), condition=Q(state=ReviewState.OPEN), name="linkage_one_review_open"
            ),
        )

    def __str__(self) -> str:
        return f"review of linkage run {self.run_id}"


class Pair(models.Model):
    """Two records that people are asked about, by their random ids. What was said of them outlives a linkage.

    `needed`: how many people must look, two where it is hard. `held_by` has it on the screen until `held_until`.
    """

    about_people: ClassVar[dict[str, str]] = {
        "one_record": "sensitive",
        "other_record": "sensitive",
        "verdict": "sensitive",
        "held_by": "public",
    }

    one_dataset = models.CharField(max_length=120)
    one_record = models.CharField(max_length=64)
    other_dataset = models.CharField(max_length=120)
    other_record = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=PairState.choices, default=PairState.OPEN)
    needed = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("pair")
        verbose_name_plural = _("pairs")
        indexes = (models.Index(fields=("state", "held_until"), name="linkage_pair_open"),)
        constraints = (
            models.UniqueConstraint(
                fields=("one_dataset", "one_record", "other_dataset", "other_record"), name="linkage_pair_once"
            ),
            models.CheckConstraint(condition=Q(state__in=PairState.values), name="linkage_pair_state_known"),
            models.CheckConstraint(condition=Q(needed__in=(1, 2)), name="linkage_pair_needs_one_or_two"),
            models.CheckConstraint(
                condition=Q(~Q(state=PairState.SETTLED), verdict="", settled_at__isnull=True)
                | Q(state=PairState.SETTLED, verdict__in=Verdict.values, settled_at__isnull=False),
                name="linkage_pair_settled_has_verdict",
            ),
            models.CheckConstraint(
                condition=Q(held_by__isnull=True, held_until__isnull=True)
                | Q(held_by__isnull=False, held_until__isnull=False),
                name="linkage_pair_held_until",
            ),
        )

    def __str__(self) -> str:
        return f"pair {self.pk}"

    @property
    def thing(self) -> str:
        """What the audit log is about."""
        return f"pair:{self.pk}"

    @property
    def records(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """(dataset, record id) of both."""
        return (self.one_dataset, self.one_record), (self.other_dataset, self.other_record)


class PairQuestion(models.Model):
    """A pair as one linkage weighed it, in the order of asking. `fields`: [{field, level, weight}], log2 odds.

    `stratum` and `inclusion` (the chance it had) where it was drawn at random; `worth` where its answer changes much.
    """

    about_people: ClassVar[dict[str, str]] = {"fields": "sensitive", "accepted": "sensitive"}

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="questions")
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    weight = models.FloatField()
    prior = models.FloatField()
    accepted = models.BooleanField()
    stratum = models.PositiveIntegerField(null=True, blank=True)
    inclusion = models.FloatField(null=True, blank=True)
    worth = models.FloatField(default=0)
    known = models.BooleanField(default=False)
    fields = models.JSONField(default=list)

    class Meta:
        ordering = ("review", "position")
        verbose_name = _("question about a pair")
        verbose_name_plural = _("questions about pairs")
        constraints = (
            models.UniqueConstraint(fields=("review", "pair"), name="linkage_pair_asked_once"),
            models.UniqueConstraint(fields=("review", "position"), name="linkage_question_place_once"),
            models.CheckConstraint(
                condition=Q(stratum__isnull=True, inclusion__isnull=True)
                | Q(stratum__isnull=False, inclusion__gt=0, inclusion__lte=1),
                name="linkage_question_drawn_with_chance",
            ),
        )

    def __str__(self) -> str:
        return f"question {self.pk}"


class PairAnswer(models.Model):
    """What one person said of a pair. It is never changed: taken back, it stays as history."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "verdict": "sensitive", "note": "sensitive"}

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("answer about a pair")
        verbose_name_plural = _("answers about pairs")
        constraints = (
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="linkage_answer_verdict_known"),
            # Nobody counts twice for one pair.
            models.UniqueConstraint(
                fields=("pair", "by"), condition=Q(withdrawn_at__isnull=True), name="linkage_answer_once_each"
            ),
        )

    def __str__(self) -> str:
        return f"answer {self.pk}"

"""The public catalogue's tables. No foreign key to any stage: the public site can run beside an empty trust."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PublicDataset(models.Model):
    """A dataset that an agency keeps, described for everyone."""

    about_people: ClassVar[dict[str, str]] = {}

    code = models.SlugField(_("short name"), unique=True, max_length=60)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    agency = models.CharField(_("agency"), max_length=200)
    agency_code = models.CharField(_("agency's short name"), max_length=60, blank=True)
    unit = models.CharField(_("what one row stands for"), max_length=200, blank=True)
    period = models.CharField(_("period"), max_length=200, blank=True)
    update_frequency = models.CharField(_("how often it is updated"), max_length=200, blank=True)
    lag = models.CharField(_("how late it is"), max_length=200, blank=True)
    quality_note = models.TextField(_("what to know about its quality"), blank=True)
    whose_data_is_missing = models.TextField(_("whose data is missing"), blank=True)
    shown_at = models.DateTimeField(_("shown since"))

    class Meta:
        ordering = ("agency", "title")
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    def __str__(self) -> str:
        return self.title


class PublicField(models.Model):
    """One field of a dataset: what it means, which law covers it, and whether it can be shared."""

    about_people: ClassVar[dict[str, str]] = {}

    dataset = models.ForeignKey(PublicDataset, on_delete=models.CASCADE, related_name="fields")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    type = models.CharField(max_length=20)
    availability = models.CharField(max_length=20)
    law_classes = models.JSONField(default=list)
    codes = models.JSONField(default=dict)
    sensitivity = models.PositiveSmallIntegerField(default=0)
    identifier = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("dataset", "name"), name="catalogue_field_once"),)

    def __str__(self) -> str:
        return self.title


class PublicAgreement(models.Model):
    """An agreement as the public sees it: who shares what, why, until when, and who may see it."""

    about_people: ClassVar[dict[str, str]] = {}

    code = models.CharField(_("number"), unique=True, max_length=60)
    title = models.CharField(_("title"), max_length=200)
    why = models.TextField(_("why"))
    parties = models.JSONField(default=list)
    purposes = models.JSONField(default=list)
    recipients = models.JSONField(default=list)
    level = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    signed_on = models.DateField(null=True, blank=True)
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    threshold = models.PositiveIntegerField()
    datasets = models.JSONField(default=list)
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="catalogue_agreement_dates"),
        )
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class PublishedAnswer(models.Model):
    """An answer the public can read. The table holds what was approved for release and nothing else."""

    about_people: ClassVar[dict[str, str]] = {}

    slug = models.SlugField(unique=True, max_length=80)
    question = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    sentence = models.TextField()
    meaning = models.TextField()
    unit = models.CharField(max_length=200)
    period = models.CharField(max_length=200)
    population = models.TextField()
    table = models.JSONField()
    definitions = models.JSONField(default=dict)
    limits = models.JSONField(default=list)
    threshold = models.PositiveIntegerField()
    agreements = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    edition = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-published_at", "slug")
        constraints = (
            # A page that is gone must say why; a page that stands has no reason to be gone.
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="catalogue_withdrawn_says_why",
            ),
        )
        verbose_name = _("published answer")
        verbose_name_plural = _("published answers")

    def __str__(self) -> str:
        return self.title


class LogHead(models.Model):
    """The fingerprint of the audit log at one moment, printed so that a later change would show."""

    about_people: ClassVar[dict[str, str]] = {}

    entries = models.PositiveBigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("-entries",)
        get_latest_by = "entries"

    def __str__(self) -> str:
        return f"{self.entries}: {self.digest[:12]}"


class PublicLinkageError(models.Model):
    """How often a linkage is wrong, as the board put it before the public: shares, no count below ten, no person."""

    about_people: ClassVar[dict[str, str]] = {}

    run = models.PositiveBigIntegerField(unique=True)
    linked_on = models.DateField()
    measured_on = models.DateField()
    answers = models.PositiveIntegerField()
    precision = models.JSONField()
    recall = models.JSONField()
    agreed = models.JSONField(null=True)
    communities = models.JSONField(default=list)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("-run",)
        verbose_name = _("error of the linkage")
        verbose_name_plural = _("errors of the linkage")

    def __str__(self) -> str:
        return f"error of linkage run {self.run}"

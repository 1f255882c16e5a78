"""The words: the clauses of an agreement, this trust's own entries in the library, its names of kinds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import someone
from infotrust.stages.agreements.models.agreeing import Agreement
from infotrust.stages.agreements.terms import KIND_CHOICES


class AgreementClause(models.Model):
    """A clause of the library or of the parties' own, with the words it has here: the library may change later."""

    about_people: ClassVar[dict[str, str]] = {}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField()
    key = models.SlugField(max_length=40)
    # 0: the parties' own words, or words of the library that they changed.
    library_version = models.PositiveIntegerField(default=0)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"))
    plain = models.TextField(_("in plain words"))
    terms = models.JSONField(default=dict)
    kept_by = models.CharField(_("kept by"), max_length=200, blank=True)
    cite = models.CharField(_("citation"), max_length=200, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("agreement", "key"), name="agreements_clause_once"),
            models.CheckConstraint(
                condition=~models.Q(terms={}) | ~models.Q(kept_by=""), name="agreements_clause_has_a_keeper"
            ),
        )

    def __str__(self) -> str:
        return self.heading


class LibraryEntry(models.Model):
    """A clause that this trust added to the library, or a later version of one. Entries are never changed."""

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    key = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    heading = models.CharField(max_length=120)
    text = models.TextField()
    plain = models.TextField()
    kinds = models.JSONField(default=list)
    terms = models.JSONField(default=dict)
    kept_by = models.CharField(max_length=200, blank=True)
    cite = models.CharField(max_length=200, blank=True)
    retired = models.BooleanField(default=False)
    by = someone()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("key", "version")
        verbose_name_plural = _("library entries")
        constraints = (models.UniqueConstraint(fields=("key", "version"), name="agreements_library_version_once"),)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class KindName(models.Model):
    """What this trust calls a kind of agreement."""

    about_people: ClassVar[dict[str, str]] = {}

    kind = models.CharField(max_length=10, choices=KIND_CHOICES, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("kind",)

    def __str__(self) -> str:
        return self.name

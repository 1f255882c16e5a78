"""Every version of the policies that was ever in force, of which one is current; and who reviewed which law."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LawReview(models.Model):
    """Counsel of an agency has read a regime of the law register, in the text with this digest, and stands by it."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "note": "public"}

    regime = models.CharField(_("regime"), max_length=40)
    digest = models.CharField(_("digest of its files"), max_length=64)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(_("note"), blank=True, max_length=4000)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("review of a law")
        verbose_name_plural = _("reviews of laws")
        indexes = (models.Index(fields=("regime", "digest"), name="permissions_reviews_of_a_law"),)

    def __str__(self) -> str:
        return f"{self.regime}, {self.at:%Y-%m-%d}"


class PolicyVersion(models.Model):
    """The policies (text and entities) as published, and the table of what they allow, with the digest of each.

    `published_by` is empty where the calendar published it: an agreement's first or last day.
    """

    about_people: ClassVar[dict[str, str]] = {"published_by": "public"}

    number = models.PositiveIntegerField(_("number"), unique=True)
    policies = models.TextField(_("policies"))
    entities = models.JSONField(_("entities"))
    digest = models.CharField(_("digest"), max_length=64)
    table = models.JSONField(_("what is allowed"), default=list)
    table_digest = models.CharField(_("digest of the table"), max_length=64)
    reason = models.CharField(_("reason"), max_length=400)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    current = models.BooleanField(_("in force"), default=False)

    class Meta:
        ordering = ("-number",)
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = (
            models.UniqueConstraint(
                fields=("current",), condition=models.Q(current=True), name="permissions_one_current_version"
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="permissions_version_number_positive"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="permissions_version_has_reason"),
        )

    def __str__(self) -> str:
        return f"policy version {self.number}"

"""After the signature: what suspends an agreement, what is disputed, breaches and the notices they call for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import some_agency, someone_later
from infotrust.stages.agreements.models.agreeing import Agreement
from infotrust.stages.agreements.models.ground import Said


class Suspension(Said):
    """A party has an agreement suspended; it goes on when no party has it suspended any more."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "resumed_by": "public", "reason": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="suspensions")
    reason = models.CharField(max_length=400)
    resumed_by = someone_later()
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Said.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "agency"),
                condition=models.Q(resumed_at__isnull=True),
                name="agreements_suspended_once_by_each",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.reason}"


class Dispute(Said):
    """What two parties do not agree about. It stops nothing by itself."""

    about_people: ClassVar[dict[str, str]] = {
        "by": "public",
        "settled_by": "public",
        "what": "public",
        "outcome": "public",
    }

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="disputes")
    what = models.TextField()
    outcome = models.TextField(blank=True)
    settled_by = someone_later()
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.agency}: {self.agreement}"


class Breach(Said):
    """Data under an agreement was seen, taken or used by someone who may not. Never a value about a person in it."""

    about_people: ClassVar[dict[str, str]] = {
        "by": "public",
        "closed_by": "public",
        "what": "public",
        "outcome": "public",
    }

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="breaches")
    what = models.TextField()
    datasets = models.JSONField(default=list)
    people = models.PositiveIntegerField(null=True, blank=True)
    discovered_on = models.DateField()
    outcome = models.TextField(blank=True)
    closed_by = someone_later()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Said.Meta):
        verbose_name_plural = _("breaches")

    def __str__(self) -> str:
        return f"breach {self.pk} of {self.agreement}"


class BreachNotice(models.Model):
    """A notice that a law or a clause asks for: to whom, by when, drafted in words; sent, or why it was not needed."""

    about_people: ClassVar[dict[str, str]] = {"dealt_by": "public", "text": "public", "why_not": "public"}

    breach = models.ForeignKey(Breach, on_delete=models.CASCADE, related_name="notices")
    # Whose duty it is: the agency that owns the data, or that reported.
    agency = some_agency()
    law = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=200)
    cite = models.CharField(max_length=200, blank=True)
    confirmed = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    text = models.TextField()
    why_not = models.CharField(max_length=400, blank=True)
    dealt_by = someone_later()
    dealt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return f"{self.law}: {self.to}"

"""The columns that every word about an agreement has: who said it, when, and for which agency."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from infotrust.shared.accounts.columns import some_agency, someone


class Noted(models.Model):
    """Something that a person did about an agreement, the oldest first."""

    by = someone()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ("at", "id")


class Said(Noted):
    """Something that a person said or did about an agreement for an agency."""

    agency = some_agency()

    class Meta(Noted.Meta):
        abstract = True

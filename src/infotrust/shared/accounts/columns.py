"""Columns that say whose an act is. Whoever did something stays in the rows: an account that acted is never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from infotrust.shared.accounts.models import Agency, User


def someone() -> models.ForeignKey[User, User]:
    """Return the column of the person who did it."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


def someone_later() -> models.ForeignKey[User | None, User | None]:
    """Return the column of the person who does it one day; empty until then."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


def some_agency() -> models.ForeignKey[Agency, Agency]:
    """Return the column of the agency it is about, or for which it was done."""
    return models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")

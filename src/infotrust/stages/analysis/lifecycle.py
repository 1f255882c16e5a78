"""A question is drafted, submitted, approved by someone else, and retired when a newer version takes its place."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    RETIRED = "retired", _("Retired")


# A draft that is given up is retired too, so that its number is never used again.
LIFECYCLE = Lifecycle(
    "question",
    {
        State.DRAFT: frozenset({State.SUBMITTED, State.RETIRED}),
        State.SUBMITTED: frozenset({State.DRAFT, State.APPROVED}),
        State.APPROVED: frozenset({State.RETIRED}),
        State.RETIRED: frozenset(),
    },
)

"""The states of an agreement, and the moves between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    AWAITING_SIGNATURES = "awaiting_signatures", _("Awaiting signatures")
    SIGNED = "signed", _("Signed, not yet begun")
    IN_FORCE = "in_force", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    SUPERSEDED = "superseded", _("Replaced by its amendment")
    ENDED = "ended", _("Ended by a party")
    EXPIRED = "expired", _("Expired")


LIFECYCLE = Lifecycle(
    "agreement",
    {
        State.DRAFT: frozenset({State.IN_REVIEW}),
        # A party's counsel who asks for changes sends it back; the last approval sends it on.
        State.IN_REVIEW: frozenset({State.DRAFT, State.AWAITING_SIGNATURES}),
        State.AWAITING_SIGNATURES: frozenset({State.DRAFT, State.SIGNED, State.IN_FORCE}),
        State.SIGNED: frozenset({State.IN_FORCE, State.ENDED, State.EXPIRED}),
        State.IN_FORCE: frozenset({State.SUSPENDED, State.SUPERSEDED, State.ENDED, State.EXPIRED}),
        # All access stops, nothing is destroyed.
        State.SUSPENDED: frozenset({State.IN_FORCE, State.SUPERSEDED, State.ENDED, State.EXPIRED}),
        # Its amendment took its place in the same transaction.
        State.SUPERSEDED: frozenset(),
        State.ENDED: frozenset(),
        State.EXPIRED: frozenset(),
    },
)

# Where nothing can happen any more.
OVER = frozenset({State.ENDED, State.EXPIRED, State.SUPERSEDED})

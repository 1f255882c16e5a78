"""The states of a delivery. Only `loaded` deliveries are what readers see; a correction supersedes the one before."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(TextChoices):
    RECEIVED = "received", _("Received")
    CHECKING = "checking", _("Being checked")
    LOADED = "loaded", _("Loaded")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Interrupted")
    SUPERSEDED = "superseded", _("Superseded")
    DESTROYED = "destroyed", _("Destroyed")


LIFECYCLE = Lifecycle(
    "delivery",
    {
        State.RECEIVED.value: frozenset({State.CHECKING.value, State.DESTROYED.value}),
        State.CHECKING.value: frozenset(
            {State.LOADED.value, State.REFUSED.value, State.FAILED.value, State.DESTROYED.value}
        ),
        State.FAILED.value: frozenset({State.CHECKING.value, State.DESTROYED.value}),
        State.LOADED.value: frozenset({State.SUPERSEDED.value, State.DESTROYED.value}),
        State.SUPERSEDED.value: frozenset({State.DESTROYED.value}),
        State.REFUSED.value: frozenset(),
        State.DESTROYED.value: frozenset(),
    },
)

# On its way or in use: the same file sent again changes nothing.
LIVING = (State.RECEIVED, State.CHECKING, State.FAILED, State.LOADED)

"""The states of a background job. A job whose worker died, or was stopped, waits again and is started anew."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


LIFECYCLE = Lifecycle(
    "job",
    {
        State.WAITING.value: frozenset({State.RUNNING.value}),
        State.RUNNING.value: frozenset({State.DONE.value, State.FAILED.value, State.WAITING.value}),
        State.DONE.value: frozenset(),
        State.FAILED.value: frozenset({State.WAITING.value}),
    },
)

"""The states of a partnership and of a discussion guide, and the moves between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(models.TextChoices):
    TALKING = "talking", _("Just talking")
    FEASIBLE = "feasible", _("Feasible")
    NOT_YET = "not_yet", _("Not yet")
    CLOSED = "closed", _("Closed")


LIFECYCLE = Lifecycle(
    "partnership",
    {
        State.TALKING: frozenset({State.FEASIBLE, State.NOT_YET, State.CLOSED}),
        # Partners may look anew at what they once found feasible: things change.
        State.FEASIBLE: frozenset({State.TALKING, State.CLOSED}),
        State.NOT_YET: frozenset({State.TALKING, State.CLOSED}),
        State.CLOSED: frozenset({State.TALKING}),
    },
)


class GuideState(models.TextChoices):
    ANSWERING = "answering", _("Each partner answers by itself")
    OPEN = "open", _("Side by side")
    CONCLUDED = "concluded", _("Concluded")


GUIDE = Lifecycle(
    "discussion guide",
    {
        GuideState.ANSWERING: frozenset({GuideState.OPEN}),
        GuideState.OPEN: frozenset({GuideState.CONCLUDED}),
        GuideState.CONCLUDED: frozenset(),
    },
)

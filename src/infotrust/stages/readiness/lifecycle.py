"""The states of a partnership, of a discussion guide and of a paper, and the moves between them."""

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


class PaperState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNING = "signing", _("For sign-off")
    FINAL = "final", _("Signed off")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PAPER = Lifecycle(
    "paper",
    {
        PaperState.DRAFT: frozenset({PaperState.SIGNING, PaperState.WITHDRAWN}),
        # A partner who asks for changes sends it back; the last sign-off makes it final.
        PaperState.SIGNING: frozenset({PaperState.DRAFT, PaperState.FINAL, PaperState.WITHDRAWN}),
        # The version that was signed off stays in use while the next one is written.
        PaperState.FINAL: frozenset({PaperState.DRAFT}),
        PaperState.WITHDRAWN: frozenset({PaperState.DRAFT}),
    },
)

"""The words of partnerships: configurations, views, and the steps that somebody may hold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.shared.clocks import services as clocks

PROCESS = "partnership"
LONGEST_NOTE = 8_000  # characters of one answer: about three pages
LONGEST_BARRIER = 500
MOST_BARRIERS = 20  # of one partner for one question


class Configuration(models.TextChoices):
    """Between whom the data is linked."""

    ONE_PROGRAM = "one_program", _("Within one program")
    TWO_PROGRAMS = "two_programs", _("Between programs of one agency")
    TWO_AGENCIES = "two_agencies", _("Between agencies")


class Opening(models.TextChoices):
    """When the answers are laid side by side. Never before every partner has handed in."""

    BY_ITSELF = "by_itself", _("By itself, when the last partner has handed in")
    BY_FACILITATOR = "by_facilitator", _("By the facilitator, once every partner has handed in")


class View(models.TextChoices):
    """What a partner thinks after the conversation."""

    GO_ON = "go_on", _("Go on: let us write a use case")
    NOT_YET = "not_yet", _("Not yet: something stands in the way")


class TaskState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("No longer needed")


class PaperKind(models.TextChoices):
    """What partners write together. The codes are the first part of a label such as `use-case:3`."""

    GOALS = "goals", _("Goals statement")
    USE_CASE = "use-case", _("Use case")
    PLAN = "plan", _("Management plan")
    WORKSHEET = "worksheet", _("Data sharing worksheet")


WAITS = {
    "answer the guide": _("A partner answers the discussion guide"),
    "open the guide": _("The facilitator lays the answers side by side"),
    "say its view": _("A partner says whether to go on"),
    "conclude the guide": _("The conversation is concluded"),
    "begin the guide": _("Somebody begins the discussion guide"),
    "take away a barrier": _("A partner works on a barrier"),
    "meet again": _("The partners meet again"),
    "begin the use case": _("Somebody begins the use case"),
    "write the paper": _("Somebody writes the paper"),
    "sign off": _("A partner reads and signs off"),
    "draft the agreement": _("A data steward drafts the agreement"),
    "answer feedback": _("Somebody answers a remark"),
}


def describe_steps() -> None:
    """Register the words of the steps once; called when the app is ready."""
    clocks.describe(PROCESS, WAITS, title=_("Partnerships"))

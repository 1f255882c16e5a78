"""The choices of governance's forms and the words of its codes."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from infotrust.core.counting import Basis, Choice, Share, Why


class SeatKind(models.TextChoices):
    AGENCY = "agency", _("An agency")
    RESIDENT = "resident", _("Residents")
    EXPERT = "expert", _("A field of knowledge")


class Office(models.TextChoices):
    MEMBER = "member", _("Member")
    CHAIR = "chair", _("Chair")
    SECRETARY = "secretary", _("Secretary")


class How(models.TextChoices):
    ASYNCHRONOUS = "asynchronous", _("In writing, until a closing time")
    MEETING = "meeting", _("In a meeting")


class Question(models.TextChoices):
    """The four questions of AISP (Actionable Intelligence for Social Policy), asked of every use of data."""

    LEGAL = "legal", _("Is this legal?")
    ETHICAL = "ethical", _("Is this ethical?")
    GOOD_IDEA = "good_idea", _("Is this a good idea?")
    WHO_DECIDES = "who_decides", _("How do we know, and who decides?")


class Answered(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("Not sure")


QUESTION_HELP: dict[str, Promise] = {
    Question.LEGAL: _("Which law allows it, and which one asks for more: a consent, an agreement, a notice?"),
    Question.ETHICAL: _("Who is helped and who could be hurt? Would the people in the data expect this?"),
    Question.GOOD_IDEA: _("Is the data good enough for it, and is there a plan and money to act on what it shows?"),
    Question.WHO_DECIDES: _("Who was asked, who was left out, and how will we find out whether we were wrong?"),
}

CHOICES: list[tuple[str, Promise]] = [
    (Choice.YES.value, _("For")),
    (Choice.NO.value, _("Against")),
    (Choice.ABSTAIN.value, _("Abstain")),
]
CHOICE_WORDS: dict[str, Promise] = dict(CHOICES)

SHARES: list[tuple[str, Promise]] = [
    (Share.MAJORITY.value, _("More than half")),
    (Share.TWO_THIRDS.value, _("Two thirds")),
    (Share.ALL.value, _("All")),
]
BASES: list[tuple[str, Promise]] = [
    (Basis.CAST.value, _("of the votes cast for or against")),
    (Basis.SEATS.value, _("of all voting seats, also those that are empty or do not vote")),
]

WHY_WORDS: dict[str, Promise] = {
    Why.NO_QUORUM.value: _("Too few seats took part, so nothing was decided."),
    Why.ENOUGH.value: _("Enough seats were for it."),
    Why.TOO_FEW.value: _("Too few seats were for it."),
    Why.TIE.value: _("As many were for it as against, and a tie is not enough."),
    Why.CHAIR_DECIDED.value: _("As many were for it as against, and the chair’s vote decided."),
    Why.NOBODY_VOTED.value: _("Nobody voted for or against."),
}

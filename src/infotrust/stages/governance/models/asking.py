"""The four questions, asked of one version of something, and each person's answers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import someone
from infotrust.stages.governance.terms import Answered, Question


class Asking(models.Model):
    """The four questions asked of one version of a subject. A new version is a new asking; the old one stays."""

    about_people: ClassVar[dict[str, str]] = {"asked_by": "public"}

    subject = models.CharField(_("about what"), max_length=120)
    version = models.CharField(_("version"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    address = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("asked_at", "pk")
        verbose_name = _("asking of the four questions")
        verbose_name_plural = _("askings of the four questions")
        constraints = (models.UniqueConstraint(fields=("subject", "version"), name="governance_asked_once"),)

    def __str__(self) -> str:
        return f"{self.subject} {self.version}"


class Answer(models.Model):
    """What one person answers to one of the four. One that was given anew stays, with when it was replaced."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "words": "public"}

    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=12, choices=Question.choices)
    answer = models.CharField(max_length=8, choices=Answered.choices)
    words = models.TextField(_("because"))
    by = someone()
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("question", "at", "pk")
        verbose_name = _("answer to one of the four questions")
        verbose_name_plural = _("answers to the four questions")
        constraints = (
            models.UniqueConstraint(
                fields=("asking", "question", "by"),
                condition=Q(replaced_at__isnull=True),
                name="governance_one_answer_stands",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="governance_answer_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.asking} {self.question}"

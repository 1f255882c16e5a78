"""From goals to elements as rows: goal, question, need; and what each partner can do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import someone
from infotrust.stages.readiness.models.partnerships import Partner, Partnership, Task


class Goal(models.Model):
    about_people: ClassVar[dict[str, str]] = {}

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="goals")
    words = models.CharField(max_length=500)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~models.Q(words=""), name="readiness_goal_says_what"),)

    def __str__(self) -> str:
        return self.words


class GoalQuestion(models.Model):
    about_people: ClassVar[dict[str, str]] = {}

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="questions")
    words = models.CharField(max_length=500)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~models.Q(words=""), name="readiness_question_says_what"),)

    def __str__(self) -> str:
        return self.words


class Need(models.Model):
    """Something a question needs: in words, and, once found, a field of the inventory by name."""

    about_people: ClassVar[dict[str, str]] = {}

    question = models.ForeignKey(GoalQuestion, on_delete=models.CASCADE, related_name="needs")
    words = models.CharField(max_length=300)
    find = models.CharField(max_length=300, blank=True)
    dataset = models.SlugField(max_length=60, blank=True)
    field = models.CharField(max_length=63, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(dataset="", field="") | models.Q(~models.Q(dataset=""), ~models.Q(field="")),
                name="readiness_need_names_both",
            ),
            models.CheckConstraint(condition=~models.Q(words=""), name="readiness_need_says_what"),
        )

    def __str__(self) -> str:
        return self.words


class Assessment(models.Model):
    """What a partner says it can do: `levels` by area (0 to 2), `notes` by area, and where it wants help."""

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="assessment")
    levels = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    help_needed = models.TextField(_("where we want help"), blank=True)
    version = models.PositiveIntegerField(default=1)
    by = someone()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("partner_id",)

    def __str__(self) -> str:
        return f"{self.partner}"


class EarlierAssessment(models.Model):
    """What a partner said it can do before it said so anew; never changed."""

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="earlier")
    version = models.PositiveIntegerField()
    text = models.TextField()
    by = someone()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("assessment", "version"), name="readiness_earlier_assessment_once"),
        )

    def __str__(self) -> str:
        return f"{self.assessment} ({self.version})"


class Remedy(models.Model):
    """What is done about an area in which a partner has too little: a task, money to find, or another takes over."""

    class Kind(models.TextChoices):
        TASK = "task", _("Somebody takes care of it")
        FUNDING = "funding", _("It takes money that we have to find")
        SWAP = "swap", _("Another partner does it for us")

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="remedies")
    area = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=500)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="remedy")
    taken_by = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = someone()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("assessment", "area"), name="readiness_remedy_once"),
            models.CheckConstraint(
                condition=models.Q(kind="task", task__isnull=False, taken_by__isnull=True)
                | models.Q(kind="swap", task__isnull=True, taken_by__isnull=False)
                | models.Q(kind="funding", task__isnull=True, taken_by__isnull=True),
                name="readiness_remedy_is_one_kind",
            ),
        )

    def __str__(self) -> str:
        return self.words

"""Partnerships as rows: who talks with whom, where each partner stands, what is in the way and who takes it away.

What a partner answered is in `Sheet`, `Answer` and `Barrier`. Only `queries.sheets` reads those of another partner, and
only once they are laid side by side.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import some_agency, someone, someone_later
from infotrust.stages.readiness.lifecycle import GuideState, State
from infotrust.stages.readiness.process import PLACES
from infotrust.stages.readiness.terms import Configuration, Opening, TaskState, View

PERSON = settings.AUTH_USER_MODEL


class Partnership(models.Model):
    """Programs that talk about linking their data. Nothing in it commits anyone."""

    about_people: ClassVar[dict[str, str]] = {"facilitator": "public", "opened_by": "public", "closed_by": "public"}

    title = models.CharField(_("title"), max_length=200)
    about = models.TextField(_("what it is about"), blank=True)
    configuration = models.CharField(_("between whom"), max_length=20, choices=Configuration.choices)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.TALKING)
    facilitator = someone_later()
    opened_by = someone()
    opened_at = models.DateTimeField(default=timezone.now)
    reconvene_on = models.DateField(_("the partners meet again on"), null=True, blank=True)
    closed_by = someone_later()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(_("why it was closed"), max_length=400, blank=True)

    class Meta:
        ordering = ("-opened_at", "-pk")
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="readiness_state_known"),
            models.CheckConstraint(
                condition=models.Q(configuration__in=Configuration.values), name="readiness_configuration_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.NOT_YET) | models.Q(reconvene_on__isnull=False),
                name="readiness_not_yet_has_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(state=State.CLOSED, closed_by__isnull=False, closed_at__isnull=False),
                    ~models.Q(closed_because=""),
                )
                | models.Q(~models.Q(state=State.CLOSED), closed_by__isnull=True, closed_at__isnull=True),
                name="readiness_closed_who_when_why",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state != State.CLOSED


class Partner(models.Model):
    """A program at the table. One that contributes no data is an intermediary: it helps, and gets no access by that."""

    about_people: ClassVar[dict[str, str]] = {"contact": "public"}

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="partners")
    agency = some_agency()
    program = models.CharField(_("program"), max_length=200, blank=True)
    contributes = models.BooleanField(_("contributes data"), default=True)
    # Answers for the partner and reconciles what its program, legal and technical people say.
    contact = someone()

    class Meta:
        ordering = ("id",)
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = (
            models.UniqueConstraint(fields=("partnership", "agency", "program"), name="readiness_partner_once"),
        )

    def __str__(self) -> str:
        return f"{self.agency.name}, {self.program}" if self.program else self.agency.name


class Member(models.Model):
    """Someone who speaks for a partner. Kept when they leave: nobody ever serves two partners of one partnership."""

    about_people: ClassVar[dict[str, str]] = {"user": "public", "added_by": "public"}

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="members")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="members")
    user = someone()
    title = models.CharField(_("title"), max_length=150, blank=True)
    added_by = someone()
    added_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("partnership", "user"), name="readiness_member_of_one"),)

    def __str__(self) -> str:
        return f"{self.user} for {self.partner}"


class ActivityRow(models.Model):
    """An activity of one partnership: its title here, and whether it is done or skipped, with the reason."""

    about_people: ClassVar[dict[str, str]] = {"settled_by": "public"}

    class Status(models.TextChoices):
        TO_DO = "to_do", _("To do")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="activities")
    key = models.CharField(max_length=10)
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.TO_DO)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    settled_by = someone_later()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("key",)
        constraints = (
            models.UniqueConstraint(fields=("partnership", "key"), name="readiness_activity_once"),
            models.CheckConstraint(
                condition=~models.Q(status="skipped") | ~models.Q(reason=""), name="readiness_skipped_says_why"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="readiness_activity_has_title"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class Guide(models.Model):
    """One conversation along the discussion guide. A partnership that reconvenes begins another one."""

    about_people: ClassVar[dict[str, str]] = {
        "begun_by": "public",
        "concluded_by": "public",
        "attendees": "public",
    }

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="guides")
    round = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=GuideState.choices, default=GuideState.ANSWERING)
    opens = models.CharField(_("laid side by side"), max_length=20, choices=Opening.choices, default=Opening.BY_ITSELF)
    met_on = models.DateField(_("day of the meeting"), null=True, blank=True)
    attendees = models.TextField(_("who took part"), blank=True)
    joint = models.JSONField(default=dict, blank=True)  # what was said about each question, by its key
    reflection = models.TextField(_("what we make of it"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)  # of the words written together
    begun_by = someone()
    begun_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    concluded_by = someone_later()
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("partnership", "round")
        constraints = (
            models.UniqueConstraint(fields=("partnership", "round"), name="readiness_guide_round_once"),
            models.UniqueConstraint(
                fields=("partnership",),
                condition=~models.Q(state=GuideState.CONCLUDED),
                name="readiness_one_guide_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=GuideState.ANSWERING, opened_at__isnull=True)
                | models.Q(~models.Q(state=GuideState.ANSWERING), opened_at__isnull=False),
                name="readiness_guide_opened_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=GuideState.CONCLUDED, verdict__in=[State.FEASIBLE, State.NOT_YET])
                | models.Q(~models.Q(state=GuideState.CONCLUDED), verdict=""),
                name="readiness_guide_verdict",
            ),
        )

    def __str__(self) -> str:
        return f"{self.partnership} ({self.round})"


class Sheet(models.Model):
    """A partner's own copy of a guide, from blank to handed in, and its view after the conversation."""

    about_people: ClassVar[dict[str, str]] = {"handed_in_by": "public", "view_by": "public"}

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="sheets")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    handed_in_by = someone_later()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    view = models.CharField(max_length=20, choices=View.choices, blank=True)
    view_by = someone_later()

    class Meta:
        ordering = ("partner_id",)
        constraints = (models.UniqueConstraint(fields=("guide", "partner"), name="readiness_sheet_once"),)

    def __str__(self) -> str:
        return f"{self.guide}: {self.partner}"


class Answer(models.Model):
    """Where a partner stands on one question. `place`: 1 to 5, 0 for "we cannot say yet", None while unmarked."""

    about_people: ClassVar[dict[str, str]] = {}

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("sheet", "item"), name="readiness_answer_once"),
            models.CheckConstraint(
                condition=models.Q(place__isnull=True) | models.Q(place__lte=PLACES),
                name="readiness_answer_on_the_line",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet}, {self.item}"


class Barrier(models.Model):
    """Something in the way, as a partner wrote it. `kind` is for counting over all partnerships."""

    about_people: ClassVar[dict[str, str]] = {}

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="barriers")
    item = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    words = models.CharField(max_length=500)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~models.Q(words=""), name="readiness_barrier_says_what"),)

    def __str__(self) -> str:
        return self.words


class Task(models.Model):
    """Work that somebody of a partner does by a day. One made from a barrier stands for taking it away."""

    about_people: ClassVar[dict[str, str]] = {"person": "public", "given_by": "public", "settled_by": "public"}

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="tasks")
    barrier = models.OneToOneField(Barrier, on_delete=models.PROTECT, null=True, blank=True, related_name="task")
    words = models.CharField(_("what is to be done"), max_length=500)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("due on"), null=True)
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True)
    given_by = someone()
    given_at = models.DateTimeField(default=timezone.now)
    settled_by = someone_later()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(condition=~models.Q(words=""), name="readiness_task_says_what"),
            models.CheckConstraint(
                condition=~models.Q(state="open")
                | models.Q(partner__isnull=False, person__isnull=False, due_on__isnull=False),
                name="readiness_open_task_has_owner_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", settled_at__isnull=True)
                | models.Q(models.Q(settled_at__isnull=False), ~models.Q(state="open"), ~models.Q(outcome="")),
                name="readiness_task_settled_with_outcome",
            ),
        )

    def __str__(self) -> str:
        return self.words

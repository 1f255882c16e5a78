"""Motions, and what seats did about them. Ballots are only added; one that was changed stays as history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import someone, someone_later
from infotrust.stages.governance.lifecycle import DECIDED, State
from infotrust.stages.governance.models.bodies import Body, Charter, Seat
from infotrust.stages.governance.terms import CHOICES, How

# In one order, so that a migration does not differ from run to run.
_DECIDED = sorted(DECIDED)


class Motion(models.Model):
    """What a body is asked to decide. `subject` is a label (`agreement:DSA-1`) of something of any stage, or empty.

    `result` holds the numbers of the count (see `core.counting.Result`), `digest` the fingerprint of all that was
    decided and of every vote: both are written once, with the decision.
    """

    about_people: ClassVar[dict[str, str]] = {"raised_by": "public", "reviewed_by": "public", "closed_by": "public"}

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="motions")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what is to be decided"))
    why = models.TextField(_("why, in plain words"))
    subject = models.CharField(_("about what"), max_length=120, blank=True)
    subject_version = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RAISED)
    raised_by = someone()
    raised_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    reviewed_by = someone_later()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(_("what the review said"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    review_by = models.DateField(_("look at it again by"), null=True, blank=True)
    comment_opens_at = models.DateTimeField(null=True, blank=True)
    comment_closes_at = models.DateTimeField(null=True, blank=True)
    comment_waived = models.CharField(_("why there was no public comment"), max_length=400, blank=True)
    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(max_length=12, choices=How.choices, blank=True)
    meeting = models.ForeignKey(
        "governance.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="motions"
    )
    vote_opens_at = models.DateTimeField(null=True, blank=True)
    vote_closes_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    closed_by = someone_later()
    result = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("motion")
        verbose_name_plural = _("motions")
        indexes = (models.Index(fields=("subject", "state"), name="governance_motion_subject"),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="governance_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=_DECIDED, decided_at__isnull=False, result__isnull=False) & ~Q(digest="")
                | (~Q(state__in=_DECIDED) & Q(decided_at__isnull=True, result__isnull=True, digest="")),
                name="governance_decided_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.VOTING, *_DECIDED])
                | Q(charter__isnull=False, vote_opens_at__isnull=False),
                name="governance_voted_under_a_charter",
            ),
            models.CheckConstraint(
                condition=Q(vote_closes_at__isnull=True) | Q(vote_closes_at__gt=F("vote_opens_at")),
                name="governance_vote_times",
            ),
            models.CheckConstraint(
                condition=Q(comment_closes_at__isnull=True) | Q(comment_closes_at__gt=F("comment_opens_at")),
                name="governance_comment_times",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN) | ~Q(withdrawn_reason=""), name="governance_withdrawn_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.title}"

    @property
    def label(self) -> str:
        """How people call it, also in the address of its public page."""
        return f"M-{self.pk}"

    @property
    def about(self) -> str:
        """How the audit log and the clocks name it."""
        return f"motion:{self.pk}"


class Ballot(models.Model):
    """How a seat voted, and why. `cast_by` acted for the seat; `recorded_by` wrote it down."""

    about_people: ClassVar[dict[str, str]] = {"cast_by": "public", "recorded_by": "public", "reasons": "public"}

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="ballots")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8, choices=CHOICES)
    reasons = models.TextField(_("reasons"), blank=True)
    cast_by = someone()
    recorded_by = someone()
    as_delegate = models.BooleanField(default=False)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = (
            # One vote of a seat stands at any time, whatever two requests do at the same moment.
            models.UniqueConstraint(
                fields=("motion", "seat"), condition=Q(replaced_at__isnull=True), name="governance_one_vote_stands"
            ),
            models.CheckConstraint(
                condition=~Q(choice="no") | ~Q(reasons=""), name="governance_a_vote_against_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.motion.label} {self.seat.title}"


class Recusal(models.Model):
    """A seat that takes no part in a motion, and why."""

    about_people: ClassVar[dict[str, str]] = {"declared_by": "public", "reason": "public"}

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="recusals")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("what the conflict of interest is"), max_length=400)
    declared_by = someone()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = (
            models.UniqueConstraint(fields=("motion", "seat"), name="governance_recused_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="governance_recusal_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.motion.label} {self.seat.title}"


class LookBack(models.Model):
    """What a body found when it looked again at what it had decided, and when it looks next."""

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="look_backs")
    words = models.TextField(_("what was found"))
    next_on = models.DateField(_("look at it again by"), null=True, blank=True)
    by = someone()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("look back")
        verbose_name_plural = _("looks back")

    def __str__(self) -> str:
        return f"{self.motion.label} {self.at:%Y-%m-%d}"

"""Bodies, the versions of their charters, their seats, and who sits or stands in on which days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from infotrust.core.counting import Basis, Rule, Share
from infotrust.shared.accounts.columns import someone
from infotrust.stages.governance.terms import BASES, SHARES, Office, SeatKind


class Body(models.Model):
    """A board of the trust. `names_public`: whether the public reads who holds its seats, or the seats alone."""

    about_people: ClassVar[dict[str, str]] = {}

    code = models.SlugField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    about = models.TextField(_("what it decides"))
    names_public = models.BooleanField(_("the public reads who holds its seats"), default=False)
    founded_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self) -> str:
        return self.name


class Charter(models.Model):
    """One version of a body's charter: its text, and the rules of it that are counted by. Never changed afterwards."""

    about_people: ClassVar[dict[str, str]] = {"adopted_by": "public"}

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="charters")
    version = models.PositiveIntegerField()
    text = models.TextField(_("text of the charter"))
    share = models.CharField(_("how much must be in favor"), max_length=12, choices=SHARES)
    basis = models.CharField(_("of what"), max_length=8, choices=BASES)
    quorum_number = models.PositiveIntegerField(_("seats that must take part"), default=0)
    quorum_percent = models.PositiveIntegerField(_("percent of the seats that must take part"), default=50)
    one_vote_per_agency = models.BooleanField(_("each agency has one vote, however many seats"), default=False)
    chair_decides_ties = models.BooleanField(_("the chair’s vote decides a tie"), default=False)
    comment_days = models.PositiveIntegerField(_("days of public comment before a vote"), default=14)
    vote_days = models.PositiveIntegerField(_("days to vote in writing"), default=7)
    decides_extensions = models.BooleanField(
        _("it decides when a license under one of its agreements is extended"), default=False
    )
    term_months = models.PositiveIntegerField(_("longest term of a seat, in months"), default=36)
    motion = models.OneToOneField(
        "governance.Motion", on_delete=models.PROTECT, null=True, blank=True, related_name="charter_made"
    )
    adopted_by = someone()
    adopted_at = models.DateTimeField()

    class Meta:
        ordering = ("body", "version")
        verbose_name = _("version of a charter")
        verbose_name_plural = _("versions of charters")
        constraints = (
            models.UniqueConstraint(fields=("body", "version"), name="governance_charter_version_once"),
            models.CheckConstraint(condition=Q(quorum_percent__lte=100), name="governance_quorum_percent"),
            # After the first, a charter is changed by a decision of the body and by nothing else.
            models.CheckConstraint(
                condition=Q(version=1) | Q(motion__isnull=False), name="governance_charter_changed_by_motion"
            ),
            models.CheckConstraint(
                condition=Q(chair_decides_ties=False) | Q(share=Share.MAJORITY.value, basis=Basis.CAST.value),
                name="governance_ties_only_of_majority",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body}, charter {self.version}"

    @property
    def rule(self) -> Rule:
        return Rule(
            Share(self.share),
            Basis(self.basis),
            self.quorum_number,
            self.quorum_percent,
            self.one_vote_per_agency,
            self.chair_decides_ties,
        )


class Seat(models.Model):
    """A seat of a body: an agency's, the residents', or an expert's; with an office, and a vote or none."""

    about_people: ClassVar[dict[str, str]] = {}

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    title = models.CharField(_("name of the seat"), max_length=120)
    kind = models.CharField(_("for whom"), max_length=10, choices=SeatKind.choices)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    office = models.CharField(_("office"), max_length=10, choices=Office.choices, default=Office.MEMBER)
    votes = models.BooleanField(_("has a vote"), default=True)
    made_at = models.DateTimeField()
    abolished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("body", "pk")
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "title"), condition=Q(abolished_at__isnull=True), name="governance_seat_title_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=SeatKind.AGENCY, agency__isnull=False)
                | (~Q(kind=SeatKind.AGENCY) & Q(agency__isnull=True)),
                name="governance_agency_seat_has_agency",
            ),
            models.UniqueConstraint(
                fields=("body",),
                condition=Q(office=Office.CHAIR, abolished_at__isnull=True),
                name="governance_one_chair",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body}: {self.title}"


class Term(models.Model):
    """Who holds a seat, from one day to another, both included. `left_on`: the last day, where it ended early."""

    about_people: ClassVar[dict[str, str]] = {"holder": "public"}

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="terms")
    holder = someone()
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    left_on = models.DateField(null=True, blank=True)
    left_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("starts_on", "pk")
        verbose_name = _("term of office")
        verbose_name_plural = _("terms of office")
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="governance_term_dates"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__lte=F("ends_on")), name="governance_left_within_term"
            ),
        )

    def __str__(self) -> str:
        return f"{self.seat} {self.starts_on}"


class Delegation(models.Model):
    """Who stands in for a seat's holder, on which days. While one runs, the delegate acts and the holder does not."""

    about_people: ClassVar[dict[str, str]] = {"delegate": "public", "reason": "sensitive"}

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="delegations")
    delegate = someone()
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("why"), max_length=200, blank=True)
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("first_day", "pk")
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="governance_delegation_dates"),
        )

    def __str__(self) -> str:
        return f"{self.term.seat}: {self.first_day} – {self.last_day}"


class Interest(models.Model):
    """An interest that a seat's holder declared: what they, or those close to them, gain or lose by."""

    about_people: ClassVar[dict[str, str]] = {"words": "public"}

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="interests")
    words = models.CharField(_("what it is"), max_length=400)
    subject = models.CharField(_("about what"), max_length=120, blank=True)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("declared_at", "pk")
        verbose_name = _("declared interest")
        verbose_name_plural = _("declared interests")

    def __str__(self) -> str:
        return self.words

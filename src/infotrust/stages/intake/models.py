"""Deliveries and their receipts. What arrived lies sealed in shared/storage; here are counts, names and states only."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infotrust.core.contracts import Contract
from infotrust.stages.intake.lifecycle import LIVING, State


class Delivery(models.Model):
    """One file an agency sent for one dataset and period.

    `contract` is the contract it was received under (ODCS YAML). `parts` are its sealed parts in whatever room.
    `dropped` names columns that were not agreed and never reached the disk; `removed` those that lost their
    agreement later.
    """

    about_people: ClassVar[dict[str, str]] = {"received_by": "public"}

    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="deliveries")
    dataset = models.CharField(_("dataset"), max_length=60)
    period = models.CharField(_("period"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RECEIVED)
    contract = models.TextField()
    contract_version = models.CharField(max_length=100)
    agreements = models.JSONField(default=list)
    dropped = models.JSONField(default=list)
    absent = models.JSONField(default=list)
    removed = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received"))
    ended_at = models.DateTimeField(_("loaded or refused"), null=True, blank=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    # Why it was refused: a code of `core.contracts.FILE_RULES`, and the words its sender reads.
    reason = models.CharField(max_length=40, blank=True)
    reason_text = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    parts = models.ManyToManyField("storage.SealedPart", related_name="+", blank=True)
    destroy_due_at = models.DateTimeField(null=True, blank=True)
    destroy_reason = models.CharField(max_length=200, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    receipt: Receipt

    class Meta:
        ordering = ("-received_at", "-pk")
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (
            models.Index(fields=("dataset", "period"), name="intake_delivery_period"),
            models.Index(fields=("destroy_due_at",), name="intake_delivery_due"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="intake_delivery_state_known"),
            models.UniqueConstraint(
                fields=("agency", "dataset", "period", "sha256"),
                condition=Q(state__in=[state.value for state in LIVING]),
                name="intake_same_file_once",
            ),
            models.UniqueConstraint(
                fields=("dataset", "period"), condition=Q(state="loaded"), name="intake_one_loaded_per_period"
            ),
            models.CheckConstraint(
                condition=Q(state="destroyed", destroyed_at__isnull=False)
                | (~Q(state="destroyed") & Q(destroyed_at__isnull=True)),
                name="intake_destroyed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["loaded", "refused"]) | Q(ended_at__isnull=False),
                name="intake_ended_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="intake_refused_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.dataset} {self.period}"

    # Not columns: set by `receive_delivery` where the same file had been sent before, and by queries for pages.
    sent_before = False
    title = ""

    @property
    def about(self) -> str:
        """How jobs and the audit log name it."""
        return f"delivery:{self.pk}"

    @property
    def quarantine_table(self) -> str:
        return f"delivery-{self.pk}"

    def read_contract(self) -> Contract:
        return Contract.from_odcs(self.contract)


class Receipt(models.Model):
    """What became of each row: counts, reasons and line numbers, no values.

    `reasons`: list of {column, code, count, lines}; `filled`: for each column, in how many accepted rows it has a
    value; `known`: accepted rows whose key an earlier delivery of the dataset already had.
    """

    about_people: ClassVar[dict[str, str]] = {}

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="receipt")
    rows = models.PositiveBigIntegerField(_("rows in the file"))
    accepted = models.PositiveBigIntegerField(_("accepted"))
    quarantined = models.PositiveBigIntegerField(_("rejected"))
    known = models.PositiveBigIntegerField(_("known from earlier deliveries"), default=0)
    reasons = models.JSONField(default=list)
    filled = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = (
            models.CheckConstraint(
                condition=Q(rows=models.F("accepted") + models.F("quarantined")), name="intake_receipt_adds_up"
            ),
        )

    def __str__(self) -> str:
        return f"receipt of {self.delivery}"

"""What is agreed: the terms, the data and its uses, the parties and under which text they signed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.core.policy.kinds import KINDS, USUAL
from infotrust.core.policy.terms import Level, Use
from infotrust.shared.accounts.columns import some_agency, someone, someone_later
from infotrust.stages.agreements.lifecycle import OVER as OVER_STATES
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.terms import KIND_CHOICES, LEVEL_CHOICES, PURPOSE_CHOICES

# In one order, so that the migration does not change from run to run.
OVER = sorted(OVER_STATES)
ALLOWED_PURPOSES = [code for code, _title in PURPOSE_CHOICES]


class Agreement(models.Model):
    """What parties agree on. `text_digest` is the digest of the text that was sent for review, empty in a draft."""

    about_people: ClassVar[dict[str, str]] = {"drafted_by": "public", "ended_by": "public"}

    # Of the edition in force; an edition before or in the making carries its number behind it (DSA-1-v2).
    code = models.SlugField(_("short name"), max_length=60, unique=True)
    # What the text calls it, in every edition.
    lineage = models.SlugField(_("name in the text"), max_length=40, blank=True)
    edition = models.PositiveIntegerField(_("edition"), default=1)
    amends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments")
    kind = models.CharField(_("kind"), max_length=10, choices=KIND_CHOICES, default=USUAL)
    binding = models.BooleanField(_("binding"), default=True)
    under = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The agreement whose words it began with: lawyers read what differs from it.
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    why = models.TextField(_("why"))
    level = models.CharField(_("level of identification"), max_length=20, choices=LEVEL_CHOICES)
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    retention_days = models.PositiveIntegerField(_("days until destruction after its end"), default=0)
    publication_threshold = models.PositiveIntegerField(_("smallest number published"), default=11)
    strictest = models.BooleanField(_("the strictest law holds for every field"), default=False)
    # A number, no foreign key: the stage upstream keeps its own tables.
    use_case = models.PositiveIntegerField(_("use case it was drafted from"), null=True, blank=True)
    board = models.SlugField(_("board that decides before it is signed"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)
    text_version = models.PositiveIntegerField(_("version of the text"), default=0)
    text_digest = models.CharField(_("digest of the text"), max_length=64, blank=True)
    drafted_by = someone()
    drafted_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    looked_at_on = models.DateField(_("last looked at together"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = someone_later()
    end_reason = models.CharField(_("why it ended"), max_length=400, blank=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = (
            models.CheckConstraint(condition=models.Q(publication_threshold__gte=1), name="agreements_threshold"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="agreements_dates"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="agreements_state_known"),
            models.CheckConstraint(condition=models.Q(kind__in=list(KINDS)), name="agreements_kind_known"),
            models.CheckConstraint(
                condition=models.Q(binding=True)
                | ~models.Q(kind__in=[one.code for one in KINDS.values() if one.shares]),
                name="agreements_sharing_binds",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=[level.value for level in Level]), name="agreements_level_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[State.DRAFT, State.DISCARDED]) | ~models.Q(text_digest=""),
                name="agreements_text_is_fixed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.IN_FORCE, State.SUSPENDED, State.SUPERSEDED])
                | models.Q(in_force_at__isnull=False),
                name="agreements_in_force_since",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OVER, ended_at__isnull=False)
                | models.Q(~models.Q(state__in=OVER), ended_at__isnull=True, ended_by__isnull=True),
                name="agreements_ended_since",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def label(self) -> str:
        """What waits and decisions of boards know this edition by: it stays when an edition takes another's name."""
        name = self.lineage or self.code
        return f"agreement:{name if self.edition == 1 else f'{name}-v{self.edition}'}"


class AgreementPurpose(models.Model):
    about_people: ClassVar[dict[str, str]] = {}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="purposes")
    purpose = models.CharField(max_length=40, choices=PURPOSE_CHOICES)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("agreement", "purpose"), name="agreements_purpose_once"),
            # The database refuses a purpose that no agreement may have, whatever the forms say.
            models.CheckConstraint(condition=models.Q(purpose__in=ALLOWED_PURPOSES), name="agreements_purpose_allowed"),
        )

    def __str__(self) -> str:
        return self.purpose


class Recipient(models.Model):
    """An agency whose people may use the data."""

    about_people: ClassVar[dict[str, str]] = {}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="recipients")
    agency = some_agency()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("agreement", "agency"), name="agreements_recipient_once"),)

    def __str__(self) -> str:
        return str(self.agency)


class Party(models.Model):
    """A party, its counsel's approval, and its signature under one exact text (`signed_digest`)."""

    about_people: ClassVar[dict[str, str]] = {"approved_by": "public", "signed_by": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    agency = some_agency()
    approved_by = someone_later()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    signed_by = someone_later()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_digest = models.CharField(max_length=64, blank=True)
    # SHA-256 of the document (the bytes of its PDF) that the signer had before them.
    signed_document = models.CharField(max_length=64, blank=True)
    # Where it was signed on paper or by a service: `signed_by` is then who confirmed it.
    elsewhere = models.ForeignKey(
        "agreements.SignatureElsewhere", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        verbose_name_plural = _("parties")
        constraints = (
            models.UniqueConstraint(fields=("agreement", "agency"), name="agreements_party_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True, approved_digest="")
                | models.Q(
                    models.Q(approved_by__isnull=False, approved_at__isnull=False), ~models.Q(approved_digest="")
                ),
                name="agreements_approval_who_when_what",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by__isnull=True, signed_at__isnull=True, signed_digest="")
                | models.Q(signed_by__isnull=False, signed_at__isnull=False, signed_digest=models.F("approved_digest")),
                name="agreements_signed_what_was_approved",
            ),
        )

    def __str__(self) -> str:
        return str(self.agency)


class AgreementDataset(models.Model):
    """A dataset of the agreement."""

    about_people: ClassVar[dict[str, str]] = {}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="datasets")
    dataset = models.ForeignKey("inventory.Dataset", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("agreement", "dataset"), name="agreements_dataset_once"),)

    def __str__(self) -> str:
        return str(self.dataset)


class AgreementField(models.Model):
    """A field and what it may be used for. By name: what was signed does not change when the inventory does."""

    about_people: ClassVar[dict[str, str]] = {}

    part = models.ForeignKey(AgreementDataset, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(max_length=63)
    contribute = models.BooleanField(default=False)
    link = models.BooleanField(default=False)
    aggregate = models.BooleanField(default=False)
    extract = models.BooleanField(default=False)
    view = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("part", "name"), name="agreements_field_once"),
            models.CheckConstraint(
                condition=models.Q(contribute=True)
                | models.Q(link=True)
                | models.Q(aggregate=True)
                | models.Q(extract=True)
                | models.Q(view=True),
                name="agreements_field_has_use",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def uses(self) -> frozenset[str]:
        return frozenset(use.value for use in Use if getattr(self, use.value))

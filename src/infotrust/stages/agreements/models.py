"""Agreements as rows: what is agreed, who reviewed it, who signed which text. The policies are compiled from these."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.core.policy.kinds import KINDS, USUAL
from infotrust.core.policy.terms import Level, Use
from infotrust.shared.accounts.models import Role
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
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    looked_at_on = models.DateField(_("last looked at together"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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
                condition=models.Q(state=State.DRAFT) | ~models.Q(text_digest=""), name="agreements_text_is_fixed"
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
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("agreement", "agency"), name="agreements_recipient_once"),)

    def __str__(self) -> str:
        return str(self.agency)


class Party(models.Model):
    """A party, its counsel's approval, and its signature under one exact text (`signed_digest`)."""

    about_people: ClassVar[dict[str, str]] = {"approved_by": "public", "signed_by": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_digest = models.CharField(max_length=64, blank=True)
    # SHA-256 of the document (the bytes of its PDF) that the signer had before them.
    signed_document = models.CharField(max_length=64, blank=True)

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


class AgreementClause(models.Model):
    """A clause of the library or of the parties' own, with the words it has here: the library may change later."""

    about_people: ClassVar[dict[str, str]] = {}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField()
    key = models.SlugField(max_length=40)
    # 0: the parties' own words, or words of the library that they changed.
    library_version = models.PositiveIntegerField(default=0)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"))
    plain = models.TextField(_("in plain words"))
    terms = models.JSONField(default=dict)
    kept_by = models.CharField(_("kept by"), max_length=200, blank=True)
    cite = models.CharField(_("citation"), max_length=200, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("agreement", "key"), name="agreements_clause_once"),
            models.CheckConstraint(
                condition=~models.Q(terms={}) | ~models.Q(kept_by=""), name="agreements_clause_has_a_keeper"
            ),
        )

    def __str__(self) -> str:
        return self.heading


class LibraryEntry(models.Model):
    """A clause that this trust added to the library, or a later version of one. Entries are never changed."""

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    key = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    heading = models.CharField(max_length=120)
    text = models.TextField()
    plain = models.TextField()
    kinds = models.JSONField(default=list)
    terms = models.JSONField(default=dict)
    kept_by = models.CharField(max_length=200, blank=True)
    cite = models.CharField(max_length=200, blank=True)
    retired = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("key", "version")
        verbose_name_plural = _("library entries")
        constraints = (models.UniqueConstraint(fields=("key", "version"), name="agreements_library_version_once"),)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class KindName(models.Model):
    """What this trust calls a kind of agreement."""

    about_people: ClassVar[dict[str, str]] = {}

    kind = models.CharField(max_length=10, choices=KIND_CHOICES, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("kind",)

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """What a party's counsel said about one text. Reviews are kept when the text changes; approvals are not."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "comment": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reviews")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    approve = models.BooleanField()
    comment = models.TextField(blank=True)
    text_version = models.PositiveIntegerField()
    text_digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approve=True) | ~models.Q(comment=""), name="agreements_changes_say_what"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {'approves' if self.approve else 'asks for changes'}"


class ClauseComment(models.Model):
    """A comment on a clause, by its key: a thread (`thread` is empty), or an answer in one."""

    about_people: ClassVar[dict[str, str]] = {
        "by": "public",
        "text": "public",
        "file_author": "public",
        "settled_by": "public",
        "outcome": "public",
    }

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="comments")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=40, blank=True)
    thread = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    text = models.TextField(_("comment"))
    # Who wrote it in the margin of a Word file that came back; the person who brought it is `by`.
    file_author = models.CharField(max_length=120, blank=True)
    text_version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True, settled_at__isnull=True, outcome="")
                | models.Q(
                    models.Q(settled_by__isnull=False, settled_at__isnull=False, thread__isnull=True),
                    ~models.Q(outcome=""),
                ),
                name="agreements_thread_settled_who_when_how",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.clause}"


class RoleReview(models.Model):
    """What a party's privacy or security officer or program staff said of one text. It binds nobody."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "note": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="role_reviews")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    text_version = models.PositiveIntegerField()
    content = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "agency", "role", "text_version"), name="agreements_role_reviews_once"
            ),
            models.CheckConstraint(
                condition=models.Q(content=True) | ~models.Q(note=""), name="agreements_concern_says"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}, {self.get_role_display()}"


class Contact(models.Model):
    """Who brings together what the people of one party want. No key to the party: parties are rows of a draft."""

    about_people: ClassVar[dict[str, str]] = {"person": "public", "named_by": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="contacts")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("agreement", "agency"), name="agreements_contact_once"),)

    def __str__(self) -> str:
        return f"{self.agency}: {self.person}"


class Proposal(models.Model):
    """What an edited Word file would have one clause say. `kind`: what accepting it does, see `proposing`."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "decided_by": "public", "reason": "public"}

    class Kind(models.TextChoices):
        REWORD = "reword", _("Other words")
        ADD = "add", _("A new clause")
        REMOVE = "remove", _("Leave it out")
        TERMS = "terms", _("A wish to change the terms")

    class Answer(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="proposals")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    clause = models.CharField(max_length=40, blank=True)
    before = models.TextField(blank=True)
    heading = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    plain = models.TextField(blank=True)
    file_digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    reason = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answer="open", decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(~models.Q(answer="open"), decided_by__isnull=False, decided_at__isnull=False),
                name="agreements_proposal_decided_by_whom",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.clause}"


class Paper(models.Model):
    """The bytes of a document of an agreement: the PDF that was signed, or a copy that a party signed elsewhere."""

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    class Kind(models.TextChoices):
        SIGNED_TEXT = "signed_text", _("The text as it was signed")
        SIGNED_COPY = "signed_copy", _("Copy signed on paper or by another service")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text_digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "text_digest"),
                condition=models.Q(kind="signed_text"),
                name="agreements_signed_text_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Suspension(models.Model):
    """A party has an agreement suspended; it goes on when no party has it suspended any more."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "resumed_by": "public", "reason": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="suspensions")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "agency"),
                condition=models.Q(resumed_at__isnull=True),
                name="agreements_suspended_once_by_each",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.reason}"


class Dispute(models.Model):
    """What two parties do not agree about. It stops nothing by itself."""

    about_people: ClassVar[dict[str, str]] = {
        "by": "public",
        "settled_by": "public",
        "what": "public",
        "outcome": "public",
    }

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="disputes")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.TextField(blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.agency}: {self.agreement}"


class Breach(models.Model):
    """Data under an agreement was seen, taken or used by someone who may not. Never a value about a person in it."""

    about_people: ClassVar[dict[str, str]] = {
        "by": "public",
        "closed_by": "public",
        "what": "public",
        "outcome": "public",
    }

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="breaches")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    datasets = models.JSONField(default=list)
    people = models.PositiveIntegerField(null=True, blank=True)
    discovered_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.TextField(blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")
        verbose_name_plural = _("breaches")

    def __str__(self) -> str:
        return f"breach {self.pk} of {self.agreement}"


class BreachNotice(models.Model):
    """A notice that a law or a clause asks for: to whom, by when, drafted in words; sent, or why it was not needed."""

    about_people: ClassVar[dict[str, str]] = {"dealt_by": "public", "text": "public", "why_not": "public"}

    breach = models.ForeignKey(Breach, on_delete=models.CASCADE, related_name="notices")
    # Whose duty it is: the agency that owns the data, or that reported.
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    law = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=200)
    cite = models.CharField(max_length=200, blank=True)
    confirmed = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    text = models.TextField()
    why_not = models.CharField(max_length=400, blank=True)
    dealt_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dealt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return f"{self.law}: {self.to}"

"""From a draft to a signature: reviews, comments on clauses, what a Word file proposes, the documents kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import some_agency, someone, someone_later
from infotrust.shared.accounts.models import Role
from infotrust.stages.agreements.models.agreeing import Agreement
from infotrust.stages.agreements.models.ground import Noted, Said
from infotrust.stages.agreements.terms import SIGNED_HOW


class Review(Said):
    """What a party's counsel said about one text. Reviews are kept when the text changes; approvals are not."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "comment": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reviews")
    approve = models.BooleanField()
    comment = models.TextField(blank=True)
    text_version = models.PositiveIntegerField()
    text_digest = models.CharField(max_length=64)

    class Meta(Said.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approve=True) | ~models.Q(comment=""), name="agreements_changes_say_what"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {'approves' if self.approve else 'asks for changes'}"


class RoleReview(Said):
    """What a party's privacy or security officer or program staff said of one text. It binds nobody."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "note": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="role_reviews")
    role = models.CharField(max_length=20, choices=Role.choices)
    text_version = models.PositiveIntegerField()
    content = models.BooleanField()
    note = models.TextField(blank=True)

    class Meta(Said.Meta):
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


class ClauseComment(Said):
    """A comment on a clause, by its key: a thread (`thread` is empty), or an answer in one."""

    about_people: ClassVar[dict[str, str]] = {
        "by": "public",
        "text": "public",
        "file_author": "public",
        "settled_by": "public",
        "outcome": "public",
    }

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="comments")
    clause = models.CharField(max_length=40, blank=True)
    thread = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    text = models.TextField(_("comment"))
    # Who wrote it in the margin of a Word file that came back; the person who brought it is `by`.
    file_author = models.CharField(max_length=120, blank=True)
    text_version = models.PositiveIntegerField()
    settled_by = someone_later()
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=400, blank=True)

    class Meta(Said.Meta):
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


class KeptText(Noted):
    """The words of an agreement as they went out: sent for review (`version`), or in a Word file of a draft (0).

    `clauses` is what `differing.stored` makes. `sent` are the paragraphs of the Word file with their keys, once one of
    this text went out: what an edited file is compared with.
    """

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    clauses = models.JSONField()
    sent = models.JSONField(default=list)

    class Meta(Noted.Meta):
        constraints = (
            models.UniqueConstraint(fields=("agreement", "version", "digest"), name="agreements_text_kept_once"),
        )

    def __str__(self) -> str:
        return f"{self.agreement}, text {self.version}"


class Contact(models.Model):
    """Who brings together what the people of one party want. No key to the party: parties are rows of a draft."""

    about_people: ClassVar[dict[str, str]] = {"person": "public", "named_by": "public"}

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="contacts")
    agency = some_agency()
    person = someone()
    named_by = someone()
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("agreement", "agency"), name="agreements_contact_once"),)

    def __str__(self) -> str:
        return f"{self.agency}: {self.person}"


class Proposal(Said):
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
    kind = models.CharField(max_length=10, choices=Kind.choices)
    clause = models.CharField(max_length=40, blank=True)
    before = models.TextField(blank=True)
    heading = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    plain = models.TextField(blank=True)
    file_digest = models.CharField(max_length=64)
    # Digest of the words of the clause over which it was written: other words there now, and it says so.
    stamp = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    reason = models.CharField(max_length=400, blank=True)
    decided_by = someone_later()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta(Said.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answer="open", decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(~models.Q(answer="open"), decided_by__isnull=False, decided_at__isnull=False),
                name="agreements_proposal_decided_by_whom",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.clause}"


class SignatureElsewhere(Said):
    """A signature given in ink or by a signature service: its file, who signed, who handed it in (`by`), who confirmed.

    `found`: what the software found in the file. It counts once a second person has confirmed it.
    """

    about_people: ClassVar[dict[str, str]] = {
        "by": "public",
        "decided_by": "public",
        "signer": "public",
        "signer_title": "public",
        "refusal": "public",
    }

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures_elsewhere")
    paper = models.OneToOneField("agreements.Paper", on_delete=models.PROTECT, related_name="+")
    text_digest = models.CharField(max_length=64)
    how = models.CharField(max_length=10, choices=SIGNED_HOW)
    signer = models.CharField(max_length=150)
    signer_title = models.CharField(max_length=150)
    signed_on = models.DateField()
    found = models.JSONField(default=dict)
    decided_by = someone_later()
    decided_at = models.DateTimeField(null=True, blank=True)
    # What the second person looked at; empty where it was refused.
    checked = models.JSONField(default=list)
    refusal = models.CharField(max_length=400, blank=True)

    class Meta(Said.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True, checked=[], refusal="")
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="agreements_signature_decided_by_whom",
            ),
            # Two people: who hands it in never confirms it.
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("by")),
                name="agreements_signature_by_two",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.signer}"


class Paper(Noted):
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

    class Meta(Noted.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "text_digest"),
                condition=models.Q(kind="signed_text"),
                name="agreements_signed_text_once",
            ),
        )

    def __str__(self) -> str:
        return self.name

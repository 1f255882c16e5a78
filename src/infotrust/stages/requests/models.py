"""Requests, what was saved of them and by whom, what custodians and boards answered, and licenses with their people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import some_agency, someone, someone_later
from infotrust.stages.requests.lifecycle import LicenseState, State
from infotrust.stages.requests.rules import Tag
from infotrust.stages.requests.terms import Outcome


class DataRequest(models.Model):
    """A request as it stands. `answers` maps an item's key to a text or a list of codes (see `asking`).

    `prefilled` maps a key to where its first answer came from. `round` counts how often it was submitted;
    `digest` is of the answers and papers of the last time.
    """

    about_people: ClassVar[dict[str, str]] = {"requested_by": "public", "answers": "public"}

    code = models.SlugField(_("number"), max_length=40, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=200, blank=True)
    answers = models.JSONField(default=dict)
    prefilled = models.JSONField(default=dict)
    # Where it began: "agreement:DSA-1", "use-case:3", "request:REQ-2026-1" or nothing.
    origin = models.CharField(max_length=80, blank=True)
    round = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    requested_by = someone()
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("why it ended"), max_length=2_000, blank=True)

    class Meta:
        ordering = ("-begun_at", "-pk")
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="requests_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.RETURNED, State.WITHDRAWN])
                | Q(~Q(digest=""), submitted_at__isnull=False),
                name="requests_submitted_is_fixed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.REFUSED, State.WITHDRAWN, State.LICENSED], closed_at__isnull=False)
                | Q(~Q(state__in=[State.REFUSED, State.WITHDRAWN, State.LICENSED]), closed_at__isnull=True),
                name="requests_closed_since",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.REFUSED, State.WITHDRAWN]) | ~Q(reason=""), name="requests_end_says_why"
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def about(self) -> str:
        """How the log and the clocks name it."""
        return f"request:{self.code}"

    @property
    def address(self) -> str:
        return f"/requests/{self.code}/"

    @property
    def wanted(self) -> list[tuple[str, str]]:
        """The (dataset, field) pairs asked for, in order."""
        pairs = (str(one).partition("/") for one in self.answers.get("fields") or ())
        return sorted((dataset, name) for dataset, _slash, name in pairs)


class SavedSection(models.Model):
    """One saving of one section. The newest is what stands; the others are kept, so that no word is ever lost."""

    about_people: ClassVar[dict[str, str]] = {"answers": "public", "by": "public"}

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="saved")
    section = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    # Which window saved it: one that saves as its writer types does not stand in its own way.
    window = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    by = someone()
    at = models.DateTimeField()

    class Meta:
        ordering = ("request", "section", "-version")
        verbose_name = _("saved section")
        constraints = (
            models.UniqueConstraint(fields=("request", "section", "version"), name="requests_saved_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.section} {self.version}"


class Submission(models.Model):
    """What was submitted, each time: the answers and the digests of the papers. Reviewers see what changed between."""

    about_people: ClassVar[dict[str, str]] = {"answers": "public"}

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="submissions")
    round = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    papers = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("request", "-round")
        verbose_name = _("submission")
        constraints = (models.UniqueConstraint(fields=("request", "round"), name="requests_submission_once"),)

    def __str__(self) -> str:
        return f"{self.request} {self.round}"


class Attachment(models.Model):
    """A paper of a request: a PDF or Word file, kept in the database with its digest. Removed ones keep their row."""

    about_people: ClassVar[dict[str, str]] = {"content": "sensitive", "added_by": "public"}

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="attachments")
    tag = models.CharField(max_length=20, choices=Tag.choices)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField(blank=True)
    added_by = someone()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("added_at", "id")
        verbose_name = _("attachment")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=["pdf", "docx"]), name="requests_attachment_kind_known"),
            models.CheckConstraint(condition=Q(tag__in=Tag.values), name="requests_attachment_tag_known"),
        )

    def __str__(self) -> str:
        return self.name


class Answered(models.Model):
    """What someone answered for an agency in one round, to the request with one exact digest."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "comment": "public"}

    class Part(models.TextChoices):
        CUSTODIAN = "custodian", _("Custodian")
        BOARD = "board", _("Governing board")

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="answered")
    part = models.CharField(max_length=12, choices=Part.choices)
    round = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    agency = some_agency()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    # For a custodian: each question of the rubric with its grade and note.
    rubric = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    by = someone()
    at = models.DateTimeField()

    class Meta:
        ordering = ("round", "at", "id")
        verbose_name = _("answer to a request")
        constraints = (
            models.UniqueConstraint(fields=("request", "part", "round", "agency"), name="requests_one_answer"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="requests_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.SUPPORT) | ~Q(comment=""), name="requests_objection_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_outcome_display()}"


class Comment(models.Model):
    """A remark in the conversation about a request: between the requester, the office, custodians and boards."""

    about_people: ClassVar[dict[str, str]] = {"by": "public", "text": "public"}

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="comments")
    section = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    by = someone()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        verbose_name = _("comment")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="requests_comment_says_something"),)

    def __str__(self) -> str:
        return f"{self.by}: {self.section}"


class License(models.Model):
    """One version of a data use license. An extension or a change is a new version, which replaces it."""

    about_people: ClassVar[dict[str, str]] = {"issued_by": "public", "ended_by": "public"}

    code = models.SlugField(_("number"), max_length=40)
    version = models.PositiveIntegerField(default=1)
    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="licenses")
    state = models.CharField(_("state"), max_length=20, choices=LicenseState.choices, default=LicenseState.ISSUED)
    title = models.CharField(_("title"), max_length=200)
    agreements = models.JSONField(default=list)
    purposes = models.JSONField(default=list)
    uses = models.JSONField(default=list)
    fields = models.JSONField(default=list)
    conditions = models.JSONField(default=list)
    environment = models.TextField()
    outputs = models.TextField()
    publication = models.TextField()
    destruction = models.TextField()
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    destroy_on = models.DateField(_("destroyed by"))
    text = models.TextField()
    digest = models.CharField(max_length=64)
    issued_by = someone()
    issued_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = someone_later()
    end_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("code", "-version")
        verbose_name = _("license")
        verbose_name_plural = _("licenses")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="requests_license_version_once"),
            models.UniqueConstraint(
                fields=("code",), condition=Q(state=LicenseState.IN_FORCE), name="requests_one_version_in_force"
            ),
            models.CheckConstraint(condition=Q(state__in=LicenseState.values), name="requests_license_state_known"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), destroy_on__gte=F("ends_on")), name="requests_license_dates"
            ),
            models.CheckConstraint(
                condition=~Q(state=LicenseState.IN_FORCE) | Q(in_force_at__isnull=False),
                name="requests_license_in_force_since",
            ),
            models.CheckConstraint(
                condition=~Q(state=LicenseState.REVOKED) | Q(~Q(end_reason=""), ended_at__isnull=False),
                name="requests_revoked_says_why",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def about(self) -> str:
        return f"license:{self.code}"

    @property
    def address(self) -> str:
        return f"/requests/licenses/{self.code}/"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The (dataset, field) pairs it covers."""
        return [(dataset, name) for dataset, name in self.fields]


class Licensed(models.Model):
    """A person named by a license, and when they acknowledged which exact text."""

    about_people: ClassVar[dict[str, str]] = {"person": "public"}

    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="people")
    person = someone()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_digest = models.CharField(max_length=64, blank=True)
    trained_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("person__name", "id")
        verbose_name = _("person named by a license")
        constraints = (
            models.UniqueConstraint(fields=("license", "person"), name="requests_named_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_digest="")
                | Q(~Q(acknowledged_digest=""), acknowledged_at__isnull=False, trained_until__isnull=False),
                name="requests_acknowledged_what_and_when",
            ),
        )

    def __str__(self) -> str:
        return str(self.person)


class Certificate(models.Model):
    """That everything under a license was destroyed: what, how, when, by whom. One for each license."""

    about_people: ClassVar[dict[str, str]] = {"signed_by": "public"}

    license = models.OneToOneField(License, on_delete=models.PROTECT, related_name="certificate")
    what = models.TextField()
    method = models.TextField()
    destroyed_on = models.DateField()
    signed_by = someone()
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("destruction certificate")
        verbose_name_plural = _("destruction certificates")

    def __str__(self) -> str:
        return f"certificate of {self.license}"

    def facts(self) -> dict[str, Any]:
        """What the digest is of, in a fixed form."""
        return {
            "license": self.license.code,
            "license_digest": self.license.digest,
            "what": self.what,
            "method": self.method,
            "destroyed_on": self.destroyed_on.isoformat(),
            "signed_by": f"user:{self.signed_by_id}",
            "signed_at": self.signed_at.isoformat(),
        }

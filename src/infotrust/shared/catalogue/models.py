"""The public catalogue's tables. No foreign key to any stage: the public site can run beside an empty trust."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PublicDataset(models.Model):
    """A dataset that an agency keeps, described for everyone."""

    about_people: ClassVar[dict[str, str]] = {}

    code = models.SlugField(_("short name"), unique=True, max_length=60)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    agency = models.CharField(_("agency"), max_length=200)
    agency_code = models.CharField(_("agency's short name"), max_length=60, blank=True)
    unit = models.CharField(_("what one row stands for"), max_length=200, blank=True)
    period = models.CharField(_("period"), max_length=200, blank=True)
    update_frequency = models.CharField(_("how often it is updated"), max_length=200, blank=True)
    lag = models.CharField(_("how late it is"), max_length=200, blank=True)
    quality_note = models.TextField(_("what to know about its quality"), blank=True)
    whose_data_is_missing = models.TextField(_("whose data is missing"), blank=True)
    shown_at = models.DateTimeField(_("shown since"))

    class Meta:
        ordering = ("agency", "title")
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    def __str__(self) -> str:
        return self.title


class PublicField(models.Model):
    """One field of a dataset: what it means, which law covers it, and whether it can be shared."""

    about_people: ClassVar[dict[str, str]] = {}

    dataset = models.ForeignKey(PublicDataset, on_delete=models.CASCADE, related_name="fields")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    type = models.CharField(max_length=20)
    availability = models.CharField(max_length=20)
    law_classes = models.JSONField(default=list)
    codes = models.JSONField(default=dict)
    sensitivity = models.PositiveSmallIntegerField(default=0)
    identifier = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("dataset", "name"), name="catalogue_field_once"),)

    def __str__(self) -> str:
        return self.title


class PublicAgreement(models.Model):
    """An agreement as the public sees it: who shares what, why, until when, and who may see it."""

    about_people: ClassVar[dict[str, str]] = {}

    code = models.CharField(_("number"), unique=True, max_length=60)
    title = models.CharField(_("title"), max_length=200)
    why = models.TextField(_("why"))
    parties = models.JSONField(default=list)
    purposes = models.JSONField(default=list)
    recipients = models.JSONField(default=list)
    level = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    signed_on = models.DateField(null=True, blank=True)
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    threshold = models.PositiveIntegerField()
    datasets = models.JSONField(default=list)
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)
    suspended_on = models.DateField(null=True, blank=True)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="catalogue_agreement_dates"),
        )
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class PublishedAnswer(models.Model):
    """An answer the public can read. The table holds what was approved for release and nothing else."""

    about_people: ClassVar[dict[str, str]] = {}

    slug = models.SlugField(unique=True, max_length=80)
    question = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    sentence = models.TextField()
    meaning = models.TextField()
    unit = models.CharField(max_length=200)
    period = models.CharField(max_length=200)
    population = models.TextField()
    table = models.JSONField()
    definitions = models.JSONField(default=dict)
    limits = models.JSONField(default=list)
    threshold = models.PositiveIntegerField()
    agreements = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    edition = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-published_at", "slug")
        constraints = (
            # A page that is gone must say why; a page that stands has no reason to be gone.
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="catalogue_withdrawn_says_why",
            ),
        )
        verbose_name = _("published answer")
        verbose_name_plural = _("published answers")

    def __str__(self) -> str:
        return self.title


class PublicRequest(models.Model):
    """A request for data: what it is about in plain words, where it is, since when. Never a name without consent."""

    about_people: ClassVar[dict[str, str]] = {"requester": "public"}

    code = models.CharField(_("number"), unique=True, max_length=60)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(blank=True)
    stage = models.CharField(max_length=20)
    since = models.DateField()
    submitted_on = models.DateField()
    expected_on = models.DateField(null=True, blank=True)
    agencies = models.JSONField(default=list)
    requester = models.CharField(max_length=360, blank=True)
    licensed_until = models.DateField(null=True, blank=True)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("submitted_on", "code")
        verbose_name = _("request for data")
        verbose_name_plural = _("requests for data")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class LogHead(models.Model):
    """The fingerprint of the audit log at one moment, printed so that a later change would show."""

    about_people: ClassVar[dict[str, str]] = {}

    entries = models.PositiveBigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("-entries",)
        get_latest_by = "entries"

    def __str__(self) -> str:
        return f"{self.entries}: {self.digest[:12]}"


class PublicLinkageError(models.Model):
    """How often a linkage is wrong, as the board put it before the public: shares, no count below ten, no person.

    Of one that was withdrawn the shares are erased; when and why stay.
    """

    about_people: ClassVar[dict[str, str]] = {}

    run = models.PositiveBigIntegerField(unique=True)
    linked_on = models.DateField()
    measured_on = models.DateField()
    answers = models.PositiveIntegerField()
    precision = models.JSONField()
    recall = models.JSONField()
    agreed = models.JSONField(null=True)
    communities = models.JSONField(default=list)
    shown_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-run",)
        verbose_name = _("error of the linkage")
        verbose_name_plural = _("errors of the linkage")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="catalogue_error_withdrawn_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"error of linkage run {self.run}"


class PublicBody(models.Model):
    """A board of the trust as the public sees it: what it decides, by which rule, and its seats."""

    about_people: ClassVar[dict[str, str]] = {"seats": "public"}

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=120)
    about = models.TextField(_("what it decides"))
    charter = models.TextField(_("charter"))
    charter_version = models.PositiveIntegerField()
    charter_since = models.DateField()
    rules = models.JSONField(default=list)
    seats = models.JSONField(default=list)
    order = models.PositiveIntegerField(default=0)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("order", "code")
        verbose_name = _("board")
        verbose_name_plural = _("boards")

    def __str__(self) -> str:
        return self.name


class PublicMotion(models.Model):
    """What a board is asked to decide, or has decided: in plain words, with votes and reasons once it is decided."""

    about_people: ClassVar[dict[str, str]] = {"votes": "public", "answers": "public"}

    label = models.CharField(unique=True, max_length=20)
    body_code = models.SlugField(max_length=40)
    body = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    why = models.TextField()
    text = models.TextField()
    state = models.CharField(max_length=12)
    raised_on = models.DateField()
    comment_opens_at = models.DateTimeField(null=True)
    comment_closes_at = models.DateTimeField(null=True)
    comment_waived = models.CharField(max_length=400, blank=True)
    vote_closes_at = models.DateTimeField(null=True)
    conditions = models.TextField(blank=True)
    review_by = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    votes = models.JSONField(default=list)
    answers = models.JSONField(default=list)
    looked_back = models.JSONField(default=list)
    supersedes = models.CharField(max_length=20, blank=True)
    superseded_by = models.CharField(max_length=20, blank=True)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("-raised_on", "-pk")
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.label} {self.title}"


class PublicComment(models.Model):
    """What someone without an account said about a motion, and the board's reply.

    `receipt` is what the writer keeps to find it again; `sender` tells comments of one place apart for a day, and is
    erased after it. A withheld comment says why; its words stay with the board and are never shown.
    """

    about_people: ClassVar[dict[str, str]] = {
        "name": "identifier",
        "words": "sensitive",
        "sender": "identifier",
        "receipt": "identifier",
    }

    class State(models.TextChoices):
        RECEIVED = "received", _("Not yet looked at")
        SHOWN = "shown", _("Shown")
        WITHHELD = "withheld", _("Not shown")

    motion = models.ForeignKey(PublicMotion, on_delete=models.PROTECT, related_name="comments")
    name = models.CharField(_("name"), max_length=80, blank=True)
    words = models.TextField(_("comment"))
    receipt = models.CharField(unique=True, max_length=20)
    sender = models.CharField(max_length=32, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    looked_at = models.DateTimeField(null=True)
    withheld_reason = models.TextField(blank=True)
    reply = models.TextField(_("reply"), blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("received_at", "pk")
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = (models.Index(fields=("sender", "received_at"), name="catalogue_comment_sender"),)
        constraints = (
            models.CheckConstraint(
                condition=(Q(state="withheld") & ~Q(withheld_reason=""))
                | (~Q(state="withheld") & Q(withheld_reason="")),
                name="catalogue_withheld_comment_says_why",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="catalogue_reply_has_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.motion.label}: {self.state}"

    @property
    def answered(self) -> bool:
        """A comment is answered by a reply, or by being told why it is not shown."""
        return bool(self.reply) or self.state == self.State.WITHHELD


class PublicMinutes(models.Model):
    """The minutes of a meeting as everyone reads them. What is withheld is not here, only that it is, and why."""

    about_people: ClassVar[dict[str, str]] = {"passages": "public"}

    number = models.PositiveBigIntegerField(unique=True)
    body_code = models.SlugField(max_length=40)
    body = models.CharField(max_length=120)
    held_on = models.DateField()
    passages = models.JSONField()
    digest = models.CharField(max_length=64)
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ("-held_on", "-number")
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self) -> str:
        return f"{self.body}, {self.held_on}"

"""Rows that say which sealed files exist, which of them are current, and which were destroyed.

The files themselves lie in `settings.STORAGE_FOLDER`. Nothing here is about a person: names of datasets, counts,
hashes, and keys that only the master key of their room can open.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infotrust.shared.storage.terms import Kind, Room


class DestructionCertificate(models.Model):
    """What was destroyed, when, why. `text` is canonical JSON, `digest` its SHA-256, which the audit log carries."""

    about_people: ClassVar[dict[str, str]] = {"by": "public"}

    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=300)
    destroyed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-destroyed_at", "-id")
        verbose_name = _("certificate of destruction")
        verbose_name_plural = _("certificates of destruction")

    def __str__(self) -> str:
        return f"certificate {self.digest[:12]}"


class SealedPart(models.Model):
    """One encrypted file. It never changes; when its key is destroyed, a certificate takes the key's place."""

    about_people: ClassVar[dict[str, str]] = {}

    id = models.CharField(primary_key=True, max_length=32)
    room = models.CharField(max_length=20, choices=Room.choices)
    table = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rows = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key_fingerprint = models.CharField(max_length=64)
    wrapped_key = models.BinaryField(null=True)
    sealed_at = models.DateTimeField()
    certificate = models.ForeignKey(
        DestructionCertificate, on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )

    class Meta:
        ordering = ("sealed_at", "id")
        verbose_name = _("sealed part")
        verbose_name_plural = _("sealed parts")
        indexes = (models.Index(fields=("room", "table"), name="storage_part_table"),)
        constraints = (
            models.CheckConstraint(condition=Q(room__in=Room.values), name="storage_part_room_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="storage_part_kind_known"),
            models.CheckConstraint(
                condition=Q(wrapped_key__isnull=False, certificate__isnull=True)
                | Q(wrapped_key__isnull=True, certificate__isnull=False),
                name="storage_part_key_or_certificate",
            ),
        )

    def __str__(self) -> str:
        return f"{self.room}/{self.table} part {self.id}"


class Generation(models.Model):
    """A table as it stood from one switch to the next: a set of parts."""

    about_people: ClassVar[dict[str, str]] = {}

    room = models.CharField(max_length=20, choices=Room.choices)
    table = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    parts = models.ManyToManyField(SealedPart, related_name="generations")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("room", "table", "number")
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        constraints = (
            models.UniqueConstraint(fields=("room", "table", "number"), name="storage_generation_numbered_once"),
        )

    def __str__(self) -> str:
        return f"{self.room}/{self.table} generation {self.number}"


class SealedTable(models.Model):
    """The pointer: which generation of a table readers see now. Switching it is one row, so it is all or nothing."""

    about_people: ClassVar[dict[str, str]] = {}

    room = models.CharField(max_length=20, choices=Room.choices)
    table = models.CharField(max_length=120)
    current = models.OneToOneField(
        Generation, on_delete=models.PROTECT, null=True, blank=True, related_name="current_of"
    )

    class Meta:
        ordering = ("room", "table")
        verbose_name = _("sealed table")
        verbose_name_plural = _("sealed tables")
        constraints = (models.UniqueConstraint(fields=("room", "table"), name="storage_table_once"),)

    def __str__(self) -> str:
        return f"{self.room}/{self.table}"

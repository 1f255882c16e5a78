"""The log's entries and where it ends. Rows are only ever added: the database itself refuses changes (see `guard`)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core import chain


class Entry(models.Model):
    """One thing that happened. No foreign key here, so the log outlives what it describes."""

    about_people: ClassVar[dict[str, str]] = {"actor": "public", "role": "public", "agency": "public"}

    sequence = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("when"))
    event = models.CharField(_("what happened"), max_length=60)
    # A stable label such as `user:17`, never a name or an address: those may change, and may have to be erased.
    actor = models.CharField(_("who"), max_length=60)
    role = models.CharField(_("in which roles"), max_length=200, blank=True)
    agency = models.CharField(_("for which agency"), max_length=40, blank=True)
    about = models.CharField(_("about what"), max_length=200, blank=True)
    # Canonical text rather than a JSON column: PostgreSQL rewrites numbers, and the hash would no longer fit.
    facts_text = models.TextField(_("facts"), default="{}")
    previous = models.CharField(_("hash of the entry before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    class Meta:
        ordering = ("-sequence",)
        indexes = (
            models.Index(fields=("about", "sequence"), name="audit_entry_about"),
            models.Index(fields=("event", "sequence"), name="audit_entry_event"),
            models.Index(fields=("actor", "sequence"), name="audit_entry_actor"),
        )
        constraints = (models.CheckConstraint(condition=models.Q(sequence__gt=0), name="audit_entry_numbered"),)
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("entries of the audit log")

    def __str__(self) -> str:
        return f"{self.sequence} {self.event} {self.about}"

    @property
    def facts(self) -> dict[str, Any]:
        """What was noted with it: a dict of JSON values, nothing about a person."""
        facts: dict[str, Any] = json.loads(self.facts_text)
        return facts

    def as_record(self) -> dict[str, Any]:
        """Return the entry as it stands in an exported log; what was damaged stays, as text, so that it is found."""
        texts = ("event", "actor", "role", "agency", "about", "previous", "hash")
        return {name: _text(getattr(self, name)) for name in texts} | {
            "sequence": self.sequence,
            "at": stamp(self.at) if isinstance(self.at, datetime) else "",
            "facts": _facts(_text(self.facts_text)),
        }


def _text(value: object) -> str:
    """A column's text. SQLite lets whoever has the file put bytes or nothing there."""
    return value if isinstance(value, str) else repr(value)


def _facts(text: str) -> Any:
    """The facts, or the text itself where it is not the canonical JSON that was written."""
    try:
        facts = json.loads(text)
        return facts if chain.canonical(facts) == text else text
    except (ValueError, RecursionError):
        return text


def stamp(at: datetime) -> str:
    """Write a moment in UTC with microseconds, always in the same form."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Head(models.Model):
    """Where the log ends. One row, locked while an entry is added: two writers queue up."""

    about_people: ClassVar[dict[str, str]] = {}

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=chain.BEGINNING)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="audit_head_only_one"),)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"

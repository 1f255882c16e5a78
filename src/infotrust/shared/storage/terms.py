"""The rooms of sealed storage. Each has a master key of its own, so a process can be given one and not the other."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Room(models.TextChoices):
    VAULT = "vault", _("Vault: identifiers")
    HOLDINGS = "holdings", _("Holdings: content")
    REGISTER = "register", _("Register: which records belong to one person")
    INBOX = "inbox", _("Inbox: deliveries as they came")
    QUARANTINE = "quarantine", _("Quarantine: rejected rows")


class Kind(models.TextChoices):
    TABLE = "table", _("Table (encrypted Parquet)")
    STREAM = "stream", _("Stream of bytes")

"""`flush` would empty the audit log, so a running trust has no such command. Test databases may be flushed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as DjangoFlush
from django.db import connections
from django.test.utils import _TestState

from infotrust.shared.audit import guard
from infotrust.shared.audit.models import Head


class Command(DjangoFlush):
    help = "Refused: the audit log of a trust is never emptied."

    def handle(self, **options: Any) -> None:
        if not hasattr(_TestState, "saved_data"):
            raise CommandError("The audit log of a trust is never emptied. To start over, use a new database.")
        connection = connections[options["database"]]
        with connection.schema_editor() as editor:
            guard.take_down(editor)
        super().handle(**options)
        with connection.schema_editor() as editor:
            guard.put_up(editor)
        Head.objects.using(options["database"]).get_or_create(pk=1)

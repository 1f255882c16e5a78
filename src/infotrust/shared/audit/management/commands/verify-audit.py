"""`infotrust-server verify-audit`: follow the log in the database and name each entry that is not as it was written."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from infotrust.core import chain
from infotrust.shared.audit import queries, services


class Command(BaseCommand):
    help = "Check the audit log; exit code 1 where an entry was altered, removed, added or moved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", default="", metavar="HASH", help="a fingerprint you noted, now or earlier")

    def handle(self, *, head: str, **options: Any) -> None:  # noqa: ARG002 - Django's own options
        findings = services.verify(noted=head.strip().lower())
        for finding in findings:
            self.stdout.write(chain.in_words(finding))
        if findings:
            raise SystemExit(1)
        end = queries.head()
        self.stdout.write(f"The log is whole: {end.sequence} entries, ending at {end.hash}.")

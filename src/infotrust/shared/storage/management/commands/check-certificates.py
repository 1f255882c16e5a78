"""`infotrust-server check-certificates`: prove that what was certified as destroyed is gone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from infotrust.shared.storage import queries


class Command(BaseCommand):
    help = "Check each certificate of destruction: its text, the audit log, and that key and file are gone."

    def handle(self, **_options: Any) -> None:
        certificates = queries.certificates()
        contradicted = 0
        for certificate in certificates:
            for finding in queries.check_certificate(certificate):
                contradicted += 1
                self.stdout.write(f"{certificate}: {finding.rule} {'/'.join(finding.where)}")
        self.stdout.write(f"{len(certificates)} certificates checked, {contradicted} contradictions found.")
        if contradicted:
            raise SystemExit(1)

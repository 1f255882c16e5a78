"""`infotrust-server export-log FILE`: write the log so that anyone can check it with `infotrust verify-log FILE`."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from infotrust.shared.audit import services


class Command(BaseCommand):
    help = "Write the audit log to FILE, one entry a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:  # noqa: ARG002 - Django's own options
        fresh = file.with_name(file.name + ".new")
        with fresh.open("w", encoding="utf-8", newline="\n") as stream:
            head = services.export(stream)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
        self.stdout.write(f"{head.sequence} entries written to {file}, ending at {head.hash}.")

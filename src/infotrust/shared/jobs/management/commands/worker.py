"""`infotrust-server worker`: do what waits in the queue, and what is due, until asked to stop (SIGTERM, Ctrl-C)."""

from __future__ import annotations

import logging
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from infotrust.shared.jobs.worker import Worker


class Command(BaseCommand):
    help = "Run background jobs until stopped; with --until-idle, until none waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="stop when nothing waits")

    def handle(self, *, until_idle: bool, **options: Any) -> None:  # noqa: ARG002 - Django's own options
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
        worker = Worker()
        signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        signal.signal(signal.SIGINT, lambda *_: worker.stop())
        if until_idle:
            self.stdout.write(f"{worker.run_until_idle()} jobs done.")
        else:
            worker.run()

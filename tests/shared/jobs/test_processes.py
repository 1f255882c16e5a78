"""Workers and writers as real processes on a real database file: killed, stopped, and all at once."""

from __future__ import annotations

import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

# What each process runs: kinds of job that exist only here, then the worker (or a writer of the log).
PROGRAM = """
import os, signal, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "infotrust.web.settings"
import django
django.setup()
from pathlib import Path
from infotrust.shared.audit import services as audit, queries as log
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import registry, services
from infotrust.shared.jobs.models import Job
from infotrust.shared.jobs.worker import Worker

registry.PERIODIC.clear()

@registry.job("slow")
def slow(progress, *, marker, wait):
    progress.step("begun", 0, 2)
    first = not Path(marker).exists()
    with open(marker, "a") as out:
        out.write(f"{os.getpid()}\\n")
    until = time.monotonic() + (wait if first else 0)
    while time.monotonic() < until:
        time.sleep(0.05)
        progress.step("waiting", int(time.monotonic()), 10**9)
    return {"by": os.getpid()}

def work():
    worker = Worker()
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run_until_idle()

def write(count):
    for number in range(int(count)):
        audit.record(Event.SETTING_CHANGED, about="setting:1", by=None, number=number)

globals()[sys.argv[1]](*sys.argv[2:])
"""


class Trust:
    """A trust's home folder with a database, and processes that use it."""

    def __init__(self, home: Path) -> None:
        keys = {
            f"INFOTRUST_{room}_KEY": secrets.token_hex(32)
            for room in ("VAULT", "HOLDINGS", "REGISTER", "INBOX", "QUARANTINE")
        }
        base = {name: value for name, value in os.environ.items() if not name.startswith("INFOTRUST_")}
        self.environment = base | keys | {"INFOTRUST_HOME": str(home), "INFOTRUST_SECRET_KEY": secrets.token_hex(32)}
        self.home, self.running = home, []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROGRAM, *arguments]
        child = subprocess.Popen(command, env=self.environment, text=True)
        self.running.append(child)
        return child

    def run(self, *arguments: str) -> None:
        assert self.start(*arguments).wait(timeout=120) == 0

    def rows(self, sql: str, *values: object) -> list[tuple]:
        with closing(sqlite3.connect(self.home / "infotrust.sqlite3", timeout=20)) as database, database:
            return database.execute(sql, values).fetchall()

    def ask(self, marker: Path, wait: float) -> None:
        """Put one job into the empty queue, as `services.start` would."""
        self.rows("DELETE FROM jobs_step")
        self.rows("DELETE FROM jobs_job")
        self.rows(
            "INSERT INTO jobs_job (kind, about, arguments, state, queued_at, worker, attempts, error, next_step)"
            " VALUES ('slow', 'thing:1', ?, 'waiting', '2026-01-01 00:00:00', '', 0, '', '')",
            json.dumps({"marker": str(marker), "wait": wait}),
        )

    def job(self) -> tuple:
        return self.rows("SELECT state, attempts FROM jobs_job")[0]

    def stop_all(self) -> None:
        for child in self.running:
            if child.poll() is None:
                child.kill()
                child.wait()
        self.running.clear()


@pytest.fixture(scope="module")
def trust(tmp_path_factory) -> Iterator[Trust]:
    trust = Trust(tmp_path_factory.mktemp("trust"))
    subprocess.run(
        [sys.executable, "-m", "infotrust.web.commands", "migrate", "-v0"],
        env=trust.environment,
        check=True,
        timeout=240,
    )
    yield trust
    trust.stop_all()


def wait_for(path: Path, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, "the job did not begin"
        time.sleep(0.05)


@pytest.mark.slow
def test_job_of_a_killed_worker_is_done_by_the_next_one(trust, tmp_path):
    marker = tmp_path / "begun"
    trust.ask(marker, 120)
    first = trust.start("work")
    wait_for(marker)
    os.kill(first.pid, signal.SIGKILL)
    # Not waited for: a killed process that nobody asked for yet must not be taken for a living one.
    trust.run("work")
    assert trust.job() == ("done", 2)
    assert len(marker.read_text().split()) == 2


@pytest.mark.slow
def test_worker_asked_to_stop_leaves_its_job_for_the_next_one(trust, tmp_path):
    marker = tmp_path / "begun"
    trust.ask(marker, 120)
    first = trust.start("work")
    wait_for(marker)
    first.terminate()
    assert first.wait(timeout=60) == 0
    assert trust.job() == ("waiting", 0)
    trust.run("work")
    assert trust.job() == ("done", 1)


@pytest.mark.slow
def test_processes_write_one_chain(trust):
    ((before,),) = trust.rows("SELECT count(*) FROM audit_entry")
    writers = [trust.start("write", "20") for _ in range(3)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    links = trust.rows("SELECT sequence, previous, hash FROM audit_entry ORDER BY sequence")
    assert [link[0] for link in links] == list(range(1, before + 61))
    assert [link[1] for link in links[1:]] == [link[2] for link in links[:-1]]

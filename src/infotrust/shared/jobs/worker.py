"""The worker: takes jobs from the queue, one at a time, and shows that it is alive while it runs them.

A worker that is killed leaves its job "running". Another takes it over: at once where it can see that the process is
gone (same machine), else when nothing was heard for `SILENCE`. A worker asked to stop lets go of its job at the next
step, and the job waits for another.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db import close_old_connections, connection, connections

from infotrust.core.errors import UserFacingError
from infotrust.shared.jobs import registry, services
from infotrust.shared.jobs.models import Job
from infotrust.shared.jobs.progress import LetGo, Progress

log = logging.getLogger("infotrust.worker")

BEAT = 5.0  # seconds between two signs of life
SILENCE = timedelta(seconds=60)  # twelve missed beats: also a long transaction of another writer fits into it
PAUSE = 1.0  # seconds between two looks at an empty queue


def machine() -> str:
    """A label for this machine and its process numbers: containers with one name are told apart."""
    parts = [socket.gethostname()]
    for path in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        try:
            parts.append(os.readlink(path) if path.startswith("/proc/self") else Path(path).read_text(encoding="ascii"))
        except OSError:
            parts.append("?")
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def is_lost(worker: str, heard_at: datetime | None, now: datetime) -> bool:
    """Whether the worker of that label is gone, or has been silent for too long."""
    place, _, rest = worker.partition(":")
    if place == machine() and not _alive(rest.partition(":")[0]):
        return True
    return heard_at is None or now - heard_at > SILENCE


def _alive(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return not _is_zombie(number)


def _is_zombie(number: str) -> bool:
    """A killed process stays listed until its parent asks for it; it does no more work."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


class Worker:
    """`run` until asked to stop, or `run_until_idle`. `stop()` may be called from a signal handler."""

    def __init__(self) -> None:
        self.label = f"{machine()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = threading.Event()
        self._last_done: dict[str, float] = {}

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Work until asked to stop; do what is periodic in between."""
        while not self.stopping.is_set():
            close_old_connections()
            self.do_periodic()
            if not self.run_one():
                self.stopping.wait(PAUSE)

    def run_until_idle(self, limit: int = 1_000) -> int:
        """Work until nothing waits, or `limit` jobs were run; return their number."""
        count = 0
        while count < limit and not self.stopping.is_set() and self.run_one():
            count += 1
        return count

    def run_one(self) -> bool:
        """Run one job, if there is one; return whether there was."""
        job = services.claim(worker=self.label, is_lost=is_lost)
        if job is None:
            return False
        with heartbeat(job):
            self._do(job)
        return True

    def _do(self, job: Job) -> None:
        progress = Progress(job, stopping=self.stopping.is_set)
        log.info("job %s begins: %s, %s", job.pk, job.kind, job.about)
        began = time.monotonic()
        try:
            result = registry.function_for(job.kind)(progress, **job.arguments)
            progress.end_step()
            services.finish(job, result)
            log.info("job %s is done after %.1f s", job.pk, time.monotonic() - began)
        except LetGo as letting_go:
            log.info("job %s is left: %s", job.pk, letting_go)
            if not letting_go.lost:
                services.release(job)
        except UserFacingError as error:
            log.info("job %s failed with an explanation for its reader", job.pk)
            services.fail_by(job, error)
        except Exception as defect:  # noqa: BLE001 - whatever goes wrong in one job, the worker goes on
            log.error("job %s failed by a defect: %s", job.pk, where(defect))
            services.fail(
                job,
                what="Something went wrong inside the trust's software.",
                next_step="Try again; if it happens again, give the administrator the number of this job.",
            )

    def do_periodic(self) -> None:
        """Do whatever is due. A failure is logged and tried again at its next time."""
        for task in registry.PERIODIC.values():
            last = self._last_done.get(task.name)
            if last is not None and time.monotonic() - last < task.seconds:
                continue
            self._last_done[task.name] = time.monotonic()
            try:
                task.function()
            except Exception as defect:  # noqa: BLE001 - see above
                log.error("periodic task %r failed: %s", task.name, where(defect))


def where(defect: BaseException) -> str:
    """Say what kind of defect and where, without its message: that could hold a value about a person."""
    frames = traceback.extract_tb(defect.__traceback__)
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames[-6:]))
    return f"{type(defect).__name__} at {places}"


@contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    """Show, from a thread with its own connection, that the worker of `job` lives."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        # A database in memory is seen by one connection only, and dies with its process anyway.
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, over), name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(job: Job, over: threading.Event) -> None:
    try:
        while not over.wait(BEAT):
            try:
                services.still_held(job)
            except Exception as defect:  # noqa: BLE001 - a missed beat is made up for by the next
                log.warning("a sign of life for job %s was missed: %s", job.pk, where(defect))
    finally:
        connections.close_all()

"""How a job says how far it is, and learns that it should stop.

Steps are written at most twice a second; each one is also a point at which a stopping worker, or one that was given
up for dead, lets go of the job.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.utils import timezone

from infotrust.shared.accounts.models import User
from infotrust.shared.jobs import services
from infotrust.shared.jobs.models import Job, Step

SECONDS_BETWEEN_WRITES = 0.5


class LetGo(BaseException):
    """The job is to be left where it is. Not an Exception: a job's own error handling must not swallow it."""

    def __init__(self, *, lost: bool) -> None:
        self.lost = lost
        super().__init__("taken over by another worker" if lost else "the worker stops")


class Progress:
    """Handed to each job function. `job` is the job, `by` who asked for it (None: the trust itself)."""

    def __init__(self, job: Job, *, stopping: Callable[[], bool] = lambda: False) -> None:
        self.job = job
        self._stopping = stopping
        self._step: Step | None = None
        self._written = 0.0

    @property
    def by(self) -> User | None:
        return self.job.started_by

    def step(self, name: str, done: int = 0, total: int | None = None) -> None:
        """Say what is being done and how far it is. A new name begins a new step and ends the one before."""
        if self._stopping():
            raise LetGo(lost=False)
        if self._step is None or self._step.name != name:
            self._begin(name, done, total)
        else:
            self._move(self._step, done, total)

    def _begin(self, name: str, done: int, total: int | None) -> None:
        self._check_held()
        self.end_step()
        position = self._step.position + 1 if self._step else 1
        self._step = Step.objects.create(job=self.job, position=position, name=name[:120], done=done, total=total)
        # The name as it was given, so that the next call with it is seen to be the same step.
        self._step.name = name

    def _move(self, step: Step, done: int, total: int | None) -> None:
        step.done, step.total = done, total
        complete = total is not None and done >= total
        if complete or time.monotonic() - self._written >= SECONDS_BETWEEN_WRITES:
            self._check_held()
            Step.objects.filter(pk=step.pk).update(done=done, total=total)

    def end_step(self) -> None:
        if self._step is not None:
            Step.objects.filter(pk=self._step.pk).update(
                done=self._step.done, total=self._step.total, ended_at=timezone.now()
            )

    def _check_held(self) -> None:
        self._written = time.monotonic()
        if not services.still_held(self.job):
            raise LetGo(lost=True)

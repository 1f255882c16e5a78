"""Starting a job, and the moves of its life. What runs it is `worker`.

Every move is one guarded UPDATE: a worker that was given up for dead, and lives after all, can no longer touch the job.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from infotrust.core.errors import NotThere, UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import registry
from infotrust.shared.jobs.lifecycle import LIFECYCLE, State
from infotrust.shared.jobs.models import Job, Step
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import NotPermitted

# A job whose worker dies this often is not started again by itself: it is probably what kills the worker.
MOST_ATTEMPTS = 3


class NoSuchJob(NotThere):
    """There is no job of that number."""


@transaction.atomic
def start(
    kind: str, *, by: User | None, about: str, arguments: dict[str, Any] | None = None, at: datetime | None = None
) -> Job:
    """Ask for a job of `kind`; workers see it once the caller's transaction commits.

    `about` names the thing (`delivery:12`); `arguments` are JSON values, nothing about a person.
    """
    registry.function_for(kind)
    at = at or timezone.now()
    job = Job.objects.create(kind=kind, about=about, arguments=arguments or {}, started_by=by, queued_at=at)
    audit.record(Event.JOB_STARTED, about=about, by=by, at=at, job=job.pk, kind=kind)
    return job


@transaction.atomic
def retry(job: Job, *, by: User, at: datetime | None = None) -> Job:
    """Put a failed job back into the queue; raises `NotPermitted` for those who neither started it nor follow jobs."""
    if job.started_by_id != by.pk:
        duties.require("follow jobs", by=by)
    LIFECYCLE.require(job.state, State.WAITING, thing=f"Job {job.pk}")
    job.state, job.ended_at, job.error, job.next_step, job.attempts = State.WAITING, None, "", "", 0
    job.save()
    audit.record(Event.JOB_RESUMED, about=job.about, by=by, at=at, job=job.pk, kind=job.kind)
    return job


def run_waiting(limit: int = 1_000) -> int:
    """Work off what is waiting, in this process, until nothing is left; return how many jobs were run."""
    from infotrust.shared.jobs.worker import Worker

    return Worker().run_until_idle(limit)


# --- the moves a worker makes; `claim` returns the job as that worker holds it ---


@transaction.atomic
def claim(*, worker: str, is_lost: Any, at: datetime | None = None) -> Job | None:
    """Take the oldest job that waits, or whose worker is lost; None where there is none."""
    now = at or timezone.now()
    waiting = Job.objects.select_for_update(skip_locked=True).filter(state=State.WAITING).order_by("pk").first()
    if waiting is not None:
        return _hold(waiting, worker, now)
    running = Job.objects.select_for_update(skip_locked=True).filter(state=State.RUNNING).order_by("pk")
    for job in running:
        if is_lost(job.worker, job.heard_at, now) and (taken := _take_over(job, worker, now)):
            return taken
    return None


def _hold(job: Job, worker: str, now: datetime) -> Job:
    job.state, job.worker, job.heard_at, job.attempts = State.RUNNING, worker, now, job.attempts + 1
    job.began_at = job.began_at or now
    job.save()
    Step.objects.filter(job=job).delete()
    return job


def _take_over(job: Job, worker: str, now: datetime) -> Job | None:
    if job.attempts >= MOST_ATTEMPTS:
        fail(
            job,
            what=f"The worker stopped {job.attempts} times while it was on this job.",
            next_step="Ask the trust's administrator to look at the server's log, then start it again.",
        )
        return None
    audit.record(Event.JOB_RESUMED, about=job.about, by=None, at=now, job=job.pk, kind=job.kind, attempt=job.attempts)
    return _hold(job, worker, now)


def still_held(job: Job) -> bool:
    """Whether this worker still holds the job; notes that it was heard of."""
    return _mine(job).update(heard_at=timezone.now()) == 1


def release(job: Job) -> None:
    """Let the job wait for another worker: this one was asked to stop. It does not count as an attempt."""
    _mine(job).update(state=State.WAITING, worker="", heard_at=None, attempts=max(job.attempts - 1, 0))


def finish(job: Job, result: dict[str, Any] | None) -> None:
    now = timezone.now()
    _mine(job).update(state=State.DONE, ended_at=now, result=result)
    Step.objects.filter(job=job, ended_at=None).update(ended_at=now)


@transaction.atomic
def fail(job: Job, *, what: str, next_step: str) -> None:
    """Note for its reader why the job failed."""
    if _mine(job).update(state=State.FAILED, ended_at=timezone.now(), error=what, next_step=next_step):
        audit.record(Event.JOB_FAILED, about=job.about, by=None, job=job.pk, kind=job.kind)


def fail_by(job: Job, error: UserFacingError) -> None:
    """Fail the job with its own explanation; a refusal is recorded as one."""
    fail(job, what=error.what, next_step=error.next_step)
    if isinstance(error, NotPermitted):
        audit.record_refusal(
            wanted=error.wanted,
            rules=[reason.rule for reason in error.decision.reasons],
            by=job.started_by,
            about=job.about,
        )


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker, attempts=job.attempts)

"""Reading jobs. With `by`, only for those who may follow jobs, or who started this one."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from infotrust.shared.accounts.models import User
from infotrust.shared.jobs.lifecycle import State
from infotrust.shared.jobs.models import Job
from infotrust.shared.jobs.services import NoSuchJob
from infotrust.shared.permissions import duties


def job(number: int, *, by: User | None = None) -> Job:
    """Return the job; raises `NoSuchJob`, or `NotPermitted` where `by` is given and may not see it."""
    found = Job.objects.select_related("started_by").prefetch_related("steps").filter(pk=number).first()
    if by is not None and (found is None or found.started_by_id != by.pk):
        duties.require("follow jobs", by=by)
    if found is None:
        raise NoSuchJob(f"There is no job number {number}.", next_step="The list of jobs shows those there are.")
    return found


def jobs(*, by: User, state: str = "") -> QuerySet[Job]:
    """Return jobs, newest first."""
    found = Job.objects.select_related("started_by").prefetch_related("steps")
    if not duties.may("follow jobs", by=by):
        found = found.filter(started_by=by)
    return found.filter(state=state) if state in State.values else found


def page(number: int | str, *, by: User, state: str = "", size: int = 25) -> Page[Job]:
    return Paginator(jobs(by=by, state=state), size).get_page(number)


def for_about(about: str) -> QuerySet[Job]:
    """Return the jobs about a thing, newest first (for the thing's own page, which decides who may see it)."""
    return Job.objects.filter(about=about).prefetch_related("steps")


def unfinished() -> QuerySet[Job]:
    return Job.objects.filter(state__in=(State.WAITING, State.RUNNING)).prefetch_related("steps")

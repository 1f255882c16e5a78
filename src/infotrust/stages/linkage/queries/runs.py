"""What is known about linkage: runs and their figures for the pages, the register for the stages downstream.

How a run's manifest is worded for its page stands in `showing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.linkage import register
from infotrust.stages.linkage.lifecycle import State
from infotrust.stages.linkage.models import LinkageRun
from infotrust.stages.linkage.plan import PlannedDataset, plan_linkage


class NoSuchRun(NotThere):
    """There is no linkage run of that number."""


@dataclass(frozen=True)
class Planned:
    """A dataset as the next run would find it. `new_rows`: rows that the last linkage did not read."""

    dataset: PlannedDataset
    new_rows: int
    was_linked: bool


@dataclass(frozen=True)
class Plan:
    """What would be linked now. `blocked_by`: the unfinished run one would have to wait for."""

    datasets: tuple[Planned, ...]
    last: LinkageRun | None
    blocked_by: LinkageRun | None

    @property
    def ready(self) -> tuple[Planned, ...]:
        return tuple(one for one in self.datasets if one.dataset.is_ready)

    @property
    def may_start(self) -> bool:
        return bool(self.ready) and self.blocked_by is None

    @property
    def rows(self) -> int:
        return sum(one.dataset.rows for one in self.ready)

    @property
    def new_rows(self) -> int:
        return sum(one.new_rows for one in self.ready)


def may_run(*, by: User) -> Decision:
    return duties.may("run linkage", by=by)


def runs(*, by: User) -> list[LinkageRun]:
    """Return every run, newest first."""
    duties.require("see linkage", by=by)
    return list(LinkageRun.objects.select_related("asked_by", "job"))


def run(number: int, *, by: User) -> LinkageRun:
    """Return one run; raises `NoSuchRun`."""
    duties.require("see linkage", by=by)
    found = LinkageRun.objects.select_related("asked_by", "job").filter(pk=number).first()
    if found is None:
        raise NoSuchRun(
            _("There is no linkage run number %(number)d.") % {"number": number},
            next_step=_("See the list of linkage runs."),
        )
    return found


def may_follow(found: LinkageRun, *, by: User) -> bool:
    """Whether `by` may see the steps of the run's background job."""
    return found.asked_by_id == by.pk or bool(duties.may("follow jobs", by=by))


def current_run() -> LinkageRun | None:
    """Return the run whose register is in use."""
    return LinkageRun.objects.filter(state=State.IN_USE).first()


def plan(*, by: User) -> Plan:
    """Return what a run started now would link, for someone who may start one. Opens nothing."""
    duties.require("run linkage", by=by)
    last = LinkageRun.objects.filter(finished_at__isnull=False).first()
    linked = LinkageRun.objects.filter(finished_at__isnull=False, kind="linking").first()
    read = {one["code"]: set(one["parts"]) for one in linked.manifest.get("datasets", ())} if linked else {}
    datasets = tuple(
        Planned(one, one.new_rows(read.get(one.code, set())), one.code in read)
        for one in plan_linkage(by=by, at=timezone.now())
    )
    asked = LinkageRun.objects.filter(state=State.ASKED).select_related("job")
    return Plan(datasets, last, next((one for one in asked if one.is_unfinished), None))


def register_paths_and_keys() -> list[tuple[Path, bytes]]:
    """Return file and data key of the register's parts (record_id, dataset, person_id, weight); none before a run."""
    return register.paths_and_keys()


def register_generation() -> int:
    """Return the number of the register's current generation, for a manifest; 0 before the first run."""
    return register.generation()


def resolve(person_id: str, *, since_run: int = 0) -> tuple[str, ...]:
    """Return the identifiers that the records of `person_id` are under now. See `register.resolve`."""
    return register.resolve(person_id, since_run=since_run)

"""Linking records to persons, and taking records out of the register again.

Only this stage and intake open the vault, and this one only for identifiers that an agreement lets be linked. A run
becomes visible in one transaction: register, history, run and audit entry together. Killed before, it changed nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import services as jobs
from infotrust.shared.jobs.models import Job
from infotrust.shared.jobs.progress import Progress
from infotrust.shared.permissions import duties
from infotrust.shared.storage.services import Sealed
from infotrust.stages.linkage import evidence, plan, register, relations
from infotrust.stages.linkage.lifecycle import LIFECYCLE, Kind, State
from infotrust.stages.linkage.models import LinkageRun
from infotrust.stages.linkage.plan import PlannedDataset
from infotrust.stages.linkage.services import reviewing
from infotrust.stages.linkage.terms import QUESTIONS, Communities

if TYPE_CHECKING:
    from infotrust.stages.linkage.linking import Linked

JOB = "link records"

# Sent inside the transaction that makes a new register visible; kwargs: run, by, at.
linkage_finished = Signal()


class NothingToLink(UserFacingError):
    """No dataset has both a delivery and an identifier that may be linked."""


class LinkageOvertaken(UserFacingError):
    """Agreements or the register changed while records were being linked."""


@transaction.atomic
def start_linkage(
    *,
    by: User,
    at: datetime | None = None,
    questions: int = QUESTIONS,
    communities: str = Communities.DATASETS,
) -> Job:
    """Ask for all records to be linked, in the background. Refused while a run is going on. Raises `NothingToLink`.

    questions: how many pairs people are asked about afterwards; communities: how its error is told apart.
    """
    duties.require("run linkage", by=by)
    at = at or timezone.now()
    register.lock()
    _require_idle()
    if not any(one.is_ready for one in plan.plan_linkage(by=by, at=at)):
        raise NothingToLink(
            _("There is nothing that may be linked now."),
            next_step=_("Records are linked once an agreement that allows it is in force and a delivery was loaded."),
        )
    run = LinkageRun.objects.create(asked_by=by, asked_at=at, questions=questions, communities=communities)
    run.job = jobs.start(JOB, by=by, about=run.thing, arguments={"run": run.pk}, at=at)
    run.save()
    return run.job


def _require_idle() -> None:
    for run in LinkageRun.objects.filter(state=State.ASKED).select_related("job"):
        if run.is_unfinished:
            raise UserFacingError(
                _("Linkage run %(number)d is still going on.") % {"number": run.pk},
                next_step=_("Wait for it to end, then start the next one."),
            )


def link_records(progress: Progress, *, run: int) -> dict[str, Any]:
    """The job: link everything that may be linked and put the result into use. Safe to run again from the start."""
    asked = LinkageRun.objects.get(pk=run)
    if asked.state != State.ASKED:  # the worker died between our commit and its own note that the job is done
        return _facts(asked)
    by, at, began = _officer(asked), timezone.now(), time.perf_counter()
    progress.step("Decide which identifiers may be used")
    from infotrust.stages.linkage import linking  # here, so that web workers do not load the matching kernels

    planned = plan.plan_linkage(by=by, at=at)
    ready = [one for one in planned if one.is_ready]
    policy_version = plan.require_allowed(ready, by=by, at=at)
    opened = linking.open_vault(ready, progress.step)
    generation = register.generation()
    linked = linking.link(
        opened, register.persons(), run=asked.pk, tell=progress.step, told=reviewing.what_was_told(),
        ask=linking.Ask(asked.questions, asked.communities), relations=relations.kept(),
    )  # fmt: skip
    progress.step("Write the register")
    sealed = register.seal_persons(linked.persons), register.seal_history(linked.history)
    explaining = evidence.seal(linked.evidence) if linked.evidence else []
    related = relations.seal(linked.relations) if linked.relations is not None else None
    linked.manifest["left_out"] = [_left_out(one) for one in planned if one.refused or not one.is_ready]
    linked.manifest["seconds"] = round(time.perf_counter() - began, 2)
    return _facts(
        _put_into_use(
            asked,
            linked,
            sealed,
            explaining,
            related,
            ready=ready,
            policy_version=policy_version,
            built_on=generation,
            by=by,
        )
    )


def _officer(run: LinkageRun) -> User:
    if run.asked_by is None:
        raise NothingToLink(_("Nobody is named who asked for this run."), next_step=_("Start a new one."))
    duties.require("run linkage", by=run.asked_by)
    return run.asked_by


def _left_out(one: PlannedDataset) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "delivered": bool(one.parts),
        "whole": not one.allowed,
        "fields": [
            {
                "name": field.name,
                "title": field.title,
                "reasons": [
                    {"rule": reason.rule, "plain": reason.plain, "citation": reason.citation}
                    for reason in field.decision.reasons
                ],
            }
            for field in one.refused
        ],
    }


@transaction.atomic
def _put_into_use(
    run: LinkageRun,
    linked: Linked,
    sealed: tuple[Sealed, Sealed | None],
    explaining: Sequence[Sealed],
    related: Sealed | None,
    *,
    ready: Sequence[PlannedDataset],
    policy_version: str,
    built_on: int,
    by: User,
) -> LinkageRun:
    """Switch register, history, run and log together, unless something it rests on changed meanwhile."""
    at = timezone.now()
    register.lock()
    if register.generation() != built_on or not plan.still_allowed(ready, by=by, at=at):
        raise LinkageOvertaken(
            _("Agreements or the register changed while records were being linked."),
            next_step=_("Nothing was changed. Start the linkage again."),
        )
    before = register.current_part_ids()
    run.records, run.persons, run.manifest = linked.records, linked.people, linked.manifest
    run.policy_version = policy_version
    _succeed(run, generation=register.switch(*sealed), at=at)
    evidence.switch(explaining, reason=f"replaced by linkage run {run.pk}", by=by, at=at)
    if related is not None:
        relations.switch(related, reason=f"replaced by linkage run {run.pk}", by=by, at=at)
    if linked.review is not None:
        reviewing.begin_review(run, linked.review, at=at)
    # The register just replaced stays readable for queries that are reading it, until the next run.
    register.shred_superseded(reason=f"replaced by linkage run {run.pk}", by=by, at=at, spare=before)
    audit.record(
        Event.LINKAGE_RUN,
        about=run.thing,
        by=by,
        at=at,
        datasets=[one.code for one in ready],
        agreements=sorted({code for one in ready for code in one.agreements}),
        policy_version=policy_version,
        records=run.records,
        persons=run.persons,
        generation=run.generation,
        questions=len(linked.review.questions) if linked.review else 0,
        answers_kept=run.manifest["answers"],
    )
    linkage_finished.send(sender=LinkageRun, run=run, by=by, at=at)
    return run


def _succeed(run: LinkageRun, *, generation: int, at: datetime) -> None:
    """Put `run` into use in place of the one before."""
    LIFECYCLE.require(run.state, State.IN_USE, thing=str(run))
    for old in LinkageRun.objects.select_for_update().filter(state=State.IN_USE):
        LIFECYCLE.require(old.state, State.REPLACED, thing=str(old))
        old.state = State.REPLACED
        old.save()
    run.state, run.generation, run.finished_at = State.IN_USE, generation, at
    run.save()


def _facts(run: LinkageRun) -> dict[str, Any]:
    return {"run": run.pk, "records": run.records, "persons": run.persons}


@transaction.atomic
def agreement_ended(
    *, agreement_code: str, datasets: Iterable[str], by: User | None, at: datetime | None = None, **_kwargs: Any
) -> LinkageRun | None:
    """Take records of datasets that no agreement lets be linked any more out of the register; shred the old one.

    Persons known only from them end; the others keep their identifiers. None if the register holds no such record.
    """
    at = at or timezone.now()
    going = {code for code in datasets if not plan.may_stay(code, at)}
    register.lock()
    whole = register.persons()
    goes = pc.is_in(whole["dataset"], pa.array(sorted(going), pa.string()))
    if not pc.any(goes).as_py():
        return None
    run = LinkageRun.objects.create(
        kind=Kind.REMOVAL, asked_by=by, asked_at=at, reason=f"Agreement {agreement_code} ended"
    )
    staying = whole.filter(pc.invert(goes))
    remaining = set(staying["person_id"].to_pylist())
    ended = sorted(set(whole["person_id"].to_pylist()) - remaining)
    _remove(run, whole, staying, ended, at=at)
    evidence.forget(reason=run.reason, by=by, at=at)
    relations.forget(going, ended, reason=run.reason, by=by, at=at)
    forgotten = reviewing.forget_pairs(going, at=at)
    register.shred_superseded(reason=run.reason, by=by, at=at)
    audit.record(
        Event.LINKAGE_RUN,
        about=run.thing,
        by=by,
        at=at,
        reason=run.reason,
        removed_datasets=sorted(going),
        pairs_forgotten=forgotten,
        records=run.records,
        persons=run.persons,
        generation=run.generation,
    )
    linkage_finished.send(sender=LinkageRun, run=run, by=by, at=at)
    return run


def _remove(run: LinkageRun, whole: pa.Table, staying: pa.Table, ended: list[str], *, at: datetime) -> None:
    cause = "records no longer there"  # core.matching.identify.Cause.RECORDS_GONE, which would load the kernels
    history = register.seal_history((run.pk, "ended", person, "", cause) for person in ended)
    run.records, run.persons = staying.num_rows, len(set(staying["person_id"].to_pylist()))
    run.manifest = {
        "removed": [
            {"code": code, "records": count}
            for code, count in sorted(_rows_by_dataset(whole, staying).items())
            if count
        ],
        "events": [{"change": "ended", "cause": cause, "count": len(ended)}] if ended else [],
    }
    _succeed(run, generation=register.switch(register.seal_persons(staying), history), at=at)


def _rows_by_dataset(whole: pa.Table, staying: pa.Table) -> dict[str, int]:
    before, after = (
        {row["values"]: row["counts"] for row in pc.value_counts(table["dataset"]).to_pylist()}
        for table in (whole, staying)
    )
    return {code: count - after.get(code, 0) for code, count in before.items()}

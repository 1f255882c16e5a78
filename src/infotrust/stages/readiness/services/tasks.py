"""Work that somebody does by a day: barriers taken away, and whatever else the partners agreed on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.stages.readiness import process
from infotrust.stages.readiness.models import Barrier, Guide, Partner, Partnership, Task
from infotrust.stages.readiness.services import guides
from infotrust.stages.readiness.services.asking import ask_owner
from infotrust.stages.readiness.services.ground import ReadinessRefused, about, coming, may, partner_of, words
from infotrust.stages.readiness.terms import TaskState


@transaction.atomic
def give_task(
    partnership: Partnership,
    *,
    words: str,
    person: User,
    due_on: date | None,
    by: User,
    at: datetime | None = None,
) -> Task:
    """Give somebody of a partner something to do by a day. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, "add task", by)
    return give(partnership, words, person, due_on, None, by, at or timezone.now())


@transaction.atomic
def own_barrier(
    guide: Guide,
    *,
    barrier: int,
    kind: str,
    words: str,
    person: User,
    due_on: date | None,
    by: User,
    at: datetime | None = None,
) -> Task:
    """Make a task of a barrier: what is done about it, by whom, until when.

    Raises `NotPermitted`, `ReadinessRefused`.
    """
    found = _barrier(guide, barrier, kind, by)
    return give(guide.partnership, words, person, due_on, found, by, at or timezone.now())


@transaction.atomic
def set_barrier_aside(
    guide: Guide, *, barrier: int, kind: str, reason: str, by: User, at: datetime | None = None
) -> Task:
    """Say why nothing has to be done about a barrier. Raises `NotPermitted`, `ReadinessRefused` without a reason."""
    found = _barrier(guide, barrier, kind, by)
    at = at or timezone.now()
    made = Task.objects.create(
        partnership=guide.partnership,
        barrier=found,
        words=found.words,
        state=TaskState.DROPPED,
        outcome=words(reason, what=_("The reason"), longest=500),
        given_by=by,
        given_at=at,
        settled_by=by,
        settled_at=at,
    )
    _record(guide.partnership, by, at, what="barrier set aside", task=made.pk, kind=found.kind)
    return made


@transaction.atomic
def settle_task(task: Task, *, done: bool, outcome: str, by: User, at: datetime | None = None) -> Task:
    """Say what came of a task: done, or no longer needed. By its owner's partner or the facilitator.

    Raises `NotPermitted`, and `ReadinessRefused` without words or where it is settled already.
    """
    partnership = task.partnership
    may(partnership, "settle task", by)
    task.refresh_from_db(fields=["state"])
    own = partner_of(partnership, by)
    if partnership.facilitator_id != by.pk and (own is None or own.pk != task.partner_id):
        text = _("A task is settled by the partner who has it, or by the facilitator.")
        raise NotPermitted(Decision(False, (Reason("not-your-task", text),)), wanted="settle task")
    if task.state != TaskState.OPEN:
        raise ReadinessRefused(_("This task is settled already."), next_step=_("Reload the page."))
    at = at or timezone.now()
    task.state = TaskState.DONE if done else TaskState.DROPPED
    task.outcome = words(outcome, what=_("What came of it"), longest=500)
    task.settled_by, task.settled_at = by, at
    task.save()
    clocks.finish_all(about=f"partnership-task:{task.pk}", outcome=task.state, at=at)
    _record(partnership, by, at, what=f"task {task.state}", task=task.pk)
    return task


def give(
    partnership: Partnership,
    text: str,
    person: User,
    due_on: date | None,
    barrier: Barrier | None,
    by: User,
    at: datetime,
) -> Task:
    """Give a task, for a verb that has asked for permission itself. Raises `ReadinessRefused`."""
    partner = _owner(partnership, person)
    made = Task.objects.create(
        partnership=partnership,
        barrier=barrier,
        words=words(text, what=_("What is to be done"), longest=500),
        partner=partner,
        person=person,
        due_on=coming(due_on, at, what=_("The day it is due")),
        given_by=by,
        given_at=at,
    )
    ask_owner(made, at)
    _record(partnership, by, at, what="task given", task=made.pk, person=f"user:{person.pk}", due_on=made.due_on)
    return made


def _owner(partnership: Partnership, person: User) -> Partner:
    found = partner_of(partnership, person)
    if found is None:
        raise ReadinessRefused(
            _("%(name)s is not one of the partners’ people here.") % {"name": person.name},
            next_step=_("Choose an owner from the list."),
        )
    return found


def _barrier(guide: Guide, number: int, kind: str, by: User) -> Barrier:
    """Hold the guide and return its barrier, with its kind for the count. Only once all can read it."""
    guides.require(guide, "deal with barrier", by)
    found = Barrier.objects.filter(sheet__guide=guide, pk=number).first()
    if found is None or kind not in dict(process.barrier_kinds()):
        raise ReadinessRefused(_("There is no such barrier here."), next_step=_("Reload the page."))
    if Task.objects.filter(barrier=found).exists():
        raise ReadinessRefused(_("Somebody has already dealt with this barrier."), next_step=_("Reload the page."))
    found.kind = kind
    found.save()
    return found


def _record(partnership: Partnership, by: User, at: datetime, **facts: object) -> None:
    audit.record(Event.PARTNERSHIP_CHANGED, about=about(partnership), by=by, at=at, **facts)

"""From goals to the fields that their questions need; each can be taken over from the library."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.readiness import library
from infotrust.stages.readiness.models import Goal, GoalQuestion, Need, Partnership
from infotrust.stages.readiness.services.ground import ReadinessRefused, may, note_change, words

COMMAND = "keep questions"


@transaction.atomic
def add_goal(partnership: Partnership, *, text: str, by: User, at: datetime | None = None) -> Goal:
    """Write down something the partners want to reach. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, COMMAND, by)
    made = Goal.objects.create(partnership=partnership, words=words(text, what=_("The goal"), longest=500))
    note_change(partnership, by, at, what="goal added", goal=made.pk)
    return made


@transaction.atomic
def add_question(
    partnership: Partnership,
    *,
    goal: int,
    text: str = "",
    entry: int | None = None,
    by: User,
    at: datetime | None = None,
) -> GoalQuestion:
    """Add a question to a goal: in one's own words, or the library's with what it needs (`entry`: its place there).

    Raises `NotPermitted`, `ReadinessRefused`.
    """
    may(partnership, COMMAND, by)
    found = Goal.objects.filter(partnership=partnership, pk=goal).first()
    if found is None:
        raise _gone()
    taken = library.entries()[entry] if entry is not None and 0 <= entry < len(library.entries()) else None
    text = _(taken.words) if taken else words(text, what=_("The question"), longest=500)
    made = GoalQuestion.objects.create(goal=found, words=text)
    if taken:
        Need.objects.bulk_create(Need(question=made, words=_(need), find=find) for need, find in taken.needs)
    note_change(partnership, by, at, what="question added", question=made.pk)
    return made


@transaction.atomic
def add_need(
    partnership: Partnership,
    *,
    question: int,
    text: str,
    dataset: str = "",
    field: str = "",
    by: User,
    at: datetime | None = None,
) -> Need:
    """Say what a question needs, in words or as a field of the inventory. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, COMMAND, by)
    found = GoalQuestion.objects.filter(pk=question, goal__partnership=partnership).first()
    if found is None:
        raise _gone()
    made = Need(question=found, words=words(text, what=_("What is needed"), longest=300))
    _point(made, dataset, field)
    made.save()
    note_change(partnership, by, at, what="need added", need=made.pk)
    return made


@transaction.atomic
def choose_field(
    partnership: Partnership, *, need: int, dataset: str, field: str, by: User, at: datetime | None = None
) -> Need:
    """Say which field of the inventory a need is; empty takes it back. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, COMMAND, by)
    found = Need.objects.filter(pk=need, question__goal__partnership=partnership).first()
    if found is None:
        raise _gone()
    _point(found, dataset, field)
    found.save()
    note_change(partnership, by, at, what="field chosen", need=found.pk, dataset=dataset, field=field)
    return found


@transaction.atomic
def remove(partnership: Partnership, *, kind: str, number: int, by: User, at: datetime | None = None) -> None:
    """Take a goal, a question or a need away with all below it. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, COMMAND, by)
    rows = {
        "goal": Goal.objects.filter(partnership=partnership),
        "question": GoalQuestion.objects.filter(goal__partnership=partnership),
        "need": Need.objects.filter(question__goal__partnership=partnership),
    }
    if kind not in rows or not rows[kind].filter(pk=number).delete()[0]:
        raise _gone()
    note_change(partnership, by, at, what=f"{kind} removed", number=number)


def _point(need: Need, dataset: str, field: str) -> None:
    if bool(dataset) != bool(field):
        raise ReadinessRefused(_("A field and its data set go together."), next_step=_("Choose both, or neither."))
    if dataset:
        inventory.field(dataset, field)
    need.dataset, need.field = dataset, field


def _gone() -> ReadinessRefused:
    return ReadinessRefused(_("It is not there any more."), next_step=_("Reload the page."))

"""What each partner can do: it says so itself, and what is missing becomes a task, money to find, or another's part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.stages.readiness import capacity
from infotrust.stages.readiness.models import Assessment, EarlierAssessment, Partner, Partnership, Remedy
from infotrust.stages.readiness.services.ground import (
    ReadinessRefused,
    may,
    note_change,
    same,
    short,
    spoken_for,
    words,
)
from infotrust.stages.readiness.services.tasks import give
from infotrust.stages.readiness.terms import LONGEST_NOTE

COMMAND = "assess"


@transaction.atomic
def assess(
    partnership: Partnership,
    *,
    levels: Mapping[str, int | None],
    notes: Mapping[str, str],
    help_needed: str = "",
    seen: int,
    by: User,
    at: datetime | None = None,
) -> Assessment:
    """Say what one's own partner can do, area by area. `seen`: 0 for the first time. What was said before is kept.

    Raises `NotPermitted`, `SavedMeanwhile`, `ReadinessRefused`.
    """
    may(partnership, COMMAND, by)
    partner = spoken_for(partnership, by, COMMAND)
    found = Assessment.objects.filter(partner=partner).first()
    same(
        found.version if found else 0,
        seen,
        yours=capacity.in_words(levels, notes, help_needed),
        theirs=capacity.in_words(found.levels, found.notes, found.help_needed) if found else "",
    )
    known = {area.key for area in capacity.areas()}
    if any(level not in (None, 0, 1, 2) for level in levels.values()) or not set(levels) <= known:
        raise ReadinessRefused(_("There is no such level."), next_step=_("Choose one of the list."))
    if found is not None:
        before = capacity.in_words(found.levels, found.notes, found.help_needed)
        EarlierAssessment.objects.create(assessment=found, version=found.version, text=before, by=found.by, at=found.at)
    made = found or Assessment(partner=partner, version=0)
    made.levels = {key: level for key, level in levels.items() if level is not None}
    made.notes = {
        area.key: short(notes.get(area.key, ""), what=_(area.title), longest=LONGEST_NOTE) for area in capacity.areas()
    }
    made.help_needed = short(help_needed, what=_("Where you want help"), longest=LONGEST_NOTE)
    made.version += 1
    made.by, made.at = by, at or timezone.now()
    made.save()
    note_change(partnership, by, at, what="capacity assessed", partner=partner.agency.code)
    return made


@transaction.atomic
def remedy(
    partnership: Partnership,
    *,
    area: str,
    kind: str,
    text: str,
    person: User | None = None,
    due_on: date | None = None,
    taken_by: int | None = None,
    by: User,
    at: datetime | None = None,
) -> Remedy:
    """Say what is done about a gap of one's own partner. A later word replaces an earlier one, but not a given task.

    Raises `NotPermitted`, `ReadinessRefused`.
    """
    may(partnership, COMMAND, by)
    partner, at = spoken_for(partnership, by, COMMAND), at or timezone.now()
    found = Assessment.objects.filter(partner=partner).first()
    if found is None or area not in {one.key for one in capacity.gaps(found.levels)}:
        raise ReadinessRefused(_("There is no gap in that area."), next_step=_("Say first what you can do."))
    if kind not in Remedy.Kind.values:
        raise ReadinessRefused(_("There is no such remedy."), next_step=_("Choose one of the three."))
    before = found.remedies.filter(area=area).first()
    if before is not None and before.task_id:
        raise ReadinessRefused(_("A task is given for that already."), next_step=_("See the page of tasks."))
    if before is not None:
        before.delete()
    made = Remedy(assessment=found, area=area, kind=kind, by=by, at=at)
    made.words = words(text, what=_("What is done about it"), longest=500)
    if kind == Remedy.Kind.TASK:
        if person is None:
            raise ReadinessRefused(_("A task needs somebody who does it."), next_step=_("Choose a person and a day."))
        made.task = give(partnership, text, person, due_on, None, by, at)
    elif kind == Remedy.Kind.SWAP:
        made.taken_by = _other(partnership, partner, taken_by)
    made.save()
    note_change(partnership, by, at, what="gap dealt with", partner=partner.agency.code, area=area, remedy=kind)
    return made


def _other(partnership: Partnership, own: Partner, number: int | None) -> Partner:
    found = partnership.partners.filter(pk=number or 0).exclude(pk=own.pk).first()
    if found is None:
        raise ReadinessRefused(_("Another partner has to take it over."), next_step=_("Choose which one."))
    return found

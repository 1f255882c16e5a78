"""Where partners stand. The one place that reads answers, and it opens none before every partner has handed in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.stages.readiness import process
from infotrust.stages.readiness.lifecycle import GuideState
from infotrust.stages.readiness.models import Answer, Barrier, Guide, Partner, Partnership, Sheet
from infotrust.stages.readiness.services.ground import partner_of, require_reader


class NotYetOpen(UserFacingError):
    """The answers are not side by side yet."""


@dataclass(frozen=True)
class HandedIn:
    """Whether a partner has handed in. Never what it said."""

    partner: Partner
    handed_in: bool
    view: str


@dataclass(frozen=True)
class OwnSheet:
    """A partner's own copy: `answers` by the key of the question, and its barriers."""

    sheet: Sheet
    answers: dict[str, Answer]
    barriers: dict[str, tuple[Barrier, ...]]

    @property
    def unanswered(self) -> list[str]:
        return [item.title for item in process.items() if item.key not in self.answers]


@dataclass(frozen=True)
class BarrierCount:
    """How often a kind of barrier was met in all partnerships, and how it went."""

    title: str
    named: int
    partnerships: int
    open: int
    done: int
    set_aside: int
    median_days: float | None  # from the task to its end; None where none was done


def latest_guide(partnership: Partnership) -> Guide | None:
    return partnership.guides.order_by("-round").first()


def current_guide(partnership: Partnership) -> Guide | None:
    """Return the conversation under way, None where there is none."""
    return partnership.guides.exclude(state=GuideState.CONCLUDED).first()


def guide(partnership: Partnership, *, by: User, round: int | None = None) -> Guide | None:
    """Return a conversation of a partnership (the latest one); raises `NotPermitted` for strangers."""
    require_reader(partnership, by)
    if round is None:
        return latest_guide(partnership)
    return partnership.guides.filter(round=round).first()


def who_handed_in(guide: Guide) -> list[HandedIn]:
    """Which partners have handed in; their views only once the answers are side by side."""
    opened = guide.state != GuideState.ANSWERING
    return [
        HandedIn(sheet.partner, sheet.handed_in_at is not None, sheet.view if opened else "")
        for sheet in guide.sheets.select_related("partner__agency", "partner__contact")
    ]


def own_sheet(guide: Guide, *, by: User) -> OwnSheet | None:
    """Return the copy of the partner for which `by` speaks; None for the facilitator and for a newcomer."""
    partner = partner_of(guide.partnership, by)
    sheet = guide.sheets.select_related("partner__agency").filter(partner=partner).first() if partner else None
    return _read(sheet) if sheet else None


def sheets(guide: Guide, *, by: User) -> list[OwnSheet]:
    """Return every partner's copy. Raises `NotYetOpen` until they are side by side, `NotPermitted` for strangers."""
    require_reader(guide.partnership, by)
    if guide.state == GuideState.ANSWERING:
        raise NotYetOpen(
            _("The answers are not side by side yet."), next_step=_("They open when every partner has handed in.")
        )
    found = guide.sheets.select_related("partner__agency").prefetch_related("answers", "barriers__task__person")
    return [_read(sheet) for sheet in found]


def barriers(guide: Guide, *, by: User) -> list[Barrier]:
    """Every barrier of a guide whose answers are side by side; raises `NotYetOpen`, `NotPermitted`."""
    return [one for sheet in sheets(guide, by=by) for kept in sheet.barriers.values() for one in kept]


def barrier_statistics(*, by: User) -> list[BarrierCount]:
    """Count the barriers of all partnerships whose answers are side by side, by kind; the most frequent first.

    Counts only: no words and no names. Raises `NotPermitted`.
    """
    duties.require("read partnerships", by=by)
    found = list(
        Barrier.objects.exclude(sheet__guide__state=GuideState.ANSWERING).select_related("task", "sheet__guide")
    )
    counts = [_count(title, [one for one in found if one.kind == code]) for code, title in process.barrier_kinds()]
    return sorted((one for one in counts if one.named), key=lambda one: -one.named)


def _count(title: str, found: list[Barrier]) -> BarrierCount:
    tasks = [one.task for one in found if hasattr(one, "task")]
    states = Counter(task.state for task in tasks)
    days = [(task.settled_at - task.given_at).days for task in tasks if task.state == "done" and task.settled_at]
    return BarrierCount(
        title=title,
        named=len(found),
        partnerships=len({one.sheet.guide.partnership_id for one in found}),
        open=states["open"] + len(found) - len(tasks),
        done=states["done"],
        set_aside=states["dropped"],
        median_days=median(days) if days else None,
    )


def _read(sheet: Sheet) -> OwnSheet:
    kept: dict[str, list[Barrier]] = {}
    for barrier in sheet.barriers.all():
        kept.setdefault(barrier.item, []).append(barrier)
    return OwnSheet(
        sheet=sheet,
        answers={answer.item: answer for answer in sheet.answers.all()},
        barriers={item: tuple(found) for item, found in kept.items()},
    )

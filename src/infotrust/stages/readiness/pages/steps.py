"""The steps of a partnership as its page shows them: what is done, skipped, ready, or waits for another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from infotrust.stages.readiness import process, queries

# Where an activity is done. One without a page is done elsewhere, and ticked here.
PAGES: dict[str, tuple[str, ...]] = {
    "guide": ("guide",),
    "goals": ("start", "goals"),
    "gaps": ("goals",),
    "capacity": ("capacity",),
    "use-case": ("start", "use-case"),
    "plan": ("start", "plan"),
}


@dataclass(frozen=True)
class Row:
    """`blocked_by`: titles of what comes first. `by_itself`: the trust marks it, nobody ticks it. `ticks`: the
    trust marks it when it happens, and people may."""

    key: str
    title: str
    does: str
    status: str
    label: str
    reason: str
    settled_by: str
    settled_at: Any
    blocked_by: tuple[str, ...]
    address: str
    by_itself: bool
    usual_reason: str
    ticks: bool

    @property
    def open(self) -> bool:
        return self.status == "to_do"

    @property
    def ready(self) -> bool:
        return self.open and not self.blocked_by


@dataclass(frozen=True)
class Group:
    number: int
    title: str
    rows: tuple[Row, ...]


def groups(partnership: Any) -> tuple[Group, ...]:
    kept = queries.activities(partnership)
    return tuple(
        Group(step.number, _(step.title), tuple(_row(one, kept, partnership) for one in step.activities))
        for step in process.steps()
    )


def following(partnership: Any) -> Row | None:
    """Return the first activity that can be done now; None where all are done or skipped."""
    rows = [row for group in groups(partnership) for row in group.rows]
    # What was skipped over on the way comes after what the conversation leads to.
    ready = [row for row in rows if row.ready and row.key != "2a"]
    return next((row for row in ready if row.key >= "2"), ready[0] if ready else None)


def row(partnership: Any, key: str) -> Row | None:
    return next((row for group in groups(partnership) for row in group.rows if row.key == key), None)


def _row(activity: process.Activity, kept: dict[str, Any], partnership: Any) -> Row:
    own = kept[activity.key]
    return Row(
        key=activity.key,
        title=own.title,
        does=_(activity.does),
        status=own.status,
        label=str(own.get_status_display()),
        reason=own.reason,
        settled_by=own.settled_by.name if own.settled_by else "",
        settled_at=own.settled_at,
        blocked_by=tuple(kept[key].title for key in activity.after if kept[key].status == "to_do"),
        address=_page(activity.at, partnership),
        by_itself=activity.needed,
        usual_reason=_(activity.skip) if activity.skip else "",
        ticks=bool(activity.ticks),
    )


def _page(at: str, partnership: Any) -> str:
    """The address of the page where an activity is done; empty for one that is done elsewhere."""
    if at == "agreement":
        # Agreements are drafted one stage on, from the use case that every partner signed off.
        cases = queries.use_cases_of(partnership)
        return reverse("readiness:use-case", args=[cases[-1].number]) if cases else ""
    if at not in PAGES:
        return ""
    name, *more = PAGES[at]
    return reverse(f"readiness:{name}", args=[partnership.pk, *more])

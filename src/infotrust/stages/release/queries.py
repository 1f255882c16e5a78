"""Reading releases: the queue, one release for its checker, and who may check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import User
from infotrust.shared.catalogue.grids import Grid, Slot, grid_of, lay_out, words_for
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision, Reason
from infotrust.stages.analysis import queries as analysis
from infotrust.stages.release import content as contents
from infotrust.stages.release.lifecycle import State
from infotrust.stages.release.models import Release

WAITING = (State.SUBMITTED, State.CHECKING, State.APPROVED)


class NoSuchRelease(NotThere):
    """There is no release of that number."""


def release(number: int, *, by: User | None = None) -> Release:
    """Return a release; with `by`, only for those who follow releases."""
    if by is not None:
        duties.require("see releases", by=by)
    found = _all().filter(pk=number).first()
    if found is None:
        raise NoSuchRelease(
            _("There is no release number %(number)s.") % {"number": number},
            next_step=_("The list of releases shows those there are."),
        )
    return found


def releases_of(question_code: str) -> list[Release]:
    return list(_all().filter(question_code=question_code).order_by("-pk"))


def of_output(output_id: int) -> Release | None:
    """The release in which this output stands, unless it was returned."""
    return _all().filter(output_id=output_id).exclude(state=State.RETURNED).first()


def standing(question_code: str) -> Release | None:
    """The newest release of this question that is public."""
    return Release.objects.filter(question_code=question_code, state=State.PUBLISHED).order_by("-published_at").first()


@dataclass(frozen=True)
class Row:
    """A release on the list. `decision` says whether its reader may check it, and why not."""

    release: Release
    decision: Decision


@dataclass(frozen=True)
class Queue:
    """What waits, the one that waits longest first, and what is settled, newest first."""

    waiting: tuple[Row, ...]
    settled: tuple[Release, ...]
    may_check: Decision


def queue(*, by: User) -> Queue:
    duties.require("see releases", by=by)
    waiting = _all().filter(state__in=WAITING).order_by("submitted_at", "pk")
    settled = _all().exclude(state__in=WAITING).order_by("-pk")[:50]
    return Queue(
        tuple(Row(one, may_check(one, by=by)) for one in waiting),
        tuple(settled),
        duties.may("check output", by=by),
    )


def may_check(release: Release, *, by: User) -> Decision:
    """Whether `by` may check this release: an output checker, not one of its makers, not another's check."""
    decision = duties.may("check output", by=by)
    if not decision:
        return decision
    makers = {
        release.submitted_by_id: _("You sent this output for checking. Someone else checks it."),
        release.drafter_id: _("You drafted the question. Someone else checks its output."),
        release.author_id: _("You ran the question that gave this output. Someone else checks it."),
    }
    if by.pk in makers:
        return Decision(False, (Reason("release:checked-by-another", makers[by.pk]),))
    if release.state == State.CHECKING and release.checked_by_id != by.pk:
        return Decision(False, (Reason("release:one-checker", _("Another checker has taken up this release.")),))
    return decision


@dataclass(frozen=True)
class HiddenCell:
    """A hidden cell for the checker: which, why, and what a reader of the release must allow for it."""

    where: str
    small: bool
    limits: str


@dataclass(frozen=True)
class Page:
    """One release as its checker sees it. `before` is None for those who may not see unpublished outputs."""

    release: Release
    content: dict[str, Any]
    before: Grid | None
    after: Grid
    hidden: tuple[HiddenCell, ...]
    findings: tuple[str, ...]
    sees_outputs: Decision
    may_check: Decision
    may_publish: Decision
    may_withdraw: Decision
    earlier: tuple[Release, ...]


def page(number: int, *, by: User) -> Page:
    found = release(number, by=by)
    sees = analysis.may_see_output(found.output, by=by)
    return Page(
        release=found,
        content=found.content,
        before=_before(found) if sees else None,
        after=grid_of(found.content["table"]),
        hidden=_hidden_cells(found) if sees else (),
        findings=tuple(word_finding(one, found.content["table"]) for one in found.findings) if sees else (),
        sees_outputs=sees,
        may_check=may_check(found, by=by),
        may_publish=duties.may("publish output", by=by),
        may_withdraw=duties.may("withdraw output", by=by),
        earlier=tuple(one for one in releases_of(found.question_code) if one.pk != found.pk),
    )


def _before(found: Release) -> Grid:
    """The true table, with the cells marked that the release hides."""
    table = contents.count_table(found.output)
    why = {tuple(one["key"]): one["why"] for one in found.hidden}
    counts = zip(table.keys, table.cube.ravel().tolist(), strict=True)
    slots = {key: Slot(f"{count:,}", why.get(key, "shown")) for key, count in counts}
    return lay_out(found.content["table"], slots)


def _hidden_cells(found: Release) -> tuple[HiddenCell, ...]:
    table = found.content["table"]
    bounds = {tuple(one["key"]): one for one in found.bounds}
    return tuple(
        HiddenCell(words_for(table, one["key"]), one["why"] == "small", _limits(bounds.get(tuple(one["key"]))))
        for one in found.hidden
    )


def _limits(bound: dict[str, Any] | None) -> str:
    if bound is None:
        return ""
    if bound["most"] is None:
        return _("%(least)s or more") % {"least": bound["least"]}
    return _("%(least)s to %(most)s") % {"least": bound["least"], "most": bound["most"]}


def word_finding(finding: dict[str, Any], table: dict[str, Any]) -> str:
    """A finding in words, for the checker."""
    facts = finding["facts"]
    known = {value: word for one in table["dimensions"] for value, word in one.get("words", {}).items()}
    where = ", ".join(known.get(part, part) for part in finding["where"])
    texts = {
        "small-change": _("%(where)s changed by only %(change)s since release %(earlier)s. Could it point to someone?"),
        "not-compared": _("Release %(where)s groups people otherwise and was not compared."),
        "hidden-but-public": _("%(where)s is hidden here, but the same count is public in an earlier release."),
        "sentence-incomplete": _("The sentence has a gap: the figure “%(where)s” rests on a hidden count."),
    }
    text = texts.get(finding["rule"], str(finding["rule"]))
    return text % {"where": where, **facts}


def _all() -> QuerySet[Release]:
    return Release.objects.select_related("author", "drafter", "submitted_by", "checked_by", "output__question")

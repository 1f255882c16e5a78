"""Whose turn it is: the first thing every page of a partnership says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.shared.accounts.models import User
from infotrust.shared.clocks import queries as waits
from infotrust.stages.readiness import queries
from infotrust.stages.readiness.lifecycle import GuideState, PaperState, State
from infotrust.stages.readiness.pages import steps

BEING_WRITTEN = {PaperState.DRAFT.value, PaperState.SIGNING.value}


@dataclass(frozen=True)
class Turn:
    """`yours`: the reader should act. `action` and `address` lead to where; `aside` adds what is good to know."""

    yours: bool
    sentence: str
    action: str = ""
    address: str = ""
    aside: str = ""


@dataclass(frozen=True)
class Holder:
    """Somebody who is waited for: for what, since when, until when."""

    who: str
    what: str
    since: Any
    days: int
    due_on: date | None
    overdue: bool


def turn(partnership: Any, *, by: User) -> Turn:
    """Say whose turn it is in a partnership."""
    guide = queries.current_guide(partnership)
    if partnership.state == State.CLOSED:
        return Turn(False, _("This partnership is closed: %(why)s") % {"why": partnership.closed_because})
    if guide is not None:
        return _answering(partnership, guide, by) if guide.state == GuideState.ANSWERING else _talking(guide, by)
    if partnership.state == State.FEASIBLE:
        return _feasible(partnership, by)
    return _not_yet(partnership, by) if partnership.state == State.NOT_YET else _before(partnership, by)


def _before(partnership: Any, by: User) -> Turn:
    partners = queries.partners(partnership)
    least = 1 if partnership.configuration == "one_program" else 2
    if sum(one.contributes for one in partners) < least:
        return Turn(
            True,
            _("Bring the other partner to the table."),
            _("Add a partner"),
            _to("add-partner", partnership),
            _("It takes somebody there to talk with. Everyone here may do this."),
        )
    return _everyones(
        partnership,
        by,
        _("Begin the discussion guide: five questions, about 20 minutes for each partner."),
        _("Begin the guide"),
        _to("guide", partnership),
    )


def _answering(partnership: Any, guide: Any, by: User) -> Turn:
    own, hidden = queries.own_sheet(guide, by=by), _("No other partner sees it before all have handed in.")
    if own and own.sheet.handed_in_at is None:
        return Turn(
            True,
            _("Say where your program stands on five questions."),
            _("Go on with your answers") if own.answers else _("Answer the five questions"),
            _to("sheet", partnership),
            hidden,
        )
    left = [str(one.partner) for one in queries.who_handed_in(guide) if not one.handed_in]
    if left:
        return Turn(False, _("Waiting for the answers of %(names)s.") % {"names": "; ".join(left)}, aside=hidden)
    if partnership.facilitator_id == by.pk:
        return Turn(
            True,
            _("Every partner has handed in. Lay the answers side by side when you are together."),
            _("Go to the guide"),
            _to("guide", partnership),
        )
    return Turn(
        False,
        _("Every partner has handed in. %(name)s lays the answers side by side.")
        % {"name": partnership.facilitator.name if partnership.facilitator else ""},
    )


def _talking(guide: Any, by: User) -> Turn:
    partnership, own = guide.partnership, queries.own_sheet(guide, by=by)
    if own and not own.sheet.view:
        return Turn(
            True,
            _("The answers are side by side. Talk them over, then say whether your program would go on."),
            _("Look at the answers"),
            _to("guide", partnership),
        )
    left = [str(one.partner) for one in queries.who_handed_in(guide) if not one.view]
    if left:
        return Turn(
            False,
            _("Waiting for %(names)s to say whether to go on.") % {"names": "; ".join(left)},
            aside=_("Meanwhile, everyone here can write down what was said."),
        )
    return _chairs(
        partnership,
        by,
        _("Every partner has said its view. Conclude the conversation."),
        _("Conclude it"),
        _to("conclude", partnership),
    )


def _feasible(partnership: Any, by: User) -> Turn:
    following = steps.following(partnership)
    if following is None:
        return Turn(False, _("Every step is done or set aside."))
    begun = [one for one in queries.papers_of(partnership) if one.kind == "use-case" and one.state in BEING_WRITTEN]
    if following.key == "2b" and begun:
        words = {"title": queries.title_of(begun[0]), "name": begun[0].started_by.name}
        sentence = _("%(name)s has begun the use case “%(title)s”. Read it, and write with them.") % words
        address = reverse("readiness:paper", args=[partnership.pk, begun[0].kind, begun[0].number])
        return Turn(True, sentence, _("Open the use case"), address)
    sentence = _("You found it feasible. Next: %(title)s.") % {"title": following.title.rstrip(".")}
    return _everyones(partnership, by, sentence, _("Go there") if following.address else "", following.address)


def _not_yet(partnership: Any, by: User) -> Turn:
    mine = [one for one in queries.tasks(partnership) if one.state == "open" and one.person_id == by.pk]
    day = date_format(partnership.reconvene_on)
    if mine:
        return Turn(
            True,
            _("Not yet: you have something to take out of the way: %(words)s") % {"words": mine[0].words},
            _("Your tasks"),
            _to("tasks", partnership),
            _("The partners meet again on %(day)s.") % {"day": day},
        )
    return _chairs(
        partnership,
        by,
        _("Not yet. The partners meet again on %(day)s and go through the guide once more.") % {"day": day},
        _("Begin the next conversation"),
        _to("guide", partnership),
    )


def _everyones(partnership: Any, by: User, sentence: str, action: str, address: str) -> Turn:
    """Anyone at the table may; the one who leads the conversation is waited for."""
    leader = _leader(partnership)
    if leader is None or leader.pk == by.pk:
        return Turn(True, sentence, action, address)
    aside = _("%(name)s leads the conversation; you may begin it too.") % {"name": leader.name}
    return Turn(True, sentence, action, address, aside)


def _chairs(partnership: Any, by: User, sentence: str, action: str, address: str) -> Turn:
    """Only the facilitator may, or, where there is none, anyone at the table."""
    leader = partnership.facilitator
    if leader is None or leader.pk == by.pk:
        return Turn(True, sentence, action, address)
    return Turn(False, sentence, aside=_("%(name)s does that as the facilitator.") % {"name": leader.name})


def goals_turn(partnership: Any, goals: list[queries.GoalRow]) -> Turn:
    """Whose turn it is on the page of goals."""
    questions = [row for goal in goals for row in goal.questions]
    if not partnership.is_open:
        return Turn(False, _("This partnership is closed."))
    if not goals:
        return Turn(True, _("Write the first goal. Everyone at the table can."))
    if not questions:
        return Turn(True, _("Add a question to a goal: what do you want to know?"))
    left = sum(row.verdict in ("open", "missing") for row in questions)
    if left:
        sentence = ngettext(
            "%(left)d question still lacks data: say what it needs, and where that is.",
            "%(left)d questions still lack data: say what they need, and where that is.",
            left,
        )
        return Turn(True, sentence % {"left": left})
    return Turn(False, _("Of every question you know whose data answers it."))


def capacity_turn(partnership: Any, rows: list[queries.CapacityRow]) -> Turn:
    """Whose turn it is on the page of what each partner can do."""
    own = next((row for row in rows if row.own), None)
    left = [str(row.partner) for row in rows if row.assessment is None]
    if not partnership.is_open:
        return Turn(False, _("This partnership is closed."))
    if own is not None and own.assessment is None:
        return Turn(True, _("Say what your program can do."), _("Say it"), _to("our-capacity", partnership))
    if own is not None and (open_gaps := sum(gap.remedy is None for gap in own.gaps)):
        sentence = ngettext(
            "%(open)d of your areas has too little, and nothing is done about it yet.",
            "%(open)d of your areas have too little, and nothing is done about it yet.",
            open_gaps,
        )
        return Turn(True, sentence % {"open": open_gaps}, aside=_("Deal with each below."))
    if left:
        return Turn(False, _("Waiting for %(names)s to say what they can do.") % {"names": "; ".join(left)})
    return Turn(False, _("Every partner has said what it can do."))


def _leader(partnership: Any) -> Any:
    partners = queries.partners(partnership)
    return partnership.facilitator or (partners[0].contact if partners else None)


def holders(labels: Iterable[str]) -> list[Holder]:
    """Who is waited for in things of these labels, the longest first."""
    found = [
        Holder(one.holder, one.step, one.wait.since, one.days, one.wait.due_on, one.overdue)
        for label in labels
        for one in waits.open_of(label)
    ]
    return sorted(found, key=lambda one: one.since)


def _to(name: str, partnership: Any) -> str:
    return reverse(f"readiness:{name}", args=[partnership.pk])

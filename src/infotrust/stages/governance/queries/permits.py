"""Who may give which command to a motion now: the table of commands, and what someone is on the body beside their role.

One answer serves the button (`why_not`), the verb (`require`) and the text of a refusal.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.stages.governance.commands import (
    BY_WHOM,
    COMMANDS,
    MEETING_COMMANDS,
    PRESIDER,
    RAISER,
    RAISER_OR_PRESIDER,
    VOTER,
)
from infotrust.stages.governance.models import Body, Meeting, Motion
from infotrust.stages.governance.queries.bodies import Standing, charter, citation
from infotrust.stages.governance.queries.bodies import standing as standing_of
from infotrust.stages.governance.queries.motions import recused_seats


class VoteClosed(ImpossibleMove):
    """The vote is over: what was decided stands."""


def why_not(name: str, motion: Motion, *, by: User, at: datetime | None = None) -> str:
    """Return why `by` may not give the command `name` to `motion`; empty if they may."""
    refused = commands.why_not(COMMANDS[name], state=motion.state, by=by)
    if refused:
        return refused
    reason = _who_refuses(name, motion, by, standing_of(motion.body, by, timezone.localdate(at)))
    return reason.plain if reason else ""


def require(name: str, motion: Motion, *, by: User, at: datetime) -> Standing:
    """Return what `by` is on the motion's body. Raises `NotPermitted` or `ImpossibleMove`, naming the rule."""
    command = COMMANDS[name]
    duties.require(command.duty, by=by)
    if name in ("vote", "change vote") and motion.decided_at is not None:
        raise _closed(motion)
    commands.require(command, state=motion.state, thing=motion.label, by=by)
    standing = standing_of(motion.body, by, timezone.localdate(at))
    reason = _who_refuses(name, motion, by, standing)
    if reason:
        raise NotPermitted(Decision(False, (reason,)), wanted=f"{name}: {motion.label}")
    return standing


def require_keeper(body: Body, *, by: User, at: datetime) -> None:
    """Seats are kept by an administrator, or by the body's own chair or secretary; raises `NotPermitted`."""
    duties.require("keep boards", by=by)
    if duties.may("found boards", by=by) or standing_of(body, by, timezone.localdate(at)).presides:
        return
    text = _("Seats are kept by an administrator, or by the chair or secretary of this body.")
    raise NotPermitted(Decision(False, (_reason("not-its-presider", text, body),)), wanted=f"keep boards: {body.code}")


def require_presider(wanted: str, body: Body, *, by: User, at: datetime) -> None:
    """Raise `NotPermitted` unless `by` is the body's chair or secretary and has the duty to run boards."""
    duties.require("run boards", by=by)
    if not standing_of(body, by, timezone.localdate(at)).presides:
        text = _("Only the chair or the secretary of this body may do this.")
        raise NotPermitted(Decision(False, (_reason("not-its-presider", text, body),)), wanted=wanted)


def require_for_meeting(name: str, meeting: Meeting, *, by: User, at: datetime) -> None:
    """Raise `NotPermitted` or `ImpossibleMove` unless `by` may give the command to this meeting now."""
    commands.require(MEETING_COMMANDS[name], state=meeting.state, thing=str(meeting), by=by)
    require_presider(name, meeting.body, by=by, at=at)


def why_not_for_meeting(name: str, meeting: Meeting, *, by: User) -> str:
    """Return why `by` may not give the command to a meeting; empty if they may."""
    refused = commands.why_not(MEETING_COMMANDS[name], state=meeting.state, by=by)
    if refused or standing_of(meeting.body, by).presides:
        return refused
    return _("Only the chair or the secretary of this body may do this.")


def _closed(motion: Motion) -> VoteClosed:
    when = date_format(timezone.localtime(motion.decided_at), "DATETIME_FORMAT")
    rule = citation(motion.charter) if motion.charter else ""
    return VoteClosed(
        _("The vote on %(label)s closed on %(when)s. A vote counts only before the close (%(rule)s).")
        % {"label": motion.label, "when": when, "rule": rule},
        next_step=_("What was decided stands. Raise a new motion to decide it anew."),
    )


def _who_refuses(name: str, motion: Motion, by: User, standing: Standing) -> Reason | None:
    """Return the rule that refuses, where `by` is not what the command asks for."""
    who, body = BY_WHOM[name], motion.body
    raised = motion.raised_by_id == by.pk
    if who == RAISER and not raised:
        return _reason("not-its-raiser", _("Only who raised the motion may do this."), body)
    if who == PRESIDER and not standing.presides:
        return _reason("not-its-presider", _("Only the chair or the secretary of this body may do this."), body)
    if who == RAISER_OR_PRESIDER and not (raised or standing.presides):
        text = _("Only who raised the motion, or the chair or secretary of the body, may do this.")
        return _reason("not-its-raiser", text, body)
    return _not_voting(motion, standing) if who == VOTER else None


def _not_voting(motion: Motion, standing: Standing) -> Reason | None:
    now, body = standing.voting, motion.body
    if now is None:
        text = _("Only who holds a voting seat of the %(body)s, or stands in for its holder, takes part in its votes.")
        return _reason("no-seat", text % {"body": body.name}, body)
    recusal = recused_seats(motion).get(now.seat.pk)
    if recusal:
        text = _("The seat %(seat)s takes no part in %(label)s because of a conflict of interest: %(reason)s")
        words = {"seat": now.seat.title, "label": motion.label, "reason": recusal.reason}
        return _reason("recused", text % words, body)
    return None


def _reason(rule: str, text: str, body: Body) -> Reason:
    return Reason(f"board:{rule}", text, citation(charter(body)))

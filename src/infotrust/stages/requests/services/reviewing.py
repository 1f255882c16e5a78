"""The office, the custodians and the boards: check, send on, answer, decide, and talk about it.

All agencies whose fields are asked for answer at the same time. A request goes back to its requester once, with every
agency's questions together, not once for each agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.requests import queries
from infotrust.stages.requests.asking import section
from infotrust.stages.requests.commands import REQUESTS
from infotrust.stages.requests.lifecycle import State
from infotrust.stages.requests.models import Answered, Comment, DataRequest
from infotrust.stages.requests.services.ground import (
    CHECK,
    CUSTODIANS,
    DECISION,
    ISSUE,
    OFFICE,
    QUESTIONS,
    done,
    lock,
    move,
    now,
    only_another,
    only_contributing,
    tell_requester,
    wait,
)
from infotrust.stages.requests.terms import RUBRIC, Grade, Outcome, RequestIncomplete

CUSTODIAN, BOARD = Answered.Part.CUSTODIAN, Answered.Part.BOARD


@transaction.atomic
def return_request(request: DataRequest, *, comment: str, by: User, at: datetime | None = None) -> DataRequest:
    """Send a request that is not complete back to its requester, with what is missing."""
    at, request = now(at), lock(request)
    commands.require(REQUESTS["return"], state=request.state, thing=request.code, by=by)
    only_another(request, by, _("check your own request"))
    _say(request, comment, "", by=by, at=at)
    clocks.finish(about=request.about, step=CHECK, outcome="returned", at=at)
    return _back(request, by=by, at=at)


@transaction.atomic
def send_to_custodians(request: DataRequest, *, by: User, at: datetime | None = None) -> DataRequest:
    """Find a request complete: every agency whose fields it asks for is asked, all at the same time."""
    at, request = now(at), lock(request)
    commands.require(REQUESTS["send"], state=request.state, thing=request.code, by=by)
    only_another(request, by, _("check your own request"))
    custodians = queries.contributing(request)
    if not custodians:
        raise RequestIncomplete(
            _("No agency owns any of the fields that are asked for."), next_step=_("Return it with a comment.")
        )
    move(request, State.IN_REVIEW, at=at)
    clocks.finish(about=request.about, step=CHECK, outcome="complete", at=at)
    wait(request, CUSTODIANS, role=Role.STEWARD, agencies=custodians, at=at)
    return done(request, Event.REQUEST_SENT, by=by, at=at, agencies=[agency.code for agency in custodians])


@transaction.atomic
def answer(
    request: DataRequest,
    *,
    outcome: str,
    rubric: Mapping[str, Mapping[str, str]],
    comment: str = "",
    conditions: str = "",
    seen: str = "",
    by: User,
    at: datetime | None = None,
) -> DataRequest:
    """Answer as custodian for the agency of `by`. `rubric` gives each question of `terms.RUBRIC` a grade and a note.

    `seen` is the digest of what was read. An answer can be changed until the last agency has answered. Raises
    `NotPermitted`, `RequestIncomplete`.
    """
    at, request = now(at), lock(request)
    commands.require(REQUESTS["answer"], state=request.state, thing=request.code, by=by, agency=by.agency)
    only_another(request, by, _("review your own request"))
    agency = only_contributing(request, by, _("review request %(code)s") % {"code": request.code})
    _require_same(request, seen)
    if outcome not in Outcome.values:
        raise RequestIncomplete(_("Say whether your agency supports the request."))
    _require_reason(outcome, comment)
    Answered.objects.update_or_create(
        request=request, part=CUSTODIAN, round=request.round, agency=agency,
        defaults={
            "digest": request.digest, "outcome": outcome, "rubric": _graded(rubric), "comment": comment.strip(),
            "conditions": conditions.strip(), "by": by, "at": at,
        },
    )  # fmt: skip
    clocks.finish(about=request.about, step=CUSTODIANS, agency=agency, outcome=outcome, at=at)
    audit.record(
        Event.REQUEST_REVIEWED, about=request.about, by=by, at=at, agency=agency.code, outcome=outcome,
        round=request.round, digest=request.digest,
    )  # fmt: skip
    return _after_custodians(request, by=by, at=at)


def _after_custodians(request: DataRequest, *, by: User, at: datetime) -> DataRequest:
    """When the last custodian has answered: back with every question, or on to the boards."""
    given = {one.agency_id: one for one in request.answered.filter(part=CUSTODIAN, round=request.round)}
    asked = queries.contributing(request)
    if not {agency.pk for agency in asked} <= set(given):
        return request
    if any(one.outcome == Outcome.CHANGES for one in given.values()):
        return _back(request, by=by, at=at)
    move(request, State.DECISION, at=at)
    wait(request, DECISION, role=Role.BOARD_MEMBER, agencies=asked, at=at)
    return done(request, Event.REQUEST_SENT, by=by, at=at, agencies=[agency.code for agency in asked])


@transaction.atomic
def decide(
    request: DataRequest,
    *,
    grant: bool,
    reason: str = "",
    conditions: str = "",
    seen: str = "",
    by: User,
    at: datetime | None = None,
) -> DataRequest:
    """Decide for the agency of `by`. Granted when every agency grants; not granted as soon as one does not.

    No board can give what another agency holds. Raises `NotPermitted`, `RequestIncomplete`.
    """
    at, request = now(at), lock(request)
    commands.require(REQUESTS["decide"], state=request.state, thing=request.code, by=by, agency=by.agency)
    only_another(request, by, _("decide your own request"))
    agency = only_contributing(request, by, _("decide request %(code)s") % {"code": request.code})
    _require_same(request, seen)
    motion = queries.motion_on(request)
    if grant and motion is not None and not motion.adopted:
        raise RequestIncomplete(
            _("%(body)s decided against it on %(day)s.") % {"body": motion.body, "day": date_format(motion.decided_on)},
            next_step=_("An agency does not grant what the trust's governing body did not."),
        )
    outcome = Outcome.SUPPORT if grant else Outcome.AGAINST
    _require_reason(outcome, reason)
    Answered.objects.update_or_create(
        request=request, part=BOARD, round=request.round, agency=agency,
        defaults={
            "digest": request.digest, "outcome": outcome, "comment": reason.strip(), "conditions": conditions.strip(),
            "by": by, "at": at,
        },
    )  # fmt: skip
    clocks.finish(about=request.about, step=DECISION, agency=agency, outcome=outcome, at=at)
    audit.record(
        Event.REQUEST_DECIDED, about=request.about, by=by, at=at, agency=agency.code, outcome=outcome.value,
        round=request.round, digest=request.digest,
    )  # fmt: skip
    return _after_decisions(request, reason, by=by, at=at)


def _after_decisions(request: DataRequest, reason: str, *, by: User, at: datetime) -> DataRequest:
    given = {one.agency_id: one.outcome for one in request.answered.filter(part=BOARD, round=request.round)}
    if Outcome.AGAINST in given.values():
        request.reason = reason.strip()[:2_000]
        move(request, State.REFUSED, at=at)
        clocks.finish_all(about=request.about, outcome="not granted", at=at)
        tell_requester(request, _("not granted"), by=by, at=at)
        return done(request, Event.REQUEST_REFUSED, by=by, at=at)
    if not {agency.pk for agency in queries.contributing(request)} <= set(given):
        return request
    move(request, State.GRANTED, at=at)
    wait(request, ISSUE, role=OFFICE, at=at)
    tell_requester(request, _("granted"), by=by, at=at)
    return done(request, Event.REQUEST_GRANTED, by=by, at=at)


@transaction.atomic
def comment(request: DataRequest, *, text: str, part: str = "", by: User, at: datetime | None = None) -> Comment:
    """Say something about the request, or about one of its sections, to everyone who deals with it."""
    at, request = now(at), lock(request)
    commands.require(REQUESTS["comment"], state=request.state, thing=request.code, by=by)
    if not queries.may_read(request, by=by):
        raise NotPermitted(duties.may("read requests", by=by), wanted=_("comment on this request"))
    made = _say(request, text, part, by=by, at=at)
    tell_requester(request, _("someone commented on it"), by=by, at=at)
    return made


def _say(request: DataRequest, text: str, part: str, *, by: User, at: datetime) -> Comment:
    if not text.strip():
        raise RequestIncomplete(_("The comment is empty."), next_step=_("Write what its reader should know."))
    if part and section(part) is None:
        raise RequestIncomplete(_("The form has no such section."), next_step=_("Choose one of the list."))
    made = Comment.objects.create(request=request, section=part, text=text.strip()[:8_000], by=by, at=at)
    audit.record(Event.REQUEST_COMMENTED, about=request.about, by=by, at=at, section=part)
    return made


def _back(request: DataRequest, *, by: User, at: datetime) -> DataRequest:
    move(request, State.RETURNED, at=at)
    clocks.finish_all(about=request.about, outcome="returned", at=at)
    wait(request, QUESTIONS, person=request.requested_by, at=at)
    return done(request, Event.REQUEST_RETURNED, by=by, at=at)


def _require_same(request: DataRequest, seen: str) -> None:
    if seen and seen != request.digest:
        raise RequestIncomplete(
            _("%(code)s was submitted anew after you opened this page.") % {"code": request.code},
            next_step=_("Read it again; what you typed is still in the form."),
        )


def _require_reason(outcome: str, text: str) -> None:
    if outcome != Outcome.SUPPORT and not text.strip():
        raise RequestIncomplete(
            _("An objection says why."), next_step=_("Write what the requester should change or know.")
        )


def _graded(rubric: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the rubric as it is kept; raises `RequestIncomplete` where a question has no grade."""
    missing = [key for key in RUBRIC if (rubric.get(key) or {}).get("grade") not in Grade.values]
    if missing:
        raise RequestIncomplete(
            _("Not graded: %(question)s") % {"question": RUBRIC[missing[0]]}, next_step=_("Answer all five questions.")
        )
    return {key: {"grade": rubric[key]["grade"], "note": rubric[key].get("note", "").strip()[:2_000]} for key in RUBRIC}

"""What the public sees of a request: its title and summary in plain words, where it is, since when, and by when.

Nobody's name stands there unless the requester agreed. The words of an expected date are honest: worked out from how
long the steps took before, and left out where too few are known.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import RequestEntry
from infotrust.shared.clocks import queries as waits
from infotrust.stages.requests.lifecycle import State
from infotrust.stages.requests.queries import DataRequest, contributing, latest_license

# What still follows from each state, as steps of the process "request" (see services.ground).
STEPS_LEFT: dict[str, tuple[str, ...]] = {
    State.SUBMITTED: ("completeness check", "custodian review", "decision"),
    State.RETURNED: ("answer questions", "completeness check", "custodian review", "decision"),
    State.IN_REVIEW: ("custodian review", "decision"),
    State.DECISION: ("decision",),
}


def show(request: DataRequest, *, at: datetime) -> None:
    """Show a request where it is now; a draft is nobody's business, and one that was never submitted is not shown."""
    if request.submitted_at is None:
        return
    agreed = request.answers.get("show_name") == "yes"
    whose = request.requested_by.name + (f", {request.agency.name}" if request.agency else "")
    catalogue.show_request(
        RequestEntry(
            code=request.code,
            title=request.title,
            summary=str(request.answers.get("summary", "")),
            stage=request.state,
            since=timezone.localdate(at),
            submitted_on=timezone.localdate(request.submitted_at),
            expected_on=expected(request, at=at),
            agencies=tuple(agency.name for agency in contributing(request)),
            requester=whose if agreed else "",
            licensed_until=_licensed_until(request),
        ),
        at=at,
    )


def expected(request: DataRequest, *, at: datetime) -> date | None:
    """Return by when a decision can honestly be expected; None where too little is known, or it was taken."""
    steps = STEPS_LEFT.get(request.state)
    return waits.expected("request", steps, at=at) if steps else None


def _licensed_until(request: DataRequest) -> date | None:
    """The last day of the license that stands, or stood; None before there is one."""
    found = latest_license(request)
    if found is None:
        return None
    return timezone.localdate(found.ended_at) if found.ended_at else found.ends_on

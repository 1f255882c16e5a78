"""What every verb of a request stands on: one row held, one move made, one condition beyond the table, one wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.terms import digest
from infotrust.shared.accounts.models import Agency, Role, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.stages.requests import queries, showing
from infotrust.stages.requests.commands import ANOTHER, CONTRIBUTING, NAMED, ONLY_WORDS, OWN
from infotrust.stages.requests.lifecycle import LIFECYCLE, OVER, State
from infotrust.stages.requests.models import Attachment, DataRequest, License
from infotrust.stages.requests.queries import contributing

PROCESS = "request"
# The steps in which someone waits, in order; their words are described in the app's `ready()`.
CHECK, QUESTIONS, CUSTODIANS, DECISION, ISSUE = (
    "completeness check",
    "answer questions",
    "custodian review",
    "decision",
    "issue license",
)


def lock(request: DataRequest) -> DataRequest:
    """Hold the row until the transaction ends, and read it anew: two people may act at the same moment."""
    return (
        DataRequest.objects.select_for_update(of=("self",)).select_related("requested_by", "agency").get(pk=request.pk)
    )


def lock_license(found: License) -> License:
    """Hold a license's row in the same way."""
    License.objects.select_for_update().get(pk=found.pk)
    return queries.license_version(found.code, found.version)


def move(request: DataRequest, to: State, *, at: datetime) -> None:
    """Change the state, save, and show the public where it is now."""
    LIFECYCLE.require(request.state, to, thing=request.code)
    request.state = to
    request.closed_at = at if to in OVER else None
    request.save()


def only_own(request: DataRequest, by: User, wanted: str) -> None:
    _only(request.requested_by_id == by.pk, OWN, wanted)


def only_another(request: DataRequest, by: User, wanted: str) -> None:
    _only(request.requested_by_id != by.pk, ANOTHER, wanted)


def only_contributing(request: DataRequest, by: User, wanted: str) -> Agency:
    """Return the agency `by` answers for; raises `NotPermitted` where none of its fields is asked for."""
    own = next((one for one in contributing(request) if one.pk == by.agency_id), None)
    _only(own is not None, CONTRIBUTING, wanted)
    return own  # type: ignore[return-value]


def only_named(is_named: bool, wanted: str) -> None:
    _only(is_named, NAMED, wanted)


def _only(holds: bool, which: str, wanted: str) -> None:
    if not holds:
        raise NotPermitted(Decision(False, (Reason("beyond-the-table", str(ONLY_WORDS[which])),)), wanted=wanted)


def submitted_digest(request: DataRequest) -> str:
    """The digest that answers of custodians and boards stand under: of every answer and every paper."""
    return digest({"answers": request.answers, "papers": papers(request)})


def papers(request: DataRequest) -> list[dict[str, Any]]:
    kept = Attachment.objects.filter(request=request, removed_at__isnull=True).order_by("pk")
    return [{"tag": one.tag, "name": one.name, "digest": one.digest} for one in kept.only("tag", "name", "digest")]


def wait(
    request: DataRequest,
    step: str,
    *,
    at: datetime,
    role: str = "",
    agencies: Iterable[Agency] = (),
    person: Any = None,
) -> None:
    """Begin a step: for a person, for a role of the whole trust, or for a role in each of several agencies."""
    holders: list[Agency | None] = [*agencies]
    for agency in holders or [None]:
        clocks.begin(
            about=request.about,
            process=PROCESS,
            step=step,
            title=_("%(code)s: %(title)s") % {"code": request.code, "title": request.title or _("without a title")},
            address=request.address,
            agency=agency,
            role=role,
            person=person,
            at=at,
        )


def done(request: DataRequest, event: Event, *, by: User | None, at: datetime, **facts: Any) -> DataRequest:
    """Record what happened and show the public where the request is now."""
    audit.record(event, about=request.about, by=by, at=at, state=request.state, round=request.round, **facts)
    showing.show(request, at=at)
    return request


def tell_requester(request: DataRequest, what: str, *, by: User, at: datetime) -> None:
    """Tell the requester what happened, on their desk and by mail."""
    title = _("%(code)s: %(what)s") % {"code": request.code, "what": what}
    clocks.tell([request.requested_by], title=title, address=request.address, by=by, at=at)


def now(at: datetime | None) -> datetime:
    return at or timezone.now()


OFFICE = Role.FACILITATOR

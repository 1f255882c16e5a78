"""Handing out a paper of a request: it may hold what a team would not publish, so each reading is recorded."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.stages.requests import queries
from infotrust.stages.requests.models import Attachment


@transaction.atomic
def open_attachment(code: str, *, number: int, by: User, at: datetime | None = None) -> Attachment:
    """Return a paper with its content; raises `NoSuchRequest` for those who may not read the request."""
    request = queries.request(code, by=by)
    found = queries.attachment(request, number)
    audit.record(Event.REQUEST_PAPER_READ, about=request.about, by=by, at=at, digest=found.digest)
    return found

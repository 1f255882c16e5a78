"""What must be permitted for a question to run: one request for each field it reads, all under one agreement.

One agreement must allow them all. Two agreements that each allow a part do not add up to leave to put the parts
together: the parties of neither agreed to that.
"""

from __future__ import annotations

from datetime import datetime

from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.analysis.models import Question
from infotrust.stages.analysis.terms import ACTION

FieldRead = tuple[str, str]  # dataset code, field name


def field_requests(question: Question, *, by: User, at: datetime, agreement: str) -> list[permissions.FieldRequest]:
    return [
        permissions.FieldRequest(
            actor=by,
            action=ACTION,
            dataset=dataset,
            field=name,
            purpose=question.purpose,
            agreement=agreement,
            at=at,
        )
        for dataset, name in question.fields_read
    ]


def decided_under(question: Question, *, by: User, at: datetime) -> dict[str, dict[FieldRead, Decision]]:
    """Decide every field under each agreement of the question, in one batch."""
    requests = [
        request
        for agreement in question.agreements
        for request in field_requests(question, by=by, at=at, agreement=agreement)
    ]
    decided: dict[str, dict[FieldRead, Decision]] = {agreement: {} for agreement in question.agreements}
    for request, decision in zip(requests, permissions.decide_all(requests), strict=True):
        decided[request.agreement][request.dataset, request.field] = decision
    return decided

"""Boards as the tests of several stages need them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from infotrust.stages.governance import services
from infotrust.stages.governance.terms import Question


def answer_all(subject: str, *, by: Any, at: Any = None) -> None:
    """Answer each of the four questions about the newest version of a subject: no vote opens before."""
    for question in Question:
        services.answer(subject, question, answer="yes", words="We looked at it.", by=by, at=at)


def found_board(administrator: Any, *, chair: Any = None) -> Any:
    """Found a board that asks the public nothing; `chair` holds its only seat."""
    long_ago = timezone.now() - timedelta(days=9)
    body = services.found_body(
        code="data-board",
        name="Data Board",
        about="Decides who may use which data.",
        charter="It meets in public.",
        comment_days=0,
        vote_days=0,
        by=administrator,
        at=long_ago,
    )
    if chair is not None:
        seat = services.add_seat(body, title="Chair", kind="expert", office="chair", by=administrator, at=long_ago)
        first = timezone.localdate(long_ago)
        services.seat_someone(
            seat, holder=chair, starts_on=first, ends_on=first + timedelta(days=99), by=administrator, at=long_ago
        )
    return body

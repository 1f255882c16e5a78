"""What changed since the text that the reader's agency last answered: all that a lawyer must read of the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infotrust.shared.accounts.models import User
from infotrust.stages.agreements import differing, queries
from infotrust.stages.agreements.differing import Differences
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.queries import Answer


@dataclass(frozen=True)
class Since:
    """What the agency answered to an earlier text, and how the text of today differs from that one."""

    answer: Answer
    differs: Differences


def since(agreement: Any, *, by: User) -> Since | None:
    """Return what is new to the reader; nothing where their agency answered no earlier text, or none is under way."""
    if by.agency is None or agreement.state not in {State.DRAFT, State.IN_REVIEW, State.AWAITING_SIGNATURES}:
        return None
    answer = queries.last_answer(agreement, by.agency, by.roles)
    kept = queries.kept_text(agreement, answer.text) if answer else None
    if answer is None or kept is None:
        return None
    now = differing.text_of(queries.terms_of(agreement))
    return Since(answer, differing.between(differing.restored(kept.clauses), now, name=""))

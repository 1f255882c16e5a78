"""What must be permitted for a question to run: one request for each field it reads, all under one agreement.

One agreement must allow them all. Two agreements that each allow a part do not add up to leave to put the parts
together: the parties of neither agreed to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.analysis.terms import ACTION

FieldRead = tuple[str, str]  # dataset code, field name


@dataclass(frozen=True)
class Asking:
    """Who wants to count by which fields, for what purpose, when, and within which license (empty: none)."""

    fields: Sequence[FieldRead]
    purpose: str
    by: User
    at: datetime
    license: str = ""

    def requests(self, agreement: str) -> list[permissions.FieldRequest]:
        return [
            permissions.FieldRequest(
                actor=self.by,
                action=ACTION,
                dataset=dataset,
                field=name,
                purpose=self.purpose,
                agreement=agreement,
                at=self.at,
                license=self.license,
            )
            for dataset, name in self.fields
        ]

    def decided_under(self, agreements: Iterable[str]) -> dict[str, dict[FieldRead, Decision]]:
        """Decide every field under each agreement, in one batch."""
        codes = list(agreements)
        decisions = iter(permissions.decide_all([each for code in codes for each in self.requests(code)]))
        return {code: {field: next(decisions) for field in self.fields} for code in codes}

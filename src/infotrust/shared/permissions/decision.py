"""A decision carries its reasons: one object serves the button, the enforcement and the "why can't I?" text."""

from __future__ import annotations

from dataclasses import dataclass

from infotrust.core.errors import UserFacingError


@dataclass(frozen=True)
class Reason:
    """A rule that decided: its stable code, what it says in plain words, and its citation (law or clause)."""

    rule: str
    plain: str
    citation: str = ""


@dataclass(frozen=True)
class Decision:
    allowed: bool
    reasons: tuple[Reason, ...] = ()
    policy_version: str = ""
    agreement: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class NotPermitted(UserFacingError):
    """A refusal. `decision` names each rule that refused."""

    exit_code = 3

    def __init__(self, decision: Decision, *, wanted: str) -> None:
        self.decision = decision
        self.wanted = wanted
        super().__init__(
            f"Not permitted: {wanted}.",
            next_step=" ".join(
                f"{reason.plain} ({reason.citation})" if reason.citation else reason.plain
                for reason in decision.reasons
            ),
        )

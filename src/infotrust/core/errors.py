"""The two things that can go wrong, and how they are told.

`UserFacingError` is shown to the person who caused it: what happened, to which thing, what to do next.
Everything else is a defect and is logged. Neither ever carries a value about a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class UserFacingError(Exception):
    """A problem its reader can mend. `what` names the thing; `next_step` says what to do about it."""

    exit_code = 2

    def __init__(self, what: str, *, next_step: str = "") -> None:
        self.what = what
        self.next_step = next_step
        super().__init__(f"{what} {next_step}".strip())


class NotThere(UserFacingError):
    """There is no thing of that name or number: a page answers 404."""


@dataclass(frozen=True)
class Finding:
    """Something a check found. `rule` is a stable code; `where` locates it; `facts` are safe to show.

    The page that shows a finding words it: the core never writes prose about it.
    """

    rule: str
    where: tuple[str, ...] = ()
    facts: dict[str, str | int | float] = field(default_factory=dict, hash=False)

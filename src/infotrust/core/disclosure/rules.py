"""The rules of a release: which counts are small, and what a hidden count must leave open.

Threshold and zero rule belong to the agreement; these are the values used where it says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infotrust.core.errors import UserFacingError

# CMS cell suppression policy: no count of 1 to 10 is shown or can be derived; zero may be shown.
SMALLEST_SHOWN = 11

# Larger tables are cut up by the analyst. The proof is one linear program or two for each hidden cell.
LARGEST_TABLE = 20_000


class ZeroRule(StrEnum):
    """`shown`: a zero stands in the table (CMS). `hidden`: a zero tells too much and counts as small (ACRO)."""

    SHOWN = "shown"
    HIDDEN = "hidden"


class Status(StrEnum):
    """What became of a cell. The two kinds of hidden cell are told apart for the checker only, never in public:

    who knows that a cell was hidden because it is small knows more than that it is hidden.
    """

    SHOWN = "shown"
    PRIMARY = "primary"
    COMPLEMENTARY = "complementary"


class TableRefused(UserFacingError):
    """The output is not a table of counts that this module can protect."""


class CannotProtect(UserFacingError):
    """No choice of hidden cells protects the table, given what is public already."""


@dataclass(frozen=True)
class Rules:
    """`threshold`: the smallest count that may be shown (a count of people, at least 2)."""

    threshold: int = SMALLEST_SHOWN
    zeros: ZeroRule = ZeroRule.SHOWN

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise TableRefused(
                f"A threshold of {self.threshold} protects nobody.", next_step="Use 2 or more; 11 is usual."
            )

    @property
    def floor(self) -> int:
        """The least a hidden cell can be, as any reader can tell: where zeros are shown, it is not zero."""
        return 1 if self.zeros is ZeroRule.SHOWN else 0

    def is_small(self, count: int) -> bool:
        """Whether a count must be hidden for its own sake."""
        return self.floor <= count < self.threshold

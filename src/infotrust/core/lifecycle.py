"""States are a table of allowed moves; the picture in the docs is printed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infotrust.core.errors import UserFacingError


class ImpossibleMove(UserFacingError):
    """The thing is not in a state from which it can move there."""


@dataclass(frozen=True)
class Lifecycle:
    """`moves` maps each state to the states that may follow it; an end state maps to the empty set."""

    name: str
    moves: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        unknown = {after for follow in self.moves.values() for after in follow} - set(self.moves)
        if unknown:
            raise ValueError(f"{self.name}: states without a row of their own: {sorted(unknown)}")

    def can_move(self, now: str, to: str) -> bool:
        return to in self.moves.get(now, frozenset())

    def require(self, now: str, to: str, *, thing: str) -> None:
        """Raise `ImpossibleMove` unless `thing`, now in state `now`, may move to `to`."""
        if self.can_move(now, to):
            return
        possible = ", ".join(sorted(self.moves.get(now, frozenset()))) or "nowhere: this is an end state"
        raise ImpossibleMove(
            f"{thing} is {now!r} and cannot become {to!r}.", next_step=f"From here it can become: {possible}."
        )

    def diagram(self) -> str:
        """Return a Mermaid state diagram, for the README of the stage."""
        lines = ["stateDiagram-v2"]
        first = next(iter(self.moves))
        lines.append(f"    [*] --> {first}")
        for now, follow in self.moves.items():
            lines += [f"    {now} --> {after}" for after in sorted(follow)]
            if not follow:
                lines.append(f"    {now} --> [*]")
        return "\n".join(lines)

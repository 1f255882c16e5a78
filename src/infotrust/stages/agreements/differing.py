"""What differs between two agreements, clause by clause: what lawyers read of one that began as a copy of another."""

from __future__ import annotations

from dataclasses import dataclass

from infotrust.core.policy.clauses import Clause, clauses
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.words import Piece, differences

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass(frozen=True)
class ClauseDifference:
    """One clause in both texts. `number`: in the later text, or (where it was removed) in the earlier one."""

    kind: str
    number: int
    heading: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Differences:
    earlier: str
    changed: tuple[ClauseDifference, ...]
    same: tuple[ClauseDifference, ...]


def between(earlier: AgreementTerms, later: AgreementTerms) -> Differences:
    """Return how the clauses of `earlier` became those of `later`; clauses are the same by their key."""
    before = {clause.key: clause for clause in clauses(earlier)}
    after = {clause.key: clause for clause in clauses(later)}
    found = [_difference(before.get(key), clause) for key, clause in after.items()]
    found += [
        ClauseDifference(REMOVED, clause.number, clause.heading, differences(words(clause), ""))
        for key, clause in before.items()
        if key not in after
    ]
    return Differences(
        earlier=earlier.code,
        changed=tuple(one for one in found if one.kind != SAME),
        same=tuple(one for one in found if one.kind == SAME),
    )


def words(clause: Clause) -> str:
    """Return a clause as it is read, without its number: numbers move, words are what was agreed."""
    return "\n".join([f"{clause.heading}. {clause.text}", *(f"- {item}" for item in clause.items)])


def _difference(earlier: Clause | None, later: Clause) -> ClauseDifference:
    before = words(earlier) if earlier else ""
    kind = ADDED if earlier is None else SAME if before == words(later) else CHANGED
    return ClauseDifference(kind, later.number, later.heading, differences(before, words(later)))

"""What differs between two texts, clause by clause: what lawyers read of one that they know an earlier form of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from infotrust.core.policy.clauses import Clause, clauses
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.words import Piece, differences
from infotrust.stages.agreements.papers import HEAD

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
# What is read of a clause; its policy is made anew from terms, never from a kept text.
KEPT = ("number", "heading", "text", "key", "plain", "chosen", "kept_by", "by_people")


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


def text_of(terms: AgreementTerms) -> tuple[Clause, ...]:
    """Return all that is signed as clauses: first, without a number, what it is called and why it is made."""
    head = Clause(0, "Title and reason", f"{terms.title}. Why: {terms.why}", key=HEAD)
    return (head, *clauses(terms))


def stored(text: Iterable[Clause]) -> list[dict[str, Any]]:
    """Return a text as plain values, to keep; `restored` reads them."""
    return [{name: getattr(clause, name) for name in KEPT} | {"items": list(clause.items)} for clause in text]


def restored(rows: Iterable[Mapping[str, Any]]) -> tuple[Clause, ...]:
    return tuple(Clause(**{**row, "items": tuple(row["items"])}) for row in rows)


def between(earlier: Iterable[Clause], later: Iterable[Clause], *, name: str) -> Differences:
    """Return how one text became another; clauses are the same by their key. `name`: what the earlier one is called."""
    before = {clause.key: clause for clause in earlier}
    after = {clause.key: clause for clause in later}
    found = [_difference(before.get(key), clause) for key, clause in after.items()]
    found += [
        ClauseDifference(REMOVED, clause.number, clause.heading, differences(words(clause), ""))
        for key, clause in before.items()
        if key not in after
    ]
    return Differences(
        earlier=name,
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

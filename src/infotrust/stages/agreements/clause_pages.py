"""What the pages of clauses show: those of a draft, of the library, and what differs from an earlier agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infotrust.core.policy.clauses import Clause, clauses
from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.library import LibraryClause
from infotrust.core.policy.machine_terms import MACHINE_TERMS, in_words
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.agreements import differing, library, queries
from infotrust.stages.agreements.differing import Differences
from infotrust.stages.agreements.wanting import Wanted, wanted


@dataclass(frozen=True)
class LibraryRow:
    """A clause of the library: its text with its usual values, and what the machine keeps of it, in words."""

    clause: LibraryClause
    text: str
    machine: tuple[str, ...]
    versions: int
    usual: bool
    chosen: bool

    @property
    def by_people(self) -> bool:
        return not self.clause.terms


@dataclass(frozen=True)
class ClausesPage:
    """The chosen clauses of a draft, and the clauses that could still be chosen, those usual for its kind first."""

    agreement: Any
    chosen: tuple[Clause, ...]
    own: frozenset[str]
    offered: tuple[LibraryRow, ...]
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True)
class LibraryPage:
    rows: tuple[LibraryRow, ...]
    kinds: tuple[tuple[str, str, str], ...]
    may_keep: Decision


def clauses_page(code: str, *, by: User) -> ClausesPage:
    """Raises `NotPermitted`, `NoSuchAgreement`."""
    duties.require("draft agreement", by=by)
    found = queries.agreement(code)
    keys = {clause.key for clause in found.clauses.all()}
    shown = [clause for clause in clauses(queries.terms_of(found)) if clause.chosen]
    usual = KINDS[found.kind].clauses
    rows = [row(one, one.key in usual, one.key in keys) for one in library.clauses(found.kind)]
    return ClausesPage(
        agreement=found,
        chosen=tuple(shown),
        own=frozenset(clause.key for clause in found.clauses.all() if not clause.library_version),
        offered=tuple(one for one in rows if not one.chosen),
        wanted=wanted(queries.terms_of(found)),
    )


def library_page(*, by: User) -> LibraryPage:
    """Raises `NotPermitted`."""
    duties.require("read agreements", by=by)
    titles = library.kind_titles()
    return LibraryPage(
        rows=tuple(row(one) for one in library.clauses()),
        kinds=tuple((one.code, titles[one.code], one.plain) for one in KINDS.values()),
        may_keep=duties.may("keep clause library", by=by),
    )


def differences_page(code: str, *, by: User) -> tuple[Any, Differences | None]:
    """An agreement, and how it differs from the one it began with (nothing where it began with none)."""
    duties.require("read agreements", by=by)
    found = queries.agreement(code)
    return found, differences_of(found)


def differences_of(agreement: Any) -> Differences | None:
    if agreement.based_on is None:
        return None
    earlier = queries.agreement(agreement.based_on.code)
    texts = [differing.text_of(queries.terms_of(one)) for one in (earlier, agreement)]
    return differing.between(*texts, name=earlier.code)


def machine_words(terms: Mapping[str, Any]) -> tuple[str, ...]:
    """Say in words what the machine keeps: "The smallest number published is at least: 11"."""
    return tuple(f"{MACHINE_TERMS[code].title}: {MACHINE_TERMS[code].says(value)}" for code, value in terms.items())


def row(clause: LibraryClause, usual: bool = False, chosen: bool = False) -> LibraryRow:
    values = dict(clause.terms)
    return LibraryRow(
        clause=clause,
        text=in_words(clause.text, values),
        machine=machine_words(values),
        versions=clause.version,
        usual=usual,
        chosen=chosen,
    )

"""A legal regime as values. Nothing here decides; the regime's policies do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

# How far a statement is confirmed: its source was read, or it is general knowledge that counsel must confirm.
SOURCE, GENERAL = "source", "general"


@dataclass(frozen=True)
class Statement:
    """One thing that a law says, in plain words; `cite` is empty only where the whole regime's citation carries it."""

    text: str
    cite: str = ""
    basis: str = GENERAL

    @property
    def confirmed(self) -> bool:
        return self.basis == SOURCE


@dataclass(frozen=True)
class WantedClause:
    """What a law wants an agreement to say, by clauses of the library: any `one_of` these keys says it.

    `levels`: only where the agreement has one of these levels of identification; none: at every level.
    """

    text: str
    one_of: tuple[str, ...]
    cite: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Breach:
    """Whom a breach must be told, and within how many days of its discovery (0: without delay, no number given)."""

    who: str
    within_days: int
    text: str
    cite: str = ""
    basis: str = GENERAL


@dataclass(frozen=True)
class CounselNote:
    """What the rules cannot settle and a lawyer must, where it applies: see `Regime.notes_for`.

    `unless_purposes`: the note is not needed where the agreement has one of these; none: it always is.
    """

    text: str
    unless_purposes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Regime:
    """A regime. `code` is stable: it stands in inventories and policies. `title` is for staff, `public` for residents.

    `jurisdiction`: "federal", or a state's two letters. `digest`: of both files, so that a review is known to be old.
    """

    code: str
    title: str
    short: str
    public: str
    citation: str
    jurisdiction: str
    plain: str
    data: str
    holders: str
    receivers: tuple[Statement, ...] = ()
    consent: tuple[Statement, ...] = ()
    passing_on: tuple[Statement, ...] = ()
    deidentified: tuple[Statement, ...] = ()
    records: tuple[Statement, ...] = ()
    agreement_says: tuple[Statement, ...] = ()
    breach: tuple[Breach, ...] = ()
    for_counsel: tuple[CounselNote, ...] = ()
    wants_clauses: tuple[WantedClause, ...] = ()
    policies: str = ""
    digest: str = ""

    @property
    def statements(self) -> tuple[Statement, ...]:
        return (
            *self.receivers,
            *self.consent,
            *self.passing_on,
            *self.deidentified,
            *self.records,
            *self.agreement_says,
        )

    def notes_for(self, purposes: Collection[str]) -> tuple[str, ...]:
        """Return what counsel must look at in an agreement with these purposes."""
        return tuple(note.text for note in self.for_counsel if not set(note.unless_purposes) & set(purposes))

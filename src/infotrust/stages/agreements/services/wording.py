"""The clauses of a draft beyond those made from its terms: chosen from the library, or written by the parties.

A clause whose terms a machine keeps keeps its wording; only its values are chosen. Reworded, it becomes a clause that
people keep, and says so: words and enforcement never part without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from infotrust.core.policy.library import LibraryClause, faults
from infotrust.core.policy.machine_terms import in_words
from infotrust.core.policy.terms import digest
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.agreements import library, queries, wanting
from infotrust.stages.agreements.models import Agreement, AgreementClause, KindName, LibraryEntry
from infotrust.stages.agreements.services.ground import AgreementRefused, about, may_change

LONGEST_CLAUSE = 20_000
MOST_CLAUSES = 100


@transaction.atomic
def choose_clause(
    agreement: Agreement,
    *,
    key: str,
    values: Mapping[str, Any] | None = None,
    seen: str = "",
    by: User,
    at: datetime | None = None,
) -> AgreementClause:
    """Put a clause of the library into a draft, or set the values of its terms anew.

    `seen`: the fingerprint of the clause that the form began with. Raises `NotPermitted`, `NoSuchClause`,
    `AgreementRefused` for a value that a term cannot have, and `SavedMeanwhile` where someone else saved first.
    """
    may_change(agreement, by)
    entry = library.clause(key)
    try:
        chosen = entry.choose(values)
    except ValueError as error:
        raise AgreementRefused(
            _("This value does not fit the clause “%(heading)s”.") % {"heading": entry.heading},
            next_step=_("Choose one that its field offers."),
        ) from error
    found = AgreementClause.objects.filter(agreement=agreement, key=key).first()
    if found is not None and seen and seen != fingerprint(found):
        raise SavedMeanwhile(
            _("Someone else changed this clause after you opened it."),
            yours=in_words(chosen.text, dict(chosen.terms)),
            theirs=in_words(found.text, found.terms),
            next_step=_("Compare, then save again."),
        )
    if found is None:
        found = AgreementClause(agreement=agreement, key=key, position=_next_position(agreement))
    found.library_version, found.heading, found.text, found.plain = (
        entry.version,
        entry.heading,
        entry.text,
        entry.plain,
    )
    found.terms, found.kept_by, found.cite = dict(chosen.terms), entry.kept_by, entry.cite
    found.save()
    _record(agreement, by, at, "clause chosen", key, version=entry.version, terms=found.terms)
    return found


@transaction.atomic
def choose_wanted(agreement: Agreement, *, by: User, at: datetime | None = None) -> tuple[str, ...]:
    """Put in every missing clause that is usual, or wanted by a law, and needs no choice; returns their headings.

    Raises `NotPermitted`, `AgreementRefused`.
    """
    may_change(agreement, by)
    missing = wanting.usual(queries.terms_of(queries.agreement(agreement.code)))
    return tuple(choose_clause(agreement, key=one.key, by=by, at=at).heading for one in missing)


@transaction.atomic
def write_clause(
    agreement: Agreement,
    *,
    heading: str,
    text: str,
    plain: str,
    kept_by: str,
    key: str = "",
    seen: str = "",
    by: User,
    at: datetime | None = None,
) -> AgreementClause:
    """Write a clause of the parties' own, or (with `key`) reword one that is there. People keep it.

    `seen`: the fingerprint of the words that the form began with. Raises `NotPermitted`, `AgreementRefused`, and
    `SavedMeanwhile` where someone else saved first.
    """
    may_change(agreement, by)
    _check_words(heading, text, plain, kept_by)
    found = AgreementClause.objects.select_for_update().filter(agreement=agreement, key=key).first() if key else None
    if key and found is None:
        raise AgreementRefused(
            _("This clause is no longer part of %(code)s.") % {"code": agreement.code},
            next_step=_("Add it as a new clause; your words are still in the form."),
        )
    if found is not None and seen and seen != fingerprint(found):
        raise SavedMeanwhile(
            _("Someone else changed this clause after you opened it."),
            yours=_words(heading, text, plain),
            theirs=_words(found.heading, found.text, found.plain),
            next_step=_("Compare, then save again."),
        )
    if found is None:
        found = AgreementClause(agreement=agreement, key=_own_key(agreement), position=_next_position(agreement))
    found.library_version, found.terms, found.cite = 0, {}, found.cite
    found.heading, found.text = " ".join(heading.split()), text.strip()
    found.plain, found.kept_by = plain.strip(), " ".join(kept_by.split())
    found.save()
    _record(agreement, by, at, "clause written", found.key)
    return found


@transaction.atomic
def drop_clause(agreement: Agreement, *, key: str, by: User, at: datetime | None = None) -> None:
    """Take a chosen clause out of a draft. Raises `NotPermitted`."""
    may_change(agreement, by)
    AgreementClause.objects.filter(agreement=agreement, key=key).delete()
    _record(agreement, by, at, "clause dropped", key)


@transaction.atomic
def keep_in_library(
    *,
    key: str,
    heading: str,
    text: str,
    plain: str,
    kinds: list[str],
    kept_by: str,
    terms: Mapping[str, Any] | None = None,
    cite: str = "",
    by: User,
    at: datetime | None = None,
) -> LibraryEntry:
    """Add a clause to the library of this trust, or the next version of one. Agreements keep the words they have.

    Raises `NotPermitted`, and `AgreementRefused` for a clause that says nothing, or that nobody keeps.
    """
    duties.require("keep clause library", by=by)
    values = dict(terms or {})
    made = LibraryClause(
        key, heading, text, plain, kinds=tuple(kinds), terms=tuple(values.items()), kept_by=kept_by, cite=cite
    )
    if wrong := faults(made):
        raise AgreementRefused(
            _("This clause cannot be kept in the library."),
            next_step=" ".join(str(library.FAULTS[code]) for code in wrong),
        )
    known = library.versions(key)
    entry = LibraryEntry.objects.create(
        key=key,
        version=max((one.version for one in known), default=0) + 1,
        heading=heading,
        text=text,
        plain=plain,
        kinds=kinds,
        terms=values,
        kept_by=kept_by,
        cite=cite,
        by=by,
    )
    audit.record(Event.CLAUSE_KEPT, about=f"clause:{key}", by=by, at=at, version=entry.version)
    return entry


@transaction.atomic
def name_kind(*, kind: str, name: str, by: User, at: datetime | None = None) -> None:
    """Say what this trust calls a kind of agreement; empty: by its usual name. Raises `NotPermitted`."""
    duties.require("keep clause library", by=by)
    library.kind(kind)
    name = " ".join(name.split())[:80]
    KindName.objects.filter(kind=kind).delete()
    if name:
        KindName.objects.create(kind=kind, name=name)
    audit.record(Event.CLAUSE_KEPT, about=f"kind:{kind}", by=by, at=at, name=name)


def fingerprint(clause: AgreementClause) -> str:
    """Return the digest of a clause's words and values, for a form to carry."""
    return digest([clause.heading, clause.text, clause.plain, clause.kept_by, clause.terms])


def _words(heading: str, text: str, plain: str) -> str:
    return f"{heading}\n\n{text}\n\n{plain}"


def _check_words(heading: str, text: str, plain: str, kept_by: str) -> None:
    if not all(part.strip() for part in (heading, text, plain, kept_by)):
        raise AgreementRefused(
            _("A clause needs a heading, its text, the same in plain words, and who keeps it."),
            next_step=_("Fill in what is missing."),
        )
    if len(text) > LONGEST_CLAUSE or len(plain) > LONGEST_CLAUSE:
        raise AgreementRefused(
            _("This clause is longer than %(most)s letters.") % {"most": f"{LONGEST_CLAUSE:,}"},
            next_step=_("Make it several clauses, or attach a schedule."),
        )


def _next_position(agreement: Agreement) -> int:
    taken = list(agreement.clauses.values_list("position", flat=True))
    if len(taken) >= MOST_CLAUSES:
        raise AgreementRefused(
            _("%(code)s already has %(most)d clauses of its own.") % {"code": agreement.code, "most": MOST_CLAUSES},
            next_step=_("Put some of them together."),
        )
    return max(taken, default=0) + 1


def _own_key(agreement: Agreement) -> str:
    taken = set(agreement.clauses.values_list("key", flat=True))
    return next(key for number in range(1, MOST_CLAUSES + 2) if (key := f"own-{number}") not in taken)


def _record(agreement: Agreement, by: User, at: datetime | None, what: str, key: str, **facts: Any) -> None:
    audit.record(Event.AGREEMENT_CHANGED, about=about(agreement), by=by, at=at, what=what, clause=key, **facts)

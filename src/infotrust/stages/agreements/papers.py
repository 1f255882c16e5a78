"""An agreement as a document: for lawyers to edit in Word, for everyone to read as PDF.

Made from the same clauses as the text that is signed. Each heading, text, list and note has a key, by which it is
found again in a Word file that comes back (see `reading_back`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.documents import (
    Bullets,
    Document,
    Heading,
    Paragraph,
    Part,
    Signature,
    Signatures,
    Table,
)
from infotrust.core.policy.clauses import Clause, clauses
from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.terms import USE_WORDS, AgreementTerms, Use
from infotrust.stages.agreements import paper_frame

HEADING, TEXT, ITEMS, PLAIN, SCHEDULE = "h", "c", "i", "n", "s"
# What an agreement is called and why it is made: compared like a clause, and none.
HEAD = "head"


def part_key(what: str, clause: str) -> str:
    """Return the key of a part of a clause; short, because Word keeps forty letters of a bookmark's name."""
    return f"{what}{hashlib.sha256(clause.encode()).hexdigest()[:16]}"


def paper(terms: AgreementTerms, *, version: int, digest: str, signatures: Sequence[Signature]) -> Document:
    """Return the agreement as a document; `digest`: of the text, which its signatures stand under."""
    made = clauses(terms)
    why = Paragraph(_("Why: %(why)s") % {"why": terms.why}, key=part_key(TEXT, HEAD))
    parts: list[Part] = paper_frame.opening(terms, why)
    for clause in made:
        parts += _clause(clause)
    parts += [Heading(_("Signatures")), Signatures(tuple(signatures))]
    parts.append(Paragraph(_("Fingerprint of the text (SHA-256): %(digest)s") % {"digest": digest}, note=True))
    parts += paper_frame.exhibits(terms, _schedule(terms))
    parts += _annex(made)
    kind = KINDS[terms.kind]
    return Document(
        title=f"{terms.code}: {terms.title}",
        subtitle=f"{kind.title}{'' if terms.binding else ' (binds nobody)'}",
        parts=tuple(parts),
        footer=_("%(code)s, text %(version)s") % {"code": terms.code, "version": version or _("not yet reviewed")},
    )


def signature_blocks(parties: Sequence[object]) -> tuple[Signature, ...]:
    """Return one block for each party: signed with name, day and digest, or with room to sign."""
    return tuple(_block(party) for party in parties)


def blank_blocks(parties: Sequence[object]) -> tuple[Signature, ...]:
    """Return one block for each party with room to sign: what is signed is the same whoever signs first."""
    return tuple(_blank(party) for party in parties)


def _clause(clause: Clause) -> list[Part]:
    number = f"{clause.number}. {clause.heading}"
    found: list[Part] = [Heading(number, key=part_key(HEADING, clause.key))]
    found.append(Paragraph(clause.text, key=part_key(TEXT, clause.key)))
    if clause.key == "fields":
        found.append(Paragraph(_("They are listed in Exhibit A."), note=True))
    elif clause.items:
        found.append(Bullets(clause.items, key=part_key(ITEMS, clause.key)))
    if clause.plain:
        found.append(Paragraph(clause.plain, key=part_key(PLAIN, clause.key), note=True))
    keeper = _("Kept by people: %(who)s.") % {"who": clause.kept_by} if clause.by_people else ""
    if note := " ".join(filter(None, [keeper, clause.cite])):
        found.append(Paragraph(note, note=True))
    return found


def _annex(made: Sequence[Clause]) -> list[Part]:
    """Say by which rule or part the software keeps a clause: for whoever checks it, not for whoever reads it."""
    rows = tuple(
        (f"{clause.number}. {clause.heading}", clause.rule, clause.kept_by) for clause in made if not clause.by_people
    )
    if not rows:
        return []
    columns = (_("Clause"), _("Rule"), _("Kept by"))
    return [Heading(_("Annex: clauses that the software keeps")), Table(_("Clauses and their rules"), columns, rows)]


def _schedule(terms: AgreementTerms) -> Table:
    rows = tuple(
        (
            dataset.title or dataset.code,
            field.title or field.name,
            field.name,
            ", ".join(USE_WORDS[use] for use in Use if use in field.uses),
        )
        for dataset in terms.datasets
        for field in dataset.agreed
    )
    columns = (_("Dataset"), _("Field"), _("Short name"), _("What may be done with it"))
    return Table(_("Fields and uses"), columns, rows, key=part_key(SCHEDULE, "fields"))


def _blank(party: object) -> Signature:
    return Signature(party.agency.name)  # type: ignore[attr-defined]


def _block(party: object) -> Signature:
    agency = party.agency  # type: ignore[attr-defined]
    signed_by, signed_at = party.signed_by, party.signed_at  # type: ignore[attr-defined]
    if not signed_at:
        return _blank(party)
    if (given := party.elsewhere) is not None:  # type: ignore[attr-defined]
        words = {"who": given.signer, "day": _day(given.signed_on), "one": given.by.name, "two": signed_by.name}
        return Signature(
            agency.name,
            name=given.signer,
            title=given.signer_title,
            signed=_("Signed elsewhere by %(who)s, %(day)s. Handed in by %(one)s, confirmed by %(two)s.") % words,
            digest=_("Text %(digest)s") % {"digest": party.signed_digest},  # type: ignore[attr-defined]
        )
    when = f"{timezone.localtime(signed_at):%B %d, %Y, %H:%M %Z}"
    return Signature(
        agency.name,
        name=signed_by.name,
        title=_("member of the governing board"),
        signed=_("Signed by %(who)s, %(when)s") % {"who": signed_by.name, "when": when},
        digest=_("Text %(digest)s") % {"digest": party.signed_digest},  # type: ignore[attr-defined]
    )


def _day(day: object) -> str:
    return f"{day:%B} {day.day}, {day.year}"  # type: ignore[attr-defined]

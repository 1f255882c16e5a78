"""A joining memo as a document, for Word and PDF: its parts, the fields offered, the steps, and who signs."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.core.documents import Document, Facts, Heading, Paragraph, Part, Signature, Signatures, Table
from infotrust.core.policy.terms import USE_WORDS, Use
from infotrust.stages.agreements import papers
from infotrust.stages.agreements.joining_pages import JoiningPage

STANDS = {"done": "✓", "now": "…", "later": "", "skipped": "–", "refused": "✗"}


def memo_document(page: JoiningPage) -> Document:
    """Return a memo as it stands. What was sent carries its fingerprint; a draft says that it is one."""
    memo = page.memo
    parts: list[Part] = [
        Facts(
            (
                (_("Agency that joins"), memo.agency.name),
                (_("Agreement"), f"{memo.joins}: {page.agreement.title}"),
                (_("State"), memo.get_state_display()),
                (_("Sent"), date_format(memo.sent_at) if memo.sent_at else _("not yet")),
            )
        )
    ]
    for part, words in page.parts:
        parts += [Heading(str(part.title)), *(Paragraph(line, key="") for line in _lines(words))]
        if part.name == "offers" and page.datasets:
            parts.append(_fields(page))
    if memo.receives:
        parts.append(Paragraph(_("Its people use the data under the agreement, as its recipients do."), note=True))
    parts += [Heading(_("Steps")), _steps(page), Heading(_("Signatures")), Signatures(_signatures(page))]
    footer = _("Fingerprint (SHA-256): %(digest)s") % {"digest": memo.text_digest} if memo.text_digest else _("Draft")
    return Document(
        _("Memo to join %(code)s") % {"code": memo.joins}, tuple(parts), subtitle=memo.agency.name, footer=footer
    )


def _lines(words: str) -> list[str]:
    return [line.strip() for line in words.splitlines() if line.strip()] or ["–"]


def _fields(page: JoiningPage) -> Table:
    rows = tuple(
        (one.title, field.title or field.name, ", ".join(USE_WORDS[use] for use in Use if use in field.uses))
        for one in page.datasets
        for field in one.agreed
    )
    return Table(_("Fields offered and their uses"), (_("Dataset"), _("Field"), _("What may be done with it")), rows)


def _steps(page: JoiningPage) -> Table:
    rows = tuple((STANDS[step.stands], step.title, step.said) for step in page.steps)
    return Table(_("Steps of joining"), ("", _("Step"), _("By whom, when")), rows)


def _signatures(page: JoiningPage) -> tuple[Signature, ...]:
    """All sign the edition by which it joins; before there is one, each has room here."""
    parties = list(page.agreement.parties.all())
    blocks = papers.signature_blocks(parties) if page.memo.edition else _room(parties)
    if any(party.agency_id == page.memo.agency_id for party in parties):
        return blocks
    memo = page.memo
    signed = _("Sent %(day)s") % {"day": date_format(memo.sent_at, "DATETIME_FORMAT")} if memo.sent_at else ""
    name = memo.sent_by.name if memo.sent_by else ""
    return (Signature(memo.agency.name, name, _("for the agency that joins"), signed, memo.text_digest), *blocks)


def _room(parties: list[object]) -> tuple[Signature, ...]:
    return tuple(Signature(party.agency.name, title=_("for the party")) for party in parties)  # type: ignore[attr-defined]

"""A request, a license with its acknowledgments, and a destruction certificate as documents, for Word and PDF."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.core.documents import (
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Part,
    Signature,
    Signatures,
    Table,
)
from infotrust.stages.requests.license_pages import LicensePage
from infotrust.stages.requests.pages import RequestPage, Said


def request_document(page: RequestPage) -> Document:
    """Return a request as it stands: the answers, the papers, what agencies said."""
    found = page.request
    parts: list[Part] = [
        Facts(
            (
                (_("Requester"), _whole(found.requested_by.name, str(found.agency or ""))),
                (_("State"), found.get_state_display()),
                (_("Submitted"), date_format(found.submitted_at) if found.submitted_at else _("not yet")),
                (_("Whose data"), ", ".join(agency.name for agency in page.agencies) or "–"),
                (_("Laws that cover the fields"), ", ".join(page.laws) or "–"),
            )
        )
    ]
    for part in page.parts:
        parts += [
            Heading(str(part.section.title)),
            Facts(tuple((str(one.item.title), one.words or "–") for one in part.answers)),
        ]
    if page.papers:
        parts += [Heading(_("Papers")), _papers(page)]
    for title, said in ((_("Custodians"), page.custodians), (_("Boards"), page.boards)):
        if said:
            parts += [Heading(title), _said(title, said)]
    return Document(found.title or found.code, tuple(parts), subtitle=found.code, footer=_footer(found.digest))


def license_document(page: LicensePage) -> Document:
    """Return a license with its clauses, and a place to sign for each person: filled where they acknowledged it."""
    found = page.license
    parts: list[Part] = [
        Facts(
            (
                (_("Request"), found.request.code),
                (_("State"), found.get_state_display()),
                (_("From, until"), f"{date_format(found.starts_on)} – {date_format(found.ends_on)}"),
            )
        )
    ]
    for clause in page.clauses:
        key = f"clause-{clause.number}"
        parts += [Heading(f"{clause.number}. {clause.heading}"), Paragraph(clause.text, key=key)]
        if clause.items:
            parts.append(Bullets(clause.items))
    parts += [Heading(_("Acknowledgments")), Signatures(tuple(_signatures(page)))]
    subtitle = _("%(code)s, version %(version)d") % {"code": found.code, "version": found.version}
    return Document(found.title, tuple(parts), subtitle=subtitle, footer=_footer(found.digest))


def certificate_document(page: LicensePage) -> Document:
    """Return the destruction certificate of a license; raises `ValueError` where there is none."""
    made = page.certificate
    if made is None:
        raise ValueError(f"{page.license.code} has no certificate")
    parts = (
        Facts(
            (
                (_("License"), f"{page.license.code}: {page.license.title}"),
                (_("What was destroyed"), made.what),
                (_("How"), made.method),
                (_("On which day"), date_format(made.destroyed_on)),
                (_("Agreed: by"), date_format(page.license.destroy_on)),
            )
        ),
        Signatures(
            (
                Signature(
                    str(made.signed_by.agency or ""),
                    made.signed_by.name,
                    signed=date_format(made.signed_at, "DATETIME_FORMAT"),
                    digest=made.digest,
                ),
            )
        ),
    )
    return Document(_("Certificate of destruction"), parts, subtitle=page.license.code, footer=_footer(made.digest))


def _papers(page: RequestPage) -> Table:
    rows = tuple(
        (paper.title, paper.required.citation if paper.required else "", one.name, one.digest)
        for paper in page.papers
        for one in paper.attached
    )
    return Table(_("Papers"), (_("Paper"), _("Law"), _("File"), _("Fingerprint (SHA-256)")), rows)


def _said(title: str, said: tuple[Said, ...]) -> Table:
    rows = tuple(
        (
            one.answered.agency.name,
            one.answered.get_outcome_display(),
            one.answered.comment,
            one.answered.conditions,
            f"{one.answered.by.name}, {date_format(one.answered.at)}",
        )
        for one in said
    )
    return Table(title, (_("Agency"), _("Answer"), _("Comment"), _("Conditions"), _("Who, when")), rows)


def _signatures(page: LicensePage) -> list[Signature]:
    return [
        Signature(
            str(one.person.agency or ""),
            one.person.name,
            signed=date_format(one.since, "DATETIME_FORMAT") if one.since else "",
            digest=page.license.digest if one.since else "",
        )
        for one in page.people
    ]


def _footer(digest: str) -> str:
    return _("Fingerprint (SHA-256): %(digest)s") % {"digest": digest} if digest else ""


def _whole(name: str, agency: str) -> str:
    return f"{name}, {agency}" if agency else name

"""Keeping documents: the bytes that were signed, and copies that a party signed elsewhere."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.documents import is_whole_pdf, pdf
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands
from infotrust.stages.agreements import papers, queries
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.models import Agreement, Paper
from infotrust.stages.agreements.services.ground import AgreementRefused, about, lock, own_party

LARGEST_COPY = 10 << 20


def signed_text(agreement: Agreement, *, by: User, at: datetime) -> Paper:
    """Return the document under signature, made and kept when the first party signs: all sign the same bytes."""
    found = Paper.objects.filter(
        agreement=agreement, kind=Paper.Kind.SIGNED_TEXT, text_digest=agreement.text_digest
    ).first()
    if found is not None:
        return found
    whole = queries.agreement(agreement.code)
    content = pdf(
        papers.paper(
            queries.terms_of(whole),
            version=agreement.text_version,
            digest=agreement.text_digest,
            signatures=papers.blank_blocks(list(whole.parties.all())),
        )
    )
    return Paper.objects.create(
        agreement=agreement,
        kind=Paper.Kind.SIGNED_TEXT,
        text_digest=agreement.text_digest,
        name=f"{agreement.code}-text-{agreement.text_version}.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        by=by,
        at=at,
    )


def check_copy(content: bytes) -> None:
    """Raise `AgreementRefused` for what is no whole PDF, or larger than ten megabytes."""
    if len(content) > LARGEST_COPY:
        raise AgreementRefused(
            _("This file is larger than %(most)d MB.") % {"most": LARGEST_COPY >> 20},
            next_step=_("Scan it in black and white, or at a lower resolution."),
        )
    if not is_whole_pdf(content):
        raise AgreementRefused(_("This is not a whole PDF."), next_step=_("Save or scan it as PDF, and attach that."))


def keep_signed_copy(
    agreement: Agreement, agency: Agency, *, name: str, content: bytes, by: User, at: datetime
) -> Paper:
    """Keep a PDF that was signed for the agency, as it is, with its digest and that of the text it belongs to."""
    return Paper.objects.create(
        agreement=agreement,
        kind=Paper.Kind.SIGNED_COPY,
        agency=agency,
        text_digest=agreement.text_digest,
        name=name[-200:] or "signed.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        by=by,
        at=at,
    )


@transaction.atomic
def attach_signed_copy(
    agreement: Agreement, *, name: str, content: bytes, by: User, at: datetime | None = None
) -> Paper:
    """Keep a PDF that a party signed on paper or with a signature service, with its digest.

    It is kept beside a signature, not instead of one; a signature given elsewhere is handed in (`handing_in`). Raises
    `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` for what is no PDF or larger than ten megabytes.
    """
    lock(agreement)
    at = at or timezone.now()
    party = own_party(agreement, "sign agreement", by)
    commands.require(COMMANDS["attach"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    check_copy(content)
    made = keep_signed_copy(agreement, party.agency, name=name, content=content, by=by, at=at)
    audit.record(
        Event.AGREEMENT_SIGNED,
        about=about(agreement),
        by=by,
        at=at,
        party=party.agency.code,
        what="copy attached",
        document=made.sha256,
        text=agreement.text_digest,
    )
    return made

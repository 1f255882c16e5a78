"""Keeping the words of an agreement as they went out: what a later text, or an edited file, is compared with."""

from __future__ import annotations

from datetime import datetime

from infotrust.core.policy.clauses import text_digest
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.accounts.models import User
from infotrust.stages.agreements import differing
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import Agreement, KeptText


def keep_text(agreement: Agreement, terms: AgreementTerms, *, by: User, at: datetime) -> KeptText:
    """Keep the text as it stands, once: under its version where it is fixed, as version 0 where it is a draft."""
    found, _created = KeptText.objects.get_or_create(
        agreement=agreement,
        version=0 if agreement.state == State.DRAFT else agreement.text_version,
        digest=text_digest(terms),
        defaults={"clauses": differing.stored(differing.text_of(terms)), "by": by, "at": at},
    )
    return found

"""Keeping the words of an agreement as they went out: what a later text, or an edited file, is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from infotrust.core.documents import read_word, word
from infotrust.core.policy.clauses import text_digest
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.stages.agreements import differing, queries
from infotrust.stages.agreements.commands import DISCUSSING
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import Agreement, KeptText
from infotrust.stages.agreements.reading_back import Sent

FINGERPRINT = re.compile(r"\b[0-9a-f]{64}\b")


def keep_text(agreement: Agreement, terms: AgreementTerms, *, by: User, at: datetime) -> KeptText:
    """Keep the text as it stands, once: under its version where it is fixed, as version 0 where it is a draft."""
    found, _created = KeptText.objects.get_or_create(
        agreement=agreement,
        version=0 if agreement.state == State.DRAFT else agreement.text_version,
        digest=text_digest(terms),
        defaults={"clauses": differing.stored(differing.text_of(terms)), "by": by, "at": at},
    )
    return found


@transaction.atomic
def take_word(agreement: Agreement, *, by: User, at: datetime | None = None) -> bytes:
    """Return the Word file of the text as it stands; while it is discussed, keep what the file says for its return.

    Raises `NotPermitted`.
    """
    duties.require("read agreements", by=by)
    whole = queries.agreement(agreement.code)
    content = word(queries.paper(whole))
    if whole.state in DISCUSSING:
        kept = keep_text(whole, queries.terms_of(whole), by=by, at=at or timezone.now())
        kept.sent = read_word(content)
        kept.save(update_fields=["sent"])
    return content


def sent_today(agreement: Agreement) -> Sent:
    """Return the text that would go out today, of an agreement read whole."""
    text = differing.text_of(queries.terms_of(agreement))
    return Sent(text, read_word(word(queries.paper(agreement))))


def made_from(agreement: Agreement, paragraphs: Iterable[tuple[str, str]], now: Sent) -> Sent | None:
    """Return the text that a file was made from, by the fingerprint that it carries; none where it is not known."""
    found = [mark for key, text in paragraphs if not key for mark in FINGERPRINT.findall(text)]
    known = {kept.digest: kept for kept in agreement.texts.filter(digest__in=found).exclude(sent=[])}
    kept = next((known[mark] for mark in found if mark in known), None)
    if kept is None:
        return now if queries.digest_of(agreement) in found else None
    return Sent(differing.restored(kept.clauses), tuple((key, text) for key, text in kept.sent))

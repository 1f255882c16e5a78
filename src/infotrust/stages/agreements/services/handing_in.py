"""Signatures given elsewhere: in ink, or by a signature service. Handed in by one person, confirmed by a second.

The file stays as evidence, with its digest and what the software found in it. It counts once someone else has opened
it and says: this is the text, this is that person's signature, and this person may sign for the party.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.documents import embedded_signatures
from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.models import Agreement, Paper, SignatureElsewhere
from infotrust.stages.agreements.services import boards, turns
from infotrust.stages.agreements.services.agreeing import may_still_be_signed, when_signed
from infotrust.stages.agreements.services.ground import AgreementRefused, about, lock, not_a_party, own_party
from infotrust.stages.agreements.services.papers import check_copy, keep_signed_copy, signed_text

# What a second person must have looked at.
CHECKS = frozenset({"text", "signature", "authority"})


@transaction.atomic
def document_to_sign(agreement: Agreement, *, by: User, at: datetime | None = None) -> Paper:
    """Return the document that all parties sign, with room for their signatures; made once for each text.

    Raises `NotPermitted`, `ImpossibleMove`.
    """
    lock(agreement)
    duties.require("read agreements", by=by)
    commands.require(COMMANDS["hand in"], state=agreement.state, thing=agreement.code, by=by, agency=by.agency)
    return signed_text(agreement, by=by, at=at or timezone.now())


@transaction.atomic
def hand_in(
    agreement: Agreement,
    *,
    name: str,
    content: bytes,
    how: str,
    signer: str,
    signer_title: str,
    signed_on: date,
    by: User,
    at: datetime | None = None,
) -> SignatureElsewhere:
    """Hand in a PDF that was signed for one's own agency, in ink or by a service. It waits for a second person.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` for what is no PDF, a day to come, a text that is
    not the one to sign, or a party that has signed.
    """
    lock(agreement)
    at = at or timezone.now()
    party = own_party(agreement, "hand in signature", by)
    commands.require(COMMANDS["hand in"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    may_still_be_signed(agreement, party, timezone.localdate(at), "")
    check_copy(content)
    _check_facts(agreement, signer, signer_title, signed_on, timezone.localdate(at))
    waiting = SignatureElsewhere.objects.filter(
        agreement=agreement, agency=party.agency, text_digest=agreement.text_digest, decided_at__isnull=True
    )
    if waiting.exists():
        raise AgreementRefused(
            _("A signature of %(party)s waits to be confirmed already.") % {"party": party.agency.name},
            next_step=_("Have it confirmed or refused first."),
        )
    original = bytes(signed_text(agreement, by=by, at=at).content)
    paper = keep_signed_copy(agreement, party.agency, name=name, content=content, by=by, at=at)
    found = embedded_signatures(content)
    made = SignatureElsewhere.objects.create(
        agreement=agreement,
        agency=party.agency,
        paper=paper,
        text_digest=agreement.text_digest,
        how=how,
        signer=" ".join(signer.split())[:150],
        signer_title=" ".join(signer_title.split())[:150],
        signed_on=signed_on,
        found={
            "same_bytes": content.startswith(original),
            "signatures": [
                {"subject": one.subject, "issuer": one.issuer, "unaltered": one.unaltered, "covers_all": one.covers_all}
                for one in found
            ],
        },
        by=by,
        at=at,
    )
    turns.ask_to_confirm(agreement, party.agency, at)
    _record(agreement, made, by, at, "handed in", same_bytes=made.found["same_bytes"], signatures=len(found))
    return made


@transaction.atomic
def decide_signature(
    number: int, *, checked: Collection[str] = (), refusal: str = "", by: User, at: datetime | None = None
) -> SignatureElsewhere:
    """Confirm a signature that someone else handed in, having looked at all of `CHECKS`; or refuse it with a reason.

    Confirmed, it is the party's signature: the last one puts the agreement into force. Raises `NotPermitted`,
    `ImpossibleMove`, and `AgreementRefused` for one's own, a second decision, or what was not looked at.
    """
    given = SignatureElsewhere.objects.select_related("agreement", "agency", "paper").filter(pk=number).first()
    if given is None:
        raise NotThere(_("There is no such signature."), next_step=_("See the agreement."))
    agreement, at = given.agreement, at or timezone.now()
    lock(agreement)
    given.refresh_from_db()
    own_party(agreement, "hand in signature", by)
    commands.require(
        COMMANDS["confirm signature"], state=agreement.state, thing=agreement.code, by=by, agency=by.agency
    )
    if given.by_id == by.pk:
        raise AgreementRefused(
            _("You handed this signature in, so someone else confirms it."),
            next_step=_("Ask another counsel or board member, of any party."),
        )
    if given.decided_at or given.text_digest != agreement.text_digest:
        raise AgreementRefused(
            _("This signature is decided already, or stands under an earlier text."), next_step=_("See the agreement.")
        )
    if not refusal.strip() and set(checked) != CHECKS:
        raise AgreementRefused(
            _("Not all of it was looked at."), next_step=_("Open the file, look at each point, or say what is wrong.")
        )
    given.decided_by, given.decided_at = by, at
    given.refusal, given.checked = refusal.strip()[:400], [] if refusal.strip() else sorted(checked)
    given.save()
    turns.done(agreement, turns.CONFIRM, at, "refused" if given.refusal else "confirmed")
    _record(agreement, given, by, at, "refused" if given.refusal else "confirmed", checked=given.checked)
    if not given.refusal:
        _count(agreement, given, by, at)
    return given


def _check_facts(agreement: Agreement, signer: str, title: str, signed_on: date, today: date) -> None:
    if not signer.strip() or not title.strip():
        raise AgreementRefused(
            _("A signature needs a name and an office."), next_step=_("Say who signed, and as what.")
        )
    sent = timezone.localdate(agreement.submitted_at) if agreement.submitted_at else today
    if not sent <= signed_on <= today:
        raise AgreementRefused(
            _("The day of the signature is still to come, or before this text was there."),
            next_step=_("Correct the day."),
        )


def _count(agreement: Agreement, given: SignatureElsewhere, by: User, at: datetime) -> None:
    party = agreement.parties.select_related("agency").filter(agency=given.agency).first()
    if party is None:
        raise NotPermitted(not_a_party(agreement), wanted="hand in signature")
    may_still_be_signed(agreement, party, timezone.localdate(at), "")
    boards.require_decision(agreement)
    party.elsewhere = given
    when_signed(agreement, party, document=given.paper.sha256, by=by, at=at)


def _record(
    agreement: Agreement, given: SignatureElsewhere, by: User, at: datetime, what: str, **facts: object
) -> None:
    audit.record(
        Event.AGREEMENT_SIGNED,
        about=about(agreement),
        by=by,
        at=at,
        party=given.agency.code,
        what=f"signature elsewhere {what}",
        document=given.paper.sha256,
        text=given.text_digest,
        **facts,
    )

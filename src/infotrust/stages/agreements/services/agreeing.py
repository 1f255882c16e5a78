"""Agreeing: each party's counsel reviews, each party's board member signs, all of them one and the same text."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.lifecycle import JOINING, JoiningState, State
from infotrust.stages.agreements.models import Agreement, Joining, Party, Review
from infotrust.stages.agreements.services import boards, turns
from infotrust.stages.agreements.services.force import begin
from infotrust.stages.agreements.services.ground import (
    AgreementRefused,
    about,
    back_to_draft,
    lock,
    may_change,
    move,
    own_party,
    same_text,
    tell,
)
from infotrust.stages.agreements.services.papers import signed_text
from infotrust.stages.agreements.services.reconciling import ask_to_reconcile


@transaction.atomic
def review(
    agreement: Agreement, *, approve: bool, comment: str = "", seen: str = "", by: User, at: datetime | None = None
) -> Agreement:
    """Record what a party's counsel says. Changes asked send it back to a draft; the last approval, on to signing.

    `seen`: the digest of the text that the page showed, where there was a page. Raises `NotPermitted`, and
    `AgreementRefused` for changes asked without a comment or another text than the one seen.
    """
    lock(agreement)
    party = own_party(agreement, "review agreement", by)
    at = at or timezone.now()
    commands.require(COMMANDS["review"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    same_text(agreement, seen)
    if not approve and not comment.strip():
        raise AgreementRefused(_("Changes were asked for without saying which."), next_step=_("Write what to change."))
    Review.objects.create(
        agreement=agreement,
        agency=party.agency,
        by=by,
        at=at,
        approve=approve,
        comment=comment.strip(),
        text_version=agreement.text_version,
        text_digest=agreement.text_digest,
    )
    audit.record(
        Event.AGREEMENT_REVIEWED,
        about=about(agreement),
        by=by,
        at=at,
        party=party.agency.code,
        approve=approve,
        text=agreement.text_digest,
    )
    turns.done(agreement, turns.REVIEW_STEPS[Role.COUNSEL], at, "approved" if approve else "changes", party.agency)
    if not approve:
        return _to_be_mended(agreement, at, "changes asked for", by)
    party.approved_by, party.approved_at, party.approved_digest = by, at, agreement.text_digest
    party.save()
    if not agreement.parties.filter(approved_at__isnull=True).exists():
        agreement.approved_at = at
        turns.all_done(agreement, at, "approved by counsel")
        move(agreement, State.AWAITING_SIGNATURES)
        boards.ask_who_is_next(agreement, at)
        tell(agreement, "reviewed", by, at)
    return agreement


@transaction.atomic
def reopen(agreement: Agreement, *, reason: str, by: User, at: datetime | None = None) -> Agreement:
    """Take an agreement back to a draft before the last signature; reviews and signatures must be given anew.

    Raises `NotPermitted`, and `AgreementRefused` without a reason.
    """
    lock(agreement)
    party = own_party(agreement, "reopen agreement", by)
    commands.require(COMMANDS["reopen"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    if not reason.strip():
        raise AgreementRefused(_("It was reopened without a reason."), next_step=_("Write why it must change."))
    audit.record(
        Event.AGREEMENT_CHANGED,
        about=about(agreement),
        by=by,
        at=at,
        what="reopened",
        party=party.agency.code,
        reason=reason.strip()[:400],
    )
    return _to_be_mended(agreement, at or timezone.now(), "reopened", by)


def _to_be_mended(agreement: Agreement, at: datetime, outcome: str, by: User) -> Agreement:
    """Every wait for this text ends; what is open can be settled again, so that begins anew for the draft."""
    back_to_draft(agreement, at, outcome, by)
    ask_to_reconcile(agreement, at)
    return agreement


@transaction.atomic
def discard(agreement: Agreement, *, reason: str, by: User, at: datetime | None = None) -> Agreement:
    """Give a draft up: it is kept, nothing can follow from it, and the next edition can be drafted.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` without a reason.
    """
    may_change(agreement, by)
    commands.require(COMMANDS["discard"], state=agreement.state, thing=agreement.code, by=by)
    if not reason.strip():
        raise AgreementRefused(_("It was discarded without a reason."), next_step=_("Write why nothing came of it."))
    at = at or timezone.now()
    for memo in Joining.objects.select_for_update().filter(edition=agreement, state=JoiningState.PARTIES):
        # Whoever wanted to join by it still waits for a party to take the memo up.
        JOINING.require(memo.state, JoiningState.WELCOME, thing=str(memo))
        memo.state, memo.edition = JoiningState.WELCOME, None
        memo.save()
        turns.ask_to_take_up(memo, queries.agreement(memo.joins), at)
    discard_for(agreement, reason=reason.strip()[:400], by=by, at=at)
    return agreement


def discard_for(agreement: Agreement, *, reason: str, by: User | None, at: datetime) -> None:
    """Discard what is not signed yet, for a verb that has permitted it (a joining that is declined)."""
    lock(agreement)
    if agreement.state in {State.IN_REVIEW, State.AWAITING_SIGNATURES}:
        back_to_draft(agreement, at, "discarded", by)
    if agreement.state != State.DRAFT:
        return
    turns.all_done(agreement, at, "discarded")
    agreement.ended_at, agreement.ended_by, agreement.end_reason = at, by, reason
    move(agreement, State.DISCARDED)
    audit.record(Event.AGREEMENT_DISCARDED, about=about(agreement), by=by, at=at, reason=reason)


@transaction.atomic
def sign(agreement: Agreement, *, seen: str = "", by: User, at: datetime | None = None) -> Agreement:
    """Sign for the signer's own agency. The last signature puts the agreement into force, or waits for its first day.

    `seen`: the digest of the text that the page showed, where there was a page.
    Raises `AgreementRefused` where the text is no longer the one that was reviewed, or its last day is past.
    """
    lock(agreement)
    party = own_party(agreement, "sign agreement", by)
    at = at or timezone.now()
    commands.require(COMMANDS["sign"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    may_still_be_signed(agreement, party, timezone.localdate(at), seen)
    boards.require_decision(agreement)
    return when_signed(agreement, party, document=signed_text(agreement, by=by, at=at).sha256, by=by, at=at)


def when_signed(agreement: Agreement, party: Party, *, document: str, by: User, at: datetime) -> Agreement:
    """Write a party's signature down; the last one puts the agreement into force, or it waits for its first day.

    For verbs that have permitted it. `document`: the digest of the file that was signed.
    """
    party.signed_by, party.signed_at, party.signed_digest = by, at, agreement.text_digest
    party.signed_document = document
    party.save()
    turns.done(agreement, turns.SIGNATURE, at, "signed", party.agency)
    audit.record(
        Event.AGREEMENT_SIGNED,
        about=about(agreement),
        by=by,
        at=at,
        party=party.agency.code,
        version=agreement.text_version,
        text=agreement.text_digest,
        document=party.signed_document,
    )
    if agreement.parties.filter(signed_at__isnull=True).exists():
        return agreement
    if agreement.starts_on > timezone.localdate(at):
        move(agreement, State.SIGNED)
        return agreement
    return begin(agreement, by=by, at=at)


def may_still_be_signed(agreement: Agreement, party: Party, today: date, seen: str) -> None:
    """Raise `AgreementRefused` unless this party can sign this text today."""
    same_text(agreement, seen)
    if party.approved_digest != agreement.text_digest:
        raise AgreementRefused(
            _("%(party)s has not approved this text of %(code)s.")
            % {"party": party.agency.name, "code": agreement.code},
            next_step=_("Its counsel reviews first."),
        )
    if party.signed_at:
        raise AgreementRefused(
            _("%(party)s has already signed %(code)s.") % {"party": party.agency.name, "code": agreement.code},
            next_step=_("Wait for the other parties."),
        )
    if agreement.ends_on < today:
        raise AgreementRefused(
            _("The last day of %(code)s has passed.") % {"code": agreement.code},
            next_step=_("Reopen it and choose later dates."),
        )

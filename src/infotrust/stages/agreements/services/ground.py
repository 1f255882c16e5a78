"""What every verb of an agreement stands on: one row held, one move made, one party spoken for, one text."""

from __future__ import annotations

from datetime import datetime

from django.dispatch import Signal
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.core.policy.clauses import text_digest
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.lifecycle import LIFECYCLE, State
from infotrust.stages.agreements.models import Agreement, Party
from infotrust.stages.agreements.services import turns

# How far a text has come: with `agreement_code`, `use_case` (a number or None), `what`, `by` and `at`. `what`: drafted,
# reviewed, back to a draft, signed, renewed or over.
agreement_moved = Signal()


class AgreementRefused(UserFacingError):
    """The agreement is incomplete or contradicts itself; the message says what to mend."""


def about(agreement: Agreement) -> str:
    return f"agreement:{agreement.code}"


def lock(agreement: Agreement) -> None:
    """Hold the row until the transaction ends, and read it anew: two people may act at the same moment."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    agreement.refresh_from_db()


def may_change(agreement: Agreement, by: User) -> None:
    """Hold a draft that `by` may change; raises `NotPermitted`, `ImpossibleMove`."""
    duties.require("draft agreement", by=by)
    lock(agreement)
    if agreement.drafted_by_id != by.pk and not agreement.parties.filter(agency=by.agency).exists():
        raise NotPermitted(not_a_party(agreement), wanted="draft agreement")
    commands.require(COMMANDS["change"], state=agreement.state, thing=agreement.code, by=by)


def move(agreement: Agreement, to: State) -> None:
    """Change the state and save; raises `ImpossibleMove` where the lifecycle has no such move."""
    LIFECYCLE.require(agreement.state, to, thing=agreement.code)
    agreement.state = to
    agreement.save()


def own_party(agreement: Agreement, duty: str, by: User) -> Party:
    """Return the party for which `by` acts; raises `NotPermitted` where there is none, or the duty is not theirs."""
    duties.require(duty, by=by, agency=by.agency)
    party = agreement.parties.select_related("agency").filter(agency=by.agency).first()
    if party is None:
        raise NotPermitted(not_a_party(agreement), wanted=duty)
    return party


def not_a_party(agreement: Agreement) -> Decision:
    """The refusal of someone whose agency has no part in this agreement."""
    text = _("Your agency is not a party to %(code)s.") % {"code": agreement.code}
    return Decision(False, (Reason("not-a-party", text, agreement.code),), agreement=agreement.code)


def same_text(agreement: Agreement, seen: str) -> None:
    """Raise `AgreementRefused` unless the text is the one that was seen, and the one sent for review."""
    if seen and seen != agreement.text_digest:
        raise AgreementRefused(
            _("The text of %(code)s changed after you opened this page.") % {"code": agreement.code},
            next_step=_("Read it again."),
        )
    if text_digest(queries.terms_of(queries.agreement(agreement.code))) != agreement.text_digest:
        raise AgreementRefused(
            _("The text of %(code)s is no longer the one that was sent for review.") % {"code": agreement.code},
            next_step=_("Reopen it and send it for review again."),
        )


def tell(agreement: Agreement, what: str, by: User | None, at: datetime) -> None:
    """Tell whoever follows how far an agreement has come (`agreement_moved`)."""
    agreement_moved.send(
        sender=Agreement, agreement_code=agreement.code, use_case=agreement.use_case, what=what, by=by, at=at
    )


def back_to_draft(agreement: Agreement, at: datetime, outcome: str, by: User | None = None) -> Agreement:
    """Void the text, its reviews and its signatures; nobody waits for it any more."""
    turns.all_done(agreement, at, outcome)
    clear_approvals(agreement)
    agreement.text_digest, agreement.submitted_at, agreement.approved_at = "", None, None
    move(agreement, State.DRAFT)
    if agreement.amends is None:
        tell(agreement, "back to a draft", by, at)
    return agreement


def clear_approvals(agreement: Agreement) -> None:
    agreement.parties.update(
        approved_by=None,
        approved_at=None,
        approved_digest="",
        signed_by=None,
        signed_at=None,
        signed_digest="",
        signed_document="",
        elsewhere=None,
    )

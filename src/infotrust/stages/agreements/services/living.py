"""After signature: amending, renewing, suspending, disputing. Each stops or changes access in its own transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.lifecycle import OVER, State
from infotrust.stages.agreements.models import Agreement, Dispute, Suspension
from infotrust.stages.agreements.services import turns
from infotrust.stages.agreements.services.drafting import copy_into_draft
from infotrust.stages.agreements.services.force import republish_for, show
from infotrust.stages.agreements.services.ground import (
    AgreementRefused,
    about,
    lock,
    move,
    not_a_party,
    own_party,
)

# Thirty days to settle between the parties; then it goes to the governing body (library clause "dispute-steps").
DAYS_TO_SETTLE = 30


@transaction.atomic
def amend(agreement: Agreement, *, reason: str, by: User, at: datetime | None = None) -> Agreement:
    """Draft the next edition, with every term, field and clause of this one, which stays in force until it is signed.

    The last signature of the amendment replaces this edition in one transaction. Raises `NotPermitted`,
    `ImpossibleMove`, and `AgreementRefused` without a reason or where an amendment is being drafted already.
    """
    return _next_edition(agreement, "amend", agreement.ends_on, reason, by, at or timezone.now())


@transaction.atomic
def renew(agreement: Agreement, *, ends_on: date, reason: str, by: User, at: datetime | None = None) -> Agreement:
    """Draft the next edition with a later last day. Raises as `amend`, and for a day that is not later."""
    return _next_edition(agreement, "renew", ends_on, reason, by, at or timezone.now())


@transaction.atomic
def suspend(agreement: Agreement, *, reason: str, by: User, at: datetime | None = None) -> Agreement:
    """Stop all access under an agreement with the next request. Data is kept, sealed; deliveries are refused.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` without a reason or a second time for one party.
    """
    lock(agreement)
    party = own_party(agreement, "suspend agreement", by)
    commands.require(COMMANDS["suspend"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    if agreement.suspensions.filter(agency=party.agency, resumed_at__isnull=True).exists():
        raise AgreementRefused(
            _("%(party)s has already suspended %(code)s.") % {"party": party.agency.name, "code": agreement.code},
            next_step=_("Its board member lets it go on."),
        )
    hold(agreement, agency=party.agency, reason=_needed(reason), by=by, at=at or timezone.now())
    return agreement


def hold(agreement: Agreement, *, agency: Agency, reason: str, by: User, at: datetime) -> None:
    """Suspend for `agency`; the caller has permitted it (a breach that is reported suspends too)."""
    if agreement.suspensions.filter(agency=agency, resumed_at__isnull=True).exists():
        return
    Suspension.objects.create(agreement=agreement, agency=agency, reason=reason, by=by, at=at)
    audit.record(Event.AGREEMENT_SUSPENDED, about=about(agreement), by=by, at=at, party=agency.code, reason=reason)
    if agreement.state == State.IN_FORCE:
        move(agreement, State.SUSPENDED)
        republish_for(agreement, reason=f"{agreement.code} is suspended", by=by, at=at)
        turns.tell_parties(agreement, _("%(party)s suspended it") % {"party": agency.name}, at, by)
        show(agreement, at)


@transaction.atomic
def resume(agreement: Agreement, *, by: User, at: datetime | None = None) -> Agreement:
    """Take back one's own suspension. Access opens again once no party has it suspended.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` where this party did not suspend it.
    """
    lock(agreement)
    at = at or timezone.now()
    party = own_party(agreement, "resume agreement", by)
    commands.require(COMMANDS["resume"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    mine = agreement.suspensions.filter(agency=party.agency, resumed_at__isnull=True)
    if not mine.update(resumed_by=by, resumed_at=at):
        raise AgreementRefused(
            _("%(party)s did not suspend %(code)s.") % {"party": party.agency.name, "code": agreement.code},
            next_step=_("The party that suspended it lets it go on."),
        )
    audit.record(Event.AGREEMENT_RESUMED, about=about(agreement), by=by, at=at, party=party.agency.code)
    if not agreement.suspensions.filter(resumed_at__isnull=True).exists():
        move(agreement, State.IN_FORCE)
        republish_for(agreement, reason=f"{agreement.code} goes on", by=by, at=at)
        turns.tell_parties(agreement, _("it goes on"), at, by)
        show(agreement, at)
    return agreement


@transaction.atomic
def raise_dispute(agreement: Agreement, *, what: str, by: User, at: datetime | None = None) -> Dispute:
    """Write down what a party disputes; each party's board has thirty days to settle it. It stops nothing by itself.

    Raises `NotPermitted`, `ImpossibleMove`, `AgreementRefused`.
    """
    lock(agreement)
    at = at or timezone.now()
    party = own_party(agreement, "dispute agreement", by)
    commands.require(COMMANDS["dispute"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    made = Dispute.objects.create(agreement=agreement, agency=party.agency, what=_needed(what, 8_000), by=by, at=at)
    audit.record(Event.AGREEMENT_DISPUTED, about=about(agreement), by=by, at=at, party=party.agency.code)
    turns.ask_to_settle(agreement, at, timezone.localdate(at) + timedelta(days=DAYS_TO_SETTLE))
    return made


@transaction.atomic
def settle_dispute(number: int, *, outcome: str, by: User, at: datetime | None = None) -> Dispute:
    """Say how a dispute ended; only the party that raised it can. Raises as `raise_dispute`."""
    found = queries.dispute(number)
    agreement, at = found.agreement, at or timezone.now()
    lock(agreement)
    duties.require("dispute agreement", by=by, agency=found.agency)
    commands.require(
        COMMANDS["settle dispute"], state=agreement.state, thing=agreement.code, by=by, agency=found.agency
    )
    if found.settled_at:
        raise AgreementRefused(_("This dispute is settled."), next_step=_("See how, on the agreement's page."))
    found.outcome, found.settled_by, found.settled_at = _needed(outcome, 8_000), by, at
    found.save()
    audit.record(Event.AGREEMENT_SETTLED, about=about(agreement), by=by, at=at, party=found.agency.code)
    if not agreement.disputes.filter(settled_at__isnull=True).exists():
        turns.done(agreement, turns.DISPUTE, at, "settled")
    return found


@transaction.atomic
def confirm(agreement: Agreement, *, by: User, at: datetime | None = None) -> Agreement:
    """Say at the regular review that the agreement still fits. Raises `NotPermitted`, `ImpossibleMove`."""
    lock(agreement)
    at = at or timezone.now()
    party = own_party(agreement, "sign agreement", by)
    commands.require(COMMANDS["confirm"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    agreement.looked_at_on = timezone.localdate(at)
    agreement.save()
    audit.record(
        Event.AGREEMENT_REVIEWED, about=about(agreement), by=by, at=at, party=party.agency.code, what="still fits"
    )
    turns.done(agreement, turns.LOOK_AGAIN, at, "still fits", party.agency)
    return agreement


def _next_edition(agreement: Agreement, name: str, ends_on: date, reason: str, by: User, at: datetime) -> Agreement:
    lock(agreement)
    duties.require("draft agreement", by=by)
    if agreement.drafted_by_id != by.pk and not agreement.parties.filter(agency=by.agency).exists():
        raise NotPermitted(not_a_party(agreement), wanted="draft agreement")
    commands.require(COMMANDS[name], state=agreement.state, thing=agreement.code, by=by)
    if name == "renew" and ends_on <= agreement.ends_on:
        raise AgreementRefused(
            _("A renewal ends later than %(day)s.") % {"day": f"{agreement.ends_on:%B %d, %Y}"},
            next_step=_("Choose a later last day, or draft an amendment."),
        )
    if open_one := agreement.amendments.exclude(state__in=OVER).first():
        raise AgreementRefused(
            _("%(code)s is being amended already.") % {"code": agreement.code},
            next_step=_("Go on with %(code)s.") % {"code": open_one.code},
        )
    why = _needed(reason)
    # Numbers of editions that were discarded are not given again.
    edition = max(one.edition for one in queries.editions(agreement)) + 1
    lineage = agreement.lineage or agreement.code
    whole = queries.agreement(agreement.code)
    kept = {"use_case": agreement.use_case, "board": agreement.board}
    made, _gone = copy_into_draft(
        whole,
        code=f"{lineage}-v{edition}",
        title=agreement.title,
        starts_on=agreement.starts_on,
        ends_on=ends_on,
        changes={"lineage": lineage, "edition": edition, "amends": agreement, "based_on": agreement, **kept},
        by=by,
        at=at,
    )
    audit.record(Event.AGREEMENT_CHANGED, about=about(agreement), by=by, at=at, what=name, edition=edition, reason=why)
    return made


def _needed(words: str, longest: int = 400) -> str:
    if not words.strip():
        raise AgreementRefused(_("This needs a reason."), next_step=_("Write why, in plain words."))
    return words.strip()[:longest]

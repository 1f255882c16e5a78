"""In force and no longer: compiling, publishing, ending, and what the calendar does.

The policies change in the same transaction as the agreement's state, so that the two can never disagree.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.book import PolicyBook, assemble
from infotrust.core.policy.clauses import compile_agreement
from infotrust.core.policy.kinds import KINDS
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands, parts
from infotrust.shared.permissions import services as permissions
from infotrust.stages.agreements import queries, showing
from infotrust.stages.agreements.commands import COMMANDS, LIVING
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import Agreement, Suspension
from infotrust.stages.agreements.services import turns
from infotrust.stages.agreements.services.ground import AgreementRefused, about, lock, move, own_party, tell

# Sent inside the transaction, with `agreement_code`, `datasets` (codes), `by` (None: the calendar) and `at`.
agreement_in_force = Signal()
agreement_ended = Signal()
# An amendment took its place: the same facts, about the datasets of the edition before.
agreement_amended = Signal()


@transaction.atomic
def end(agreement: Agreement, *, reason: str, by: User, at: datetime | None = None) -> Agreement:
    """End an agreement for every party. Access stops with the next request; the signal has data destroyed.

    Raises `NotPermitted`, and `AgreementRefused` without a reason.
    """
    lock(agreement)
    party = own_party(agreement, "end agreement", by)
    commands.require(COMMANDS["end"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    if not reason.strip():
        raise AgreementRefused(_("The agreement was ended without a reason."), next_step=_("Write why it ends."))
    _close(agreement, State.ENDED, reason=reason.strip()[:400], by=by, at=at or timezone.now(), party=party.agency.code)
    return agreement


@transaction.atomic
def expire_due(at: datetime | None = None) -> list[Agreement]:
    """Do what the calendar asks: begin signed agreements whose first day has come, expire those past their last day."""
    at = at or timezone.now()
    today = timezone.localdate(at)
    begun = Agreement.objects.select_for_update().filter(state=State.SIGNED, starts_on__lte=today, ends_on__gte=today)
    over = Agreement.objects.select_for_update().filter(state__in=LIVING, ends_on__lt=today)
    changed = [begin(agreement, by=None, at=at) for agreement in list(begun)]
    for agreement in list(over):
        _close(agreement, State.EXPIRED, reason=_("Its last day has passed."), by=None, at=at)
        changed.append(agreement)
    _ask_to_look_again(today, at)
    return changed


def _ask_to_look_again(today: date, at: datetime) -> None:
    """Start the clock of the regular review that a clause asks for, once its days are over."""
    for agreement in queries.in_force(at):
        days = queries.machine_terms(agreement).get("review_every_days")
        last = agreement.looked_at_on or timezone.localdate(agreement.in_force_at)
        if days and last + timedelta(days=days) <= today:
            turns.ask_to_look_again(agreement, at)


@transaction.atomic
def republish(*, reason: str, by: User | None, at: datetime | None = None) -> None:
    """Compile every agreement and license in force anew and publish: what the inventory says about a field now decides.

    Callers record what happened first: the log's head and then the current version are locked in this order, so that
    of two agreements that change at one moment the second is compiled after the first is there to be seen.
    """
    permissions.hold_policies()
    compiled = [compile_agreement(queries.terms_of(one)) for one in _compiled_agreements()]
    policies, entities = assemble((*compiled, *parts.compiled()))
    permissions.publish_policy(policies=policies, entities=entities, reason=reason, by=by, at=at)


def republish_for(*agreements: Agreement | None, reason: str, by: User | None, at: datetime) -> None:
    """Publish anew after these changed; by an agreement of a kind that shares no data, no policy is made."""
    if any(KINDS[one.kind].shares for one in agreements if one is not None):
        republish(reason=reason, by=by, at=at)


def keep_up_with_the_law(at: datetime | None = None) -> bool:
    """Publish anew where a regime was added or changed since the last publication. Returns whether it was needed."""
    current = permissions.current_version()
    if current is None:
        return False
    compiled = [compile_agreement(queries.terms_of(one)) for one in _compiled_agreements()]
    policies, entities = assemble((*compiled, *parts.compiled()))
    if PolicyBook(policies, entities).digest == current.digest:
        return False
    republish(reason="the law register or the inventory changed", by=None, at=at)
    return True


def dataset_changed(dataset_code: str, *, by: User, at: datetime) -> None:
    """An agency changed a description: publish anew if an agreement in force covers the dataset."""
    if any(part.dataset.code == dataset_code for one in _compiled_agreements() for part in one.datasets.all()):
        republish(reason=f"the description of {dataset_code} changed", by=by, at=at)


def begin(agreement: Agreement, *, by: User | None, at: datetime) -> Agreement:
    """Put a signed agreement into force: compile, publish, show, and tell who listens."""
    agreement.in_force_at = at
    amended = _make_way(agreement, at)
    move(agreement, State.IN_FORCE)
    if amended is not None and _still_suspended(amended, agreement):
        move(agreement, State.SUSPENDED)
    codes = _dataset_codes(agreement)
    audit.record(
        Event.AGREEMENT_IN_FORCE,
        about=about(agreement),
        by=by,
        at=at,
        text=agreement.text_digest,
        until=agreement.ends_on,
        datasets=codes,
        suspended=agreement.state == State.SUSPENDED,
    )
    republish_for(agreement, amended, reason=f"{agreement.code} is in force", by=by, at=at)
    show(agreement, at)
    agreement_in_force.send(sender=Agreement, agreement_code=agreement.code, datasets=codes, by=by, at=at)
    tell(agreement, "signed" if amended is None else "renewed or over", by, at)
    if amended is not None:
        # What the amendment no longer covers goes as at an end; what it covers stays.
        before = _dataset_codes(amended)
        agreement_amended.send(sender=Agreement, agreement_code=agreement.code, datasets=before, by=by, at=at)
    return agreement


def _make_way(agreement: Agreement, at: datetime) -> Agreement | None:
    """Have an amendment take the place and the name of the edition before it; returns that edition."""
    if agreement.amends is None:
        return None
    before = Agreement.objects.select_for_update().get(pk=agreement.amends.pk)
    if before.state not in {State.IN_FORCE, State.SUSPENDED}:
        raise AgreementRefused(
            _("%(code)s, which this amends, is no longer in force.") % {"code": before.code},
            next_step=_("Start a new agreement from it."),
        )
    name, before.lineage, before.code = before.code, before.code, f"{before.code}-v{before.edition}"
    before.ended_at, before.end_reason = at, _("Replaced by edition %(n)d.") % {"n": agreement.edition}
    move(before, State.SUPERSEDED)
    audit.record(
        Event.AGREEMENT_SUPERSEDED, about=about(before), by=None, at=at, edition=agreement.edition, was=agreement.code
    )
    turns.over(before, at, "replaced", reverse("agreements:agreement", args=[before.code]))
    agreement.code = name
    return before


def _still_suspended(before: Agreement, agreement: Agreement) -> bool:
    """Carry over what parties have suspended: signing a new edition is not the word that lets it go on."""
    held = before.suspensions.filter(resumed_at__isnull=True)
    Suspension.objects.bulk_create(
        Suspension(agreement=agreement, agency=one.agency, reason=one.reason, by=one.by, at=one.at)
        for one in held.select_related("agency", "by")
    )
    return held.exists()


def _close(agreement: Agreement, state: State, *, reason: str, by: User | None, at: datetime, **facts: Any) -> None:
    was_in_force = agreement.state in {State.IN_FORCE, State.SUSPENDED}
    turns.over(agreement, at, state.value)
    agreement.ended_at, agreement.ended_by, agreement.end_reason = at, by, reason
    move(agreement, state)
    codes = _dataset_codes(agreement)
    audit.record(Event.AGREEMENT_ENDED, about=about(agreement), by=by, at=at, state=state.value, reason=reason, **facts)
    if was_in_force:
        turns.tell_parties(agreement, _("it is over"), at, by)
        republish_for(agreement, reason=f"{agreement.code} is no longer in force", by=by, at=at)
        show(agreement, at)
        agreement_ended.send(sender=Agreement, agreement_code=agreement.code, datasets=codes, by=by, at=at)
        tell(agreement, "renewed or over", by, at)


def _compiled_agreements() -> list[Agreement]:
    """By state, not by date: the policies themselves know the dates."""
    found = [one for one in queries.agreements() if one.state == State.IN_FORCE]
    return [one for one in found if KINDS[one.kind].shares]


def show(agreement: Agreement, at: datetime) -> None:
    found = queries.agreement(agreement.code)
    signed = [party.signed_at for party in found.parties.all() if party.signed_at]
    showing.show(
        queries.terms_of(found),
        signed_on=timezone.localdate(max(signed)) if signed else None,
        ended_on=timezone.localdate(found.ended_at) if found.ended_at else None,
        ended_reason=found.end_reason,
        suspended_on=timezone.localdate(at) if found.state == State.SUSPENDED else None,
        at=at,
    )


def _dataset_codes(agreement: Agreement) -> list[str]:
    return list(agreement.datasets.order_by("dataset__code").values_list("dataset__code", flat=True))

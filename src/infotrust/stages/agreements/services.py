"""The verbs of an agreement: draft, change, send for review, review, sign, begin, end.

What is signed is what was reviewed: each approval and each signature stands under the digest of one exact text. The
last signature compiles the agreement and publishes the policies in the same transaction; so does its end. Nothing
here decides what may be seen: that is `permissions.decide`, by the policies published here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.core.policy.book import assemble
from infotrust.core.policy.clauses import compile_agreement, text_digest
from infotrust.core.policy.terms import PURPOSES, Level, Use
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.stages.agreements import checks, queries, showing
from infotrust.stages.agreements.lifecycle import LIFECYCLE, State
from infotrust.stages.agreements.models import (
    Agreement,
    AgreementDataset,
    AgreementField,
    AgreementPurpose,
    Party,
    Recipient,
    Review,
)
from infotrust.stages.inventory import queries as inventory

# Sent inside the transaction, with `agreement_code`, `datasets` (codes), `by` (None: the calendar) and `at`.
agreement_in_force = Signal()
agreement_ended = Signal()


class AgreementRefused(UserFacingError):
    """The agreement is incomplete or contradicts itself; the message says what to mend."""


@transaction.atomic
def draft_agreement(
    *,
    code: str,
    title: str,
    why: str,
    parties: Sequence[Agency],
    purposes: Sequence[str],
    recipients: Sequence[Agency],
    level: str = Level.AGGREGATE.value,
    starts_on: date,
    ends_on: date,
    retention_days: int = 0,
    publication_threshold: int = 11,
    by: User,
    at: datetime | None = None,
) -> Agreement:
    """Write down who agrees with whom, what for and until when. Datasets follow with `add_dataset`."""
    duties.require("draft agreement", by=by)
    at = at or timezone.now()
    if Agreement.objects.filter(code=code).exists():
        raise AgreementRefused(
            _("There is already an agreement called %(code)s.") % {"code": code},
            next_step=_("Choose another short name."),
        )
    agreement = Agreement(code=code, drafted_by=by, drafted_at=at)
    _set_terms(agreement, title, why, level, starts_on, ends_on, retention_days, publication_threshold)
    _set_rows(agreement, parties, purposes, recipients)
    audit.record(Event.AGREEMENT_DRAFTED, about=_about(agreement), by=by, at=at, title=title)
    return agreement


@transaction.atomic
def change_terms(
    agreement: Agreement,
    *,
    title: str,
    why: str,
    parties: Sequence[Agency],
    purposes: Sequence[str],
    recipients: Sequence[Agency],
    level: str,
    starts_on: date,
    ends_on: date,
    retention_days: int,
    publication_threshold: int,
    by: User,
    at: datetime | None = None,
) -> Agreement:
    """Change a draft. An agreement under review or awaiting signatures is reopened first."""
    _open_draft(agreement, by)
    _set_terms(agreement, title, why, level, starts_on, ends_on, retention_days, publication_threshold)
    _set_rows(agreement, parties, purposes, recipients)
    audit.record(Event.AGREEMENT_CHANGED, about=_about(agreement), by=by, at=at, what="terms")
    return agreement


@transaction.atomic
def add_dataset(
    agreement: Agreement,
    *,
    dataset: str,
    uses: Mapping[str, Collection[str]],
    by: User,
    at: datetime | None = None,
) -> Agreement:
    """Share a dataset: `uses` maps the name of each agreed field to its uses. Called again, it replaces them."""
    _open_draft(agreement, by)
    found = inventory.dataset(dataset)
    agreed = {name: frozenset(map(str, chosen)) for name, chosen in uses.items() if chosen}
    _check_uses(dataset, agreed)
    part, _created = AgreementDataset.objects.get_or_create(agreement=agreement, dataset=found)
    part.fields.all().delete()
    AgreementField.objects.bulk_create(
        AgreementField(part=part, name=field.name, **dict.fromkeys(agreed[field.name], True))
        for field in inventory.fields(dataset)
        if field.name in agreed
    )
    audit.record(
        Event.AGREEMENT_CHANGED,
        about=_about(agreement),
        by=by,
        at=at,
        what="fields",
        dataset=dataset,
        uses={name: sorted(chosen) for name, chosen in agreed.items()},
    )
    return agreement


@transaction.atomic
def remove_dataset(agreement: Agreement, *, dataset: str, by: User, at: datetime | None = None) -> Agreement:
    _open_draft(agreement, by)
    AgreementDataset.objects.filter(agreement=agreement, dataset__code=dataset).delete()
    audit.record(
        Event.AGREEMENT_CHANGED, about=_about(agreement), by=by, at=at, what="dataset removed", dataset=dataset
    )
    return agreement


@transaction.atomic
def submit_for_review(agreement: Agreement, *, by: User, at: datetime | None = None) -> Agreement:
    """Fix the text and ask each party's counsel to review it. Raises `AgreementRefused` if it is incomplete."""
    _open_draft(agreement, by)
    at = at or timezone.now()
    found = queries.agreement(agreement.code)
    terms = queries.terms_of(found)
    if wrong := checks.problems(terms, timezone.localdate(at)):
        raise AgreementRefused(
            _("%(code)s cannot be reviewed yet.") % {"code": agreement.code}, next_step=" ".join(wrong)
        )
    _clear_approvals(agreement)
    agreement.text_version += 1
    agreement.text_digest = text_digest(terms)
    agreement.submitted_at, agreement.approved_at = at, None
    _move(agreement, State.IN_REVIEW)
    audit.record(
        Event.AGREEMENT_SUBMITTED,
        about=_about(agreement),
        by=by,
        at=at,
        version=agreement.text_version,
        text=agreement.text_digest,
    )
    return agreement


@transaction.atomic
def review(
    agreement: Agreement, *, approve: bool, comment: str = "", seen: str = "", by: User, at: datetime | None = None
) -> Agreement:
    """Record what a party's counsel says. Changes asked send it back to a draft; the last approval, on to signing.

    `seen`: the digest of the text that the page showed, where there was a page.
    """
    _lock(agreement)
    party = _own_party(agreement, "review agreement", by)
    at = at or timezone.now()
    LIFECYCLE.require(agreement.state, State.AWAITING_SIGNATURES, thing=agreement.code)
    _same_text(agreement, seen)
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
        about=_about(agreement),
        by=by,
        at=at,
        party=party.agency.code,
        approve=approve,
        text=agreement.text_digest,
    )
    if not approve:
        return _back_to_draft(agreement)
    party.approved_by, party.approved_at, party.approved_digest = by, at, agreement.text_digest
    party.save()
    if not agreement.parties.filter(approved_at__isnull=True).exists():
        agreement.approved_at = at
        _move(agreement, State.AWAITING_SIGNATURES)
    return agreement


@transaction.atomic
def reopen(agreement: Agreement, *, reason: str, by: User, at: datetime | None = None) -> Agreement:
    """Take an agreement back to a draft before the last signature; reviews and signatures must be given anew."""
    _lock(agreement)
    party = _own_party(agreement, "reopen agreement", by)
    LIFECYCLE.require(agreement.state, State.DRAFT, thing=agreement.code)
    if not reason.strip():
        raise AgreementRefused(_("It was reopened without a reason."), next_step=_("Write why it must change."))
    audit.record(
        Event.AGREEMENT_CHANGED,
        about=_about(agreement),
        by=by,
        at=at,
        what="reopened",
        party=party.agency.code,
        reason=reason.strip()[:400],
    )
    return _back_to_draft(agreement)


@transaction.atomic
def sign(agreement: Agreement, *, seen: str = "", by: User, at: datetime | None = None) -> Agreement:
    """Sign for the signer's own agency. The last signature puts the agreement into force, or waits for its first day.

    `seen`: the digest of the text that the page showed, where there was a page.
    Raises `AgreementRefused` where the text is no longer the one that was reviewed, or its last day is past.
    """
    _lock(agreement)
    party = _own_party(agreement, "sign agreement", by)
    at = at or timezone.now()
    today = timezone.localdate(at)
    LIFECYCLE.require(agreement.state, State.IN_FORCE, thing=agreement.code)
    _may_still_be_signed(agreement, party, today, seen)
    party.signed_by, party.signed_at, party.signed_digest = by, at, agreement.text_digest
    party.save()
    audit.record(
        Event.AGREEMENT_SIGNED,
        about=_about(agreement),
        by=by,
        at=at,
        party=party.agency.code,
        version=agreement.text_version,
        text=agreement.text_digest,
    )
    if agreement.parties.filter(signed_at__isnull=True).exists():
        return agreement
    if agreement.starts_on > today:
        _move(agreement, State.SIGNED)
        return agreement
    return _begin(agreement, by=by, at=at)


@transaction.atomic
def end(agreement: Agreement, *, reason: str, by: User, at: datetime | None = None) -> Agreement:
    """End an agreement for every party. Access stops with the next request; the signal has data destroyed."""
    _lock(agreement)
    party = _own_party(agreement, "end agreement", by)
    LIFECYCLE.require(agreement.state, State.ENDED, thing=agreement.code)
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
    over = Agreement.objects.select_for_update().filter(state__in=[State.SIGNED, State.IN_FORCE], ends_on__lt=today)
    changed = [_begin(agreement, by=None, at=at) for agreement in list(begun)]
    for agreement in list(over):
        _close(agreement, State.EXPIRED, reason=_("Its last day has passed."), by=None, at=at)
        changed.append(agreement)
    return changed


@transaction.atomic
def republish(*, reason: str, by: User | None, at: datetime | None = None) -> None:
    """Compile every agreement in force anew and publish: what the inventory says about a field now decides."""
    compiled = [compile_agreement(queries.terms_of(one)) for one in _compiled_agreements()]
    policies, entities = assemble(compiled)
    permissions.publish_policy(policies=policies, entities=entities, reason=reason, by=by, at=at)


def dataset_changed(dataset_code: str, *, by: User, at: datetime) -> None:
    """An agency changed a description: publish anew if an agreement in force covers the dataset."""
    if any(part.dataset.code == dataset_code for one in _compiled_agreements() for part in one.datasets.all()):
        republish(reason=f"the description of {dataset_code} changed", by=by, at=at)


def _begin(agreement: Agreement, *, by: User | None, at: datetime) -> Agreement:
    agreement.in_force_at = at
    _move(agreement, State.IN_FORCE)
    republish(reason=f"{agreement.code} is in force", by=by, at=at)
    codes = _dataset_codes(agreement)
    _show(agreement, at)
    audit.record(
        Event.AGREEMENT_IN_FORCE,
        about=_about(agreement),
        by=by,
        at=at,
        text=agreement.text_digest,
        until=agreement.ends_on,
        datasets=codes,
    )
    agreement_in_force.send(sender=Agreement, agreement_code=agreement.code, datasets=codes, by=by, at=at)
    return agreement


def _close(agreement: Agreement, state: State, *, reason: str, by: User | None, at: datetime, **facts: Any) -> None:
    was_in_force = agreement.state == State.IN_FORCE
    agreement.ended_at, agreement.ended_by, agreement.end_reason = at, by, reason
    _move(agreement, state)
    codes = _dataset_codes(agreement)
    if was_in_force:
        republish(reason=f"{agreement.code} is no longer in force", by=by, at=at)
        _show(agreement, at)
    audit.record(
        Event.AGREEMENT_ENDED, about=_about(agreement), by=by, at=at, state=state.value, reason=reason, **facts
    )
    if was_in_force:
        agreement_ended.send(sender=Agreement, agreement_code=agreement.code, datasets=codes, by=by, at=at)


def _compiled_agreements() -> list[Agreement]:
    """By state, not by date: the policies themselves know the dates."""
    return [one for one in queries.agreements() if one.state == State.IN_FORCE]


def _show(agreement: Agreement, at: datetime) -> None:
    found = queries.agreement(agreement.code)
    signed = [party.signed_at for party in found.parties.all() if party.signed_at]
    showing.show(
        queries.terms_of(found),
        signed_on=timezone.localdate(max(signed)) if signed else None,
        ended_on=timezone.localdate(found.ended_at) if found.ended_at else None,
        ended_reason=found.end_reason,
        at=at,
    )


def _about(agreement: Agreement) -> str:
    return f"agreement:{agreement.code}"


def _dataset_codes(agreement: Agreement) -> list[str]:
    return list(agreement.datasets.order_by("dataset__code").values_list("dataset__code", flat=True))


def _lock(agreement: Agreement) -> None:
    """Hold the row until the transaction ends, and read it anew: two people may act at the same moment."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    agreement.refresh_from_db()


def _move(agreement: Agreement, to: State) -> None:
    LIFECYCLE.require(agreement.state, to, thing=agreement.code)
    agreement.state = to
    agreement.save()


def _open_draft(agreement: Agreement, by: User) -> None:
    duties.require("draft agreement", by=by)
    _lock(agreement)
    if agreement.drafted_by_id != by.pk and not agreement.parties.filter(agency_id=by.agency_id).exists():
        raise NotPermitted(_not_a_party(agreement), wanted="draft agreement")
    LIFECYCLE.require(agreement.state, State.IN_REVIEW, thing=agreement.code)


def _own_party(agreement: Agreement, duty: str, by: User) -> Party:
    """Return the party for which `by` acts; raises `NotPermitted` where there is none, or the duty is not theirs."""
    duties.require(duty, by=by, agency=by.agency)
    party = agreement.parties.select_related("agency").filter(agency_id=by.agency_id).first()
    if party is None:
        raise NotPermitted(_not_a_party(agreement), wanted=duty)
    return party


def _not_a_party(agreement: Agreement) -> Decision:
    text = _("Your agency is not a party to %(code)s.") % {"code": agreement.code}
    return Decision(False, (Reason("not-a-party", text, agreement.code),), agreement=agreement.code)


def _same_text(agreement: Agreement, seen: str) -> None:
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


def _may_still_be_signed(agreement: Agreement, party: Party, today: date, seen: str) -> None:
    _same_text(agreement, seen)
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


def _back_to_draft(agreement: Agreement) -> Agreement:
    _clear_approvals(agreement)
    agreement.text_digest, agreement.submitted_at, agreement.approved_at = "", None, None
    _move(agreement, State.DRAFT)
    return agreement


def _clear_approvals(agreement: Agreement) -> None:
    agreement.parties.update(
        approved_by=None, approved_at=None, approved_digest="", signed_by=None, signed_at=None, signed_digest=""
    )


def _set_terms(
    agreement: Agreement,
    title: str,
    why: str,
    level: str,
    starts_on: date,
    ends_on: date,
    retention_days: int,
    publication_threshold: int,
) -> None:
    if level not in {one.value for one in Level}:
        raise AgreementRefused(_("There is no such level of identification."), next_step=_("Choose one of the list."))
    if ends_on < starts_on:
        raise AgreementRefused(_("The last day is before the first."), next_step=_("Correct the dates."))
    if publication_threshold < 1 or retention_days < 0:
        raise AgreementRefused(
            _("The smallest number published must be at least 1, and days cannot be negative."),
            next_step=_("Correct the numbers."),
        )
    agreement.title, agreement.why, agreement.level = title, why, level
    agreement.starts_on, agreement.ends_on = starts_on, ends_on
    agreement.retention_days, agreement.publication_threshold = retention_days, publication_threshold
    agreement.save()


def _set_rows(
    agreement: Agreement, parties: Sequence[Agency], purposes: Sequence[str], recipients: Sequence[Agency]
) -> None:
    for code in purposes:
        if code not in PURPOSES or PURPOSES[code].never:
            raise AgreementRefused(
                _("No agreement may have the purpose %(purpose)s.") % {"purpose": code},
                next_step=_("Choose purposes from the list."),
            )
    for rows in (agreement.parties, agreement.purposes, agreement.recipients):
        rows.all().delete()  # type: ignore[attr-defined]
    Party.objects.bulk_create(Party(agreement=agreement, agency=agency) for agency in _once(parties))
    Recipient.objects.bulk_create(Recipient(agreement=agreement, agency=agency) for agency in _once(recipients))
    AgreementPurpose.objects.bulk_create(
        AgreementPurpose(agreement=agreement, purpose=code) for code in dict.fromkeys(purposes)
    )


def _once(agencies: Sequence[Agency]) -> list[Agency]:
    return list({agency.pk: agency for agency in agencies}.values())


def _check_uses(dataset: str, uses: Mapping[str, frozenset[str]]) -> None:
    known = {field.name for field in inventory.fields(dataset)}
    if unknown := sorted(set(uses) - known):
        raise AgreementRefused(
            _("%(dataset)s has no field called %(field)s.") % {"dataset": dataset, "field": unknown[0]},
            next_step=_("Choose fields that are in the inventory."),
        )
    chosen = {use for every in uses.values() for use in every}
    if strange := sorted(chosen - {use.value for use in Use}):
        raise AgreementRefused(
            _("There is no use called %(use)s.") % {"use": strange[0]},
            next_step=_("The uses are contribute, link, aggregate, extract and view."),
        )

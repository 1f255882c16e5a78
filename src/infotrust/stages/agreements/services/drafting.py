"""Writing an agreement down: its terms, its datasets and fields, and sending it for review."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.clauses import text_digest
from infotrust.core.policy.terms import PURPOSES, Level, Use
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import checks, queries
from infotrust.stages.agreements.lifecycle import LIFECYCLE, State
from infotrust.stages.agreements.models import (
    Agreement,
    AgreementDataset,
    AgreementField,
    AgreementPurpose,
    Party,
    Recipient,
)
from infotrust.stages.agreements.services.ground import (
    AgreementRefused,
    about,
    clear_approvals,
    lock,
    move,
    not_a_party,
)
from infotrust.stages.inventory import queries as inventory


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
    strictest: bool = False,
    by: User,
    at: datetime | None = None,
) -> Agreement:
    """Write down who agrees with whom, what for and until when. Datasets follow with `add_dataset`.

    Raises `NotPermitted`, and `AgreementRefused` where the code is taken or terms contradict each other.
    """
    duties.require("draft agreement", by=by)
    at = at or timezone.now()
    if Agreement.objects.filter(code=code).exists():
        raise AgreementRefused(
            _("There is already an agreement called %(code)s.") % {"code": code},
            next_step=_("Choose another short name."),
        )
    agreement = Agreement(code=code, drafted_by=by, drafted_at=at)
    _set_terms(agreement, title, why, level, starts_on, ends_on, retention_days, publication_threshold, strictest)
    _set_rows(agreement, parties, purposes, recipients)
    audit.record(Event.AGREEMENT_DRAFTED, about=about(agreement), by=by, at=at, title=title)
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
    strictest: bool = False,
    by: User,
    at: datetime | None = None,
) -> Agreement:
    """Change a draft. An agreement under review or awaiting signatures is reopened first.

    Raises `NotPermitted`, `AgreementRefused`.
    """
    _open_draft(agreement, by)
    _set_terms(agreement, title, why, level, starts_on, ends_on, retention_days, publication_threshold, strictest)
    _set_rows(agreement, parties, purposes, recipients)
    audit.record(Event.AGREEMENT_CHANGED, about=about(agreement), by=by, at=at, what="terms")
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
        about=about(agreement),
        by=by,
        at=at,
        what="fields",
        dataset=dataset,
        uses={name: sorted(chosen) for name, chosen in agreed.items()},
    )
    return agreement


@transaction.atomic
def remove_dataset(agreement: Agreement, *, dataset: str, by: User, at: datetime | None = None) -> Agreement:
    """Share nothing of a dataset any more. Raises `NotPermitted`."""
    _open_draft(agreement, by)
    AgreementDataset.objects.filter(agreement=agreement, dataset__code=dataset).delete()
    audit.record(Event.AGREEMENT_CHANGED, about=about(agreement), by=by, at=at, what="dataset removed", dataset=dataset)
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
    clear_approvals(agreement)
    agreement.text_version += 1
    agreement.text_digest = text_digest(terms)
    agreement.submitted_at, agreement.approved_at = at, None
    move(agreement, State.IN_REVIEW)
    audit.record(
        Event.AGREEMENT_SUBMITTED,
        about=about(agreement),
        by=by,
        at=at,
        version=agreement.text_version,
        text=agreement.text_digest,
    )
    return agreement


def _open_draft(agreement: Agreement, by: User) -> None:
    duties.require("draft agreement", by=by)
    lock(agreement)
    if agreement.drafted_by_id != by.pk and not agreement.parties.filter(agency=by.agency).exists():
        raise NotPermitted(not_a_party(agreement), wanted="draft agreement")
    LIFECYCLE.require(agreement.state, State.IN_REVIEW, thing=agreement.code)


def _set_terms(
    agreement: Agreement,
    title: str,
    why: str,
    level: str,
    starts_on: date,
    ends_on: date,
    retention_days: int,
    publication_threshold: int,
    strictest: bool,
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
    agreement.strictest = strictest
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
        rows.all().delete()
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

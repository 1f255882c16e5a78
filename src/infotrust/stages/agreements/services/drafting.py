"""Writing an agreement down: its terms, its datasets and fields, and sending it for review."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.clauses import text_digest
from infotrust.core.policy.kinds import USUAL
from infotrust.core.policy.terms import PURPOSES, Level, Use
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.stages.agreements import checks, clashing, library, queries
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import (
    Agreement,
    AgreementClause,
    AgreementDataset,
    AgreementField,
    AgreementPurpose,
    Party,
    Recipient,
)
from infotrust.stages.agreements.services import at_once, boards, turns
from infotrust.stages.agreements.services.ground import (
    AgreementRefused,
    about,
    clear_approvals,
    may_change,
    move,
)
from infotrust.stages.agreements.services.texts import keep_text
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
    kind: str = USUAL,
    binding: bool | None = None,
    under: str = "",
    by: User,
    at: datetime | None = None,
) -> Agreement:
    """Write down who agrees with whom, what for and until when. Datasets follow with `add_dataset`.

    `binding`: as the kind usually is, where not given. `under`: the code of the agreement it stands under.
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
    _set_kind(agreement, kind, binding, under)
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
    kind: str = "",
    binding: bool | None = None,
    under: str | None = None,
    seen: str = "",
    by: User,
    at: datetime | None = None,
) -> Agreement:
    """Change a draft. An agreement under review or awaiting signatures is reopened first.

    `seen`: the digest of the terms that the form began with. Raises `NotPermitted`, `AgreementRefused`, and
    `SavedMeanwhile` where someone else saved first.
    """
    may_change(agreement, by)
    typed = clashing.terms_in_words(
        title=title,
        why=why,
        parties=[one.name for one in parties],
        recipients=[one.name for one in recipients],
        purposes=purposes,
        level=level,
        starts_on=starts_on,
        ends_on=ends_on,
        retention_days=retention_days,
        publication_threshold=publication_threshold,
        strictest=strictest,
    )
    at_once.terms_not_saved_meanwhile(agreement, seen, typed)
    if kind or under is not None or binding is not None:
        above = agreement.under.code if agreement.under else ""
        _set_kind(agreement, kind or agreement.kind, binding, above if under is None else under)
    _set_terms(agreement, title, why, level, starts_on, ends_on, retention_days, publication_threshold, strictest)
    _set_rows(agreement, parties, purposes, recipients)
    audit.record(Event.AGREEMENT_CHANGED, about=about(agreement), by=by, at=at, what="terms")
    return agreement


@transaction.atomic
def draft_from(
    earlier: Agreement,
    *,
    code: str,
    title: str,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime | None = None,
) -> tuple[Agreement, tuple[str, ...]]:
    """Begin a draft with the terms, fields and clauses of an earlier agreement that its parties' counsel approved.

    Returns it with the fields that could not be taken over ("dataset, field"): they have left the inventory.
    Raises `NotPermitted`, and `AgreementRefused` where nobody approved the earlier text, or as `draft_agreement` does.
    """
    duties.require("draft agreement", by=by)
    earlier = queries.agreement(earlier.code)
    if not earlier.approved_at:
        raise AgreementRefused(
            _("Nobody has approved %(code)s, so there is nothing to start from.") % {"code": earlier.code},
            next_step=_("Choose an agreement that counsel approved."),
        )
    return copy_into_draft(
        earlier,
        code=code,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        changes={"based_on": earlier},
        by=by,
        at=at,
    )


def copy_into_draft(
    earlier: Agreement,
    *,
    code: str,
    title: str,
    starts_on: date,
    ends_on: date,
    changes: Mapping[str, Any],
    by: User,
    at: datetime | None,
) -> tuple[Agreement, tuple[str, ...]]:
    """Copy an agreement, read whole, into a new draft with `changes` to its row; and the fields that were left out."""
    made = draft_agreement(
        code=code,
        title=title,
        why=earlier.why,
        parties=[party.agency for party in earlier.parties.all()],
        purposes=[row.purpose for row in earlier.purposes.all()],
        recipients=[row.agency for row in earlier.recipients.all()],
        level=earlier.level,
        starts_on=starts_on,
        ends_on=ends_on,
        retention_days=earlier.retention_days,
        publication_threshold=earlier.publication_threshold,
        strictest=earlier.strictest,
        kind=earlier.kind,
        binding=earlier.binding,
        under=earlier.under.code if earlier.under else "",
        by=by,
        at=at,
    )
    for name, value in changes.items():
        setattr(made, name, value)
    made.save()
    AgreementClause.objects.bulk_create(_copied(clause, made) for clause in earlier.clauses.all())
    gone = [gone for part in earlier.datasets.all() for gone in _copy_dataset(made, part, by, at)]
    return made, tuple(gone)


def _copied(clause: AgreementClause, agreement: Agreement) -> AgreementClause:
    names = ("position", "key", "library_version", "heading", "text", "plain", "terms", "kept_by", "cite")
    return AgreementClause(agreement=agreement, **{name: getattr(clause, name) for name in names})


def _copy_dataset(agreement: Agreement, part: AgreementDataset, by: User, at: datetime | None) -> list[str]:
    """Take over the fields that the inventory still has; return the others."""
    code = part.dataset.code
    known = {field.name for field in inventory.fields(code)}
    uses = {field.name: field.uses for field in part.fields.all()}
    if kept := {name: chosen for name, chosen in uses.items() if name in known}:
        add_dataset(agreement, dataset=code, uses=kept, by=by, at=at)
    return [f"{code}, {name}" for name in uses if name not in known]


@transaction.atomic
def add_dataset(
    agreement: Agreement,
    *,
    dataset: str,
    uses: Mapping[str, Collection[str]],
    seen: str = "",
    by: User,
    at: datetime | None = None,
) -> Agreement:
    """Share a dataset: `uses` maps the name of each agreed field to its uses. Called again, it replaces them.

    `seen`: the digest of the uses that the page began with (`queries.uses_digest`). Raises `NotPermitted`,
    `AgreementRefused`, and `SavedMeanwhile` where someone else saved first.
    """
    may_change(agreement, by)
    found = inventory.dataset(dataset)
    agreed = {name: frozenset(map(str, chosen)) for name, chosen in uses.items() if chosen}
    check_uses(dataset, agreed)
    at_once.fields_not_saved_meanwhile(agreement, dataset, seen, agreed)
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
    may_change(agreement, by)
    AgreementDataset.objects.filter(agreement=agreement, dataset__code=dataset).delete()
    audit.record(Event.AGREEMENT_CHANGED, about=about(agreement), by=by, at=at, what="dataset removed", dataset=dataset)
    return agreement


@transaction.atomic
def submit_for_review(agreement: Agreement, *, by: User, at: datetime | None = None) -> Agreement:
    """Fix the text and ask each party's counsel to review it. Raises `AgreementRefused` if it is incomplete."""
    may_change(agreement, by)
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
    keep_text(agreement, terms, by=by, at=at)
    turns.ask_reviewers(agreement, at)
    boards.ask_four_questions(agreement, by=by, at=at)
    audit.record(
        Event.AGREEMENT_SUBMITTED,
        about=about(agreement),
        by=by,
        at=at,
        version=agreement.text_version,
        text=agreement.text_digest,
    )
    return agreement


def _set_kind(agreement: Agreement, kind: str, binding: bool | None, under: str) -> None:
    found = library.kind(kind)
    if found.made_from_request:
        raise AgreementRefused(
            _("A license is not drafted here: it is made from an approved data request."),
            next_step=_("Ask for the data; the license follows from the request."),
        )
    agreement.kind, agreement.binding = kind, found.binding if binding is None else binding
    if found.shares and not agreement.binding:
        raise AgreementRefused(
            _("Data is shared only under an agreement that binds its parties."),
            next_step=_("Make it binding, or choose a kind by which no data moves."),
        )
    above = queries.agreement(under) if under else None
    if above is not None and (above.kind not in found.under or above.pk == agreement.pk):
        raise AgreementRefused(
            _("This kind of agreement does not stand under %(code)s.") % {"code": above.code},
            next_step=_("Choose a wider agreement, or none."),
        )
    agreement.under = above


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


def check_uses(dataset: str, uses: Mapping[str, frozenset[str]]) -> None:
    """Raise `AgreementRefused` for a field that the inventory does not have, or a use there is not."""
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

"""What the public sees of an agreement: who, what, why, until when, and how it ended."""

from __future__ import annotations

from datetime import date, datetime

from infotrust.core.policy.terms import AgreementTerms, DatasetTerm, Use
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import AgreementEntry, SharedDataset


def show(
    terms: AgreementTerms,
    *,
    signed_on: date | None,
    ended_on: date | None,
    ended_reason: str,
    suspended_on: date | None = None,
    at: datetime,
) -> None:
    """Show an agreement in the public catalogue: in force, suspended, or (with `ended_on`) ended."""
    entry = AgreementEntry(
        code=terms.code,
        title=terms.title,
        why=terms.why,
        parties=tuple(name for _code, name in terms.parties),
        purposes=terms.purposes,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        recipients=tuple(name for _code, name in terms.recipients),
        level=str(terms.level),
        retention_days=terms.retention_days,
        threshold=terms.publication_threshold,
        datasets=tuple(_shared(terms, dataset) for dataset in terms.datasets),
        signed_on=signed_on,
        ended_on=ended_on,
        ended_reason=ended_reason,
        suspended_on=suspended_on,
    )
    catalogue.show_agreement(entry, at=at)


def _shared(terms: AgreementTerms, dataset: DatasetTerm) -> SharedDataset:
    return SharedDataset(
        code=dataset.code,
        title=dataset.title,
        agency=dict(terms.parties).get(dataset.owner, dataset.owner),
        uses={field.name: tuple(use.value for use in Use if use in field.uses) for field in dataset.agreed},
    )

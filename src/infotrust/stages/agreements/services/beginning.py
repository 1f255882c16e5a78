"""From a use case that every partner signed off to a draft agreement: its partners, its words, its elements.

What a use case cannot say, people choose on the page: purposes, level, dates, who uses the data.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from infotrust.core.policy.terms import Use
from infotrust.shared.accounts.models import User
from infotrust.stages.agreements.models import Agreement
from infotrust.stages.agreements.services.drafting import add_dataset, draft_agreement
from infotrust.stages.agreements.services.ground import tell
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.readiness import queries as readiness
from infotrust.stages.readiness import services as partnerships
from infotrust.stages.readiness.queries import UseCase

UNAVAILABLE = "unavailable"


def uses_of(case: UseCase) -> dict[str, dict[str, frozenset[str]]]:
    """Return what a use case asks for, by dataset and field: identifiers to link by, everything else to count by.

    The key of a dataset comes with it, because without it rows cannot be told apart. What has left the inventory or is
    unavailable is left out; `left_out` names it.
    """
    return {code: found for code in case.datasets if code in _known() and (found := _uses(case, code))}


def left_out(case: UseCase) -> tuple[str, ...]:
    """Return what the use case names and an agreement cannot have: "dataset" or "dataset.field", in its order."""
    agreed = uses_of(case)
    datasets = [code for code in case.datasets if code not in _known()]
    fields = [f"{code}.{name}" for code, name in case.elements if name not in agreed.get(code, {})]
    return (*datasets, *case.other_datasets, *fields)


@transaction.atomic
def draft_from_use_case(number: int, *, by: User, at: datetime | None = None, **terms: Any) -> Agreement:
    """Draft an agreement with the elements of a use case. `terms` are those of `draft_agreement`.

    Raises `NotPermitted`, `NoSuchPaper`, `AgreementRefused`; then nothing was drafted.
    """
    case = readiness.read_use_case(number, by=by)
    agreement = draft_agreement(**terms, by=by, at=at)
    agreement.use_case = case.number
    agreement.save(update_fields=["use_case"])
    for code, uses in uses_of(case).items():
        add_dataset(agreement, dataset=code, uses=uses, by=by, at=at)
    tell(agreement, "drafted", by, at or timezone.now())
    partnerships.agreement_drafted(case.number, at=at or timezone.now())
    return agreement


def _known() -> set[str]:
    return {dataset.code for dataset in inventory.datasets()}


def _uses(case: UseCase, code: str) -> dict[str, frozenset[str]]:
    asked = {name for dataset, name in case.elements if dataset == code}
    found = {}
    for field in inventory.fields(code):
        if field.availability == UNAVAILABLE or not (field.name in asked or field.key):
            continue
        if field.name not in asked:
            found[field.name] = frozenset({Use.CONTRIBUTE.value})
        else:
            second = Use.LINK if field.is_identifier else Use.AGGREGATE
            found[field.name] = frozenset({Use.CONTRIBUTE.value, second.value})
    return found

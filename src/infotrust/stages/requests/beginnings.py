"""Where a request can begin: an agreement in force, a use case signed off, an earlier request, the project-fit screen.

Each gives first answers, so that what was once agreed or written down is not typed again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from infotrust.core.policy.terms import PURPOSES
from infotrust.shared.accounts.models import User
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.readiness import queries as readiness
from infotrust.stages.requests import queries
from infotrust.stages.requests.asking.sections import PURPOSE_CHOICES
from infotrust.stages.requests.checks import day_of
from infotrust.stages.requests.lifecycle import OVER
from infotrust.stages.requests.queries import DataRequest

# Answers that are days to come when a request is made.
TO_COME = ("ends_on", "destroy_on")
PURPOSE_CODES = frozenset(code for code, _title in PURPOSE_CHOICES)


def choices(*, by: User) -> list[tuple[str, str]]:
    """Return what a request of `by` can begin from: (label, words). Labels as in the log, "agreement:DSA-1"."""
    earlier = [(one.about, f"{one.code}: {one.title}") for one in queries.requests(by=by) if may_copy(one, by=by)]
    cases = [(one.label, f"{one.label}: {one.title}") for one in readiness.use_cases()]
    return [*((f"agreement:{one.code}", f"{one.code}: {one.title}") for one in agreements.in_force()), *cases, *earlier]


def may_copy(found: DataRequest, *, by: User) -> bool:
    """Whether `by` may begin another request from this one: it is theirs, and nobody works on it any more."""
    return found.requested_by_id == by.pk and found.state in OVER


def answers_from(origin: str, *, by: User, on: date) -> dict[str, Any]:
    """Return first answers from what `origin` labels; none where it is nothing that `by` can begin from on that day."""
    kind, _colon, code = origin.partition(":")
    if kind == "agreement":
        return _from_agreement(code)
    if kind == "request":
        return _from_request(code, by, on)
    return _from_use_case(origin)


def _from_agreement(code: str) -> dict[str, Any]:
    """Its first purpose that can be asked for, and the fields it lets analysts count by."""
    if code not in {one.code for one in agreements.in_force()}:
        return {}
    terms = agreements.terms_of(agreements.agreement(code))
    counted = [
        f"{dataset.code}/{one.name}" for dataset in terms.datasets for one in dataset.agreed if "aggregate" in one.uses
    ]
    purposes = [one for one in terms.purposes if one in PURPOSE_CODES]
    return {"purpose": purposes[0] if purposes else "", "fields": counted}


def _from_request(code: str, by: User, on: date) -> dict[str, Any]:
    """Every answer of an earlier request, but for days that have passed since: these are to be thought of anew."""
    found = next((one for one in queries.requests(by=by) if one.code == code and may_copy(one, by=by)), None)
    if found is None:
        return {}
    over = {key for key in TO_COME if (day := day_of(found, key)) is not None and day < on}
    return {key: value for key, value in found.answers.items() if key not in over}


def _from_use_case(label: str) -> dict[str, Any]:
    case = next((one for one in readiness.use_cases() if one.label == label), None)
    if case is None:
        return {}
    return {
        "title": case.title,
        "summary": case.overview,
        "questions": "\n".join(case.questions),
        "fields": [f"{dataset}/{name}" for dataset, name in case.elements],
        "benefit": "\n".join(f"{one}: {text}" for one, text in case.benefits.items() if text),
        "products": case.returned,
        "consent_basis": case.consent_note,
        "unwanted": "\n".join(f"{one.name}: {one.impact}" for one in case.partners if one.impact),
    }


def cleaned(*, title: str, question: str, purpose: str, fields: Iterable[str]) -> dict[str, Any]:
    """Return first answers from the project-fit screen; a purpose that cannot be asked for is left out."""
    known = purpose if purpose in PURPOSE_CODES and purpose in PURPOSES else ""
    return {"title": title[:200], "questions": question[:8_000], "purpose": known, "fields": sorted(set(fields))}

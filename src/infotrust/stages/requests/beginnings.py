"""Where a request can begin: an agreement in force, a use case that was signed off, the project-fit screen.

Each gives first answers, so that what was once agreed or written down is not typed again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from infotrust.core.policy.terms import PURPOSES
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.readiness import queries as readiness
from infotrust.stages.requests.asking.sections import PURPOSE_CHOICES

PURPOSE_CODES = frozenset(code for code, _title in PURPOSE_CHOICES)


def choices() -> list[tuple[str, str]]:
    """Return what a request can begin from: (label, words). Labels as in the log, "agreement:DSA-1"."""
    cases = [(one.label, f"{one.label}: {one.title}") for one in readiness.use_cases()]
    return [*((f"agreement:{one.code}", f"{one.code}: {one.title}") for one in agreements.in_force()), *cases]


def answers_from(origin: str) -> dict[str, Any]:
    """Return first answers from what `origin` labels; none where it is nothing that a request can begin from."""
    kind, _colon, code = origin.partition(":")
    if kind == "agreement":
        return _from_agreement(code)
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
    }


def cleaned(*, title: str, question: str, purpose: str, fields: Iterable[str]) -> dict[str, Any]:
    """Return first answers from the project-fit screen; a purpose that cannot be asked for is left out."""
    known = purpose if purpose in PURPOSE_CODES and purpose in PURPOSES else ""
    return {"title": title[:200], "questions": question[:8_000], "purpose": known, "fields": sorted(set(fields))}

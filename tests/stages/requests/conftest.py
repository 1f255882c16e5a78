"""The schools and the shelters of the analysis tests, an office, and a request taken as far as a test needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.stages.requests import queries, services
from infotrust.stages.requests.lifecycle import LicenseState, State
from infotrust.stages.requests.models import License
from tests.stages.analysis.conftest import agree, approved, drafted, loaded
from tests.stages.analysis.conftest import town as analysis_town

__all__ = ["agree", "analysis_town", "approved", "drafted", "loaded"]

FIELDS = ["homeless-clients/project", "school-enrollment/grade", "school-enrollment/residence"]
GRADED = {
    key: {"grade": "yes", "note": ""} for key in ("priorities", "protections", "expertise", "reliable", "resources")
}


def sections(**changes) -> dict[str, dict]:
    """Complete answers, by section; `changes` replace single answers."""
    today = timezone.localdate()
    made = {
        "project": {
            "title": "Do children in shelters change schools more often?", "summary": "We ask how often they move.",
            "questions": "How many moved?", "purpose": "planning", "kind": "program", "priorities": "Goal 3.",
            "benefit": "Schools can plan buses.", "unwanted": "A school could be blamed; we show no school.",
            "decision": "The bus plan for fall.",
        },
        "data": {
            "fields": FIELDS, "field_reasons": "Grade and project for the table.", "level": "aggregate",
            "population": "Pupils in 2025", "period_from": "2025-01-01", "period_to": "2025-12-31",
            "recurrence": "once", "linkage": "yes",
        },
        "people": {"expertise": "Two such reports.", "conflicts": "no", "third_parties": "no", "users": ""},
        "method": {
            "methods": "A table.", "bias": "Families who never asked are missing.", "limits": "Links can be wrong.",
            "products": "A brief in May.",
        },
        "safety": {
            "environment": "trust", "ends_on": (today + timedelta(days=90)).isoformat(),
            "destroy_on": (today + timedelta(days=120)).isoformat(), "destruction": "Its key is destroyed.",
        },
        "law": {"legal_fit": "Planning is a purpose of DSA-1."},
        "public": {"show_name": "no"},
    }  # fmt: skip
    for part in made.values():
        part.update({key: value for key, value in changes.items() if key in part})
    extra = {key: value for key, value in changes.items() if not any(key in part for part in made.values())}
    return made | ({"extra": extra} if extra else {})


@pytest.fixture
def town(analysis_town, make_user):
    """The town of the analysis tests, with a requester, an office and a privacy officer."""
    made = analysis_town
    made.requester = make_user("requester", "community")
    made.requester.trained_until = timezone.localdate() + timedelta(days=50)
    made.requester.save()
    made.office = make_user("facilitator", "trust-office")
    made.privacy = make_user("privacy", "schools")
    return made


@pytest.fixture
def begun(town) -> Callable:
    """`begun()` is a complete draft; `begun(kind="research")` with that answer."""

    def make(*, by=None, only=None, **changes):
        by = by or town.requester
        request = services.begin_request(by=by)
        for key, answers in sections(**changes).items():
            if key != "extra" and (only is None or key in only):
                services.save_section(request, key=key, answers=answers, seen=0, by=by)
        return queries.request(request.code)

    return make


@pytest.fixture
def at_state(town, begun) -> Callable:
    """`at_state(State.IN_REVIEW)` is a request taken there by the people whose task it is."""

    def take(state: str, **changes):
        request = begun(**changes)
        office, staff = town.office, list(town.staff.values())
        if state == State.DRAFT:
            return request
        if state == State.WITHDRAWN:
            return services.withdraw(request, reason="Not needed.", by=request.requested_by)
        request = services.submit(request, by=request.requested_by)
        if state == State.RETURNED:
            return services.return_request(request, comment="Say more.", by=office)
        if state == State.SUBMITTED:
            return request
        request = services.send_to_custodians(request, by=office)
        if state == State.IN_REVIEW:
            return request
        for people in staff:
            request = services.answer(request, outcome="support", rubric=GRADED, by=people["steward"])
        if state == State.DECISION:
            return request
        if state == State.REFUSED:
            return services.decide(request, grant=False, reason="Too early.", by=staff[0]["board_member"])
        for people in staff:
            request = services.decide(request, grant=True, by=people["board_member"])
        if state == State.GRANTED:
            return request
        issue(request, by=office, people=[town.analyst])
        return queries.request(request.code)

    return take


def terms(request, **changes) -> services.Terms:
    today = timezone.localdate()
    usual = {
        "title": request.title,
        "agreements": ["DSA-1"],
        "purposes": ["planning"],
        "uses": ["aggregate"],
        "fields": request.wanted,
        "outputs": "Checked tables only.",
        "publication": "Agencies first.",
        "destruction": "Its key is destroyed.",
        "starts_on": today,
        "ends_on": today + timedelta(days=60),
        "destroy_on": today + timedelta(days=90),
    }
    return services.Terms(**usual | changes)


def issue(request, *, by, people, **changes) -> License:
    return services.issue_license(request, terms=terms(request, **changes), people=people, by=by)


@pytest.fixture
def licensed(town, agree, at_state) -> Callable:
    """`licensed()` is in force for the analyst under DSA-1; `licensed(state)` is taken to another state."""

    def make(state: str = LicenseState.IN_FORCE, *, people=None, **changes):
        if not getattr(town, "agreed", False):
            town.agreed = agree()
        made = issue(at_state(State.GRANTED), by=town.office, people=people or [town.analyst], **changes)
        if state == LicenseState.ISSUED:
            return made
        made = services.acknowledge(made, seen=made.digest, by=(people or [town.analyst])[0])
        if state == LicenseState.IN_FORCE:
            return made
        if state == LicenseState.REPLACED:
            newer = services.amend_license(made, terms=services.terms_of(made), people=[town.analyst], by=town.office)
            services.acknowledge(newer, seen=newer.digest, by=town.analyst)
            return queries.license_version(made.code, 1)
        if state == LicenseState.REVOKED:
            return services.revoke_license(made, reason="Misused.", by=town.board)
        later = timezone.now() + timedelta(days=61)
        (ended,) = services.end_due(later)
        if state == LicenseState.ENDED:
            return ended
        services.certify_destruction(
            ended, what="All.", method="Key destroyed.", destroyed_on=later.date(), by=town.requester, at=later
        )
        return queries.license_version(made.code)

    return make

"""Two requests of Marigold County: one that became a license, and one that its agencies are reading now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from infotrust.shared.accounts import services as accounts
from infotrust.shared.accounts.models import Role, User
from infotrust.stages.requests import queries
from infotrust.stages.requests import services as requests
from infotrust.web.demo.county import County

LICENSED = "How many children are in more than one program?"
IN_REVIEW = "Do children who sleep in shelters start school later?"
AGREEMENT = "DSA-2026-01"
GRADED = {
    key: {"grade": "yes", "note": ""} for key in ("priorities", "protections", "expertise", "reliable", "resources")
}


def request_data(county: County) -> str:
    requester = county.person(Role.REQUESTER)
    known = {one.title for one in queries.requests(by=requester)}
    if LICENSED not in known:
        _license(county, _submitted(county, requester, LICENSED, "program_evaluation"))
    if IN_REVIEW not in known:
        request = _submitted(county, requester, IN_REVIEW, "program_evaluation")
        requests.send_to_custodians(request, by=county.person(Role.FACILITATOR))
    return "2 requests: one licensed until it ends, one with its custodians; both in the public queue"


def _submitted(county: County, requester: User, title: str, purpose: str) -> Any:
    """One complete request for what the agreement lets analysts count by, written section by section."""
    fields = [
        f"{dataset}/{name}" for dataset, uses in _agreed(county) for name, use in uses.items() if "aggregate" in use
    ]
    today = timezone.localdate()
    request = requests.begin_request(
        by=requester, answers={"title": title, "fields": fields, "purpose": purpose}, origin=f"agreement:{AGREEMENT}"
    )
    answers: dict[str, dict[str, Any]] = {
        "project": {
            "title": title, "purpose": purpose, "kind": "evaluation", "questions": title,
            "summary": "We want to know how many children get help from more than one program, and where.",
            "priorities": "The county's goal that no child falls between two programs.",
            "benefit": "Each agency sees whom it shares with others. Families are asked the same things less often.",
            "unwanted": "A street could be seen as needy. We show no place smaller than the county.",
            "decision": "The commissioners' budget for coordinated enrollment, this spring.",
        },
        "data": {
            "fields": fields, "field_reasons": "Program and age groups, to count by.", "level": "aggregate",
            "population": "Children under 18 in the county.", "period_from": "2025-07-01", "period_to": "2026-06-30",
            "recurrence": "once", "linkage": "yes",
        },
        "people": {
            "users": "Noah Lindqvist, analyst@trust.marigold.example, Trust Office, writes and runs the questions",
            "expertise": "Three county reports on program overlap.", "conflicts": "no", "third_parties": "no",
        },
        "method": {
            "methods": "Counts of children by program, and by pair of programs.",
            "bias": "Families who never applied are missing; we say so beside each number.",
            "limits": "Linking makes mistakes: each number comes with what is known of them.",
            "products": "A public brief; the agencies see it thirty days before.",
        },
        "safety": {
            "environment": "trust", "ends_on": (today + timedelta(days=180)).isoformat(),
            "destroy_on": (today + timedelta(days=210)).isoformat(),
            "destruction": "The key of each table is destroyed.",
        },
        "law": {"legal_fit": "Evaluating programs is a purpose of the agreement and of each law."},
        "public": {"show_name": "yes" if title == LICENSED else "no"},
    }  # fmt: skip
    for key, given in answers.items():
        requests.save_section(request, key=key, answers=given, seen=0, by=requester)
    return requests.submit(request, by=requester)


def _agreed(county: County) -> list[tuple[str, dict[str, list[str]]]]:
    (agreement,) = [one for one in county.agreements if one["code"] == AGREEMENT]
    return list(agreement["datasets"].items())


def _license(county: County, request: Any) -> None:
    office = county.person(Role.FACILITATOR)
    request = requests.send_to_custodians(request, by=office)
    agencies = [agency.code for agency in queries.contributing(request)]
    for agency in agencies:
        request = requests.answer(
            request, outcome="support", rubric=GRADED, conditions="No result about a single site.",
            by=county.person(Role.STEWARD, agency),
        )  # fmt: skip
    for agency in agencies:
        request = requests.decide(request, grant=True, by=county.person(Role.BOARD_MEMBER, agency))
    analyst, today = county.person(Role.ANALYST), timezone.localdate()
    for person in (analyst, request.requested_by):
        accounts.set_training(person, until=today + timedelta(days=365), by=county.person(Role.ADMINISTRATOR))
    terms = requests.Terms(
        title=request.title, agreements=[AGREEMENT], purposes=[request.answers["purpose"]], uses=["aggregate"],
        fields=request.wanted,
        outputs="Only tables that passed the trust's disclosure check leave.",
        publication="The agencies see each result thirty days before, and are named.",
        destruction=request.answers["destruction"], starts_on=today, ends_on=today + timedelta(days=180),
        destroy_on=today + timedelta(days=210), conditions=["No result about a single site."],
    )  # fmt: skip
    made = requests.issue_license(request, terms=terms, people=[analyst, request.requested_by], by=office)
    requests.acknowledge(made, seen=made.digest, by=analyst)

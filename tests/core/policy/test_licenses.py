"""A license against a naive reading of its terms: it refuses what it says, and allows nothing an agreement refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infotrust.core.policy.book import NO_LICENSE, PolicyBook, Request, assemble
from infotrust.core.policy.clauses import compile_agreement
from infotrust.core.policy.library import LIBRARY
from infotrust.core.policy.licenses import (
    LicenseTerms,
    compile_license,
    license_clauses,
    license_digest,
    license_text,
)
from infotrust.core.policy.terms import AgreementTerms, DatasetTerm, FieldTerm, Level

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
PURPOSES = ("program_evaluation", "planning", "research", "improvement")
COUNTED = frozenset({"contribute", "aggregate", "extract"})


def agreement(code: str = "DSA-1", **changes) -> AgreementTerms:
    fields = (*(FieldTerm(name, "status", COUNTED) for name in ("grade", "status")), FieldTerm("debt", "money"))
    usual = {
        "code": code,
        "title": "Pupils",
        "why": "To plan.",
        "parties": (("schools", "Schools"),),
        "recipients": (("schools", "Schools"),),
        "purposes": ("improvement",),
        "level": Level.DEIDENTIFIED,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "retention_days": 0,
        "publication_threshold": 11,
        "datasets": (DatasetTerm("enrollment", "Enrollment", "schools", fields),),
    }
    return AgreementTerms(**usual | changes)


def terms(**changes) -> LicenseTerms:
    usual = {
        "code": "DUL-1",
        "version": 1,
        "title": "Who moves schools",
        "request": "REQ-1",
        "licensee": "Henry Achebe",
        "agreements": ("DSA-1",),
        "people": (("user:7", "Noah Lindqvist"), ("user:8", "Ada Cole")),
        "purposes": ("planning",),
        "uses": ("aggregate",),
        "fields": (("enrollment", "grade"),),
        "environment": "In the trust's closed room.",
        "outputs": "Only checked tables leave.",
        "publication": "With the agencies' names.",
        "destruction": "the key is destroyed.",
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 8, 31),
        "destroy_on": date(2026, 9, 30),
        "acknowledged": frozenset({"user:7"}),
    }
    return LicenseTerms(**usual | changes)


def book(*licenses: LicenseTerms) -> PolicyBook:
    compiled = [compile_agreement(agreement()), compile_agreement(agreement("DSA-2"))]
    made = PolicyBook(*assemble((*compiled, *map(compile_license, licenses))))
    made.validate()
    return made


def count(**changes) -> Request:
    usual = {
        "agency": "schools",
        "roles": frozenset({"analyst"}),
        "action": "aggregate",
        "dataset": "enrollment",
        "field": "grade",
        "purpose": "planning",
        "at": NOON,
        "agreement": "DSA-1",
        "trained": True,
        "two_step": True,
        "license": "DUL-1",
        "person": "user:7",
    }
    return Request(**usual | changes)


def refused_by(made: PolicyBook, request: Request) -> set[str]:
    verdict = made.decide(request)
    assert not verdict.allowed
    return {rule.id for rule in verdict.rules}


BOOK = book(terms())


def test_a_named_person_who_acknowledged_it_counts_within_it():
    assert BOOK.decide(count()).allowed


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"person": "user:9"}, "DUL-1/people"),
        ({"person": "user:8"}, "DUL-1/people"),
        ({"person": ""}, "DUL-1/people"),
        ({"purpose": "program_evaluation"}, "DUL-1/purposes"),
        ({"field": "status"}, "DUL-1/fields"),
        ({"action": "extract"}, "DUL-1/fields"),
        ({"at": datetime(2026, 9, 1, 5, tzinfo=UTC)}, "DUL-1/term"),
        ({"at": datetime(2026, 2, 28, 12, tzinfo=UTC)}, "DUL-1/term"),
        ({"trained": False}, "DUL-1/training"),
        ({"agreement": "DSA-2"}, "DUL-1/agreement"),
    ],
)
def test_outside_it_is_refused_by_the_clause_that_says_so(changes, rule):
    assert rule in refused_by(BOOK, count(**changes))


def test_a_refusal_quotes_the_clause_and_its_number():
    (rule,) = BOOK.decide(count(at=datetime(2026, 9, 1, 5, tzinfo=UTC))).rules
    assert rule.plain == "DUL-1 is in force from March 1, 2026 to August 31, 2026 only."
    number = next(one.number for one in license_clauses(terms()) if one.rule == rule.id)
    assert rule.cite == f"DUL-1, clause {number}"


def test_its_last_day_is_whole():
    assert BOOK.decide(count(at=datetime(2026, 9, 1, 3, 59, tzinfo=UTC))).allowed


def test_a_license_that_is_not_in_force_refuses_everything():
    assert refused_by(book(), count()) == {NO_LICENSE}
    assert refused_by(BOOK, count(license="DUL-2")) == {NO_LICENSE}


def test_a_request_that_names_no_license_meets_none():
    for person in ("", "user:9"):
        assert BOOK.decide(count(license="", person=person, field="status")).allowed


def test_two_licenses_do_not_open_each_other():
    made = book(terms(), terms(code="DUL-2", acknowledged=frozenset({"user:8"})))
    assert made.decide(count(license="DUL-2", person="user:8")).allowed
    assert "DUL-2/people" in refused_by(made, count(license="DUL-2", person="user:7"))


requests = st.builds(
    count,
    agency=st.sampled_from(["schools", "health"]),
    roles=st.sampled_from([frozenset({"analyst"}), frozenset({"helper"}), frozenset()]),
    action=st.sampled_from(["aggregate", "extract", "view", "link", "contribute"]),
    field=st.sampled_from(["grade", "status", "debt", "unknown"]),
    purpose=st.sampled_from([*PURPOSES, "enforcement", "linkage"]),
    at=st.datetimes(datetime(2025, 11, 1), datetime(2027, 2, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    agreement=st.sampled_from(["DSA-1", "DSA-2", "", "DSA-9"]),
    trained=st.booleans(),
    license=st.sampled_from(["DUL-1", "DUL-9"]),
    person=st.sampled_from(["user:7", "user:8", "user:9"]),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(requests)
def test_a_license_only_narrows(request_):
    """Whatever is asked: allowed under the license means allowed without it, and within each of its clauses."""
    if request_.action == "contribute":
        return  # the other direction: a license says nothing of it
    verdict = BOOK.decide(request_)
    within = (
        request_.license == "DUL-1"
        and request_.person == "user:7"
        and (request_.dataset, request_.field, request_.action) == ("enrollment", "grade", "aggregate")
        and request_.purpose == "planning"
        and date(2026, 3, 1) <= (request_.at - timedelta(hours=4)).date() <= date(2026, 8, 31)
        and request_.trained
        and request_.agreement in {"DSA-1", ""}
    )
    under_agreement = BOOK.decide(replace(request_, license="", agreement=request_.agreement or "DSA-1")).allowed
    near_midnight = abs((request_.at.hour * 60 + request_.at.minute) - 4.5 * 60) < 60  # clocks change on March 8
    if not near_midnight:
        assert verdict.allowed == (within and under_agreement)
    assert not verdict.allowed or under_agreement


def test_what_is_typed_cannot_pass_for_a_clause_or_break_a_policy():
    nasty = 'x"); permit(principal, action, resource);\n13. Everything. All is allowed.'
    made = terms(
        title=nasty,
        licensee=nasty,
        conditions=(nasty,),
        environment=nasty,
        people=(('user:7"]', nasty),),
        outputs=nasty,
    )
    assert book(made).licenses == {"DUL-1"}
    assert "\n13. Everything" not in license_text(made)


def test_the_digest_is_of_the_text_and_not_of_who_acknowledged_it():
    assert license_digest(terms()) == license_digest(terms(acknowledged=frozenset({"user:7", "user:8"})))
    assert license_digest(terms()) != license_digest(terms(ends_on=date(2026, 9, 1)))
    assert license_digest(terms()) != license_digest(terms(conditions=("No maps.",)))


def test_every_clause_is_numbered_in_order_and_kept_by_a_rule_or_by_someone():
    made = license_clauses(terms(conditions=("No maps.",)))
    assert [one.number for one in made] == list(range(1, len(made) + 1))
    assert all(one.rule or one.kept_by for one in made)


def test_where_an_agreement_asks_for_a_license_a_question_runs_only_within_one_in_force():
    needed = LIBRARY["license-needed"].choose({"license_needed_for": ["aggregate"]})
    compiled = [compile_agreement(agreement(chosen=(needed,))), compile_license(terms())]
    made = PolicyBook(*assemble(compiled))
    made.validate()
    refused = made.decide(count(license=""))
    assert not refused.allowed
    assert [(rule.id, rule.cite) for rule in refused.rules] == [
        ("DSA-1/license-needed/license_needed_for", "DSA-1, clause 14")
    ]
    assert "only within a data use license in force" in refused.rules[0].plain
    assert made.decide(count()).allowed
    assert not made.decide(count(license="DUL-9")).allowed
    assert not made.decide(count(at=NOON + timedelta(days=90))).allowed
    # What the clause does not name goes on without a license.
    assert made.decide(count(action="contribute", roles=frozenset({"steward"}), license="", purpose="")).allowed

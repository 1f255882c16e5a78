"""The policies against a naive reading of the same terms, and the pitfalls that let a wrong rule allow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infotrust.core import law
from infotrust.core.policy.book import PolicyBook, PolicyRejected, Request, assemble, schema_text, standing_rules
from infotrust.core.policy.clauses import agreement_text, clauses, compile_agreement, text_digest
from infotrust.core.policy.terms import PURPOSES, AgreementTerms, DatasetTerm, FieldTerm, Level, Use

AGENCIES = ("schools", "health", "elsewhere")
SEMANTICS = ("given_name", "birth_date", "zip_code", "grade", "status")
ZONE = "America/New_York"
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def terms(**changes) -> AgreementTerms:
    usual = {
        "code": "DSA-1",
        "title": "A title",
        "why": "A reason.",
        "parties": (("schools", "Schools"), ("health", "Health")),
        "recipients": (("schools", "Schools"),),
        "purposes": ("program_evaluation", "linkage"),
        "level": Level.AGGREGATE,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "retention_days": 0,
        "publication_threshold": 11,
        "datasets": (
            DatasetTerm(
                "enrollment",
                "Enrollment",
                "schools",
                (
                    FieldTerm("name", "given_name", frozenset({"contribute", "link"}), ("ferpa",)),
                    FieldTerm("grade", "grade", frozenset({"contribute", "aggregate"}), ("ferpa",)),
                    FieldTerm("debt", "money"),
                ),
            ),
        ),
    }
    return AgreementTerms(**{**usual, **changes})


def book(*agreements: AgreementTerms) -> PolicyBook:
    made = PolicyBook(*assemble(map(compile_agreement, agreements)))
    made.validate()
    return made


def count(field: str = "grade", **changes) -> Request:
    usual = {
        "agency": "schools",
        "roles": frozenset({"analyst"}),
        "action": "aggregate",
        "dataset": "enrollment",
        "field": field,
        "purpose": "program_evaluation",
        "at": NOON,
    }
    return Request(**{**usual, **changes})


def rules(verdict) -> set[str]:
    return {rule.id for rule in verdict.rules}


def within(purpose: str, *above: str) -> bool:
    """Whether a purpose is one of these or below one of them."""
    while purpose:
        if purpose in above:
            return True
        purpose = PURPOSES[purpose].parent if purpose in PURPOSES else ""
    return False


def naive(agreement: AgreementTerms, request: Request) -> bool:
    """Read the agreement, the guards and the two laws used here as a careful person would, one sentence at a time."""
    dataset = next((one for one in agreement.datasets if one.code == request.dataset), None)
    field = next((one for one in dataset.fields if one.name == request.field), None) if dataset else None
    if field is None or request.action not in field.uses or not field.available:
        return False
    day = request.at.astimezone(ZoneInfo(agreement.zone)).date()
    if not agreement.starts_on <= day <= agreement.ends_on or within(request.purpose, "enforcement"):
        return False
    if request.action == "contribute":
        return "steward" in request.roles and request.agency == dataset.owner
    if request.agency not in dict(agreement.recipients) or not within(request.purpose, *agreement.purposes):
        return False
    rows = request.action in {"view", "extract"}
    removed = {
        "identified": False,
        "limited": field.semantic == "given_name",
        "deidentified": field.direct_identifier,
        "aggregate": True,
    }
    if rows and (removed[agreement.level] or not request.trained or not request.two_step):
        return False
    if (request.action == "link") != within(request.purpose, "linkage"):
        return False
    if request.action == "link" and not ("linkage_officer" in request.roles and field.direct_identifier):
        return False
    if request.action == "view" and not ("helper" in request.roles and request.serving):
        return False
    if request.action in {"aggregate", "extract"} and ("analyst" not in request.roles or field.direct_identifier):
        return False
    if "analyst" in request.roles and rows and field.direct_identifier:
        return False
    if "ferpa" in field.law_classes:
        if request.action == "view":
            return request.agency == dataset.owner
        return within(request.purpose, "improvement", "research", "linkage")
    if "part2" in field.law_classes:
        return not rows and within(request.purpose, "program_evaluation", "research", "linkage")
    return True


fields = st.builds(
    FieldTerm,
    name=st.sampled_from(("a", "b", "c")),
    semantic=st.sampled_from(SEMANTICS),
    uses=st.frozensets(st.sampled_from([use.value for use in Use])),
    law_classes=st.sampled_from(((), ("ferpa",), ("part2",))),
    available=st.sampled_from((True, True, True, False)),
)
drawn_terms = st.builds(
    terms,
    recipients=st.lists(st.sampled_from([(code, code.title()) for code in AGENCIES]), unique=True).map(tuple),
    purposes=st.lists(st.sampled_from([code for code, one in PURPOSES.items() if not one.never]), unique=True).map(
        tuple
    ),
    level=st.sampled_from(list(Level)),
    datasets=st.lists(fields, min_size=1, max_size=3, unique_by=lambda field: field.name).map(
        lambda made: (DatasetTerm("enrollment", "Enrollment", "schools", tuple(made)),)
    ),
)
drawn_requests = st.builds(
    Request,
    agency=st.sampled_from((*AGENCIES, "")),
    roles=st.frozensets(st.sampled_from(("analyst", "linkage_officer", "steward", "helper", "counsel")), max_size=2),
    action=st.sampled_from([use.value for use in Use]),
    dataset=st.just("enrollment"),
    field=st.sampled_from(("a", "b", "c")),
    purpose=st.sampled_from((*PURPOSES, "unheard-of", "")),
    at=st.sampled_from(
        [
            NOON,
            datetime(2026, 1, 1, tzinfo=ZoneInfo(ZONE)),
            datetime(2026, 1, 1, tzinfo=ZoneInfo(ZONE)) - timedelta(seconds=1),
            datetime(2026, 12, 31, 23, 59, 59, tzinfo=ZoneInfo(ZONE)),
            datetime(2027, 1, 1, tzinfo=ZoneInfo(ZONE)),
        ]
    ),
    trained=st.booleans(),
    two_step=st.booleans(),
    serving=st.booleans(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drawn_terms, st.lists(drawn_requests, min_size=1, max_size=25))
def test_policies_decide_as_a_naive_reading_of_the_same_terms_and_every_refusal_names_a_rule(agreement, requests):
    made = book(agreement)
    for request, verdict in zip(requests, made.decide_all(requests), strict=True):
        assert verdict.allowed == naive(agreement, request), (request, verdict)
        assert verdict.rules
        assert all(rule.id and rule.plain for rule in verdict.rules)
        assert not (within(request.purpose, "enforcement") and verdict.allowed)


@settings(max_examples=40, deadline=None)
@given(st.lists(drawn_requests, min_size=1, max_size=20))
def test_nothing_is_allowed_without_an_agreement(requests):
    for verdict in book().decide_all(requests):
        assert not verdict.allowed
        assert rules(verdict) == {"no-agreement"}


def test_an_agreed_field_is_allowed_and_the_verdict_names_the_agreement():
    verdict = book(terms()).decide(count())
    assert verdict.allowed
    assert verdict.agreement == "DSA-1"


def test_a_field_that_is_not_agreed_is_refused_by_its_clause():
    verdict = book(terms()).decide(count("debt"))
    assert not verdict.allowed
    assert rules(verdict) == {"DSA-1/fields"}
    assert verdict.rules[0].cite == "DSA-1, clause 5"


def test_a_rule_that_cannot_be_evaluated_is_a_refusal():
    """Cedar skips a refusal that fails while it is evaluated, and would allow: an overflow passes validation."""
    policies, entities = assemble([compile_agreement(terms())])
    planted = '\n@id("planted") @plain("x") forbid (principal, action, resource)\n'
    planted += "when { context.now + 9223372036854775807 > 0 };"
    broken = PolicyBook(policies + planted, entities)
    broken.validate()
    verdict = broken.decide(count())
    assert not verdict.allowed
    assert rules(verdict) == {"policy-error"}


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ('@id("typo") @plain("x") forbid (principal, action, resource) when { context.purpos == principal };', "typo"),
        ('@plain("x") forbid (principal, action, resource);', "no name"),
        ('@id("DSA-1/fields") @plain("x") forbid (principal, action, resource);', "same name"),
        ("forbid (principal, action", "cannot be read"),
    ],
)
def test_policies_with_a_mistake_are_rejected_by_name(planted, named):
    policies, entities = assemble([compile_agreement(terms())])
    with pytest.raises(PolicyRejected, match=named):
        PolicyBook(f"{policies}\n{planted}", entities).validate()


def test_words_of_an_agreement_cannot_become_rules():
    hostile = 'x"); permit (principal, action, resource); //\n@id("'
    made = book(terms(title=hostile, why=hostile, recipients=(("schools", hostile),)))
    assert len(made.rules) == len(book(terms()).rules)
    assert not made.decide(count("debt")).allowed


def test_two_agreements_over_one_dataset_do_not_lend_each_other_fields():
    second = terms(
        code="DSA-2",
        purposes=("planning",),
        datasets=(
            DatasetTerm(
                "enrollment",
                "Enrollment",
                "schools",
                (
                    FieldTerm("name", "given_name", law_classes=("ferpa",)),
                    FieldTerm("grade", "grade", law_classes=("ferpa",)),
                    FieldTerm("debt", "money", frozenset({"aggregate"})),
                ),
            ),
        ),
    )
    made = book(terms(), second)
    assert made.decide(count("debt", purpose="planning")).agreement == "DSA-2"
    assert not made.decide(count("debt")).allowed
    assert not made.decide(count("grade", purpose="planning")).allowed
    assert not made.decide(count("debt", purpose="planning", agreement="DSA-1")).allowed


def test_every_clause_with_a_policy_is_in_the_text_and_the_policies_alike():
    made = book(terms())
    text = agreement_text(terms())
    for clause in clauses(terms()):
        assert f"{clause.number}. {clause.heading}." in text
        assert clause.rule in made.rules or clause.kept_by


def test_digest_follows_the_terms_and_not_the_inventory():
    assert text_digest(terms()) != text_digest(terms(publication_threshold=10))
    relabeled = DatasetTerm(
        "enrollment", "New title", "schools", (*terms().datasets[0].fields, FieldTerm("new", "grade"))
    )
    assert text_digest(terms()) == text_digest(terms(datasets=(relabeled,)))


@pytest.mark.parametrize("code", list(law.regimes()))
def test_each_law_has_rules_with_citation_and_an_honest_note_of_review(code):
    found = [rule for rule in book().rules.values() if rule.law == code]
    assert found
    assert all(rule.cite and rule.reviewed in {"S", "K"} and not rule.permits for rule in found)


def test_standing_rules_only_refuse():
    assert "permit (" not in standing_rules()
    assert "namespace Trust" in schema_text()

"""What an agreement would truly give, and what still stands in the way; and the strictest law for everything."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.policy.book import Request
from infotrust.core.policy.clauses import clauses, text_digest
from infotrust.core.policy.library import LIBRARY
from infotrust.core.policy.simulation import WHO_DOES, Simulation, simulate
from infotrust.core.policy.terms import DatasetTerm, FieldTerm, Level
from tests.core.policy.test_book import book, terms

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def dataset(*fields: FieldTerm, code: str = "enrollment", owner: str = "schools") -> DatasetTerm:
    return DatasetTerm(code, code.title(), owner, fields)


def field(name: str, *uses: str, law: tuple[str, ...] = (), semantic: str = "status") -> FieldTerm:
    return FieldTerm(name, semantic, frozenset(uses), law)


def simulated(**changes) -> Simulation:
    agreed = terms(**changes)
    return simulate(book(agreed), agreed, NOON)


def test_what_every_law_allows_is_listed_with_who_does_it_and_nothing_stands_in_the_way():
    found = simulated(datasets=(dataset(field("grade", "contribute", "aggregate", law=("ferpa",))),))
    assert found.refused == ()
    assert [(one.use, one.purpose, one.role, one.agencies, one.fields) for one in found.allowed] == [
        ("contribute", "", "steward", ("schools",), ("grade",)),
        ("aggregate", "program_evaluation", "analyst", ("schools",), ("grade",)),
    ]


def test_what_a_clause_leaves_to_licenses_is_given_only_within_one():
    needed = LIBRARY["license-needed"].choose({"license_needed_for": ["aggregate"]})
    counted = (dataset(field("grade", "contribute", "aggregate", law=("ferpa",))),)
    found = simulated(datasets=counted, chosen=(needed,))
    assert {(one.use, one.licensed) for one in found.allowed} == {("contribute", False), ("aggregate", True)}
    assert found.refused == ()
    # A license widens nothing: what a law refuses, it refuses within one too.
    snap = (dataset(field("benefit", "contribute", "aggregate", law=("snap",))),)
    (refused,) = simulated(purposes=("research",), datasets=snap, chosen=(needed,)).refused
    assert refused.by_law


def test_a_law_that_refuses_a_purpose_is_named_with_its_citation():
    found = simulated(
        purposes=("research",), datasets=(dataset(field("benefit", "contribute", "aggregate", law=("snap",))),)
    )
    (refused,) = found.refused
    assert (refused.use, refused.purpose, refused.fields) == ("aggregate", "research", ("benefit",))
    assert refused.by_law
    assert "7 CFR 272.1(c)(1)" in [rule.cite for rule in refused.rules]
    assert found.dead == found.refused


def test_a_helper_of_another_agency_is_refused_where_the_owner_s_is_not():
    found = simulated(
        level=Level.IDENTIFIED,
        purposes=("care_coordination",),
        recipients=(("schools", "Schools"), ("health", "Health")),
        datasets=(dataset(field("grade", "contribute", "view", law=("ferpa",))),),
    )
    (refused,) = found.refused
    assert refused.agencies == ("health",)
    assert ("view", ("schools",)) in [(one.use, one.agencies) for one in found.allowed]
    assert found.dead == ()


def test_the_agreement_s_own_level_is_no_law():
    found = simulated(datasets=(dataset(field("grade", "contribute", "extract")),))
    (refused,) = found.refused
    assert not refused.by_law
    assert [rule.id for rule in refused.rules] == ["DSA-1/level"]


def test_the_strictest_law_holds_for_every_field_under_this_agreement_and_no_other():
    fields = (
        dataset(field("grade", "contribute", "aggregate", law=("ferpa",))),
        dataset(field("benefit", "contribute", "aggregate", law=("snap",)), code="benefits", owner="health"),
    )
    loose = terms(purposes=("research",), datasets=fields)
    strict = terms(code="DSA-2", purposes=("research",), datasets=fields, strictest=True)
    both = book(loose, strict)

    def count(code: str):
        return both.decide(
            Request("schools", frozenset({"analyst"}), "aggregate", "enrollment", "grade", "research", NOON, code)
        )

    assert count("DSA-1").allowed
    refused = count("DSA-2")
    assert not refused.allowed
    assert [(rule.id, rule.law) for rule in refused.rules] == [("DSA-2/strictest/snap/purpose", "snap")]


def test_the_option_is_in_the_text_that_is_signed_and_only_where_it_was_chosen():
    strict = terms(strictest=True)
    assert clauses(strict)[-1].heading == "The strictest law"
    assert "FERPA" in clauses(strict)[-1].text
    assert "strictest" not in terms().agreed()
    assert text_digest(strict) != text_digest(terms())


LAWS = st.lists(st.sampled_from(["ferpa", "snap", "hipaa", "part2", "idea_c", "tanf", "cjis"]), max_size=2, unique=True)
FIELDS = st.lists(
    st.builds(
        lambda name, uses, laws, semantic: FieldTerm(name, semantic, frozenset({"contribute", *uses}), tuple(laws)),
        st.sampled_from("abcdef"),
        st.sets(st.sampled_from(["link", "aggregate", "extract", "view"])),
        LAWS,
        st.sampled_from(["status", "given_name", "zip_code"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.name,
)


@settings(max_examples=25, deadline=None)
@given(FIELDS, st.sampled_from(list(Level)), st.booleans())
def test_every_line_is_what_the_policies_say_when_asked_one_by_one(fields, level, strictest):
    agreed = terms(
        level=level,
        purposes=("program_evaluation", "research", "care_coordination", "linkage"),
        recipients=(("schools", "Schools"), ("health", "Health")),
        datasets=(dataset(*fields),),
        strictest=strictest,
    )
    made = book(agreed)
    found = simulate(made, agreed, NOON)
    told = {
        (name, one.use, one.purpose, agency): one.allowed
        for one in (*found.allowed, *found.refused)
        for name in one.fields
        for agency in one.agencies
    }
    assert told
    for (name, use, purpose, agency), allowed in told.items():
        asked = Request(
            agency, frozenset({WHO_DOES[use]}), use, "enrollment", name, purpose, NOON, "DSA-1", True, True, True
        )
        assert made.decide(asked).allowed == allowed
    assert {(name, use) for name, use, _purpose, _agency in told} == {
        (one.name, use) for one in fields for use in one.uses
    }


@settings(max_examples=25, deadline=None)
@given(FIELDS, st.sampled_from(list(Level)))
def test_the_strictest_law_never_allows_more(fields, level):
    usual = {"level": level, "purposes": ("research", "program_evaluation"), "datasets": (dataset(*fields),)}

    def lines(strictest: bool):
        return {
            (one.use, one.purpose, agency, name)
            for one in simulated(**usual, strictest=strictest).allowed
            for agency in one.agencies
            for name in one.fields
        }

    assert lines(strictest=True) <= lines(strictest=False)

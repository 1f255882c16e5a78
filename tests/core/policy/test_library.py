"""The clause library that comes with the software: every clause says who keeps it, and says what the machine keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.policy.book import PolicyBook, assemble
from infotrust.core.policy.clauses import agreement_text, clauses, compile_agreement, text_digest
from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.library import LIBRARY, LibraryClause, faults
from infotrust.core.policy.machine_terms import MACHINE_TERMS, valid
from infotrust.core.policy.table import allowed_table
from infotrust.core.policy.terms import AgreementTerms, ChosenClause, DatasetTerm, FieldTerm

TERMS = AgreementTerms(
    code="DSA-1",
    title="Pupils in shelters",
    why="To plan help.",
    parties=(("schools", "Schools"), ("shelters", "Shelters")),
    recipients=(("schools", "Schools"),),
    purposes=("planning", "research"),
    level="deidentified",
    starts_on=date(2026, 1, 1),
    ends_on=date(2027, 12, 31),
    retention_days=30,
    publication_threshold=11,
    datasets=(
        DatasetTerm(
            "pupils",
            "Pupils",
            "schools",
            (
                FieldTerm("grade", "grade", frozenset({"contribute", "aggregate", "extract"}), ("ferpa",)),
                FieldTerm("diagnosis", "other", frozenset({"contribute", "aggregate"}), ("part2",)),
            ),
        ),
    ),
)
AT = datetime(2026, 6, 1, tzinfo=UTC)


def with_clauses(*chosen: ChosenClause) -> AgreementTerms:
    return replace(TERMS, chosen=chosen)


def everything_allowed(terms: AgreementTerms) -> set[tuple[str, ...]]:
    """(role, agency, use, purpose, dataset, field) of everything that anyone may do under these terms."""
    book = PolicyBook(*assemble([compile_agreement(terms)]))
    book.validate()
    return {tuple(row) for row in allowed_table(book, AT)}


@pytest.mark.parametrize("clause", LIBRARY.values(), ids=lambda one: one.key)
def test_a_clause_has_its_words_and_its_keeper(clause: LibraryClause) -> None:
    assert faults(clause) == []
    assert bool(clause.terms) != bool(clause.kept_by)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda one: one.code)
def test_a_kind_names_clauses_that_fit_it_and_stands_under_wider_ones(kind) -> None:
    assert all(LIBRARY[key].fits(kind.code) for key in kind.clauses)
    assert all(KINDS[above].tier < kind.tier for above in kind.under)
    assert kind.binding or not kind.shares


def test_value_and_words_are_one() -> None:
    clause = clauses(with_clauses(LIBRARY["small-numbers"].choose({"publication_threshold_at_least": 20})))[-1]
    assert "fewer than 20 people" in clause.text
    assert not clause.by_people


def test_a_clause_that_people_keep_is_marked() -> None:
    clause = clauses(with_clauses(LIBRARY["own-costs"].choose()))[-1]
    assert clause.by_people
    assert clause.kept_by
    assert not clause.rule


def test_a_value_that_a_term_cannot_have_is_refused() -> None:
    for key, wrong in (
        ("small-numbers", {"publication_threshold_at_least": "eleven"}),
        ("no-rows", {"level_at_most": "names"}),
        ("excluded-purposes", {"purposes_never": []}),
        ("own-costs", {"retention_days_at_most": 3}),
    ):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            LIBRARY[key].choose(wrong)


def test_every_chosen_clause_is_in_the_signed_text_and_its_digest() -> None:
    plain = text_digest(TERMS)
    seen = {plain}
    for clause in LIBRARY.values():
        chosen = with_clauses(clause.choose())
        assert clause.heading in agreement_text(chosen)
        seen.add(text_digest(chosen))
        seen.add(text_digest(with_clauses(replace(clause.choose(), plain="Other plain words."))))
    assert len(seen) == 1 + 2 * len(LIBRARY)


def test_an_agreement_signed_before_there_were_kinds_keeps_its_digest() -> None:
    assert "kind" not in TERMS.agreed()
    assert "clauses" not in TERMS.agreed()


def test_no_data_moves_by_a_memorandum() -> None:
    memorandum = replace(TERMS, kind="emou", datasets=(), chosen=(LIBRARY["vision"].choose(),))
    assert compile_agreement(memorandum).policies == ""
    assert compile_agreement(memorandum).entities == ()
    assert all(clause.by_people or clause.chosen for clause in clauses(memorandum))
    assert "No data is shared by it" in agreement_text(memorandum)


def test_an_intention_says_that_it_binds_nobody() -> None:
    assert "binds none of them" in agreement_text(replace(TERMS, kind="mou", binding=False))


@pytest.mark.parametrize(
    ("key", "values", "gone"),
    [
        ("excluded-purposes", {"purposes_never": ["research"]}, lambda row: row[3] == "research"),
        ("excluded-uses", {"uses_never": ["extract"]}, lambda row: row[2] == "extract"),
        ("license-needed", {"license_needed_for": ["aggregate"]}, lambda row: row[2] == "aggregate"),
        ("excluded-records", {"laws_never": ["ferpa"]}, lambda row: row[5] == "grade"),
    ],
)
def test_what_a_clause_rules_out_the_policies_refuse(key, values, gone) -> None:
    """The table of everything allowed is as before, without exactly what the clause rules out."""
    before = everything_allowed(TERMS)
    after = everything_allowed(with_clauses(LIBRARY[key].choose(values)))
    assert any(map(gone, before))
    assert after == {row for row in before if not gone(row)}


@given(st.sampled_from(sorted(MACHINE_TERMS)), st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text())))
def test_no_odd_value_is_taken_for_a_valid_one(code, value) -> None:
    if valid(code, value):
        assert MACHINE_TERMS[code].says(value)

"""A regime is two files. What is wrong in them is said with the file and the entry; a new one needs no code."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from infotrust.core import law
from infotrust.core.law import LawFileWrong
from infotrust.core.policy.book import PolicyBook, Request, assemble
from infotrust.core.policy.clauses import compile_agreement
from infotrust.core.policy.terms import AgreementTerms, DatasetTerm, FieldTerm, Level

ABOUT = """
code: state_health
title: "State health records act"
short: State act
public: State health law
citation: Chapter 12 of the State Code
jurisdiction: XX
plain: Clinics keep health facts to themselves.
data: Health records that a clinic of the state keeps.
holders: Clinics.
receivers:
  - {text: The state's health department., cite: "12-3"}
breach:
  - {who: The attorney general, within_days: 30, text: Tell what happened., cite: "12-9", basis: source}
for_counsel:
  - {text: Confirm that the department asked for it., unless_purposes: [planning]}
"""
RULES = """
// The state's own law.
@id("state-health/planning-only") @law("state_health") @cite("12-3") @reviewed("K")
@plain("State health records serve planning only.")
forbid (principal, action == Trust::Action::"aggregate", resource in Trust::LawClass::"state_health")
unless { context.purpose in Trust::Purpose::"planning" };
"""


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    law.use(None)


def put(folder, about=ABOUT, rules=RULES, name="state_health"):
    (folder / f"{name}.yaml").write_text(about, encoding="utf-8")
    if rules is not None:
        (folder / f"{name}.cedar").write_text(rules, encoding="utf-8")
    law.use(folder)


def counted(purpose: str) -> tuple[bool, list[str]]:
    field = FieldTerm("visits", "measure", frozenset({"contribute", "aggregate"}), ("state_health",))
    terms = AgreementTerms(
        "DSA-1", "A title", "A reason.", (("health", "Health"),), (("health", "Health"),),
        ("planning", "program_evaluation"), Level.AGGREGATE, date(2026, 1, 1), date(2026, 12, 31), 0, 11,
        (DatasetTerm("care", "Care", "health", (field,)),),
    )  # fmt: skip
    book = PolicyBook(*assemble([compile_agreement(terms)]))
    book.validate()
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    verdict = book.decide(
        Request("health", frozenset({"analyst"}), "aggregate", "care", "visits", purpose, noon, "DSA-1")
    )
    return verdict.allowed, [rule.id for rule in verdict.rules]


@pytest.mark.parametrize("code", list(law.regimes()))
def test_every_regime_says_who_may_receive_and_cites_what_it_says(code):
    found = law.regime(code)
    assert found.receivers
    assert found.plain
    assert all(one.cite for one in found.statements if one.confirmed)
    assert len(found.digest) == 64


def test_a_state_law_of_ones_own_decides_from_two_files_alone(folder):
    put(folder)
    assert law.regime("state_health").breach[0].within_days == 30
    assert "State health law" in [one.public for one in law.regimes().values()]
    assert counted("planning")[0]
    assert counted("program_evaluation") == (False, ["state-health/planning-only"])


def test_a_note_for_counsel_is_left_out_where_the_purpose_answers_it(folder):
    put(folder)
    assert law.regime("state_health").notes_for(["research"]) == ("Confirm that the department asked for it.",)
    assert law.regime("state_health").notes_for(["planning", "research"]) == ()


@pytest.mark.parametrize(
    ("about", "rules", "said"),
    [
        (ABOUT.replace("short: State act\n", ""), RULES, "no text for `short`"),
        (ABOUT + "colour: red\n", RULES, "`colour` that is not known"),
        (ABOUT.replace("code: state_health", "code: State Health"), RULES, "not short and plain"),
        (ABOUT.replace("receivers:\n  - {text", "receivers:\n  - {txt"), RULES, "under `receivers`"),
        (ABOUT.replace("within_days: 30", "within_days: soon"), RULES, "days that are no number"),
        (ABOUT.replace("basis: source", "basis: hearsay"), RULES, "neither source nor general"),
        (ABOUT.replace("title: \"", "title: \"\""), RULES, "cannot be read in line"),
        ("- a list", RULES, "not a list of names"),
        (ABOUT, None, "is missing"),
        (ABOUT, "// nothing\n", "0 rules"),
        (ABOUT, RULES.replace('@law("state_health")', '@law("ferpa")'), "of which 0 say"),
        (ABOUT, RULES.replace("forbid (", "permit ("), "permits"),
        (ABOUT, RULES.replace(', resource in Trust::LawClass::"state_health")', ", resource)"), "alone"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_law_file_is_said_with_its_name(folder, about, rules, said):
    put(folder, about, rules)
    with pytest.raises(LawFileWrong, match=said) as refused:
        law.regimes()
    assert "state_health" in refused.value.what
    assert refused.value.next_step


def test_a_regime_that_is_there_already_is_not_replaced(folder):
    put(folder, ABOUT.replace("code: state_health", "code: ferpa"), RULES.replace("state_health", "ferpa"))
    with pytest.raises(LawFileWrong, match="another regime has already"):
        law.regimes()


def test_a_file_is_named_like_its_code(folder):
    put(folder, name="other")
    with pytest.raises(LawFileWrong, match="has the code"):
        law.regimes()


def test_a_folder_that_is_not_there_holds_no_laws(folder):
    law.use(folder / "nowhere")
    assert "ferpa" in law.regimes()


def test_what_a_law_wants_in_an_agreement_names_clauses_of_the_library(folder):
    from infotrust.core.policy.library import LIBRARY

    wanted = [one for regime in law.regimes().values() for one in regime.wants_clauses]
    assert {key for one in wanted for key in one.one_of} <= set(LIBRARY)
    assert {level for one in wanted for level in one.levels} <= {level.value for level in Level}
    more = "wants_clauses:\n  - {text: Say who asked., one_of: [asked], levels: [limited]}\n"
    put(folder, ABOUT + more)
    assert law.regime("state_health").wants_clauses == (
        law.WantedClause("Say who asked.", ("asked",), levels=("limited",)),
    )
    put(folder, ABOUT + "wants_clauses:\n  - {text: Say who asked., one_of: asked}\n")
    with pytest.raises(LawFileWrong, match="one_of"):
        law.regimes()

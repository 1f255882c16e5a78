"""What a data use license promises, as counsel may read it.

The license of these examples: Noah, an analyst of the schools, may count by grade, residence and shelter project, for
planning, for sixty days. It stands under the agreement DSA-1 of the schools and the homeless services. A question is
linked to it and approved by the board.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import services as agreements
from infotrust.stages.analysis import queries
from infotrust.stages.analysis import services as analysis
from infotrust.stages.analysis.terms import QuestionIncomplete
from infotrust.stages.requests import services

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def question(licensed, approved):
    """`question()` is approved and linked to a license in force."""
    made = licensed()
    return made, approved(license=made.code)


def refusal(question, by, at=None) -> str:
    with pytest.raises(NotPermitted) as raised:
        analysis.run_question(question, by=by, at=at)
    return raised.value.next_step


def test_the_person_it_names_runs_the_question(town, question):
    made, linked = question
    output = analysis.run_question(linked, by=town.analyst)
    assert output.manifest["license"] == made.code


def test_another_analyst_of_the_same_agency_is_refused_with_the_clause(town, question):
    made, linked = question
    assert f"{made.code} is used only by the people it names" in refusal(linked, town.colleague)
    assert f"({made.code}, clause 2)" in refusal(linked, town.colleague)


def test_a_license_ends_and_the_next_run_is_refused(town, question):
    made, linked = question
    after = timezone.now() + timedelta(days=61)
    assert f"{made.code} is in force from" in refusal(linked, town.analyst, at=after)


def test_a_revoked_license_refuses_the_next_run(town, question):
    made, linked = question
    services.revoke_license(made, reason="A table was passed on.", by=town.board)
    assert f"The license {made.code} is not in force." in refusal(linked, town.analyst)


def test_a_license_ends_with_its_agreement(town, question):
    _made, linked = question
    agreements.end(town.agreed, reason="Over.", by=town.board)
    assert "not in force" in refusal(linked, town.analyst)


def test_a_question_outside_its_fields_cannot_even_be_written(licensed, drafted):
    made = licensed(fields=[("school-enrollment", "grade")])
    with pytest.raises(QuestionIncomplete) as raised:
        drafted(license=made.code)
    assert "does not list" in raised.value.next_step + raised.value.what
    assert f"{made.code}, clause 4" in raised.value.next_step + raised.value.what


def test_a_question_of_another_purpose_cannot_be_written(licensed, drafted):
    made = licensed()
    with pytest.raises(QuestionIncomplete):
        drafted(license=made.code, purpose="program_evaluation")


def test_a_license_never_opens_what_the_agreement_refuses(town, question):
    """Its holder is an analyst of an agency that is no recipient: the agreement refuses, license or not."""
    made, linked = question
    made.people.create(person=town.outsider)
    services.acknowledge(made, seen=made.digest, by=town.outsider)
    assert "DSA-1" in refusal(linked, town.outsider)


def test_true_counts_made_under_it_are_shown_to_its_people_only(town, question):
    _made, linked = question
    output = analysis.run_question(linked, by=town.analyst)
    assert queries.may_see_output(output, by=town.analyst)
    assert not queries.may_see_output(output, by=town.colleague)

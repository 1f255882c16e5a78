"""The project-fit screen says what the policies themselves say, and leads on with everything filled in."""

from __future__ import annotations

import pytest

from infotrust.stages.requests import fit, queries
from tests.stages.analysis.conftest import USES

GRADE, NOTE, PROJECT = ("school-enrollment", "grade"), ("school-enrollment", "note"), ("homeless-clients", "project")


@pytest.fixture
def screen(town):
    def ask(*fields, purpose="planning", question="How many?", **five):
        return fit.screen(question=question, purpose=purpose, fields=list(fields), five=five, by=town.requester)

    return ask


def test_an_agreement_that_gives_every_field_for_the_purpose_covers_it(agree, screen):
    agree()
    found = screen(GRADE, PROJECT)
    assert [one.code for one in found.whole] == ["DSA-1"]
    assert not found.nowhere


def test_a_field_in_no_agreement_is_named_with_its_clause_and_whom_to_ask(town, agree, screen):
    agree()
    found = screen(GRADE, NOTE)
    (missing,) = found.nowhere
    assert (missing.dataset, missing.field) == NOTE
    assert any(one.rule == "DSA-1/fields" and "clause" in one.citation for one in missing.reasons)
    assert [one.agency for one in found.whom] == ["Marigold Schools"]
    assert any(town.staff["schools"]["steward"].name in one for one in found.whom[0].people)


def test_a_purpose_that_is_not_agreed_is_refused_by_its_clause(agree, screen):
    agree()
    (missing,) = screen(GRADE, purpose="research").nowhere
    assert "DSA-1/purposes" in {one.rule for one in missing.reasons}


def test_a_law_that_stands_in_the_way_is_cited(agree, screen):
    agree(purposes=("planning", "service", "linkage"))
    (missing,) = screen(GRADE, purpose="service").nowhere
    assert any("34 CFR 99.31" in one.citation for one in missing.reasons)


def test_two_agreements_that_each_cover_a_part_do_not_add_up(agree, screen):
    agree("DSA-1", {"school-enrollment": USES["school-enrollment"]})
    agree("DSA-2", {"homeless-clients": USES["homeless-clients"]})
    found = screen(GRADE, PROJECT)
    assert not found.whole
    assert {one.code for one in found.partly} == {"DSA-1", "DSA-2"}


def test_without_any_agreement_everything_is_missing(screen):
    assert screen(GRADE).nowhere[0].reasons[0].rule == "no-agreement"


def test_a_doubt_among_the_five_questions_is_repeated(screen):
    assert len(screen(GRADE, acts="no", means="unsure", people="yes").doubts) == 2


def test_the_page_answers_and_begins_a_request_with_everything_filled_in(town, agree, client):
    agree()
    client.force_login(town.requester)
    asked = {"question": "Do children move?", "purpose": "planning", "fields_wanted": ["school-enrollment/grade"]}
    page = client.get("/requests/fit/", asked).content.decode()
    assert "1 agreement already covers it" in page
    client.post("/requests/new/", asked)
    (request,) = queries.requests(by=town.requester)
    assert request.answers["title"] == "Do children move?"
    assert request.answers["fields"] == ["school-enrollment/grade"]
    assert request.answers["purpose"] == "planning"


def test_an_unfinished_project_is_said_on_the_form(town, client):
    client.force_login(town.requester)
    assert "There are" in client.get("/requests/fit/", {"question": "", "purpose": "planning"}).content.decode()

"""The pages: nothing typed is lost, whoever may not is told why, and each role finds what it came for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from infotrust.stages.requests import beginnings, queries, services
from infotrust.stages.requests.lifecycle import LicenseState, State

from .conftest import GRADED, sections
from .test_files import PDF

GRADES = {f"grade-{key}": "yes" for key in GRADED}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def as_requester(town, client):
    client.force_login(town.requester)
    return client


def test_a_request_is_begun_from_an_agreement_with_its_purpose_and_fields(town, agree, as_requester):
    agree()
    page = as_requester.post("/requests/new/", {"origin": "agreement:DSA-1"}, follow=True)
    (request,) = queries.requests(by=town.requester)
    assert request.answers["purpose"] == "planning"
    assert "school-enrollment/grade" in request.answers["fields"]
    section = text(as_requester.get(f"/requests/{request.code}/form/data/"))
    assert "from agreement DSA-1" in section
    assert re.search(r'value="school-enrollment/grade"[^>]* checked', section)
    assert "things are missing" in text(page)


def test_a_section_is_saved_and_leads_on_to_the_next(town, as_requester, begun):
    code = begun(only=()).code
    response = as_requester.post(
        f"/requests/{code}/form/project/", sections()["project"] | {"seen": "0", "window": "w", "kind": "research"}
    )
    assert response["Location"] == f"/requests/{code}/form/data/"
    assert "The study" in text(as_requester.get(response["Location"]))


def test_who_saves_second_finds_their_words_in_the_form_and_the_differences_above(town, as_requester, begun):
    request = begun(only=("project",))
    services.save_section(
        request, key="project", answers={"title": "Saved first"}, seen=1, window="other", by=town.requester
    )
    typed = sections()["project"] | {"title": "Typed second", "seen": "1", "window": "mine"}
    response = as_requester.post(f"/requests/{request.code}/form/project/", typed)
    assert response.status_code == 422
    page = text(response)
    assert "Someone saved while you were writing" in page
    assert "Saved first" in page
    assert 'value="Typed second"' in page
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    again = as_requester.post(f"/requests/{request.code}/form/project/", typed | {"seen": seen, "window": "new"})
    assert again.status_code == 302
    assert queries.request(request.code).title == "Typed second"


def test_a_text_that_is_too_long_comes_back_whole_with_what_to_do(town, as_requester, begun):
    code = begun(only=()).code
    long = "word " * 1_000_000  # five megabytes, as a paste by mistake is
    response = as_requester.post(f"/requests/{code}/form/project/", {"summary": long, "seen": "0"})
    assert response.status_code == 422
    assert "Shorten it" in text(response)
    assert text(response).count("word ") >= 999_999


def test_saving_while_writing_answers_with_a_line(town, as_requester, begun):
    code = begun(only=()).code
    page = text(as_requester.post(f"/requests/{code}/form/law/keep/", {"legal_fit": "Ok", "seen": "0", "window": "w"}))
    assert "Saved at" in page
    assert "<html" not in page
    assert queries.request(code).answers["legal_fit"] == "Ok"


def test_a_file_that_is_no_paper_is_refused_on_the_page(town, as_requester, begun):
    code = begun(only=()).code
    sent = {"tag": "dua", "paper": SimpleUploadedFile("a.pdf", b"<html>")}
    response = as_requester.post(f"/requests/{code}/papers/", sent)
    assert response.status_code == 422
    assert "not a PDF or a Word file" in text(response)
    sent["paper"] = SimpleUploadedFile("a.pdf", PDF)
    assert as_requester.post(f"/requests/{code}/papers/", sent).status_code == 302


def test_a_refused_answer_keeps_every_word(town, client, at_state):
    request = at_state(State.IN_REVIEW)
    client.force_login(town.privacy)
    sent = GRADES | {"note-expertise": "Two reports", "outcome": "changes", "comment": "", "conditions": "No maps."}
    page = text(client.post(f"/requests/{request.code}/answer/", sent | {"seen": request.digest}))
    assert "An objection says why" in page
    assert "Two reports" in page
    assert "No maps." in page


def test_conditions_of_custodians_and_boards_stand_in_the_license(town, agree, client, at_state):
    agree()
    request = at_state(State.IN_REVIEW)
    for people in (town.staff["schools"], town.staff["homeless-services"]):
        client.force_login(people["steward"])
        sent = GRADES | {"outcome": "support", "conditions": "No maps.", "seen": request.digest}
        assert client.post(f"/requests/{request.code}/answer/", sent).status_code == 302
    for people in (town.staff["schools"], town.staff["homeless-services"]):
        client.force_login(people["board_member"])
        sent = {"grant": "yes", "conditions": "Show us first.", "seen": request.digest}
        assert client.post(f"/requests/{request.code}/decide/", sent).status_code == 302
    client.force_login(town.office)
    form = text(client.get(f"/requests/{request.code}/license/"))
    assert "<li>No maps.</li><li>Show us first.</li>" in form


def test_a_license_is_issued_acknowledged_and_shown(town, agree, client, at_state):
    agree()
    request = at_state(State.GRANTED)
    client.force_login(town.office)
    page = client.get(f"/requests/{request.code}/license/")
    sent = page.context["form"].initial | {"people": [town.analyst.pk]}
    sent |= {name: sent[name].isoformat() for name in ("starts_on", "ends_on", "destroy_on")}
    made = client.post(f"/requests/{request.code}/license/", sent)
    assert made.status_code == 302, made.context["form"].errors
    address = made["Location"]
    client.force_login(town.analyst)
    assert "Read and acknowledge" in text(client.get(address))
    sent = {"seen": queries.license_version("DUL-" + request.code[4:]).digest, "confidential": "on"}
    wrong = client.post(address + "acknowledge/", sent | {"full_name": "Someone", "password": "correct-horse-42"})
    assert wrong.status_code == 422
    right = sent | {"full_name": town.analyst.name, "password": "correct-horse-42"}
    assert client.post(address + "acknowledge/", right)["Location"] == address
    assert "In force" in text(client.get(address))


def test_a_license_page_says_who_cannot_use_it_yet_and_why(town, client, licensed):
    made = licensed(people=[town.analyst, town.requester])
    client.force_login(town.office)
    page = text(client.get(f"/requests/licenses/{made.code}/"))
    assert "Has not acknowledged this version" in page


def test_overdue_destruction_is_said_on_the_page(town, client, licensed):
    made = licensed(LicenseState.ENDED)
    type(made).objects.filter(pk=made.pk).update(starts_on="2020-01-01", ends_on="2020-01-02", destroy_on="2020-01-03")
    client.force_login(town.requester)
    assert "Destruction is overdue" in text(client.get(f"/requests/licenses/{made.code}/"))


def test_the_list_shows_each_what_waits_for_them(town, client, at_state):
    request = at_state(State.IN_REVIEW)
    for person, waits in ((town.staff["schools"]["steward"], True), (town.office, False)):
        client.force_login(person)
        assert ("Waiting for you" in text(client.get("/requests/"))) is waits
    client.force_login(town.requester)
    assert f"{request.code}</a>" in text(client.get("/requests/"))


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/requests/")["Location"].startswith("/accounts/login/")


def test_a_refused_request_is_begun_anew_with_its_answers_by_its_requester_alone(town, client, at_state, make_user):
    refused = at_state(State.REFUSED)
    client.force_login(town.requester)
    assert "Begin a new request from this one" in text(client.get(f"/requests/{refused.code}/"))
    made = client.post("/requests/new/", {"origin": refused.about})
    again = queries.request(made["Location"].split("/")[2])
    assert again.answers == {key: value for key, value in refused.answers.items() if value}
    assert (again.origin, again.prefilled["questions"]) == (refused.about, refused.about)
    assert "from your request" in text(client.get(f"/requests/{again.code}/form/project/"))
    other = make_user("requester", "elsewhere")
    client.force_login(other)
    stolen = client.post("/requests/new/", {"origin": refused.about})
    assert queries.request(stolen["Location"].split("/")[2]).answers == {}


def test_days_that_have_passed_are_not_copied(town, at_state):
    refused = at_state(State.REFUSED)
    later = timezone.localdate() + timedelta(days=100)
    copied = beginnings.answers_from(refused.about, by=town.requester, on=later)
    assert "ends_on" not in copied
    assert copied["destroy_on"] == refused.answers["destroy_on"]

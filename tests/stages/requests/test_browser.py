"""A request goes from its first word to a license that runs a question and refuses another's run, in a real browser.

Six people: a requester, the office, two custodians side by side, two board members, the analyst it names, and a
colleague whom it does not. Every page they meet is looked at with axe, on a telephone and on a desk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from infotrust.shared.jobs import services as jobs
from infotrust.stages.analysis import queries as analysis_queries
from infotrust.stages.requests import queries, services

from .conftest import GRADED, sections

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW, WIDE = {"width": 320, "height": 800}, {"width": 1280, "height": 900}
SHOTS = os.environ.get("SCREENSHOTS")


class Someone:
    """A person at a window of their own, who signs in by keyboard."""

    def __init__(self, browser, address: str, user) -> None:
        self.page: Page = browser.new_context(viewport=WIDE, reduced_motion="reduce").new_page()
        self.page.set_default_timeout(20_000)
        self.address = address
        self.said: list[str] = []
        self.page.on("console", lambda one: self.said.append(one.text) if "Content Security" in one.text else None)
        self.page.goto(f"{address}/accounts/login/")
        self.page.focus("#id_login")
        self.page.keyboard.type(user.email)
        self.page.focus("#id_password")
        self.page.keyboard.type("correct-horse-42")
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/desk/")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        """Reach a button and press it by keyboard."""
        self.page.get_by_role("button", name=name, exact=True).focus()
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")

    def choose(self, name: str, value: str) -> None:
        """Tick a radio button or a box by keyboard: the space bar, as someone who uses no mouse."""
        self.page.locator(f"input[name='{name}'][value='{value}']").first.focus()
        self.page.keyboard.press("Space")

    def sees(self, text: str) -> None:
        self.page.locator("main").get_by_text(text).first.wait_for()

    def look(self, name: str) -> None:
        """No violation, one first heading, and nothing wider than the window, on a telephone and on a desk."""
        found = [f"{one['id']}: {one['nodes'][0]['target']}" for one in Axe().run(self.page).response["violations"]]
        for window in (NARROW, WIDE):
            self.page.set_viewport_size(window)
            if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"wider than a window of {window['width']}")
            if SHOTS:
                self.page.screenshot(path=Path(SHOTS) / f"{name}-{window['width']}.png", full_page=True)
        assert not found + self.said, f"{name}: {found + self.said}"
        assert self.page.locator("h1").count() == 1


@pytest.fixture
def at_window(browser, live_server) -> Iterator:
    earlier = set(browser.contexts)
    yield lambda user: Someone(browser, live_server.url, user)
    # Before the server they talk to goes away.
    for context in set(browser.contexts) - earlier:
        context.close()


def fill(someone: Someone, answers: dict) -> None:
    for name, value in answers.items():
        field = someone.page.locator(f"[name='{name}']").first
        if isinstance(value, list):
            for one in value:
                someone.choose(name, one)
        elif field.get_attribute("type") == "radio":
            someone.choose(name, value)
        elif value:
            field.fill(value)


def test_from_the_first_word_to_a_run_and_a_refusal(at_window, town, agree, loaded, approved):
    agree()
    requester = at_window(town.requester)
    requester.open("/requests/")
    requester.look("list")
    requester.page.get_by_role("link", name="First see which agreements").click()
    requester.page.fill("[name=question]", "Do children in shelters change schools more often?")
    requester.page.select_option("[name=purpose]", "planning")
    for field in sections()["data"]["fields"]:
        requester.choose("fields_wanted", field)
    requester.press("See what covers it")
    requester.sees("1 agreement already covers it")
    requester.look("fit")
    requester.press("Begin a request with these answers")
    requester.sees("The form")
    requester.look("draft")
    requester.page.get_by_role("link", name="Your project").click()
    for key, answers in sections().items():
        assert f"/form/{key}/" in requester.page.url
        given = {
            name: value for name, value in answers.items() if name not in {"fields", "title", "questions", "purpose"}
        }
        fill(requester, answers if key != "data" and key != "project" else given)
        if key in {"project", "data"}:
            requester.look(f"section-{key}")
        if key == "project":
            # Saved while typing, before any button.
            requester.page.locator("#saved", has_text="Saved at").wait_for()
        requester.press("Save" if key == "public" else "Save and go on")
    requester.sees("Submit the request")
    requester.press("Submit the request")
    requester.sees("The office checks that it is complete")
    requester.look("submitted")
    (request,) = queries.requests(by=town.requester)

    office = at_window(town.office)
    office.open(f"/requests/{request.code}/check/")
    office.look("check")
    office.press("Send it to the custodians")

    custodians = [at_window(people["steward"]) for people in town.staff.values()]
    for custodian in custodians:
        custodian.open(f"/requests/{request.code}/answer/")
        for key in GRADED:
            custodian.choose(f"grade-{key}", "yes")
        custodian.choose("outcome", "support")
    custodians[0].look("answer")
    custodians[0].page.fill("[name=conditions]", "No result by school.")
    for custodian in custodians:
        custodian.press("Send the answer")
        custodian.sees("Your agency’s answer is recorded")
    for people in town.staff.values():
        board = at_window(people["board_member"])
        board.open(f"/requests/{request.code}/decide/")
        board.choose("grant", "yes")
        if people is town.staff["schools"]:
            board.look("decide")
        board.press("Record the decision")

    office.open(f"/requests/{request.code}/license/")
    office.choose("people", str(town.analyst.pk))
    office.look("issue")
    office.press("Issue the license")
    office.sees("No result by school.")
    office.look("license")
    code = queries.request(request.code).licenses.get().code

    analyst = at_window(town.analyst)
    analyst.open(f"/requests/licenses/{code}/acknowledge/")
    analyst.page.fill("[name=full_name]", town.analyst.name)
    analyst.page.fill("[name=password]", "correct-horse-42")
    analyst.page.focus("[name=confidential]")
    analyst.page.keyboard.press("Space")
    analyst.look("acknowledge")
    analyst.press("Acknowledge the license")
    analyst.sees("It holds for you from now on")

    approved(license=code)
    analyst.open("/questions/shelter-pupils/")
    analyst.press("Run the question")
    jobs.run_waiting()
    (output,) = analysis_queries.outputs_of("shelter-pupils", by=town.analyst)
    assert output.manifest["license"] == code

    colleague = at_window(town.colleague)
    colleague.open("/questions/shelter-pupils/")
    colleague.sees(f"{code} is used only by the people it names")
    colleague.look("refused")

    services.revoke_license(queries.license_version(code), reason="A table was passed on.", by=town.board)
    analyst.open("/questions/shelter-pupils/")
    analyst.sees(f"The license {code} is not in force.")
    requester.open("/queue/")
    requester.sees("Granted, with a license")
    requester.look("queue")

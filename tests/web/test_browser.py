"""The desk in a real browser: no axe violations, nothing cut off at 320 px, usable by keyboard and without scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import registry
from infotrust.shared.jobs import services as jobs
from infotrust.shared.jobs.models import Step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUTSIDE = ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nothing/")
INSIDE = (
    "/desk/",
    "/desk/account/",
    "/desk/audit/",
    "/desk/people/",
    "/desk/people/add/",
    "/desk/people/agencies/add/",
    "/jobs/",
    "/jobs/999/",
    "/releases/999/",
    "/accounts/2fa/",
    "/accounts/password/change/",
    "/accounts/logout/",
)


@pytest.fixture(autouse=True)
def close_windows(browser, live_server):
    """Close what a test leaves open, before the server it talks to goes away."""
    earlier = set(browser.contexts)
    yield
    for context in set(browser.contexts) - earlier:
        context.close()


@pytest.fixture
def administrator(make_user, monkeypatch):
    user = make_user("administrator", email="ada@trust.example")
    monkeypatch.setattr(registry, "_KINDS", {})
    registry.register("load delivery", lambda progress: None)
    job = jobs.start("load delivery", by=user, about="delivery:1")
    Step.objects.create(job=job, position=1, name="Reading the file", done=3, total=9)
    audit.record(Event.AGREEMENT_SIGNED, about="agreement:DSA-1", by=user, parties=["schools", "health"])
    return user


def sign_in(page: Page, address: str) -> None:
    """By keyboard alone, as someone who uses no mouse."""
    page.goto(f"{address}/accounts/login/")
    page.focus("#id_login")
    page.keyboard.type("ada@trust.example")
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.id") != "id_password":
        page.keyboard.press("Tab")
    page.keyboard.type("correct-horse-42")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")


def problems(page: Page, address: str) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    page.goto(address)
    found = [f"{address}: {one['id']} {one['nodes'][0]['target']}" for one in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{address}: wider than the window")
    if page.locator("h1").count() != 1:
        found.append(f"{address}: {page.locator('h1').count()} first headings")
    return found + said


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_have_no_violations_and_fit_the_window(browser, live_server, administrator, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    found = [one for path in OUTSIDE for one in problems(page, live_server.url + path)]
    sign_in(page, live_server.url)
    found += [one for path in INSIDE for one in problems(page, live_server.url + path)]
    context.close()
    assert found == []


def test_menu_opens_by_keyboard_without_javascript_on_a_small_screen(browser, live_server, administrator):
    context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("#id_login", "ada@trust.example")
    page.fill("#id_password", "correct-horse-42")
    page.click("main form button")
    # In the menu: the desk names the same pages in its text.
    link = page.locator("nav").get_by_role("link", name="Audit log")
    assert not link.is_visible()
    page.focus(".it-nav summary")
    page.keyboard.press("Enter")
    assert link.is_visible()
    link.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Audit log"
    context.close()


def test_first_tab_stop_is_the_skip_link(browser, live_server, administrator):
    context = browser.new_context(viewport={"width": 1280, "height": 700})
    page = context.new_page()
    sign_in(page, live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "usa-skipnav"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_progress_moves_by_itself_until_the_job_is_over(browser, live_server, administrator):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/desk/")
    page.get_by_text("Reading the file").wait_for()
    jobs.run_waiting()
    page.locator(".it-state--done").wait_for(timeout=15_000)
    context.close()

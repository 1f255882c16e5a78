"""A real county, served as a newcomer would serve it, and a real browser to walk through it.

The county is made once for all journeys by `infotrust-server demo`, in a temporary home. Set INFOTRUST_JOURNEY_HOME to
a home that already has one, to save time while writing journeys. A screenshot of each failure goes to `screenshots/`.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = "1000"
AXE = Axe().axe_script
NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1280, "height": 900}


@dataclass
class County:
    """Where the trust is served, and who can sign in: `logins` maps a role to an address."""

    address: str
    password: str
    logins: dict[str, str]
    cookies: dict[str, Any] = field(default_factory=dict)  # of whoever has signed in before, by role
    looked_at: set[str] = field(default_factory=set)  # shapes of pages that axe has been through


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


def server(*words: str, home: Path) -> list[str]:
    return [sys.executable, "-m", "infotrust.web.commands", *words]


def environment(home: Path) -> dict[str, str]:
    # The trust's own settings and keys, not those of the test run.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INFOTRUST_", "DJANGO_"))}
    return kept | {"INFOTRUST_HOME": str(home), "INFOTRUST_REQUIRE_TWO_STEP": "0"}


@pytest.fixture(scope="session")
def county(tmp_path_factory) -> Iterator[County]:
    """Marigold County after the demonstration, served with its worker."""
    given = os.environ.get("INFOTRUST_JOURNEY_HOME")
    home = Path(given) if given else tmp_path_factory.mktemp("county")
    if not given:
        for words in (["init"], ["demo", "--people", PEOPLE, "--no-serve"]):
            done = subprocess.run(
                server(*words, home=home), env=environment(home), capture_output=True, text=True, cwd=ROOT
            )
            assert done.returncode == 0, f"{words[0]} failed:\n{done.stdout}\n{done.stderr}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (home / "journeys.log").open("w")
    process = subprocess.Popen(
        server("serve", "--port", str(port), home=home), env=environment(home), stdout=log, stderr=log, cwd=ROOT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, home / "journeys.log")
        yield County(address, json.loads((home / "demo.json").read_text())["password"], logins())
    finally:
        process.terminate()
        process.wait(timeout=40)
        log.close()


def logins() -> dict[str, str]:
    people = yaml.safe_load((ROOT / "examples/marigold/people.yaml").read_text(encoding="utf-8"))["people"]
    first: dict[str, str] = {}
    for person in people:
        for role in person["roles"]:
            first.setdefault(role, person["email"])
    return first


def wait_for(address: str, process: subprocess.Popen, log: Path, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        try:
            urllib.request.urlopen(address + "/", timeout=5)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
        else:
            return
    raise AssertionError(f"the server does not answer:\n{log.read_text()}")


# The elements of a page and how they are marked up, without what they say. Rows that are alike count once.
SHAPE = """() => {
  const marks = ['class', 'role', 'scope', 'type', 'for', 'tabindex', 'lang', 'alt', 'href'];
  const shape = element => {
    const names = [...element.attributes].map(one => one.name);
    const own = names.filter(name => marks.includes(name) || name.startsWith('aria-'));
    const within = [...new Set([...element.children].map(shape))];
    return element.tagName + own.sort().join() + (element.className || '') + '(' + within.join() + ')';
  };
  return shape(document.querySelector('main'));
}"""
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


@dataclass
class Visitor:
    """Someone at a browser window. `complaints` collects console errors, refused resources and broken responses."""

    page: Page
    county: County
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    stays: bool = False  # when the browser asks whether to leave words behind

    def __post_init__(self) -> None:
        self.page.set_default_timeout(20_000)
        self.page.on("console", lambda message: self._said(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._asked)

    def _said(self, kind: str, text: str) -> None:
        # A page that is meant to be refused or not found is reported by the browser as an error.
        if kind in {"error", "warning"} and not re.search(r"status of (403|404|422)", text):
            self.complaints.append(f"console {kind}: {text}")

    def _failed(self, request) -> None:
        # Leaving a page stops what it was still asking for.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} ({request.failure})")

    def _asked(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and not request.url.startswith(self.county.address):
            self.complaints.append(f"asked another site: {parts.hostname}")

    def asked_to_leave(self, dialog) -> None:
        """The browser asks before words are left behind; people leave all the same unless they say otherwise."""
        self.dialogs.append(dialog.type)
        if self.stays:
            dialog.dismiss()
        else:
            dialog.accept()

    def open(self, path: str) -> int:
        response = self.page.goto(self.county.address + path, wait_until="load")
        return response.status if response else 0

    def sign_in(self, role: str) -> Visitor:
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", self.county.logins[role])
        self.page.fill("input[name=password]", self.county.password)
        self.page.locator("main form button[type=submit], main form button:not([type])").first.click()
        self.page.wait_for_url(lambda address: "/accounts/login" not in address)
        return self

    def main_button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=True)

    def sees(self, text: str) -> None:
        """Wait until the page shows `text`: after a click the next page takes a moment."""
        self.page.locator("main").get_by_text(text).first.wait_for()

    def check_axe(self) -> None:
        """No violation of WCAG 2.2 AA, nor of axe's best practices."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(VIOLATIONS)
        words = [f"{each['id']}: {each['help']} at {[node['target'] for node in each['nodes']][:3]}" for each in found]
        assert not words, f"{self.page.url}: " + "; ".join(words)

    def is_of_a_known_shape(self) -> bool:
        """Whether a page of the same shape was found to be right before, for instance for another role."""
        return self.page.evaluate(SHAPE) in self.county.looked_at

    def has_been_looked_at(self) -> None:
        self.county.looked_at.add(self.page.evaluate(SHAPE))

    def check_width(self) -> None:
        """The page is not wider than the window; wide tables scroll in boxes of their own."""
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, f"{self.page.url} is {wide} pixels wide in a window of {window}"

    def check_wide(self) -> None:
        """As `check_width`, in a window of the other width. The window is left as it was."""
        self.page.set_viewport_size(WIDE)
        try:
            self.check_width()
        finally:
            self.page.set_viewport_size(NARROW)

    def check_form(self) -> None:
        """One heading of the first rank, a title and a language."""
        headings = self.page.locator("h1").count()
        assert headings == 1, f"{self.page.url} has {headings} headings of the first rank"
        assert self.page.title().strip(), self.page.url
        assert self.page.evaluate("document.documentElement.lang"), self.page.url

    def check_quiet(self) -> None:
        assert not self.complaints, f"{self.page.url}: {self.complaints}"


@pytest.fixture
def visit(browser: Browser, county: County, request: pytest.FixtureRequest) -> Iterator:
    """`visit()` opens a window; `visit(role="analyst", window=NARROW)` signs in first."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_window(role: str = "", window: dict = WIDE, **options) -> Visitor:
        known = county.cookies.get(role)
        context = browser.new_context(viewport=window, reduced_motion="reduce", storage_state=known, **options)
        contexts.append(context)
        visitor = Visitor(context.new_page(), county)
        visitor.page.on("dialog", lambda dialog: visitor.asked_to_leave(dialog))
        visitors.append(visitor)
        if role and not known:
            visitor.sign_in(role)
            county.cookies[role] = context.storage_state()
        return visitor

    yield open_window
    if getattr(request.node, "failed", False):
        folder = ROOT / "screenshots"
        folder.mkdir(exist_ok=True)
        for number, visitor in enumerate(visitors):
            name = re.sub(r"[^\w]+", "-", request.node.name)
            visitor.page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report

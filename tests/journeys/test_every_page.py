"""Every page that a visitor or a role can reach by links: whole, quiet, accessible, and no wider than a telephone.

Most pages are the same for several roles. Axe goes once through each shape of a page (its elements and how they are
marked up, whatever they say); that a page opens, is quiet and fits a telephone is looked at for each role.
"""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from .conftest import NARROW

MOST_PAGES = 40
ROLES = [
    "steward",
    "counsel",
    "board_member",
    "linkage_officer",
    "analyst",
    "output_checker",
    "helper",
    "administrator",
    "facilitator",
    "requester",
]
# Leaves the session, or is a file rather than a page.
NOT_PAGES = re.compile(
    r"/logout/|\.csv$|\.jsonl?$|/download/|/export|\.txt$|/static/|\.yaml$|\.docx$|\.pdf$|/word/$|/pdf/$|/papers/\d+/$"
)


def pages_from(visitor, start: str):
    """Walk along links, breadth first; of pages that differ only by a number or a query, look at one."""
    waiting, seen = [start], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in seen:
            continue
        seen.add(kind)
        status = visitor.open(path)
        yield path, status
        for link in visitor.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            address = urldefrag(urljoin(visitor.page.url, link))[0]
            if address.startswith(visitor.county.address) and not NOT_PAGES.search(urlsplit(address).path):
                waiting.append(address.removeprefix(visitor.county.address))


def kind_of(path: str) -> str:
    """Pages of the same kind differ in a number, or in which dataset, field or question they are about."""
    address = re.sub(r"\d+|[0-9a-f]{16,}", "#", urlsplit(path).path)
    return re.sub(r"/(datasets|fields|sources)/(?!add/)[^/]+", r"/\1/*", address)


def what_is_wrong(check) -> str:
    try:
        check()
    except AssertionError as problem:
        return str(problem).splitlines()[0]
    return ""


def walk(visitor, start: str) -> None:
    problems, count = [], 0
    for path, status in pages_from(visitor, start):
        count += 1
        if status >= 400:
            problems.append(f"{path}: a link leads to a page with status {status}")
            continue
        checks = [visitor.check_form, visitor.check_width, visitor.check_quiet]
        if not visitor.is_of_a_known_shape():
            checks += [visitor.check_wide, visitor.check_axe]
        wrong = [problem for check in checks if (problem := what_is_wrong(check))]
        if not wrong:
            visitor.has_been_looked_at()
        problems += wrong
        visitor.complaints.clear()
    assert count > 3, "hardly any page is linked from the start"
    assert not problems, "\n" + "\n".join(problems)


def test_everyone_can_read_the_public_pages(visit):
    walk(visit(window=NARROW), "/")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_can_use_its_pages(visit, role):
    walk(visit(role=role, window=NARROW), "/desk/")


def test_program_staff_can_use_the_pages_of_their_partnership(visit):
    visitor = visit(role="program", window=NARROW)
    visitor.open("/partnerships/")
    walk(visitor, visitor.page.locator("main table a, main .it-todo a").first.get_attribute("href"))


def test_the_public_pages_work_without_javascript(visit):
    visitor = visit(java_script_enabled=False)
    for path in ("/", "/shared/", "/data/", "/answers/program-overlap/", "/log/"):
        assert visitor.open(path) == 200
        assert visitor.page.locator("h1").inner_text().strip()
    visitor.open("/answers/program-overlap/")
    assert visitor.page.locator("table").count() >= 1

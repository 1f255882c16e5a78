"""Why two records are one person, how often that is wrong, and how the whole stands: with the keyboard alone."""

from __future__ import annotations

import re

from .conftest import NARROW
from .test_keyboard import reach, steps

PERSON = re.compile(r"/linkage/explain/person/[0-9a-f]{32}/$")
PAIR = re.compile(r"/linkage/explain/[\w-]+/[\w-]+/[\w-]+/[\w-]+/$")


def enter(visitor, address: re.Pattern) -> None:
    """Follow the link that has the focus."""
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(address)


def reach_like(visitor, wanted: re.Pattern) -> None:
    for focused in steps(visitor):
        assert focused["shown"], f"the focus is on something invisible: {focused}"
        assert focused["marked"], f"nobody can see where the focus is: {focused}"
        if wanted.fullmatch(focused["name"]):
            return
    raise AssertionError(f"{visitor.page.url}: Tab never reached {wanted.pattern}")


def test_an_officer_finds_out_why_a_weak_person_holds_and_opens_both_records(visit):
    visitor = visit(role="linkage_officer")
    visitor.open("/linkage/explain/")
    visitor.check_axe()
    reach_like(visitor, re.compile("[0-9a-f]{32}"))
    person = visitor.page.evaluate("document.activeElement.innerText")
    enter(visitor, PERSON)
    assert person in visitor.page.url
    visitor.sees("How they came together")
    visitor.check_axe()
    reach_like(visitor, re.compile(r"\d+ and \d+"))
    enter(visitor, PAIR)
    visitor.sees("What would change it")
    visitor.check_axe()
    table = visitor.page.locator(".lk-waterfall")
    adds = [signed(text) for text in table.locator("tbody td:nth-child(3)").all_inner_texts()]
    assert abs(sum(adds) - signed(table.locator("tfoot strong").inner_text())) < 0.05 * len(adds) + 0.1
    assert not visitor.page.get_by_text("What they say").count(), "values are shown only when they are asked for"
    reach(visitor, "Open both records")
    visitor.page.keyboard.press("Enter")
    visitor.sees("What they say")
    visitor.check_axe()
    visitor.check_quiet()


def signed(text: str) -> float:
    return float(text.strip().replace("−", "-").replace("+", ""))


def test_a_person_and_two_records_are_found_by_what_the_log_says_of_them(visit):
    officer = visit(role="linkage_officer")
    officer.open("/linkage/explain/")
    person = officer.page.locator("main table code").first.inner_text()
    visitor = visit(role="administrator")
    visitor.open("/linkage/explain/")
    visitor.page.get_by_label("Person identifier").focus()
    visitor.page.keyboard.type("not an identifier")
    visitor.page.keyboard.press("Enter")
    visitor.sees("An identifier has 32 characters")
    assert visitor.page.get_by_label("Person identifier").input_value() == "not an identifier"
    visitor.check_axe()
    visitor.page.get_by_label("Person identifier").fill(person)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(PERSON)
    assert not visitor.page.get_by_role("button", name="Open both records").count(), "not those who only follow"
    board = visit(role="board_member")
    assert board.open("/linkage/explain/") == 403
    board.sees("explained, without their values, to linkage officers and administrators")


def test_diagnostics_are_opened_field_by_field_and_fit_a_telephone(visit):
    visitor = visit(role="linkage_officer", window=NARROW)
    visitor.open("/linkage/")
    page = visitor.page
    page.goto(page.locator("main a[href*='/linkage/']").evaluate_all(RUN))
    page.get_by_role("link", name="Diagnostics of this linkage").press("Enter")
    visitor.sees("Pairs that were probably missed")
    rows = page.get_by_role("region", name="Pairs that were probably missed").locator("tbody tr")
    assert rows.first.locator("th").inner_text() == "All datasets"
    details = page.locator("details")
    assert details.count() > 10
    for place in range(details.count()):
        summary = details.nth(place).locator("summary")
        summary.focus()
        page.keyboard.press("Enter")
        assert details.nth(place).evaluate("one => one.open"), "a summary opens with the keyboard"
    errors = page.locator("h2", has_text="How often datasets disagree")
    assert errors.count() == 1
    visitor.sees("Own records that err")
    visitor.check_width()
    visitor.check_axe()
    visitor.check_quiet()


RUN = "links => links.map(link => link.href).find(one => /linkage\\/\\d+\\/$/.test(one))"


def test_before_pairs_were_looked_at_the_accuracy_page_leads_to_the_review(visit):
    visitor = visit(role="board_member", window=NARROW)
    visitor.open("/linkage/")
    run = visitor.page.locator("main a[href*='/linkage/']").evaluate_all(RUN)
    visitor.page.goto(run + "accuracy/")
    visitor.sees("How often is this linkage wrong?")
    visitor.sees("never compared")
    visitor.sees("It can be told once precision and recall are known")
    visitor.check_width()
    visitor.check_axe()
    reach(visitor, "To the review")
    enter(visitor, re.compile(r"/linkage/review/$"))

"""A linkage officer looks at pairs with the keyboard alone."""

from __future__ import annotations

import re

PAIR = re.compile(r"/linkage/review/\d+/$")


def begin(visitor) -> None:
    visitor.open("/linkage/review/")
    visitor.page.get_by_role("button", name=re.compile("looking")).press("Enter")
    visitor.page.wait_for_url(PAIR)


def answer(visitor, *keys: str) -> str:
    """Press the keys; return the address of the pair that comes next."""
    before = visitor.page.url
    for key in keys:
        visitor.page.keyboard.press(key)
    visitor.page.wait_for_url(lambda address: address != before and PAIR.search(address))
    visitor.page.locator("[data-keys]").wait_for()
    return visitor.page.url


def chosen(visitor) -> str:
    return visitor.page.evaluate("document.querySelector('[name=verdict]:checked')?.value || ''")


def test_pairs_are_answered_undone_and_left_with_the_keyboard(visit):
    visitor = visit(role="linkage_officer")
    begin(visitor)
    page = visitor.page
    first = page.url
    assert page.evaluate("document.activeElement.name") == "verdict", "each new pair puts the focus on the answer"
    visitor.check_axe()
    for key, verdict in (("c", "cannot tell"), ("n", "no match"), ("m", "match"), ("ArrowRight", "no match")):
        page.keyboard.press(key)
        assert chosen(visitor) == verdict
    second = answer(visitor, "n", "Enter")
    page.keyboard.press("ArrowDown")
    assert chosen(visitor) == "match", "the first press of an arrow chooses the first"
    third = answer(visitor, "Enter")
    assert len({first, second, third}) == 3
    assert answer(visitor, "u") == second
    page.keyboard.press("w")
    page.keyboard.type("mncu typed in a hurry")
    assert chosen(visitor) == "", "letters of a note are not answers"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.name") == "verdict"
    answer(visitor, "c", "Enter")
    visitor.open("/linkage/review/answers/")
    visitor.sees("mncu typed in a hurry")
    visitor.check_axe()
    visitor.check_quiet()


def test_a_pair_fits_a_telephone_and_needs_no_script(visit):
    visitor = visit(role="linkage_officer", window={"width": 320, "height": 700})
    begin(visitor)
    visitor.check_width()
    visitor.check_axe()
    plain = visit(role="linkage_officer", java_script_enabled=False)
    begin(plain)
    plain.page.locator("label", has_text="Cannot tell").click()
    before = plain.page.url
    plain.main_button("Answer and go on").click()
    plain.page.wait_for_url(lambda address: address != before)


def test_a_board_member_sees_how_far_the_review_is_and_why_not_the_records(visit):
    visitor = visit(role="board_member")
    visitor.open("/linkage/review/")
    visitor.sees("You can follow the review, but not look at records")
    visitor.check_axe()
    assert visitor.open("/linkage/review/1/") == 403
    visitor.sees("You may not do this")

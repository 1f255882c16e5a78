"""Boards decide in the open: a member votes with the keyboard, a resident dissents, anyone comments and is answered."""

from __future__ import annotations

import re
import time

from .conftest import NARROW
from .test_keyboard import reach


def open_motion(visitor, title: str) -> None:
    visitor.open("/governance/")
    visitor.page.get_by_role("link", name=re.compile(title)).first.click()
    visitor.page.wait_for_url("**/governance/motions/*/")


def test_a_board_member_votes_without_a_mouse(visit):
    member = visit(role="board_member")
    member.open("/governance/")
    reach(member, "Pay for a bus that follows the child")
    member.page.keyboard.press("Enter")
    member.page.wait_for_url("**/governance/motions/*/")
    member.page.get_by_role("heading", name=re.compile("vote (for|of) the seat", re.IGNORECASE)).wait_for()
    # The group of choices is one stop of Tab; arrows move within it.
    member.page.locator("input[name=choice]").first.focus()
    member.page.keyboard.press("Space")
    member.page.keyboard.press("Tab")
    member.page.keyboard.type("My agency pays its part.")
    reach(member, "my vote")
    member.page.keyboard.press("Enter")
    member.sees("Your vote is recorded.")
    member.sees("My agency pays its part.")
    member.check_axe()
    member.check_quiet()


def test_a_residents_seat_votes_against_and_must_say_why(visit):
    resident = visit(role="resident", window=NARROW)
    open_motion(resident, "Let answers show school districts")
    resident.page.locator("label", has_text="Against").click()
    resident.main_button("Cast my vote").click()
    resident.sees("Say why you are against it.")
    resident.page.fill("[name=reasons]", "In a small district everyone knows who is meant.")
    resident.main_button("Cast my vote").click()
    resident.sees("Your vote is recorded.")
    resident.check_width()
    resident.check_axe()
    resident.check_quiet()


def test_someone_without_an_account_comments_and_gets_a_reply(visit):
    words = f"Please ask the families first. ({int(time.time())})"
    writer = visit(window=NARROW)
    writer.open("/decisions/")
    writer.page.get_by_role("link", name=re.compile("Count how many children in shelters")).first.click()
    writer.page.wait_for_url("**/decisions/M-*/")
    writer.check_axe()
    writer.page.fill("[name=words]", words)
    writer.main_button("Send my comment").click()
    writer.sees("Thank you. We have your comment.")
    writer.check_axe()
    writer.check_width()

    secretary = visit(role="facilitator")
    open_motion(secretary, "Count how many children in shelters")
    secretary.page.get_by_role("link", name=re.compile("Comments of the public")).click()
    secretary.sees(words)
    comment = secretary.page.locator("article", has_text=words)
    comment.locator("xpath=following-sibling::div[1]").get_by_role("button").click()
    secretary.sees("Everyone can read it now.")
    secretary.page.locator("label", has_text=words).click()
    secretary.page.fill("[name=words]", "We will, in both shelters, before we vote.")
    secretary.main_button("Reply to these").click()
    secretary.sees("The reply stands under the comments it answers.")
    secretary.check_axe()
    secretary.check_quiet()

    writer.page.reload()
    writer.sees("We will, in both shelters, before we vote.")
    writer.open("/decisions/M-2/")
    writer.sees(words)
    writer.check_quiet()

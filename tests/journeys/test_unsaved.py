"""Words typed into a long form are not lost by a click elsewhere: the browser asks first."""

from __future__ import annotations

from .keyboard import press, submit_form, write


def test_the_browser_asks_before_typed_words_are_left_behind(visit):
    member = visit(role="board_member")
    member.open("/governance/boards/executive-board/")
    press(member, "Raise a motion")
    form = member.page.url
    write(member, "Title", "Open the library on Sundays")
    write(member, "Why", "Families have time on Sundays.")
    member.stays = True
    member.page.locator("nav a", has_text="Clocks").first.click(no_wait_after=True)
    member.page.wait_for_timeout(300)
    assert member.dialogs == ["beforeunload"]
    assert member.page.url == form
    assert member.page.locator("textarea[name=why]").input_value() == "Families have time on Sundays."
    member.stays = False
    member.open("/clocks/")
    assert member.dialogs == ["beforeunload", "beforeunload"]


def test_nobody_is_asked_who_typed_nothing_or_sends_the_form(visit):
    member = visit(role="board_member")
    member.open("/governance/boards/executive-board/")
    press(member, "Raise a motion")
    member.open("/clocks/")
    member.open("/governance/boards/executive-board/")
    press(member, "Raise a motion")
    write(member, "Title", "Open the library on Sundays")
    write(member, "Why", "Families have time on Sundays.")
    write(member, "letter", "The library opens on Sundays.")
    submit_form(member, "Raise it")
    member.sees("Raised.")
    assert member.dialogs == []

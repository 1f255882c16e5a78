"""A board meets: who is there makes the quorum, one takes no part, votes by seat, minutes with a passage left out.

The secretary works by keyboard in a narrow window. Each page on the way is looked at by axe and in both widths.
"""

from __future__ import annotations

import time
from datetime import datetime

from .conftest import NARROW
from .keyboard import press, submit_form, tab_to, tick, write
from .test_negotiation import look

SECRET = "Two families on Elm Street told us where they sleep."
THERE = ("Public Schools", "Health Department", "Human Services", "Homeless Services")


def test_a_board_meets_and_its_minutes_are_public_but_for_a_passage(visit, county):
    county.logins.setdefault("board of health", "board@health.marigold.example")
    title = f"Lend the bus to the library ({int(time.time())})"
    secretary, health = visit(role="facilitator", window=NARROW), visit(role="board of health", window=NARROW)
    motion = _raise_and_take_up(visit(role="board_member"), secretary, title)
    meeting = _call(secretary)
    secretary.sees(title)
    _note_who_is_there(secretary)

    secretary.open(motion)
    _open_the_vote(secretary)
    _take_no_part(health, motion)
    _record_votes(secretary, motion)
    secretary.open(motion)
    press(secretary, "Close the vote and count it")
    look(secretary)
    submit_form(secretary, "Close and count")
    secretary.sees("Adopted")
    secretary.sees("3 took part, 3 were needed")
    look(secretary)

    secretary.open(meeting)
    press(secretary, "End the meeting and draft its minutes")
    secretary.sees("Its minutes are drafted")
    secretary.sees("Health Department")
    look(secretary)
    _write_minutes(secretary)
    _is_public(visit(window=NARROW), title)
    for visitor in (secretary, health):
        visitor.check_quiet()


def _raise_and_take_up(member, secretary, title: str) -> str:
    """A motion of the executive board, which the secretary has taken up; its address."""
    member.open("/governance/boards/executive-board/")
    press(member, "Raise a motion")
    write(member, "Title", title)
    write(member, "Why", "The bus stands still on Saturdays.")
    write(member, "letter", "The library may use the bus on Saturdays.")
    submit_form(member, "Raise it")
    member.sees("Raised.")
    address = member.page.url.removeprefix(member.county.address)
    secretary.open(address)
    look(secretary)
    press(secretary, "Take it up")
    look(secretary)
    submit_form(secretary, "Take it up")
    secretary.sees("Taken up.")
    return address


def _call(secretary) -> str:
    secretary.open("/governance/boards/executive-board/")
    look(secretary)
    press(secretary, "Call a meeting")
    look(secretary)
    tab_to(secretary, "Begins")
    secretary.page.keyboard.type(datetime.now().strftime("%m%d%Y"))
    secretary.page.keyboard.press("ArrowRight")
    secretary.page.keyboard.type("1000A")
    write(secretary, "Where", "County hall, room 4")
    write(secretary, "Other topics", "Letters that came in")
    submit_form(secretary, "Call it")
    secretary.sees("Called.")
    return secretary.page.url.removeprefix(secretary.county.address)


def _note_who_is_there(secretary) -> None:
    look(secretary)
    for seat in THERE:
        tick(secretary, seat)
    submit_form(secretary, "Save")
    secretary.sees("Saved.")


def _open_the_vote(secretary) -> None:
    press(secretary, "Open the vote")
    look(secretary)
    tick(secretary, "in writing", "How")
    secretary.page.keyboard.press("ArrowDown")
    if secretary.page.locator("[name=meeting]").count():  # only where more than one is called
        tab_to(secretary, "In which meeting")
        secretary.page.keyboard.press("End")
    write(secretary, "Why the public is not asked first", "The library needs the bus this week.")
    submit_form(secretary, "Open the vote")
    secretary.sees("The vote is open.")


def _take_no_part(health, motion: str) -> None:
    health.open(motion)
    press(health, "Take no part")
    look(health)
    write(health, "conflict of interest", "My agency is paid for the bus.")
    submit_form(health, "Take no part")
    health.sees("Your seat takes no part")
    look(health)


def _record_votes(secretary, motion: str) -> None:
    """By seat; the one that takes no part is not among them."""
    secretary.open(motion)
    look(secretary)
    offered = secretary.page.locator("#seat option").all_inner_texts()
    assert "Public Schools" in offered
    assert "Health Department" not in offered
    assert "Family First" not in offered
    for seat, choice, reasons in (
        ("Public Schools", "For", "It costs us nothing."),
        ("Human Services", "For", ""),
        ("Homeless Services", "For", "If it is back by noon."),
    ):
        secretary.open(motion)
        tab_to(secretary, "Seat")
        secretary.page.keyboard.type(seat)
        tab_to(secretary, "Vote")
        secretary.page.keyboard.type(choice)
        write(secretary, "Reasons", reasons)
        submit_form(secretary, "Record this vote")
        secretary.sees("recorded")


def _write_minutes(secretary) -> None:
    write(secretary, "Another passage", SECRET)
    write(secretary, "Why another passage is not public", "It tells about families that can be known from it.")
    submit_form(secretary, "Save the minutes")
    secretary.sees("Saved.")
    look(secretary)
    press(secretary, "Approve them as they are saved")
    secretary.sees("They do not change any more.")
    secretary.sees(SECRET)
    look(secretary)
    press(secretary, "Publish the minutes")
    secretary.sees("Everyone can read them now.")


def _is_public(anyone, title: str) -> None:
    anyone.open("/decisions/")
    press(anyone, "Executive Board")
    look(anyone)
    press(anyone, "Meeting of")
    anyone.sees(title)
    anyone.sees("Left out: It tells about families that can be known from it.")
    assert SECRET not in anyone.page.content()
    look(anyone)
    anyone.check_quiet()

"""Two agencies' counsel negotiate: threads on clauses, a Word file out and back, its differences decided, signatures.

Everything goes by keyboard, in a narrow window; each page on the way is looked at by axe and in both widths.
"""

from __future__ import annotations

import re
import time

import docx
import pytest

from .conftest import NARROW
from .keyboard import press, submit_form, tab_to, tick, write
from .test_agreement import draft_from_use_case, sign

MEETINGS, COSTS = "We meet every month.", "Each party bears its own costs."


@pytest.fixture
def people(visit, county):
    """The schools' steward, and counsel and board member of both agencies."""
    for role in ("counsel", "board"):
        county.logins.setdefault(f"{role} of health", f"{role}@health.marigold.example")
    roles = ("steward", "counsel", "counsel of health", "board_member", "board of health")
    return {role: visit(role=role, window=NARROW) for role in roles}


def look(visitor) -> None:
    visitor.check_form()
    visitor.check_width()
    visitor.check_axe()
    visitor.check_wide()


def test_counsel_of_two_agencies_negotiate_in_word_and_sign(people, tmp_path):
    code = f"DSA-N{int(time.time())}"
    steward, ours, theirs = people["steward"], people["counsel"], people["counsel of health"]
    draft_from_use_case(steward, code)
    for heading, text in (("Meetings", MEETINGS), ("Costs of each", COSTS)):
        _write_clause(steward, code, heading, text)
    press(steward, "Back to the agreement")
    press(steward, "Send for review")
    steward.sees("Each party’s counsel can now review it.")

    _talk_about_meetings(ours, theirs, code)
    _bring_back_an_edited_file(theirs, code, tmp_path / "text.docx")
    _decide_on_it(ours, code)
    _settle(ours, theirs, code)
    _approve_and_sign(people, code)

    steward.open(f"/agreements/{code}/text/")
    steward.sees("We meet every second month.")
    steward.sees(COSTS)
    look(steward)
    for visitor in people.values():
        visitor.check_quiet()


def _write_clause(steward, code: str, heading: str, text: str) -> None:
    steward.open(f"/agreements/{code}/clauses/")
    look(steward)
    press(steward, "Write a clause")
    look(steward)
    write(steward, "Heading", heading)
    write(steward, "Text", text)
    write(steward, "The same in plain words", text)
    write(steward, "Who keeps it", "The contacts of both parties")
    submit_form(steward, "Save the clause")
    steward.sees("The clause is saved.")


def _talk_about_meetings(ours, theirs, code: str) -> None:
    """Counsel of health asks; counsel of the schools answers in the same thread."""
    theirs.open(f"/agreements/{code}/")
    look(theirs)
    press(theirs, "Comments on clauses")
    look(theirs)
    press(theirs, "Meetings")
    write(theirs, "comment", "A month is too often for two small teams.")
    submit_form(theirs, "Comment")
    theirs.sees("Your comment is on the clause.")
    look(theirs)
    ours.open(theirs.page.url.removeprefix(ours.county.address))
    press(ours, "Answer", "A month is too often")
    look(ours)
    write(ours, "comment", "Then say how often, in the file.")
    submit_form(ours, "Answer")
    ours.sees("Then say how often, in the file.")


def _bring_back_an_edited_file(theirs, code: str, path) -> None:
    """Two clauses come back with other words: one will be accepted, one refused."""
    theirs.open(f"/agreements/{code}/")
    theirs.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    tab_to(theirs, "Word file to edit")
    with theirs.page.expect_download() as download:
        theirs.page.keyboard.press("Enter")
    download.value.save_as(path)
    file = docx.Document(path)
    for old, new in ((MEETINGS, "We meet every second month."), (COSTS, "The schools bear all costs.")):
        # The first is the text; its twin in plain words follows.
        next(one for one in file.paragraphs if one.text == old).text = new
    file.save(path)

    press(theirs, "Bring back an edited Word file")
    look(theirs)
    tab_to(theirs, "Word file to edit")
    tab_to(theirs, "File")
    # The window in which a file is chosen is the system's, and no part of the page.
    theirs.page.locator("input[type=file]:focus").set_input_files(path)
    submit_form(theirs, "Read the file")
    theirs.sees("We meet every")
    assert theirs.page.locator("main article ins").count() >= 2
    assert theirs.page.locator("main article del").count() >= 1
    look(theirs)


def _decide_on_it(ours, code: str) -> None:
    """While it is under review words cannot change: back to a draft first, then accept one and refuse the other."""
    ours.open(f"/agreements/{code}/proposals/")
    look(ours)
    press(ours, "Reopen to change it")
    look(ours)
    write(ours, "reason", "To take over what counsel of health proposed.")
    submit_form(ours, "Reopen")
    ours.sees("It is a draft again.")
    ours.open(f"/agreements/{code}/proposals/")
    press(ours, "Accept", "Meetings")
    ours.sees("The words are in the draft.")
    press(ours, "Refuse", "Costs of each")
    ours.sees("needs a reason")
    ours.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    write(ours, "Reason", "Each of us has costs.")
    submit_form(ours, "Refuse", "Costs of each")
    ours.sees("The proposal is refused.")
    ours.sees("Each of us has costs.")
    look(ours)


def _settle(ours, theirs, code: str) -> None:
    theirs.open(f"/agreements/{code}/discussion/")
    press(theirs, "Meetings")
    press(theirs, "Settle", "A month is too often")
    look(theirs)
    write(theirs, "settled", "Every second month, as the file said.")
    submit_form(theirs, "Settle this thread")
    theirs.sees("The thread is settled.")
    ours.open(f"/agreements/{code}/")
    press(ours, "Send for review")


def _approve_and_sign(people, code: str) -> None:
    for role in ("counsel", "counsel of health"):
        counsel = people[role]
        counsel.open(f"/agreements/{code}/")
        press(counsel, "Review for your agency")
        look(counsel)
        tick(counsel, "We approve this text")
        submit_form(counsel, "Send the answer")
    for role in ("board_member", "board of health"):
        member = people[role]
        member.open(f"/agreements/{code}/")
        press(member, "Sign for your agency")
        look(member)
        sign(member)
    people["board of health"].open(f"/agreements/{code}/")
    assert re.search("In force", people["board of health"].page.locator("main").inner_text())
    look(people["board of health"])

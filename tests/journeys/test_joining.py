"""An agency asks to join an agreement by keyboard: memo, fields, signature; a party takes it up; it is taken back."""

from __future__ import annotations

import pytest

from .conftest import NARROW
from .keyboard import press, tick, write

WORDS = (
    ("Why your agency wants to join", "Children in shelters need early help."),
    ("What data it offers", "Early intervention since 2015."),
    ("may have the others", "None wanted."),
    ("may share its own", "Counsel looks at 34 CFR 303.414."),
    ("Security", "Examined each year."),
    ("Privacy", "Parents read the notice."),
    ("Confidentiality", "Four people, each trained."),
    ("Conflicts", "None known."),
)


@pytest.fixture
def sign_in(visit, county):
    """`sign_in("board@health")` opens a window for that person of the county."""

    def open_window(who: str, **options):
        name, _at, agency = who.partition("@")
        county.logins[who] = f"{name}@{agency}.marigold.example"
        return visit(role=who, **options)

    return open_window


def test_an_agency_joins_by_its_memo_without_a_mouse(sign_in, county):
    steward = sign_in("steward@health")
    steward.open("/agreements/DSA-2026-02/")
    press(steward, "Ask to join it")
    for label, words in WORDS:
        write(steward, label, words)
    steward.check_axe()
    press(steward, "Save the memo")
    memo = steward.page.url.removeprefix(county.address)
    steward.sees("It neither offers fields")
    press(steward, "Choose fields of")
    tick(steward, "Contribute")
    steward.check_axe()
    steward.check_width()
    press(steward, "Save these fields")
    steward.sees("What it will truly give")
    steward.check_axe()

    board = sign_in("board@health", window=NARROW)
    board.open(memo)
    press(board, "Send it")
    write(board, "Your full name", "Imani Brooks")
    write(board, "Your password", county.password)
    tick(board, "I have read this text")
    board.check_axe()
    board.check_width()
    press(board, "Send the memo")
    board.sees("To be taken up by a party")

    party = sign_in("steward@schools")
    party.open(memo)
    press(party, "Take it up")
    party.check_axe()
    press(party, "Draft the edition and send it for review")
    party.sees("Memo of")
    assert party.page.url.endswith("/agreements/DSA-2026-02-v2/")
    party.check_axe()

    # It is taken back, so that the county is for the next visitor as it was.
    board.open(memo)
    board.sees("still to sign")
    press(board, "Take it back")
    write(board, "Reason", "We ask again next year.")
    board.check_axe()
    press(board, "Take it back")
    board.sees("Taken back")
    board.check_width()
    for visitor in (steward, board, party):
        visitor.check_quiet()

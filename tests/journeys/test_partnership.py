"""Two agencies and a facilitator, each at their own window, from "let's talk" to a use case that both signed off.

Everything by keyboard, one of them on a telephone. Nobody reads a manual: each page begins with whose turn it is.
"""

from __future__ import annotations

import time

import pytest

from .conftest import NARROW
from .keyboard import choose, press, tab_to, write

SECRET = "Our superintendent has doubts."


def look(visitor) -> None:
    visitor.check_width()
    visitor.check_form()
    if not visitor.is_of_a_known_shape():
        visitor.check_axe()
        visitor.has_been_looked_at()


@pytest.fixture
def three(visit, county):
    """Schools on a telephone, health and the facilitator at desks."""
    county.logins.setdefault("program of health", "program@health.marigold.example")
    return visit(role="program", window=NARROW), visit(role="program of health"), visit(role="facilitator")


def test_two_partners_and_a_facilitator_get_from_a_first_talk_to_a_signed_off_use_case(three):
    schools, health, facilitator = three
    title = f"Part C and Part B 619, {int(time.time())}"
    address = _begin(schools, title)
    _facilitator_begins(facilitator, title)
    _answer(schools, address, steps=0, comment=SECRET)
    _health_cannot_see(health, facilitator, address)
    _answer(health, address, steps=4)
    health.sees("You stand far apart (4 places apart): begin here.")
    health.sees(SECRET)
    look(health)
    for partner in (schools, health):
        partner.open(f"{address}guide/")
        look(partner)
        choose(partner, "What does your program think now?", 0)
        press(partner, "Say it")
    facilitator.open(address)
    press(facilitator, "Conclude it")
    press(facilitator, "Conclude: feasible")
    facilitator.sees("Feasible")
    _write_use_case(schools, address)
    for partner in (schools, health):
        partner.open("/desk/")
        press(partner, f"Read it and sign off: Use case, {title}")
        look(partner)
        press(partner, "Sign off")
    health.sees("Every partner has signed it off.")
    facilitator.open("/partnerships/use-cases/")
    facilitator.sees("What becomes of children from early intervention")
    for visitor in three:
        visitor.check_quiet()


def _begin(schools, title: str) -> str:
    schools.open("/partnerships/")
    press(schools, "Start talking with someone")
    look(schools)
    write(schools, "Title", title)
    choose(schools, "Between whom", 2)
    tab_to(schools, "Facilitator")
    schools.page.keyboard.type("Miriam")
    press(schools, "Go on to the other partner")
    tab_to(schools, "Whom do you talk with?")
    schools.page.keyboard.type("Leila")
    press(schools, "Add the partner")
    schools.sees("It is your turn")
    look(schools)
    return schools.page.url.removeprefix(schools.county.address)


def _facilitator_begins(facilitator, title: str) -> None:
    facilitator.open("/desk/")
    press(facilitator, f"Begin to talk: {title}")
    press(facilitator, "Begin the guide")
    press(facilitator, "Ask every partner")
    facilitator.sees("Waiting for the answers of")


def _answer(visitor, address: str, *, steps: int, comment: str = "") -> None:
    visitor.open(address)
    press(visitor, "Answer the five questions")
    look(visitor)
    for legend in (
        "How well does your program",
        "How well do you know",
        "The partners agree",
        "technically",
        "besides",
    ):
        choose(visitor, legend, steps)
        if comment:
            write(visitor, "Comment on", comment)
            comment = ""
    tab_to(visitor, "Save and hand in")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def _health_cannot_see(health, facilitator, address: str) -> None:
    for visitor in (health, facilitator):
        for path in ("", "guide/", "guide/sheet/", "guide/1/", "tasks/"):
            visitor.open(address + path)
            assert SECRET not in visitor.page.content()


def _write_use_case(schools, address: str) -> None:
    schools.open(address)
    press(schools, "Go there")
    look(schools)
    # The empty page is marked at first; the second one down is the first sample.
    tab_to(schools, "Begin with")
    for _ in range(2):
        schools.page.keyboard.press("ArrowDown")
    press(schools, "Begin to write")
    look(schools)
    tab_to(schools, "School enrollment")
    schools.page.keyboard.press("Space")
    tab_to(schools, "More: what it takes")
    schools.page.keyboard.press("Enter")
    for label in ("What each partner gains", "What each partner gains"):
        write(schools, label, "Knows which children come, and plans for them.")
    for label in ("What could turn out badly", "What could turn out badly"):
        write(schools, label, "Low scores could be read as failure.")
    press(schools, "Save")
    look(schools)
    press(schools, "Ask every partner to sign off")
    schools.sees("Read it, then sign off")

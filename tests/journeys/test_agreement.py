"""From a use case that both agencies signed off to an agreement in force, which lets one question run, and stops one.

The agreement's path goes by keyboard. The agreement asks for research: school records may serve it (34 CFR 99.31),
early intervention records may not (34 CFR 303.414). The page says so before anyone signs, and so it happens.
"""

from __future__ import annotations

import time

import pytest

from .keyboard import press, submit_form, tab_to, tick, write

SCHOOLS = "SELECT grade, count(DISTINCT person_id) AS children FROM school_enrollment GROUP BY grade"
EARLY = "SELECT exit_reason, count(DISTINCT person_id) AS children FROM early_intervention GROUP BY exit_reason"


@pytest.fixture
def people(visit, county):
    """The stewards, counsels and board members of both agencies, and the analyst, each at a window of their own."""
    for role in ("counsel", "board"):
        county.logins.setdefault(f"{role} of health", f"{role}@health.marigold.example")
    roles = ("steward", "counsel", "board_member", "counsel of health", "board of health", "analyst")
    return {role: visit(role=role) for role in roles}


def test_a_use_case_becomes_an_agreement_that_lets_one_question_run_and_stops_another(people):
    code = f"DSA-J{int(time.time())}"
    steward, analyst = people["steward"], people["analyst"]
    draft_from_use_case(steward, code)
    steward.sees("A law still stands in the way")
    steward.sees("34 CFR 303.414")
    steward.check_axe()
    press(steward, "Send for review")
    steward.sees("Each party’s counsel can now review it.")

    for counsel in (people["counsel"], people["counsel of health"]):
        counsel.open("/desk/")
        press(counsel, "Review What becomes")
        press(counsel, "Review for your agency")
        counsel.sees("A law still stands in the way")
        tick(counsel, "We approve this text")
        submit_form(counsel, "Send the answer")
    questions = [_ask(analyst, people["board_member"], code, sql) for sql in (SCHOOLS, EARLY)]
    for address in questions:
        _is_stopped(analyst, address)

    for member in (people["board_member"], people["board of health"]):
        member.open("/desk/")
        press(member, "Sign What becomes")
        press(member, "Sign for your agency")
        sign(member)
    people["board of health"].open(f"/agreements/{code}/")
    people["board of health"].sees("In force")

    assert _runs(analyst, questions[0])
    _is_stopped(analyst, questions[1])
    analyst.sees("303.414")
    for visitor in people.values():
        visitor.check_quiet()


def draft_from_use_case(steward, code: str) -> None:
    """Draft an agreement of schools and health from the use case that the demonstration signed off."""
    steward.open("/partnerships/use-cases/")
    press(steward, "What becomes of children from early intervention")
    press(steward, "Draft an agreement from it")
    steward.sees("What comes over")
    steward.check_axe()
    write(steward, "Short name", code)
    # Ticked already: the office whose people link and count, and linking as a purpose.
    tick(steward, "research", "Purposes")
    tab_to(steward, "First day")
    steward.page.keyboard.type("01012026")
    tab_to(steward, "Last day")
    steward.page.keyboard.type("12312030")
    submit_form(steward, "Make the draft")
    steward.sees("The draft has the elements of the use case.")


def sign(member) -> None:
    name = member.page.locator(".it-account__who").inner_text().splitlines()[0]
    write(member, "full name", name)
    write(member, "password", member.county.password)
    tick(member, "I have read this text")
    submit_form(member, "Sign for")
    member.sees("You signed for your agency.")


def _ask(analyst, board, code: str, sql: str) -> str:
    """A question for research under the agreement, approved by the board; its address."""
    analyst.open("/questions/draft/")
    page = analyst.page
    page.fill("[name=sql]", sql)
    short = f"j-{time.time_ns()}"
    for name, text in {
        "title": "How many children?", "code": short, "meaning": "A number.", "unit": "children",
        "population": "Children", "period": "2026", "limits": "None known.", "sentence": "{all} children.",
        "figures": "all:",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", text)
    page.select_option("[name=purpose]", "research")
    page.locator("label", has_text=code).click()
    analyst.main_button("Save the draft").click()
    page.wait_for_url(f"**/questions/{short}/1/")
    analyst.main_button("Submit to the board").click()
    analyst.sees("Waiting for approval")
    board.open(f"/questions/{short}/1/")
    board.main_button("Approve").click()
    board.sees("Analysts can run it now")
    return f"/questions/{short}/1/"


def _runs(analyst, address: str) -> bool:
    """Run the question and wait for its table."""
    analyst.open(address)
    analyst.main_button("Run the question").click()
    analyst.page.locator("section.it-job").first.wait_for()
    for _ in range(90):
        if analyst.page.locator("a[href*='/questions/outputs/']").count():
            return True
        time.sleep(1)
        analyst.page.reload()
    return False


def _is_stopped(analyst, address: str) -> None:
    """No button, and a request that is sent without one is refused too."""
    analyst.open(address)
    analyst.sees("No: a field may not be read")
    assert not analyst.main_button("Run the question").count()
    token = analyst.page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    answer = analyst.page.request.post(
        f"{analyst.county.address}{address}run/",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": analyst.page.url},
    )
    assert answer.status == 403, answer.status

"""What each one comes to do, done in a browser, from the analyst's draft to the published answer."""

from __future__ import annotations

import re
import time

import pytest

TITLE = "How many children receive food assistance, by size of household?"
SQL = """
WITH child AS (
  SELECT person_id, CASE WHEN bool_or(household_size >= 5) THEN 'five or more' ELSE 'up to four' END AS household
  FROM snap GROUP BY person_id)
SELECT household, count(DISTINCT person_id) AS children FROM child GROUP BY household"""


def test_a_resident_finds_an_answer_and_what_it_does_not_say(visit):
    visitor = visit()
    visitor.open("/")
    visitor.page.locator("main a[href^='/answers/']").first.click()
    visitor.page.wait_for_url("**/answers/*/")
    assert re.search(r"not tell", visitor.page.locator("main").inner_text(), re.IGNORECASE)
    assert visitor.page.locator("table").count() >= 1
    visitor.check_quiet()


def test_a_wrong_password_is_refused_in_words(visit):
    visitor = visit()
    visitor.open("/accounts/login/")
    visitor.page.fill("input[name=login]", "nobody@marigold.example")
    visitor.page.fill("input[name=password]", "not-the-password")
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("alert").first.wait_for()
    assert "/accounts/login" in visitor.page.url


def test_a_page_of_the_desk_asks_to_sign_in_and_comes_back(visit):
    visitor = visit()
    visitor.open("/questions/")
    assert "/accounts/login" in visitor.page.url
    visitor.page.fill("input[name=login]", visitor.county.logins["analyst"])
    visitor.page.fill("input[name=password]", visitor.county.password)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/questions/")


def test_a_question_travels_from_draft_to_published_answer(visit):
    """One question, three people: an analyst, a board member and an output checker."""
    code = f"journey-{int(time.time())}"
    analyst = visit(role="analyst")
    analyst.open("/questions/draft/")
    page = analyst.page
    page.fill("[name=sql]", SQL.replace("count(DISTINCT person_id)", "count(*)"))
    analyst.main_button("Check the statement").click()
    analyst.sees("The statement is refused")
    page.fill("[name=sql]", SQL)
    analyst.main_button("Check the statement").click()
    analyst.sees("The statement can be locked")
    analyst.sees("snap.household_size")
    for name, text in {
        "title": TITLE,
        "code": code,
        "meaning": "Shows whether larger families are reached.",
        "unit": "children",
        "population": "Children under 18 in households with food assistance",
        "period": "June 2026",
        "limits": "It does not count families who never applied.",
        "sentence": "{all} children receive food assistance.",
        "figures": "all:",
    }.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=purpose]", "program_evaluation")
    page.locator("label", has_text="DSA-2026-01").click()
    analyst.main_button("Save the draft").click()
    page.wait_for_url(f"**/questions/{code}/1/")
    analyst.main_button("Submit to the board").click()
    analyst.sees("Waiting for approval")

    board = visit(role="board_member")
    board.open(f"/questions/{code}/1/")
    board.main_button("Approve").click()
    board.sees("Analysts can run it now")

    analyst.open(f"/questions/{code}/1/")
    analyst.main_button("Run the question").click()
    page.locator("section.it-job").first.wait_for()
    # The page follows the job by itself; reloading shows what came of it.
    for _ in range(60):
        if page.locator("a[href*='/questions/outputs/']").count():
            break
        time.sleep(1)
        page.reload()
    page.locator("a[href*='/questions/outputs/']").first.click()
    analyst.sees("Not for sharing")
    analyst.check_axe()
    analyst.main_button("Send it to checking").click()
    page.wait_for_url("**/releases/*/")
    release = page.url

    checker = visit(role="output_checker")
    checker.page.goto(release)
    assert TITLE in checker.page.locator("h1").inner_text()
    for visitor in (analyst, board, checker):
        visitor.check_quiet()


def test_a_board_member_cannot_see_true_counts_and_is_told_why(visit):
    visitor = visit(role="board_member")
    assert visitor.open("/questions/outputs/1/") == 403
    assert "analysts and output checkers" in visitor.page.locator("main").inner_text()
    visitor.check_axe()


@pytest.mark.parametrize(
    ("role", "path", "heading"),
    [
        ("steward", "/inventory/", "h1"),
        ("steward", "/deliveries/", "h1"),
        ("counsel", "/agreements/", "h1"),
        ("linkage_officer", "/linkage/", "h1"),
        ("output_checker", "/releases/", "h1"),
        ("administrator", "/desk/audit/", "h1"),
        ("helper", "/access/", "h1"),
    ],
)
def test_each_role_opens_the_page_of_its_task(visit, role, path, heading):
    visitor = visit(role=role)
    assert visitor.open(path) == 200
    assert visitor.page.locator(heading).inner_text().strip()
    visitor.check_quiet()

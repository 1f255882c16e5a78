"""Everything can be reached and seen with the keyboard alone."""

from __future__ import annotations

import pytest

MOST_STEPS = 80
# Whether the focused element looks focused: an outline, a shadow, or a look of its own.
FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const own = element.matches('input[type=checkbox], input[type=radio]') && element.labels && element.labels[0];
  const mark = own ? getComputedStyle(own, '::before') : style;
  return {
    name: (element.innerText || element.value || element.getAttribute('aria-label') || element.name || '').trim(),
    tag: element.tagName,
    shown: box.width > 0 && box.height > 0,
    marked: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
      || (mark.outlineStyle !== 'none' && parseFloat(mark.outlineWidth) > 0),
  };
}"""


def steps(visitor, most: int = MOST_STEPS):
    """Press Tab until it comes round; yield what has the focus."""
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        focused = visitor.page.evaluate(FOCUS)
        if focused is None:
            return
        yield focused


def reach(visitor, wanted: str) -> None:
    names = []
    for focused in steps(visitor):
        names.append(focused["name"])
        assert focused["shown"], f"{visitor.page.url}: the focus is on something invisible: {focused}"
        assert focused["marked"], f"{visitor.page.url}: nobody can see where the focus is: {focused}"
        if wanted.lower() in focused["name"].lower():
            return
    raise AssertionError(f"{visitor.page.url}: Tab never reached {wanted!r}, only {names}")


def test_the_first_step_leads_past_the_navigation(visit):
    for path in ("/", "/accounts/login/"):
        visitor = visit()
        visitor.open(path)
        first = next(steps(visitor))
        assert "skip" in first["name"].lower()
        visitor.page.keyboard.press("Enter")
        assert visitor.page.evaluate("location.hash") == "#main"


def test_signing_in_needs_no_mouse(visit):
    visitor = visit()
    visitor.open("/accounts/login/")
    visitor.page.focus("input[name=login]")
    visitor.page.keyboard.type(visitor.county.logins["analyst"])
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.name") == "password"
    visitor.page.keyboard.type(visitor.county.password)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/desk/")


@pytest.mark.parametrize(
    ("role", "path", "wanted"),
    [
        ("", "/", "How many"),
        ("", "/answers/program-overlap/", "CSV"),
        ("analyst", "/questions/", "Draft a question"),
        ("analyst", "/questions/draft/", "Save the draft"),
        ("analyst", "/questions/program-overlap/", "Run the question"),
    ],
)
def test_the_main_action_is_reached_with_the_keyboard(visit, role, path, wanted):
    visitor = visit(role=role)
    visitor.open(path)
    reach(visitor, wanted)

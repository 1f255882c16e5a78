"""A visitor's keyboard: Tab to what has a name, press it, write into it, choose. No mouse, no script of ours."""

from __future__ import annotations

FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return '';
  const labels = [...(element.labels || [])].map(label => label.innerText);
  const box = element.closest('fieldset');
  const legend = box && box.querySelector('legend') ? box.querySelector('legend').innerText : '';
  return [element.innerText, ...labels, legend, element.getAttribute('aria-label') || ''].join(' ');
}"""
MOST_STEPS = 150


def tab_to(visitor, *wanted: str) -> None:
    """Press Tab, from wherever the focus is, until what has it says all of `wanted`."""
    seen = []
    for _ in range(MOST_STEPS):
        visitor.page.keyboard.press("Tab")
        name = " ".join(visitor.page.evaluate(FOCUSED).split())
        if all(word.lower() in name.lower() for word in wanted):
            return
        seen.append(name[:60])
    raise AssertionError(f"{visitor.page.url}: Tab never reached {wanted!r}, only {seen}")


def press(visitor, *wanted: str) -> None:
    """Reach a link or a button from the top of the page and press it; wait for the page it leads to."""
    visitor.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    tab_to(visitor, *wanted)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def submit_form(visitor, *wanted: str) -> None:
    """Go on from where the focus is to a button and press it; wait for the page it leads to."""
    tab_to(visitor, *wanted)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def write(visitor, label: str, text: str) -> None:
    tab_to(visitor, label)
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.insert_text(text)


def choose(visitor, legend: str, steps: int) -> None:
    """Choose among radio buttons: Space marks the first, each arrow goes one further."""
    tab_to(visitor, legend)
    visitor.page.keyboard.press("Space")
    for _ in range(steps):
        visitor.page.keyboard.press("ArrowDown")


def tick(visitor, *label: str) -> None:
    """Reach a checkbox, or the first of radio buttons, and mark it."""
    tab_to(visitor, *label)
    visitor.page.keyboard.press("Space")

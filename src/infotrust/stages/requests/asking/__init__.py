"""What the request form asks, as data: sections, their items, when each is asked, and what a good answer looks like.

A title or a hint is changed here and nowhere else: the pages, the checklist, the papers and the tests read this.
"""

from __future__ import annotations

from collections.abc import Iterator

from infotrust.stages.requests.asking.items import Answers, Item, Kind, Section, When
from infotrust.stages.requests.asking.sections import PROJECT_SECTIONS, PUBLIC
from infotrust.stages.requests.asking.study import STUDY_SECTIONS

SECTIONS: tuple[Section, ...] = (*PROJECT_SECTIONS, *STUDY_SECTIONS, PUBLIC)
ITEMS: dict[str, Item] = {one.key: one for part in SECTIONS for one in part.items}


def asked_sections(answers: Answers) -> tuple[Section, ...]:
    """Return the sections that these answers make the form ask, in its order."""
    return tuple(one for one in SECTIONS if one.is_asked(answers))


def asked_items(answers: Answers) -> Iterator[tuple[Section, Item]]:
    """Yield every item that these answers make the form ask, with its section."""
    for part in asked_sections(answers):
        yield from ((part, one) for one in part.items if one.is_asked(answers))


def section(key: str) -> Section | None:
    return next((one for one in SECTIONS if one.key == key), None)


__all__ = [
    "ITEMS",
    "SECTIONS",
    "Answers",
    "Item",
    "Kind",
    "Section",
    "When",
    "asked_items",
    "asked_sections",
    "section",
]

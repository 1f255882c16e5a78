"""The county's parameters as its documentation lists them: each number with its kind, source or reason, and chapter.

A number's source is the comment above it. One comment may stand for several numbers that follow each other, and a
comment above a section for those of its numbers that have none of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from infotrust.core.practice.parameters import own_chapters


@dataclass(frozen=True)
class Documented:
    path: str
    kind: str  # as its tag says: share, shares, per_year_by ...
    value: str
    source: str
    chapter: str


def documented() -> list[Documented]:
    """All parameters, in the order of their chapters."""
    return [one for chapter, text in own_chapters().items() for one in _of_chapter(chapter, text)]


def introductions() -> dict[str, str]:
    """The comment each chapter opens with."""
    return {chapter: " ".join(_comment(text.splitlines(), -1, down=True)) for chapter, text in own_chapters().items()}


def _of_chapter(chapter: str, text: str) -> Iterator[Documented]:
    lines = text.splitlines()
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    yield from _walk(chapter, lines, node, "", "")


def _walk(chapter: str, lines: list[str], node: Any, path: str, above: str) -> Iterator[Documented]:
    source, last = above, -1
    for key, value in node.value:
        line = key.start_mark.line
        own = " ".join(_comment(lines, line))
        # A comment holds for what follows it until a blank line or the next comment.
        source = own or (source if last >= 0 and _together(lines, last, line) else above)
        last = value.end_mark.line
        below = f"{path}.{key.value}" if path else str(key.value)
        if value.tag.startswith("!"):
            yield Documented(below, value.tag[1:], _written(value), source, chapter)
        else:
            yield from _walk(chapter, lines, value, below, own)


def _together(lines: list[str], last: int, line: int) -> bool:
    return all(one.strip() for one in lines[last:line])


def _comment(lines: list[str], line: int, down: bool = False) -> list[str]:
    """The lines of the comment that ends above `line`, or, going down, of the one that begins below it."""
    step, found = (1 if down else -1), []
    at = line + step
    while 0 <= at < len(lines) and lines[at].lstrip().startswith("#"):
        found.append(lines[at].lstrip()[1:].strip())
        at += step
    return found if down else found[::-1]


def _written(node: Any) -> str:
    if isinstance(node, yaml.MappingNode):
        return ", ".join(f"{key.value}: {value.value}" for key, value in node.value)
    return str(node.value)

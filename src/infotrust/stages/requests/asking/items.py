"""What an item of the form is: how it is answered, when it is asked, and whether it is remembered for the next form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

Words = str | Promise
Answers = Mapping[str, Any]


class Kind(StrEnum):
    """How an item is answered: an answer is a text, or a list of codes where several can be chosen."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    DAY = "day"
    FIELDS = "fields"


@dataclass(frozen=True)
class When:
    """Asked only where another answer is, or contains, one of `values`."""

    key: str
    values: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        given = answers.get(self.key) or ()
        return bool({given, *()} & set(self.values)) if isinstance(given, str) else bool(set(given) & set(self.values))


@dataclass(frozen=True)
class Item:
    """`remembered`: taken over into the same person's next request. `longest` counts characters."""

    key: str
    title: Words
    kind: Kind = Kind.TEXT
    help: Words = ""
    choices: tuple[tuple[str, Words], ...] = ()
    when: When | None = None
    required: bool = True
    remembered: bool = False
    longest: int = 8_000

    def is_asked(self, answers: Answers) -> bool:
        return self.when is None or self.when.holds(answers)


@dataclass(frozen=True)
class Section:
    """A page of the form. `good` says what a good answer looks like, in sentences."""

    key: str
    title: Words
    why: Words
    good: tuple[Words, ...]
    items: tuple[Item, ...]
    when: When | None = None

    def is_asked(self, answers: Answers) -> bool:
        return self.when is None or self.when.holds(answers)

"""The library of questions, and a plain search in the inventory for what a question needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from infotrust.stages.readiness.process import DATA

# Words that are in every definition and so find nothing.
SILENT = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "at",
        "by",
        "did",
        "for",
        "from",
        "has",
        "have",
        "how",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "the",
        "to",
        "was",
        "were",
        "when",
        "which",
        "who",
        "why",
        "with",
    }
)


@dataclass(frozen=True)
class Entry:
    """A question of the library with its needs: for each, what it is, and words by which to look for it."""

    words: str
    needs: tuple[tuple[str, str], ...]


@cache
def entries() -> tuple[Entry, ...]:
    found: list[dict[str, Any]] = yaml.safe_load((DATA / "questions.yaml").read_text(encoding="utf-8"))["questions"]
    return tuple(Entry(one["words"], tuple((need["words"], need["find"]) for need in one["needs"])) for one in found)


def terms(text: str) -> frozenset[str]:
    """The telling words of a text, without case and without a plural s."""
    found = (word.rstrip("s") for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in SILENT)
    return frozenset(word for word in found if word)


def closeness(wanted: str, described: Iterable[str]) -> float:
    """How much of what is wanted the description says, from 0 to 1: shared telling words of those wanted."""
    asked = terms(wanted)
    return len(asked & terms(" ".join(described))) / len(asked) if asked else 0.0

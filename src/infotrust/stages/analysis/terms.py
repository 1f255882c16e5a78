"""The words of analysis: what an author writes down about a question, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.core.policy.terms import PURPOSES

CODE = re.compile(r"[a-z][a-z0-9-]{1,58}")
# What is asked for every field a question reads. Rows never leave: that would be "extract".
ACTION = "aggregate"
QUESTION_PURPOSES = tuple(code for code, purpose in PURPOSES.items() if not purpose.never)
NOT_RECORDED = "not recorded"


class QuestionIncomplete(UserFacingError):
    """Something a reader needs is missing from the question."""


class OutputRefused(UserFacingError):
    """The output is not what the question declares. It is not kept."""


@dataclass(frozen=True)
class Draft:
    """What an author writes. See `models.Question` for the fields."""

    code: str
    title: str
    meaning: str
    unit: str
    period: str
    population: str
    purpose: str
    agreements: tuple[str, ...]
    sql: str
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    definitions: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Any] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    sentence: str = ""
    figures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    license: str = ""

    def require_complete(self) -> None:
        """Raise `QuestionIncomplete` with the first problem; the form shows the same words."""
        for problem in problems(self):
            raise QuestionIncomplete(
                _("The question %(code)s is not complete.") % {"code": self.code or "?"}, next_step=problem
            )


def with_order(labels: Mapping[str, Any]) -> dict[str, Any]:
    """Note beside each column's values the order in which their author wrote them.

    PostgreSQL's jsonb keeps an object's keys in an order of its own, and a table is read in its author's.
    """
    return {
        name: {**label, "order": list(label["values"])} if label.get("values") and "order" not in label else dict(label)
        for name, label in labels.items()
    }


def words_in_order(label: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the (value, words) pairs of one column's label, as their author ordered them."""
    words = label.get("values") or {}
    order = [value for value in label.get("order", ()) if value in words]
    return [(value, words[value]) for value in [*order, *(value for value in words if value not in order)]]


def problems(draft: Draft) -> Iterator[str]:
    """What is missing or contradictory, in words, the most basic first."""
    if not CODE.fullmatch(draft.code):
        yield _("Give it a short name of lower-case letters, digits and dashes.")
    texts = {
        _("Write the question in plain words."): draft.title,
        _("Say what it means."): draft.meaning,
        _("Say what is counted."): draft.unit,
        _("Say which period it covers."): draft.period,
        _("Say who is counted."): draft.population,
        _("Say what it does not tell you."): draft.limits,
        _("Name at least one agreement."): draft.agreements,
        _("Name at least one category: a number alone has no table."): draft.dimensions,
    }
    yield from (problem for problem, text in texts.items() if not text or not any(map(str.strip, text)))
    if draft.purpose not in QUESTION_PURPOSES:
        yield _("Choose a purpose from the list.")
    yield from _sentence_problems(draft)


def placeholders(sentence: str) -> set[str]:
    """The figures a sentence needs; `{percent several}` needs the figure `several` (see core/disclosure)."""
    return {found.strip().removeprefix("percent ") for found in re.findall(r"\{([^{}]*)\}", sentence)}


def _sentence_problems(draft: Draft) -> Iterator[str]:
    for name in sorted(placeholders(draft.sentence) ^ set(draft.figures)):
        yield _("The sentence and its figures do not agree about {%(name)s}.") % {"name": name}
    for name, rows in draft.figures.items():
        for column in sorted(set(rows) - set(draft.dimensions)):
            yield _("The figure %(name)s chooses rows by %(column)s, which is not a category.") % {
                "name": name,
                "column": column,
            }

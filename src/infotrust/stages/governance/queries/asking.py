"""The four questions on a subject: what was answered, by whom, where people disagree, and what is still open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from infotrust.stages.governance.models import Answer, Asking
from infotrust.stages.governance.terms import Answered, Question


@dataclass(frozen=True)
class QuestionStands:
    """One of the four. `dissent`: the answers that differ from what most say (all of them where nobody is most)."""

    question: Question
    answers: tuple[Answer, ...]
    most: str
    dissent: tuple[Answer, ...]

    @property
    def open(self) -> bool:
        return not self.answers


@dataclass(frozen=True)
class FourQuestions:
    """The questions as asked of the newest version; `earlier` askings were of versions before it."""

    asking: Asking
    questions: tuple[QuestionStands, ...]
    earlier: tuple[Asking, ...]

    @property
    def complete(self) -> bool:
        """Whether each of the four has at least one answer for this version."""
        return not any(each.open for each in self.questions)

    @property
    def objections(self) -> tuple[Answer, ...]:
        """Every answer that says no."""
        return tuple(one for each in self.questions for one in each.answers if one.answer == Answered.NO)


def four_questions(subject: str) -> FourQuestions | None:
    """Return how the four questions stand for the newest version of a subject; None where nobody has asked them."""
    askings = list(_askings().filter(subject=subject).order_by("-asked_at", "-pk")) if subject else []
    return _stands(askings[0], tuple(askings[1:])) if askings else None


def subjects() -> list[Asking]:
    """Return everything that the four questions were asked of, each in its newest version, the newest first."""
    newest: dict[str, Asking] = {}
    for one in _askings().order_by("asked_at", "pk"):
        newest.pop(one.subject, None)
        newest[one.subject] = one
    return list(reversed(newest.values()))


def asking(subject: str, version: str) -> FourQuestions | None:
    """Return the questions as they were asked and answered for one version."""
    found = _askings().filter(subject=subject, version=version).first()
    return _stands(found, ()) if found else None


def _stands(asking: Asking, earlier: tuple[Asking, ...]) -> FourQuestions:
    standing = [one for one in asking.answers.all() if one.replaced_at is None]
    return FourQuestions(asking, tuple(_question(question, standing) for question in Question), earlier)


def _question(question: Question, standing: list[Answer]) -> QuestionStands:
    answers = tuple(one for one in standing if one.question == question)
    counts = Counter(one.answer for one in answers).most_common()
    tied = len(counts) > 1 and counts[0][1] == counts[1][1]
    most = "" if tied or not counts else counts[0][0]
    dissent = tuple(one for one in answers if one.answer != most) if len(counts) > 1 else ()
    return QuestionStands(question, answers, most, dissent)


def _askings() -> QuerySet[Asking]:
    answers = Answer.objects.select_related("by", "by__agency")
    return Asking.objects.select_related("asked_by").prefetch_related(Prefetch("answers", queryset=answers))

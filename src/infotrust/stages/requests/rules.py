"""Which papers a request needs, worked out from its answers and from the laws that cover its fields.

Each rule names its law. Counsel confirms them: what is marked so rests on general knowledge, not on a source read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.stages.requests.asking.items import Answers

HEALTH = {"hipaa"}
SCHOOL = {"ferpa", "idea_b", "idea_c"}
TO_CONFIRM = gettext_lazy("to be confirmed by counsel")


class Tag(TextChoices):
    """What an attachment is."""

    CONSENT_FORM = "consent_form", gettext_lazy("Consent form")
    BOARD_REVIEW = "board_review", gettext_lazy("IRB or state committee (CPHS) review")
    DUA = "dua", gettext_lazy("Data use agreement")
    SECURITY_LETTER = "security_letter", gettext_lazy("Security letter")
    RELEASE_LETTER = "release_letter", gettext_lazy("Department’s release letter")
    SUPPORT_LETTER = "support_letter", gettext_lazy("Support letter")
    BILL_OF_RIGHTS = "bill_of_rights", gettext_lazy("Bill of rights for people in the study")
    OTHER = "other", gettext_lazy("Something else")


@dataclass(frozen=True)
class Required:
    """A paper that must be attached: why, and by which law ("" where it is the trust's own rule)."""

    tag: str
    why: str
    citation: str = ""

    @property
    def title(self) -> str:
        return str(Tag(self.tag).label)


def required(answers: Answers, laws: Collection[str]) -> tuple[Required, ...]:
    """Return the papers that this request needs, each once, for the first reason that asks for it."""
    found: dict[str, Required] = {}
    for rule in RULES:
        for one in rule(answers, set(laws)):
            found.setdefault(one.tag, one)
    return tuple(found.values())


def _board(answers: Answers, laws: set[str]) -> Iterator[Required]:
    if answers.get("kind") != "research":
        return
    if laws & HEALTH:
        why = _("Research with health records needs a review board’s approval, or its waiver of authorization.")
        yield Required(Tag.BOARD_REVIEW, why, "45 CFR 164.512(i)")
    if "part2" in laws:
        why = _("Research with substance use records needs a review board’s decision before they are shown.")
        yield Required(Tag.BOARD_REVIEW, why, f"42 CFR 2.52; {TO_CONFIRM}")
    if "federal" in (answers.get("funding") or ()):
        why = _("Research with people that federal money pays for is reviewed by a board.")
        yield Required(Tag.BOARD_REVIEW, why, f"45 CFR 46.109; {TO_CONFIRM}")
    if answers.get("board_status") in {"approved", "exempt", "waiver"}:
        yield Required(Tag.BOARD_REVIEW, _("You say that a board has decided: attach its decision."))


def _use_agreement(answers: Answers, laws: set[str]) -> Iterator[Required]:
    if laws & HEALTH and answers.get("level") == "limited":
        why = _("A limited data set of health records goes out only under a data use agreement.")
        yield Required(Tag.DUA, why, "45 CFR 164.514(e)(4)")
    if laws & SCHOOL and answers.get("kind") == "research" and answers.get("level") in {"limited", "identified"}:
        why = _(
            "A study with school records needs a written agreement with purpose, scope, length and destruction date."
        )
        yield Required(Tag.DUA, why, "34 CFR 99.31(a)(6)(iii)(C)")


def _consent(answers: Answers, _laws: set[str]) -> Iterator[Required]:
    if answers.get("kind") == "research" and answers.get("consent") in {"consent", "assent"}:
        yield Required(Tag.CONSENT_FORM, _("People are asked for consent: attach the form they read."))


def _security(answers: Answers, _laws: set[str]) -> Iterator[Required]:
    if answers.get("environment") == "own":
        why = _("The data would be kept outside the trust: your security officer confirms the safeguards in a letter.")
        yield Required(Tag.SECURITY_LETTER, why)


def _release(answers: Answers, _laws: set[str]) -> Iterator[Required]:
    if answers.get("level") == "identified":
        why = _("Names or numbers of people are asked for: each agency that would release them says so in a letter.")
        yield Required(Tag.RELEASE_LETTER, why)


def _support(answers: Answers, _laws: set[str]) -> Iterator[Required]:
    paid = {"foundation", "industry"} & set(answers.get("funding") or ())
    if answers.get("kind") == "research" and paid:
        why = _("A foundation or a company pays: attach its letter, with what it may say about publication.")
        yield Required(Tag.SUPPORT_LETTER, why)


def _rights(answers: Answers, _laws: set[str]) -> Iterator[Required]:
    if answers.get("kind") == "research" and answers.get("medical") == "yes":
        why = _("Something medical is done to people: attach the bill of rights they are given.")
        yield Required(Tag.BILL_OF_RIGHTS, why, f"Cal. Health & Safety Code 24172; {TO_CONFIRM}")


RULES: tuple[Callable[[Answers, set[str]], Iterator[Required]], ...] = (
    _board,
    _use_agreement,
    _consent,
    _security,
    _release,
    _support,
    _rights,
)

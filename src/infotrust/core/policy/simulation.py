"""Before signature: for each field and use that is agreed, who will truly have it, and what still stands in the way.

An agreement allows nothing that a law or a guard refuses. This asks the policies that would be in force, for a trained
person with two-step sign-in in the role that does the use, of each agency concerned; what is refused to them all is
what lawyers must know before they sign, with the rule and its citation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from infotrust.core.policy.book import PolicyBook, Request, Rule, Verdict
from infotrust.core.policy.machine_terms import LICENSE_NEEDED
from infotrust.core.policy.terms import PURPOSES, AgreementTerms, DatasetTerm, Use

# Who does what: guards refuse each use to everyone else (rules/guards.cedar).
WHO_DOES: dict[str, str] = {
    Use.CONTRIBUTE: "steward",
    Use.LINK: "linkage_officer",
    Use.AGGREGATE: "analyst",
    Use.EXTRACT: "analyst",
    Use.VIEW: "helper",
}

# A license that nothing is known of but that it is in force and names whoever asks.
SOME_LICENSE = "some license"


@dataclass(frozen=True)
class Outcome:
    """What becomes of one agreed use of some fields of a dataset, for one purpose ("" for contributing).

    `agencies`: whose people in the role `role` have it (`allowed`), or are refused it by `rules`. `licensed`: they
    have it only within a license in force, as a clause asks.
    """

    dataset: str
    fields: tuple[str, ...]
    use: str
    purpose: str
    role: str
    agencies: tuple[str, ...]
    allowed: bool
    rules: tuple[Rule, ...] = ()
    licensed: bool = False

    @property
    def by_law(self) -> bool:
        """Whether a law, not only a guard or a clause of the agreement itself, refuses it."""
        return any(rule.law for rule in self.rules)


@dataclass(frozen=True)
class Simulation:
    """`allowed`: what people will have. `refused`: what was agreed, and nobody or not every agency will have."""

    allowed: tuple[Outcome, ...]
    refused: tuple[Outcome, ...]

    @property
    def dead(self) -> tuple[Outcome, ...]:
        """What was agreed and no agency at all will have, for that purpose: the agreement says more than it gives."""
        alive = {(one.dataset, one.use, one.purpose, name) for one in self.allowed for name in one.fields}
        return tuple(
            one
            for one in self.refused
            if not any((one.dataset, one.use, one.purpose, name) in alive for name in one.fields)
        )


@dataclass(frozen=True)
class _Answer:
    agency: str
    request: Request
    verdict: Verdict
    licensed: bool = False


def simulate(book: PolicyBook, terms: AgreementTerms, at: datetime) -> Simulation:
    """Ask `book`, in which the agreement is in force, about everything that `terms` agree on, at the moment `at`.

    What a clause leaves to licenses is asked about once more, as if a license in force named whoever asks.
    """
    asked = list(_asked(terms, at))
    verdicts = book.decide_all([request for _agency, request in asked])
    answers = [_Answer(agency, request, verdict) for (agency, request), verdict in zip(asked, verdicts, strict=True)]
    answers = _within_a_license(book, answers)
    return Simulation(_gather(answers, allowed=True), _gather(answers, allowed=False))


def _within_a_license(book: PolicyBook, answers: list[_Answer]) -> list[_Answer]:
    left = [place for place, one in enumerate(answers) if any(_needs_license(rule) for rule in one.verdict.rules)]
    if not left:
        return answers
    again = book.under_license(SOME_LICENSE).decide_all(
        [replace(answers[place].request, license=SOME_LICENSE) for place in left]
    )
    found = list(answers)
    for place, verdict in zip(left, again, strict=True):
        if verdict.allowed:
            found[place] = replace(answers[place], verdict=verdict, licensed=True)
    return found


def _needs_license(rule: Rule) -> bool:
    return rule.id.endswith(f"/{LICENSE_NEEDED}")


def _asked(terms: AgreementTerms, at: datetime) -> Iterable[tuple[str, Request]]:
    for dataset in terms.datasets:
        for field in dataset.agreed:
            for use in Use:
                if use in field.uses:
                    yield from _one(terms, dataset, field.name, use, at)


def _one(
    terms: AgreementTerms, dataset: DatasetTerm, field: str, use: Use, at: datetime
) -> Iterable[tuple[str, Request]]:
    agencies = [dataset.owner] if use == Use.CONTRIBUTE else [code for code, _name in terms.recipients]
    for purpose in _purposes(terms, use):
        for agency in agencies:
            role = frozenset({WHO_DOES[use]})
            yield (
                agency,
                Request(agency, role, use.value, dataset.code, field, purpose, at, terms.code, True, True, True),
            )


def _purposes(terms: AgreementTerms, use: Use) -> Sequence[str]:
    """Records are linked for linkage alone, and nothing else is done for it (guard/link-only-to-link)."""
    if use == Use.CONTRIBUTE:
        return ("",)
    linking = [code for code in terms.purposes if code == "linkage" or PURPOSES[code].parent == "linkage"]
    return linking if use == Use.LINK else [code for code in terms.purposes if code not in linking]


def _gather(answers: Sequence[_Answer], *, allowed: bool) -> tuple[Outcome, ...]:
    """Fields with one fate in one line, and agencies with one fate too, so that a person can read it."""
    fate: dict[tuple[str, str, str, str, tuple[Rule, ...], bool], dict[str, list[str]]] = {}
    for one in answers:
        if one.verdict.allowed == allowed:
            rules, request = () if allowed else one.verdict.rules, one.request
            key = (request.dataset, request.action, request.purpose, one.agency, rules, one.licensed)
            fate.setdefault(key, {}).setdefault(request.field, [])
    lines: dict[tuple[str, str, str, tuple[Rule, ...], bool, tuple[str, ...]], list[str]] = {}
    for (dataset, use, purpose, agency, rules, licensed), names in fate.items():
        lines.setdefault((dataset, use, purpose, rules, licensed, tuple(names)), []).append(agency)
    return tuple(
        Outcome(dataset, names, use, purpose, WHO_DOES[use], tuple(agencies), allowed, rules, licensed)
        for (dataset, use, purpose, rules, licensed, names), agencies in lines.items()
    )

"""Before signature: for each field and use that is agreed, who will truly have it, and what still stands in the way.

An agreement allows nothing that a law or a guard refuses. This asks the policies that would be in force, for a trained
person with two-step sign-in in the role that does the use, of each agency concerned; what is refused to them all is
what lawyers must know before they sign, with the rule and its citation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from infotrust.core.policy.book import PolicyBook, Request, Rule, Verdict
from infotrust.core.policy.terms import PURPOSES, AgreementTerms, DatasetTerm, Use

# Who does what: guards refuse each use to everyone else (rules/guards.cedar).
WHO_DOES: dict[str, str] = {
    Use.CONTRIBUTE: "steward",
    Use.LINK: "linkage_officer",
    Use.AGGREGATE: "analyst",
    Use.EXTRACT: "analyst",
    Use.VIEW: "helper",
}


@dataclass(frozen=True)
class Outcome:
    """What becomes of one agreed use of some fields of a dataset, for one purpose ("" for contributing).

    `agencies`: whose people in the role `role` have it (`allowed`), or are refused it by `rules`.
    """

    dataset: str
    fields: tuple[str, ...]
    use: str
    purpose: str
    role: str
    agencies: tuple[str, ...]
    allowed: bool
    rules: tuple[Rule, ...] = ()

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


def simulate(book: PolicyBook, terms: AgreementTerms, at: datetime) -> Simulation:
    """Ask `book`, in which the agreement is in force, about everything that `terms` agree on, at the moment `at`."""
    asked = list(_asked(terms, at))
    verdicts = book.decide_all([request for _agency, request in asked])
    return Simulation(_gather(asked, verdicts, allowed=True), _gather(asked, verdicts, allowed=False))


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


def _gather(asked: Sequence[tuple[str, Request]], verdicts: Sequence[Verdict], *, allowed: bool) -> tuple[Outcome, ...]:
    """Fields with one fate in one line, and agencies with one fate too, so that a person can read it."""
    fate: dict[tuple[str, str, str, str, tuple[Rule, ...]], dict[str, list[str]]] = {}
    for (agency, request), verdict in zip(asked, verdicts, strict=True):
        if verdict.allowed == allowed:
            rules = () if allowed else verdict.rules
            key = (request.dataset, request.action, request.purpose, agency, rules)
            fate.setdefault(key, {}).setdefault(request.field, [])
    lines: dict[tuple[str, str, str, tuple[Rule, ...], tuple[str, ...]], list[str]] = {}
    for (dataset, use, purpose, agency, rules), names in fate.items():
        lines.setdefault((dataset, use, purpose, rules, tuple(names)), []).append(agency)
    return tuple(
        Outcome(dataset, names, use, purpose, WHO_DOES[use], tuple(agencies), allowed, rules)
        for (dataset, use, purpose, rules, names), agencies in lines.items()
    )

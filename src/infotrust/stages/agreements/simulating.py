"""Before signature: who will truly have which field for what, what still stands in the way, and under which law.

It asks the very policies that would be published; nothing here knows a rule of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext as _

from infotrust.core import law
from infotrust.core.law import Regime
from infotrust.core.policy.book import PolicyBook, assemble
from infotrust.core.policy.clauses import compile_agreement
from infotrust.core.policy.simulation import Outcome, Simulation, simulate
from infotrust.core.policy.strictest import regimes_of
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import Reason
from infotrust.shared.permissions.terms import PURPOSE_TITLES
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.gaps import gaps
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.terms import USE_TITLES


@dataclass(frozen=True)
class Line:
    """One line of the table: whose people may (or may not) do what with which fields, for what, and why not."""

    who: str
    use: str
    purpose: str
    dataset: str
    fields: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()
    nobody: bool = False
    licensed: bool = False


@dataclass(frozen=True)
class Governing:
    """A regime that governs agreed fields, how many of them, and what it asks of the agreement's text."""

    regime: Regime
    fields: int


@dataclass(frozen=True)
class Foreseen:
    """`allowed`: what people will have. `by_law`: what a law refuses. `by_rule`: what a guard or clause refuses.

    `gaps`: what no rule refuses, and nobody could use all the same.
    """

    allowed: tuple[Line, ...]
    by_law: tuple[Line, ...]
    by_rule: tuple[Line, ...]
    governing: tuple[Governing, ...]
    gaps: tuple[str, ...] = ()


def foresee(terms: AgreementTerms, *, at: datetime) -> Foreseen:
    """Simulate an agreement that is not in force, as of its first day or `at`, whichever is later."""
    others = [queries.terms_of(one) for one in queries.agreements() if one.state == State.IN_FORCE]
    policies, entities = assemble(map(compile_agreement, [*(one for one in others if one.code != terms.code), terms]))
    book = PolicyBook(policies, entities)
    key = f"agreements-foreseen:{terms.code}:{book.digest}"
    found: Simulation | None = cache.get(key)
    if found is None:
        found = simulate(book, terms, max(at, datetime.fromtimestamp(terms.starts, tz=at.tzinfo)))
        cache.set(key, found, 3600)
    dead = set(found.dead)
    return Foreseen(
        tuple(_line(one, terms) for one in found.allowed),
        tuple(_line(one, terms, nobody=one in dead) for one in found.refused if one.by_law),
        tuple(_line(one, terms, nobody=one in dead) for one in found.refused if not one.by_law),
        tuple(_governing(code, terms) for code in regimes_of(terms)),
        gaps(terms),
    )


def _line(one: Outcome, terms: AgreementTerms, *, nobody: bool = False) -> Line:
    roles = {
        "analyst": _("Analysts"),
        "helper": _("Helpers"),
        "linkage_officer": _("Linkage officers"),
        "steward": _("Data stewards"),
    }
    names = dict((*terms.parties, *terms.recipients))
    titles = {dataset.code: dataset.title for dataset in terms.datasets}
    fields = {
        field.name: field.title or field.name
        for part in terms.datasets
        if part.code == one.dataset
        for field in part.fields
    }
    return Line(
        who=_("%(role)s of %(agencies)s")
        % {"role": roles[one.role], "agencies": ", ".join(names.get(code, code) for code in one.agencies)},
        use=str(USE_TITLES[one.use]),
        purpose=str(PURPOSE_TITLES.get(one.purpose, "")),
        dataset=titles.get(one.dataset, one.dataset),
        fields=tuple(fields[name] for name in one.fields),
        # The law comes first: a clause can be changed by the parties, a law cannot.
        reasons=tuple(permissions.reason_of(rule) for rule in sorted(one.rules, key=lambda rule: not rule.law)),
        nobody=nobody,
        licensed=one.licensed,
    )


def _governing(code: str, terms: AgreementTerms) -> Governing:
    fields = sum(code in field.law_classes for dataset in terms.datasets for field in dataset.agreed)
    return Governing(law.regime(code), fields)

"""What a joining memo says, part by part, and the agreement as it would be with the newcomer in it.

Values only: the verbs, the page, the form and the paper all look here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.terms import AgreementTerms, DatasetTerm
from infotrust.stages.agreements import queries


@dataclass(frozen=True)
class Part:
    """One part of the memo; `help` is its template: what a reader looks for there."""

    name: str
    title: Promise
    help: Promise
    rows: int = 4


PARTS: tuple[Part, ...] = (
    Part(
        "why",
        gettext_lazy("Why your agency wants to join"),
        gettext_lazy("Which questions it helps to answer, for whom, and what your agency gets from it."),
    ),
    Part(
        "offers",
        gettext_lazy("What data it offers"),
        gettext_lazy("Which programs, years and people, how often, and what to know about its quality."),
    ),
    Part(
        "may_access",
        gettext_lazy("By what authority it may have the others’ data"),
        gettext_lazy("The law or the role that lets your people see it. “None wanted” if it only gives."),
        3,
    ),
    Part(
        "may_share",
        gettext_lazy("By what authority it may share its own"),
        gettext_lazy("The law, policy, notice or consent, and who in your agency decides."),
        3,
    ),
    Part(
        "security",
        gettext_lazy("Security"),
        gettext_lazy("How your systems are guarded, by which standard, and when that was last examined."),
    ),
    Part(
        "privacy",
        gettext_lazy("Privacy"),
        gettext_lazy("What people were told, how they are heard, and who your privacy officer is."),
    ),
    Part(
        "confidentiality",
        gettext_lazy("Confidentiality"),
        gettext_lazy("Who works with the data, what they signed, how they were trained."),
    ),
    Part(
        "conflicts",
        gettext_lazy("Conflicts"),
        gettext_lazy("Laws, contracts or interests that pull the other way. “None known” is an answer."),
        3,
    ),
)


def missing(memo: Any) -> list[str]:
    """Return what the memo must still say before it is sent, each as a sentence."""
    found = [_("“%(part)s” is empty.") % {"part": part.title} for part in PARTS if not getattr(memo, part.name).strip()]
    if shares(memo) and not memo.uses and not memo.receives:
        found.append(_("It neither offers fields nor has people who use the data. Choose one of them."))
    return found


def shares(memo: Any) -> bool:
    """Whether data moves by the agreement that is joined."""
    return KINDS[queries.agreement(memo.joins).kind].shares


def with_newcomer(agreement: Any, memo: Any) -> AgreementTerms:
    """Return the terms of an agreement as they would be once the memo's agency is a party.

    An edition that was drafted from the memo has the newcomer already; its terms come back as they are.
    """
    terms = queries.terms_of(agreement)
    newcomer = (memo.agency.code, memo.agency.name)
    if newcomer in terms.parties:
        return terms
    recipients = (*terms.recipients, newcomer) if memo.receives else terms.recipients
    return replace(
        terms,
        parties=(*terms.parties, newcomer),
        recipients=tuple(dict.fromkeys(recipients)),
        datasets=(*terms.datasets, *offered(memo)),
    )


def offered(memo: Any) -> tuple[DatasetTerm, ...]:
    """Return the datasets that a memo offers, with the fields and uses it names."""
    return tuple(queries.dataset_term(code, uses) for code, uses in sorted(memo.uses.items()))

"""Clauses of the library that an agreement of this kind usually has, or that a law of its fields wants, and it has not.

It warns and offers; it refuses nothing: parties may say the same in words of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from infotrust.core import law
from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.library import LibraryClause
from infotrust.core.policy.terms import AgreementTerms
from infotrust.stages.agreements import library


@dataclass(frozen=True)
class Wanted:
    """Something that is not in the text: any of `clauses` says it. `why`: who wants it, and what; `cite`: where."""

    clauses: tuple[LibraryClause, ...]
    why: str
    cite: str = ""
    by_law: bool = False


def wanted(terms: AgreementTerms) -> tuple[Wanted, ...]:
    """Return what is missing: first what laws want, then what is usual."""
    fitting = {clause.key: clause for clause in library.clauses(terms.kind)}
    return (*_by_law(terms, fitting), *_usual(terms, fitting))


def usual(terms: AgreementTerms) -> tuple[LibraryClause, ...]:
    """Return every missing clause about which there is nothing to choose."""
    found = [one.clauses[0] for one in wanted(terms) if len(one.clauses) == 1]
    return tuple(dict.fromkeys(found))


def _by_law(terms: AgreementTerms, fitting: dict[str, LibraryClause]) -> Iterator[Wanted]:
    codes = {code for dataset in terms.datasets for field in dataset.agreed for code in field.law_classes}
    seen: set[tuple[str, ...]] = set()
    for code, regime in law.regimes().items():
        for one in regime.wants_clauses if code in codes else ():
            clauses = tuple(fitting[key] for key in one.one_of if key in fitting)
            there = set(one.one_of) & _keys(terms)
            if not clauses or there or (one.levels and terms.level not in one.levels) or one.one_of in seen:
                continue
            seen.add(one.one_of)
            yield Wanted(clauses, f"{regime.short}: {one.text}", one.cite, by_law=True)


def _usual(terms: AgreementTerms, fitting: dict[str, LibraryClause]) -> Iterator[Wanted]:
    for key in KINDS[terms.kind].clauses:
        if key in fitting and key not in _keys(terms):
            why = _("Usual in this kind of agreement: %(plain)s") % {"plain": fitting[key].plain}
            yield Wanted((fitting[key],), why, fitting[key].cite)


def _keys(terms: AgreementTerms) -> set[str]:
    return {clause.key for clause in terms.chosen}

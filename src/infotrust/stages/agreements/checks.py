"""What is wrong with an agreement before it can be reviewed, and what counsel should look at.

Both work on terms, so that the page, the service and the example files say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from infotrust.core import law
from infotrust.core.policy.machine_terms import MACHINE_TERMS, in_words
from infotrust.core.policy.terms import PURPOSES, AgreementTerms, DatasetTerm, Use


def problems(terms: AgreementTerms, today: date) -> list[str]:
    """Return what must be mended before review, each as a sentence that says how."""
    return [*_whole(terms, today), *(found for dataset in terms.datasets for found in _dataset(terms, dataset))]


def notes_for_counsel(terms: AgreementTerms) -> list[str]:
    """Return what the law packs cannot settle and a lawyer must."""
    return list(_notes(terms))


def _whole(terms: AgreementTerms, today: date) -> Iterator[str]:
    if not terms.parties:
        yield _("Name at least one party.")
    yield from _chosen(terms)
    if terms.ends_on < today:
        yield _("The agreement ends in the past. Choose a later last day.")
    if not terms.shares:
        if terms.datasets:
            yield _("By this kind of agreement no data is shared. Remove its datasets, or choose another kind.")
        return
    if not terms.recipients:
        yield _("Name at least one agency whose people may use the data.")
    if not terms.purposes:
        yield _("Choose at least one purpose.")
    if any(PURPOSES[code].never for code in terms.purposes):
        yield _("No agreement may allow enforcement. Remove that purpose.")
    if not any(dataset.agreed for dataset in terms.datasets):
        yield _("Choose at least one dataset and the fields that are shared.")


def _chosen(terms: AgreementTerms) -> Iterator[str]:
    """A clause and the terms it speaks of may not contradict each other. What should be there is in `wanting`."""
    for clause in terms.chosen:
        for code, value in clause.terms:
            if MACHINE_TERMS[code].broken(terms, value):
                yield _("The terms contradict the clause “%(heading)s”: “%(text)s” Change one of them.") % {
                    "heading": clause.heading,
                    "text": in_words(clause.text, dict(clause.terms)),
                }


def _dataset(terms: AgreementTerms, dataset: DatasetTerm) -> Iterator[str]:
    named = {"dataset": dataset.code}
    if not dataset.agreed:
        yield _("Choose the fields of %(dataset)s that are shared, or remove it.") % named
    if dataset.owner not in dict(terms.parties):
        yield _("The agency that owns %(dataset)s is not a party. Add it, or remove the dataset.") % named
    for field in dataset.agreed:
        named = {"dataset": dataset.code, "field": field.name}
        if not field.available:
            yield _("%(dataset)s, %(field)s is unavailable: its agency does not share it. Remove it.") % named
        if Use.LINK in field.uses and "linkage" not in terms.purposes:
            yield _("%(dataset)s, %(field)s is to be linked by, but linkage is not a purpose. Add it.") % named
        if Use.LINK in field.uses and not field.direct_identifier:
            yield _("%(dataset)s, %(field)s identifies nobody, so records are not linked by it. Untick “Link”.") % named
        if Use.AGGREGATE in field.uses and field.direct_identifier:
            yield _("%(dataset)s, %(field)s is an identifier, so nothing is counted by it. Untick “Count”.") % named
        if field.uses & {Use.LINK, Use.AGGREGATE, Use.EXTRACT, Use.VIEW} and Use.CONTRIBUTE not in field.uses:
            yield _("%(dataset)s, %(field)s is to be used but not contributed. Tick “Contribute” too.") % named


def _notes(terms: AgreementTerms) -> Iterator[str]:
    """What each regime that governs an agreed field leaves to a lawyer, once each; the law register has the words."""
    codes = {code for dataset in terms.datasets for field in dataset.agreed for code in field.law_classes}
    known = [regime for code, regime in law.regimes().items() if code in codes]
    yield from dict.fromkeys(note for regime in known for note in regime.notes_for(terms.purposes))
    if codes and not any(regime.jurisdiction != "federal" for regime in law.regimes().values()):
        yield _("State law is not in the law register: confirm that it allows this, or add it.")

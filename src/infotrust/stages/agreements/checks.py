"""What is wrong with an agreement before it can be reviewed, and what counsel should look at.

Both work on terms, so that the page, the service and the example files say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core import law
from infotrust.core.policy.machine_terms import MACHINE_TERMS, in_words
from infotrust.core.policy.terms import PURPOSES, AgreementTerms, DatasetTerm, FieldTerm, Use


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
    """Each slip once for all the fields that have it, in the words that the form shows."""
    named = {"dataset": dataset.title or dataset.code}
    if not dataset.agreed:
        yield _("Choose the fields of %(dataset)s that are shared, or remove it.") % named
    if dataset.owner not in dict(terms.parties):
        yield _("The agency that owns %(dataset)s is not a party. Add it, or remove the dataset.") % named
    for sentence, wrong in _SLIPS:
        fields = [field.title or field.name for field in dataset.agreed if wrong(terms, field)]
        if fields:
            yield f"{named['dataset']}, {', '.join(fields)}: {sentence}"


_USED = {Use.LINK, Use.AGGREGATE, Use.EXTRACT, Use.VIEW}
_SLIPS: tuple[tuple[Promise | str, Callable[[AgreementTerms, FieldTerm], bool]], ...] = (
    (
        gettext_lazy("unavailable, its agency does not share it. Remove it."),
        lambda _terms, field: not field.available,
    ),
    (
        gettext_lazy("to be linked by, but “Linking records” is not a purpose. Add it to the terms."),
        lambda terms, field: Use.LINK in field.uses and "linkage" not in terms.purposes,
    ),
    (
        gettext_lazy("identifies nobody, so records are not linked by it. Untick “Link”."),
        lambda _terms, field: Use.LINK in field.uses and not field.direct_identifier,
    ),
    (
        gettext_lazy("an identifier, so nothing is counted by it. Untick “Count”."),
        lambda _terms, field: Use.AGGREGATE in field.uses and field.direct_identifier,
    ),
    (
        gettext_lazy("to be used but not contributed. Tick “Contribute” too."),
        lambda _terms, field: bool(field.uses & _USED) and Use.CONTRIBUTE not in field.uses,
    ),
)


def _notes(terms: AgreementTerms) -> Iterator[str]:
    """What each regime that governs an agreed field leaves to a lawyer, once each; the law register has the words."""
    codes = {code for dataset in terms.datasets for field in dataset.agreed for code in field.law_classes}
    known = [regime for code, regime in law.regimes().items() if code in codes]
    yield from dict.fromkeys(note for regime in known for note in regime.notes_for(terms.purposes))
    if codes and not any(regime.jurisdiction != "federal" for regime in law.regimes().values()):
        yield _("State law is not in the law register: confirm that it allows this, or add it.")

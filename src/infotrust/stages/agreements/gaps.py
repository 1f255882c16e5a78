"""What an agreement gives to nobody, though every rule allows it: said before signature, while it is easy to mend.

Rules name roles and agencies; whether a named agency has anybody in that role only the accounts know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.policy.terms import AgreementTerms, Use
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import Role

# Whose work each use is (shared/permissions/duties.py); sending data is left out, which every owner's steward does.
WORK: tuple[tuple[frozenset[Use], Role, Promise | str], ...] = (
    (
        frozenset({Use.LINK}),
        Role.LINKAGE_OFFICER,
        gettext_lazy("Nobody at %(named)s is a linkage officer, so nobody could link the records."),
    ),
    (
        frozenset({Use.AGGREGATE, Use.EXTRACT}),
        Role.ANALYST,
        gettext_lazy("Nobody at %(named)s is an analyst, so nobody could answer a question with the data."),
    ),
    (
        frozenset({Use.VIEW}),
        Role.HELPER,
        gettext_lazy("Nobody at %(named)s is a helper, so nobody could see any of it."),
    ),
)


def gaps(terms: AgreementTerms) -> tuple[str, ...]:
    """Return, each as a sentence that says how to mend it, what is agreed and could be used by nobody."""
    return (*_nobody_there(terms), *_not_linked(terms))


def _nobody_there(terms: AgreementTerms) -> Iterator[str]:
    named = dict(terms.recipients)
    for uses, role, sentence in WORK:
        if not any(field.uses & uses for dataset in terms.datasets for field in dataset.agreed):
            continue
        agencies = {
            one.agency.code: one.agency.name for one in accounts.people(role=role) if one.is_active and one.agency
        }
        if agencies.keys() & named.keys():
            continue
        mend = _("Ask the administrator to appoint somebody.")
        if agencies:
            mend = _("Add to the recipients: %(others)s.") % {"others": _listed(agencies.values())}
        yield f"{sentence % {'named': _listed(named.values())}} {mend}"


def _not_linked(terms: AgreementTerms) -> Iterator[str]:
    """Data sets stand side by side and cannot be counted across unless each has something to match by."""
    if len(terms.datasets) < 2:
        return
    for dataset in terms.datasets:
        if dataset.agreed and not any(Use.LINK in field.uses for field in dataset.agreed):
            yield _(
                "No field of “%(title)s” is to be linked by, so its records cannot be matched with the others. "
                "Tick “Link” for what they are matched by, such as names and date of birth."
            ) % {"title": dataset.title or dataset.code}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or _("none")

"""Refusing what was saved by someone else meanwhile, with both versions in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from infotrust.core.policy.terms import digest
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.agreements import clashing, queries
from infotrust.stages.agreements.models import Agreement


def terms_not_saved_meanwhile(agreement: Agreement, seen: str, typed: str) -> None:
    """Raise `SavedMeanwhile` where the terms are not those that were `seen`; `typed`: the new ones in words."""
    terms = queries.terms_of(queries.agreement(agreement.code))
    if seen and seen != digest(terms.agreed()):
        raise SavedMeanwhile(
            _("Someone else changed the terms of %(code)s after you opened them.") % {"code": agreement.code},
            yours=typed,
            theirs=clashing.of(terms),
            next_step=_("Compare, then save again."),
        )


def fields_not_saved_meanwhile(
    agreement: Agreement, dataset: str, seen: str, agreed: Mapping[str, Collection[str]]
) -> None:
    """Raise `SavedMeanwhile` where the uses of a dataset's fields are not those that were `seen`."""
    there = queries.uses_by_field(queries.agreement(agreement.code), dataset) if seen else {}
    if seen and seen != queries.uses_digest(there):
        raise SavedMeanwhile(
            _("Someone else changed the fields of %(dataset)s after you opened them.") % {"dataset": dataset},
            yours=clashing.uses_in_words(agreed),
            theirs=clashing.uses_in_words(there),
            next_step=_("Compare, then save again."),
        )

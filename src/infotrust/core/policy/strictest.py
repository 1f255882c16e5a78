"""The strictest law for everything: an agreement may ask that each field be kept as the laws of all its fields ask.

Without it each field is kept by its own laws, and a table is kept by the laws of the fields it is made of. With it the
rules of every regime that governs any agreed field hold for every field under this agreement, and for no other.
"""

from __future__ import annotations

import re

from infotrust.core import law
from infotrust.core.policy.terms import AgreementTerms


def regimes_of(terms: AgreementTerms) -> tuple[str, ...]:
    """Return the codes of the regimes that govern agreed fields, sorted; one the register does not know is left out."""
    codes = {code for dataset in terms.datasets for field in dataset.agreed for code in field.law_classes}
    return tuple(sorted(codes & set(law.regimes())))


def strictest_policies(terms: AgreementTerms, agreement: str) -> str:
    """Return the rules of those regimes, made to speak about everything under this agreement.

    `agreement` is the agreement's name in Cedar. The rules keep their words, citation and law; their ids say whose
    option it was.
    """
    return "\n\n".join(_widened(code, terms.code, agreement) for code in regimes_of(terms))


def _widened(code: str, owner: str, agreement: str) -> str:
    text = re.sub(r"//.*", "", law.regime(code).policies).strip()
    text = re.sub(r'@id\("', f'@id("{owner}/strictest/', text)
    scope = rf'resource in Trust::LawClass::"{code}"\s*\)'
    # `reading` saw to it that the head of every rule ends like this.
    return re.sub(scope, lambda _: f"resource)\nwhen {{ context.agreement == {agreement} }}", text)

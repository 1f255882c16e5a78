"""`{{ code|words:"PURPOSES" }}`: plain words for a code of the catalogue; `{{ 0.97|share }}`: a share out of 100."""

from __future__ import annotations

from django import template

from infotrust.core import law as register_of_law
from infotrust.portal import words as plain

register = template.Library()


@register.filter
def words(code: object, table: str) -> str:
    """Return the words for `code` in that table of `portal.words`, or the code itself."""
    return str(getattr(plain, table).get(str(code), code))


@register.filter
def share(value: float) -> str:
    """A share as a number out of 100, with one decimal; what is not quite all or none is never told as that."""
    told = 100 * value
    if 0 < value < 1:
        told = min(max(told, 0.1), 99.9)
    return f"{told:.1f}".removesuffix(".0")


@register.filter
def law(code: object) -> str:
    """What residents call a regime of the law register."""
    known = register_of_law.regimes().get(str(code))
    return known.public if known else str(code)

"""`{{ code|words:"PURPOSES" }}`: the plain words for a code of the catalogue."""

from __future__ import annotations

from django import template

from infotrust.portal import words as plain

register = template.Library()


@register.filter
def words(code: object, table: str) -> str:
    """Return the words for `code` in that table of `portal.words`, or the code itself."""
    return str(getattr(plain, table).get(str(code), code))

"""The clause library as this trust has it: what comes with the software, and what the trust added or wrote anew."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.errors import NotThere
from infotrust.core.policy.kinds import KINDS, Kind
from infotrust.core.policy.library import LIBRARY, LibraryClause
from infotrust.stages.agreements import queries

FAULTS: dict[str, str | Promise] = {
    "words": gettext_lazy("Give it a heading, its text, and the same in plain words."),
    "keeper": gettext_lazy("No machine keeps it, so say which people do."),
    "kinds": gettext_lazy("Choose kinds of agreement from the list."),
    "terms": gettext_lazy("Name each of its terms in the text, in braces, and no others."),
    "values": gettext_lazy("A value does not fit its term."),
}


class NoSuchClause(NotThere):
    """The library has no clause of that name."""


class NoSuchKind(NotThere):
    """There is no kind of agreement of that code."""


def clauses(kind: str = "") -> tuple[LibraryClause, ...]:
    """Return the newest version of each clause that fits a kind of agreement; those it usually has come first."""
    newest = dict(LIBRARY)
    for entry in queries.library_entries():
        newest[entry.key] = _clause(entry)
        if entry.retired:
            del newest[entry.key]
    usual = KINDS[kind].clauses if kind else ()
    found = [one for one in newest.values() if not kind or one.fits(kind)]
    return tuple(sorted(found, key=lambda one: (usual.index(one.key) if one.key in usual else len(usual), one.heading)))


def clause(key: str) -> LibraryClause:
    """Return the newest version of a clause; raises `NoSuchClause`."""
    found = versions(key)
    if not found:
        raise NoSuchClause(
            _("The clause library has no clause called %(key)s.") % {"key": key}, next_step=_("See the library.")
        )
    return found[-1]


def versions(key: str) -> tuple[LibraryClause, ...]:
    """Return every version of a clause, the oldest first; empty where there is none."""
    shipped = (LIBRARY[key],) if key in LIBRARY else ()
    return (*shipped, *(_clause(entry) for entry in queries.library_entries(key)))


def kind(code: str) -> Kind:
    """Return a kind of agreement; raises `NoSuchKind`."""
    if code not in KINDS:
        raise NoSuchKind(_("There is no kind of agreement called %(code)s.") % {"code": code}, next_step="")
    return KINDS[code]


def kind_titles() -> dict[str, str]:
    """Return what each kind is called in this trust, with its usual short name."""
    local = queries.kind_names()
    return {code: f"{local.get(code, one.title)} ({one.short})" for code, one in KINDS.items()}


def kinds_to_draft() -> list[tuple[str, str]]:
    """Return the kinds that are drafted here, from the widest to the narrowest; licenses are made from requests."""
    titles = kind_titles()
    kinds = sorted(KINDS.values(), key=lambda one: one.tier)
    return [(one.code, titles[one.code]) for one in kinds if not one.made_from_request]


def _clause(entry: Any) -> LibraryClause:
    terms = tuple(
        sorted((code, tuple(value) if isinstance(value, list) else value) for code, value in entry.terms.items())
    )
    return LibraryClause(
        key=entry.key,
        heading=entry.heading,
        text=entry.text,
        plain=entry.plain,
        version=entry.version,
        kinds=tuple(entry.kinds),
        terms=terms,
        kept_by=entry.kept_by,
        cite=entry.cite,
    )

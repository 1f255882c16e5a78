"""Reading the log. Who may read it is decided by the page that shows it (duty "read audit log")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from infotrust.core.chain import Head
from infotrust.shared.audit import models


@dataclass(frozen=True)
class Filter:
    """What to look for; empty fields do not restrict. `about` may end in `*` to match a beginning."""

    event: str = ""
    actor: str = ""
    about: str = ""
    agency: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(wanted: Filter | None = None, **fields: str) -> QuerySet[models.Entry]:
    """Return entries, newest first. `entries(about="agreement:DSA-1")` is short for `entries(Filter(about=...))`."""
    wanted = wanted or Filter(**fields)  # type: ignore[arg-type]
    found = models.Entry.objects.all()
    for name in ("event", "actor", "agency"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.about.endswith("*"):
        found = found.filter(about__startswith=wanted.about[:-1])
    elif wanted.about:
        found = found.filter(about=wanted.about)
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    return found.filter(at__lt=wanted.until) if wanted.until else found


def page(number: int | str = 1, wanted: Filter | None = None, *, size: int = 50) -> Page[models.Entry]:
    """Return one page of entries, newest first; a number out of range gives the nearest page."""
    return Paginator(entries(wanted), size).get_page(number)


def head() -> Head:
    """Where the log ends: its number of entries and the hash of the last one."""
    row = models.Head.objects.get()
    return Head(row.sequence, row.hash)

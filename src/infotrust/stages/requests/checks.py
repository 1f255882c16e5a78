"""What a request still lacks before it can be submitted: each point with the section where it is put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.stages.inventory import queries as inventory
from infotrust.stages.requests import queries
from infotrust.stages.requests.asking import Kind, asked_items
from infotrust.stages.requests.rules import required

PAPERS = "papers"


@dataclass(frozen=True)
class Problem:
    """`section` is the key of a section, or "papers"."""

    section: str
    sentence: str


def problems(request: queries.DataRequest, *, at: datetime) -> list[Problem]:
    """Return everything that is missing or contradicts itself, in the order of the form."""
    return [*_unanswered(request), *_dates(request, timezone.localdate(at)), *_fields(request), *_papers(request)]


def missing_papers(request: queries.DataRequest) -> list[str]:
    """Return the tags of the papers that a rule asks for and that are not attached."""
    there = set(request.attachments.filter(removed_at__isnull=True).values_list("tag", flat=True))
    laws = queries.laws_of(request.wanted)
    return [one.tag for one in required(request.answers, laws) if one.tag not in there]


def day_of(request: queries.DataRequest, key: str) -> date | None:
    """Return an answer that is a day; None where there is none or it is not one."""
    try:
        return date.fromisoformat(str(request.answers.get(key) or ""))
    except ValueError:
        return None


def _unanswered(request: queries.DataRequest) -> Iterator[Problem]:
    for part, one in asked_items(request.answers):
        if one.required and not request.answers.get(one.key):
            yield Problem(part.key, _("“%(item)s” is not answered.") % {"item": one.title})
        elif one.kind is Kind.DAY and request.answers.get(one.key) and day_of(request, one.key) is None:
            yield Problem(part.key, _("“%(item)s” is not a day.") % {"item": one.title})


def _dates(request: queries.DataRequest, today: date) -> Iterator[Problem]:
    first, last = day_of(request, "period_from"), day_of(request, "period_to")
    ends, destroyed = day_of(request, "ends_on"), day_of(request, "destroy_on")
    if first and last and last < first:
        yield Problem("data", _("The period ends before it begins."))
    if ends and ends < today:
        yield Problem("safety", _("The last day of work is in the past."))
    if ends and destroyed and destroyed < ends:
        yield Problem("safety", _("The data would be destroyed before the work ends."))


def _fields(request: queries.DataRequest) -> Iterator[Problem]:
    for dataset, name in request.wanted:
        named = {"dataset": dataset, "field": name}
        found = {one.name: one for one in inventory.fields(dataset)} if queries.dataset_there(dataset) else {}
        if name not in found:
            yield Problem("data", _("%(dataset)s, %(field)s is no longer in the inventory. Untick it.") % named)
        elif found[name].availability == "unavailable":
            yield Problem("data", _("%(dataset)s, %(field)s is not shared by its agency. Untick it.") % named)
        elif found[name].is_identifier and request.answers.get("level") in {"aggregate", "deidentified"}:
            yield Problem(
                "data", _("%(dataset)s, %(field)s identifies people, and you ask for data that does not.") % named
            )


def _papers(request: queries.DataRequest) -> Iterator[Problem]:
    missing = set(missing_papers(request))
    for one in required(request.answers, queries.laws_of(request.wanted)):
        if one.tag in missing:
            yield Problem(PAPERS, _("Attach: %(paper)s. %(why)s") % {"paper": one.title, "why": one.why})

"""The relations of a person in words, as tables of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from infotrust.stages.linkage.services.relating import Related, Told

ROLES = {
    "household": gettext_lazy("Lives together with"),
    "mother": gettext_lazy("Mother"),
    "father": gettext_lazy("Father"),
    "guardian": gettext_lazy("Guardian"),
}
TIES = {
    "surname": gettext_lazy("same surname"),
    "telephone": gettext_lazy("same telephone"),
    "guardian": gettext_lazy("one is named as the other’s guardian"),
    "same guardian": gettext_lazy("the same guardian is named"),
    "time": gettext_lazy("seen there at one time"),
    "address": gettext_lazy("same address"),
    "only person of that name and age": gettext_lazy("only person of that name and age"),
}


@dataclass(frozen=True)
class Line:
    """who: an identifier, `leads_to` what its records are under now, where that is not itself; mine: the person asked
    about."""

    role: str
    who: str
    leads_to: tuple[str, ...]
    mine: bool
    time: str
    why: str
    records: str
    told: str


@dataclass(frozen=True)
class TableOfRelations:
    """has_roles: whether the lines are of several kinds; is_over: whether they are told otherwise by now."""

    title: str
    caption: str
    lines: tuple[Line, ...]
    has_roles: bool = True
    is_over: bool = False


def tables(found: Related) -> list[TableOfRelations]:
    """Households, parents, children, and what is told otherwise by now; none that would be empty."""
    homes = [
        TableOfRelations(
            _("Household"), _("Everybody of household %(number)s") % {"number": home.household[:8]},
            _lines(home.members, found), has_roles=False,
        )
        for home in found.homes
    ]  # fmt: skip
    parents = TableOfRelations(
        _("Parents and guardians"), _("Persons that records of this person name"), _lines(found.parents, found)
    )
    children = TableOfRelations(
        _("Children"), _("Persons whose records name this one; as what, stands first"), _lines(found.children, found)
    )
    earlier = TableOfRelations(
        _("Told otherwise by now"),
        _("What earlier linkages found, under the identifiers of then; where they were replaced, the new ones follow."),
        _lines(found.earlier, found), is_over=True,
    )  # fmt: skip
    return [*homes, *(one for one in (parents, children, earlier) if one.lines)]


def _lines(told: Iterable[Told], found: Related) -> tuple[Line, ...]:
    return tuple(_line(one, found) for one in told)


def _line(one: Told, found: Related) -> Line:
    count = len(one.evidence)
    return Line(
        str(ROLES.get(one.role, one.role)),
        one.who,
        () if one.now == (one.who,) else one.now,
        one.who == found.person_id,
        _time(one),
        ", ".join(str(TIES.get(tie, tie)) for tie in one.ties),
        ngettext("%(count)d record", "%(count)d records", count) % {"count": count},
        _("linkage run %(since)d") % {"since": one.since}
        if one.until is None
        else _("linkage run %(since)d until run %(until)d") % {"since": one.since, "until": one.until},
    )


def _time(one: Told) -> str:
    begin, end = (date_format(day, "DATE_FORMAT") if day else "" for day in (one.begin, one.end))
    if one.role == "household" and begin and end:
        return _("seen from %(begin)s to %(end)s") % {"begin": begin, "end": end}
    return _("since %(begin)s") % {"begin": begin} if begin else _("not known")

"""Looking at who one person lives with and whose child it is: one linkage officer, one person at a time, recorded.

Identifiers, days, ties and record ids only; what the records say is not shown. Identifiers that were merged or split
are shown with those that their records are under now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.matching.answers import RecordKey
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.stages.linkage import register, relations
from infotrust.stages.linkage.lifecycle import State
from infotrust.stages.linkage.models import LinkageRun
from infotrust.stages.linkage.queries.explaining import NoSuchPerson

HOUSEHOLD = "household"


@dataclass(frozen=True)
class Told:
    """One relation of one person. who: the other person's identifier as it was told, now: those that it leads to;
    until: the run since which it is told otherwise, None where it stands; role: household, mother, father, guardian."""

    role: str
    who: str
    now: tuple[str, ...]
    begin: date | None
    end: date | None
    ties: tuple[str, ...]
    evidence: tuple[RecordKey, ...]
    since: int
    until: int | None


@dataclass(frozen=True)
class Home:
    """A household of the person: its identifier, and its members, the person itself among them."""

    household: str
    members: tuple[Told, ...]


@dataclass(frozen=True)
class Related:
    """now: identifiers that an old one leads to; then nothing else. earlier: what is told otherwise by now."""

    person_id: str
    run: int
    homes: tuple[Home, ...] = ()
    parents: tuple[Told, ...] = ()
    children: tuple[Told, ...] = ()
    earlier: tuple[Told, ...] = ()
    now: tuple[str, ...] = ()


@transaction.atomic
def open_relations(person_id: str, *, by: User, at: datetime | None = None) -> Related:
    """Show one person's relations and record who asked. Raises `NotPermitted`, `NoSuchPerson`."""
    duties.require("see relations", by=by)
    at = at or timezone.now()
    run = LinkageRun.objects.filter(state=State.IN_USE).first()
    now = register.resolve(person_id)
    if run is None or not now:
        raise NoSuchPerson(
            _("Nobody in the register has this identifier, or had it."), next_step=_("Check all 32 characters.")
        )
    if now != (person_id,):
        return Related(person_id, run.pk, now=now)
    found = _related(person_id, run.pk)
    seen = [one for home in found.homes for one in home.members] + [*found.parents, *found.children, *found.earlier]
    audit.record(
        Event.RELATIONS_OPENED,
        about=run.thing,
        by=by,
        at=at,
        person=person_id,
        others=sorted({one.who for one in seen} - {person_id}),
        records=sorted({"/".join(record) for one in seen for record in one.evidence}),
    )
    return found


def _related(person_id: str, run: int) -> Related:
    mine = set(register.leading_to(person_id))
    about = relations.about(mine)
    resolved: dict[str, tuple[str, ...]] = {}

    def told(row: dict[str, Any], who: str) -> Told:
        if who not in resolved:
            resolved[who] = register.resolve(who)
        ties, evidence = str(row["ties"]).split(", "), str(row["evidence"]).split()
        keys = tuple((dataset, record) for dataset, _slash, record in (one.partition("/") for one in evidence))
        return Told(
            row["relation"], who, resolved[who], row["begin"], row["end"], tuple(filter(None, ties)), keys,
            row["told_from"], row["told_until"],
        )  # fmt: skip

    standing = [row for row in about if row["told_until"] is None]
    homes = sorted({str(row["household"]) for row in standing if row["relation"] == HOUSEHOLD})
    members = [row for row in relations.of_households(homes) if row["told_until"] is None] if homes else []
    return Related(
        person_id,
        run,
        tuple(
            Home(home, _by_time(told(row, str(row["person"])) for row in members if row["household"] == home))
            for home in homes
        ),
        _by_time(told(row, str(row["person"])) for row in standing if row["other"] == person_id),
        _by_time(
            told(row, str(row["other"])) for row in standing if row["person"] == person_id and row["other"]
        ),
        _by_time(
            told(row, str(row["other"] or row["person"]) if row["person"] in mine else str(row["person"]))
            for row in about
            if row["told_until"] is not None
        ),
    )  # fmt: skip


def _by_time(told: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda one: (one.since, one.begin or date.min, one.role, one.who)))

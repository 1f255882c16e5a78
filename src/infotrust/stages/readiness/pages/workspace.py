"""The page of a partnership, and the list of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.readiness import queries
from infotrust.stages.readiness.commands import COMMANDS
from infotrust.stages.readiness.pages import steps, turns


@dataclass(frozen=True)
class ListRow:
    partnership: Any
    turn: turns.Turn


@dataclass(frozen=True)
class Overview:
    """The reader's partnerships, those that wait for them first."""

    yours: tuple[ListRow, ...]
    others: tuple[ListRow, ...]
    may_open: Decision


@dataclass(frozen=True)
class PartnerRow:
    partner: Any
    people: tuple[Any, ...]
    own: bool


@dataclass(frozen=True)
class Workspace:
    """`may`: the commands that the reader's role may give in this state."""

    partnership: Any
    turn: turns.Turn
    holders: tuple[turns.Holder, ...]
    partners: tuple[PartnerRow, ...]
    groups: tuple[steps.Group, ...]
    tasks: tuple[Any, ...]
    guides: tuple[Any, ...]
    papers: tuple[tuple[Any, str], ...]
    brief: bool  # whether there is something to tell leaders
    facilitates: bool
    may: frozenset[str]


def overview(*, by: User) -> Overview:
    """Raises `NotPermitted`."""
    duties.require("read partnerships", by=by)
    rows = [ListRow(one, turns.turn(one, by=by)) for one in queries.partnerships_of(by)]
    return Overview(
        yours=tuple(row for row in rows if row.turn.yours),
        others=tuple(row for row in rows if not row.turn.yours),
        may_open=duties.may("open partnership", by=by),
    )


def workspace(number: int, *, by: User) -> Workspace:
    """Raises `NotPermitted`, `NoSuchPartnership`."""
    found = queries.partnership(number, by=by)
    own, people = queries.own_partner(found, by), queries.people_of(found)
    return Workspace(
        partnership=found,
        turn=turns.turn(found, by=by),
        holders=tuple(turns.holders(queries.labels(found))),
        partners=tuple(
            PartnerRow(one, tuple(member for member in people if member.partner_id == one.pk), one == own)
            for one in queries.partners(found)
        ),
        groups=steps.groups(found),
        tasks=tuple(task for task in queries.tasks(found) if task.state == "open"),
        guides=tuple(queries.guides_of(found)),
        papers=tuple((one, queries.title_of(one)) for one in queries.papers_of(found)),
        brief=any(one.kind == "goals" or one.final_version for one in queries.papers_of(found)),
        facilitates=found.facilitator_id == by.pk,
        may=frozenset(commands.allowed(COMMANDS, state=found.state, by=by)),
    )
